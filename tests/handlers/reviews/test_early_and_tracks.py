"""Reviews brought forward, adjourned once, and counted anew when the child's track changes."""

from datetime import date

import pytest

from handlers.cards import Errors
from storage.reviews import Order, ReviewState
from tests.bench import Bench, button, buttons, words
from tests.cast import IRO, IRO_MANAGER, OTHER_CHILD, SUPPORT
from tests.handlers.reviews.steps import (
    all_reviews,
    child_of,
    do,
    in_care,
    last_held_of,
    open_review_of,
    plan_everyone,
    shown,
    story,
    tasks_of,
)
from tests.handlers.steps import field, form, said
from tests.led import led

HELD = {"held_how": "in person", "participation": "PN1"}


def wrong(answer: object) -> dict[str, str]:
    """What stands beside the fields."""
    assert isinstance(answer, Errors), answer
    return dict(answer.by_field)


@pytest.fixture
def later(bench: Bench) -> Bench:
    """A child last reviewed here on 7 December 2026, the next due on 7 June 2027."""
    return led(bench, _reviewed_late)


def _reviewed_late(bench: Bench) -> None:
    in_care(bench, "2024-01-08", last_review_on=date(2026, 7, 1))
    do(bench, "Record as held", **HELD)
    assert open_review_of(bench).due_on == date(2027, 6, 7)


# brought forward


def test_a_review_brought_forward_moves_all_that_follows(later: Bench) -> None:
    answer = do(later, "Bring forward", reason="child_requests", due_on="2027-02-01")
    assert "brought forward from Mon 7 Jun 2027 (The child asks for it)" in said(answer)
    review = open_review_of(later)
    assert (review.due_on, review.brought_forward_from) == (date(2027, 2, 1), date(2027, 6, 7))
    assert (review.asked_for_by, review.law_due_on) == ("child", date(2027, 6, 7))
    assert tasks_of(later, review)["papers_in"].due_on == date(2027, 1, 27)
    assert tasks_of(later, last_held_of(later))["midway"].due_on == date(2027, 1, 4)
    assert plan_everyone(later) == 0
    later.wake_on_day(date(2027, 2, 1))
    do(later, "Record as held", **HELD)
    assert open_review_of(later).due_on == date(2027, 8, 1)


def test_a_review_held_after_the_day_it_was_brought_to_is_late(later: Bench) -> None:
    do(later, "Bring forward", reason="iro_requests", due_on="2027-02-01")
    assert open_review_of(later).asked_for_by == "iro"
    later.wake_on_day(date(2027, 2, 2))
    assert "late_reason" in wrong(do(later, "Record as held", **HELD))


@pytest.mark.parametrize(
    ("given", "key"),
    [
        ({"reason": "iro_requests", "due_on": ""}, "due_on"),
        ({"reason": "iro_requests", "due_on": "2026-12-04"}, "due_on"),
        ({"reason": "iro_requests", "due_on": "2027-06-07"}, "due_on"),
        ({"reason": "a feeling", "due_on": "2027-02-01"}, "reason"),
    ],
)
def test_a_review_is_only_brought_forward_to_a_day_between(later: Bench, given: dict[str, str], key: str) -> None:
    assert key in wrong(do(later, "Bring forward", **given))
    assert open_review_of(later).due_on == date(2027, 6, 7)


def test_a_booking_that_is_now_too_late_is_named(later: Bench) -> None:
    do(later, "Book", booked_for="2027-05-04")
    answer = said(do(later, "Bring forward", reason="iro_requests", due_on="2027-02-01"))
    assert "booked for Tue 4 May 2027, which is now too late" in answer
    assert "At risk: booked after the due date" in words(shown(later))


def test_a_review_that_is_due_already_cannot_be_brought_forward(bench: Bench) -> None:
    in_care(bench, "2026-10-05")
    assert "Bring forward" not in {one.label for one in buttons(shown(bench))}
    assert "due already" in said(bench.command(IRO, "/review AB-1042 forward"))


# adjourned


def adjourned(bench: Bench, **given: str) -> str:
    """A review due on 7 January 2027, adjourned on the 5th."""
    in_care(bench, "2026-12-07")
    do(bench, "Book", booked_for="2027-01-05")
    bench.wake_on_day(date(2027, 1, 5))
    return said(do(bench, "Adjourn", reason="Lack of documents", **given))


def test_an_adjourned_review_has_twenty_working_days(bench: Bench) -> None:
    assert "to be completed by Tue 2 Feb 2027" in adjourned(bench)
    review = open_review_of(bench)
    assert (review.state, review.adjourned_on, review.booked_for) == (
        ReviewState.ADJOURNED,
        date(2027, 1, 5),
        None,
    )
    assert review.adjourned_reason == "Lack of documents"
    assert "late" not in words(bench.command(IRO, "/review")).lower()
    bench.wake_on_day(date(2027, 2, 2))
    do(bench, "Complete", **HELD)
    held = last_held_of(bench)
    assert (held.in_time, held.held_on, held.completed_on) == (True, date(2027, 1, 5), date(2027, 2, 2))
    assert open_review_of(bench).due_on == date(2027, 4, 5)


def test_completed_after_the_time_of_the_adjournment_it_is_late(bench: Bench) -> None:
    adjourned(bench)
    bench.wake_on_day(date(2027, 2, 3))
    assert "late_reason" in wrong(do(bench, "Complete", **HELD))


def test_an_adjournment_long_before_the_review_is_due_has_no_more_than_its_twenty_working_days(later: Bench) -> None:
    later.wake_on_day(date(2027, 4, 5))
    answer = said(do(later, "Adjourn", reason="Other"))
    assert "due by Mon 7 Jun 2027" in answer
    assert "to be completed by Tue 4 May 2027" in answer
    assert "by Tue 4 May 2027" in wrong(do(later, "Book", booked_for="2027-05-05"))["booked_for"]
    assert field(form(later.press(IRO, button(shown(later), "Book"))), "booked_for").initial == "2027-05-04"
    later.wake_on_day(date(2027, 5, 5))
    assert "in time" in said(do(later, "Complete", **HELD))


def test_a_review_is_not_adjourned_before_the_one_known_from_before_go_live(bench: Bench) -> None:
    in_care(bench, "2025-01-06", last_review_on=date(2026, 11, 30))
    assert (
        "before Tue 1 Dec 2026"
        in wrong(do(bench, "Adjourn", reason="Other", adjourned_on="2026-11-26"))["adjourned_on"]
    )


def test_a_second_adjournment_is_refused_with_a_sentence(bench: Bench) -> None:
    adjourned(bench)
    assert "Adjourn" not in {one.label for one in buttons(shown(bench))}
    answer = said(bench.command(IRO, "/review AB-1042 adjourn"))
    assert "once only" in answer
    assert "Tue 5 Jan 2027" in answer


def test_the_day_it_goes_on_lies_within_the_time(bench: Bench) -> None:
    in_care(bench, "2026-12-07")
    late = do(bench, "Adjourn", reason="Other", booked_for="2027-01-08")
    assert "by Thu 7 Jan 2027" in wrong(late)["booked_for"]
    do(bench, "Adjourn", reason="Other", booked_for="2027-01-06")
    assert "goes on on Wed 6 Jan 2027" in words(shown(bench))
    too_far = do(bench, "Move", booked_for="2027-01-11", reason="Other")
    assert "completed by Thu 7 Jan 2027" in wrong(too_far)["booked_for"]


def test_the_day_it_goes_on_is_booked_with_it_and_otherwise_still_to_be_booked(bench: Bench) -> None:
    in_care(bench, "2026-12-07")
    do(bench, "Adjourn", reason="Other", booked_for="2026-12-21")
    assert tasks_of(bench, open_review_of(bench))["book"].done_on == date(2026, 12, 7)
    in_care(bench, "2026-12-07", OTHER_CHILD)
    do(bench, "Adjourn", reference=OTHER_CHILD, reason="Other")
    assert tasks_of(bench, open_review_of(bench, OTHER_CHILD))["book"].done_on is None


def test_an_adjournment_needs_a_reason(bench: Bench) -> None:
    in_care(bench, "2026-12-07")
    assert "reason" in wrong(do(bench, "Adjourn", reason=""))


# tracks


def test_a_placement_order_keeps_the_earlier_of_the_two_dates(later: Bench) -> None:
    later.wake_on_day(date(2027, 5, 4))
    do(later, "Change of track", SUPPORT, track="adoption_authorised", on="2027-05-04")
    review = open_review_of(later)
    assert (review.track, review.due_on) == ("adoption_authorised", date(2027, 6, 7))
    assert plan_everyone(later) == 0
    assert open_review_of(later).due_on == date(2027, 6, 7)


def test_a_placement_order_brings_the_review_to_three_months(later: Bench) -> None:
    later.wake_on_day(date(2026, 12, 14))
    do(later, "Change of track", track="adoption_authorised", on="2026-12-14")
    review = open_review_of(later)
    assert (review.order, review.due_on) == (Order.FIRST, date(2027, 3, 14))
    assert "Adoption: authorised to place since Mon 14 Dec 2026" in words(shown(later))


def test_no_track_begins_before_the_one_it_follows(later: Bench) -> None:
    later.wake_on_day(date(2026, 12, 14))
    do(later, "Change of track", track="adoption_authorised", on="2026-12-14")
    answer = wrong(do(later, "Change of track", track="adoption_placed", on="2026-12-11"))
    assert answer == {"on": "This is before Mon 14 Dec 2026, when the present track began."}
    do(later, "Change of track", track="adoption_placed", on="2026-12-14")
    assert open_review_of(later).due_on == date(2027, 1, 11)


def test_a_placement_for_adoption_has_its_own_timetable(later: Bench) -> None:
    do(later, "Change of track", track="adoption_placed", on="2026-12-07")
    assert open_review_of(later).due_on == date(2027, 1, 4)
    later.wake_on_day(date(2027, 1, 4))
    do(later, "Record as held", **HELD)
    assert (open_review_of(later).order, open_review_of(later).due_on) == (Order.SECOND, date(2027, 4, 4))


def test_becoming_looked_after_from_short_breaks_begins_anew(bench: Bench) -> None:
    in_care(bench, "2026-06-01", track="short_breaks", track_from=date(2026, 6, 1), last_review_on=date(2026, 9, 1))
    do(bench, "Change of track", IRO_MANAGER, track="looked_after", on="2026-12-07")
    review = open_review_of(bench)
    assert (review.order, review.due_on) == (Order.FIRST, date(2027, 1, 7))
    assert child_of(bench).looked_after_from == date(2026, 12, 7)


def test_a_booked_review_keeps_its_booking_on_a_new_track(later: Bench) -> None:
    do(later, "Book", booked_for="2027-05-04")
    do(later, "Change of track", track="adoption_placed", on="2026-12-07")
    review = open_review_of(later)
    assert (review.state, review.booked_for, review.due_on) == (
        ReviewState.BOOKED,
        date(2027, 5, 4),
        date(2027, 1, 4),
    )


def test_coming_back_into_care_begins_a_new_timetable(bench: Bench) -> None:
    in_care(bench, "2026-10-05")
    do(bench, "Change of track", track="left_care", on="2026-10-12")
    do(bench, "Change of track", track="looked_after", on="2026-12-07")
    assert open_review_of(bench).due_on == date(2027, 1, 7)
    assert child_of(bench).left_care_on is None


@pytest.mark.parametrize(
    ("given", "key"),
    [
        ({"track": "adoption_placed", "on": ""}, "on"),
        ({"track": "adoption_placed", "on": "2027-01-01"}, "on"),
        ({"track": "adoption_placed", "on": "2023-01-01"}, "on"),
        ({"track": "elsewhere"}, "track"),
        ({"born": "2014"}, "born"),
        ({"born": "2027-01"}, "born"),
    ],
)
def test_a_track_that_cannot_be_is_said_beside_the_field(later: Bench, given: dict[str, str], key: str) -> None:
    assert key in wrong(do(later, "Change of track", **given))


def test_a_month_of_birth_alone_counts_the_review_anew(bench: Bench) -> None:
    in_care(bench, "2024-01-08", last_review_on=date(2026, 9, 1))
    assert open_review_of(bench).due_on == date(2027, 3, 1)
    do(bench, "Change of track", born="2009-02")
    assert [one.state for one in all_reviews(bench)] == [ReviewState.NOT_NEEDED]
    assert "No further review is due" in words(bench.command(IRO, "/review AB-1042"))


def test_of_two_changes_of_track_the_second_is_told(later: Bench) -> None:
    opened = form(later.press(SUPPORT, button(shown(later, SUPPORT), "Change of track")))
    assert field(opened, "track").initial == "looked_after"
    do(later, "Change of track", track="adoption_authorised", on="2026-12-07")
    answer = later.submit(SUPPORT, opened, {"track": "left_care", "on": "2026-12-07"})
    assert "changed while this was open" in said(answer)
    assert child_of(later).left_care_on is None
    assert "track changed" in {one.what for one in story(later)}
