"""One message about to be sent: read from its row and rendered from the state as it now is."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot.called import Called
from bot.delivery.addresses import known_address, unreachable
from bot.delivery.lanes import Lane
from bot.delivery.works import Broken, Works, handled
from handlers.cards import Card
from handlers.messages.of_reports import file_name
from storage import addresses, people
from storage.outbox import Outbox, OutboxState
from storage.people import Person


@dataclass(frozen=True, kw_only=True)
class Job:
    """What the sender needs to know of a row, so that no row leaves the worker thread."""

    outbox_id: int
    key: str
    person_id: int
    email: str
    address: str | None
    attempts: int
    state: OutboxState
    attempted_at: datetime | None
    attempted_here: bool
    repeated: bool
    card: Card | None
    refusal: str | None  # why it cannot be sent to this person at all
    broken: bool  # it could not be rendered
    file: str  # what its file is called; nothing for messages without one

    @property
    def doubtful(self) -> bool:
        """Attempted before, without an answer: it may have arrived."""
        return self.state is OutboxState.ATTEMPTED


def job_of(session: Session, row: Outbox, lane: Lane, works: Works, now: datetime) -> Job:
    """Read and render one message for its lane."""
    person = people.get(session, row.person_id)
    refusal = unreachable(person, now)
    card, broken = None, False
    if refusal is None:
        try:
            card = handled(session, "rendering", lambda: works.render(session, row, now))
        except Broken:
            broken = True
    assert row.id is not None
    return Job(
        outbox_id=row.id,
        key=row.key,
        person_id=row.person_id,
        email=person.email if person else "",
        address=_address(session, person, lane, works.called(lane)) if person else None,
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


def _address(session: Session, person: Person, lane: Lane, called: Called) -> str | None:
    assert person.id is not None
    accounts = addresses.of_people(session, [person.id]).get(person.id, {})
    return known_address(person, accounts, lane, called)
