"""What there is only now and then: asked for all at once, so that a day without it costs one question and not twenty.

Each answer says that there may be some. It holds for the transaction until something is written.
"""

from enum import StrEnum

from sqlalchemy import ColumnElement, event
from sqlalchemy.orm import Session as PlainSession
from sqlalchemy.orm import SessionTransaction, UOWTransaction
from sqlmodel import Session, and_, col, exists, or_, select

from storage.authorities import Authority
from storage.child_checks import Checked, ChildCheck
from storage.concerns import Concern, ConcernState
from storage.handovers import Handover
from storage.news import News
from storage.on_record import is_missing
from storage.people import Absence, Person
from storage.reviews import Review
from storage.scope import GuardedSession, own_authority
from storage.stage_runs import Addressee, Part, StageRun

FOUND = "what is rare"


class Rare(StrEnum):
    """What many days have nothing of."""

    REVIEWS = "reviews"
    NEWS = "news"
    DRAFTS = "drafts"
    PROMISES = "promises"
    ADDITIONS = "additions"
    ALERTS = "alerts"
    LOST_PLACES = "lost places"
    GIVEN_PLACES = "places given away"
    NOT_ON_RECORD = "not on record"
    CHANGED = "closed with a change"
    WITHOUT_CLOCK = "without a clock"
    HANDOVERS = "handovers"
    ABSENCES = "absences"
    ENDS_KNOWN = "ends known"
    WRONG_CHILDREN = "wrong children"


_IS_OPEN = col(StageRun.ended_at).is_(None)

_WHERE: dict[Rare, ColumnElement[bool]] = {
    Rare.REVIEWS: exists(select(Review.id)),
    Rare.NEWS: exists(select(News.id)),
    Rare.DRAFTS: exists(select(Concern.id).where(Concern.state == ConcernState.DRAFT)),
    Rare.PROMISES: exists(select(StageRun.id).where(_IS_OPEN, col(StageRun.plan_by).is_not(None))),
    Rare.ADDITIONS: exists(
        select(Addressee.id).where(col(Addressee.adds_for_id).is_not(None), col(Addressee.replied_at).is_(None))
    ),
    Rare.ALERTS: exists(
        select(Addressee.id)
        .join(StageRun, and_(col(StageRun.id) == col(Addressee.run_id), _IS_OPEN))
        .where(Addressee.part == Part.ALERTED)
    ),
    Rare.LOST_PLACES: exists(select(Addressee.id).where(col(Addressee.lost_at).is_not(None))),
    Rare.GIVEN_PLACES: exists(select(Addressee.id).where(col(Addressee.gave_way_at).is_not(None))),
    Rare.NOT_ON_RECORD: exists(select(Concern.id).where(is_missing())),
    Rare.CHANGED: exists(
        select(Concern.id).where(
            Concern.state == ConcernState.CLOSED,
            or_(col(Concern.change_recorded).is_(True), col(Concern.lasted_asked_on).is_not(None)),
        )
    ),
    Rare.WITHOUT_CLOCK: exists(
        select(Concern.id).where(col(Concern.imported).is_(True), Concern.state == ConcernState.WAITING)
    ),
    Rare.HANDOVERS: exists(select(Handover.id)),
    Rare.ABSENCES: exists(select(Absence.id)),
    Rare.ENDS_KNOWN: exists(select(Person.id).where(col(Person.serves_until).is_not(None))),
    Rare.WRONG_CHILDREN: exists(select(ChildCheck.id).where(ChildCheck.answer != Checked.RIGHT)),
}


def may_be(session: Session, *what: Rare) -> bool:
    """Whether there may be any of this."""
    found = session.info.get(FOUND)
    if found is None or session.new or session.dirty or session.deleted:
        session.flush()
        found = session.info[FOUND] = _found(session)
    return not found.isdisjoint(what)


def _found(session: Session) -> frozenset[Rare]:
    query = select(Authority.key).where(Authority.key == own_authority(session)).add_columns(*_WHERE.values())
    answers = tuple(session.execute(query).one())[1:]
    return frozenset(one for one, answer in zip(_WHERE, answers, strict=True) if answer)


@event.listens_for(GuardedSession, "after_flush")
def _written(session: PlainSession, _: UOWTransaction) -> None:
    session.info.pop(FOUND, None)


@event.listens_for(GuardedSession, "after_soft_rollback")
def _undone(session: PlainSession, _: SessionTransaction) -> None:
    session.info.pop(FOUND, None)
