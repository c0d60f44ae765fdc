"""What many messages are written from, read by sets: then none of them asks for it by itself."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from scheduling.working_days import local
from storage import people, stage_runs
from storage.children import Child
from storage.concerns import Concern
from storage.outbox import Outbox
from storage.scope import at_hand
from storage.stage_runs import StageRun

FEW = 3
"""Of so few messages each asks by itself: that costs less than to read all staff."""


def know_what_is_told(session: Session, rows: Sequence[Outbox], now: datetime) -> None:
    """All that writing these messages asks for: staff and who is away, concerns with their runs, parts and children."""
    if len(rows) <= FEW:
        return
    people.know_everyone(session, local(now).date())
    know_what_arrives(session, rows)
    told = (session.get(Concern, one) for one in {row.concern_id for row in rows} if one is not None)
    at_hand(session, Child, [one.child_id for one in told if one is not None])


def know_what_arrives(session: Session, rows: Sequence[Outbox]) -> None:
    """All that the delivery of these messages asks for: concerns with their runs and parts."""
    if len(rows) <= FEW:
        return
    at_hand(session, Concern, [row.concern_id for row in rows])
    present = (session.get(Concern, one) for one in {row.concern_id for row in rows} if one is not None)
    at_hand(session, StageRun, [*(row.run_id for row in rows), *(one.run_id for one in present if one is not None)])
    stage_runs.know_parts(session, [row.concern_id for row in rows])
