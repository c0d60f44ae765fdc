"""Days of leaving care and coming back: none contradicts a review that was held, or the day care was left."""

from datetime import date

import pytest

from handlers.imports import ImportRefused
from storage.reviews import ReviewState
from tests.bench import Bench
from tests.cast import CHILD
from tests.handlers.reviews.steps import all_reviews, child_of, do, in_care, open_review_of
from tests.handlers.reviews.test_leaving_care import HELD, leave, wrong
from tests.handlers.reviews.test_planning import bring_in
from tests.handlers.steps import said


def test_care_is_not_left_before_the_last_review_was_held(bench: Bench) -> None:
    in_care(bench, "2026-10-26")
    do(bench, "Record as held", **HELD, late_reason="Other")
    bench.go_to_day(date(2026, 12, 14))
    assert wrong(leave(bench, "2026-12-04")) == {"on": "This is before Mon 7 Dec 2026, when the last review was held."}
    assert child_of(bench).left_care_on is None
    assert "left care on Mon 7 Dec 2026" in said(leave(bench, "2026-12-07"))


@pytest.mark.slow
def test_care_is_not_left_before_a_meeting_of_the_review_that_has_begun(bench: Bench) -> None:
    in_care(bench, "2026-12-07")
    bench.go_to_day(date(2027, 1, 5))
    do(bench, "Record as held", series=("yes",))
    bench.go_to_day(date(2027, 1, 11))
    do(bench, "Add a meeting", held_on="2027-01-11")
    assert wrong(leave(bench, "2027-01-08")) == {"on": "This is before Mon 11 Jan 2027, when the review last met."}


def test_care_is_not_left_before_the_last_review_known_from_before_go_live(bench: Bench) -> None:
    in_care(bench, "2024-01-08", last_review_on=date(2026, 11, 2))
    assert wrong(leave(bench, "2026-10-30")) == {"on": "This is before Mon 2 Nov 2026, when the last review was held."}


def test_a_child_comes_back_on_the_day_care_was_left_or_later(bench: Bench) -> None:
    in_care(bench, "2026-10-05")
    leave(bench, "2026-11-16")
    back = do(bench, "Change of track", track="looked_after", on="2026-11-13")
    assert wrong(back) == {"on": "This is before Mon 16 Nov 2026, when care was left."}
    assert child_of(bench).left_care_on == date(2026, 11, 16)
    do(bench, "Change of track", track="looked_after", on="2026-12-07")
    assert open_review_of(bench).due_on == date(2027, 1, 7)


def test_a_wrong_day_of_leaving_is_put_right(bench: Bench) -> None:
    in_care(bench, "2026-10-05")
    leave(bench, "2026-11-16")
    assert "Nothing was changed" in said(leave(bench, "2026-11-16"))
    assert "left care on Wed 18 Nov 2026" in said(leave(bench, "2026-11-18"))
    assert child_of(bench).left_care_on == date(2026, 11, 18)


def test_a_day_of_leaving_put_right_decides_anew_whether_the_review_was_missed(bench: Bench) -> None:
    in_care(bench, "2026-10-05")
    assert open_review_of(bench).due_on == date(2026, 11, 2)
    leave(bench, "2026-11-16")
    assert all_reviews(bench)[0].in_time is False
    leave(bench, "2026-10-30")
    assert (all_reviews(bench)[0].state, all_reviews(bench)[0].in_time) == (ReviewState.NOT_NEEDED, None)


def test_an_import_cannot_let_a_child_leave_before_the_last_review_either(bench: Bench) -> None:
    in_care(bench, "2026-11-23")
    do(bench, "Record as held", **HELD)
    row = f"{CHILD},2026-11-23,ann.lee@anyshire.example,sam.okoro@anyshire.example,,,,{{left}},"
    with pytest.raises(ImportRefused) as refused:
        bring_in(bench, row.format(left="2026-12-04"))
    assert [str(one) for one in refused.value.problems] == [
        "line 2, left_care_on: 2026-12-04 lies before 2026-12-07, when the last review was held"
    ]
    assert child_of(bench).left_care_on is None
    bring_in(bench, row.format(left="2026-12-07"))
    assert child_of(bench).left_care_on == date(2026, 12, 7)
