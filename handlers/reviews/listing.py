"""`/review`: what is late, at risk, to be done and coming in four weeks, by what a person is to the children."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement
from sqlmodel import col, or_, select, true

from handlers.cards import Answer, Button, Card, Line, Notice
from handlers.numbers import number_of
from handlers.office import Desk
from handlers.people.finding import people_below
from handlers.requests import Request
from handlers.reviews.risk import is_late, risks_of
from handlers.reviews.wording import due_words, state_words
from handlers.standing import acting_as, is_manager_in, roles_acting
from handlers.timetable.tasks import do_button, label_of
from handlers.undrawn import CANNOT_BE_SHOWN, drawn
from scheduling.deadline_wording import say_day
from storage.children import Child
from storage.review_tasks import ReviewTask
from storage.reviews import OPEN_REVIEWS, Review, ReviewState

PAGE = 8
AHEAD = timedelta(weeks=4)
TASKS_AHEAD = 5
"""Working days: tasks due by then are named, and all that are overdue."""
_LATE, _RISK, _TO_DO, _SOON = "Late", "At risk", "To do", "Coming"
_ORDER = (_LATE, _RISK, _TO_DO, _SOON)


@dataclass(frozen=True, kw_only=True)
class _Entry:
    kind: str
    on: date
    child: Child
    review: Review | None = None
    task: ReviewTask | None = None
    risks: tuple[str, ...] = ()


def show_list(desk: Desk, request: Request) -> Answer:
    """A page of it, what is late first. `request.subject` is "8" for a later page."""
    found = _entries(desk)
    start = number_of(request.subject) or 0
    page = found[start : start + PAGE]
    if not page:
        return Notice(text="No review is late, at risk or due in the next four weeks, and nothing is to be done.")
    more = (Button(label="More", deed="review.list", subject=str(start + PAGE)),) if start + PAGE < len(found) else ()
    return Card(
        title=f"Reviews ({start + 1} to {start + len(page)} of {len(found)}): {_counted(found)}",
        lines=tuple(_line(desk, entry) for entry in page),
        buttons=more,
    )


def _counted(found: list[_Entry]) -> str:
    numbers = {kind: sum(1 for entry in found if entry.kind == kind) for kind in _ORDER}
    return ", ".join(f"{number} {kind.lower()}" for kind, number in numbers.items() if number)


def _entries(desk: Desk) -> list[_Entry]:
    found = [*_reviews(desk), *_tasks(desk)]
    return sorted(found, key=lambda entry: (_ORDER.index(entry.kind), entry.on, entry.child.reference))


def _theirs(desk: Desk) -> ColumnElement[bool]:
    """The children whose reviews this person follows: all for IRO managers and support, else those near them."""
    acting, roles = acting_as(desk), roles_acting(desk)
    if roles & {"iro_manager", "support"}:
        return true()
    near = [col(Child.iro_id).in_(_iros(acting)), col(Child.holder_id).in_(acting)]
    if is_manager_in(desk.rules, roles):
        near.append(col(Child.holder_id).in_(people_below(desk)))
    return or_(*near)


def _iros(acting: Mapping[int, frozenset[str]]) -> list[int]:
    """Those among them who are an IRO today."""
    return [one for one, roles in acting.items() if "iro" in roles]


def _reviews(desk: Desk) -> list[_Entry]:
    last = desk.today + AHEAD
    query = (
        select(Review, Child)
        .join(Child, col(Child.id) == col(Review.child_id))
        .where(
            col(Review.state).in_(OPEN_REVIEWS),
            or_(col(Review.due_on) <= last, col(Review.booked_for) <= last, col(Review.booked_for) > Review.due_on),
            _theirs(desk),
        )
    )
    return [_or_at_risk(desk, review, child) for review, child in desk.session.exec(query)]


def _or_at_risk(desk: Desk, review: Review, child: Child) -> _Entry:
    """The entry; of a review whose days cannot be counted that it needs somebody's eyes."""
    odd = _Entry(kind=_RISK, on=review.due_on, child=child, review=review)
    return drawn(desk, f"review {review.id}", lambda: _of_review(desk, review, child), lambda: odd)


def _of_review(desk: Desk, review: Review, child: Child) -> _Entry:
    risks = risks_of(desk, review)
    kind = _LATE if is_late(desk, review) else _RISK if risks else _SOON
    on = min(review.due_on, review.booked_for) if review.booked_for is not None and kind == _SOON else review.due_on
    return _Entry(kind=kind, on=on, child=child, review=review, risks=risks)


def _tasks(desk: Desk) -> list[_Entry]:
    """The tasks that are this person's own: by their role for the child, or as business support for all."""
    acting = acting_as(desk)
    owners: list[ColumnElement[bool]] = [
        (col(ReviewTask.owner_role) == "iro") & col(Child.iro_id).in_(_iros(acting)),
        (col(ReviewTask.owner_role) == "social_worker") & col(Child.holder_id).in_(acting),
    ]
    if any("support" in roles for roles in acting.values()):
        owners.append(col(ReviewTask.owner_role) == "support")
    query = (
        select(ReviewTask, Child, Review)
        .join(Child, col(Child.id) == col(ReviewTask.child_id))
        .join(Review, col(Review.id) == col(ReviewTask.review_id))
        .where(
            col(ReviewTask.done_on).is_(None),
            col(ReviewTask.not_needed).is_(False),
            col(ReviewTask.due_on) <= desk.calendar.add(desk.today, TASKS_AHEAD),
            col(Review.state) != ReviewState.NOT_NEEDED,
            or_(*owners),
        )
    )
    return [
        _Entry(kind=_TO_DO, on=task.due_on or desk.today, child=child, review=review, task=task)
        for task, child, review in desk.session.exec(query)
    ]


def _line(desk: Desk, entry: _Entry) -> Line:
    opened = Button(label="Open", deed="review.open", subject=entry.child.reference)
    instead = Line(text=f"{entry.kind} · {entry.child.reference} {CANNOT_BE_SHOWN}", buttons=(opened,))
    name = f"review {entry.review.id if entry.review is not None else ''}"
    return drawn(desk, name, lambda: _drawn_line(desk, entry), lambda: instead)


def _drawn_line(desk: Desk, entry: _Entry) -> Line:
    opened = Button(label="Open", deed="review.open", subject=entry.child.reference)
    if entry.task is not None:
        tense = "was due" if entry.on < desk.today else "by"
        text = f"{_TO_DO} · {entry.child.reference} · {label_of(desk, entry.task.task)} · {tense} "
        held_on = entry.review.held_on if entry.review is not None else None
        which = f" (review of {say_day(held_on, desk.today)})" if held_on is not None else ""
        return Line(
            text=f"{text}{say_day(entry.on, desk.today)}{which}", buttons=(do_button(entry.child, entry.task), opened)
        )
    assert entry.review is not None
    risks = f" ({', '.join(entry.risks)})" if entry.risks else ""
    words = f"{due_words(desk, entry.review)} Now {state_words(desk, entry.review)}."
    return Line(text=f"{entry.kind}{risks} · {entry.child.reference} · {words}", buttons=(opened,))
