"""What many messages are written from, read by sets: then none of them asks for it by itself."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from scheduling.working_days import local
from storage import children, people, stage_runs
from storage.concerns import Concern
from storage.outbox import Outbox
from storage.scope import hold_all

FEW = 3
"""Of so few messages each asks by itself: that costs less than to read all staff."""


def know_what_is_told(session: Session, rows: Sequence[Outbox], now: datetime) -> None:
    """All that writing these messages asks for: staff and who is away, concerns with their runs, parts and children."""
    if len(rows) <= FEW:
        return
    people.know_everyone(session, local(now).date())
    know_what_arrives(session, rows)
    told = (session.get(Concern, one) for one in {row.concern_id for row in rows} if one is not None)
    children.know(session, {one.child_id for one in told if one is not None and one.child_id is not None})


def know_what_arrives(session: Session, rows: Sequence[Outbox]) -> None:
    """All that the delivery of these messages asks for: concerns with their runs and parts."""
    if len(rows) <= FEW:
        return
    about = {row.concern_id for row in rows if row.concern_id is not None}
    hold_all(session, Concern, about)
    stage_runs.know(session, about)
