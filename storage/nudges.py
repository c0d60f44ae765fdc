"""Planned nudges: a narrow table ordered by the moment they fall due, emptied as they are handled."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import uuid4

from sqlalchemy import Index, PrimaryKeyConstraint, bindparam, insert, text
from sqlalchemy import select as select_columns
from sqlalchemy.orm import InstrumentedAttribute, aliased
from sqlalchemy.orm import Session as PlainSession
from sqlmodel import Field, Session, SQLModel, col, delete, func, select
from sqlmodel.sql.expression import SelectOfScalar

from storage.authorities import Authority
from storage.behind import kept
from storage.committed import leave
from storage.scope import Scoped, own_authority

MORNING = "day"
"""The subject of an authority's morning."""
PAST_ROWS = {"synchronize_session": False}
"""No session holds a nudge while it drops others."""


class Nudge(Scoped, table=True):
    """At `due_at` ask the rules again about this subject. Whom it reaches is decided when it fires.

    `subject` is "concern:12", or "day" for an authority's morning; `run_id` the stage run it was planned for.
    One that failed is put off: `first_due_at` keeps the moment it first fell due, `failures` how often it has failed.
    """

    __tablename__ = "nudges"
    __table_args__ = (
        PrimaryKeyConstraint("due_at", "id"),
        Index("ix_nudges_of_authority", "authority", "due_at", "id"),
        Index(
            "ix_nudges_failing",
            "authority",
            "first_due_at",
            sqlite_where=text("first_due_at IS NOT NULL"),
            postgresql_where=text("first_due_at IS NOT NULL"),
        ),
        {"sqlite_with_rowid": False},
    )

    authority: str = Field(default="", max_length=40)
    due_at: datetime
    id: str = Field(default_factory=lambda: uuid4().hex, max_length=32)
    subject: str = Field(max_length=60, index=True)
    run_id: int | None = None
    rung: str = Field(max_length=40)
    first_due_at: datetime | None = None  # of one that failed
    failures: int = Field(default=0, sa_column_kwargs={"server_default": "0"})

    @property
    def fell_due_at(self) -> datetime:
        """When it first fell due, however often it was put off since."""
        return self.first_due_at or self.due_at

    def leaves(self) -> tuple[bool, datetime | None]:
        """It falls due."""
        return False, self.due_at


_COLUMNS: tuple[InstrumentedAttribute[Any], ...] = tuple(
    getattr(Nudge, name) for name in ("due_at", "id", "subject", "run_id", "rung", "first_due_at", "failures")
)


class Due(NamedTuple):
    """A nudge that fell due, as it was claimed."""

    due_at: datetime
    id: str
    subject: str
    run_id: int | None
    rung: str
    first_due_at: datetime | None
    failures: int

    @property
    def since(self) -> datetime:
        """When it first fell due."""
        return self.first_due_at or self.due_at


@dataclass(kw_only=True)
class Plans:
    """What the acts of a transaction plan and drop: written at once, what is dropped first.

    `dropped` are subjects by the rungs of theirs that go; with no rungs all that is planned about them.
    """

    planned: list[dict[str, object]] = field(default_factory=list)
    dropped: dict[tuple[str, ...], dict[str, None]] = field(default_factory=dict)


def plan(session: Session, *, subject: str, rung: str, due_at: datetime, run_id: int | None = None) -> None:
    """Plan one nudge. Of those due at one moment the morning's comes last, so that it sees what the others did."""
    ident = uuid4().hex
    first = "z" if subject == MORNING else ident[0]
    row: dict[str, object] = {"due_at": due_at, "id": first + ident[1:], "subject": subject, "rung": rung}
    _plans(session).planned.append({**row, "run_id": run_id, "authority": own_authority(session)})


def forget(session: Session, subject: str, *rungs: str) -> None:
    """Drop what is planned about a subject: these rungs, or all of it."""
    plans = _plans(session)
    plans.dropped.setdefault(rungs, {})[subject] = None
    plans.planned = [one for one in plans.planned if one["subject"] != subject or (rungs and one["rung"] not in rungs)]


def _plans(session: PlainSession) -> Plans:
    return kept(session, Nudge.__tablename__, Plans, _write)


def _write(session: PlainSession, plans: Plans) -> None:
    for rungs, subjects in plans.dropped.items():
        gone = delete(Nudge).where(col(Nudge.subject).in_(subjects))
        session.execute(gone.where(col(Nudge.rung).in_(rungs)) if rungs else gone, execution_options=PAST_ROWS)
    if plans.planned:
        session.execute(insert(Nudge), plans.planned)
        leave(session, due=min(moment for one in plans.planned if isinstance(moment := one["due_at"], datetime)))


def planned_about(session: Session, subject: str) -> list[Nudge]:
    """What is planned about a subject, soonest first."""
    return list(session.exec(select(Nudge).where(Nudge.subject == subject).order_by(col(Nudge.due_at), col(Nudge.id))))


@dataclass(frozen=True, kw_only=True)
class Claimed:
    """A set to be fired together; `more`: others are due besides. `at_work`: the subjects at which somebody is."""

    due: list[Due]
    more: bool
    at_work: set[str] = field(default_factory=set)

    @property
    def is_morning(self) -> bool:
        """Whether it is an authority's morning, which goes by itself."""
        return bool(self.due) and self.due[0].subject == MORNING


def claim(session: Session, now: datetime, limit: int, passed_over: Collection[str] = ()) -> Claimed:
    """A set of nudges that fell due, longest due first, claimed for this transaction; others' claims are passed over.

    Of each subject the first alone, since one step may change the next; a morning goes by itself, after what came
    before it. Nothing about the subjects that are `passed_over`.
    """
    query = select_columns(*_COLUMNS).where(col(Nudge.due_at) <= now)
    if passed_over:
        query = query.where(col(Nudge.subject).not_in(passed_over))
    query = query.order_by(col(Nudge.due_at), col(Nudge.id)).limit(limit).with_for_update(skip_locked=True)
    found = [Due(*row) for row in session.execute(query)]
    together = _together(found)
    return Claimed(due=together, more=len(found) == limit or len(together) < len(found))


def _together(found: Sequence[Due]) -> list[Due]:
    if found and found[0].subject == MORNING:
        return [found[0]]
    first: dict[str, Due] = {}
    for one in found:
        if one.subject == MORNING:
            break
        first.setdefault(one.subject, one)
    return list(first.values())


def done(session: Session, nudges: Iterable[Due]) -> None:
    """They have taken effect, and go: by their whole keys, since SQLite looks at every row for a list of pairs."""
    own = own_authority(session)
    keys = [{"own": own, "due": one.due_at, "ident": one.id} for one in nudges]
    if keys:
        session.connection().execute(_DONE, keys)


_ROWS = SQLModel.metadata.tables[Nudge.__tablename__]
_DONE = delete(_ROWS).where(
    _ROWS.c.due_at == bindparam("due"), _ROWS.c.id == bindparam("ident"), _ROWS.c.authority == bindparam("own")
)


def put_off(session: Session, one: Due, until: datetime) -> None:
    """Plan one anew that has failed: it stays as late as it was. Where it is gone by now, it took effect elsewhere."""
    _move(session, one, one._replace(due_at=until, first_due_at=one.since, failures=one.failures + 1))


def lease(session: Session, one: Due, until: datetime) -> Due:
    """Keep one from others until then, while this process sees to it; it falls due again should that come to an end."""
    leased = one._replace(due_at=until, first_due_at=one.since)
    _move(session, one, leased)
    return leased


def _move(session: Session, before: Due, after: Due) -> None:
    key = {"own": own_authority(session), "due": before.due_at, "ident": before.id}
    if session.connection().execute(_DONE, key).rowcount == 1:
        session.add(Nudge(**after._asdict()))


def authorities_due(session: Session, now: datetime) -> list[str]:
    """The authorities for which something has fallen due, in order; in a session that acts for every authority.

    Each is asked for its soonest, which the index has: looking for those that are due would look through all.
    """
    of_one = select(Nudge.due_at).where(col(Nudge.authority) == col(Authority.key))
    soonest = of_one.order_by(col(Nudge.due_at)).limit(1).scalar_subquery()
    return list(session.exec(select(Authority.key).where(soonest <= now).order_by(Authority.key)))


def next_due(session: Session) -> datetime | None:
    """When the next nudge falls due."""
    return session.exec(select(Nudge.due_at).order_by(col(Nudge.due_at)).limit(1)).first()


def due_of_authorities(session: Session, now: datetime) -> Sequence[tuple[str, datetime, int]]:
    """Of each authority that has some: since when its nudges are due, and how many. Those that failed are left out."""
    due = _found_first(select(Nudge).where(Nudge.due_at <= now, Nudge.failures == 0))
    since = func.min(func.coalesce(due.first_due_at, due.due_at))  # a morning that was begun, and whose process is gone
    return session.exec(select(due.authority, since, func.count()).group_by(due.authority)).all()


def failing_of_authorities(session: Session) -> Sequence[tuple[str, datetime, int]]:
    """Of each authority that has some: since when its nudges fail, by when the first fell due, and how many."""
    failing = _found_first(select(Nudge).where(col(Nudge.first_due_at).is_not(None), Nudge.failures > 0))
    query = select(failing.authority, func.min(failing.first_due_at), func.count()).group_by(failing.authority)
    return [(authority, since, count) for authority, since, count in session.exec(query) if since is not None]


def _found_first(query: SelectOfScalar[Nudge]) -> type[Nudge]:
    """Nudges to be counted by authority. The offset keeps SQLite from reading all of each authority, for the order."""
    return aliased(Nudge, query.offset(0).subquery())


def longest_due(session: Session, now: datetime, limit: int) -> Sequence[str]:
    """What the nudges are about that have been due the longest, those that fail first."""
    failing = select(Nudge.subject).where(col(Nudge.first_due_at).is_not(None)).order_by(col(Nudge.first_due_at))
    due = select(Nudge.subject).where(Nudge.due_at <= now, Nudge.failures == 0).order_by(col(Nudge.due_at))
    found = [*session.exec(failing.limit(limit)), *session.exec(due.limit(limit))]
    return list(dict.fromkeys(found))[:limit]


def every_planned(session: Session) -> Sequence[tuple[str, str, int | None]]:
    """Of all that is planned: its subject, its rung, and the stage run it was planned for."""
    return session.exec(select(Nudge.subject, Nudge.rung, Nudge.run_id)).all()
