"""What people write in the sample: plain sentences about made-up children, and nothing that tells who somebody is."""

WORRIES = (
    "The plan agreed at the last review has not been written up, and nobody works to it yet.",
    "The health assessment is overdue, and a referral that depends on it has not been made.",
    "Family time has been cancelled three times at short notice, and nobody has told the child why.",
    "The personal education plan is from last year, and the school does not know what was decided.",
    "The permanence plan has not moved since the last review.",
    "The child has had three workers in a year, and there has been no visit for seven weeks.",
    "The move was decided before the review was held.",
    "The pathway plan has not been begun, and the child is nearly seventeen.",
    "The child asked for an advocate, and none has been found.",
    "The decisions of the last review are not on file.",
)
IMPACTS = (
    "Decisions wait, and the child asks what will happen.",
    "The child has said that nobody tells them anything.",
    "Support that was promised has not begun.",
    "The placement is under strain.",
)
NEEDS = (
    "The updated plan on file, and shared with the child.",
    "A date for it, and somebody who sees to it.",
    "A visit this week, and an explanation to the child.",
    "A plan for the next three months that everybody works to.",
)
ANSWERS = (
    "This is done as of today, and it is on file.",
    "It has been arranged and the carers know; the note is on file.",
    "The referral was made yesterday.",
    "The child was seen this week, and was told what happens next.",
)
PARTLY = "The visit is booked; the plan has to wait until the panel has met."
NOT_AGREED = "In my view the plan can wait for the next review."
PLANS = (
    "The assessment is booked, and the plan will be rewritten when it is in.",
    "A worker is allocated from next week, and will update the plan.",
)
CHANGES = (
    "The child has a plan that everyone works to.",
    "The child sees their family again as agreed.",
    "The assessment is done, and support has begun.",
    "The child knows what happens next, and has an advocate.",
)
REASONS_TO_MOVE = ("No reply came.", "The reply does not say when it will be done.", "The child cannot wait so long.")
DECISIONS = (
    "The plan is brought up to date and shared with the child.",
    "Family time stays as agreed, and is looked at again in three months.",
    "The school is told what was decided about support in class.",
    "The health assessment is booked.",
    "An advocate is offered again.",
    "The life story work begins.",
    "Savings and passport are seen to.",
)
GOOD_PRACTICE = (
    "Kept every visit through a hard month, and the placement held because of it.",
    "Wrote the plan with the young person, in words they use themselves.",
    "Rang the school before anybody asked, and the timetable changed that week.",
)
NEWS = ("The child has moved to a new school this week.", "The child moved to new carers, as planned.")
CONTACTS = ("Read the record; the plan goes on as agreed.", "Spoke with the carers; all is well.")
