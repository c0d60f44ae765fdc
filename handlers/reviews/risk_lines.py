"""Reviews that are late or at risk, and news that waits, as "Your day" names them to the IRO."""

from collections.abc import Iterator
from functools import partial

from sqlmodel import col, or_, select

from handlers.cards import Button
from handlers.office import Scene
from handlers.reviews.day_line import Named, open_review_button, whose
from handlers.reviews.naming import horizon, or_said
from handlers.reviews.near import Near
from handlers.reviews.risk import is_late, risks_of
from handlers.timetable.counting import values_of
from scheduling.booking import Risk
from scheduling.deadline_wording import say_day, say_list
from scheduling.working_days import local
from storage.children import Child
from storage.news import News
from storage.reviews import BEGUN, OPEN_REVIEWS, Review, ReviewState


def risk_lines(near: Near) -> Iterator[Named]:
    """Reviews that are late, or at risk of being late, to the IRO."""
    scene = near.scene
    last = horizon(near, values_of(scene).at_risk_within.number)
    query = (
        select(Review, Child)
        .join(Child, col(Child.id) == col(Review.child_id))
        .where(
            col(Review.state).in_(OPEN_REVIEWS),
            or_(
                col(Child.left_care_on).is_(None)
                & or_(
                    col(Review.due_on) <= last,
                    col(Review.booked_for) <= last,
                    col(Review.booked_for) > col(Review.due_on),
                ),
                col(Child.left_care_on).is_not(None) & col(Review.state).in_(BEGUN),
            ),
        )
        .order_by(col(Review.due_on), col(Review.id))
    )
    for review, child in scene.session.exec(query.where(near.children)):
        yield from or_said(near, child, f"review {review.id}", partial(_risk, near, review, child))


def _risk(near: Near, review: Review, child: Child) -> Named | None:
    scene = near.scene
    stands = _stands(scene, review, child)
    if not stands:
        return None
    opened = open_review_button(child, review.id)
    book = Button(label="Book", deed="review.book", subject=child.reference, run=review.id)
    return Named(
        child=child,
        text=f"{whose(scene, child)}: the review {_due(scene, review)} {stands}",
        owners=near.of_role("iro", child),
        buttons=(book, opened) if review.state is ReviewState.DUE else (opened,),
        meant=child.iro_id,
        on=review.due_on,
        owed_by=review.due_on,
    )


def _stands(scene: Scene, review: Review, child: Child) -> str:
    if child.left_care_on is not None:
        left = say_day(child.left_care_on, scene.today)
        return f"had begun when the child left care on {left}, and waits to be completed"
    late, risks = is_late(scene, review), risks_of(scene, review)
    if not late and not risks:
        return ""
    if not late and risks == (Risk.NOT_BOOKED.value,):
        return "is not booked"
    why = f": {say_list(risks)}" if risks else ""
    return f"is late{why}" if late else f"is at risk{why}"


def _due(scene: Scene, review: Review) -> str:
    tense = "that was due" if review.due_on < scene.today else "due"
    if review.booked_for == review.due_on:
        tense = f"{tense} and booked for"
        return f"{tense} {say_day(review.due_on, scene.today)}"
    booked = f", booked for {say_day(review.booked_for, scene.today)}," if review.booked_for is not None else ""
    return f"{tense} {say_day(review.due_on, scene.today)}{booked}"


def news_lines(near: Near) -> Iterator[Named]:
    """News that waits for the IRO's word: of today only where no message told of it."""
    scene = near.scene
    query = (
        select(News, Child)
        .join(Child, col(Child.id) == col(News.child_id))
        .where(col(News.answer).is_(None))
        .order_by(col(News.id))
    )
    for told, child in scene.session.exec(query.where(near.children)):
        told_on = local(told.told_at).date()
        if told_on < scene.today or not told.cannot_wait:
            since = say_day(told_on, scene.today)
            yield Named(
                child=child,
                text=f"{whose(scene, child)} has something new since {since}; it waits for your word",
                owners=near.of_role("iro", child),
                buttons=(Button(label="Open", deed="review.news.open", subject=child.reference, run=told.id),),
                meant=child.iro_id,
                on=told_on,
            )
