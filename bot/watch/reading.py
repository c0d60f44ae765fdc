"""What the watch reads in the database, at one moment: what fell due, what is owed, and its schema."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.delivery.backlog import Unsent, reasons, unsent
from handlers.named_subjects import named
from scheduling.clock import Clock
from scheduling.watchdog import Overdue, overdue
from storage import nudges
from storage.database import clock_skew, transaction
from storage.revisions import behind
from storage.scope import every_authority

NAMED = 3
"""How many of what is overdue a line names."""


@dataclass(frozen=True, kw_only=True)
class Clocks:
    """`machine` as it is, `believed` as far as it is believed, the service's `day`, and seconds that never jump."""

    machine: Clock
    believed: Clock
    day: Clock
    monotonic: Callable[[], float]


@dataclass(frozen=True, kw_only=True)
class Late:
    """What is overdue for an authority, with names of what it is about."""

    overdue: Overdue
    names: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class Seen:
    """`at` is by the service's day. `lost`: the database does not answer; `behind`: its schema is another version's."""

    at: datetime
    lost: bool = False
    behind: bool = False
    skew: timedelta = timedelta()
    due: Sequence[Late] = ()
    unsent: Sequence[Unsent] = ()

    @property
    def failing(self) -> int:
        """How many nudges have failed and are still there."""
        return sum(one.overdue.failing for one in self.due)

    @property
    def overdue_for(self) -> timedelta:
        """How long the oldest nudge has been due."""
        return max((self.at - one.overdue.since for one in self.due), default=timedelta())

    @property
    def unsent_for(self) -> timedelta:
        """How long the oldest message has waited that could go."""
        return max((self.at - one.since for one in self.unsent), default=timedelta())


def read(engine: Engine, clocks: Clocks, platforms: Collection[str], late: timedelta) -> Seen:
    """Look once. What has waited longer than `late` is looked into: what it is about, and what keeps it."""
    day, is_behind = clocks.day(), False
    try:
        is_behind = behind(engine)
        return Seen(
            at=day,
            behind=is_behind,
            skew=clock_skew(engine, clocks.machine()),
            due=_due(engine, day, late),
            unsent=_unsent(engine, platforms, clocks.believed(), day, late),
        )
    except (DBAPIError, PoolTimeout):
        return Seen(at=day, behind=is_behind, lost=not is_behind)  # an older schema may lack what is asked for


def _due(engine: Engine, day: datetime, late: timedelta) -> list[Late]:
    return [
        Late(overdue=one, names=_names(engine, one.authority, day) if day - one.since > late else ())
        for one in overdue(engine, day)
    ]


def _names(engine: Engine, authority: str, day: datetime) -> list[str]:
    with transaction(engine, authority, writes=False) as session:
        return [named(session, subject) for subject in nudges.longest_due(session, day, NAMED)]


def _unsent(engine: Engine, platforms: Collection[str], now: datetime, day: datetime, late: timedelta) -> list[Unsent]:
    with transaction(engine, None, writes=False) as session, every_authority(session):
        return [
            replace(one, reasons=reasons(session, one.authority)) if day - one.since > late else one
            for one in unsent(session, platforms, now, day)
        ]
