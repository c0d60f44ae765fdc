"""The one open review of every child in care: made from the timetable, and kept as the timetable has it.

A review that is booked or has begun keeps its day when rules change; only one still to be booked is counted anew,
and the change is written into the child's history. Planning twice changes nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import col, select

from handlers.office import Scene
from handlers.reviews.beginning import begin_many
from handlers.reviews.case import record
from handlers.reviews.next_step import Step, next_step
from handlers.timetable.counting import Held, ended_on, in_care_since
from handlers.timetable.tasks import drop_tasks, plan_tasks
from storage import history, reviews
from storage.children import Child
from storage.reviews import OPEN_REVIEWS, Review, ReviewState

RECORDED_EACH = 200
"""New reviews written into each child's own history; more at once make one entry for the authority."""


@dataclass(frozen=True, kw_only=True)
class Cause:
    """Why reviews are planned, and by whom; the clock and imports have no actor."""

    why: str = "the timetable"
    actor_id: int | None = None
    for_id: int | None = None


CLOCK = Cause()


def plan_review(scene: Scene, child: Child, cause: Cause = CLOCK) -> Review | None:
    """Give the child the open review the timetable asks for; None where it asks for none. Idempotent."""
    assert child.id is not None
    scene.session.flush()
    story = reviews.of_child(scene.session, child.id)
    step = next_step(scene, child, reviews.next_among(story), _held(story))
    review = _write(scene, child, step, cause)
    _follow(scene, child, review, step, reviews.last_held_among(story))
    scene.session.flush()
    return review


def plan_all(scene: Scene, cause: Cause = CLOCK) -> int:
    """Plan for every child; returns how many reviews were made, moved or ended.

    Three queries whatever the number of children, and rows only where something changes. For imports; the daily
    round asks `children_to_plan` first, so that it holds no lock while it counts.
    """
    scene.session.flush()
    steps = [(child, step) for child, step in _steps(scene) if step.what]
    many = [(child, step) for child, step in steps if step.begins]
    if len(many) <= RECORDED_EACH:
        many = []
    begin_many(scene, many)
    if many:
        _record_number(scene, len(many), cause)
    for child, step in steps:
        if not (many and step.begins):
            last = reviews.last_held(scene.session, child.id) if child.id is not None else None
            _follow(scene, child, _write(scene, child, step, cause), step, last)
    scene.session.flush()
    return len(steps)


@dataclass(frozen=True, kw_only=True)
class ToPlan:
    """The ids of the children to plan for, and why the next review of others cannot be counted, by their ids."""

    ids: Sequence[int]
    faults: Mapping[int, str]


def children_to_plan(scene: Scene) -> ToPlan:
    """The children for whom `plan_review` would change something now. Writes nothing."""
    steps = _steps(scene)
    return ToPlan(
        ids=[child.id for child, step in steps if child.id is not None and step.what],
        faults={child.id: step.fault for child, step in steps if child.id is not None and step.fault},
    )


def why_not_counted(scene: Scene, child: Child) -> str:
    """Why the child's next review cannot be counted, as a sentence; nothing where it can, or none is due."""
    assert child.id is not None
    story = reviews.of_child(scene.session, child.id)
    return next_step(scene, child, reviews.next_among(story), _held(story)).fault


def none_to_come(scene: Scene, child: Child, otherwise: str = "No further review is due.") -> str:
    """Why a child has no review to come: `otherwise`, unless it cannot be counted."""
    fault = why_not_counted(scene, child)
    if not fault:
        return otherwise
    return f"The next review cannot be counted: {fault} Ask your administrator to put the procedures right."


def _steps(scene: Scene) -> list[tuple[Child, Step]]:
    """Every child for whom something is to be done, or cannot be counted, with what that is."""
    open_ones, held = _open_by_child(scene), _held_by_child(scene)
    found: list[tuple[Child, Step]] = []
    for child in scene.session.exec(select(Child).order_by(col(Child.id))).all():
        assert child.id is not None
        if in_care_since(child) is None and child.id not in open_ones:
            continue
        step = next_step(scene, child, open_ones.get(child.id), held.get(child.id, []))
        if step.what or step.fault:
            found.append((child, step))
    return found


def _write(scene: Scene, child: Child, step: Step, cause: Cause) -> Review | None:
    """Do the step, with its entry in the child's history; returns the review to come."""
    if not step.what:
        return step.present
    assert child.id is not None
    review = step.present
    before = review.due_on if review is not None else None
    if review is None:
        assert step.columns is not None
        review = Review(child_id=child.id, state=ReviewState.DUE, created_at=scene.now, **vars(step.columns))
    elif step.columns is None:
        review.state, review.in_time = ReviewState.NOT_NEEDED, False if step.missed else None
    else:
        for column, value in vars(step.columns).items():
            setattr(review, column, value)
    scene.session.add(review)
    scene.session.flush()
    _record(scene, child, review, step, before, cause)
    return None if step.ends else review


def _follow(scene: Scene, child: Child, review: Review | None, step: Step, last: Review | None) -> None:
    """Let the tasks follow: those of the review to come, and of the last one held up to it."""
    over = step.ends or ended_on(child, scene.today) is not None
    if over:
        drop_tasks(scene, child, since=child.left_care_on or scene.today)
    if review is None or over:
        return
    plan_tasks(scene, child, review, is_new=step.begins)
    if last is not None:
        plan_tasks(scene, child, last, next_due_on=review.due_on)


def _record(scene: Scene, child: Child, review: Review, step: Step, before: date | None, cause: Cause) -> None:
    record(
        scene,
        child,
        step.what,
        actor_id=cause.actor_id,
        for_id=cause.for_id,
        details={
            "review": review.id,
            "due": review.due_on.isoformat(),
            "before": before.isoformat() if before is not None and before != review.due_on else None,
            "rule": review.rule,
            "track": review.track,
            "why": cause.why,
        },
    )


def _record_number(scene: Scene, number: int, cause: Cause) -> None:
    history.record(
        scene.session,
        chain="authority",
        at=scene.now,
        actor_id=cause.actor_id,
        what="reviews planned",
        details={"reviews": number, "why": cause.why},
    )


def _held(found: Sequence[Review]) -> list[Held]:
    return [(one.track, one.held_on) for one in found if one.state is ReviewState.HELD and one.held_on is not None]


def _held_by_child(scene: Scene) -> dict[int, list[Held]]:
    query = select(Review.child_id, Review.track, col(Review.held_on)).where(
        Review.state == ReviewState.HELD, col(Review.held_on).is_not(None)
    )
    found: dict[int, list[Held]] = {}
    for child_id, track, on in scene.session.exec(query):
        if on is not None:
            found.setdefault(child_id, []).append((track, on))
    return found


def _open_by_child(scene: Scene) -> dict[int, Review]:
    query = select(Review).where(col(Review.state).in_(OPEN_REVIEWS)).order_by(col(Review.due_on), col(Review.id))
    found: dict[int, Review] = {}
    for review in scene.session.exec(query):
        found.setdefault(review.child_id, review)
    return found
