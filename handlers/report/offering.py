"""A report that is offered first: where the chat asks its person whether the file may be given, and what came of it.

How an offer stands is kept on the message that made it. One answer counts, and the file is given once.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from sqlmodel import Session

from handlers.cards import Button, Card, Line
from handlers.messages.kinds import Kind
from handlers.messages.owing import details_of
from handlers.office import Scene
from handlers.refusals import Refused, Stale
from handlers.report.asked import may_have, taken
from handlers.report.message import asked_on, asked_report, desk_of, file_name, placed
from storage import outbox
from storage.outbox import Outbox, OutboxState

OFFERED_FOR = timedelta(days=1)
TOLD_WITHIN = timedelta(minutes=10)
"""Whoever took a file hears within this time what became of it, even if the bot was stopped in the middle."""
NO_OFFER = (
    "This offer is over: a file is offered for one day, to the person who asked for it. "
    "Ask for the report again with /iro report."
)


class Stand(StrEnum):
    """How an offer stands once it has been answered."""

    DECLINED = "declined"
    TAKEN = "taken"  # wanted; it is being made, or on its way
    STORED = "stored"  # it lies where the person keeps their files
    REFUSED = "refused"  # it certainly does not
    UNKNOWN = "unknown"  # nobody can tell


@dataclass(frozen=True, kw_only=True)
class Answered:
    """The answer to an offer: how it stands, the sentence that says so, and the message that asked, if known."""

    stand: Stand
    sentence: str
    message: str


def take_up(session: Session, key: str, person_id: int, now: datetime, *, wanted: bool, act: str) -> Answered | None:
    """Take an answer to the offer that the message with this key made; None where this very act was taken before.

    Refused: it is no offer to this person, or over, or they may not have the report any more. Stale: it was answered.
    """
    row = outbox.locked(session, key)
    if row is None or not _stands(row, person_id, now):
        raise Refused(NO_OFFER)
    before = stand_of(row, now)
    if before is not None:
        if details_of(row).get("act") == act:
            return None
        raise Stale(f"You have answered this already. {_sentence(row, before)}")
    desk = desk_of(session, row, now)
    if desk is None or (desk.actor.left_on is not None and desk.actor.left_on < desk.today):
        raise Refused(NO_OFFER)
    may_have(desk, asked_report(row))
    stand = Stand.TAKEN if wanted else Stand.DECLINED
    _keep(session, row, stand=stand.value, act=act, at=int(now.timestamp()))
    if wanted:
        _owe_outcome(session, row, now)
    return _answered(row, stand)


def ended(session: Session, key: str, stand: Stand, now: datetime, file: str = "") -> Answered:
    """How it ended; a file that is there is recorded as taken out, under the name it got there."""
    row = outbox.locked(session, key)
    if row is None:
        raise Refused(NO_OFFER)
    _keep(session, row, stand=stand.value)
    if stand is Stand.STORED:
        placed(row, file)
        desk = desk_of(session, row, now)
        if desk is not None:
            taken(desk, asked_report(row))
    return _answered(row, stand)


def told(session: Session, key: str) -> None:
    """The person knows how it ended: nothing more needs to be said."""
    row = outbox.locked(session, key)
    if row is not None:
        _keep(session, row, told=1)


def outcome_card(scene: Scene, row: Outbox) -> Card | None:
    """What became of a file that was taken, for whoever was not told when it ended; None where they were."""
    offer = outbox.by_key(scene.session, str(details_of(row)["offer"]))
    stand = stand_of(offer, scene.now) if offer is not None else None
    if offer is None or stand is None or details_of(offer).get("told"):
        return None
    year = asked_report(offer).year
    again = Button(label="Ask for it again", deed="iro.report", subject=year)
    return Card(
        title=f"Your annual report {year}",
        lines=(Line(text=_sentence(offer, stand)),),
        buttons=() if stand is Stand.STORED else (again,),
    )


def stand_of(row: Outbox, now: datetime | None = None) -> Stand | None:
    """How the offer that a message made stands; None where it was not answered, or is none.

    With `now`: of a file that was on its way all this time nobody can tell any more.
    """
    details = details_of(row)
    if not details.get("stand"):
        return None
    stand, at = Stand(str(details["stand"])), datetime.fromtimestamp(int(details.get("at") or 0), UTC)
    lost = stand is Stand.TAKEN and now is not None and now - at >= TOLD_WITHIN
    return Stand.UNKNOWN if lost else stand


def _stands(row: Outbox, person_id: int, now: datetime) -> bool:
    """Whether the message has offered this person a file; one without a receipt may well stand before them."""
    if row.kind != Kind.REPORT_FILE or row.person_id != person_id:
        return False
    if stand_of(row) is not None:
        return True
    made_at = row.sent_at or row.attempted_at
    posted = row.state in (OutboxState.SENT, OutboxState.ATTEMPTED)
    return posted and made_at is not None and now - made_at <= OFFERED_FOR


def _answered(row: Outbox, stand: Stand) -> Answered:
    return Answered(stand=stand, sentence=_sentence(row, stand), message=row.message or "")


def _sentence(row: Outbox, stand: Stand) -> str:
    year, name = asked_report(row).year, str(details_of(row).get("file") or file_name(row))
    again = f"/iro report {year} offers it again."
    match stand:
        case Stand.DECLINED:
            return f"You declined the annual report {year}, and nothing was given out. {again}"
        case Stand.TAKEN:
            return f"The annual report {year} is being made and goes into your OneDrive."
        case Stand.STORED:
            return f"{name} is in your OneDrive, in the folder Applications."
        case Stand.REFUSED:
            return f"The annual report {year} could not be put into your OneDrive: nothing is there. {again}"
        case Stand.UNKNOWN:
            return f"Nobody can tell whether {name} arrived: look for it in your OneDrive. If it is not there, {again}"


def _keep(session: Session, row: Outbox, **more: str | int) -> None:
    row.details = json.dumps({**details_of(row), **more})
    session.add(row)


def _owe_outcome(session: Session, row: Outbox, now: datetime) -> None:
    """Owe word of how it ended, for later: nobody needs it unless the bot is stopped before it could say so."""
    message = Outbox(
        authority=row.authority,
        key=f"{Kind.REPORT_OUTCOME.value}:{row.id}",
        kind=Kind.REPORT_OUTCOME.value,
        person_id=row.person_id,
        details=json.dumps({"report": asked_report(row).name, "offer": row.key, "on": asked_on(row)}),
        owed_at=now,
        not_before=now + TOLD_WITHIN,
    )
    outbox.owe(session, message)
