"""What the clock does."""

from handlers.messages.asking import moved, overdue
from handlers.messages.deciding import moved_by_clock, no_reply, plan_due, quiet
from handlers.messages.informing import for_information, limit_passed, moved_information, undecided
from handlers.messages.of_decisions import to_be_agreed, unproven, with_another
from handlers.messages.of_mornings import your_day
from handlers.messages.of_places import asked_instead, now_with, promise_now_with, with_nobody, yours_again
from handlers.messages.of_welcome import welcome
from handlers.messages.urgent import unseen, urgent
from handlers.who_hears.rows import (
    AT_THE_STAGE,
    BESIDE,
    NOT_OF_CONCERNS,
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
from scheduling.ladder import Rung

_BY_ITSELF = "where it moves by itself"

CLOCK: tuple[Row, ...] = (
    row(
        "who fills a place has changed",
        Rung.PLACES,
        {
            Whom.OWES: told(asked_instead, yours_again, urgent),
            Whom.STAND_IN: told(asked_instead, yours_again, urgent, promise_now_with),
            Whom.OWED: look("their message is a line, and what they press says why"),
            Whom.IRO: told(now_with, promise_now_with, with_nobody, only="not of a return"),
            Whom.COVER: told(now_with, promise_now_with, with_nobody, only="while the IRO is away"),
            Whom.IRO_MANAGER: told(
                with_nobody, now_with, promise_now_with, only="of a new one only as the IRO would be"
            ),
            **not_told("they are neither asked nor is a date changed", *BESIDE),
            **NOT_OF_CONCERNS,
        },
    ),
    row(
        "no reply by the deadline",
        Rung.DEADLINE,
        {
            Whom.IRO: told(no_reply, moved_by_clock),
            Whom.COVER: told(no_reply, moved_by_clock, only="while the IRO is away"),
            Whom.IRO_MANAGER: told(no_reply, moved_by_clock, only=VACANT),
            Whom.OWES: told(overdue, moved),
            Whom.STAND_IN: told(overdue, moved),
            Whom.OWED: told(overdue, only=f"who let it lapse, {_BY_ITSELF}"),
            Whom.ALERTED: told(overdue),
            Whom.COPIED: told(moved_information, for_information, only=f"{_BY_ITSELF}; else the form shows it"),
            Whom.WORKER: told(moved_information, for_information, only=f"as one who is copied, {_BY_ITSELF}"),
            **NOT_OF_CONCERNS,
        },
    ),
    row(
        "an informal one stays quiet",
        Rung.INFORMAL,
        {
            Whom.IRO: told(quiet),
            Whom.COVER: told(quiet, only="while the IRO is away"),
            Whom.IRO_MANAGER: told(quiet, only=VACANT),
            **not_told("no date was set, so nobody is late", *AT_THE_STAGE),
            **NOT_OF_CONCERNS,
        },
    ),
    row(
        "no reply for weeks",
        Rung.NEXT_SENIOR,
        {
            Whom.ALERTED: told(overdue),
            Whom.OWES: day("each morning, until it is answered"),
            Whom.IRO: day("until it is decided"),
            Whom.COVER: day("while the IRO is away"),
            Whom.IRO_MANAGER: day(VACANT),
            **not_told("they know already", Whom.OWED, Whom.STAND_IN, Whom.COPIED, Whom.WORKER),
            **NOT_OF_CONCERNS,
        },
    ),
    row(
        "urgent, and not seen in time",
        Rung.UNSEEN,
        {
            Whom.OWES: told(urgent),
            Whom.STAND_IN: told(urgent),
            Whom.IRO: told(unseen),
            Whom.COVER: told(unseen, only="while the IRO is away"),
            Whom.IRO_MANAGER: told(unseen),
            Whom.OWED: look("they keep their message with its buttons"),
            **not_told("it is no copy that helps now", *BESIDE),
            **NOT_OF_CONCERNS,
        },
    ),
    row(
        "no decision by the IRO in time",
        f"{Rung.DECISION} {Rung.VERDICT}",
        {
            Whom.IRO_MANAGER: told(undecided),
            Whom.IRO: day("until it is decided"),
            Whom.COVER: day("while the IRO is away"),
            **not_told("it is between the IRO and the IRO manager", *AT_THE_STAGE),
            **NOT_OF_CONCERNS,
        },
    ),
    row(
        "the day of a plan has come",
        Rung.PLAN,
        {
            Whom.IRO: told(plan_due),
            Whom.COVER: told(plan_due, only="while the IRO is away"),
            Whom.OWES: day("who promised it, until it is done or decided on"),
            Whom.STAND_IN: day("while who promised it is away"),
            Whom.IRO_MANAGER: told(plan_due, only=VACANT),
            **not_told("the IRO decides what comes next", *BESIDE, Whom.OWED),
            **NOT_OF_CONCERNS,
        },
    ),
    row(
        "all stages end soon",
        Rung.LIMIT_NEAR,
        {
            Whom.IRO: day("from five working days before"),
            Whom.COVER: day("while the IRO is away"),
            Whom.IRO_MANAGER: day("from five working days before"),
            **not_told("their own date is what counts for them", *AT_THE_STAGE),
            **NOT_OF_CONCERNS,
        },
    ),
    row(
        "the time for all stages is over",
        Rung.LIMIT_PASSED,
        {
            Whom.IRO: told(limit_passed),
            Whom.COVER: told(limit_passed, only="while the IRO is away"),
            Whom.IRO_MANAGER: told(limit_passed),
            **not_told("their own date is what counts for them", *AT_THE_STAGE),
            **NOT_OF_CONCERNS,
        },
    ),
    row(
        "the morning comes",
        Rung.DAY,
        {
            **dict.fromkeys((Whom.OWES, Whom.STAND_IN), told(your_day, to_be_agreed)),
            Whom.IRO: told(your_day, with_another, only="at work on the day"),
            Whom.COVER: told(your_day, with_another, only="of the IRO's while the IRO is away"),
            Whom.IRO_MANAGER: told(your_day, with_another, only="of the IRO's while nobody else fills that place"),
            Whom.WORKER: told(your_day, welcome, only="the welcome once, before all else"),
            **dict.fromkeys((Whom.ALERTED, *OUTSIDE), told(your_day, welcome, only="the welcome once, as the worker")),
            **not_told("they have it as who they are besides", Whom.OWED, Whom.COPIED),
        },
    ),
    row(
        "decisions are agreed by silence",
        Rung.DECISIONS_SILENT,
        {
            Whom.IRO: told(unproven, with_another, only="nobody was there, or another is asked; else in the day"),
            Whom.COVER: told(unproven, with_another, only="while the IRO is away; else in the day"),
            Whom.OWES: told(to_be_agreed, only="who fills the place now; else their message shrinks to it"),
            Whom.STAND_IN: told(to_be_agreed, only="who is asked in another's place now"),
            Whom.IRO_MANAGER: told(unproven, with_another, only="nobody was there to answer, or as the IRO would be"),
            Whom.OWED: look("their message is a line"),
            **not_told("what was sent stands", *BESIDE),
            **NOT_OF_CONCERNS,
        },
    ),
    row(
        "decisions are not proved to have arrived",
        Rung.DECISIONS_UNPROVEN,
        {
            Whom.IRO: told(unproven),
            Whom.COVER: told(unproven, only="while the IRO is away"),
            Whom.IRO_MANAGER: told(unproven),
            **not_told("nothing is asked of them", *AT_THE_STAGE),
            **NOT_OF_CONCERNS,
        },
    ),
)
