"""One message about to be sent: read from its row, with what goes with it, and rendered from the state as it now is."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session

from bot.called import Called
from bot.delivery.addresses import unreachable
from bot.delivery.lanes import Lane
from bot.delivery.works import Broken, Works, handled
from handlers.cards import Card
from handlers.messages.letters import Told, together, with_it
from handlers.messages.of_reports import file_name
from storage import addresses, people
from storage.outbox import Outbox, OutboxState
from storage.people import Person


@dataclass(frozen=True, kw_only=True)
class Part:
    """One row of a message, and what it says; without a card it is no longer needed, or `broken`."""

    outbox_id: int
    card: Card | None
    broken: bool = False


@dataclass(frozen=True, kw_only=True)
class Job:
    """What the sender needs to know of a message, so that no row leaves the worker thread.

    Its first part is the row by which it is known on the platform, and with which the others go.
    """

    outbox_id: int
    parts: tuple[Part, ...]
    key: str
    person_id: int
    email: str
    address: str | None
    open_at: datetime | None  # when their account was last known to be open
    attempts: int
    state: OutboxState
    attempted_at: datetime | None
    attempted_here: bool
    repeated: bool
    card: Card | None  # all of it, where every part has its own
    refusal: str | None  # why it cannot be sent to this person at all
    broken: bool  # it could not be rendered
    file: str  # what its file is called; nothing for messages without one
    renewed: bool = False  # their address was gone, and they were found once more for this message

    @property
    def doubtful(self) -> bool:
        """Attempted before, without an answer: it may have arrived."""
        return self.state is OutboxState.ATTEMPTED

    @property
    def is_mixed(self) -> bool:
        """Whether some of what would go together cannot go, or is no longer needed."""
        return len(self.parts) > 1 and any(part.card is None for part in self.parts)


def job_of(session: Session, row: Outbox, lane: Lane, works: Works, now: datetime) -> Job:
    """Read and render one message for its lane."""
    person = people.get(session, row.person_id)
    refusal = unreachable(person, now)
    rows = with_it(session, row)
    parts = tuple(_part(session, one, works, now) if refusal is None else _unread(one) for one in rows)
    card, broken = None, any(part.broken for part in parts)
    try:
        card = handled(session, "drawing together", lambda: _card(session, rows, parts, now))
    except Broken:
        broken = True
    address, open_at = _address(session, person, lane, works.called(lane)) if person else (None, None)
    assert row.id is not None
    return Job(
        outbox_id=row.id,
        parts=parts,
        key=row.key,
        person_id=row.person_id,
        email=person.email if person else "",
        address=address,
        open_at=open_at,
        attempts=row.attempts,
        state=row.state,
        attempted_at=row.attempted_at,
        attempted_here=(row.platform, row.workspace) == (lane.platform, lane.workspace),
        repeated=row.repeated,
        card=card,
        refusal=refusal,
        broken=broken,
        file=file_name(row),
    )


def _part(session: Session, row: Outbox, works: Works, now: datetime) -> Part:
    part = _unread(row)
    try:
        return replace(part, card=handled(session, "rendering", lambda: works.render(session, row, now)))
    except Broken:
        return replace(part, broken=True)


def _unread(row: Outbox) -> Part:
    assert row.id is not None
    return Part(outbox_id=row.id, card=None)


def _card(session: Session, rows: Sequence[Outbox], parts: Sequence[Part], now: datetime) -> Card | None:
    pairs = zip(rows, parts, strict=True)
    told = [Told(row=row, card=part.card) for row, part in pairs if part.card is not None]
    return together(session, told, now) if told and len(told) == len(parts) else None


def _address(session: Session, person: Person, lane: Lane, called: Called) -> tuple[str | None, datetime | None]:
    if not called.has_accounts:
        return person.email, None
    assert person.id is not None
    held = addresses.held(session, person.id, lane.platform, lane.workspace)
    return (held.account, held.open_at) if held is not None else (None, None)
