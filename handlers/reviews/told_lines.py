"""What somebody did around a review that others should know: a line in their next "Your day", once, never a message.

The person who did it is not told.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from itertools import groupby

from sqlalchemy import ColumnElement
from sqlmodel import col, or_, select

from handlers.cards import Button
from handlers.day_words import clock
from handlers.office import Scene
from handlers.reviews.day_line import Named, open_review_button, whose
from handlers.reviews.near import Near, seeing_to
from handlers.timetable.counting import values_of
from handlers.timetable.tasks import BOOK
from handlers.undrawn import drawn
from handlers.wording import name_of
from scheduling import ladder
from scheduling.deadline_wording import say_day
from scheduling.procedures.terms import IRO
from scheduling.working_days import at_local, local
from storage import people
from storage.children import Child
from storage.decisions import Decision, DecisionState, shared
from storage.news import News, NewsAnswer
from storage.review_tasks import ReviewTask
from storage.reviews import OPEN_REVIEWS, Review, ReviewMove


def told_lines(near: Near) -> Iterator[Named]:
    """Everything others did since the morning before."""
    yield from _answered_news(near)
    yield from _agreed(near)
    yield from _booked(near)
    yield from _decided(near)


def _is_new(near: Near, moment: datetime | None) -> ColumnElement[bool]:
    """Whether something was done after the morning of the last day worked, up to today's: told this morning alone."""
    first, last = (at_local(day, near.scene.rules.your_day_at) for day in (near.since, near.scene.today))
    return (col(moment) > first) & (col(moment) <= last)


def _or_left_out(scene: Scene, name: str, draw: Callable[[], Sequence[Named]]) -> Sequence[Named]:
    """The lines; one that cannot be drawn is named for administrators, and takes no other with it."""
    nothing: Sequence[Named] = ()
    return drawn(scene, name, draw, lambda: nothing)


def _answered_news(near: Near) -> Iterator[Named]:
    """What the IRO made of news, to the person who told it."""
    scene = near.scene
    query = select(News, Child).join(Child, col(Child.id) == col(News.child_id)).where(_is_new(near, News.answered_at))
    if near.person_id is not None:
        query = query.where(News.told_by_id == near.person_id)
    for told, child in scene.session.exec(query.order_by(col(News.id))):
        if told.answered_by_id != told.told_by_id:
            yield from _or_left_out(scene, f"news {told.id}", partial(_answer_lines, scene, told, child))


def _answer_lines(scene: Scene, told: News, child: Child) -> Sequence[Named]:
    did = "brings the review forward" if told.answer is NewsAnswer.BRING_FORWARD else "has noted it"
    since, who = say_day(local(told.told_at).date(), scene.today), name_of(scene, told.answered_by_id)
    line = Named(
        child=child,
        text=f"{whose(scene, child)}: you told the {IRO} on {since} that something changed; {who} {did}",
        owners=(told.told_by_id,),
        buttons=(Button(label="Open", deed="review.news.open", subject=child.reference, run=told.id),),
    )
    return (line,)


def _agreed(near: Near) -> Iterator[Named]:
    """Decisions agreed, or by silence, to the IRO."""
    scene = near.scene
    query = (
        select(Review, Child)
        .join(Child, col(Child.id) == col(Review.child_id))
        .where(
            _is_new(near, Review.decisions_answered_at),
            col(Review.decisions_answer).in_(("agreed", "silence")),
            near.children,
        )
    )
    for review, child in scene.session.exec(query.order_by(col(Review.id))):
        yield from _or_left_out(scene, f"review {review.id}", partial(_agreed_lines, near, review, child))


def _agreed_lines(near: Near, review: Review, child: Child) -> Sequence[Named]:
    line = Named(
        child=child,
        text=f"{whose(near.scene, child)}: {_how_agreed(near.scene, review)}",
        owners=near.of_role("iro", child),
        buttons=(Button(label="Open", deed="review.decisions.open", subject=child.reference, run=review.id),),
        meant=child.iro_id,
    )
    return (line,)


def _how_agreed(scene: Scene, review: Review) -> str:
    which = f"the decisions of the review{_of_day(scene, review)}"
    if review.decisions_answer == "agreed":
        return f"{name_of(scene, review.decisions_answered_by_id)} agreed {which}"
    due, asked = review.decisions_answer_due_at, name_of(scene, review.decisions_to_id)
    until = f" by {say_day(local(due).date(), scene.today)}" if due is not None else ""
    return f"{which} count as agreed: {asked} did not answer{until}"


def _of_day(scene: Scene, review: Review) -> str:
    return f" of {say_day(review.held_on, scene.today)}" if review.held_on is not None else ""


@dataclass(frozen=True, kw_only=True)
class _Booking:
    """A review booked or moved since yesterday: the task of booking it, and the days it was moved from."""

    review: Review
    child: Child
    task: ReviewTask | None
    moved_from: tuple[date, ...]

    @property
    def first_booker(self) -> int | None:
        """Who booked it first."""
        return self.task.done_by_id if self.task is not None else None

    @property
    def on(self) -> date:
        """The day it was booked or moved."""
        assert self.review.booked_at is not None
        return local(self.review.booked_at).date()

    @property
    def is_first(self) -> bool:
        """Whether it was not booked before."""
        return not self.moved_from and (self.task is None or self.task.done_on == self.on)

    @property
    def is_in_good_time(self) -> bool:
        """Whether it was booked for the first time, by the day on which it was to be."""
        due_on = self.task.due_on if self.task is not None else None
        return self.is_first and due_on is not None and self.on <= due_on


def _booked(near: Near) -> Iterator[Named]:
    """Reviews booked late, or moved, close to the day: to the IRO, the holder and who had booked them."""
    for one in _bookings(near):
        yield from _or_left_out(near.scene, f"review {one.review.id}", partial(_booking_lines, near, one))


def _booking_lines(near: Near, one: _Booking) -> Sequence[Named]:
    if one.is_in_good_time or not _is_close(near.scene, one):
        return ()
    told: set[int | None] = {one.review.booked_by_id}
    places = (
        (near.of_role("iro", one.child), one.child.iro_id),
        (near.of_role("social_worker", one.child), one.child.holder_id),
        (_support_who_booked(near.scene, one), None),
    )
    lines = []
    for found, meant in places:
        owners = tuple(person for person in found if person not in told)
        told.update(owners)
        if owners and (meant is None or meant != one.review.booked_by_id):
            lines.append(_booking_line(near.scene, one, owners, meant))
    return lines


def _support_who_booked(scene: Scene, one: _Booking) -> tuple[int, ...]:
    """The person who booked it first, while business support; others hear of it by what they are to the child."""
    booker = one.first_booker
    if booker is None or "support" not in people.roles_on(scene.session, booker, scene.today):
        return ()
    return (booker,)


def _bookings(near: Near) -> Iterator[_Booking]:
    scene = near.scene
    query = (
        select(Review, Child, ReviewTask)
        .join(Child, col(Child.id) == col(Review.child_id))
        .outerjoin(ReviewTask, (col(ReviewTask.review_id) == col(Review.id)) & (col(ReviewTask.task) == BOOK))
        .where(
            _is_new(near, Review.booked_at),
            col(Review.state).in_(OPEN_REVIEWS),
            col(Review.booked_for).is_not(None),
            col(Child.left_care_on).is_(None),
        )
    )
    if near.person_id is not None:
        query = query.where(or_(near.children, col(ReviewTask.done_by_id).in_(near.mine)))
    found = scene.session.exec(query.order_by(col(Review.id))).all()
    moves = _moves(near, [review.id for review, _, _ in found if review.id is not None])
    for review, child, task in found:
        yield _Booking(review=review, child=child, task=task, moved_from=tuple(moves.get(review.id or 0, ())))


def _moves(near: Near, review_ids: Sequence[int]) -> dict[int, list[date]]:
    """By the review: the days it was moved from since yesterday, the first move first."""
    if not review_ids:
        return {}
    query = select(ReviewMove.review_id, col(ReviewMove.from_on)).where(
        col(ReviewMove.review_id).in_(review_ids), _is_new(near, ReviewMove.moved_at)
    )
    days: dict[int, list[date]] = {}
    for review_id, from_on in near.scene.session.exec(query.order_by(col(ReviewMove.id))):
        days.setdefault(review_id, []).append(from_on)
    return days


def _is_close(scene: Scene, one: _Booking) -> bool:
    """Whether the day, or the one it was moved from, is so near that people may have planned for it."""
    day = one.review.booked_for
    assert day is not None
    nearest = min(day, *one.moved_from) if one.moved_from else day
    return scene.calendar.count(one.on, nearest) <= values_of(scene).at_risk_within.number


def _booking_line(scene: Scene, one: _Booking, owners: tuple[int, ...], meant: int | None) -> Named:
    review, child = one.review, one.child
    day = say_day(review.booked_for, scene.today) if review.booked_for is not None else ""
    at = f", {clock(review.booked_time)}" if review.booked_time else ""
    by = name_of(scene, review.booked_by_id)
    did = "booked the review for" if one.is_first else "changed the booking of the review for"
    if one.moved_from:
        did = f"moved the review from {say_day(one.moved_from[0], scene.today)} to"
    return Named(
        child=child,
        text=f"{whose(scene, child)}: {by} {did} {day}{at}",
        owners=owners,
        buttons=(open_review_button(child, review.id),),
        meant=meant,
    )


def _decided(near: Near) -> Iterator[Named]:
    """Decisions of which somebody is by name the owner, once they are sent, and again once a change of them is."""
    scene = near.scene
    query = (
        select(Decision, Child)
        .join(Child, col(Child.id) == col(Decision.child_id))
        .where(
            Decision.state == DecisionState.OPEN,
            shared(),
            col(Decision.owner_id).is_not(None),
            or_(_is_new(near, Decision.sent_at), _is_new(near, Decision.changed_at)),
            col(Child.left_care_on).is_(None),
            near.owned(),
        )
        .order_by(col(Decision.child_id), col(Decision.owner_id), col(Decision.due_on))
    )
    found = scene.session.exec(query)
    for _, group in groupby(found, key=lambda pair: (pair[0].child_id, pair[0].owner_id)):
        together = list(group)
        made, child = [one for one, _ in together], together[0][1]
        yield from _or_left_out(scene, f"decision {made[0].id}", partial(_decision_lines, near, child, made))


def _decision_lines(near: Near, child: Child, made: Sequence[Decision]) -> Sequence[Named]:
    scene, fresh = near.scene, [one for one in made if not _is_named_anyway(near.scene, one)]
    if not fresh:
        return ()
    owners = tuple(one for one in seeing_to(scene, child, fresh[0]) if one not in near.of_role("iro", child))
    return (_decision_line(scene, child, fresh, owners),) if owners else ()


def _is_named_anyway(scene: Scene, decision: Decision) -> bool:
    """Whether its owner reads of it this morning because it is due."""
    due_on = decision.due_on
    return due_on is not None and ladder.named_today(due_on, scene.today, scene.rules.ladder.before, scene.calendar)


def _decision_line(scene: Scene, child: Child, made: Sequence[Decision], owners: tuple[int, ...]) -> Named:
    first = made[0]
    by = f" by {say_day(first.due_on, scene.today)}" if first.due_on is not None else ""
    what = "a decision of the review is" if len(made) == 1 else f"{len(made)} decisions of the review are"
    when = f", {'the first' if len(made) > 1 else 'to be done'}{by}" if by else ""
    return Named(
        child=child,
        text=f"{whose(scene, child)}: {what} now yours to see to{when}",
        owners=owners,
        buttons=(Button(label="Open", deed="review.decisions.open", subject=child.reference, run=first.review_id),),
        meant=first.owner_id,
    )
