"""Who has something in the morning, and the lists behind it."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import ColumnElement
from sqlmodel import Session, and_, col, func, or_, select

from storage.children import Child
from storage.concerns import OPEN_STATES, Concern, ConcernState
from storage.people import Absence, Person
from storage.rare import Rare, may_be
from storage.replies import Reply
from storage.stage_runs import Addressee, Part, StageRun, holds

EndingSoon = tuple[Concern, Child | None, StageRun | None]
"""A concern all of whose stages end soon, its child, and the stage run it stands at."""


def people_with_something(
    session: Session, today: date, now: datetime, named_until: datetime, limits_until: datetime
) -> list[int]:
    """Everyone who may have a line today: addressed or alerted in an open stage that is due by `named_until`, IRO of a
    concern that waits for them or all of whose stages end by `limits_until`, with a draft, asked whether a change
    lasted; and those who cover for them.
    """
    parts = select(Addressee.person_id).join(StageRun, col(StageRun.id) == col(Addressee.run_id))
    open_parts = parts.where(col(StageRun.ended_at).is_(None), *holds())
    found: set[int | None] = {*session.exec(open_parts.where(col(StageRun.due_at) <= named_until).distinct())}
    standing = (ConcernState.ASKED, ConcernState.REPLIED, ConcernState.DRAFT)
    wanted = or_(
        col(Concern.state).in_(standing), Concern.lasted_asked_on == today, and_(*_ends_soon(now, limits_until))
    )
    found |= {*session.exec(select(Concern.iro_id).where(wanted).distinct())}
    if may_be(session, Rare.DRAFTS):
        found |= set(session.exec(select(Concern.drafted_by_id).where(Concern.state == ConcernState.DRAFT)))
    of_children = select(Child.iro_id).join(Concern, col(Concern.child_id) == col(Child.id)).where(wanted).distinct()
    found |= set(session.exec(of_children))
    if may_be(session, Rare.PROMISES):
        found |= _with_promises(session, named_until.date())
    if may_be(session, Rare.GIVEN_PLACES):
        owners = select(Addressee.standing_for_id).where(col(Addressee.gave_way_at).is_not(None))
        found |= set(session.exec(owners.where(col(Addressee.person_id).in_(found - {None})).distinct()))
    present = {one for one in found if one is not None}
    return sorted(present | _covers(session, present, today)) if may_be(session, Rare.ABSENCES) else sorted(present)


def _with_promises(session: Session, last: date) -> set[int | None]:
    promised = select(Reply.person_id).join(StageRun, col(StageRun.id) == col(Reply.run_id))
    due = or_(col(Reply.plan_by) <= last, col(StageRun.plan_by) <= last)
    return set(session.exec(promised.where(_promise_is_open(), due).distinct()))


def _covers(session: Session, person_ids: Collection[int], today: date) -> set[int]:
    covers = select(Absence.cover_id).where(
        col(Absence.person_id).in_(person_ids),
        Absence.from_on <= today,
        or_(col(Absence.to_on).is_(None), col(Absence.to_on) >= today),
    )
    return {one for one in session.exec(covers) if one is not None}


def rules_of(session: Session, states: Collection[ConcernState]) -> list[str]:
    """The digests of the procedures under which concerns stand in these states."""
    return list(session.exec(select(Concern.procedures_digest).where(col(Concern.state).in_(states)).distinct()))


def ending_soon(
    session: Session,
    now: datetime,
    until: datetime,
    *,
    iro_ids: Collection[int] | None,
    asked: Collection[int] = (),
) -> list[EndingSoon]:
    """The open concerns all of whose stages end by `until` and have not ended, the first to end first.

    Those of these IROs, and those in which one of `asked` was asked to reply; where `iro_ids` is None, everybody's.
    """
    query = (
        select(Concern, Child, StageRun)
        .outerjoin(Child, col(Child.id) == col(Concern.child_id))
        .outerjoin(StageRun, col(StageRun.id) == col(Concern.run_id))
        .where(*_ends_soon(now, until))
    )
    if iro_ids is not None:
        asked_in = select(Addressee.concern_id).where(
            col(Addressee.person_id).in_(asked), Addressee.part == Part.ADDRESSED, col(Addressee.removed_at).is_(None)
        )
        whose = func.coalesce(col(Child.iro_id), col(Concern.iro_id))
        query = query.where(or_(whose.in_(iro_ids), col(Concern.id).in_(asked_in)))
    found = session.exec(query.order_by(col(Concern.limit_at), col(Concern.id)))
    return [(concern, child, run) for concern, child, run in found]


def _ends_soon(now: datetime, until: datetime) -> tuple[ColumnElement[bool], ...]:
    return col(Concern.state).in_(OPEN_STATES), col(Concern.limit_at) > now, col(Concern.limit_at) <= until


def _promise_is_open() -> ColumnElement[bool]:
    """A plan promised at a stage that has not ended, of which nobody said that it is done."""
    return and_(
        col(StageRun.ended_at).is_(None),
        col(StageRun.plan_by).is_not(None),
        col(Reply.plan_by).is_not(None),
        col(Reply.done_at).is_(None),
    )


def _given_back(person_ids: Collection[int]) -> ColumnElement[bool]:
    """What somebody promised who stood in for one of these people, and gave the place back."""
    return (
        select(Addressee.id)
        .where(
            col(Addressee.run_id) == col(Reply.run_id),
            col(Addressee.person_id) == col(Reply.person_id),
            col(Addressee.gave_way_at).is_not(None),
            col(Addressee.standing_for_id).in_(person_ids),
        )
        .exists()
    )


def _may_be_of(person_ids: Collection[int]) -> ColumnElement[bool]:
    return or_(col(Reply.person_id).in_(person_ids), _given_back(person_ids), _in_their_run(person_ids))


def _in_their_run(person_ids: Collection[int]) -> ColumnElement[bool]:
    """What somebody promised who has left, at a stage run in which one of these people has a part."""
    parts = select(Addressee.id).where(
        col(Addressee.run_id) == col(Reply.run_id), col(Addressee.person_id).in_(person_ids), *holds()
    )
    left = select(Person.id).where(col(Person.id) == col(Reply.person_id), col(Person.left_on).is_not(None))
    return and_(left.exists(), parts.exists())


def with_promises_of(session: Session, person_ids: Collection[int]) -> list[StageRun]:
    """The open stage runs at which one of these people may have promised a plan that is not done, the earliest first.

    Whose a promise is today, of somebody who has left, is asked of each.
    """
    promised = select(Reply.run_id).join(StageRun, col(StageRun.id) == col(Reply.run_id))
    promised = promised.where(_promise_is_open(), _may_be_of(person_ids))
    query = select(StageRun).where(col(StageRun.id).in_(promised))
    return list(session.exec(query.order_by(col(StageRun.plan_by), col(StageRun.id))))


def asked_to_add(session: Session, person_ids: Collection[int]) -> list[tuple[StageRun, Addressee]]:
    """The open stage runs at which one of these people is asked to add to a reply, and has not."""
    query = (
        select(StageRun, Addressee)
        .join(Addressee, col(Addressee.run_id) == col(StageRun.id))
        .where(
            col(StageRun.ended_at).is_(None),
            col(Addressee.person_id).in_(person_ids),
            col(Addressee.adds_for_id).is_not(None),
            col(Addressee.replied_at).is_(None),
            *holds(),
        )
    )
    return [(run, part) for run, part in session.exec(query.order_by(col(StageRun.due_at), col(StageRun.id)))]


def overdue_told_to(session: Session, person_ids: list[int], now: datetime) -> list[tuple[StageRun, Addressee]]:
    """The open runs past their deadline in which one of these people was alerted as a manager."""
    query = (
        select(StageRun, Addressee)
        .join(Addressee, col(Addressee.run_id) == col(StageRun.id))
        .where(
            col(StageRun.ended_at).is_(None),
            col(StageRun.due_at) <= now,
            col(Addressee.person_id).in_(person_ids),
            Addressee.part == Part.ALERTED,
            *holds(),
        )
    )
    return [(run, part) for run, part in session.exec(query.order_by(col(StageRun.due_at), col(StageRun.id)))]


def never_asked_whether_it_lasted(session: Session) -> list[Concern]:
    """Concerns closed here, with a change recorded, whose IRO has not been asked yet."""
    query = select(Concern).where(
        Concern.state == ConcernState.CLOSED,
        col(Concern.lasted_asked_on).is_(None),
        col(Concern.lasted).is_(None),
        col(Concern.change_recorded).is_(True),
    )
    return list(session.exec(query.order_by(col(Concern.closed_at))))


def asked_whether_it_lasted(session: Session, on: date) -> list[Concern]:
    """The concerns whose IRO is asked on that day whether the change lasted."""
    query = select(Concern).where(Concern.lasted_asked_on == on, Concern.state == ConcernState.CLOSED)
    return list(session.exec(query.order_by(col(Concern.number))))
