"""The table of who may do what: each act, with the places from which it may be done and when.

No procedures file can change it: closing and editing are the IRO's alone. A cover has the rights of the person covered,
and what they do is recorded as done for them.
"""

from collections.abc import Mapping
from enum import StrEnum


class Place(StrEnum):
    """What somebody is to a child, or to one concern."""

    IRO = "the child's IRO, or the cover they named"
    COVER = "a cover for the IRO by somebody else's entry"
    DEPUTY = "an IRO manager, or the next person up, while the IRO is away or gone"
    IRO_ASKED = "the child's IRO, who was asked to reply to this concern"
    DRAFTER = "who drafted it, as the IRO's cover or an IRO manager"
    IRO_MANAGER = "an IRO manager"
    MANAGER_BY_OWN_WORD = "an IRO manager, or the cover they named themself"
    WORKER = "the child's social worker, or another holder of the case"
    FOR_WORKER = "the person who stands in for a worker who is away or gone"
    LINE = "a manager in the child's line"
    HOLDERS_MANAGER = "the holder's line manager, or the person asked in their place"
    SUPPORT = "business support"
    ASKED = "addressed at the present stage, or standing in"
    ASKED_TO_ADD = "asked to add to the reply of their manager"
    PART = "addressed, copied, alerted or standing in, now or before"


class When(StrEnum):
    """What binds a place: the act may be done from it only then."""

    ALWAYS = "at any time"
    LOGGED = "once the concern is logged"
    SHARED = "once it is shared with the IRO manager"
    TIME_OVER = "once the time to reply is over"
    FILED = "once there is a reply or an end for the child's file"
    EMPTY_FOR_LONG = "once it is logged, with the IRO gone, or away for long"


class May(StrEnum):
    """What a person may want to do: first to a concern, then about a child's reviews."""

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
    NOTE_ON_RECORD = "note on which day the copy went on the child's record"

    SEE_REVIEWS = "see the dates, the state and the tasks"
    READ_REVIEWS = "read the child's wish and the decisions"
    READ_TOLD = "read what the IRO was told, the feedback and the contacts"
    BOOK = "book, rebook"
    PAPERS = "note that the papers are in, or that other work around a review is done"
    CHAIR = "hold, adjourn, bring forward, decide, midway check, seen, contact, write the record"
    SEND_RECORD = "send the record out, note it sent"
    TRACK = "say that the child's track changed"
    ANSWER_DECISIONS = "agree or dispute the decisions"
    TELL = "tell the IRO that something changed"
    CHECK = "say before a start whether IRO and worker are right"


def _from(*places: Place, when: When = When.ALWAYS) -> dict[Place, When]:
    return dict.fromkeys(places, when)


_ACTING = _from(Place.COVER, Place.DEPUTY, when=When.LOGGED)
_READ = {
    **_from(Place.IRO, Place.IRO_ASKED, Place.DRAFTER),
    **_from(Place.COVER, Place.IRO_MANAGER, Place.PART, Place.DEPUTY, when=When.LOGGED),
    **_from(Place.MANAGER_BY_OWN_WORD, when=When.SHARED),
}
_SERVICE = _from(Place.IRO, Place.COVER, Place.IRO_MANAGER)

TABLE: dict[May, Mapping[Place, When]] = {
    May.SEE_IT_EXISTS: _READ | _from(Place.LINE, Place.WORKER, when=When.LOGGED),
    May.READ: _READ,
    May.STEER: _from(Place.IRO, Place.DRAFTER) | _ACTING,
    May.MOVE: _from(Place.IRO, Place.DRAFTER) | _ACTING | {Place.COVER: When.TIME_OVER},
    May.END: {Place.IRO: When.ALWAYS, Place.DEPUTY: When.EMPTY_FOR_LONG},
    May.READ_NOTES: {Place.IRO: When.ALWAYS, Place.MANAGER_BY_OWN_WORD: When.SHARED},
    May.ANSWER: _from(Place.ASKED),
    May.ADD: _from(Place.ASKED_TO_ADD),
    May.RECORD_REPLY: _from(Place.IRO) | _ACTING,
    May.EXPORT: _READ,
    May.NOTE_ON_RECORD: _from(Place.IRO) | _ACTING | _from(Place.SUPPORT, when=When.FILED),
    May.SEE_REVIEWS: _SERVICE
    | _from(Place.DEPUTY, Place.WORKER, Place.FOR_WORKER, Place.LINE, Place.HOLDERS_MANAGER, Place.SUPPORT),
    May.READ_REVIEWS: _SERVICE | _from(Place.WORKER, Place.HOLDERS_MANAGER, Place.LINE),
    May.READ_TOLD: _SERVICE,
    May.BOOK: _SERVICE | _from(Place.WORKER, Place.SUPPORT),
    May.PAPERS: _SERVICE | _from(Place.WORKER, Place.FOR_WORKER, Place.SUPPORT),
    May.CHAIR: _from(Place.IRO, Place.COVER, Place.DEPUTY),
    May.SEND_RECORD: _SERVICE | _from(Place.SUPPORT),
    May.TRACK: _SERVICE | _from(Place.SUPPORT),
    May.ANSWER_DECISIONS: _from(Place.HOLDERS_MANAGER),
    May.CHECK: _from(Place.IRO, Place.LINE),
    May.TELL: _from(Place.IRO_MANAGER, Place.WORKER, Place.LINE, Place.SUPPORT),
}
