"""Who has something in the morning, and the lists behind it."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import ColumnElement
from sqlmodel import Session, and_, col, or_, select

from storage.children import Child
from storage.concerns import Concern, ConcernState
from storage.people import Absence
from storage.replies import Reply
from storage.stage_runs import Addressee, Part, StageRun


def people_with_something(session: Session, today: date, named_until: datetime) -> list[int]:
    """Everyone who may have a line today: addressed or alerted in an open stage that is due by `named_until`, IRO of a
    concern that waits for them, with a draft, asked whether a change lasted; and those who cover for them.
    """
    parts = select(Addressee.person_id).join(StageRun, col(StageRun.id) == col(Addressee.run_id))
    open_parts = parts.where(col(StageRun.ended_at).is_(None), col(Addressee.removed_at).is_(None))
    found: set[int | None] = {*session.exec(open_parts.where(col(StageRun.due_at) <= named_until).distinct())}
    standing = (ConcernState.ASKED, ConcernState.REPLIED, ConcernState.DRAFT)
    wanted = or_(col(Concern.state).in_(standing), Concern.lasted_asked_on == today)
    found |= {*session.exec(select(Concern.iro_id).where(wanted).distinct())}
    found |= set(session.exec(select(Concern.drafted_by_id).where(Concern.state == ConcernState.DRAFT))) - {None}
    of_children = select(Child.iro_id).join(Concern, col(Concern.child_id) == col(Child.id)).where(wanted).distinct()
    found |= set(session.exec(of_children))
    promised = select(Reply.person_id).join(StageRun, col(StageRun.id) == col(Reply.run_id))
    last = named_until.date()
    due = or_(col(Reply.plan_by) <= last, col(StageRun.plan_by) <= last)
    found |= set(session.exec(promised.where(_promise_is_open(), due).distinct()))
    present = {one for one in found if one is not None}
    covers = select(Absence.cover_id).where(
        col(Absence.person_id).in_(present),
        Absence.from_on <= today,
        or_(col(Absence.to_on).is_(None), col(Absence.to_on) >= today),
    )
    found_covers: list[int | None] = list(session.exec(covers))
    return sorted(present | {one for one in found_covers if one is not None})


def rules_of_asked(session: Session) -> list[str]:
    """The digests of the procedures under which somebody is being asked for a reply, or has promised a plan."""
    asked = col(Concern.state).in_((ConcernState.WAITING, ConcernState.ASKED, ConcernState.PLANNED))
    return list(session.exec(select(Concern.procedures_digest).where(asked).distinct()))


def _promise_is_open() -> ColumnElement[bool]:
    """A plan promised at a stage that has not ended, of which nobody said that it is done."""
    return and_(
        col(StageRun.ended_at).is_(None),
        col(StageRun.plan_by).is_not(None),
        col(Reply.plan_by).is_not(None),
        col(Reply.done_at).is_(None),
    )


def with_promises_of(session: Session, person_ids: Collection[int]) -> list[StageRun]:
    """The open stage runs at which one of these people promised a plan that is not done, the earliest first."""
    promised = select(Reply.run_id).join(StageRun, col(StageRun.id) == col(Reply.run_id))
    promised = promised.where(_promise_is_open(), col(Reply.person_id).in_(person_ids))
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
            col(Addressee.removed_at).is_(None),
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
            col(Addressee.removed_at).is_(None),
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
