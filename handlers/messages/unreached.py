"""Messages whose reader cannot be reached: when they are looked for again, and that they are when they are linked."""

from datetime import datetime, timedelta

from sqlmodel import Session

from handlers.messages.message import Hours
from handlers.messages.table import MESSAGES
from handlers.office import rules_in_force
from scheduling.working_days import WorkingCalendar
from storage import outbox
from storage.outbox import Outbox
from storage.people import Person

URGENT_AFTER = timedelta(hours=1)
SOON = timedelta(minutes=1)


def look_again(session: Session, row: Outbox, now: datetime) -> datetime | None:
    """When their reader is looked for again: at the next opening, and in an hour for what is urgent.

    Never for a morning, or for what somebody had just asked for: who comes back asks again.
    """
    message = MESSAGES.get(row.kind)
    if message is None or message.hours is Hours.ANY:
        return None
    return now + URGENT_AFTER if message.is_urgent else _calendar(session, row.authority).next_opening(now + SOON)


def reachable(session: Session, person: Person, now: datetime) -> None:
    """Somebody has an account or a chat now: what could not reach them goes out, within working hours."""
    missed = outbox.unreached(session, person.id) if person.id is not None else []
    if not missed:
        return
    calendar = _calendar(session, person.authority)
    opening = now if calendar.is_open(now) else calendar.next_opening(now)
    for row in missed:
        message = MESSAGES.get(row.kind)
        row.look_again_at = now if message is not None and message.is_urgent else opening
        session.add(row)


def _calendar(session: Session, authority: str) -> WorkingCalendar:
    return rules_in_force(session, authority).calendar()
