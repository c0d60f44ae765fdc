"""The daily round of reviews: what changed with the calendar, the procedures or the day is planned, a few at a time."""

import logging
from datetime import datetime

from sqlalchemy import Engine
from sqlmodel import Session, select

from handlers.office import Scene, rules_in_force
from handlers.reviews.planning import children_to_plan, plan_review
from storage.children import Child
from storage.database import transaction

log = logging.getLogger(__name__)

BATCH = 5
"""Children planned in one transaction, so that nobody waits long for the lock."""


def plan_daily(engine: Engine, authority: str, now: datetime) -> int:
    """Plan for every child for whom the timetable asks for something else than is kept; returns how many.

    A child whose next review no law of the procedures counts is named in the log by the row's id, and left as it was.
    """
    with transaction(engine, authority, writes=False) as session:
        found = children_to_plan(_scene(session, authority, now))
    ids = found.ids
    for child_id, fault in found.faults.items():  # one child's rules must not stop the timetable of the others
        log.error("authority=%s child=%s The next review cannot be counted: %s", authority, child_id, fault)
    for start in range(0, len(ids), BATCH):
        with transaction(engine, authority) as session:
            for child_id in ids[start : start + BATCH]:
                query = select(Child).where(Child.id == child_id).with_for_update()
                plan_review(_scene(session, authority, now), session.exec(query).one())
    return len(ids)


def _scene(session: Session, authority: str, now: datetime) -> Scene:
    return Scene(session=session, now=now, authority=authority, rules=rules_in_force(session, authority))
