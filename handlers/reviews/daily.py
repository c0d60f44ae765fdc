"""The daily round of reviews: what changed with the calendar, the procedures or the day is planned, a few at a time."""

from datetime import datetime

from sqlalchemy import Engine
from sqlmodel import Session, select

from handlers.office import Scene, rules_in_force
from handlers.reviews.planning import children_to_plan, plan_review
from storage.children import Child
from storage.database import transaction

BATCH = 50
"""Children planned in one transaction, so that nobody waits long for the lock."""


def plan_daily(engine: Engine, authority: str, now: datetime) -> int:
    """Plan for every child for whom the timetable asks for something else than is kept; returns how many."""
    with transaction(engine, authority, writes=False) as session:
        ids = children_to_plan(_scene(session, authority, now))
    for start in range(0, len(ids), BATCH):
        with transaction(engine, authority) as session:
            for child_id in ids[start : start + BATCH]:
                query = select(Child).where(Child.id == child_id).with_for_update()
                plan_review(_scene(session, authority, now), session.exec(query).one())
    return len(ids)


def _scene(session: Session, authority: str, now: datetime) -> Scene:
    return Scene(session=session, now=now, authority=authority, rules=rules_in_force(session, authority))
