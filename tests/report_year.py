"""A whole made-up service with five years of reviews and one of concerns, as large as a small authority's."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from sqlalchemy import Engine, insert
from sqlmodel import Session, SQLModel

from handlers.office import rules_in_force
from scheduling.procedures import Procedures
from scheduling.working_days import at_local
from storage.children import Allocation, Capacity, Child
from storage.concerns import Concern, ConcernReason, ConcernState, Lasted, Outcome
from storage.contacts import Contact, ContactKind
from storage.database import transaction
from storage.people import Person, PersonRole
from storage.praise import Praise, PraiseTo
from storage.replies import Extension
from storage.review_tasks import ReviewTask
from storage.reviews import Chaired, Order, Participation, Review, ReviewMove, ReviewState
from storage.stage_runs import Addressee, Part, RunKind, StageRun
from tests.cast import AUTHORITY, IRO, SERVICE_MANAGER, TEAM_MANAGER, Cast, settle

YEAR = "2025-26"
NOW = datetime(2026, 6, 10, 9, tzinfo=UTC)
FIRST_YEAR, LAST_YEAR = 2021, 2025
OFFICERS = (
    ("Bola Ayoade", 1.0), ("Carys Penn", 0.6), ("Dev Rana", 1.0), ("Erin Sharp", 0.8), ("Femi Cole", 1.0),
)  # fmt: skip
LATE = ("Lack of documents", "Sickness of the IRO", "Placement moved at short notice", "Bad weather")
TEAMS = ("North team", "South team", "Leaving care")
CHILDREN = 300
CONCERNS = 140
QUOTED = "She rang the school before anybody asked, and the plan changed that week."
Rows = list[dict[str, object]]


def settled(engine: Engine, procedures: str = "rotherham") -> Cast:
    """Fill an empty database; the same rows every time."""
    cast = settle(engine, procedures, now=NOW)
    chance = Random(2026)  # noqa: S311 - no secret is made of it
    with transaction(engine, AUTHORITY) as session:
        rules = rules_in_force(session, AUTHORITY)
        officers = [cast.people[IRO], *_officers(session)]
        children = _children(session, chance, officers, cast)
        reviews = list(_reviews(chance, children))
        _put(session, Review, reviews)
        _put(session, ReviewTask, list(_tasks(chance, reviews)))
        _put(session, ReviewMove, list(_moves(chance, reviews)))
        _put(session, Contact, list(_contacts(chance, children, officers)))
        _put(session, Praise, list(_praise(cast)))
        for rows in _concerns(chance, rules, children, cast).items():
            _put(session, *rows)
    return cast


def _put(session: Session, table: type[SQLModel], rows: Rows) -> None:
    if rows:
        session.execute(insert(table), [{"authority": AUTHORITY, **row} for row in rows])


def _officers(session: Session) -> list[int]:
    made = [
        Person(
            authority=AUTHORITY, email=f"{name.split()[0].lower()}@anyshire.example", name=name, fte=fte, team="IROs"
        )
        for name, fte in OFFICERS
    ]
    session.add_all(made)
    session.flush()
    ids = [one.id for one in made if one.id is not None]
    session.add_all(PersonRole(authority=AUTHORITY, person_id=one, role="iro", from_on=date(2000, 1, 1)) for one in ids)
    return ids


def _children(session: Session, chance: Random, officers: list[int], cast: Cast) -> list[int]:
    made = []
    for number in range(CHILDREN):
        came = date(2018, 1, 1) + timedelta(chance.randrange(2900))
        stays = chance.random() < 0.7
        made.append(
            Child(
                authority=AUTHORITY,
                reference=f"CH-{10000 + number}",
                looked_after_from=came,
                left_care_on=None if stays else min(date(2026, 3, 1), came + timedelta(chance.randrange(200, 1500))),
                iro_id=officers[number % len(officers)],
            )
        )
    session.add_all(made)
    session.flush()
    ids = [one.id for one in made if one.id is not None]
    allocations: Rows = []
    for place, (one, child_id) in enumerate(zip(made, ids, strict=True)):
        assert one.looked_after_from is not None
        since = one.looked_after_from
        if place % 25 == 0 and since < date(2025, 9, 1):
            other = officers[(place + 1) % len(officers)]
            allocations.append(_allocated(child_id, other, since, date(2025, 10, 1)))
            since = date(2025, 10, 1)
        allocations.append(_allocated(child_id, officers[place % len(officers)], since, None))
    _put(session, Allocation, allocations)
    return ids


def _allocated(child_id: int, person_id: int, first: date, last: date | None) -> dict[str, object]:
    return {"child_id": child_id, "capacity": Capacity.IRO, "person_id": person_id, "from_on": first, "to_on": last}


def _reviews(chance: Random, children: list[int]) -> Iterator[dict[str, object]]:
    codes = [Participation(f"PN{n}") for n in (0, 1, 1, 1, 1, 1, 2, 3, 4, 5, 6, 6, 6, 6, 7)]
    number = 0
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        timely = {2021: 0.97, 2022: 0.92, 2023: 0.86, 2024: 0.93, 2025: 0.955}[year]
        for child in chance.sample(children, 190 + 8 * (year - FIRST_YEAR)):
            for half in (0, 182):
                number += 1
                held = date(year, 4, 1) + timedelta(half + chance.randrange(180))
                in_time = chance.random() < timely
                yield {
                    "id": number,
                    "child_id": child,
                    "state": ReviewState.HELD,
                    "track": "looked_after",
                    "order": Order.LATER,
                    "rule": "later",
                    "due_on": held + timedelta(3) if in_time else held - timedelta(6),
                    "created_at": NOW,
                    "held_on": held,
                    "completed_on": held,
                    "in_time": in_time,
                    "late_reason": None if in_time else chance.choice((*LATE, LATE[0], None)),
                    "participation": chance.choice(codes),
                    "chaired": Chaired.CO_CHAIRED if chance.random() < 0.1 else None,
                    "took_part": ",".join(one for one in ("mother", "father", "carers") if chance.random() < 0.5),
                    "imported": year < 2024,
                }


def _tasks(chance: Random, reviews: Rows) -> Iterator[dict[str, object]]:
    for one in reviews:
        held = one["held_on"]
        assert isinstance(held, date)
        for task, days, likely in (("midway", 90, 0.6), ("record_sent", 28, 0.8), ("seen", -10, 0.7)):
            due = held + timedelta(days)
            yield {
                "child_id": one["child_id"],
                "review_id": one["id"],
                "task": task,
                "owner_role": "iro",
                "due_on": due,
                "done_on": due if chance.random() < likely else None,
            }


def _moves(chance: Random, reviews: Rows) -> Iterator[dict[str, object]]:
    for one in chance.sample(reviews, 60):
        held = one["held_on"]
        assert isinstance(held, date)
        yield {
            "review_id": one["id"],
            "from_on": held - timedelta(4),
            "to_on": held,
            "reason": chance.choice(("The child asked", "School holidays", "Lack of documents")),
            "moved_at": NOW,
        }


def _contacts(chance: Random, children: list[int], officers: list[int]) -> Iterator[dict[str, object]]:
    for _ in range(240):
        yield {
            "child_id": chance.choice(children),
            "kind": chance.choice(list(ContactKind)),
            "happened_on": date(2025, 4, 1) + timedelta(chance.randrange(365)),
            "by_id": chance.choice(officers),
            "team": chance.choice(TEAMS),
            "recorded_at": NOW,
        }


def _praise(cast: Cast) -> Iterator[dict[str, object]]:
    for number in range(17):
        yield {
            "recipient": PraiseTo.WORKER,
            "person_id": cast.people[TEAM_MANAGER],
            "team": TEAMS[number % 2],
            "words": QUOTED if number == 3 else None,
            "quotable": number == 3,
            "by_id": cast.people[IRO],
            "sent_at": datetime(2025, 4 + number // 2, 9, 10, tzinfo=UTC),
        }


def _concerns(chance: Random, rules: Procedures, children: list[int], cast: Cast) -> Mapping[type[SQLModel], Rows]:
    made: dict[type[SQLModel], Rows] = {one: [] for one in (Concern, ConcernReason, StageRun, Addressee, Extension)}
    for number in range(1, CONCERNS + 1):
        day = date(2025, 4, 1) + timedelta(chance.randrange(360))
        highest = chance.choice((0, 0, 0, 1, 1, 1, 1, 2, 2, 3))
        lowest = 0 if chance.random() < 0.6 else min(highest, 1)
        closed = chance.random() < 0.8
        raised = at_local(day, time(10))
        made[Concern].append(
            {
                "id": number,
                "number": number,
                "child_id": chance.choice(children) if number % 30 else None,
                "about_service": number % 30 == 0,
                "iro_id": cast.people[IRO],
                "team": TEAMS[number % 3],
                "state": ConcernState.CLOSED if closed else ConcernState.WAITING,
                "procedures_digest": rules.digest,
                "drafted_at": raised,
                "raised_at": raised,
                "state_since": raised,
                "highest_stage": highest,
                "closed_at": raised + timedelta(30) if closed else None,
                "outcome": chance.choice(list(Outcome)) if closed else None,
                "change_recorded": closed and chance.random() < 0.7,
                "lasted": chance.choice((Lasted.YES, Lasted.NO, None)) if closed else None,
                "agency": "Health" if number % 17 == 0 else None,
            }
        )
        _reasons(chance, rules, number, highest, made[ConcernReason])
        for stage in range(lowest, highest + 1):
            _run(chance, number, stage, raised + timedelta(9 * (stage - lowest)), cast, made)
        made[Concern][-1]["run_id"] = len(made[StageRun])
    return made


def _reasons(chance: Random, rules: Procedures, number: int, highest: int, rows: Rows) -> None:
    keys = [one.key for one in rules.categories if one.used_at(highest)]
    weights = [1 / (place + 1) for place in range(len(keys))]
    for place, key in enumerate(dict.fromkeys(chance.choices(keys, weights, k=chance.choice((1, 1, 2))))):
        rows.append({"concern_id": number, "reason": key, "main": place == 0})


def _run(
    chance: Random, concern: int, stage: int, started: datetime, cast: Cast, made: dict[type[SQLModel], Rows]
) -> None:
    run = len(made[StageRun]) + 1
    due = started + timedelta(14) if stage else None
    made[StageRun].append(
        {
            "id": run,
            "concern_id": concern,
            "number": stage,
            "kind": RunKind.ENTRY,
            "started_at": started,
            "counted_from": started,
            "due_at": due,
        }
    )
    who, role = (TEAM_MANAGER, "team_manager") if stage < 2 else (SERVICE_MANAGER, "service_manager")
    made[Addressee].append(
        {
            "run_id": run,
            "concern_id": concern,
            "person_id": cast.people[who],
            "part": Part.ADDRESSED,
            "role": role,
            "added_at": started,
            "replied_at": started + timedelta(chance.randrange(1, 24)) if chance.random() < 0.85 else None,
        }
    )
    if run % 20 == 0 and due is not None:
        made[Extension].append(
            {
                "concern_id": concern,
                "run_id": run,
                "before_at": due,
                "after_at": due + timedelta(5),
                "agreed_by_id": cast.people[IRO],
                "agreed_at": started,
            }
        )
