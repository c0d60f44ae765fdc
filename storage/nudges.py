"""Planned nudges: a narrow table ordered by the moment they fall due, emptied as they are handled."""

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from sqlalchemy import Index, PrimaryKeyConstraint, text
from sqlmodel import Field, Session, col, delete, func, select

from storage.scope import Scoped


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


def plan(session: Session, *, subject: str, rung: str, due_at: datetime, run_id: int | None = None) -> None:
    """Plan one nudge. Of those due at one moment the morning's comes last, so that it sees what the others did."""
    ident = uuid4().hex
    first = "z" if subject == "day" else ident[0]
    session.add(Nudge(due_at=due_at, id=first + ident[1:], subject=subject, rung=rung, run_id=run_id))


def forget(session: Session, subject: str, *rungs: str) -> None:
    """Drop what is planned about a subject: these rungs, or all of it."""
    query = delete(Nudge).where(col(Nudge.subject) == subject)
    if rungs:
        query = query.where(col(Nudge.rung).in_(rungs))
    session.flush()
    session.exec(query)


def planned_about(session: Session, subject: str) -> list[Nudge]:
    """What is planned about a subject, soonest first."""
    return list(session.exec(select(Nudge).where(Nudge.subject == subject).order_by(col(Nudge.due_at), col(Nudge.id))))


def due(session: Session, now: datetime, limit: int) -> list[Nudge]:
    """The nudges that fell due, longest due first, claimed for this transaction; others' claims are passed over."""
    return list(
        session.exec(
            select(Nudge)
            .where(Nudge.due_at <= now)
            .order_by(col(Nudge.due_at), col(Nudge.id))
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
    )


def next_due(session: Session) -> datetime | None:
    """When the next nudge falls due."""
    return session.exec(select(Nudge.due_at).order_by(col(Nudge.due_at)).limit(1)).first()


def due_of_authorities(session: Session, now: datetime) -> Sequence[tuple[str, datetime, int]]:
    """Of each authority that has some: since when its nudges are due, and how many. Those that failed are left out."""
    query = (
        select(Nudge.authority, func.min(Nudge.due_at), func.count())
        .where(Nudge.due_at <= now, col(Nudge.first_due_at).is_(None))
        .group_by(Nudge.authority)
    )
    return session.exec(query).all()


def failing_of_authorities(session: Session) -> Sequence[tuple[str, datetime, int]]:
    """Of each authority that has some: since when its nudges fail, by when the first fell due, and how many."""
    query = (
        select(Nudge.authority, func.min(Nudge.first_due_at), func.count())
        .where(col(Nudge.first_due_at).is_not(None))
        .group_by(Nudge.authority)
    )
    return [(authority, since, count) for authority, since, count in session.exec(query) if since is not None]


def longest_due(session: Session, now: datetime, limit: int) -> Sequence[str]:
    """What the nudges are about that have been due the longest, those that fail first."""
    failing = select(Nudge.subject).where(col(Nudge.first_due_at).is_not(None)).order_by(col(Nudge.first_due_at))
    due = (
        select(Nudge.subject).where(Nudge.due_at <= now, col(Nudge.first_due_at).is_(None)).order_by(col(Nudge.due_at))
    )
    found = [*session.exec(failing.limit(limit)), *session.exec(due.limit(limit))]
    return list(dict.fromkeys(found))[:limit]


def every_planned(session: Session) -> Sequence[tuple[str, str, int | None]]:
    """Of all that is planned: its subject, its rung, and the stage run it was planned for."""
    return session.exec(select(Nudge.subject, Nudge.rung, Nudge.run_id)).all()
