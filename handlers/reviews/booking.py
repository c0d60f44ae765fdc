"""Booking a review and moving it: the day, the kind of place (never where), and how the child wants it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta

from handlers.cards import Answer, Choice, Notice
from handlers.day_windows import DayOf
from handlers.forms.deeds import done_by
from handlers.forms.fields import choice_if_any, day, line, words
from handlers.forms.form import Declared, Place
from handlers.office import Desk
from handlers.refusals import Refused
from handlers.requests import Request, Value
from handlers.reviews.case import ReviewCase, context_of, open_review, require_same
from handlers.reviews.siblings import ALSO, Siblings, also_for, locked, require_offered, siblings
from handlers.reviews.wording import due_words
from handlers.rights import May
from handlers.timetable.counting import as_it_stands, complete_by, ended_on, latest_day, values_of
from handlers.timetable.tasks import BOOK, finish, plan_tasks
from scheduling.booking import book_by
from scheduling.deadline_wording import say_day, say_time
from scheduling.timetable import aim_for
from storage.reviews import Review, ReviewMove, ReviewState

PLACES = ("Where the child lives", "School", "Council office", "Family centre", "Health setting", "Online", "Other")
FURTHEST = timedelta(days=366)
_TIME = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm)?", re.IGNORECASE)
SAME = "The same day, time and kind of place. How the child wants it is asked for each."


@dataclass(frozen=True, kw_only=True)
class Booking:
    """A review to be booked, with the brothers and sisters whose own can be booked with it, or to be moved."""

    case: ReviewCase
    others: Siblings = ()

    @property
    def review(self) -> Review:
        """The review."""
        return self.case.present


def _booking(desk: Desk, request: Request, *, for_change: bool) -> Booking:
    if for_change:
        locked(desk, request)
    case = open_review(desk, request.subject, May.BOOK, review_id=request.run, for_change=for_change)
    review = require_same(case, request)
    if review.state is ReviewState.IN_SERIES:
        raise Refused(f"The review of {case.ref} has begun: record its meetings.", case.button("Open", "review.open"))
    ended = ended_on(case.child, desk.today)
    if ended is not None:
        since = f"{case.ref} has not been looked after since {say_day(ended)}"
        raise Refused(f"{since}: complete the review by the day it last met.", case.button("Open", "review.open"))
    others = siblings(case, review, May.BOOK, ReviewState.DUE) if review.booked_for is None else ()
    require_offered(request, others)
    return Booking(case=case, others=others)


def _proposed(about: Booking) -> str:
    """The day of the authority's booking target, to leave room to move; once that has passed the last one in time."""
    desk, review = about.case.desk, about.review
    if review.booked_for is not None:
        return review.booked_for.isoformat()
    if review.state is ReviewState.DUE:
        for target in book_by(values_of(desk).targets, as_it_stands(desk, review), desk.calendar):
            if target.on >= desk.today:
                return target.on.isoformat()
    return max(aim_for(complete_by(desk, review), desk.calendar), desk.today).isoformat()


def _judged(about: Booking, on: date) -> str | None:
    """The day that is booked can stay, though it has passed."""
    return "" if on == about.review.booked_for else _refused(about.case.desk, about.review, on) or None


def _refused(desk: Desk, review: Review, on: date) -> str:
    """Why a review cannot be booked for that day."""
    if on < desk.today:
        return "This date has passed. A review that took place is recorded as held."
    if on > max(desk.today, review.due_on) + FURTHEST:
        return f"This is more than a year after the review is due ({say_day(review.due_on)})."
    limit = complete_by(desk, review)
    if review.state is ReviewState.ADJOURNED and desk.today <= limit < on:
        return f"An adjourned review has to be completed by {say_day(limit)}."
    return ""


class Meeting(Declared[Booking]):
    """When it is, in what kind of place, and how the child wants it."""

    booked_for: date = day(DayOf.BOOKED, "Day", first=_proposed, judge=_judged)
    time: str = line(
        "Time",
        limit=20,
        required=False,
        checked=False,  # what is no time is not taken
        hint="10:00",
        first=lambda about: about.review.booked_time,
    )
    place_kind: str | None = choice_if_any(
        "Kind of place",
        tuple(Choice(value=place, label=place) for place in PLACES),
        str,
        hint="The kind only, never where.",
        first=lambda about: about.review.place_kind,
        key="place",
    )
    wish: str = words(
        "How the child wants it",
        hint="Who should come, where they feel at ease, who leads. No names.",
        required=False,
        first=lambda about: about.review.childs_wish or "",
        asks=lambda about: about.case.may(May.READ_REVIEWS),
        at_end=True,
        column=Review.childs_wish,
    )

    @classmethod
    def place(cls, about: Booking) -> Place:
        """The review, and how it stood."""
        return Place(subject=about.case.ref, run=about.case.review_id, context=context_of(about.case))

    @classmethod
    def stands(cls, about: Booking) -> Mapping[str, Value]:
        """A kind of place that is not offered any more can stay."""
        return {"place": about.review.place_kind}

    @classmethod
    def above(cls, about: Booking) -> tuple[str, ...]:
        """By when it is due."""
        return (due_words(about.case.desk, about.review),)

    def wrong(self, about: Booking) -> dict[str, str]:
        """The time is one."""
        unread = self.time and written_time(self.time) is None
        return {"time": "Write a time like 10:00 or 2 pm."} if unread else {}


class ToBook(Meeting, deed="review.book", title=lambda about: f"Book: {about.case.ref}", submit="Book"):
    """The booking of a review that has none, and of brothers and sisters with it."""

    also: tuple[str, ...] = also_for(SAME)

    def ticked(self, about: Booking) -> Siblings:
        """Those to be booked with it."""
        return [one for one in about.others if one[1].reference in self.also]

    def wrong(self, about: Booking) -> dict[str, str]:
        """The day fits them all."""
        desk, on = about.case.desk, self.booked_for
        refused = ((child.reference, _refused(desk, review, on)) for review, child in self.ticked(about))
        said = " ".join(f"{reference}: {sentence}" for reference, sentence in refused if sentence)
        return {**super().wrong(about), **({ALSO: said} if said else {})}


class ToMove(Meeting, deed="review.move", title=lambda about: f"Move: {about.case.ref}", submit="Move"):
    """Another day with its reason, or other details of the booking alone."""

    reason: str | None = choice_if_any(
        "Why it is moved",
        lambda about: [Choice(value=one, label=one) for one in values_of(about.case.desk).moved_reasons],
        str,
        hint="Needed when the day changes.",
        missing="Say why the review is moved.",
    )

    def wrong(self, about: Booking) -> dict[str, str]:
        """Another day has its reason."""
        unsaid = self.booked_for != about.review.booked_for and self.reason is None
        return {**super().wrong(about), **({"reason": "Say why the review is moved."} if unsaid else {})}


def book_form(desk: Desk, request: Request) -> Answer:
    """ "Book": the form, or the one that moves a review already booked."""
    about = _booking(desk, request, for_change=False)
    return ToBook.draw(about) if about.review.booked_for is None else ToMove.draw(about)


@done_by(ToBook, _booking)
def book(about: Booking, given: ToBook) -> Answer:
    """Keep the booking of a review that had none, and of those ticked with it: all of them, or none."""
    case = about.case
    _keep_wish(case, given)
    said = [f"The review of {case.ref} is booked for {_booked_now(case, given)}.{_late(case)}"]
    for review, child in given.ticked(about):
        other = open_review(case.desk, child.reference, May.BOOK, review_id=review.id, for_change=True)
        _booked_now(other, given)
        said.append(f"So is that of {other.ref}.{_late(other)}")
    return Notice(text=" ".join(said))


def _booked_now(case: ReviewCase, given: ToBook) -> str:
    review = case.present
    _keep(case, given)
    case.record("review booked", review=review.id, day=str(review.booked_for), place=review.place_kind)
    return _booked(review)


@done_by(ToMove, _booking)
def move(about: Booking, given: ToMove) -> Answer:
    """Keep the new day with its reason, or other details of the booking alone."""
    case, review, before, after = about.case, about.review, about.review.booked_for, given.booked_for
    _keep_wish(case, given)
    _keep(case, given)
    if before is None or before == after:
        case.record("booking changed", review=review.id, day=str(after), place=review.place_kind)
        return Notice(text=f"Kept: the review of {case.ref} stays booked for {_booked(review)}.")
    _keep_move(case, before, given)
    within = " It stays within time." if after <= latest_day(case.desk, review) else ""
    return Notice(
        text=f"The review of {case.ref} is moved from {say_day(before)} to {_booked(review)}.{within}{_late(case)}"
    )


def _keep_move(case: ReviewCase, before: date, given: ToMove) -> None:
    desk, reason = case.desk, given.reason or ""
    row = ReviewMove(
        review_id=case.review_id,
        from_on=before,
        to_on=given.booked_for,
        reason=reason,
        by_id=desk.actor_id,
        moved_at=desk.now,
    )
    desk.session.add(row)
    details = {"from": str(before), "to": str(given.booked_for), "reason": reason}
    case.record("review moved", review=case.review_id, **details)


def written_time(text: str) -> time | None:
    """The time someone wrote, "10:00", "9.30" or "2 pm"; None for anything else."""
    found = _TIME.fullmatch(text.strip())
    if found is None:
        return None
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").lower()
    if half and not 1 <= hour <= 12:
        return None
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _keep(case: ReviewCase, given: Meeting) -> None:
    review, at = case.present, written_time(given.time)
    review.booked_for = given.booked_for
    review.booked_time = f"{at:%H:%M}" if at is not None else ""
    review.place_kind = given.place_kind or ""
    review.booked_by_id, review.booked_at = case.desk.actor_id, case.desk.now
    if review.state is ReviewState.DUE:
        review.state = ReviewState.BOOKED
    case.desk.session.add(review)
    finish(case.desk, case.review_id, BOOK, case.desk.today)
    plan_tasks(case.desk, case.child, review)


def _keep_wish(case: ReviewCase, given: Meeting) -> None:
    """Of the child the form is about; nobody is asked for it who may not read it."""
    if case.may(May.READ_REVIEWS):
        case.present.childs_wish = given.wish or None


def _booked(review: Review) -> str:
    assert review.booked_for is not None
    at = written_time(review.booked_time)
    return f"{say_day(review.booked_for)}{f', {say_time(at)}' if at is not None else ''}"


def _late(case: ReviewCase) -> str:
    review = case.present
    limit = latest_day(case.desk, review)
    if review.booked_for is None or review.booked_for <= limit:
        return "" if case.desk.calendar.is_working(review.booked_for or limit) else " That is not a working day."
    return f" That is after the day it is due by ({say_day(limit)}): it will be late."
