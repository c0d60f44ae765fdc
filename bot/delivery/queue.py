"""Whose turn it is in a lane: urgent messages, what people have just done, what fell due, mornings."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import islice

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, func, or_
from sqlmodel import Session, col, select

from bot.delivery.addresses import Platforms, lane_of
from bot.delivery.lanes import Lane
from handlers.messages.of_mornings import your_day
from handlers.messages.of_reports import asked_on
from storage import addresses, outbox, people
from storage.addresses import Accounts
from storage.outbox import Outbox, OutboxState
from storage.people import Person
from storage.scope import hold_all

PAGE = 50
NOTHING = timedelta()
# Written into the statement, not bound: otherwise SQLite passes over the partial index of what waits.
WAITING: BindParameter[tuple[OutboxState, ...]] = bindparam(
    "waiting", (OutboxState.OWED, OutboxState.ATTEMPTED), expanding=True, literal_execute=True
)


class Line(StrEnum):
    """In which order messages go."""

    URGENT = "urgent"
    ACT = "what somebody has just done"
    FELL_DUE = "what fell due with others, or waited for working hours"
    MORNING = "the morning of many people at once"

    @property
    def holds(self) -> Sequence[ColumnElement[bool]]:
        """What is true of a message in this line."""
        is_urgent, is_morning = col(Outbox.urgent) == (self is Line.URGENT), col(Outbox.kind) == your_day.name
        if self is Line.URGENT:
            return (is_urgent,)
        if self is Line.MORNING:
            return is_urgent, is_morning
        is_act = and_(col(Outbox.held_until).is_(None), col(Outbox.fell_due_at).is_(None))
        return is_urgent, ~is_morning, is_act if self is Line.ACT else ~is_act


@dataclass(frozen=True, kw_only=True)
class Passed:
    """What is passed over: all to some people, some rows by their ids, and what is in doubt, unless it is urgent."""

    people: Collection[int] = ()
    rows: Collection[int] = ()
    doubtful: bool = False

    @property
    def leaves(self) -> Sequence[ColumnElement[bool]]:
        """What is true of the others."""
        told = col(Outbox.person_id).not_in(self.people), col(Outbox.id).not_in(self.rows)
        return (*told, or_(col(Outbox.state) == OutboxState.OWED, col(Outbox.urgent))) if self.doubtful else told


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

    def next(self, session: Session, now: datetime, passed: Passed, *, urgent: int, others: int) -> list[Outbox]:
        """What goes next, one message to each person: so many urgent ones, and so many others.

        Urgent ones come first, then what people did, what fell due, and mornings; each in the order it was owed in.
        """
        found: dict[int, Outbox] = {}
        for line in Line:
            room = max((urgent if line is Line.URGENT else others) - len(found), 0)
            if room:
                found.update(
                    (row.person_id, row) for row in islice(self._others(session, now, passed, line, found), room)
                )
        return list(found.values())

    def _others(
        self, session: Session, now: datetime, passed: Passed, line: Line, found: Mapping[int, Outbox]
    ) -> Iterator[Outbox]:
        """Those of a line whose readers get nothing else just now."""
        taken: set[int] = set()
        for row in self._mine(session, now, passed, line):
            if row.person_id not in found and row.person_id not in taken:
                taken.add(row.person_id)
                yield row

    def soonest(self, session: Session, now: datetime) -> datetime | None:
        """The next moment at which a message that has to wait may go."""
        waiting = and_(col(Outbox.state).in_(WAITING), col(Outbox.bundle_id).is_(None))
        paced = session.exec(select(func.min(Outbox.not_before)).where(waiting, col(Outbox.not_before) > now)).one()
        day = now + self._ahead
        held = session.exec(select(func.min(Outbox.held_until)).where(waiting, col(Outbox.held_until) > day)).one()
        return min((at for at in (paced, held - self._ahead if held is not None else None) if at), default=None)

    def _mine(self, session: Session, now: datetime, passed: Passed, line: Line) -> Iterator[Outbox]:
        """What may go now and belongs into this lane, page by page."""
        last = 0
        while True:
            page = waiting_now(session, now, now + self._ahead, line, passed, after=last)
            accounts = self._accounts(session, page)
            yield from (row for row in page if self._belongs(session, row, accounts.get(row.person_id, {})))
            if len(page) < PAGE or page[-1].id is None:
                return
            last = page[-1].id

    def _accounts(self, session: Session, page: Sequence[Outbox]) -> Mapping[int, Accounts]:
        """Where those written to are known, asked with who they are once a page; with one lane it decides nothing."""
        if len(self._lanes) == 1 or not page:
            return {}
        readers = {row.person_id for row in page}
        hold_all(session, Person, readers)
        return addresses.of_people(session, readers)

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
    session: Session, now: datetime, day: datetime, line: Line, passed: Passed, *, after: int
) -> Sequence[Outbox]:
    """A page of what may be sent now, in order; `day` is the service's moment. What goes with another comes with it."""
    return session.exec(
        select(Outbox)
        .where(
            col(Outbox.state).in_(WAITING),
            col(Outbox.bundle_id).is_(None),
            *line.holds,
            col(Outbox.id) > after,
            or_(col(Outbox.not_before).is_(None), col(Outbox.not_before) <= now),
            outbox.not_held(day),
            *passed.leaves,
        )
        .order_by(col(Outbox.id))
        .limit(PAGE)
    ).all()
