"""What people do around a review."""

from handlers.messages.of_decisions import disputed, to_be_agreed
from handlers.messages.of_news import feedback, something_new
from handlers.who_hears.rows import (
    ASKED,
    AT_THE_STAGE,
    BESIDE,
    IROS,
    OUTSIDE,
    VACANT,
    Row,
    Whom,
    day,
    look,
    not_told,
    row,
    told,
)

_LATER = look("the review and its timetable show it")
_TASKS = "what is to be done next stands in the day of who owes it; a date they need not act on is no message"

REVIEWS: tuple[Row, ...] = (
    row(
        "decisions are made, changed or taken out",
        "review.decisions.add review.decisions.change.send review.decisions.take_out.send review.decisions.keep",
        {
            Whom.IRO: day("that they are to be sent"),
            Whom.COVER: day("while the IRO is away"),
            Whom.IRO_MANAGER: day(VACANT),
            **not_told("they are the IRO's until they are sent", *AT_THE_STAGE, *OUTSIDE),
        },
    ),
    row(
        "decisions are sent",
        "review.decisions.send",
        {
            Whom.OWES: told(to_be_agreed),
            Whom.STAND_IN: told(to_be_agreed),
            Whom.OWED: look("who was sent them before: that message shrinks"),
            Whom.WORKER: day("what is theirs by name"),
            Whom.SUPPORT: day("what is theirs by name"),
            Whom.COVER: _LATER,
            **not_told(_TASKS, Whom.IRO, Whom.IRO_MANAGER, Whom.COPIED, Whom.ALERTED, Whom.TELLER),
        },
    ),
    row(
        "decisions are agreed",
        "review.decisions.agree",
        {
            Whom.IRO: day("once"),
            Whom.COVER: day("while the IRO is away"),
            Whom.WORKER: _LATER,
            Whom.IRO_MANAGER: day(VACANT),
            **not_told("what was sent stands", *ASKED, Whom.COPIED, Whom.ALERTED, *OUTSIDE),
        },
    ),
    row(
        "decisions are disputed",
        "review.decisions.dispute.send",
        {
            Whom.IRO: told(disputed),
            Whom.COVER: told(disputed, only="while the IRO is away"),
            Whom.WORKER: _LATER,
            Whom.IRO_MANAGER: told(disputed, only=VACANT),
            **not_told("it is between the manager and the IRO", *ASKED, Whom.COPIED, Whom.ALERTED, *OUTSIDE),
        },
    ),
    row(
        "decisions are marked as done",
        "review.decisions.done.send",
        {
            Whom.IRO: _LATER,
            Whom.COVER: _LATER,
            Whom.OWES: _LATER,
            Whom.WORKER: _LATER,
            **not_told(_TASKS, Whom.OWED, Whom.STAND_IN, Whom.IRO_MANAGER, Whom.COPIED, Whom.ALERTED, *OUTSIDE),
        },
    ),
    row(
        "feedback is given on a review",
        "review.feedback.send",
        {
            Whom.ALERTED: told(feedback, only="the team manager"),
            Whom.STAND_IN: told(feedback),
            **not_told("it is for the team manager", Whom.OWES, Whom.OWED, *IROS, Whom.COPIED, Whom.WORKER, *OUTSIDE),
        },
    ),
    row(
        "the IRO is told of a change",
        "review.tell.send",
        {
            Whom.IRO: told(something_new, only="missing from care, or a review is needed first; else in the day"),
            Whom.COVER: told(something_new, only="while the IRO is away; else in the day"),
            Whom.IRO_MANAGER: told(something_new, only="while nobody else fills the IRO's place; else in the day"),
            **not_told("it is between who told it and the IRO", *AT_THE_STAGE, *OUTSIDE),
        },
    ),
    row(
        "what was told is answered",
        "review.news.noted review.news.forward",
        {
            Whom.TELLER: day("once"),
            Whom.COVER: _LATER,
            Whom.IRO: _LATER,
            **not_told("it is between who told it and the IRO", *AT_THE_STAGE, Whom.IRO_MANAGER, Whom.SUPPORT),
        },
    ),
    row(
        "booked, moved or brought forward",
        "review.book.send review.move.send review.early.send",
        {
            Whom.IRO: day("once, where it is late or close"),
            Whom.COVER: day("while the IRO is away"),
            Whom.WORKER: day("once, where it is late or close"),
            Whom.SUPPORT: day("once, who had booked it, where it is late or close"),
            Whom.IRO_MANAGER: day(VACANT),
            **not_told(_TASKS, *ASKED, Whom.COPIED, Whom.ALERTED, Whom.TELLER),
        },
    ),
    row(
        "held, a further meeting, adjourned, or the track changes",
        "review.hold.send review.meeting.send review.adjourn.send review.track.send",
        {
            **dict.fromkeys((Whom.IRO, Whom.COVER, Whom.IRO_MANAGER, Whom.WORKER, Whom.SUPPORT), _LATER),
            **not_told(_TASKS, *ASKED, Whom.COPIED, Whom.ALERTED, Whom.TELLER),
        },
    ),
    row(
        "papers in, a task done, the record written or sent",
        "review.papers.send review.task.send review.record.send review.record_sent.send",
        {
            **dict.fromkeys((Whom.IRO, Whom.COVER, Whom.WORKER, Whom.SUPPORT), _LATER),
            **not_told(_TASKS, *ASKED, Whom.IRO_MANAGER, Whom.COPIED, Whom.ALERTED, Whom.TELLER),
        },
    ),
    row(
        "seen, spoken to, a contact, the midway check",
        "review.contact.send review.seen.send review.midway.send",
        {
            **dict.fromkeys((Whom.IRO, Whom.COVER), _LATER),
            **not_told("it is the IRO's own record", *AT_THE_STAGE, Whom.IRO_MANAGER, *OUTSIDE),
        },
    ),
    row(
        "a task rests for a day",
        "review.rest",
        {
            Whom.OWES: day("on the next day"),
            **not_told("its deadline does not move", *BESIDE, Whom.OWED, *IROS, Whom.STAND_IN, *OUTSIDE),
        },
    ),
)
