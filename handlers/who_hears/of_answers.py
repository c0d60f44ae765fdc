"""What those who are asked do, and what is done with their replies."""

from handlers.messages.asking import add_to_reply, needs_reply, worker_added
from handlers.messages.deciding import added, more_time, replied
from handlers.messages.informing import acted, not_mine, passed_on, recorded_for_you
from handlers.messages.urgent import urgent
from handlers.who_hears.rows import (
    AT_THE_STAGE,
    BESIDE,
    NO_PART,
    NOT_OF_CONCERNS,
    OPEN,
    VACANT,
    Row,
    Whom,
    look,
    not_told,
    row,
    told,
)

_WITH_A_PART = look("the form shows it to one who has a part")

ANSWERS: tuple[Row, ...] = (
    row(
        "seen is pressed",
        "concern.seen",
        {
            Whom.IRO: OPEN,
            Whom.COVER: OPEN,
            Whom.OWES: OPEN,
            **not_told(NO_PART, *BESIDE, Whom.OWED, Whom.STAND_IN, Whom.IRO_MANAGER),
            **NOT_OF_CONCERNS,
        },
    ),
    row(
        "a reply is given",
        "concern.reply.send",
        {
            Whom.IRO: told(replied),
            Whom.COVER: told(replied, only="while the IRO is away"),
            Whom.IRO_MANAGER: told(replied, only=VACANT),
            Whom.OWED: look("where one reply is enough, the message of the others shrinks to who has replied"),
            Whom.STAND_IN: look("where one reply is enough, their message shrinks to who has replied"),
            Whom.COPIED: OPEN,
            Whom.ALERTED: OPEN,
            Whom.WORKER: _WITH_A_PART,
            **not_told("what comes next is asked of them once the IRO says so", Whom.OWES),
            **NOT_OF_CONCERNS,
        },
    ),
    row(
        "a reply given elsewhere is recorded",
        "concern.record.send",
        {
            Whom.OWED: told(recorded_for_you),
            Whom.STAND_IN: told(recorded_for_you, only="while the one in whose name it is kept is away"),
            Whom.IRO: told(replied, acted, only="who recorded it too: it waits for them to decide"),
            Whom.COVER: told(replied, only="while the IRO is away, who recorded it too"),
            Whom.COPIED: OPEN,
            Whom.ALERTED: OPEN,
            Whom.WORKER: _WITH_A_PART,
            Whom.IRO_MANAGER: told(replied, only="while nobody else fills the IRO's place, who recorded it too"),
            **not_told("what comes next is asked of them once the IRO says so", Whom.OWES),
            **NOT_OF_CONCERNS,
        },
    ),
    row(
        "something is added to a reply",
        "concern.add.send",
        {
            Whom.IRO: told(added, only="but what a worker adds for a manager is in the form alone"),
            Whom.COVER: told(added, only="while the IRO is away"),
            Whom.OWES: told(worker_added, only="the manager who asked a worker to add"),
            Whom.STAND_IN: told(worker_added, only="while the manager who asked a worker to add is away"),
            Whom.COPIED: OPEN,
            Whom.ALERTED: OPEN,
            Whom.WORKER: _WITH_A_PART,
            Whom.IRO_MANAGER: told(added, only=VACANT),
            **not_told(NO_PART, Whom.OWED),
            **NOT_OF_CONCERNS,
        },
    ),
    row(
        "what was promised is said to be done",
        "concern.done",
        {
            Whom.IRO: told(added),
            Whom.COVER: told(added, only="while the IRO is away"),
            Whom.OWED: OPEN,
            Whom.IRO_MANAGER: told(added, only=VACANT),
            **not_told("only the IRO says what comes next", *BESIDE, Whom.OWES, Whom.STAND_IN),
            **NOT_OF_CONCERNS,
        },
    ),
    row(
        "it needs their manager",
        "concern.needs_manager.send",
        {
            Whom.OWES: told(needs_reply, urgent),
            Whom.IRO: told(not_mine),
            Whom.COVER: told(not_mine, only="while the IRO is away"),
            Whom.COPIED: OPEN,
            Whom.STAND_IN: told(needs_reply, urgent, only="where the manager is away"),
            Whom.OWED: look("the message of who passed it up is a line"),
            Whom.IRO_MANAGER: told(not_mine, only=VACANT),
            **not_told(NO_PART, Whom.ALERTED, Whom.WORKER),
            **NOT_OF_CONCERNS,
        },
    ),
    row(
        "a worker is asked, to reply or to add",
        "concern.pass.send",
        {
            Whom.OWES: told(needs_reply, add_to_reply),
            Whom.WORKER: told(needs_reply, add_to_reply, only="where they are the one who is asked"),
            Whom.IRO: told(passed_on, only="where they reply in the manager's place; else the form shows it"),
            Whom.COVER: told(passed_on, only="while the IRO is away"),
            Whom.IRO_MANAGER: told(passed_on, only=VACANT),
            Whom.OWED: look("the message of who passed it on is a line"),
            **not_told("a worker who is away is not asked", Whom.STAND_IN),
            **not_told(NO_PART, Whom.COPIED, Whom.ALERTED),
            **NOT_OF_CONCERNS,
        },
    ),
    row(
        "more time is asked for",
        "concern.ask_time.send",
        {
            Whom.IRO: told(more_time),
            Whom.COVER: told(more_time, only="while the IRO is away"),
            Whom.IRO_MANAGER: told(more_time, only=VACANT),
            **not_told("no date changes until the IRO agrees", *AT_THE_STAGE),
            **NOT_OF_CONCERNS,
        },
    ),
)
