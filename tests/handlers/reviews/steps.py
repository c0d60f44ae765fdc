"""Steps of review stories: a child looked after since a day, and looks into what is kept about their reviews."""

from datetime import date

from sqlmodel import Session, col, select

from handlers.cards import Answer, Form
from handlers.office import Scene, rules_in_force
from handlers.requests import Value
from handlers.reviews.daily import plan_daily
from handlers.reviews.planning import plan_review
from storage import children, contacts, history, reviews
from storage.children import Child
from storage.contacts import Contact
from storage.database import transaction
from storage.history import History
from storage.review_tasks import ReviewTask
from storage.reviews import Meeting, Review, ReviewMove
from tests.bench import Bench, button
from tests.cast import AUTHORITY, CHILD, IRO


def scene_of(bench: Bench, session: Session) -> Scene:
    """The scene of the bench's moment."""
    return Scene(session=session, now=bench.now, authority=AUTHORITY, rules=rules_in_force(session, AUTHORITY))


def in_care(bench: Bench, since: str | None, reference: str = CHILD, **columns: object) -> Review | None:
    """Make the child looked after since that day, with other columns as given, and plan its review."""
    with transaction(bench.engine, AUTHORITY) as session:
        child = children.by_reference(session, reference)
        assert child is not None
        child.looked_after_from = date.fromisoformat(since) if since else None
        for column, value in columns.items():
            setattr(child, column, value)
        session.add(child)
        return plan_review(scene_of(bench, session), child)


def plan_everyone(bench: Bench) -> int:
    """The daily round."""
    return plan_daily(bench.engine, AUTHORITY, bench.now)


def child_of(bench: Bench, reference: str = CHILD) -> Child:
    """The child of that reference."""
    with transaction(bench.engine, AUTHORITY, writes=False) as session:
        child = children.by_reference(session, reference)
    assert child is not None
    return child


def all_reviews(bench: Bench, reference: str = CHILD) -> list[Review]:
    """Every review of the child, oldest due first."""
    with transaction(bench.engine, AUTHORITY, writes=False) as session:
        child = children.by_reference(session, reference)
        assert child is not None
        assert child.id is not None
        return reviews.of_child(session, child.id)


def open_review_of(bench: Bench, reference: str = CHILD) -> Review:
    """The child's one open review."""
    found = [one for one in all_reviews(bench, reference) if one.state in reviews.OPEN_REVIEWS]
    assert len(found) == 1, found
    return found[0]


def last_held_of(bench: Bench, reference: str = CHILD) -> Review:
    """The child's review held last."""
    found = [one for one in all_reviews(bench, reference) if one.state is reviews.ReviewState.HELD]
    return max(found, key=lambda one: (one.held_on or date.min, one.id or 0))


def tasks_of(bench: Bench, review: Review) -> dict[str, ReviewTask]:
    """The tasks of a review by key."""
    with transaction(bench.engine, AUTHORITY, writes=False) as session:
        rows = session.exec(select(ReviewTask).where(ReviewTask.review_id == review.id))
        return {row.task: row for row in rows}


def moves_of(bench: Bench, review: Review) -> list[ReviewMove]:
    """How the review was moved."""
    with transaction(bench.engine, AUTHORITY, writes=False) as session:
        assert review.id is not None
        return reviews.moves_of(session, review.id)


def meetings_of(bench: Bench, review: Review) -> list[date]:
    """The days of a series."""
    with transaction(bench.engine, AUTHORITY, writes=False) as session:
        query = select(Meeting).where(Meeting.review_id == review.id).order_by(col(Meeting.held_on))
        return [one.held_on for one in session.exec(query)]


def contacts_of(bench: Bench, reference: str = CHILD) -> list[Contact]:
    """The contacts about the child."""
    with transaction(bench.engine, AUTHORITY, writes=False) as session:
        child = children.by_reference(session, reference)
        assert child is not None
        assert child.id is not None
        return contacts.of_child(session, child.id)


def story(bench: Bench, reference: str = CHILD) -> list[History]:
    """The history of the child."""
    with transaction(bench.engine, AUTHORITY, writes=False) as session:
        child = children.by_reference(session, reference)
        assert child is not None
        return list(history.entries(session, f"child:{child.id}"))


def shown(bench: Bench, who: str = IRO, reference: str = CHILD) -> Form:
    """`/review AB-1042`."""
    opened = bench.command(who, f"/review {reference}")
    assert isinstance(opened, Form), opened
    return opened


def do(bench: Bench, label: str, who: str = IRO, reference: str = CHILD, **typed: Value) -> Answer:
    """Open `/review AB-1042`, press the button of that label, and submit the form it opens."""
    opened = bench.press(who, button(shown(bench, who, reference), label))
    return bench.submit(who, opened, typed) if isinstance(opened, Form) and opened.submit else opened
