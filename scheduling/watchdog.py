"""Watches for nudges that nobody fires."""

from datetime import datetime, timedelta

from sqlalchemy import Engine

from storage import nudges
from storage.database import transaction
from storage.scope import every_authority


def next_nudge(engine: Engine) -> datetime | None:
    """When the next nudge of any authority falls due, or fell due."""
    with transaction(engine, None, writes=False) as session, every_authority(session):
        return nudges.next_due(session)


def oldest_overdue(engine: Engine, now: datetime) -> timedelta | None:
    """How long the oldest nudge has been overdue; None when none is."""
    due = next_nudge(engine)
    return now - due if due is not None and due <= now else None
