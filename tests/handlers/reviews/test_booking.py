"""Reviews are booked and moved: the day, the kind of place, how the child wants it, and why it was moved."""

from datetime import date, time

import pytest

from handlers.cards import Errors, Form
from handlers.reviews.booking import written_time
from storage.reviews import ReviewState
from tests.bench import Bench, button, words
from tests.cast import IRO, SOCIAL_WORKER, SUPPORT
from tests.handlers.reviews.conftest import MakeBench
from tests.handlers.reviews.steps import do, in_care, moves_of, open_review_of, shown, story, tasks_of
from tests.handlers.steps import field, form, said


@pytest.fixture
def due(bench: Bench) -> Bench:
    """A child whose first review is due on 7 January 2027."""
    in_care(bench, "2026-12-07")
    return bench


def wrong(answer: object) -> dict[str, str]:
    """What stands beside the fields."""
    assert isinstance(answer, Errors), answer
    return dict(answer.by_field)


def test_a_booking_is_kept_and_the_task_of_booking_done(due: Bench) -> None:
    given = {"booked_for": "2027-01-05", "time": "2.30 pm", "place": "School", "wish": "Outside, please."}
    assert "booked for Tue 5 Jan 2027, 2:30 pm" in said(do(due, "Book", SOCIAL_WORKER, **given))
    review = open_review_of(due)
    assert (review.state, review.booked_for, review.booked_time) == (ReviewState.BOOKED, date(2027, 1, 5), "14:30")
    assert (review.place_kind, review.childs_wish) == ("School", "Outside, please.")
    tasks = tasks_of(due, review)
    assert tasks["book"].done_on == date(2026, 12, 7)
    assert tasks["papers_in"].due_on == date(2026, 12, 30)
    assert "Outside" not in "".join(f"{one.what}{one.details}{one.words}" for one in story(due))


def test_the_form_aims_for_the_working_day_before_a_sunday(bench: Bench) -> None:
    in_care(bench, "2026-06-01", last_review_on=date(2026, 8, 28))
    assert open_review_of(bench).due_on == date(2027, 2, 28)
    opened = form(bench.press(IRO, button(shown(bench), "Book")))
    assert field(opened, "booked_for").initial == "2027-02-26"
    assert "a Sunday: aim for Fri 26 Feb" in field(opened, "said0").text


@pytest.mark.parametrize(
    ("given", "key", "sentence"),
    [
        ({"booked_for": ""}, "booked_for", "Give a date."),
        ({"booked_for": "2026-12-04"}, "booked_for", "This date has passed."),
        ({"booked_for": "2028-12-04"}, "booked_for", "more than a year"),
        ({"booked_for": "2027-01-05", "time": "noonish"}, "time", "Write a time"),
        ({"booked_for": "2027-01-05", "place": "12 High Street"}, "place", "Choose one"),
    ],
)
def test_what_is_wrong_stands_beside_the_field(due: Bench, given: dict[str, str], key: str, sentence: str) -> None:
    assert sentence in wrong(do(due, "Book", **given))[key]
    assert open_review_of(due).state is ReviewState.DUE


def test_booking_after_the_due_date_is_said_and_taken(due: Bench) -> None:
    answer = said(do(due, "Book", booked_for="2027-01-12"))
    assert "after the day it is due by (Thu 7 Jan 2027)" in answer
    assert "booked after the due date" in words(shown(due))


def test_a_move_needs_a_reason_and_is_counted(due: Bench) -> None:
    do(due, "Book", booked_for="2027-01-04")
    assert wrong(do(due, "Move", booked_for="2027-01-06"))["reason"] == "Say why the review is moved."
    answer = said(do(due, "Move", SUPPORT, booked_for="2027-01-06", reason="Lack of documents"))
    assert "from Mon 4 Jan 2027 to Wed 6 Jan 2027" in answer
    assert "stays within time" in answer
    (move,) = moves_of(due, open_review_of(due))
    assert (move.from_on, move.to_on, move.reason) == (date(2027, 1, 4), date(2027, 1, 6), "Lack of documents")
    assert tasks_of(due, open_review_of(due))["papers_in"].due_on == date(2026, 12, 31)


def test_other_details_change_without_a_reason_and_without_a_move(due: Bench) -> None:
    do(due, "Book", booked_for="2027-01-04", wish="By the sea.")
    assert "stays booked" in said(do(due, "Move", SUPPORT, time="10", place="Online"))
    review = open_review_of(due)
    assert (review.booked_time, review.place_kind, review.childs_wish) == ("10:00", "Online", "By the sea.")
    assert moves_of(due, review) == []


def test_support_neither_sees_nor_loses_the_childs_wish(due: Bench) -> None:
    do(due, "Book", booked_for="2027-01-04", wish="By the sea.")
    assert "By the sea" in words(shown(due, SOCIAL_WORKER))
    assert "By the sea" not in words(shown(due, SUPPORT))
    opened = form(due.press(SUPPORT, button(shown(due, SUPPORT), "Move")))
    assert "wish" not in {one.key for one in opened.fields}
    reads = [one for one in story(due) if one.what == "childs wish read"]
    assert [one.actor_id for one in reads] == [due.cast.people[SOCIAL_WORKER]]


def test_an_nhs_number_in_the_wish_is_refused_and_a_postcode_asked_about(due: Bench) -> None:
    refused = wrong(do(due, "Book", booked_for="2027-01-05", wish="NHS number 943 476 5919"))
    assert "wish" in refused
    asked = do(due, "Book", booked_for="2027-01-05", wish="Near SW1A 1AA")
    assert isinstance(asked, Form)
    assert field(asked, "booked_for").initial == "2027-01-05"
    assert "is booked" in said(due.submit(IRO, asked, {"kept_because": "It is the contact centre."}))


def test_a_booking_target_makes_the_task_earlier(under: MakeBench) -> None:
    bench = under("rotherham")
    in_care(bench, "2026-10-26", last_review_on=date(2026, 11, 23))
    review = open_review_of(bench)
    assert review.due_on == date(2027, 2, 23)
    assert tasks_of(bench, review)["book"].due_on == date(2027, 2, 1)


def test_the_day_proposed_is_the_target_and_once_that_has_passed_the_last_one_in_time(under: MakeBench) -> None:
    bench = under("rotherham")
    in_care(bench, "2026-10-26", last_review_on=date(2026, 11, 23))
    opened = form(bench.press(SUPPORT, button(shown(bench, SUPPORT), "Book")))
    assert field(opened, "booked_for").initial == "2027-02-01"  # ten weeks
    bench.wake_on_day(date(2027, 2, 2))
    opened = form(bench.press(SUPPORT, button(shown(bench, SUPPORT), "Book")))
    assert field(opened, "booked_for").initial == "2027-02-23"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("10:00", time(10)),
        ("9.30", time(9, 30)),
        ("2 pm", time(14)),
        ("12 am", time(0)),
        ("12pm", time(12)),
        ("13 pm", None),
        ("25:00", None),
        ("10:75", None),
        ("soon", None),
    ],
)
def test_times_are_read_as_people_write_them(text: str, meant: time | None) -> None:
    assert written_time(text) == meant
