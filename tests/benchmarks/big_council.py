"""A council of any size in seconds: staff, children with their reviews, open concerns with who is asked, by sets."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, insert, update
from sqlmodel import Session, col, select

from handlers.office import rules_in_force
from scheduling.ladder import Rung
from storage.authorities import Authority
from storage.children import Allocation, Capacity, Child
from storage.concerns import OPEN_STATES, Concern, ConcernState
from storage.nudges import Nudge
from storage.people import Person, PersonRole
from storage.review_tasks import ReviewTask
from storage.reviews import Order, Review, ReviewState
from storage.scope import own_authority
from storage.stage_runs import Addressee, Part, RunKind, StageRun

CHILDREN_OF_AN_IRO, CHILDREN_OF_A_WORKER, WORKERS_OF_A_MANAGER = 60, 18, 7
STATES = (
    *[ConcernState.WAITING] * 6,
    ConcernState.ASKED,
    ConcernState.REPLIED,
    ConcernState.PLANNED,
    ConcernState.WAITING,
)
SINCE = date(2024, 1, 1)


@dataclass(frozen=True, kw_only=True)
class Staff:
    """Whose the children are, by id: IROs, workers, and of each worker the manager."""

    iros: Sequence[int]
    workers: Sequence[int]
    manager_of: Sequence[int]


def staff_for(session: Session, children: int) -> Staff:
    """As many as so many children need: managers report to nobody."""
    workers = -(-children // CHILDREN_OF_A_WORKER)
    managers = _hired(session, "manager", -(-workers // WORKERS_OF_A_MANAGER), "team_manager")
    above = [managers[at // WORKERS_OF_A_MANAGER] for at in range(workers)]
    return Staff(
        iros=_hired(session, "iro", -(-children // CHILDREN_OF_AN_IRO), "iro"),
        workers=_hired(session, "worker", workers, "social_worker", above),
        manager_of=above,
    )


def _hired(session: Session, what: str, number: int, role: str, above: Sequence[int] = ()) -> list[int]:
    rows = [
        {
            "email": f"{what}{at:05}@council.example",
            "name": f"{what.title()} {at:05}",
            "team": f"Team {at // WORKERS_OF_A_MANAGER}",
            "manager_id": above[at] if above else None,
        }
        for at in range(number)
    ]
    session.execute(insert(Person), rows)
    query = select(Person.id).where(col(Person.email).startswith(what, autoescape=True)).order_by(Person.email)
    ids = [one for one in session.exec(query) if one is not None]
    session.execute(insert(PersonRole), [{"person_id": one, "role": role, "from_on": SINCE} for one in ids])
    return ids


def grow(session: Session, staff: Staff, now: datetime, *, children: int, concerns: int) -> None:
    """Put in so many more children in care, each with a review to come and a task, and so many more open concerns."""
    known = _children(session, staff, now, children)
    if concerns:
        _concerns(session, staff, now, known, concerns)


def _children(session: Session, staff: Staff, now: datetime, number: int) -> list[int]:
    here, today = _last(session, Child.id), now.date()
    rows = [
        {
            "reference": f"BC-{at:06}",
            "looked_after_from": today - timedelta(days=250 + at % 500),
            "last_review_on": today - timedelta(days=1 + at % 150),
            "iro_id": staff.iros[at % len(staff.iros)],
            "holder_id": staff.workers[at % len(staff.workers)],
        }
        for at in range(here, here + number)
    ]
    session.execute(insert(Child), rows)
    query = select(Child.id).where(col(Child.reference) >= f"BC-{here:06}").order_by(Child.reference)
    ids = [one for one in session.exec(query.where(col(Child.reference).startswith("BC-"))) if one is not None]
    held = [
        {"child_id": child_id, "capacity": capacity, "person_id": row[key], "from_on": SINCE}
        for child_id, row in zip(ids, rows, strict=True)
        for capacity, key in ((Capacity.IRO, "iro_id"), (Capacity.HOLDER, "holder_id"))
    ]
    session.execute(insert(Allocation), held)
    _reviews(session, now, ids)
    return ids


def _reviews(session: Session, now: datetime, child_ids: Sequence[int]) -> None:
    """A review of each in the weeks around today, every second one booked; and its papers to be written."""
    first, today = _last(session, Review.id), now.date()
    rows = [
        {
            "child_id": child_id,
            "state": ReviewState.BOOKED if at % 2 else ReviewState.DUE,
            "track": "looked_after",
            "order": Order.LATER,
            "rule": "later",
            "due_on": today + timedelta(days=at % 60 - 5),
            "law_due_on": today + timedelta(days=at % 60 - 5),
            "booked_for": today + timedelta(days=at % 60 - 6) if at % 2 else None,
            "created_at": now,
        }
        for at, child_id in enumerate(child_ids)
    ]
    session.execute(insert(Review), rows)
    found = session.exec(select(Review.id, Review.child_id).where(col(Review.id) > first))
    tasks = [
        {
            "child_id": child_id,
            "review_id": ident,
            "task": "worker_report",
            "owner_role": "social_worker",
            "due_on": today + timedelta(days=(ident or 0) % 30 - 2),
        }
        for ident, child_id in found
    ]
    session.execute(insert(ReviewTask), tasks)


def _concerns(session: Session, staff: Staff, now: datetime, child_ids: Sequence[int], number: int) -> None:
    """Open ones in every state, with the deadline of those that wait planned."""
    first, before = _last(session, Concern.number), _last(session, Concern.id)
    digest = rules_in_force(session, own_authority(session)).digest
    manager = dict(zip(staff.workers, staff.manager_of, strict=True))
    rows = [
        {
            "number": first + 1 + at,
            "child_id": child_ids[at % len(child_ids)],
            "iro_id": staff.iros[at % len(staff.iros)],
            "state": STATES[at % len(STATES)],
            "procedures_digest": digest,
            "drafted_at": now - timedelta(days=at % 20),
            "raised_at": now - timedelta(days=at % 20),
            "state_since": now - timedelta(days=at % 5),
            "limit_from": now - timedelta(days=at % 20),
            "limit_at": now + timedelta(days=8 + at % 20),
            "highest_stage": 1,
        }
        for at in range(number)
    ]
    session.execute(insert(Concern), rows)
    query = select(Concern.id, Concern.state, col(Concern.drafted_at), Child.holder_id).join(Child)
    found = list(session.exec(query.where(col(Concern.id) > before).order_by(col(Concern.id))))
    runs = [
        {
            "concern_id": ident,
            "number": 1,
            "kind": RunKind.ENTRY,
            "started_at": drafted,
            "counted_from": drafted,
            "due_at": now + timedelta(days=at % 9 - 2, hours=5),
            "plan_by": now.date() + timedelta(days=at % 14) if state is ConcernState.PLANNED else None,
        }
        for at, (ident, state, drafted, _) in enumerate(found)
    ]
    session.execute(insert(StageRun), runs)
    at_run = select(StageRun.id).where(col(StageRun.concern_id) == col(Concern.id)).scalar_subquery()
    session.exec(update(Concern).where(col(Concern.id) > before).values(run_id=at_run))
    taken = update(Authority).where(col(Authority.key) == own_authority(session))
    session.exec(taken.values(last_concern_number=first + number))
    _asked(session, now, before, {ident: manager.get(holder or 0) or holder for ident, _, _, holder in found})


def _asked(session: Session, now: datetime, before: int, who: dict[int | None, int | None]) -> None:
    query = (
        select(col(StageRun.id), StageRun.concern_id, col(StageRun.due_at), Concern)
        .join(Concern, col(Concern.run_id) == col(StageRun.id))
        .where(col(Concern.id) > before)
    )
    found = list(session.exec(query))
    parts = [
        {
            "run_id": run_id,
            "concern_id": concern_id,
            "person_id": who[concern_id],
            "part": Part.ADDRESSED,
            "role": "team_manager",
            "added_at": now,
        }
        for run_id, concern_id, *_ in found
    ]
    session.execute(insert(Addressee), parts)
    nudges = [
        {
            "id": f"{run_id:032}",
            "due_at": due_at,
            "subject": f"concern:{concern.number}",
            "run_id": run_id,
            "rung": Rung.DEADLINE,
        }
        for run_id, _, due_at, concern in found
        if concern.state is ConcernState.WAITING and due_at is not None and due_at > now
    ]
    session.execute(insert(Nudge), nudges)


def _last(session: Session, column: int | None) -> int:
    return session.exec(select(func.max(col(column)))).one() or 0


def how_many_open(session: Session) -> int:
    """The open concerns."""
    return session.exec(select(func.count(col(Concern.id))).where(col(Concern.state).in_(OPEN_STATES))).one()
