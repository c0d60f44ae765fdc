"""What is rare is asked for all at once; of whatever there is one, it is said that there may be."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

from sqlalchemy import Engine
from sqlmodel import Session, SQLModel

from storage.authorities import Authority
from storage.child_checks import Checked, ChildCheck
from storage.children import Capacity, Child
from storage.concerns import Concern, ConcernState
from storage.database import transaction
from storage.handovers import Handover
from storage.news import News, NewsKind
from storage.people import Absence, Person
from storage.rare import Rare, may_be
from storage.reviews import Order, Review, ReviewState
from storage.stage_runs import Addressee, Part, RunKind, StageRun

AT = datetime(2026, 12, 9, 12, tzinfo=UTC)
DAY = AT.date()


def test_each_is_said_to_be_there_as_soon_as_there_is_one_and_only_to_its_own_authority(engine: Engine) -> None:
    with transaction(engine, "northshire") as session:
        _begin(session)
        assert not may_be(session, *Rare)
        rows = _rows()
        assert rows.keys() == {*Rare}
        for rare, row in rows.items():
            point = session.begin_nested()
            session.add(row)
            assert may_be(session, rare), rare
            point.rollback()
            assert not may_be(session, rare), rare
        session.add(rows[Rare.NEWS])
    with transaction(engine, "southshire", writes=False) as session:
        assert not may_be(session, *Rare)


def _begin(session: Session) -> None:
    """Two people, a child, a concern that waits, and the stage run at which it stands."""
    session.add_all(
        Authority(key=key, name=key, procedures_name="handbook", procedures_digest="-", created_at=AT)
        for key in ("northshire", "southshire")
    )
    session.add_all(Person(id=number, email=f"{number}@x.example", name=f"Person {number}") for number in (1, 2))
    session.add(Child(id=1, reference="AB-1", looked_after_from=DAY))
    session.flush()
    session.add(_concern(1, ConcernState.WAITING))
    session.flush()
    session.add(_run(1))
    session.flush()


def _rows() -> Mapping[Rare, SQLModel]:
    return {
        Rare.REVIEWS: Review(
            child_id=1,
            state=ReviewState.DUE,
            track="looked_after",
            order=Order.FIRST,
            rule="first",
            due_on=DAY,
            created_at=AT,
        ),
        Rare.NEWS: News(child_id=1, kind=NewsKind.MOVE, told_by_id=1, told_at=AT),
        Rare.DRAFTS: _concern(2, ConcernState.DRAFT),
        Rare.PROMISES: _run(2, plan_by=DAY),
        Rare.ADDITIONS: _part(Part.COPIED, adds_for_id=1),
        Rare.ALERTS: _part(Part.ALERTED),
        Rare.LOST_PLACES: _part(Part.ADDRESSED, lost_at=AT),
        Rare.GIVEN_PLACES: _part(Part.ADDRESSED, gave_way_at=AT),
        Rare.NOT_ON_RECORD: _concern(2, ConcernState.CLOSED),
        Rare.CHANGED: _concern(2, ConcernState.CLOSED, change_recorded=True),
        Rare.WITHOUT_CLOCK: _concern(2, ConcernState.WAITING, imported=True),
        Rare.HANDOVERS: Handover(at=AT),
        Rare.ABSENCES: Absence(person_id=1, from_on=DAY),
        Rare.ENDS_KNOWN: Person(id=3, email="3@x.example", name="Person 3", serves_until=DAY),
        Rare.WRONG_CHILDREN: ChildCheck(
            child_id=1, person_id=2, answer=Checked.NOT_MINE, answered_on=DAY, capacity=Capacity.IRO
        ),
    }


def _concern(number: int, state: ConcernState, *, change_recorded: bool = False, imported: bool = False) -> Concern:
    return Concern(
        number=number,
        child_id=1,
        iro_id=1,
        state=state,
        procedures_digest="-",
        drafted_at=AT,
        state_since=AT,
        change_recorded=change_recorded,
        imported=imported,
    )


def _run(cycle: int, plan_by: date | None = None) -> StageRun:
    return StageRun(
        id=cycle,
        concern_id=1,
        cycle=cycle,
        number=1,
        kind=RunKind.ENTRY,
        started_at=AT,
        counted_from=AT,
        plan_by=plan_by,
    )


def _part(
    part: Part, *, adds_for_id: int | None = None, lost_at: datetime | None = None, gave_way_at: datetime | None = None
) -> Addressee:
    return Addressee(
        run_id=1,
        concern_id=1,
        person_id=2,
        part=part,
        role="team_manager",
        added_at=AT,
        adds_for_id=adds_for_id,
        lost_at=lost_at,
        gave_way_at=gave_way_at,
    )
