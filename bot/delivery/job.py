"""One message about to be sent: read from its row, with what goes with it, and rendered from the state as it now is."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session

from bot.called import Called
from bot.delivery.addresses import unreachable
from bot.delivery.lanes import Lane
from bot.delivery.works import ALL_OR_NONE, Broken, Works, all_or_none
from handlers.cards import Card
from handlers.messages.letters import Told, all_buttons, together, with_each, with_it
from handlers.messages.of_reports import file_name
from handlers.messages.sending import subject_of
from storage import addresses, people
from storage.addresses import Address
from storage.outbox import Outbox, OutboxState
from storage.people import Person
from storage.scope import hold_all


@dataclass(frozen=True, kw_only=True)
class Part:
    """One row of a message, and what it says; without a card it is no longer needed, or `broken`.

    `overtakes`: whether it takes the buttons of what its reader has of the same subject, where that was asked.
    """

    outbox_id: int
    card: Card | None
    broken: bool = False
    overtakes: bool | None = None


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
    urgent: bool
    file: str  # what its file is called; nothing for messages without one
    renewed: bool = False  # their address was gone, and they were found once more for this message

    @property
    def doubtful(self) -> bool:
        """Attempted before, without an answer: it may have arrived."""
        return self.state is OutboxState.ATTEMPTED

    @property
    def is_plain(self) -> bool:
        """Whether nothing is left but to post it."""
        is_whole = self.card is not None and not (self.is_mixed or self.broken or self.file or self.card.attached)
        return is_whole and not self.doubtful and self.refusal is None and self.address is not None

    @property
    def is_mixed(self) -> bool:
        """Whether some of what would go together cannot go, or is no longer needed."""
        return len(self.parts) > 1 and any(part.card is None for part in self.parts)


def jobs_of(session: Session, rows: Sequence[Outbox], lane: Lane, works: Works, now: datetime) -> list[Job]:
    """Read and render messages for their lane, those there is time for, the first at least.

    Whatever fails over one of them is raised: then each is read alone.
    """
    started, jobs = works.monotonic(), list[Job]()
    with all_or_none(session):
        every = with_each(session, rows)
        works.know(session, [row for together in every for row in together], now)
        hold_all(session, Person, {row.person_id for row in rows})
        held = addresses.held_by(session, {row.person_id for row in rows}, lane.platform, lane.workspace)
        for one in every:
            if jobs and works.monotonic() - started > works.timing.together / 2:
                break
            jobs.append(_job(session, one, lane, works, now, held.get(one[0].person_id)))
    return jobs


def job_of(session: Session, row: Outbox, lane: Lane, works: Works, now: datetime) -> Job:
    """Read and render one message for its lane."""
    held = addresses.held(session, row.person_id, lane.platform, lane.workspace)
    return _job(session, with_it(session, row), lane, works, now, held)


def _job(
    session: Session, rows: Sequence[Outbox], lane: Lane, works: Works, now: datetime, held: Address | None
) -> Job:
    row = rows[0]
    person = people.get(session, row.person_id)
    refusal = unreachable(person, now)
    parts = tuple(_part(session, one, works, now) if refusal is None else _unread(one) for one in rows)
    card, broken = None, any(part.broken for part in parts)
    try:
        card = works.handled(session, "drawing together", lambda: _card(session, rows, parts, now))
    except Broken:
        broken = True
    address, open_at = _address(person, works.called(lane), held) if person else (None, None)
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
        urgent=row.urgent,
        file=file_name(row),
    )


def _part(session: Session, row: Outbox, works: Works, now: datetime) -> Part:
    """With many read at once it is asked here too whether it overtakes: what that needs is at hand."""
    part = _unread(row)
    try:
        card = works.handled(session, "rendering", lambda: works.render(session, row, now))
    except Broken:
        return replace(part, broken=True)
    if card is None or not session.info.get(ALL_OR_NONE):
        return replace(part, card=card)
    is_live = subject_of(row) is not None and bool(all_buttons(card))
    return replace(part, card=card, overtakes=works.overtakes(session, row, card, now) if is_live else None)


def _unread(row: Outbox) -> Part:
    assert row.id is not None
    return Part(outbox_id=row.id, card=None)


def _card(session: Session, rows: Sequence[Outbox], parts: Sequence[Part], now: datetime) -> Card | None:
    pairs = zip(rows, parts, strict=True)
    told = [Told(row=row, card=part.card) for row, part in pairs if part.card is not None]
    return together(session, told, now) if told and len(told) == len(parts) else None


def _address(person: Person, called: Called, held: Address | None) -> tuple[str | None, datetime | None]:
    if not called.has_accounts:
        return person.email, None
    return (held.account, held.open_at) if held is not None else (None, None)
