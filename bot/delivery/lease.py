"""The lease on a workspace: its holder is the only one who may post there, until it runs out.

The row also keeps until when the platform asked us to wait, why nobody there can be reached, and what was posted there
within the last minute.
"""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from bot.delivery.lanes import Lane
from storage.outbox import SenderLease


class LeaseLost(Exception):
    """Another sender may hold the workspace by now: nothing more may be posted in this turn."""


def of(session: Session, lane: Lane) -> SenderLease | None:
    """The lease row of a workspace, as it stands."""
    return session.exec(
        select(SenderLease).where(SenderLease.platform == lane.platform, SenderLease.workspace == lane.workspace)
    ).one_or_none()


def take(session: Session, lane: Lane, token: str, now: datetime, seconds: float) -> bool:
    """Take the lease if it is free, has run out or was kept by us; False when another sender holds it."""
    if of(session, lane) is None:
        try:
            with session.begin_nested():
                session.add(SenderLease(platform=lane.platform, workspace=lane.workspace))
        except IntegrityError:
            return False  # another sender made the row at this moment, and has it
    holder = col(SenderLease.token)
    free = or_(holder.is_(None), holder == token, col(SenderLease.until) <= now)
    return _change(session, lane, free, token=token, until=now + timedelta(seconds=seconds))


def renew(session: Session, lane: Lane, token: str, now: datetime, seconds: float) -> None:
    """Hold it from now for its full length; LeaseLost when it is no longer ours."""
    mine = col(SenderLease.token) == token
    if not _change(session, lane, mine, until=now + timedelta(seconds=seconds)):
        raise LeaseLost


def keep(session: Session, lane: Lane, token: str, until: datetime, posts: str | None = None) -> None:
    """Hold it between two turns, so that the one that has begun goes on; `posts` as for `release`."""
    _change(session, lane, col(SenderLease.token) == token, until=until, recent_posts=posts)


def release(session: Session, lane: Lane, token: str, posts: str | None = None) -> None:
    """Give it back, so that nobody has to wait for it to run out, with what was posted lately, by `posts_left`."""
    _change(session, lane, col(SenderLease.token) == token, token=None, until=None, recent_posts=posts)


def posts_left(token: str, now: datetime, ages: Sequence[float]) -> str | None:
    """What was posted so many seconds ago, to be left with the lease; nothing where nothing was."""
    return json.dumps([token, now.isoformat(), [round(age, 2) for age in ages]]) if ages else None


def posts_of_another(session: Session, lane: Lane, token: str, now: datetime) -> list[float] | None:
    """How many seconds ago what was posted that another sender left with the lease; None where we held it last.

    Asked once the lease is ours: until then they may go on.
    """
    query = select(SenderLease.recent_posts).where(
        SenderLease.platform == lane.platform, SenderLease.workspace == lane.workspace
    )
    left = session.exec(query).one()
    by, at, ages = json.loads(left) if left else (token, "", [])
    if by == token:
        return None
    passed = max((now - datetime.fromisoformat(at)).total_seconds(), 0.0)
    return [age + passed for age in ages]


def wait(session: Session, lane: Lane, until: datetime | None, failure: str | None) -> None:
    """Let the whole workspace wait, with the reason if an administrator has to mend something; None lifts it."""
    _change(session, lane, True, not_before=until, failure=failure[:300] if failure else None)


def _change(session: Session, lane: Lane, only_if: object, **values: object) -> bool:
    statement = update(SenderLease).where(
        col(SenderLease.platform) == lane.platform,
        col(SenderLease.workspace) == lane.workspace,
    )
    if only_if is not True:
        # A comparison of columns, which to mypy is a bool.
        statement = statement.where(only_if)  # type: ignore[arg-type]
    changed = session.execute(statement.values(**values).execution_options(synchronize_session=False))
    assert isinstance(changed, CursorResult)
    return changed.rowcount == 1
