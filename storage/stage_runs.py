"""Stage runs: each time a concern stood at a stage, who was addressed, and until when they had to reply."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Index, UniqueConstraint
from sqlmodel import Field, Session, and_, col, or_, select

from storage.at_hand import AtHand
from storage.columns import named
from storage.encrypted import EncryptedText
from storage.scope import Scoped, held, hold


class RunKind(StrEnum):
    """Why a run began. Only an entry counts as an entry to its stage in the figures."""

    ENTRY = "entry"
    IMMEDIATE = "immediate"  # the immediate route; an entry too
    ASKED_AGAIN = "asked again"
    IMMEDIATE_AGAIN = "immediate, asked again"  # the immediate route once more; no entry
    REOPENED = "reopened"

    @property
    def is_immediate(self) -> bool:
        """Whether the run goes by the immediate route."""
        return self in (RunKind.IMMEDIATE, RunKind.IMMEDIATE_AGAIN)

    @property
    def once_more(self) -> "RunKind":
        """The kind of a run that asks again where one of this kind stands: by the same route."""
        return RunKind.IMMEDIATE_AGAIN if self.is_immediate else RunKind.ASKED_AGAIN


class Part(StrEnum):
    """What a person is to a run."""

    ADDRESSED = "addressed"
    COPIED = "copied"
    ALERTED = "alerted"  # told that no reply came


class StageRun(Scoped, table=True):
    """One stand at a stage; `number` 0 is informal. `due_at` is empty where the stage has no clock."""

    __tablename__ = "stage_runs"
    __table_args__ = (Index("ix_stage_runs_entries", "authority", "started_at", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    concern_id: int = Field(foreign_key="concerns.id", index=True)
    cycle: int = 1
    number: int
    kind: RunKind = Field(sa_type=named(RunKind))
    started_at: datetime
    counted_from: datetime  # day 0: the start, or the day its message was delivered
    due_at: datetime | None = None
    seen_due_at: datetime | None = None  # the immediate route's hour
    plan_by: date | None = None
    extensions: int = 0
    deadline_told_at: datetime | None = None
    ended_at: datetime | None = None
    started_by_id: int | None = Field(default=None, foreign_key="people.id")  # empty: the clock
    reason: str | None = Field(default=None, sa_type=EncryptedText)
    skipped: bool = False
    wanted_by: date | None = None  # the day to reply by that the IRO gave, in the place of the stage's own time

    @property
    def is_by_date(self) -> bool:
        """Whether the reply is due on a day that was given or agreed, and not after the time of the stage."""
        return self.wanted_by is not None or self.extensions > 0


TOLD_AT_ONCE = date.min
"""In place of the morning that tells of something: a message has told of it, and no morning does."""


class Addressee(Scoped, table=True):
    """A person's part in a run. `standing_for` says whom or what role they stand in for, and why."""

    __tablename__ = "addressees"
    __table_args__ = (UniqueConstraint("authority", "run_id", "person_id", "part"),)

    id: int | None = Field(default=None, primary_key=True)
    run_id: int = Field(foreign_key="stage_runs.id", index=True)
    concern_id: int = Field(foreign_key="concerns.id", index=True)
    person_id: int = Field(foreign_key="people.id", index=True)
    part: Part = Field(sa_type=named(Part))
    role: str = Field(max_length=60)  # the role asked for
    standing_for_id: int | None = Field(default=None, foreign_key="people.id")
    standing_why: str = Field(default="", max_length=120)
    added_at: datetime
    delivered_at: datetime | None = None
    seen_at: datetime | None = None
    replied_at: datetime | None = None
    passed_to_id: int | None = Field(default=None, foreign_key="people.id")
    removed_at: datetime | None = None  # the child was corrected: this person should never have been asked
    gave_way_at: datetime | None = None  # somebody else fills the place since; the same person may come back to it
    lost_at: datetime | None = None  # asked still, and the child is no longer theirs nor in their line
    lost_told_on: date | None = None  # the first morning that tells them and the IRO, or TOLD_AT_ONCE
    passed_why: str | None = Field(default=None, sa_type=EncryptedText)  # why it needs their manager
    passed_at: datetime | None = None
    adds_for_id: int | None = None  # whose reply this person, who has a copy, is asked to add to

    @property
    def is_awaited(self) -> bool:
        """Whether a reply is still to come from this place: asked for, not given, and not passed on."""
        return self.part is Part.ADDRESSED and self.replied_at is None and self.passed_to_id is None


def holds() -> tuple[ColumnElement[bool], ...]:
    """That a part is rightly somebody's, and still theirs."""
    return col(Addressee.removed_at).is_(None), col(Addressee.gave_way_at).is_(None)


_RUNS = AtHand(StageRun, "concern_id")
_PARTS = AtHand(Addressee, "concern_id")


def know(session: Session, concern_ids: Collection[int]) -> None:
    """Read all runs of these concerns at once, with everybody who has, or had, a part in them."""
    _RUNS.know(session, concern_ids)
    _PARTS.know(session, concern_ids)
    hold(session, _RUNS.of_all(session, concern_ids) or ())


def know_parts(session: Session, concern_ids: Iterable[int | None]) -> None:
    """Read at once who has, or had, a part in these concerns: it is asked of each."""
    _PARTS.know(session, concern_ids)


def forget(session: Session, concern_id: int) -> None:
    """Read the runs and parts of a concern anew: it was just locked."""
    _RUNS.forget(session, concern_id)
    _PARTS.forget(session, concern_id)


def _parts_at(session: Session, run_id: int, *which: Part) -> list[Addressee] | None:
    """The parts ever had in a run; None where they were not read with those of others."""
    run = held(session, StageRun, run_id)
    parts = _PARTS.of(session, run.concern_id) if run is not None else None
    if parts is None:
        return None
    return [one for one in parts if one.run_id == run_id and (not which or one.part in which)]


def _holds(part: Addressee) -> bool:
    """As `holds`, of a row at hand."""
    return part.removed_at is None and part.gave_way_at is None


def get(session: Session, run_id: int) -> StageRun | None:
    """The run of that id."""
    return session.get(StageRun, run_id)


def of_concern(session: Session, concern_id: int) -> list[StageRun]:
    """All runs of a concern, oldest first."""
    runs = _RUNS.of(session, concern_id)
    if runs is not None:
        return sorted(runs, key=lambda one: (one.started_at, one.id or 0))
    return list(
        session.exec(
            select(StageRun)
            .where(StageRun.concern_id == concern_id)
            .order_by(col(StageRun.started_at), col(StageRun.id))
        )
    )


def people_of(session: Session, run_id: int, *parts: Part) -> list[Addressee]:
    """Who holds these parts of a run (all parts where none is named), in the order they were added."""
    at_hand = _parts_at(session, run_id, *parts)
    if at_hand is not None:
        return [one for one in at_hand if _holds(one)]
    query = select(Addressee).where(Addressee.run_id == run_id, *holds())
    query = query.order_by(col(Addressee.id))
    if parts:
        query = query.where(col(Addressee.part).in_(parts))
    return list(session.exec(query))


def ever_of(session: Session, *run_ids: int) -> list[Addressee]:
    """Everyone who rightly had a part in these runs, those who gave way included, in the order they were added."""
    at_hand = [_parts_at(session, one) for one in run_ids]
    if all(one is not None for one in at_hand):
        return [part for parts in at_hand for part in parts or () if part.removed_at is None]
    query = select(Addressee).where(col(Addressee.run_id).in_(run_ids), col(Addressee.removed_at).is_(None))
    return list(session.exec(query.order_by(col(Addressee.id))))


def was_delivered(session: Session, run_id: int) -> bool:
    """Whether the message of a stage arrived with anybody it asked, no matter who fills their place by now."""
    at_hand = _parts_at(session, run_id, Part.ADDRESSED)
    if at_hand is not None:
        return any(one.delivered_at is not None and one.removed_at is None for one in at_hand)
    query = select(Addressee.id).where(
        Addressee.run_id == run_id, Addressee.part == Part.ADDRESSED, col(Addressee.delivered_at).is_not(None)
    )
    return session.exec(query.where(col(Addressee.removed_at).is_(None)).limit(1)).first() is not None


def awaited_at(session: Session, run_ids: Collection[int]) -> dict[int, list[int]]:
    """By the run: those from whom a reply is still to come, in the order they were added."""
    found = asked_at_runs(session, run_ids)
    return {run_id: [one.person_id for one in parts if one.is_awaited] for run_id, parts in found.items()}


def asked_at_runs(session: Session, run_ids: Collection[int]) -> dict[int, list[Addressee]]:
    """By the run: those who are asked to reply and hold the place, in the order they were added."""
    if not run_ids:
        return {}
    query = select(Addressee).where(col(Addressee.run_id).in_(run_ids), Addressee.part == Part.ADDRESSED, *holds())
    found: dict[int, list[Addressee]] = {}
    for part in session.exec(query.order_by(col(Addressee.id))):
        found.setdefault(part.run_id, []).append(part)
    return found


def given_back(session: Session, run_id: int) -> dict[int, int]:
    """Those who stood in at a run and gave the place back, each with its owner: what they did there is the owner's."""
    at_hand = _parts_at(session, run_id)
    if at_hand is not None:
        gave = (one for one in at_hand if one.gave_way_at is not None)
        return {one.person_id: one.standing_for_id for one in gave if one.standing_for_id is not None}
    query = select(Addressee.person_id, Addressee.standing_for_id).where(
        Addressee.run_id == run_id,
        col(Addressee.gave_way_at).is_not(None),
        col(Addressee.standing_for_id).is_not(None),
    )
    return {person_id: owner for person_id, owner in session.exec(query) if owner is not None}


def parts_in_concern(session: Session, concern_id: int) -> list[Addressee]:
    """Everyone who rightly has a part in a concern, at whatever stage, oldest first."""
    parts = _PARTS.where(session, concern_id, _holds)
    if parts is not None:
        return parts
    query = select(Addressee).where(Addressee.concern_id == concern_id, *holds())
    return list(session.exec(query.order_by(col(Addressee.id))))


def ever_in_concern(session: Session, concern_id: int) -> list[Addressee]:
    """Everyone who rightly had a part in a concern, those who gave way included, oldest first."""
    parts = _PARTS.where(session, concern_id, lambda one: one.removed_at is None)
    if parts is not None:
        return parts
    query = select(Addressee).where(Addressee.concern_id == concern_id, col(Addressee.removed_at).is_(None))
    return list(session.exec(query.order_by(col(Addressee.id))))


def asked_in_concern(session: Session, concern_id: int) -> set[int]:
    """The people who ever had a part in a concern, those included who were asked about the wrong child."""
    parts = _PARTS.of(session, concern_id)
    if parts is not None:
        return {one.person_id for one in parts}
    return set(session.exec(select(Addressee.person_id).where(Addressee.concern_id == concern_id)))


def removed_from(session: Session, concern_id: int) -> set[int]:
    """The people who were asked only because the wrong child was chosen."""
    query = select(Addressee.person_id).where(
        Addressee.concern_id == concern_id, col(Addressee.removed_at).is_not(None)
    )
    return set(session.exec(query)) - {part.person_id for part in parts_in_concern(session, concern_id)}


def open_for(session: Session, person_ids: list[int]) -> list[tuple[StageRun, Addressee]]:
    """The runs that have not ended in which these people are addressed and have neither replied nor passed it on."""
    return [
        (run, addressee)
        for run, addressee in session.exec(
            select(StageRun, Addressee)
            .join(Addressee, col(Addressee.run_id) == col(StageRun.id))
            .where(
                col(StageRun.ended_at).is_(None),
                col(Addressee.person_id).in_(person_ids),
                Addressee.part == Part.ADDRESSED,
                col(Addressee.replied_at).is_(None),
                col(Addressee.passed_to_id).is_(None),
                *holds(),
            )
            .order_by(col(StageRun.due_at), col(StageRun.id))
        )
    ]


def concerns_with(session: Session, person_ids: Collection[int]) -> set[int]:
    """The concerns at whose present stage one of these people has a part, has one held for them, or gave one away."""
    query = select(Addressee.concern_id).join(StageRun, col(StageRun.id) == col(Addressee.run_id))
    theirs = or_(col(Addressee.person_id).in_(person_ids), col(Addressee.standing_for_id).in_(person_ids))
    return set(session.exec(query.where(col(StageRun.ended_at).is_(None), col(Addressee.removed_at).is_(None), theirs)))


def ever_asked() -> ColumnElement[bool]:
    """Asked to reply, and not in error, no matter who fills the place by now."""
    return and_(col(Addressee.part) == Part.ADDRESSED, col(Addressee.removed_at).is_(None))


def rightly_asked() -> ColumnElement[bool]:
    """Asked to reply, not in error, and not given way to another; for every figure of who was asked."""
    return and_(ever_asked(), col(Addressee.gave_way_at).is_(None))


def _answering() -> ColumnElement[bool]:
    """Rightly asked to reply, or to add to a reply."""
    adds = and_(col(Addressee.adds_for_id).is_not(None), col(Addressee.removed_at).is_(None))
    return or_(ever_asked(), adds)


def asked_at(session: Session, concern_ids: Collection[int]) -> dict[int, dict[int, int]]:
    """By the concern: everyone rightly asked to reply to it, each with the lowest stage at which they were."""
    found: dict[int, dict[int, int]] = {}
    for concern_id, person_id, number in _asked_at(session, concern_ids):
        asked = found.setdefault(concern_id, {})
        asked[person_id] = min(number, asked.get(person_id, number))
    return found


def _asked_at(session: Session, concern_ids: Collection[int]) -> Iterable[tuple[int, int, int]]:
    runs, parts = _RUNS.of_all(session, concern_ids), _PARTS.of_all(session, concern_ids)
    if runs is not None and parts is not None:
        numbers = {one.id: one.number for one in runs}
        return [(one.concern_id, one.person_id, numbers[one.run_id]) for one in parts if _answers(one)]
    query = (
        select(Addressee.concern_id, Addressee.person_id, StageRun.number)
        .join(StageRun, col(StageRun.id) == col(Addressee.run_id))
        .where(col(Addressee.concern_id).in_(concern_ids), _answering())
    )
    return session.exec(query).all()


def _answers(part: Addressee) -> bool:
    """As `_answering`, of a row at hand."""
    return part.removed_at is None and (part.part is Part.ADDRESSED or part.adds_for_id is not None)


def was_asked(session: Session, concern_id: int, person_ids: Collection[int]) -> bool:
    """Whether one of these people was rightly asked to reply to the concern, at any stage."""
    parts = _PARTS.of(session, concern_id)
    if parts is not None:
        return any(one.person_id in person_ids and _answers(one) for one in parts)
    query = select(Addressee.id).where(
        Addressee.concern_id == concern_id,
        col(Addressee.person_id).in_(person_ids),
        _answering(),
    )
    return session.exec(query.limit(1)).first() is not None
