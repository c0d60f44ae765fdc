"""Concerns of which each asks another manager, and the message to each of them is owed; with the product's handlers."""

from datetime import timedelta

from sqlalchemy import insert, update
from sqlmodel import Session, col, select

from bot.delivery.sender import Sender
from bot.delivery.timing import Timing
from bot.delivery.works import Works
from handlers.messages.knowing import know_what_arrives, know_what_is_told
from handlers.messages.sending import delivered, overtakes, render, shrunk, undeliverable
from storage import addresses, outbox
from storage.concerns import Concern, ConcernState
from storage.connections import ANY_DOMAIN, Connection
from storage.database import transaction
from storage.outbox import Outbox
from storage.people import Person, PersonRole
from storage.stage_runs import Addressee, StageRun
from tests.bench import Bench
from tests.benchmarks.big_council import SINCE, Staff, grow
from tests.bot.post_office import MovedClock, Street
from tests.cast import AUTHORITY, IRO

KIND = "needs reply"


def ask_many(bench: Bench, number: int) -> list[str]:
    """So many concerns, and what is owed to those asked, whose accounts are open; gives the keys of the messages."""
    with transaction(bench.engine, AUTHORITY) as session:
        known = session.exec(select(Connection).where(Connection.workspace == "T1")).first()
        if known is None:
            session.add(Connection(platform="slack", workspace="T1", installed_at=bench.now, set_domains=ANY_DOMAIN))
        staff = _staff(bench, session, number)
        grow(session, staff, bench.now, children=number, concerns=number)
        due = bench.now + timedelta(days=4)
        session.exec(update(Concern).where(col(Concern.id) > 0).values(state=ConcernState.WAITING))
        session.exec(
            update(StageRun).where(col(StageRun.id) > 0).values(due_at=due, plan_by=None, counted_from=bench.now)
        )
    return owe_again(bench, f"asked of {number}", least=number)


def owe_again(bench: Bench, cause: str, kind: str = KIND, least: int | None = None) -> list[str]:
    """Owe everybody who is asked one message more, or those who were asked last."""
    with transaction(bench.engine, AUTHORITY) as session:
        query = select(Addressee).where(col(Addressee.replied_at).is_(None))
        asked = session.exec(query.order_by(col(Addressee.id).desc()).limit(least)).all()
        rows = [
            Outbox(
                key=f"{cause}:{one.id}",
                kind=kind,
                person_id=one.person_id,
                concern_id=one.concern_id,
                run_id=one.run_id,
                owed_at=bench.now,
            )
            for one in asked
        ]
        fresh = outbox.fresh(session, rows)
        outbox.add(session, fresh)
        return [row.key for row in fresh]


def _staff(bench: Bench, session: Session, number: int) -> Staff:
    managers = _hired(session, f"m{number}-", number, "team_manager")
    workers = _hired(session, f"w{number}-", number, "social_worker", managers)
    for person_id in managers:
        addresses.link(session, person_id, "slack", "T1", f"U{person_id}", bench.now)
    return Staff(iros=[bench.cast.people[IRO]], workers=workers, manager_of=managers)


def _hired(session: Session, what: str, number: int, role: str, above: list[int] | None = None) -> list[int]:
    rows = [
        {
            "email": f"{what}{at}@anyshire.example",
            "name": f"{what.upper()} {at}",
            "manager_id": above[at] if above is not None else None,
        }
        for at in range(number)
    ]
    session.execute(insert(Person), rows)
    query = select(Person.id).where(col(Person.email).in_([row["email"] for row in rows])).order_by(col(Person.id))
    ids = [one for one in session.exec(query) if one is not None]
    session.execute(insert(PersonRole), [{"person_id": one, "role": role, "from_on": SINCE} for one in ids])
    return ids


def sender_at(bench: Bench, street: Street, clock: MovedClock, timing: Timing | None = None) -> Sender:
    """A sender with the product's own handlers."""
    return Sender(
        Works(
            engine=bench.engine,
            clock=clock,
            day=clock,
            monotonic=clock.monotonic,
            platforms={street.called.name: street},
            render=render,
            shrunk=shrunk,
            overtakes=overtakes,
            delivered=delivered,
            undeliverable=undeliverable,
            know=know_what_is_told,
            know_arrived=know_what_arrives,
            timing=timing or Timing(),
        )
    )
