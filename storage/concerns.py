"""Concerns: what an IRO raised, about which child or about the service, and how it stands now."""

from collections.abc import Collection
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ColumnElement, Index, UniqueConstraint
from sqlmodel import Field, Session, col, select

from storage.columns import named
from storage.encrypted import EncryptedText
from storage.scope import Scoped


class ConcernState(StrEnum):
    """How a concern stands. The stage it stands at is its present stage run."""

    DRAFT = "draft"
    WAITING = "waiting"  # for a reply from those addressed
    ASKED = "asked"  # no reply in time: the IRO is asked what to do
    REPLIED = "replied"  # for the IRO's verdict
    PLANNED = "planned"  # agreed, with a plan by date
    CLOSED = "closed"
    DISCARDED = "discarded"  # a draft thrown away


OPEN_STATES = (ConcernState.WAITING, ConcernState.ASKED, ConcernState.REPLIED, ConcernState.PLANNED)


class Outcome(StrEnum):
    """How a concern ended."""

    RESOLVED = "resolved"
    PARTLY_RESOLVED = "partly resolved"
    NOT_RESOLVED = "not resolved"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"


class Lasted(StrEnum):
    """Whether the change was still there three months later."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "not known"


class ChildTold(StrEnum):
    """Whether the child has been told how it ended."""

    YES = "yes"
    NOT_YET = "not yet"
    NOT_RIGHT = "not right"  # for this child: their age, their wish, their safety


class Concern(Scoped, table=True):
    """One concern. Words about the child are kept encrypted; rules are frozen by the digest of the procedures."""

    __tablename__ = "concerns"
    __table_args__ = (
        UniqueConstraint("authority", "number"),
        UniqueConstraint("authority", "imported_reference"),
        CheckConstraint(
            "child_id IS NOT NULL OR about_service OR state IN ('draft','discarded')",
            name="ck_concerns_about",
        ),
        Index("ix_concerns_standing", "authority", "state", "iro_id"),
        Index("ix_concerns_of_child", "child_id", "authority", "number"),
    )

    id: int | None = Field(default=None, primary_key=True)
    number: int
    imported_reference: str | None = Field(default=None, max_length=60)
    child_id: int | None = Field(default=None, foreign_key="children.id")
    about_service: bool = False
    iro_id: int = Field(foreign_key="people.id", index=True)  # who raised it
    team: str = Field(default="", max_length=120)
    state: ConcernState = Field(sa_type=named(ConcernState))
    run_id: int | None = None  # the present stage run; no foreign key, as the two tables point at each other
    procedures_digest: str = Field(max_length=64)
    drafted_at: datetime
    drafted_by_id: int | None = Field(default=None, foreign_key="people.id")
    raised_at: datetime | None = None
    first_raised_at: datetime | None = None  # of a concern that took the place of another: when that was raised
    state_since: datetime

    worries: str | None = Field(default=None, sa_type=EncryptedText)
    working_well: str | None = Field(default=None, sa_type=EncryptedText)
    impact: str | None = Field(default=None, sa_type=EncryptedText)
    needs: str | None = Field(default=None, sa_type=EncryptedText)
    needed_by: date | None = None
    needed_why: str | None = Field(default=None, sa_type=EncryptedText)  # a hearing, a move, a review
    duty: str | None = Field(default=None, max_length=60)
    raised_during: str | None = Field(default=None, max_length=40)
    spoken_to: str | None = Field(default=None, sa_type=EncryptedText)
    spoken_on: date | None = None
    significant_harm: bool = False
    agency: str | None = Field(default=None, max_length=120)
    agency_contact: str | None = Field(default=None, sa_type=EncryptedText)
    child_voice: str = Field(default="", max_length=120)  # ticks: told, wishes, advocate, complaint, guardian
    kept_because: str | None = Field(default=None, sa_type=EncryptedText)
    start_at: int = 0  # the stage asked for while a draft
    start_reason: str | None = Field(default=None, sa_type=EncryptedText)
    notes_shared: bool = False  # legal-advice and Cafcass notes shared with the IRO manager

    cycle: int = 1  # reopening starts another; total limits are counted apart
    limit_from: datetime | None = None
    limit_at: datetime | None = None
    highest_stage: int = 0
    closed_at: datetime | None = Field(default=None, index=True)
    outcome: Outcome | None = Field(default=None, sa_type=named(Outcome))
    superseded_by: int | None = None  # the number of the concern that takes its place
    what_changed: str | None = Field(default=None, sa_type=EncryptedText)
    change_recorded: bool = False
    lasted: Lasted | None = Field(default=None, sa_type=named(Lasted))
    lasted_asked_on: date | None = None
    child_told: str | None = Field(default=None, max_length=20)  # one of ChildTold
    on_record_on: date | None = None  # the day on which the copy went into the child's file; closing asks anew
    on_record_by_id: int | None = None
    imported: bool = False

    @property
    def reference(self) -> str:
        """What people call it: "C-12"."""
        return f"C-{self.number}"

    @property
    def first_raised(self) -> datetime | None:
        """When it was first logged, or the concern whose place it took: informal, reopened or moved, it stays."""
        return self.first_raised_at or self.raised_at

    def take_place_of(self, other: "Concern") -> None:
        """Carry on another concern: counted from when that was first raised, if it was earlier."""
        raised = [one for one in (self.first_raised, other.first_raised) if one is not None]
        self.first_raised_at = min(raised, default=None)
        other.superseded_by = self.number


class ConcernReason(Scoped, table=True):
    """A reason of a concern by its key in the procedures; one is the main one."""

    __tablename__ = "concern_reasons"
    __table_args__ = (UniqueConstraint("authority", "concern_id", "reason"),)

    id: int | None = Field(default=None, primary_key=True)
    concern_id: int = Field(foreign_key="concerns.id", index=True)
    reason: str = Field(max_length=120)
    main: bool = False


def get(session: Session, concern_id: int) -> Concern | None:
    """The concern of that id."""
    return session.get(Concern, concern_id)


def by_number(session: Session, number: int, *, for_change: bool = False) -> Concern | None:
    """The concern of that number; with `for_change` its row is locked until the transaction ends."""
    query = select(Concern).where(Concern.number == number)
    if for_change:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.exec(query).one_or_none()


def locked(session: Session, concern_id: int) -> Concern | None:
    """The concern of that id as it is now, its row locked until the transaction ends."""
    return session.exec(
        select(Concern).where(Concern.id == concern_id).with_for_update().execution_options(populate_existing=True)
    ).one_or_none()


def free_of(session: Session, concern_ids: Collection[int]) -> dict[int, Concern]:
    """Those of these concerns at which nobody is at work, as they are now, their rows locked until this one ends."""
    query = select(Concern).where(col(Concern.id).in_(concern_ids)).order_by(col(Concern.id))
    query = query.with_for_update(skip_locked=True).execution_options(populate_existing=True)
    return {one.id: one for one in session.exec(query) if one.id is not None}


def there(session: Session, concern_ids: Collection[int]) -> set[int]:
    """Those of these ids that are concerns."""
    found = session.exec(select(Concern.id).where(col(Concern.id).in_(concern_ids))) if concern_ids else ()
    return {one for one in found if one is not None}


def reasons_of(session: Session, concern_id: int) -> list[ConcernReason]:
    """The reasons of a concern, the main one first."""
    return list(
        session.exec(
            select(ConcernReason)
            .where(ConcernReason.concern_id == concern_id)
            .order_by(col(ConcernReason.main).desc(), col(ConcernReason.id))
        )
    )


def set_reasons(session: Session, concern_id: int, main: str, others: tuple[str, ...]) -> None:
    """Replace the reasons of a concern."""
    for row in reasons_of(session, concern_id):
        session.delete(row)
    session.flush()
    for reason in dict.fromkeys(filter(None, (main, *others))):
        session.add(ConcernReason(concern_id=concern_id, reason=reason, main=reason == main))


def _of(child_id: int | None) -> ColumnElement[bool]:
    """About the child, or about the service where none is named."""
    return col(Concern.child_id) == child_id if child_id is not None else col(Concern.about_service).is_(True)


def with_main_reason(session: Session, reason: str, child_id: int | None) -> list[Concern]:
    """What is open, or a draft, for this main reason, oldest first: about the child, or the service."""
    query = (
        select(Concern)
        .join(ConcernReason, col(ConcernReason.concern_id) == col(Concern.id))
        .where(
            _of(child_id),
            ConcernReason.reason == reason,
            col(ConcernReason.main).is_(True),
            col(Concern.state).in_((ConcernState.DRAFT, *OPEN_STATES)),
        )
    )
    return list(session.exec(query.order_by(col(Concern.number))))


def open_about(session: Session, child_id: int | None) -> list[Concern]:
    """The open concerns about a child, or about the service where none is named, oldest first."""
    query = select(Concern).where(_of(child_id), col(Concern.state).in_(OPEN_STATES))
    return list(session.exec(query.order_by(col(Concern.number))))


def whose_place_it_took(session: Session, concern: Concern) -> list[Concern]:
    """The concerns, of the same child or about the service, that were closed because this one takes their place."""
    query = select(Concern).where(_of(concern.child_id), Concern.superseded_by == concern.number)
    return list(session.exec(query.order_by(col(Concern.number))))


def about(session: Session, child_id: int) -> list[Concern]:
    """All concerns about a child, oldest first."""
    return list(session.exec(select(Concern).where(Concern.child_id == child_id).order_by(col(Concern.number))))
