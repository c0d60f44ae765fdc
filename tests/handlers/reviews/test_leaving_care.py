"""A child leaves care: the review that took place by then can still be recorded, and no day contradicts another."""

from datetime import date

import pytest

from handlers.cards import Answer, Errors
from storage.reviews import ReviewState
from tests.bench import Bench, button, buttons, words
from tests.cast import CHILD, IRO, SOCIAL_WORKER, SUPPORT
from tests.handlers.reviews.steps import (
    all_reviews,
    do,
    in_care,
    last_held_of,
    open_review_of,
    plan_everyone,
    shown,
    story,
    tasks_of,
)
from tests.handlers.steps import form, said
from tests.led import led

HELD = {"held_how": "in person", "participation": "PN1"}


def wrong(answer: object) -> dict[str, str]:
    """What stands beside the fields."""
    assert isinstance(answer, Errors), answer
    return dict(answer.by_field)


def leave(bench: Bench, on: str) -> Answer:
    """Business support notes the day care was left."""
    return do(bench, "Change of track", SUPPORT, track="left_care", on=on)


@pytest.fixture
def gone(bench: Bench) -> Bench:
    """A child whose first review, due on 7 January 2027, was held on the 5th; care was left on the 8th, noted first."""
    return led(bench, _go)


def _go(bench: Bench) -> None:
    in_care(bench, "2026-12-07")
    do(bench, "Book", booked_for="2027-01-05")
    bench.wake_on_day(date(2027, 1, 11))
    leave(bench, "2027-01-08")


# the last review


def test_the_last_review_is_recorded_after_leaving_was_noted_first(gone: Bench) -> None:
    assert [one.state for one in all_reviews(gone)] == [ReviewState.NOT_NEEDED]
    answer = do(gone, "Record as held", **HELD, held_on="2027-01-05")
    assert "held on Tue 5 Jan 2027, in time. No further review is due." in said(answer)
    review = last_held_of(gone)
    assert (review.held_on, review.in_time, review.id) == (date(2027, 1, 5), True, all_reviews(gone)[0].id)
    assert len(all_reviews(gone)) == 1
    assert {"decisions", "record_written", "record_sent"} <= {
        key for key, row in tasks_of(gone, review).items() if not row.not_needed
    }
    assert plan_everyone(gone) == 0


def test_it_is_recorded_once_and_the_form_starts_on_the_day_it_was_booked_for(gone: Bench) -> None:
    opened = form(gone.press(IRO, button(shown(gone), "Record as held")))
    gone.submit(IRO, opened, HELD)
    assert last_held_of(gone).held_on == date(2027, 1, 5)
    assert "has been recorded as held on Tue 5 Jan" in said(gone.submit(IRO, opened, HELD))
    assert "Record as held" not in {one.label for one in buttons(shown(gone))}


def test_no_review_is_recorded_for_a_day_after_care_was_left(gone: Bench) -> None:
    refused = wrong(do(gone, "Record as held", **HELD, held_on="2027-01-11"))
    assert refused == {"held_on": "This is after Fri 8 Jan 2027, when care was left."}
    assert [one.state for one in all_reviews(gone)] == [ReviewState.NOT_NEEDED]
    do(gone, "Record as held", **HELD, held_on="2027-01-08", late_reason="Other")
    assert (last_held_of(gone).in_time, last_held_of(gone).late_reason) == (False, "Other")


def test_the_worker_is_not_offered_it_and_a_typed_command_is_refused(gone: Bench) -> None:
    assert "Record as held" not in {one.label for one in buttons(shown(gone, SOCIAL_WORKER))}
    assert "Only the child's IRO" in said(gone.command(SOCIAL_WORKER, f"/review {CHILD} hold"))
    assert "no review is to come" in said(gone.command(SUPPORT, f"/review {CHILD} book"))


def test_one_missed_by_the_count_turns_out_to_have_been_held(bench: Bench) -> None:
    in_care(bench, "2026-10-05")
    leave(bench, "2026-12-04")
    assert all_reviews(bench)[0].in_time is False
    do(bench, "Record as held", **HELD, held_on="2026-11-02")
    assert last_held_of(bench).in_time


def test_a_review_held_before_eighteen_is_recorded_after_the_birthday(bench: Bench) -> None:
    in_care(bench, "2024-01-08", born="2009-01", last_review_on=date(2026, 7, 1))
    bench.wake_on_day(date(2027, 2, 2))
    plan_everyone(bench)
    assert all_reviews(bench)[0].state is ReviewState.NOT_NEEDED or all_reviews(bench)[0].in_time is False
    after = wrong(do(bench, "Record as held", **HELD, held_on="2027-02-01"))
    assert after == {"held_on": "This is after Sun 31 Jan 2027, the end of the month of the eighteenth birthday."}
    do(bench, "Record as held", **HELD, held_on="2026-12-30")
    assert last_held_of(bench).in_time


# a review that has begun


def begun(bench: Bench) -> None:
    """A series begun in time on 5 January; care is left on the 8th, noted on the 11th."""
    in_care(bench, "2026-12-07")
    bench.wake_on_day(date(2027, 1, 5))
    do(bench, "Record as held", series=("yes",))
    bench.wake_on_day(date(2027, 1, 11))
    leave(bench, "2027-01-08")


def test_a_series_that_had_begun_is_completed_up_to_the_day_care_was_left(bench: Bench) -> None:
    begun(bench)
    assert open_review_of(bench).state is ReviewState.IN_SERIES
    assert plan_everyone(bench) == 0
    after = {"held_on": "This is after Fri 8 Jan 2027, when care was left."}
    assert wrong(do(bench, "Add a meeting", held_on="2027-01-11")) == after
    do(bench, "Add a meeting", held_on="2027-01-06")
    late = wrong(do(bench, "Complete", **HELD, completed_on="2027-01-11"))
    assert late == {"completed_on": "This is after Fri 8 Jan 2027, when care was left."}
    do(bench, "Complete", **HELD, completed_on="2027-01-07")
    review = last_held_of(bench)
    assert (review.held_on, review.completed_on, review.in_time) == (date(2027, 1, 5), date(2027, 1, 7), True)
    assert len(all_reviews(bench)) == 1


def test_a_series_that_had_begun_is_named_each_morning_until_it_is_completed(bench: Bench) -> None:
    in_care(bench, "2026-12-07")
    bench.wake_on_day(date(2027, 1, 5))
    do(bench, "Record as held", series=("yes",))
    leave(bench, "2027-01-05")
    bench.forget()
    bench.wake_on_day(date(2027, 1, 6))
    line = (
        "the review that was due Thu 7 Jan had begun when the child left care on Tue 5 Jan, and waits to be completed."
    )
    assert line.replace("that was due", "due") in words(bench.last(IRO))
    do(bench, "Complete", **HELD, completed_on="2027-01-05")
    bench.forget()
    bench.wake_on_day(date(2027, 1, 7))
    assert "waits to be completed" not in "".join(words(one.card) for one in bench.inbox(IRO))


def test_an_adjourned_review_is_completed_and_not_booked_or_prepared_any_more(bench: Bench) -> None:
    in_care(bench, "2026-12-07")
    bench.wake_on_day(date(2027, 1, 5))
    do(bench, "Adjourn", reason="Lack of documents")
    bench.wake_on_day(date(2027, 1, 11))
    leave(bench, "2027-01-08")
    labels = {one.label for one in buttons(shown(bench))}
    assert "Complete" in labels
    assert not labels & {"Book", "Move", "Papers in", "Bring forward", "Adjourn"}
    assert "not been looked after since Fri 8 Jan 2027" in said(bench.command(IRO, f"/review {CHILD} book"))
    do(bench, "Complete", **HELD, completed_on="2027-01-08")
    assert last_held_of(bench).in_time
    assert "Complete" not in {one.label for one in buttons(shown(bench))}


def test_what_was_to_be_done_between_reviews_ends_although_the_next_has_begun(bench: Bench) -> None:
    in_care(bench, "2026-11-09")
    do(bench, "Record as held", **HELD)
    first = last_held_of(bench)
    bench.wake_on_day(date(2027, 1, 5))
    do(bench, "Record as held", series=("yes",))
    leave(bench, "2027-01-05")
    assert tasks_of(bench, first)["midway"].not_needed


def test_leaving_care_is_told_as_it_is_while_a_review_is_not_completed(bench: Bench) -> None:
    begun(bench)
    text = words(shown(bench))
    assert "a series of meetings, begun on Tue 5 Jan 2027; not completed" in text
    assert "left care on Fri 8 Jan 2027" in text
    assert "track changed" in {one.what for one in story(bench)}


# the midway check


def test_the_midway_check_is_not_offered_once_care_was_left_but_one_made_by_then_is_recorded(bench: Bench) -> None:
    in_care(bench, "2026-11-16")
    do(bench, "Record as held", **HELD)
    bench.wake_on_day(date(2027, 1, 25))
    assert "Midway check" in {one.label for one in buttons(shown(bench))}
    leave(bench, "2027-01-22")
    assert "Midway check" not in {one.label for one in buttons(shown(bench))}
    opened = form(bench.command(IRO, f"/review {CHILD} midway"))
    after = {"on": "This is after Fri 22 Jan 2027, when care was left."}
    assert wrong(bench.submit(IRO, opened, {"on": "2027-01-25"})) == after
    bench.submit(IRO, opened, {})
    assert last_held_of(bench).midway_on == date(2027, 1, 22)


def test_there_is_no_midway_for_a_child_who_left_care_on_the_day_of_the_review(bench: Bench) -> None:
    in_care(bench, "2026-11-16")
    do(bench, "Record as held", **HELD)
    bench.wake_on_day(date(2026, 12, 8))
    leave(bench, "2026-12-07")
    assert "there is no midway" in said(bench.command(IRO, f"/review {CHILD} midway"))
