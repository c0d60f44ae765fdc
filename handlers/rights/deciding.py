"""Whether a person may do an act, for whom they do it, and the sentence that refuses it."""

from collections.abc import Iterator

from handlers.iro_place import LONG
from handlers.refusals import Refused, no_such
from handlers.rights.standing import Standing
from handlers.rights.table import TABLE, May, Place
from scheduling.procedures.terms import IRO, IRO_MANAGER

WHY_NOT: dict[May, str] = {
    May.READ: "You can see the stage and dates of {ref}; what it says opens to you once you are asked or copied.",
    May.STEER: f"Only the child's {IRO}, or their cover, can do this to {{ref}}.",
    May.MOVE: f"Only the child's {IRO}, or their cover, can do this to {{ref}}.",
    May.END: f"Only the child's {IRO}, or their cover, can close or withdraw {{ref}}.",
    May.READ_NOTES: f"The Cafcass and legal notes of {{ref}} are the {IRO}'s alone.",
    May.ANSWER: "{ref} is not waiting for a reply from you.",
    May.ADD: "You were not asked to add to a reply to {ref}.",
    May.RECORD_REPLY: f"Only the child's {IRO}, or their cover, can record a reply to {{ref}}.",
    May.EXPORT: "You can see the stage and dates of {ref}; its file opens to you once you are asked or copied.",
    May.NOTE_ON_RECORD: f"That the copy of {{ref}} is on the record is noted by the {IRO} or business support.",
    May.READ_REVIEWS: "You can see the dates of {ref}; what was said and decided is not opened to you.",
    May.READ_TOLD: f"What changed for {{ref}} is open to the {IRO} and to the person who told it.",
    May.BOOK: f"Reviews of {{ref}} are booked by the {IRO}, the social worker or business support.",
    May.PAPERS: f"For {{ref}} this is noted by the social worker, the {IRO} or business support.",
    May.CHAIR: f"Only the child's {IRO}, or their cover, can do this for {{ref}}.",
    May.SEND_RECORD: f"The record for {{ref}} is sent out by the {IRO}, the {IRO_MANAGER} or business support.",
    May.TRACK: f"The {IRO}, the {IRO_MANAGER} or business support changes this for {{ref}}.",
    May.ANSWER_DECISIONS: "Only the line manager of the case's holder can agree or dispute decisions for {ref}.",
    May.CHECK: f"{{ref}} is checked before a start by its {IRO} and by the worker's managers.",
    May.TELL: f"You are the {IRO} of {{ref}}: record it as a contact, or bring the review forward.",
}

_BY_ANOTHERS_WORD: dict[May, str] = {
    May.END: f"only a cover whom the {IRO} named can close or withdraw {{ref}}.",
    May.MOVE: "you can move {ref} once its time to reply is over.",
}
"""Why a cover whom the IRO did not name cannot do what a cover otherwise can."""

_WHEN_AWAY = f"The {IRO_MANAGER} can, with a reason, when the {IRO} is away or has left."
_IN_THE_IROS_PLACE: dict[May, str] = {
    May.STEER: _WHEN_AWAY,
    May.MOVE: _WHEN_AWAY,
    May.END: f"The {IRO_MANAGER} can, with a reason, when the {IRO} has left, or is away for over {LONG} working days.",
    May.RECORD_REPLY: _WHEN_AWAY,
    May.NOTE_ON_RECORD: _WHEN_AWAY,
    May.CHAIR: f"The {IRO_MANAGER} can when the {IRO} is away or has left.",
}
"""When an IRO manager, who may not do it now, can do it in the IRO's place."""


def may(who: Standing, what: May) -> bool:
    """Whether the person may do this."""
    return next(_allowing(who, what), None) is not None


def acts_for(who: Standing, what: May) -> int | None:
    """For whom the person does this: nobody where a place of their own allows it, else the person covered."""
    found = [who.held_for(place) for place in _allowing(who, what)]
    return None if None in found else next(iter(found), None)


def _allowing(who: Standing, what: May) -> Iterator[Place]:
    return (place for place, when in TABLE[what].items() if who.holds(place) and who.meets(when))


def require(who: Standing, what: May) -> None:
    """Pass, or refuse: as if it did not exist to those who may not know of it, else with the reason."""
    if may(who, what):
        return
    if not may(who, who.seeing):
        raise no_such(who.ref)
    sentences = (_why_not(who, what).format(ref=who.ref), _otherwise(who, what))
    raise Refused(" ".join(filter(None, sentences)))


def _why_not(who: Standing, what: May) -> str:
    if what in _BY_ANOTHERS_WORD and who.holds(Place.COVER):
        return f"You cover for the {IRO} by somebody else's entry: {_BY_ANOTHERS_WORD[what]}"
    return WHY_NOT[what]


def _otherwise(who: Standing, what: May) -> str:
    """When somebody who may not act as the IRO could, or why they never can."""
    if what not in _IN_THE_IROS_PLACE:
        return ""
    is_manager = who.holds(Place.IRO_MANAGER)
    if who.was_asked and (is_manager or who.desk.actor_id == who.iro_place.iro_id):
        return f"You were asked to reply to it, so another {IRO}, or the next person up, acts in the {IRO}'s place."
    return _IN_THE_IROS_PLACE[what] if is_manager else ""
