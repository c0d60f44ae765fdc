"""Messages owed: written in the transaction of their cause, sent later by one sender per workspace."""

from collections.abc import Collection, Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Index, Text, UniqueConstraint, text
from sqlmodel import Field, Session, SQLModel, col, func, insert, or_, select

from storage import ids
from storage.columns import named
from storage.committed import leave
from storage.scope import Scoped


class OutboxState(StrEnum):
    """Where a message stands."""

    OWED = "owed"
    ATTEMPTED = "attempted"  # handed to the platform, no answer known yet
    SENT = "sent"
    DROPPED = "dropped"  # no longer needed when its turn came
    FAILED = "failed"  # the platform refused it for good


class Outbox(Scoped, table=True):
    """One message to one person. `key` is permanent: the same cause never owes twice.

    `kind` names the wording; `details` holds ids, dates and numbers as JSON, never words about a child.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("authority", "key"),
        Index(
            "ix_outbox_waiting",
            "authority",
            "urgent",
            "id",
            sqlite_where=text("state IN ('owed', 'attempted')"),
            postgresql_where=text("state IN ('owed', 'attempted')"),
        ),
        Index(
            "ix_outbox_bundled",
            "bundle_id",
            sqlite_where=text("bundle_id IS NOT NULL"),
            postgresql_where=text("bundle_id IS NOT NULL"),
        ),
        Index("ix_outbox_told", "authority", "person_id", "kind", "sent_at"),
        Index(
            "ix_outbox_of_run",
            "run_id",
            sqlite_where=text("run_id IS NOT NULL"),
            postgresql_where=text("run_id IS NOT NULL"),
        ),
        Index(
            "ix_outbox_unreached",
            "authority",
            "look_again_at",
            sqlite_where=text("look_again_at IS NOT NULL"),
            postgresql_where=text("look_again_at IS NOT NULL"),
        ),
    )

    authority: str = Field(default="", max_length=40)  # each index begins with it: by itself it would be looked through
    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(max_length=160)
    kind: str = Field(max_length=40)
    person_id: int = Field(foreign_key="people.id", index=True)
    concern_id: int | None = Field(default=None, foreign_key="concerns.id", index=True)
    run_id: int | None = None
    review_id: int | None = Field(default=None, foreign_key="reviews.id", index=True)
    details: str = "{}"
    urgent: bool = False
    state: OutboxState = Field(default=OutboxState.OWED, sa_type=named(OutboxState))
    owed_at: datetime
    fell_due_at: datetime | None = None  # of the nudge that owed it, at first; None of what a person did
    not_before: datetime | None = None
    attempts: int = 0
    attempted_at: datetime | None = None
    sent_at: datetime | None = None
    platform: str | None = Field(default=None, max_length=20)
    workspace: str | None = Field(default=None, max_length=80)
    channel: str | None = Field(default=None, max_length=250)
    message: str | None = Field(default=None, max_length=120)
    repeated: bool = False
    failure: str | None = Field(default=None, max_length=300)
    held_until: datetime | None = None  # by the service's day: it waits for working hours, or for its hour to end
    bundle_id: int | None = None  # the message with which it goes, as one message about several children
    look_again_at: datetime | None = None  # by the service's day: it could not reach its reader, who is looked for then

    @property
    def due_at(self) -> datetime:
        """When its nudge fell due, or it was owed; later where it was held, or its reader is looked for again."""
        moments = (self.fell_due_at or self.owed_at, self.held_until, self.look_again_at)
        return max(one for one in moments if one is not None)

    def leaves(self) -> tuple[bool, datetime | None]:
        """It is to be sent, or its reader to be looked for."""
        return self.state is OutboxState.OWED or self.look_again_at is not None, None


class SenderLease(SQLModel, table=True):
    """Which sender may post to a workspace, until when; and until when the platform asked us to wait.

    `recent_posts` is left by who held it last: what was posted there in the last seconds, for the one who goes on.
    """

    __tablename__ = "sender_leases"

    platform: str = Field(primary_key=True, max_length=20)
    workspace: str = Field(primary_key=True, max_length=80)
    token: str | None = Field(default=None, max_length=32)
    until: datetime | None = None
    not_before: datetime | None = None
    failure: str | None = Field(default=None, max_length=300)
    recent_posts: str | None = Field(default=None, sa_type=Text)


def fresh(session: Session, messages: Sequence[Outbox]) -> list[Outbox]:
    """Those whose key was not owed before, each once."""
    keys = {one.key for one in messages}
    known = set(session.exec(select(Outbox.key).where(col(Outbox.key).in_(keys)))) if keys else set()
    first: dict[str, Outbox] = {}
    for one in messages:
        if one.key not in known:
            first.setdefault(one.key, one)
    return list(first.values())


def add(session: Session, messages: Sequence[Outbox]) -> None:
    """Owe these, in one statement: no transaction works on what it owes itself, so that they go past the session."""
    ids.give(session, [one for one in messages if one.id is None])
    if messages:
        session.execute(insert(Outbox).execution_options(render_nulls=True), [one.columns() for one in messages])
        leave(session, owes=any(one.leaves()[0] for one in messages))


def waiting(session: Session, now: datetime, limit: int) -> list[Outbox]:
    """Messages to send now: urgent ones first, then in the order they were owed. For one clock that counts all.

    What goes with another message comes with `members`.
    """
    return list(
        session.exec(
            select(Outbox)
            .where(
                col(Outbox.state).in_((OutboxState.OWED, OutboxState.ATTEMPTED)),
                col(Outbox.bundle_id).is_(None),
                or_(col(Outbox.not_before).is_(None), col(Outbox.not_before) <= now),
                not_held(now),
            )
            .order_by(col(Outbox.urgent).desc(), col(Outbox.id))
            .limit(limit)
        )
    )


def not_held(day: datetime) -> ColumnElement[bool]:
    """That a message does not wait for working hours, at a moment of the service's day."""
    return or_(col(Outbox.held_until).is_(None), col(Outbox.held_until) <= day)


def next_held(session: Session, day: datetime) -> datetime | None:
    """The next moment of the service's day at which something that is held may go."""
    later = col(Outbox.held_until) > day
    return session.exec(select(func.min(Outbox.held_until)).where(Outbox.state == OutboxState.OWED, later)).one()


def held(session: Session, concern_id: int, day: datetime) -> list[Outbox]:
    """What is owed about a concern and waits for working hours."""
    query = select(Outbox).where(
        Outbox.concern_id == concern_id, Outbox.state == OutboxState.OWED, col(Outbox.held_until) > day
    )
    return list(session.exec(query.order_by(col(Outbox.id))))


def members(session: Session, leader_id: int, *, for_change: bool = False) -> list[Outbox]:
    """What goes with a message and is not settled yet; `for_change` locks its rows until the transaction ends."""
    query = select(Outbox).where(
        Outbox.bundle_id == leader_id, col(Outbox.state).in_((OutboxState.OWED, OutboxState.ATTEMPTED))
    )
    query = query.order_by(col(Outbox.id))
    return list(session.exec(query.with_for_update() if for_change else query))


def members_of(session: Session, leaders: Collection[int], *, for_change: bool = False) -> dict[int, list[Outbox]]:
    """The same of several messages, by the one with which they go."""
    found: dict[int, list[Outbox]] = {leader: [] for leader in leaders}
    query = select(Outbox).where(
        col(Outbox.bundle_id).in_(leaders), col(Outbox.state).in_((OutboxState.OWED, OutboxState.ATTEMPTED))
    )
    query = query.order_by(col(Outbox.id))
    for row in session.exec(query.with_for_update() if for_change else query) if leaders else ():
        found[row.bundle_id or 0].append(row)
    return found


def regroup(session: Session, rows: Sequence[Outbox]) -> None:
    """Let these go as one message: the first of them by itself, the others with it."""
    for row in rows:
        row.bundle_id = None if row is rows[0] else rows[0].id
        session.add(row)


def let_go(session: Session, rows: Sequence[Outbox]) -> None:
    """Hold these no longer: each goes by itself, and what was to go with it goes on waiting."""
    for row in rows:
        others = members(session, row.id or 0, for_change=True) if row.bundle_id is None else []
        row.held_until = None
        regroup(session, [row])
        regroup(session, others)


def joinable(
    session: Session, kind: str, people: Collection[int], since: datetime, day: datetime, most: int
) -> list[Outbox]:
    """The messages of a kind to these people that wait, owed since a moment or held for later, oldest first.

    Those that go with `most` in all are left out: thousands may wait, and nothing joins them any more.
    Locked, so that none goes before the transaction ends; one that just goes is left out. No transaction waits here,
    so those that send may wait for those that owe.
    """
    theirs = (Outbox.kind == kind, col(Outbox.person_id).in_(people), Outbox.state == OutboxState.OWED)
    led = select(Outbox.bundle_id).where(*theirs, col(Outbox.bundle_id).is_not(None))
    full = led.group_by(col(Outbox.bundle_id)).having(func.count() >= most - 1)
    query = select(Outbox).where(
        *theirs,
        func.coalesce(Outbox.bundle_id, Outbox.id).not_in(full),
        Outbox.attempts == 0,
        col(Outbox.urgent).is_(False),
        or_(col(Outbox.owed_at) > since, col(Outbox.held_until) > day),
    )
    return list(session.exec(query.order_by(col(Outbox.id)).with_for_update(skip_locked=True)))


def sent_since(session: Session, kind: str, people: Collection[int], since: datetime) -> list[Outbox]:
    """The messages of a kind that were sent to these people since a moment, oldest first."""
    query = select(Outbox).where(Outbox.kind == kind, col(Outbox.person_id).in_(people), col(Outbox.sent_at) > since)
    return list(session.exec(query.order_by(col(Outbox.sent_at))))


def was_told(session: Session, concern_id: int, person_id: int) -> bool:
    """Whether a person was ever sent anything about a concern."""
    query = select(Outbox.id).where(
        Outbox.concern_id == concern_id,
        Outbox.person_id == person_id,
        col(Outbox.state).in_((OutboxState.SENT, OutboxState.ATTEMPTED)),
    )
    return session.exec(query.limit(1)).first() is not None


def sent_about_run(session: Session, run_id: int, kinds: Collection[str]) -> list[int]:
    """Everybody who was sent a message of these kinds about a stage run."""
    query = select(Outbox.person_id).where(
        Outbox.run_id == run_id, col(Outbox.kind).in_(kinds), Outbox.state == OutboxState.SENT
    )
    return list(session.exec(query.distinct().order_by(col(Outbox.person_id))))


def still_owed(session: Session, run_id: int, kinds: tuple[str, ...]) -> bool:
    """Whether a message of these kinds about a stage run has neither been sent, dropped nor refused yet."""
    query = select(Outbox.id).where(
        Outbox.run_id == run_id,
        col(Outbox.kind).in_(kinds),
        col(Outbox.state).in_((OutboxState.OWED, OutboxState.ATTEMPTED)),
    )
    return session.exec(query.limit(1)).first() is not None


def to_person(session: Session, person_id: int, kind: str) -> list[Outbox]:
    """The messages of a kind to one person, the latest first."""
    query = select(Outbox).where(Outbox.person_id == person_id, Outbox.kind == kind)
    return list(session.exec(query.order_by(col(Outbox.id).desc())))


def unreached(session: Session, person_id: int) -> list[Outbox]:
    """What could not reach a person and goes out when they can be reached, oldest first."""
    query = select(Outbox).where(
        Outbox.person_id == person_id, Outbox.state == OutboxState.FAILED, col(Outbox.look_again_at).is_not(None)
    )
    return list(session.exec(query.order_by(col(Outbox.id))))


def to_look_again(session: Session, day: datetime) -> list[Outbox]:
    """All that could not reach somebody who is to be looked for again by that moment, locked.

    A person's messages come together, so that what goes with another message goes with it again.
    """
    due = select(Outbox.person_id).where(Outbox.state == OutboxState.FAILED, col(Outbox.look_again_at) <= day)
    people = set(session.exec(due.distinct()))
    if not people:
        return []
    query = select(Outbox).where(
        col(Outbox.person_id).in_(people),
        Outbox.state == OutboxState.FAILED,
        col(Outbox.look_again_at).is_not(None),
    )
    return list(session.exec(query.order_by(col(Outbox.id)).with_for_update()))


def not_reached(session: Session, run_id: int) -> set[int]:
    """The people who were to be told of a stage run, and to whom nothing of it could be delivered."""
    rows = session.exec(select(Outbox).where(Outbox.run_id == run_id)).all()
    lost = {row.person_id for row in rows if row.state is OutboxState.FAILED or row.look_again_at is not None}
    return lost - {row.person_id for row in rows if row.state is OutboxState.SENT}


def get(session: Session, outbox_id: int) -> Outbox | None:
    """The message of that id."""
    return session.exec(select(Outbox).where(Outbox.id == outbox_id)).one_or_none()


def posted_as(
    session: Session, person_id: int, *, platform: str, workspace: str, channel: str, message: str
) -> list[Outbox]:
    """What stands there for that person under the platform's own ids, the latest first; several may be one message."""
    query = select(Outbox).where(
        Outbox.person_id == person_id,
        Outbox.message == message,
        Outbox.channel == channel,
        Outbox.platform == platform,
        Outbox.workspace == workspace,
    )
    return list(session.exec(query.order_by(col(Outbox.id).desc())))


def by_key(session: Session, key: str) -> Outbox | None:
    """The message with that permanent key."""
    return session.exec(select(Outbox).where(Outbox.key == key)).one_or_none()


def locked(session: Session, key: str) -> Outbox | None:
    """The same, its row locked until the transaction ends and read as it is now."""
    query = select(Outbox).where(Outbox.key == key).with_for_update().execution_options(populate_existing=True)
    return session.exec(query).one_or_none()


def how_many(session: Session, state: OutboxState) -> int:
    """How many messages stand so."""
    return session.exec(select(func.count()).select_from(Outbox).where(Outbox.state == state)).one()


def ever_owed(session: Session) -> bool:
    """Whether anything was ever owed to anybody."""
    return session.exec(select(Outbox.id).limit(1)).first() is not None
