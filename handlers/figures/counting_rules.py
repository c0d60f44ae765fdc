"""What each table is called and by which rule it counts: printed under the table, wherever it is printed."""

from collections.abc import Mapping
from dataclasses import dataclass

from scheduling.procedures.terms import A_CONCERN, A_CONCERN_FIRST, CONCERNS, CONCERNS_FIRST, REVIEWS_FIRST


@dataclass(frozen=True, kw_only=True)
class Counting:
    """One table's heading, its rule, its base, and why its rows cannot be added up where they cannot.

    `before_start`: what it does with what lies before "{start}"; nothing where that is counted as anything else is.
    """

    title: str
    rule: str
    base: str = ""
    no_sum: str = ""
    before_start: str = ""


COUNTING: Mapping[str, Counting] = {
    "concerns_by_month": Counting(
        title=f"{CONCERNS_FIRST} by month: entries to each stage",
        rule=f"Entries to that stage in the month, so {A_CONCERN} that moved up counts at both stages; asked again and "
        "reopened are no entries; cafcass counts referrals.",
        no_sum=f"Stages are never added up to a number of {CONCERNS}: {A_CONCERN} that moved up is in several columns.",
    ),
    "concerns_by_highest_stage": Counting(
        title=f"{CONCERNS_FIRST} by the highest stage they reached",
        rule=f"{CONCERNS_FIRST} raised in the period, each once, by the highest stage reached by now; completed are "
        "those closed, agencies those that involve another agency.",
    ),
    "concerns_and_children": Counting(
        title=f"{CONCERNS_FIRST} and children",
        rule=f"{CONCERNS_FIRST} raised in the period; children are different children; "
        "reached_assistant_director: someone senior was asked, or a stage that asks one was reached, by now.",
        no_sum=f"A child with several {CONCERNS} counts once, so children of parts of a year do not add up to "
        "the year's.",
    ),
    "reasons": Counting(
        title=f"What {CONCERNS} were about",
        rule=f"{CONCERNS_FIRST} raised in the period; formal once stage 1 was reached; main counts the main reason, "
        "any every mention.",
        base=f"The base is the {CONCERNS} of that kind.",
        no_sum=f"{A_CONCERN_FIRST} may name several reasons: the rows of any are never summed to 100 per cent "
        "of the base.",
    ),
    "replies": Counting(
        title="How people replied",
        rule="People asked (not those copied) in stages begun in the period, each for themselves, also where one "
        "answer was enough; days are working days from the day the stage began; p90_days is the number within which "
        "nine of ten replies came; in_time is empty where no deadline was set; an extension counts for every role "
        f'asked; imported {CONCERNS} stand under the role "not recorded".',
        before_start='A reply that fell due before {start} stands under the role "before the start": neither in time '
        "nor late.",
    ),
    "outcomes": Counting(
        title=f"How {CONCERNS} ended",
        rule=f"{CONCERNS_FIRST} closed in the period and not reopened since; lasted counts those said to have lasted, "
        "child_told those of which the child has been told, on_record those whose copy is noted as on the child's "
        "record: of imported ones neither is known.",
        before_start=f"{CONCERNS_FIRST} closed before {{start}} are counted, but not whether their copy is on record.",
    ),
    "open_by_age": Counting(
        title=f"Open {CONCERNS} by age",
        rule=f"{CONCERNS_FIRST} open now, whenever raised, by the stage they stand at: past the limit of all "
        "stages, else overdue where a reply, a plan or a decision is late, else within time; "
        f"{A_CONCERN} whose stage has no clock is counted apart. "
        "The oldest is counted in working days from the day it was raised.",
    ),
    "reviews_by_year": Counting(
        title="Reviews year by year",
        rule="A review counts on the day it began, once it has been held. Years run from April to March, up to five, "
        "the last up to the end of the period. Children are those with a review held, or due and missed for good; in "
        "time are those all of whose reviews were in time, and none missed; PN4 and PN7 are no participation; whether "
        "a review was in time was counted when it was recorded, by the counting rule of that day.",
        base="in_time_share is of reviews, children_in_time_share of children, participated_share of reviews with a "
        "code other than PN0: three different bases side by side.",
        no_sum="A child reviewed in two years counts in both, so children of years are never added up.",
        before_start=f"{REVIEWS_FIRST} held before {{start}} are counted as they were recorded or imported; one that "
        "was due before it and never held is not counted as missed.",
    ),
    "review_late_reasons": Counting(
        title="Why reviews were late", rule="Reviews held late in the period, by the reason recorded."
    ),
    "review_moved_reasons": Counting(
        title="Why reviews were moved within time",
        rule="Reviews held in the period that had been moved within time, once for each reason.",
        no_sum="A review moved for two reasons is in two rows, so the rows do not add up to reviews.",
    ),
    "participation": Counting(
        title="How children took part",
        rule="Reviews held in the period by the code recorded; q1 is April to June. The row total is added up here "
        "and may differ from a printed one.",
        base="Shares are of the row base, which leaves out PN0 and reviews without a code.",
    ),
    "parents_and_carers": Counting(
        title="Which parents and carers took part",
        rule="Reviews held in the period in which each of them took part; imported reviews do not say who came.",
        base="Shares are of reviews recorded here, the row base.",
        no_sum="Several people take part in one review, so the rows do not add up to reviews.",
    ),
    "around_reviews": Counting(
        title="The work around reviews",
        rule="What fell due in the period by today; record out in time: sent by its day; decisions: those sent "
        "and found done, or not done by the next review, in the period; none taken out. A task that the procedures do "
        "not ask for is never due.",
        base="Shares are of those due.",
        before_start="What fell due before {start} is not counted.",
        no_sum="Each row counts something else, so rows are never added up.",
    ),
    "caseload": Counting(
        title="Caseload",
        rule="Children in care with that reviewing officer at the end of the period, or today where it runs on; "
        "full-time equivalents as recorded for the officer now; changes count the times a child came to "
        "this officer from another in the period. The range is for one full-time equivalent. Officers are named in "
        "the order of the alphabet; working time is left out where only a part of their children is counted.",
        base="Children for each full-time equivalent; in the total, of those officers whose working time is recorded.",
    ),
    "good_practice": Counting(
        title="Good practice recognised",
        rule="Each recognition sent in the period counts once, by the team it was for and the quarter it was sent in.",
    ),
    "contacts": Counting(
        title="Contacts between reviews",
        rule="Contacts of every kind (seen, spoken to, monitoring, midway), by the team recorded with them.",
    ),
}
EVERYWHERE = (
    "Drafts and discarded drafts are never counted. Every total is added up here. Every share is per cent with one "
    "decimal, halves rounded up, and empty where its base is 0."
)


def rules_as_notes() -> tuple[str, ...]:
    """The rules of every table, as the notes of the JSON carry them."""
    return (
        EVERYWHERE,
        *(" ".join(filter(None, (f"{name}: {one.rule}", one.base, one.no_sum))) for name, one in COUNTING.items()),
    )
