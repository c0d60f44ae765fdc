"""Whose turn it is in a lane: urgent messages first, then the others in the order they were owed."""

from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import BindParameter, and_, bindparam, func, or_
from sqlmodel import Session, col, select

from bot.delivery.addresses import Platforms, lane_of
from bot.delivery.lanes import Lane
from handlers.messages.of_reports import asked_on
from storage import addresses, outbox, people
from storage.addresses import Accounts
from storage.outbox import Outbox, OutboxState

BATCH = 50
NOTHING = timedelta()
# Written into the statement, not bound: otherwise SQLite passes over the partial index of what waits.
WAITING: BindParameter[tuple[OutboxState, ...]] = bindparam(
    "waiting", (OutboxState.OWED, OutboxState.ATTEMPTED), expanding=True, literal_execute=True
)


class Queue:
    """The messages of one lane during one turn. `lanes` are all those of the authority.

    Waits by the machine's clock: `ahead` is how far the service's day, by which messages are held for working hours,
    lies before it.
    """

    def __init__(self, lane: Lane, lanes: Sequence[Lane], platforms: Platforms, ahead: timedelta = NOTHING) -> None:
        self._lane = lane
        self._lanes = lanes
        self._platforms = platforms
        self._ahead = ahead
        self._batch: deque[int] = deque()

    def next(
        self, session: Session, now: datetime, resting: Collection[int], *, only_urgent: bool = False
    ) -> Outbox | None:
        """The next message for someone who is not resting; an urgent one overtakes at any time."""
        urgent = next(self._mine(session, now, resting, urgent=True), None)
        if urgent is not None or only_urgent:
            return urgent
        return self._from_batch(session, now, resting) or self._refilled(session, now, resting)

    def soonest(self, session: Session, now: datetime) -> datetime | None:
        """The next moment at which a message that has to wait may go."""
        waiting = and_(col(Outbox.state).in_(WAITING), col(Outbox.bundle_id).is_(None))
        paced = session.exec(select(func.min(Outbox.not_before)).where(waiting, col(Outbox.not_before) > now)).one()
        day = now + self._ahead
        held = session.exec(select(func.min(Outbox.held_until)).where(waiting, col(Outbox.held_until) > day)).one()
        return min((at for at in (paced, held - self._ahead if held is not None else None) if at), default=None)

    def _from_batch(self, session: Session, now: datetime, resting: Collection[int]) -> Outbox | None:
        while self._batch:
            row = outbox.get(session, self._batch.popleft())
            if row is not None and _may_go(row, now) and row.person_id not in resting:
                return row
        return None

    def _refilled(self, session: Session, now: datetime, resting: Collection[int]) -> Outbox | None:
        for row in self._mine(session, now, resting, urgent=False):
            assert row.id is not None
            self._batch.append(row.id)
            if len(self._batch) == BATCH:
                break
        return self._from_batch(session, now, resting)

    def _mine(self, session: Session, now: datetime, resting: Collection[int], *, urgent: bool) -> Iterator[Outbox]:
        """What may go now and belongs into this lane, page by page."""
        last = 0
        while True:
            page = waiting_now(session, now, now + self._ahead, urgent=urgent, resting=resting, after=last)
            accounts = self._accounts(session, page)
            yield from (row for row in page if self._belongs(session, row, accounts.get(row.person_id, {})))
            if len(page) < BATCH or page[-1].id is None:
                return
            last = page[-1].id

    def _accounts(self, session: Session, page: Sequence[Outbox]) -> Mapping[int, Accounts]:
        """Where those written to are known, asked once a page; with a single lane it decides nothing."""
        return addresses.of_people(session, {row.person_id for row in page}) if len(self._lanes) > 1 and page else {}

    def _belongs(self, session: Session, row: Outbox, accounts: Accounts) -> bool:
        """An attempted message stays where it was attempted, as long as that workspace is connected."""
        if len(self._lanes) == 1:
            return True
        for lane in self._lanes:
            if row.state is OutboxState.ATTEMPTED and (lane.platform, lane.workspace) == (
                row.platform,
                row.workspace,
            ):
                return lane == self._lane
        person = people.get(session, row.person_id)
        if person is None:
            return True
        return lane_of(person, accounts, self._lanes, self._platforms, wanted=asked_on(row)) == self._lane


def waiting_now(
    session: Session, now: datetime, day: datetime, *, urgent: bool, resting: Collection[int], after: int
) -> Sequence[Outbox]:
    """A page of what may be sent now, in order; `day` is the service's moment. What goes with another comes with it."""
    return session.exec(
        select(Outbox)
        .where(
            col(Outbox.state).in_(WAITING),
            col(Outbox.bundle_id).is_(None),
            col(Outbox.urgent) == urgent,
            col(Outbox.id) > after,
            or_(col(Outbox.not_before).is_(None), col(Outbox.not_before) <= now),
            outbox.not_held(day),
            col(Outbox.person_id).not_in(resting),
        )
        .order_by(col(Outbox.id))
        .limit(BATCH)
    ).all()


def _may_go(row: Outbox, now: datetime) -> bool:
    waits = row.state in (OutboxState.OWED, OutboxState.ATTEMPTED) and row.bundle_id is None
    return waits and (row.not_before is None or row.not_before <= now)
