"""A council of which every open concern is late, or waits for its IRO, so that any of them can be made to fall due."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, delete, func, insert, update
from sqlmodel import col, select

from handlers.messages.subjects import of_concern
from scheduling.ladder import Rung
from storage.concerns import Concern, ConcernState
from storage.database import transaction
from storage.history import History
from storage.nudges import Nudge
from storage.outbox import Outbox
from storage.people import Person
from storage.stage_runs import Addressee, StageRun
from tests.bench import Bench, utc
from tests.benchmarks.big_council import grow, staff_for
from tests.cast import AUTHORITY, Cast

MORNING = utc("2026-12-07", "10:00")
DAYS = timedelta(days=9)
LATER = MORNING + DAYS
"""When they are late, where no other morning is given."""
PENDING = utc("2027-01-04", "10:00")
"""From then on what is planned and not due falls due."""


@dataclass(frozen=True)
class Late:
    """A concern with its stage run."""

    concern_id: int
    run_id: int

    @property
    def subject(self) -> str:
        """As a nudge names it."""
        return of_concern(self.concern_id)


@dataclass
class Council:
    """One at work. Each of its concerns is taken once: what has stepped on cannot fall due again."""

    engine: Engine
    cast: Cast
    later: datetime
    left: Iterator[Late]

    def take(self, number: int, state: ConcernState) -> list[Late]:
        """So many that nobody has taken, in that state."""
        taken = [next(self.left) for _ in range(number)]
        with transaction(self.engine, AUTHORITY) as session:
            session.exec(
                update(Concern).where(col(Concern.id).in_([one.concern_id for one in taken])).values(state=state)
            )
        return taken

    def plan(self, taken: Sequence[Late], rung: Rung) -> None:
        """Let them fall due at that step of the ladder."""
        rows = [
            {
                "due_at": self.later,
                "id": f"{one.run_id:032}",
                "subject": one.subject,
                "run_id": one.run_id,
                "rung": rung,
            }
            for one in taken
        ]
        with transaction(self.engine, AUTHORITY) as session:
            session.execute(insert(Nudge), rows)

    def owed(self) -> tuple[int, int, int]:
        """Messages, lines of history and nudges so far."""
        with transaction(self.engine, AUTHORITY, writes=False) as session:
            numbers = [
                session.exec(select(func.count()).select_from(table)).one() for table in (Outbox, History, Nudge)
            ]
        return numbers[0], numbers[1], numbers[2]


def late_council(engine: Engine, concerns: int, children: int, morning: datetime = MORNING) -> Council:
    """Children with so many open concerns, every addressee proved to have been asked, and nothing planned.

    They are late nine days after that morning.
    """
    cast = Bench(engine, morning, "nottinghamshire").cast
    with transaction(engine, AUTHORITY) as session:
        grow(session, staff_for(session, children), morning, children=children, concerns=concerns)
        head = Person(email="head@council.example", name="Head")
        session.add(head)
        session.flush()
        managers = col(Person.email).startswith("manager")
        session.exec(update(Person).where(managers).values(manager_id=head.id))
        session.exec(update(Person).values(welcomed_on=morning.date()))
        session.exec(update(Addressee).values(delivered_at=morning))
        session.exec(update(StageRun).values(due_at=morning + DAYS, extensions=1))
        session.exec(update(Concern).values(limit_at=None, limit_from=None))  # or the walk over open clocks plans them
        session.exec(delete(Nudge))
        found = session.exec(select(Concern.id, Concern.run_id).order_by(col(Concern.id)))
        left = [Late(concern or 0, run or 0) for concern, run in found]
    settled(engine)
    return Council(engine, cast, morning + DAYS, iter(left))


def settled(engine: Engine) -> None:
    """What a running PostgreSQL does by itself within a minute: it looks at what was put in."""
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("VACUUM ANALYZE")
