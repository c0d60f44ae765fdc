"""Who may do what to a concern: the table of acts, each with the one rule that allows it.

No procedures file can change it: closing and editing are the IRO's alone. Everyone else gets the answer they
would get if the concern did not exist.
"""

from collections.abc import Callable
from enum import StrEnum

from handlers.iro_place import LONG, IroPlace
from handlers.office import Scene
from handlers.refusals import Refused, no_such_concern
from handlers.standing import Standing
from scheduling.procedures.terms import IRO, IRO_MANAGER
from storage import stage_runs
from storage.concerns import Concern, ConcernState


class May(StrEnum):
    """What a person may want to do to a concern."""

    SEE_IT_EXISTS = "see that it exists, its stage and its dates"
    READ = "read what it says"
    STEER = "log, edit, extend, reopen, refer, correct"
    MOVE = "move to another stage"
    END = "close, withdraw"
    READ_NOTES = "read the Cafcass and legal notes"
    ANSWER = "reply, ask for an extension, pass on"
    ADD = "add to the reply of their manager, who asked for it"
    RECORD_REPLY = "record a reply given elsewhere"
    EXPORT = "take a copy for the case record"


def _steer(who: Standing) -> bool:
    if _is_draft(who):
        drafted = who.concern.drafted_by_id == who.desk.actor_id
        return who.opens_iros_own or (drafted and (who.is_iro or who.is_iro_manager))
    return who.is_iro or who.deputises


def _move(who: Standing) -> bool:
    """A cover whom the IRO did not name moves it only where the time to reply is over."""
    if not _steer(who):
        return False
    return acts_freely(who.place, who.desk.actor_id) or is_time_over(who.desk, who.concern)


def _end(who: Standing) -> bool:
    """The IRO, or a cover the IRO named; openly the IRO manager, once the place is empty for long."""
    if who.is_iro:
        return acts_freely(who.place, who.desk.actor_id)
    return who.deputises and who.place.is_empty_for_long


def acts_freely(place: IroPlace, person_id: int) -> bool:
    """Whether nothing binds the person but what binds the IRO: anybody but a cover whom the IRO did not name."""
    return person_id != place.cover_id or place.entered_by_iro


def is_time_over(scene: Scene, concern: Concern) -> bool:
    """Whether the time to reply at the present stage is over, and no reply waits for a word."""
    if concern.state is ConcernState.ASKED:
        return True
    run = stage_runs.get(scene.session, concern.run_id) if concern.run_id is not None else None
    is_late = run is not None and run.due_at is not None and run.due_at <= scene.now
    return concern.state is ConcernState.WAITING and is_late


def _is_draft(who: Standing) -> bool:
    return who.concern.state in (ConcernState.DRAFT, ConcernState.DISCARDED)


def _read(who: Standing) -> bool:
    if _is_draft(who):
        return _steer(who) or (who.opens_shared and who.concern.notes_shared)
    named = who.place.is_named(who.desk.actor_id)
    return who.is_iro or named or who.is_iro_manager or who.has_part or who.deputises


def _see(who: Standing) -> bool:
    return _read(who) or (not _is_draft(who) and (who.is_in_line or who.holds_the_case))


def _answer(who: Standing) -> bool:
    return who.addressed_now is not None and not who.is_iro


def _add(who: Standing) -> bool:
    return who.asked_to_add is not None and not who.is_iro


def _record(who: Standing) -> bool:
    return who.is_iro or who.deputises


def _notes(who: Standing) -> bool:
    return who.opens_iros_own or (who.opens_shared and who.concern.notes_shared)


TABLE: dict[May, Callable[[Standing], bool]] = {
    May.SEE_IT_EXISTS: _see,
    May.READ: _read,
    May.STEER: _steer,
    May.MOVE: _move,
    May.END: _end,
    May.READ_NOTES: _notes,
    May.ANSWER: _answer,
    May.ADD: _add,
    May.RECORD_REPLY: _record,
    May.EXPORT: _read,
}

_WHY_NOT: dict[May, str] = {
    May.READ: "You can see the stage and dates of {ref}; what it says opens to you once you are asked or copied.",
    May.STEER: f"Only the child's {IRO}, or their cover, can do this to {{ref}}.",
    May.MOVE: f"Only the child's {IRO}, or their cover, can do this to {{ref}}.",
    May.END: f"Only the child's {IRO}, or their cover, can close or withdraw {{ref}}.",
    May.READ_NOTES: f"The Cafcass and legal notes of {{ref}} are the {IRO}'s alone.",
    May.ANSWER: "{ref} is not waiting for a reply from you.",
    May.ADD: "You were not asked to add to a reply to {ref}.",
    May.RECORD_REPLY: f"Only the child's {IRO}, or their cover, can record a reply to {{ref}}.",
    May.EXPORT: "You can see the stage and dates of {ref}; its file opens to you once you are asked or copied.",
}


def may(who: Standing, what: May) -> bool:
    """Whether the person may do this."""
    return TABLE[what](who)


def require(who: Standing, what: May) -> None:
    """Pass, or refuse: as if the concern did not exist to those who may not know of it, else with the reason."""
    if may(who, what):
        return
    if not may(who, May.SEE_IT_EXISTS):
        raise no_such_concern(who.concern.reference)
    sentence = _by_anothers_word(who, what) or _WHY_NOT[what].format(ref=who.concern.reference)
    raise Refused(f"{sentence}{_otherwise(who, what)}")


def _by_anothers_word(who: Standing, what: May) -> str:
    """Why a cover whom the IRO did not name cannot do what a cover otherwise can."""
    if not who.is_iro or acts_freely(who.place, who.desk.actor_id):
        return ""
    ref, by_iro = who.concern.reference, f"You cover for the {IRO} by somebody else's entry"
    if what is May.END:
        return f"{by_iro}: only a cover whom the {IRO} named can close or withdraw {ref}."
    if what is May.MOVE:
        return f"{by_iro}: you can move {ref} once its time to reply is over."
    return ""


def _otherwise(who: Standing, what: May) -> str:
    """When somebody who may not act as the IRO could, or why they never can."""
    if what not in (May.STEER, May.MOVE, May.END, May.RECORD_REPLY):
        return ""
    if who.was_asked and (who.is_iro_manager or who.desk.actor_id == who.iro_id):
        return f" You were asked to reply to it, so another {IRO}, or the next person up, acts in the {IRO}'s place."
    if not who.is_iro_manager:
        return ""
    if what is May.END:
        return (
            f" The {IRO_MANAGER} can, with a reason, when the {IRO} has left, or is away for over {LONG} working days."
        )
    return f" The {IRO_MANAGER} can, with a reason, when the {IRO} is away or has left."


def acts_as_stand_in(who: Standing) -> bool:
    """Whether the person steers in the place of an IRO who is away or gone: a reason is asked and the IRO is told."""
    return not who.is_iro and may(who, May.STEER)
