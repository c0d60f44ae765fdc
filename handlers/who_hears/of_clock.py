"""What the clock does."""

from handlers.messages.asking import moved, overdue
from handlers.messages.deciding import moved_by_clock, no_reply, plan_due, quiet
from handlers.messages.informing import limit_passed, undecided
from handlers.messages.of_decisions import to_be_agreed, unproven, with_another
from handlers.messages.of_mornings import your_day
from handlers.messages.of_places import asked_instead, now_with, promise_now_with, with_nobody, yours_again
from handlers.messages.urgent import unseen, urgent
from handlers.who_hears.rows import Row, Whom, day, look, row, told
from scheduling.ladder import Rung

CLOCK: tuple[Row, ...] = (
    row(
        "who fills a place has changed",
        Rung.PLACES,
        "they are neither asked nor is a date changed",
        {
            Whom.OWES: told(asked_instead, yours_again, urgent),
            Whom.STAND_IN: told(asked_instead, urgent, promise_now_with),
            Whom.OWED: look("their message is a line, and what they press says why"),
            Whom.IRO: told(now_with, promise_now_with, with_nobody, only="not of a return"),
            Whom.COVER: told(now_with, promise_now_with, with_nobody, only="while the IRO is away"),
            Whom.IRO_MANAGER: told(with_nobody),
        },
    ),
    row(
        "no reply by the deadline",
        Rung.DEADLINE,
        "what it says opens to them when they are asked or copied",
        {
            Whom.IRO: told(no_reply, moved_by_clock),
            Whom.COVER: told(no_reply, moved_by_clock, only="while the IRO is away"),
            Whom.IRO_MANAGER: told(no_reply, moved_by_clock, only="while nobody else fills the IRO's place"),
            Whom.OWES: told(overdue, moved),
            Whom.STAND_IN: told(overdue, moved),
            Whom.OWED: told(overdue, only="who let it lapse, where it moves by itself"),
            Whom.ALERTED: told(overdue),
            Whom.COPIED: look("or told of the next stage, where it moves by itself"),
        },
    ),
    row(
        "an informal one stays quiet",
        Rung.INFORMAL,
        "no date was set, so nobody is late",
        {
            Whom.IRO: told(quiet),
            Whom.COVER: told(quiet, only="while the IRO is away"),
            Whom.IRO_MANAGER: told(quiet, only="while nobody else fills the IRO's place"),
        },
    ),
    row(
        "no reply for weeks",
        Rung.NEXT_SENIOR,
        "they know already",
        {
            Whom.ALERTED: told(overdue),
            Whom.OWES: day("each morning, until it is answered"),
            Whom.IRO: day("until it is decided"),
            Whom.COVER: day("while the IRO is away"),
        },
    ),
    row(
        "urgent, and not seen in time",
        Rung.UNSEEN,
        "it is no copy that helps now",
        {
            Whom.OWES: told(urgent),
            Whom.STAND_IN: told(urgent),
            Whom.IRO: told(unseen),
            Whom.COVER: told(unseen, only="while the IRO is away"),
            Whom.IRO_MANAGER: told(unseen),
            Whom.OWED: look("they keep their message with its buttons"),
        },
    ),
    row(
        "no decision by the IRO in time",
        f"{Rung.DECISION} {Rung.VERDICT}",
        "it is between the IRO and the IRO manager",
        {
            Whom.IRO_MANAGER: told(undecided),
            Whom.IRO: day("until it is decided"),
            Whom.COVER: day("while the IRO is away"),
        },
    ),
    row(
        "the day of a plan has come",
        Rung.PLAN,
        "the IRO decides what comes next",
        {
            Whom.IRO: told(plan_due),
            Whom.COVER: told(plan_due, only="while the IRO is away"),
            Whom.OWES: day("who promised it, until it is done or decided on"),
            Whom.STAND_IN: day("while who promised it is away"),
        },
    ),
    row(
        "all stages end soon",
        Rung.LIMIT_NEAR,
        "their own date is what counts for them",
        {
            Whom.IRO: day("from five working days before"),
            Whom.COVER: day("while the IRO is away"),
            Whom.IRO_MANAGER: day("from five working days before"),
        },
    ),
    row(
        "the time for all stages is over",
        Rung.LIMIT_PASSED,
        "their own date is what counts for them",
        {
            Whom.IRO: told(limit_passed),
            Whom.COVER: told(limit_passed, only="while the IRO is away"),
            Whom.IRO_MANAGER: told(limit_passed),
        },
    ),
    row(
        "the morning comes",
        Rung.DAY,
        "they have it as who they are besides",
        dict.fromkeys(
            [one for one in Whom if one not in (Whom.OWED, Whom.COPIED)],
            told(your_day, with_another, to_be_agreed),
        ),
    ),
    row(
        "decisions are agreed by silence",
        Rung.DECISIONS_SILENT,
        "what was sent stands",
        {
            Whom.IRO: day("once"),
            Whom.COVER: day("while the IRO is away"),
            Whom.OWES: look("their message shrinks to it"),
            Whom.IRO_MANAGER: told(unproven, only="when nobody was there to answer"),
        },
    ),
    row(
        "decisions are not proved to have arrived",
        Rung.DECISIONS_UNPROVEN,
        "nothing is asked of them",
        {
            Whom.IRO: told(unproven),
            Whom.COVER: told(unproven, only="while the IRO is away"),
            Whom.IRO_MANAGER: told(unproven),
        },
    ),
)
