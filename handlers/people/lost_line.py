"""Who is asked to reply about a child, and whose line lost the child since: they are told once, and stay asked."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlmodel import Session, col, select

from handlers.people.independence import line_of_ids
from storage.children import Child
from storage.concerns import Concern, ConcernState
from storage.people import Person
from storage.stage_runs import Addressee, Part, StageRun, holds

Lines = Mapping[int, tuple[int, ...]]


def asked_in_line(session: Session, child_ids: Collection[int] | None = None) -> set[int]:
    """The ids of the places from which a reply is awaited, and that the child's line holds: of these children, or all.

    Two queries, however many. Compared before and after a change they say whose line lost a child.
    """
    query = (
        select(Addressee.id, Addressee.person_id, Addressee.standing_for_id, Child.holder_id)
        .join(StageRun, col(StageRun.id) == col(Addressee.run_id))
        .join(Concern, col(Concern.run_id) == col(StageRun.id))
        .join(Child, col(Child.id) == col(Concern.child_id))
        .where(
            col(Concern.state).in_((ConcernState.WAITING, ConcernState.ASKED)),
            Addressee.part == Part.ADDRESSED,
            col(Addressee.replied_at).is_(None),
            col(Addressee.passed_to_id).is_(None),
            *holds(),
        )
    )
    rows = session.exec(query if child_ids is None else query.where(col(Child.id).in_(child_ids))).all()
    managers = dict(session.exec(select(Person.id, Person.manager_id)).all()) if rows else {}
    above = {one: manager for one, manager in managers.items() if one is not None}
    lines = {holder: set(line_of_ids(above, holder)) for *_, holder in rows if holder is not None}
    return {
        ident
        for ident, person, stands_for, holder in rows
        if ident is not None and holder is not None and {person, stands_for} & lines[holder]
    }


def mark_lost(session: Session, ids: Collection[int], at: datetime) -> list[Addressee]:
    """Keep that the line of these places lost the child; one that was lost before and is not told of stays so."""
    found = list(session.exec(select(Addressee).where(col(Addressee.id).in_(ids)).order_by(col(Addressee.id))))
    for part in found:
        part.lost_at, part.lost_told_on = at, None
        session.add(part)
    session.flush()
    return found
