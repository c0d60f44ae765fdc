"""What is open when a child changes hands: nobody is asked anew in silence, and the IRO's work follows the IRO."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from handlers.office import Scene
from scheduling.procedures.terms import CONCERN, CONCERNS
from storage import children, concerns, history
from storage.children import Capacity, Child
from storage.concerns import OPEN_STATES, Concern, ConcernState
from storage.handovers import HandedChild
from storage.handovers import Handover as Act


@dataclass(frozen=True, kw_only=True)
class Handover:
    """The open concerns and drafts about a child, oldest first."""

    open: tuple[Concern, ...]
    drafts: tuple[Concern, ...]

    def in_words(self, *, with_drafts: bool, of_one: str = "") -> str:
        """ "Open: C-3, C-7. Drafts: 1." or that nothing is; `of_one` names the child where others go with it."""
        references = ", ".join(concern.reference for concern in self.open)
        counted = f"Open {CONCERNS}: {len(self.open)} ({references})." if references else _nothing(of_one)
        return f"{counted} Drafts: {len(self.drafts)}." if with_drafts and self.drafts else counted


def _nothing(of_one: str) -> str:
    return f"No {CONCERN} about {of_one} is open." if of_one else f"No {CONCERN} is open."


def handover_of(session: Session, child: Child) -> Handover:
    """What is open about a child now."""
    about = concerns.about(session, child.id) if child.id is not None else []
    return Handover(
        open=tuple(one for one in about if one.state in OPEN_STATES),
        drafts=tuple(one for one in about if one.state is ConcernState.DRAFT),
    )


def formal_open(session: Session, child: Child) -> tuple[Concern, ...]:
    """The open concerns about the child that have reached a formal stage."""
    return tuple(one for one in handover_of(session, child).open if one.highest_stage > 0)


def formal_open_by_child(session: Session) -> dict[int, list[str]]:
    """The references of all open concerns that have reached a formal stage, by the child's id."""
    query = select(Concern).where(col(Concern.state).in_(OPEN_STATES), col(Concern.highest_stage) > 0)
    found: dict[int, list[str]] = {}
    for concern in session.exec(query.order_by(col(Concern.number))):
        if concern.child_id is not None:
            found.setdefault(concern.child_id, []).append(concern.reference)
    return found


def hand_on(
    scene: Scene, act: Act, child: Child, capacity: Capacity, to_id: int, *, reason: str = "", came_back: bool = False
) -> None:
    """Give a child another IRO or holder in an act, with what is open; the history says from whom to whom, and why."""
    assert child.id is not None
    assert act.id is not None
    is_iro = capacity is Capacity.IRO
    from_id = child.iro_id if is_iro else child.holder_id
    formal = is_iro and bool(formal_open(scene.session, child))
    children.allocate(scene.session, child, capacity, to_id, scene.today)
    scene.session.flush()
    if is_iro:
        follow_the_iro(scene.session, child, scene.now, act.by_id, reason)
    history.record(
        scene.session,
        chain=f"child:{child.id}",
        at=scene.now,
        actor_id=act.by_id,
        what=f"{capacity} changed",
        details={"from": from_id, "to": to_id, "handover": act.id},
        words=reason or None if is_iro else None,
    )
    scene.session.add(
        HandedChild(
            handover_id=act.id,
            child_id=child.id,
            capacity=capacity,
            from_id=from_id,
            to_id=to_id,
            formal=formal,
            came_back=came_back,
        )
    )


def follow_the_iro(session: Session, child: Child, now: datetime, actor_id: int | None, reason: str = "") -> None:
    """Make what is open the work of the child's present IRO; closed concerns stay with the person who closed them.

    The reason given for the change is kept with each of them.
    """
    if child.iro_id is None:
        return
    moving = session.exec(
        select(Concern).where(
            Concern.child_id == child.id,
            Concern.iro_id != child.iro_id,
            col(Concern.state).in_((*OPEN_STATES, ConcernState.DRAFT)),
        )
    )
    for concern in moving:
        details = {"from": concern.iro_id, "to": child.iro_id}
        concern.iro_id = child.iro_id
        session.add(concern)
        chain = f"concern:{concern.id}"
        history.record(
            session,
            chain=chain,
            at=now,
            actor_id=actor_id,
            what="handed over",
            details=details,
            words=reason or None,
        )
