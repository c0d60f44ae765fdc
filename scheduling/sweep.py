"""Takes the nudges that fell due, authority by authority, in batches, and has each one fired.

A nudge is deleted in the same transaction in which it takes effect; one that fails is put off, and the others go on.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, delete
from sqlalchemy.engine import CursorResult
from sqlmodel import Session, col, select

from storage import nudges
from storage.database import transaction
from storage.nudges import Nudge
from storage.scope import every_authority

logger = logging.getLogger(__name__)

Fire = Callable[[Session, Nudge, datetime], None]
Monotonic = Callable[[], float]

# SQLite has one writer at a time: people's commands must not wait for a sweep (decision 7).
LONGEST_BATCH_SECONDS = 0.04
# A handler that locks a concern may wait for a nudge held here; the sweep is the one to give way, well before
# PostgreSQL looks for deadlocks after a second.
GIVE_WAY = "SET LOCAL lock_timeout = '300ms'"
FIRST_DELAY = timedelta(seconds=30)
LONGEST_DELAY = timedelta(hours=6)
TRIES_MARK = "~"


@dataclass(kw_only=True)
class SweepCounters:
    """What sweeps have done since the program began."""

    fired: int = 0
    failed: int = 0


def sweep(
    engine: Engine,
    now: datetime,
    fire: Fire,
    batch: int = 50,
    *,
    monotonic: Monotonic | None = None,
    counters: SweepCounters | None = None,
) -> bool:
    """Fire one batch of due nudges of each authority; True when more are due.

    With `monotonic` (seconds) a batch ends early once its transaction has lasted 40 ms.
    """
    counters = counters or SweepCounters()
    more = False
    for authority in authorities_due(engine, now):
        try:
            more |= sweep_authority(engine, authority, now, fire, batch, monotonic, counters)
        except Exception as error:  # noqa: BLE001 - one authority's fault must not stop the clocks of the others
            counters.failed += 1
            logger.error("sweep: a batch failed with %s", type(error).__name__)
    return more


def authorities_due(engine: Engine, now: datetime) -> list[str]:
    """The authorities for which something has fallen due, in order."""
    with transaction(engine, None, writes=False) as session, every_authority(session):
        due = session.exec(select(Nudge.authority).where(Nudge.due_at <= now).distinct())
        return sorted(due)


def sweep_authority(
    engine: Engine,
    authority: str,
    now: datetime,
    fire: Fire,
    batch: int,
    monotonic: Monotonic | None,
    counters: SweepCounters,
) -> bool:
    """One transaction: claim, fire, delete. True when this authority has more."""
    fired = failed = 0
    with transaction(engine, authority) as session:
        started = monotonic() if monotonic else 0.0
        if engine.dialect.name == "postgresql":
            session.connection().exec_driver_sql(GIVE_WAY)
        claimed = nudges.due(session, now, batch)
        for nudge in claimed:
            session.expunge(nudge)
        handled = 0
        for nudge in claimed:
            if handled and monotonic and monotonic() - started >= LONGEST_BATCH_SECONDS:
                break
            handled += 1
            if fired_safely(session, nudge, now, fire):
                fired += 1
            else:
                failed += 1
                put_off(session, nudge, now)
    counters.fired += fired
    counters.failed += failed
    return len(claimed) == batch or handled < len(claimed)


def fired_safely(session: Session, nudge: Nudge, now: datetime, fire: Fire) -> bool:
    """Delete and fire in a savepoint; False when that failed and left nothing behind."""
    try:
        with session.begin_nested():
            if removed(session, nudge):
                fire(session, nudge, now)
    except Exception as error:  # noqa: BLE001 - a nudge that fails must not hold up the line behind it
        logger.error("sweep: the rung %s failed with %s", nudge.rung, type(error).__name__)
        return False
    return True


def removed(session: Session, nudge: Nudge) -> bool:
    """Delete the nudge; False when an earlier one of this batch did."""
    gone = session.execute(
        delete(Nudge)
        .where(col(Nudge.due_at) == nudge.due_at, col(Nudge.id) == nudge.id)
        .execution_options(synchronize_session=False)
    )
    assert isinstance(gone, CursorResult)
    return gone.rowcount == 1


def put_off(session: Session, nudge: Nudge, now: datetime) -> None:
    """Plan it anew: after 30 s, then twice as long each time, up to 6 hours. Its id says how often it has failed."""
    if not removed(session, nudge):
        return
    base, _, tries = nudge.id.partition(TRIES_MARK)
    failures = int(tries or 0) + 1
    delay = min(FIRST_DELAY * 2 ** min(failures - 1, 20), LONGEST_DELAY)
    session.add(
        Nudge(
            due_at=now + delay,
            id=f"{base[:28]}{TRIES_MARK}{min(failures, 999)}",
            subject=nudge.subject,
            run_id=nudge.run_id,
            rung=nudge.rung,
        )
    )
    session.flush()
