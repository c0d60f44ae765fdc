"""Finds the rows that are incomplete or disagree with themselves, one question a function; each is named."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, true
from sqlalchemy import select as select_many
from sqlmodel import Session, col, select

from storage.children import Child
from storage.concerns import Concern, ConcernReason, Outcome
from storage.contacts import Contact
from storage.counted import Within, closed, raised
from storage.on_record import is_missing
from storage.review_statistics import Days, of_whose, were_held
from storage.reviews import OPEN_REVIEWS, Participation, Review
from storage.stage_runs import StageRun

BATCH = 1000
IN_MONTHS_UNDER_FOUR = 48


def _named(session: Session, condition: ColumnElement[bool]) -> Iterator[str]:
    """Concerns by reference, with the reference they were imported under."""
    query = (
        select_many(col(Concern.number), col(Concern.imported_reference))
        .where(condition)
        .order_by(col(Concern.number))
        .execution_options(yield_per=BATCH)
    )
    for number, imported in session.execute(query):
        yield f"C-{number} ({imported})" if imported else f"C-{number}"


def without_reason(session: Session, within: Within) -> Iterator[str]:
    """Concerns that name no reason."""
    named = select(ConcernReason.id).where(col(ConcernReason.concern_id) == col(Concern.id)).exists()
    return _named(session, and_(raised(within), ~named))


def without_main_reason(session: Session, within: Within) -> Iterator[str]:
    """Concerns that name reasons and none of them as the main one."""
    reasons = select(ConcernReason.id).where(col(ConcernReason.concern_id) == col(Concern.id))
    main = reasons.where(col(ConcernReason.main).is_(True)).exists()
    return _named(session, and_(raised(within), reasons.exists(), ~main))


def without_team(session: Session, within: Within) -> Iterator[str]:
    """Concerns about a child for which no team is recorded."""
    return _named(session, and_(raised(within), col(Concern.team) == "", col(Concern.about_service).is_(False)))


def without_outcome(session: Session, within: Within) -> Iterator[str]:
    """Closed concerns that do not say how they ended."""
    return _named(session, and_(closed(within), col(Concern.outcome).is_(None)))


def not_on_record(session: Session, within: Within) -> Iterator[str]:
    """Concerns about a child, closed here since the start, of which no copy is noted as on the child's record."""
    return _named(session, and_(closed(within), is_missing(), ~within.began.is_before_of_concern(Concern.closed_at)))


def withdrawn(session: Session, within: Within) -> Iterator[str]:
    """Concerns withdrawn since, which still count as raised."""
    return _named(session, and_(raised(within), col(Concern.outcome) == Outcome.WITHDRAWN))


def closed_too_early(session: Session, within: Within) -> Iterator[str]:
    """Concerns closed before they were raised, or before a stage they came to."""
    later = select(StageRun.id).where(
        col(StageRun.concern_id) == col(Concern.id), _own_start() > col(Concern.closed_at)
    )
    early = or_(col(Concern.closed_at) < col(Concern.raised_at), later.exists())
    return _named(session, and_(closed(within), early))


def stage_before_raised(session: Session, within: Within) -> Iterator[str]:
    """Concerns that came to a stage before they were raised."""
    earlier = select(StageRun.id).where(
        col(StageRun.concern_id) == col(Concern.id), _own_start() < col(Concern.raised_at)
    )
    return _named(session, and_(raised(within), earlier.exists()))


def _own_start() -> ColumnElement[datetime]:
    """When a stage began, in a form no index is kept by: SQLite would else read everyone's stages for each concern."""
    return func.coalesce(col(StageRun.started_at), col(StageRun.started_at))


def highest_stage_disagrees(session: Session, within: Within) -> Iterator[str]:
    """Concerns whose highest stage is not among the stages they came to."""
    there = select(StageRun.id).where(
        col(StageRun.concern_id) == col(Concern.id), col(StageRun.number) == col(Concern.highest_stage)
    )
    return _named(session, and_(raised(within), ~there.exists()))


def _reviews(session: Session, condition: ColumnElement[bool], days: Days) -> Iterator[str]:
    """Reviews by the child's reference and their day."""
    query = (
        select_many(col(Child.reference), col(Review.held_on), col(Review.due_on))
        .join(Child, col(Child.id) == col(Review.child_id))
        .where(condition, of_whose(days))
        .order_by(col(Review.due_on), col(Review.id))
        .execution_options(yield_per=BATCH)
    )
    for reference, held_on, due_on in session.execute(query):
        yield f"{reference} ({(held_on or due_on).isoformat()})"


def without_code(session: Session, days: Days) -> Iterator[str]:
    """Reviews held that do not say how the child took part."""
    return _reviews(session, and_(were_held(days), col(Review.participation).is_(None)), days)


def late_without_reason(session: Session, days: Days) -> Iterator[str]:
    """Reviews held late that do not say why."""
    unsaid = or_(col(Review.late_reason).is_(None), col(Review.late_reason) == "")
    return _reviews(session, and_(were_held(days), col(Review.in_time).is_(False), unsaid), days)


def not_known_in_time(session: Session, days: Days) -> Iterator[str]:
    """Reviews held of which it is not known whether they were in time."""
    return _reviews(session, and_(were_held(days), col(Review.in_time).is_(None)), days)


def in_time_disagrees(session: Session, days: Days) -> Iterator[str]:
    """Reviews called in time that began after they were due, or late ones that ended before."""
    due = col(Review.due_on)
    wrong = or_(
        and_(col(Review.in_time).is_(True), col(Review.held_on) > due),
        and_(col(Review.in_time).is_(False), col(Review.completed_on) <= due),
    )
    return _reviews(session, and_(were_held(days), wrong), days)


def not_held(session: Session, days: Days) -> Iterator[str]:
    """Reviews that fell due since the start and have not been held."""
    return _reviews(session, and_(_open_and_due(days), ~days.began.is_before_of_review(Review.due_on)), days)


def not_held_from_before(session: Session, days: Days) -> Iterator[str]:
    """Reviews that fell due before the start and have not been held."""
    return _reviews(session, and_(_open_and_due(days), days.began.is_before_of_review(Review.due_on)), days)


def _open_and_due(days: Days) -> ColumnElement[bool]:
    return and_(col(Review.state).in_(OPEN_REVIEWS), days.hold(Review.due_on))


def code_disagrees_with_age(session: Session, days: Days) -> Iterator[str]:
    """PN0 is for children under four: reviews coded so of older children, or otherwise of younger ones."""
    query = (
        select_many(col(Child.reference), col(Child.born), col(Review.held_on), col(Review.participation))
        .join(Child, col(Child.id) == col(Review.child_id))
        .where(were_held(days), col(Child.born).is_not(None), col(Review.participation).is_not(None))
        .order_by(col(Review.held_on), col(Review.id))
        .execution_options(yield_per=BATCH)
    )
    for reference, born, held_on, code in session.execute(query):
        months = (held_on.year - int(born[:4])) * 12 + held_on.month - int(born[5:])
        under_four = code is Participation.PN0
        if (under_four and months > IN_MONTHS_UNDER_FOUR) or (not under_four and months < IN_MONTHS_UNDER_FOUR):
            yield f"{reference} ({held_on.isoformat()})"


def _children(session: Session, days: Days, condition: ColumnElement[bool]) -> Iterator[str]:
    theirs = true() if days.whose.is_everybody else days.whose.children()
    in_care = and_(col(Child.left_care_on).is_(None), col(Child.historical).is_(False))
    query = select(Child.reference).where(in_care, condition, theirs).order_by(col(Child.reference))
    yield from session.exec(query.execution_options(yield_per=BATCH))


def without_iro(session: Session, days: Days) -> Iterator[str]:
    """Children in care now without a reviewing officer."""
    return _children(session, days, col(Child.iro_id).is_(None))


def without_holder(session: Session, days: Days) -> Iterator[str]:
    """Children in care now whom nobody holds."""
    return _children(session, days, col(Child.holder_id).is_(None))


def without_start(session: Session, days: Days) -> Iterator[str]:
    """Children in care now of whom it is not known since when."""
    return _children(session, days, col(Child.looked_after_from).is_(None))


def contacts_without_team(session: Session, days: Days) -> Iterator[str]:
    """Contacts for which no team is recorded, by the child's reference and their day."""
    theirs = true() if days.whose.is_everybody else days.whose.contacts()
    query = (
        select_many(col(Child.reference), col(Contact.happened_on))
        .join(Child, col(Child.id) == col(Contact.child_id))
        .where(days.hold(Contact.happened_on), col(Contact.team) == "", theirs)
        .order_by(col(Contact.happened_on), col(Contact.id))
        .execution_options(yield_per=BATCH)
    )
    for reference, happened_on in session.execute(query):
        yield f"{reference} ({happened_on.isoformat()})"
