"""Booking a review and moving it: the day, the kind of place (never where), and how the child wants it."""

import re
from datetime import date, time, timedelta

from handlers.asking import check_years
from handlers.cards import Answer, Choice, Errors, Field, FieldKind, Form, Notice
from handlers.day_windows import DayOf
from handlers.days import day_field, given_day, wrong_day
from handlers.fitting import fitted
from handlers.forms.detail import check_detail
from handlers.office import Desk
from handlers.refusals import Refused
from handlers.requests import Request
from handlers.reviews.case import ReviewCase, context_of, open_review, require_same
from handlers.reviews.siblings import ALSO, Siblings, also_field, chosen, locked, siblings
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


def book_form(desk: Desk, request: Request) -> Answer:
    """ "Book": the form, or the one that moves a review already booked."""
    case = open_review(desk, request.subject, May.BOOK, review_id=request.run)
    return _form(case, require_same(case, request))


def _form(case: ReviewCase, review: Review) -> Form:
    if review.state is ReviewState.IN_SERIES:
        raise Refused(f"The review of {case.ref} has begun: record its meetings.", case.button("Open", "review.open"))
    ended = ended_on(case.child, case.desk.today)
    if ended is not None:
        since = f"{case.ref} has not been looked after since {say_day(ended)}"
        raise Refused(f"{since}: complete the review by the day it last met.", case.button("Open", "review.open"))
    moves = review.booked_for is not None
    return Form(
        deed="review.move.send" if moves else "review.book.send",
        title=f"{'Move' if moves else 'Book'}: {case.ref}",
        submit="Move" if moves else "Book",
        subject=case.ref,
        run=review.id,
        context=context_of(case),
        fields=(
            Field(key="due", kind=FieldKind.STATEMENT, text=due_words(case.desk, review)),
            day_field(DayOf.BOOKED, "booked_for", "Day", review.booked_for or _proposed(case.desk, review)),
            Field(
                key="time", kind=FieldKind.TEXT, label="Time", hint="10:00", initial=review.booked_time, max_length=20
            ),
            Field(
                key="place",
                kind=FieldKind.CHOICE,
                label="Kind of place",
                hint="The kind only, never where.",
                choices=tuple(Choice(value=place, label=place) for place in PLACES),
                initial=review.place_kind,
            ),
            *((_reason_field(case),) if moves else ()),
            *((_wish_field(review),) if case.may(May.READ_REVIEWS) else ()),
            *(() if moves else also_field(case.desk, _not_booked(case, review), SAME)),
        ),
    )


SAME = "The same day, time and kind of place. How the child wants it is asked for each."


def _not_booked(case: ReviewCase, review: Review) -> Siblings:
    return siblings(case, review, May.BOOK, ReviewState.DUE)


def _proposed(desk: Desk, review: Review) -> date:
    """The day of the authority's booking target, to leave room to move; once that has passed the last one in time."""
    if review.state is ReviewState.DUE:
        for target in book_by(values_of(desk).targets, as_it_stands(desk, review), desk.calendar):
            if target.on >= desk.today:
                return target.on
    return max(aim_for(complete_by(desk, review), desk.calendar), desk.today)


def _wish_field(review: Review) -> Field:
    return Field(
        key="wish",
        kind=FieldKind.LONG,
        label="How the child wants it",
        hint="Who should come, where they feel at ease, who leads. No names.",
        initial=review.childs_wish or "",
    )


def _reason_field(case: ReviewCase) -> Field:
    return Field(
        key="reason",
        kind=FieldKind.CHOICE,
        label="Why it is moved",
        hint="Needed when the day changes.",
        choices=tuple(Choice(value=one, label=one) for one in values_of(case.desk).moved_reasons),
    )


def book(desk: Desk, request: Request) -> Answer:
    """Keep the booking of a review that had none, and of those ticked with it: all of them, or none."""
    locked(desk, request)
    case, review, problem = _checked(desk, request)
    if problem is not None:
        return problem
    others, wrong = _also(case, review, request)
    if wrong:
        return Errors(by_field={ALSO: wrong})
    said = [f"The review of {case.ref} is booked for {_booked_now(case, review, request)}.{_late(case, review)}"]
    for other in others:
        _booked_now(other, other.present, request)
        said.append(f"So is that of {other.ref}.{_late(other, other.present)}")
    return Notice(text=" ".join(said))


def _also(case: ReviewCase, review: Review, request: Request) -> tuple[list[ReviewCase], str]:
    """The others ticked, and what is wrong with the day for one of them."""
    desk, day = case.desk, given_day(request, "booked_for")
    found, wrong = chosen(request, _not_booked(case, review))
    others = [open_review(desk, child.reference, May.BOOK, review_id=one.id, for_change=True) for one, child in found]
    for other in others:
        refused = _wrong_day(other, other.present, day) if day is not None else {}
        wrong = wrong or " ".join(f"{other.ref}: {sentence}" for sentence in refused.values())
    return others, wrong


def _booked_now(case: ReviewCase, review: Review, request: Request) -> str:
    _keep(case, review, request)
    case.record("review booked", review=review.id, day=str(review.booked_for), place=review.place_kind)
    return _booked(review)


def move(desk: Desk, request: Request) -> Answer:
    """Keep the new day with its reason, or other details of the booking alone."""
    case, review, problem = _checked(desk, request)
    if problem is not None:
        return problem
    before, after = review.booked_for, given_day(request, "booked_for")
    assert before is not None
    assert after is not None
    if before == after:
        _keep(case, review, request)
        case.record("booking changed", review=review.id, day=str(after), place=review.place_kind)
        return Notice(text=f"Kept: the review of {case.ref} stays booked for {_booked(review)}.")
    row = ReviewMove(
        review_id=case.review_id,
        from_on=before,
        to_on=after,
        reason=request.text("reason"),
        by_id=desk.actor_id,
        moved_at=desk.now,
    )
    desk.session.add(row)
    _keep(case, review, request)
    details = {"from": str(before), "to": str(after), "reason": row.reason}
    case.record("review moved", review=review.id, **details)
    within = " It stays within time." if after <= latest_day(desk, review) else ""
    return Notice(
        text=f"The review of {case.ref} is moved from {say_day(before)} to {_booked(review)}."
        f"{within}{_late(case, review)}"
    )


def _checked(desk: Desk, request: Request) -> tuple[ReviewCase, Review, Errors | Form | None]:
    """The review to book, and what is wrong with the form."""
    case = open_review(desk, request.subject, May.BOOK, review_id=request.run, for_change=True)
    review = require_same(case, request)
    form = fitted(_form(case, review), request)
    wrong = _wrong(case, review, form, request)
    asked = check_years(desk, form, request) or check_detail(desk, form, request, ("wish",))
    return case, review, Errors(by_field=wrong) if wrong else asked


def _wrong(case: ReviewCase, review: Review, form: Form, request: Request) -> dict[str, str]:
    wrong: dict[str, str] = {}
    day = given_day(request, "booked_for")
    if day is None:
        wrong |= wrong_day(case.desk, form, request, "booked_for")
    elif day != review.booked_for:
        wrong |= _wrong_day(case, review, day) or wrong_day(case.desk, form, request, "booked_for")
        if review.booked_for is not None and request.text("reason") not in values_of(case.desk).moved_reasons:
            wrong["reason"] = "Say why the review is moved."
    if request.text("time") and written_time(request.text("time")) is None:
        wrong["time"] = "Write a time like 10:00 or 2 pm."
    return wrong


def _wrong_day(case: ReviewCase, review: Review, day: date) -> dict[str, str]:
    desk = case.desk
    if day < desk.today:
        return {"booked_for": "This date has passed. A review that took place is recorded as held."}
    if day > max(desk.today, review.due_on) + FURTHEST:
        return {"booked_for": f"This is more than a year after the review is due ({say_day(review.due_on)})."}
    limit = complete_by(desk, review)
    if review.state is ReviewState.ADJOURNED and desk.today <= limit < day:
        return {"booked_for": f"An adjourned review has to be completed by {say_day(limit)}."}
    return {}


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


def _keep(case: ReviewCase, review: Review, request: Request) -> None:
    at = written_time(request.text("time"))
    review.booked_for = given_day(request, "booked_for")
    review.booked_time = f"{at:%H:%M}" if at is not None else ""
    review.place_kind = request.text("place")
    if case.may(May.READ_REVIEWS) and case.ref == request.subject.strip().upper():
        review.childs_wish = request.text("wish") or None
    review.booked_by_id, review.booked_at = case.desk.actor_id, case.desk.now
    if review.state is ReviewState.DUE:
        review.state = ReviewState.BOOKED
    case.desk.session.add(review)
    finish(case.desk, case.review_id, BOOK, case.desk.today)
    plan_tasks(case.desk, case.child, review)


def _booked(review: Review) -> str:
    assert review.booked_for is not None
    at = written_time(review.booked_time)
    return f"{say_day(review.booked_for)}{f', {say_time(at)}' if at is not None else ''}"


def _late(case: ReviewCase, review: Review) -> str:
    limit = latest_day(case.desk, review)
    if review.booked_for is None or review.booked_for <= limit:
        return "" if case.desk.calendar.is_working(review.booked_for or limit) else " That is not a working day."
    return f" That is after the day it is due by ({say_day(limit)}): it will be late."
