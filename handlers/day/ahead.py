"""What comes in the next four weeks: reviews, and what falls due later than a reminder looks."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from functools import partial

from sqlalchemy import ColumnElement
from sqlmodel import col, or_, select

from handlers.cards import Button, Line
from handlers.day.part import Part
from handlers.day_entry import Entry, Kind, in_order
from handlers.day_words import clock, said
from handlers.office import Scene
from handlers.reviews.day_line import whose
from handlers.reviews.risk import is_late
from handlers.starts import was_before
from handlers.undrawn import drawn
from scheduling.deadline_wording import say_day
from storage.children import Child
from storage.reviews import OPEN_REVIEWS, Review, ReviewState

AHEAD = timedelta(weeks=4)
NEXT_BOOKED = 3
Pairs = Sequence[tuple[Review, Child]]


def last_day(scene: Scene) -> date:
    """The last working day of the four weeks: a day of which nobody has to ask whether the office is open."""
    day = scene.today + AHEAD
    return day if scene.calendar.is_working(day) else scene.calendar.add(day, -1)


def reviews_of(scene: Scene, theirs: ColumnElement[bool]) -> Pairs:
    """The open reviews of these children that are late, or due or booked in the next four weeks."""
    last = last_day(scene)
    query = (
        select(Review, Child)
        .join(Child, col(Child.id) == col(Review.child_id))
        .where(
            col(Review.state).in_(OPEN_REVIEWS),
            or_(col(Review.due_on) <= last, col(Review.booked_for) <= last),
            col(Child.left_care_on).is_(None),
            theirs,
        )
        .order_by(col(Review.due_on), Child.reference)
    )
    return [(review, child) for review, child in scene.session.exec(query)]


def held_by(people: Collection[int]) -> ColumnElement[bool]:
    """Children whose holder is one of these."""
    return col(Child.holder_id).in_(people)


def followed_by(person_id: int) -> ColumnElement[bool]:
    """Children whose holder, or whose IRO, somebody is."""
    return or_(col(Child.holder_id) == person_id, col(Child.iro_id) == person_id)


def summed_up(scene: Scene, found: Pairs) -> Part:
    """ "today 2 pm AB-1042 · Wed 2 Dec AB-1015 · 9 booked, 1 not booked, 0 late."."""
    if not found:
        return Part(key="reviews", heading="", lines=())
    booked = [(review, child) for review, child in found if _comes(scene, review)]
    booked.sort(key=lambda pair: (pair[0].booked_for or scene.today, pair[0].booked_time or "", pair[1].reference))
    nearest = [_booking(scene, review, child) for review, child in booked[:NEXT_BOOKED]]
    text = " · ".join([*nearest, f"{_counted(scene, found)}."])
    every = Button(label="All reviews", deed="review.list")
    return Part(key="reviews", heading=until_words(scene), lines=(Line(text=text, buttons=(every,)),), counted=False)


def until_words(scene: Scene) -> str:
    """ "Reviews to Fri 25 Dec"."""
    return f"Reviews to {say_day(last_day(scene), scene.today)}"


def _comes(scene: Scene, review: Review) -> bool:
    return review.booked_for is not None and review.booked_for >= scene.today


def _booking(scene: Scene, review: Review, child: Child) -> str:
    assert review.booked_for is not None
    at = f" {clock(review.booked_time)}" if review.booked_time else ""
    return f"{said(scene, review.booked_for)}{at} {whose(scene, child)}"


def _counted(scene: Scene, found: Pairs) -> str:
    booked = sum(review.state is not ReviewState.DUE for review, _ in found)
    late = sum(late_now(scene, review) for review, _ in found)
    return f"{booked} booked, {len(found) - booked} not booked, {late} late"


def late_now(scene: Scene, review: Review) -> bool:
    """Whether a review is late; one that cannot be counted is named elsewhere."""
    return drawn(scene, f"review {review.id}", partial(is_late, scene, review), bool)


def coming(scene: Scene, later: Sequence[Entry], found: Pairs) -> Part:
    """What nobody is reminded of yet: replies with more time, and reviews; the first to fall due on top."""
    found = [one for one in found if not was_before(scene, one[1], one[0].booked_for or one[0].due_on)]
    return Part(key="coming", heading="Coming", lines=[one.line for one in _in_order(scene, later, found)])


def next_words(scene: Scene, later: Sequence[Entry], seen: Iterable[Pairs]) -> str:
    """ " Next: AB-1188, review Thu 17 Dec, 10 am.": the first of all that comes; nothing where nothing does."""
    entries = _in_order(scene, later, [one for found in seen for one in found])
    first = next((one for one in entries if one.on >= scene.today), None)
    return f" Next: {first.line.text.replace(': ', ', ', 1)}" if first is not None else ""


def _in_order(scene: Scene, later: Sequence[Entry], found: Pairs) -> list[Entry]:
    return in_order([*later, *(_review(scene, review, child) for review, child in found)])


def _review(scene: Scene, review: Review, child: Child) -> Entry:
    on = review.booked_for if review.booked_for is not None else review.due_on
    opened = Button(label="Open", deed="review.open", subject=child.reference, run=review.id)
    if review.booked_for is None and review.state is ReviewState.IN_SERIES:
        text = (
            f"{whose(scene, child)}: review due {say_day(review.due_on, scene.today)}, begun as a series of meetings."
        )
        return Entry(line=Line(text=text, buttons=(opened,)), on=on, kind=Kind.REVIEW)
    if review.booked_for is None:
        book = Button(label="Book", deed="review.book", subject=child.reference, run=review.id)
        was = "was due" if review.due_on < scene.today else "due"
        text = f"{whose(scene, child)}: review {was} {say_day(review.due_on, scene.today)}, not booked."
        return Entry(line=Line(text=text, buttons=(book, opened)), on=on, kind=Kind.REVIEW)
    at = f", {clock(review.booked_time)}" if review.booked_time else ""
    text = f"{whose(scene, child)}: review {said(scene, review.booked_for)}{at}."
    return Entry(line=Line(text=text, buttons=(opened,)), on=on, kind=Kind.REVIEW)
