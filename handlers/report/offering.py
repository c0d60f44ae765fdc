"""A report that is offered first: where the chat asks its person whether the file may be given, and what came of it.

How an offer stands is kept on the message that made it. One answer counts, and the file is given once.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from handlers.figures.asked_report import may_have, taken
from handlers.messages.of_reports import (
    TOLD_WITHIN,
    Stand,
    asked_on,
    asked_report,
    desk_of,
    how_it_ended,
    placed,
    report_file,
    report_outcome,
    stand_of,
)
from handlers.messages.owing import Cause, Detail, details_of, owe
from handlers.office import Scene, rules_in_force
from handlers.refusals import Refused, Stale
from storage import outbox
from storage.outbox import Outbox, OutboxState

OFFERED_FOR = timedelta(days=1)
NO_OFFER = (
    "This offer is over: a file is offered for one day, to the person who asked for it. "
    "Ask for the report again with /iro report."
)


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
        raise Stale(f"You have answered this already. {how_it_ended(row, before)}")
    desk = desk_of(session, row, now)
    if desk is None or desk.actor.has_left(desk.today):
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


def _stands(row: Outbox, person_id: int, now: datetime) -> bool:
    """Whether the message has offered this person a file; one without a receipt may well stand before them."""
    if row.kind != report_file.name or row.person_id != person_id:
        return False
    if stand_of(row) is not None:
        return True
    made_at = row.sent_at or row.attempted_at
    posted = row.state in (OutboxState.SENT, OutboxState.ATTEMPTED)
    return posted and made_at is not None and now - made_at <= OFFERED_FOR


def _answered(row: Outbox, stand: Stand) -> Answered:
    return Answered(stand=stand, sentence=how_it_ended(row, stand), message=row.message or "")


def _keep(session: Session, row: Outbox, **more: str | int) -> None:
    row.details = json.dumps({**details_of(row), **more})
    session.add(row)


def _owe_outcome(session: Session, row: Outbox, now: datetime) -> None:
    """Owe word of how it ended, for later: nobody needs it unless the bot is stopped before it could say so."""
    details: dict[str, Detail] = {"report": asked_report(row).name, "offer": row.key, "on": asked_on(row)}
    scene = Scene(session=session, now=now, authority=row.authority, rules=rules_in_force(session, row.authority))
    cause = Cause(key=f"{row.id}", details=details, not_before=now + TOLD_WITHIN)
    owe(scene, report_outcome, row.person_id, cause)
