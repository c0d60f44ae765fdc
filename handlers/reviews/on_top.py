"""How a child's review stands, by when, and for whom one acts, as the first line of each form about it."""

from datetime import date, timedelta

from handlers.day_words import clock
from handlers.reviews.case import ReviewCase, nothing_to_come
from handlers.reviews.wording import held_words, state_words
from handlers.rights import May
from handlers.timetable.counting import complete_by, values_of
from handlers.wording import name_of, when
from scheduling.deadline_wording import say_day
from scheduling.duration import Unit, say_count
from storage import reviews
from storage.reviews import Review, ReviewState


def line_of_review(case: ReviewCase) -> str:
    """ "AB-1042: review due by Thu 7 Jan 2027 (8 working days left), not booked. You act for Ann Lee."."""
    return " ".join(filter(None, (_stands(case), _answer_due(case), _for_whom(case))))


def _stands(case: ReviewCase) -> str:
    if not case.may(May.SEE_REVIEWS):
        return f"{case.ref}."  # whose task it is by the procedures alone
    review = case.review or reviews.open_of(case.desk.session, case.child_id)
    if review is None:
        return nothing_to_come(case.child, case.desk.today)
    return f"{case.ref}: review {_how(case, review)}."


def _how(case: ReviewCase, review: Review) -> str:
    desk = case.desk
    match review.state:
        case ReviewState.DUE:
            return f"{_due(case, review.due_on)}, not booked"
        case ReviewState.BOOKED if review.booked_for is not None:
            at = f", {clock(review.booked_time)}" if review.booked_time else ""
            return f"booked for {_day(case, review.booked_for)}{at}; {_due(case, review.due_on)}"
        case ReviewState.ADJOURNED:
            return f"{state_words(desk, review)}; {_due(case, complete_by(desk, review))}"
        case ReviewState.IN_SERIES:
            return f"is {state_words(desk, review)}; {_due(case, review.due_on)}"
        case ReviewState.HELD:
            return held_words(review)
        case _:
            return f"was {state_words(desk, review)}"


def _due(case: ReviewCase, day: date) -> str:
    """ "due by Thu 7 Jan 2027 (8 working days left)": what is left near the day, how late it is after it."""
    desk, said = case.desk, _day(case, day)
    if day < desk.today:
        late = desk.calendar.count(day, desk.today)
        return f"was due by {said}{f' ({say_count(late, Unit.WORKING_DAYS)} late)' if late else ''}"
    if day == desk.today or day - desk.today > _NEAR:
        return f"due by {said}"
    left = desk.calendar.count(desk.today, day)
    if left > values_of(desk).at_risk_within.number:
        return f"due by {said}"
    return f"due by {said} ({f'{say_count(left, Unit.WORKING_DAYS)} left' if left else 'no working day left'})"


_NEAR = timedelta(days=366)
"""Beyond it nobody counts days, and those of far years are not known."""


def _day(case: ReviewCase, day: date) -> str:
    return "today" if day == case.desk.today else say_day(day, case.desk.today)


def _answer_due(case: ReviewCase) -> str:
    """By when the decisions of a held review are to be answered, while they are not."""
    review = case.review
    if review is None or review.decisions_answer is not None or not case.may(May.READ_REVIEWS):
        return ""
    due = review.decisions_answer_due_at
    return f"Its decisions are to be answered by {when(due)}." if due is not None and due > case.desk.now else ""


def _for_whom(case: ReviewCase) -> str:
    return f"You act for {name_of(case.desk, case.acts_for)}." if case.acts_for is not None else ""
