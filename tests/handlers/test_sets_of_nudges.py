"""A set of nudges takes few statements, as many for fifty as for ten; whichever step of the ladder they are."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from sqlite3 import Connection

import pytest
from sqlalchemy import Engine, delete, event, insert, update
from sqlmodel import Session, col, select

from handlers.messages.subjects import of_concern, of_review
from handlers.tick import fire
from scheduling.ladder import Rung
from scheduling.sweep import Sweep
from storage.children import Child
from storage.concerns import Concern, ConcernState
from storage.database import transaction
from storage.nudges import Nudge
from storage.outbox import Outbox
from storage.people import Person
from storage.reviews import Review
from storage.stage_runs import Addressee, Part, RunKind, StageRun
from tests.bench import Bench, utc
from tests.benchmarks.big_council import grow, staff_for
from tests.cast import AUTHORITY
from tests.databases import copied, paste, sqlite_engine

MORNING = utc("2026-12-07", "10:00")
LATER = MORNING + timedelta(days=9)
BUDGET = 40
FEW, MANY = 10, 50
CHILDREN = 60


def _standing(session: Session, state: ConcernState, **of_run: object) -> None:
    session.exec(update(Concern).values(state=state))
    if of_run:
        session.exec(update(StageRun).values(**of_run))


def _late(session: Session) -> None:
    _standing(session, ConcernState.WAITING, due_at=LATER, extensions=1)


def _informal(session: Session) -> None:
    _standing(session, ConcernState.WAITING, number=0, due_at=None)


def _alerted(session: Session) -> None:
    _standing(session, ConcernState.ASKED)
    for part in session.exec(select(Addressee)).all():
        session.add(_part(part.concern_id, part.run_id, part.person_id))


def _part(concern_id: int | None, run_id: int | None, person_id: int | None) -> Addressee:
    return Addressee(
        run_id=run_id or 0,
        concern_id=concern_id or 0,
        person_id=person_id or 0,
        part=Part.ALERTED,
        role="social_worker",
        added_at=MORNING,
    )


def _unseen(session: Session) -> None:
    _standing(session, ConcernState.WAITING, kind=RunKind.IMMEDIATE, due_at=LATER + timedelta(days=1))


def _undecided(session: Session) -> None:
    _standing(session, ConcernState.ASKED)


def _planned(session: Session) -> None:
    _standing(session, ConcernState.PLANNED, plan_by=MORNING.date())


def _over(session: Session) -> None:
    since = MORNING - timedelta(days=60)
    session.exec(update(Concern).values(state=ConcernState.WAITING, limit_at=LATER, limit_from=since))


def _left(session: Session) -> None:
    """Those asked have left: who is above them fills their places."""
    _standing(session, ConcernState.WAITING)
    session.exec(update(Person).where(_ARE_MANAGERS).values(left_on=MORNING.date()))


_ARE_MANAGERS = col(Person.email).startswith("manager")


def _sent(session: Session) -> None:
    holder = select(Child.holder_id).where(col(Child.id) == col(Review.child_id)).scalar_subquery()
    manager = select(Person.manager_id).where(col(Person.id) == holder).scalar_subquery()
    session.exec(update(Review).values(decisions_sent_at=MORNING, decisions_to_id=manager))


def _delivered(session: Session) -> None:
    _sent(session)
    session.exec(update(Review).values(decisions_delivered_at=MORNING, decisions_answer_due_at=LATER))


@dataclass(frozen=True)
class Step:
    """A step of the ladder, and how all stand for whom it comes; `tells`: somebody reads of it."""

    rung: Rung
    stand: Callable[[Session], None]
    tells: bool = True


STEPS = (
    Step(Rung.DEADLINE, _late),
    Step(Rung.INFORMAL, _informal),
    Step(Rung.NEXT_SENIOR, _alerted),
    Step(Rung.UNSEEN, _unseen),
    Step(Rung.DECISION, _undecided),
    Step(Rung.VERDICT, _undecided),
    Step(Rung.PLAN, _planned),
    Step(Rung.LIMIT_NEAR, _over, tells=False),
    Step(Rung.LIMIT_PASSED, _over),
    Step(Rung.PLACES, _left),
    Step(Rung.DECISIONS_UNPROVEN, _sent),
    Step(Rung.DECISIONS_SILENT, _delivered, tells=False),
)


@pytest.fixture
def council(tmp_path: Path) -> Iterator[Engine]:
    """A council at work, made once and copied."""
    for engine in sqlite_engine(tmp_path):
        if not _MADE:
            _council(engine)
            _MADE.append(copied(engine))
        yield engine


_MADE: list[Connection] = []


def _council(engine: Engine) -> None:
    Bench(engine, MORNING, "nottinghamshire")
    with transaction(engine, AUTHORITY) as session:
        grow(session, staff_for(session, CHILDREN), MORNING, children=CHILDREN, concerns=CHILDREN)
        head = Person(email="head@council.example", name="Head")
        session.add(head)
        session.flush()
        session.exec(update(Person).where(_ARE_MANAGERS).values(manager_id=head.id))
        session.exec(update(Person).values(welcomed_on=MORNING.date()))
        session.exec(update(Addressee).values(delivered_at=MORNING))
        session.exec(delete(Nudge))


def test_every_step_of_the_ladder_is_declared_here() -> None:
    assert {step.rung for step in STEPS} | {Rung.DAY} == {*Rung}


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.rung.value)
def test_a_set_takes_forty_statements_at_most_the_same_for_ten_as_for_fifty(council: Engine, step: Step) -> None:
    paste(_MADE[0], council)
    few = _statements(council, step, FEW)
    paste(_MADE[0], council)
    many = _statements(council, step, MANY)
    assert len(many) <= BUDGET, many
    assert len(few) == len(many), sorted({*many} ^ {*few})


def test_so_it_is_on_each_database(engine: Engine) -> None:
    _council(engine)
    assert len(_statements(engine, STEPS[0], MANY)) <= BUDGET + 1, "PostgreSQL is told besides how long to wait"


def _statements(engine: Engine, step: Step, number: int) -> list[str]:
    with transaction(engine, AUTHORITY) as session:
        step.stand(session)
        session.execute(insert(Nudge), _due(session, step.rung, number))
    asked: list[str] = []

    def note(*given: object) -> None:
        asked.append(str(given[2]))

    sweep = Sweep(engine, fire)
    sweep._paces[AUTHORITY].size = number
    event.listen(engine, "before_cursor_execute", note)
    try:
        sweep.turn(LATER + timedelta(seconds=1))
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert sweep.counters.failed == 0
    assert sweep.counters.fired == number
    with transaction(engine, AUTHORITY, writes=False) as session:
        told = session.exec(select(Outbox.concern_id, Outbox.details)).all()
    about = {concern or json.loads(details).get("child") for concern, details in told}
    assert len(about) == (number if step.tells else 0)
    return asked


def _due(session: Session, rung: Rung, number: int) -> list[dict[str, object]]:
    if rung in (Rung.DECISIONS_SILENT, Rung.DECISIONS_UNPROVEN):
        about: list[tuple[str, int | None]] = [
            (of_review(one), None) for one in session.exec(select(Review.id).order_by(col(Review.id)))
        ]
    else:
        found = session.exec(select(Concern.id, Concern.run_id).order_by(col(Concern.id)))
        about = [(of_concern(one), run) for one, run in found]
    return [
        {"due_at": LATER, "id": f"{at:032}", "subject": subject, "run_id": run, "rung": rung}
        for at, (subject, run) in enumerate(about[:number])
    ]
