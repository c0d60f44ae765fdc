"""What the IRO, or who acts in their place, does to a concern."""

from handlers.messages.asking import add_to_reply, carried_on, extended, moved, needs_reply, time_refused
from handlers.messages.informing import (
    acted,
    closed,
    extended_information,
    for_information,
    moved_information,
    nobody,
    not_yours,
    plan_moved,
    reopened,
    withdrawn,
)
from handlers.messages.urgent import urgent
from handlers.who_hears.rows import (
    AT_THE_STAGE,
    BESIDE,
    NO_PART,
    NOT_OF_CONCERNS,
    OPEN,
    Row,
    Whom,
    day,
    look,
    not_told,
    row,
    told,
)

_ACTED = told(acted, only="when somebody else did it in their place")
_ACTED_OPENLY = not_told("what is done in the IRO's place stands in the history, which they read", Whom.IRO_MANAGER)
_IRO_HEARS = "when somebody else did it, or nobody could be asked"
_NOBODY = "when nobody could be asked"
_NOBODY_AWAY = "when nobody could be asked while the IRO is away"

CONCERNS: tuple[Row, ...] = (
    row(
        "a draft is kept, or discarded",
        "concern.save_draft concern.discard",
        {
            Whom.IRO: day("after five working days, until it is logged or discarded"),
            Whom.COVER: look("the form shows it, where the IRO named them"),
            **not_told("a draft is its IRO's alone", *AT_THE_STAGE, Whom.IRO_MANAGER),
            **NOT_OF_CONCERNS,
        },
    ),
    row(
        "drafts and notes are shared",
        "concern.share",
        {
            Whom.IRO_MANAGER: look("the list and the form show them"),
            **not_told("they are shared with the IRO manager alone", *AT_THE_STAGE, Whom.IRO, Whom.COVER),
            **NOT_OF_CONCERNS,
        },
    ),
    row(
        "logged",
        "concern.log concern.confirm_immediate",
        {
            Whom.OWES: told(needs_reply, urgent),
            Whom.STAND_IN: told(needs_reply, urgent),
            Whom.COPIED: told(for_information),
            Whom.WORKER: told(for_information, only="as one who is copied"),
            Whom.IRO: told(acted, nobody, only=_IRO_HEARS),
            Whom.COVER: told(nobody, only=_NOBODY_AWAY),
            Whom.IRO_MANAGER: told(nobody, only=_NOBODY),
            **not_told(NO_PART, Whom.OWED, Whom.ALERTED),
            **NOT_OF_CONCERNS,
        },
    ),
    row(
        "a concern from a history file is carried on",
        "concern.carry.send",
        {
            Whom.OWES: told(carried_on),
            Whom.STAND_IN: told(carried_on),
            Whom.COPIED: told(for_information),
            Whom.WORKER: told(for_information, only="as one who is copied"),
            Whom.IRO: told(acted, nobody, only=_IRO_HEARS),
            Whom.COVER: told(nobody, only=_NOBODY_AWAY),
            Whom.IRO_MANAGER: told(nobody, only=_NOBODY),
            **not_told(NO_PART, Whom.OWED, Whom.ALERTED),
            **NOT_OF_CONCERNS,
        },
    ),
    row(
        "messages are sent after hours",
        "concern.send_now",
        {
            Whom.IRO: OPEN,
            Whom.COVER: OPEN,
            **not_told("it brings forward what they are told anyway", *AT_THE_STAGE, Whom.IRO_MANAGER),
            **NOT_OF_CONCERNS,
        },
    ),
    row(
        "an extension is agreed, or its date put right",
        "concern.extend.send",
        {
            Whom.OWES: told(extended, add_to_reply),
            Whom.STAND_IN: told(extended, add_to_reply),
            Whom.OWED: told(extended_information, only="who was told of the stage as one asked before"),
            Whom.COPIED: told(extended_information),
            Whom.ALERTED: told(extended_information),
            Whom.WORKER: told(extended_information, only="as one who is copied"),
            Whom.IRO: _ACTED,
            Whom.COVER: OPEN,
            **_ACTED_OPENLY,
            **NOT_OF_CONCERNS,
        },
    ),
    row(
        "more time is refused",
        "concern.refuse_time.send",
        {
            Whom.OWES: told(time_refused),
            Whom.STAND_IN: told(time_refused),
            Whom.IRO: _ACTED,
            Whom.COVER: OPEN,
            **_ACTED_OPENLY,
            **not_told("the date they were told stays", *BESIDE, Whom.OWED),
            **NOT_OF_CONCERNS,
        },
    ),
    row(
        "it moves to another stage",
        "concern.move.send",
        {
            Whom.OWES: told(moved),
            Whom.STAND_IN: told(moved),
            Whom.OWED: told(moved_information),
            Whom.COPIED: told(moved_information, for_information),
            Whom.ALERTED: told(moved_information),
            Whom.WORKER: told(moved_information, for_information, only="as one who has or had a part"),
            Whom.IRO: told(acted, nobody, only=_IRO_HEARS),
            Whom.COVER: told(nobody, only=_NOBODY_AWAY),
            Whom.IRO_MANAGER: told(nobody, only=_NOBODY),
            **NOT_OF_CONCERNS,
        },
    ),
    row(
        "the same stage is asked again",
        "concern.ask_again.send",
        {
            Whom.OWES: told(needs_reply, urgent),
            Whom.STAND_IN: told(needs_reply, urgent),
            Whom.COPIED: told(for_information),
            Whom.WORKER: told(for_information, only="as one who is copied"),
            Whom.IRO: told(acted, nobody, only=_IRO_HEARS),
            Whom.COVER: told(nobody, only=_NOBODY_AWAY),
            Whom.IRO_MANAGER: told(nobody, only=_NOBODY),
            **not_told(NO_PART, Whom.OWED, Whom.ALERTED),
            **NOT_OF_CONCERNS,
        },
    ),
    row(
        "closed or withdrawn",
        "concern.close.send",
        {
            **dict.fromkeys((Whom.OWES, Whom.STAND_IN), told(closed, withdrawn)),
            **dict.fromkeys((Whom.COPIED, Whom.ALERTED), look("what they were sent says so")),
            Whom.OWED: told(closed, withdrawn, only="but not who gave their place to another"),
            Whom.IRO: told(closed, withdrawn, acted, only="when somebody else did it"),
            Whom.COVER: told(closed, withdrawn, only="when somebody else did it"),
            Whom.WORKER: told(closed, withdrawn, only="as one who was asked"),
            Whom.IRO_MANAGER: told(closed, withdrawn, only="as one who was asked"),
            **NOT_OF_CONCERNS,
        },
    ),
    row(
        "reopened",
        "concern.reopen.send",
        {
            Whom.OWES: told(needs_reply),
            Whom.STAND_IN: told(needs_reply),
            **dict.fromkeys((Whom.OWED, Whom.COPIED, Whom.ALERTED), told(reopened)),
            Whom.WORKER: told(reopened, only="as one who had a part"),
            Whom.IRO: told(acted, nobody, only=_IRO_HEARS),
            Whom.COVER: told(nobody, only=_NOBODY_AWAY),
            Whom.IRO_MANAGER: told(nobody, only=_NOBODY),
            **NOT_OF_CONCERNS,
        },
    ),
    row(
        "another date is agreed for a plan",
        "concern.new_date.send",
        {
            Whom.OWES: told(plan_moved),
            Whom.STAND_IN: told(plan_moved),
            Whom.IRO: _ACTED,
            Whom.COVER: OPEN,
            **_ACTED_OPENLY,
            **not_told("they were told no date of the plan", *BESIDE, Whom.OWED),
            **NOT_OF_CONCERNS,
        },
    ),
    row(
        "the child is corrected",
        "concern.correct.send",
        {
            Whom.OWES: told(needs_reply, urgent),
            Whom.STAND_IN: told(needs_reply, urgent, not_yours),
            **dict.fromkeys((Whom.OWED, Whom.ALERTED), told(not_yours)),
            Whom.COPIED: told(for_information, not_yours),
            Whom.WORKER: told(for_information, not_yours, only="as one who is, or was wrongly, copied"),
            Whom.IRO: told(acted, nobody, only=_IRO_HEARS),
            Whom.COVER: told(nobody, only=_NOBODY_AWAY),
            Whom.IRO_MANAGER: told(nobody, only=_NOBODY),
            **NOT_OF_CONCERNS,
        },
    ),
    row(
        "a Cafcass referral or legal advice is noted",
        "concern.cafcass.send concern.legal.send",
        {
            Whom.IRO: _ACTED,
            Whom.COVER: OPEN,
            Whom.IRO_MANAGER: look("when it is shared"),
            **not_told(
                "it stands beside the stage and asks nothing of anybody; legal advice is the IRO's alone", *AT_THE_STAGE
            ),
            **NOT_OF_CONCERNS,
        },
    ),
    row(
        "whether it lasted is said",
        "concern.lasted.send",
        {
            Whom.IRO: _ACTED,
            Whom.COVER: OPEN,
            **_ACTED_OPENLY,
            **not_told("it is for the yearly report", *AT_THE_STAGE),
            **NOT_OF_CONCERNS,
        },
    ),
    row(
        "the copy for the record is noted",
        "concern.file.done",
        {
            Whom.IRO: OPEN,
            Whom.COVER: OPEN,
            **not_told("it is for the record", *AT_THE_STAGE, Whom.IRO_MANAGER),
            **NOT_OF_CONCERNS,
        },
    ),
    row(
        "the copy is on the child's record",
        "concern.on_record.send",
        {
            Whom.IRO: told(acted, only="when somebody else did it in their place; what support notes the form shows"),
            Whom.COVER: OPEN,
            Whom.IRO_MANAGER: look("their whole day counts what is not there yet"),
            Whom.SUPPORT: look("their whole day lists what is not there yet"),
            **not_told("it is for the record", *AT_THE_STAGE),
            **not_told("concerns are no business of theirs", Whom.TELLER),
        },
    ),
)
