"""What becomes of the review that was due when a child's track changes or care ends."""

from dataclasses import replace
from datetime import date

import pytest

from scheduling.procedures import load_procedures
from scheduling.procedures.review_values import review_values
from scheduling.timetable import NextDue, next_due
from scheduling.track_changes import (
    TRACKS,
    ChangedTrack,
    Pending,
    TrackChange,
    Unheld,
    change_of_track,
    counting_on,
    duties_on,
    held_at_go_live,
    serving_all,
    unheld_at_the_end,
)
from scheduling.working_days import WorkingCalendar

CALENDAR = WorkingCalendar()
LAW = review_values(load_procedures("handbook")).rules
FIRST, SECOND, THIRD = date(2026, 2, 2), date(2026, 3, 2), date(2026, 8, 31)


def due(track: str, since: date, *held: date) -> NextDue | None:
    return next_due(LAW, track=track, track_from=since, held=held, born=None, calendar=CALENDAR, on=since)


def changed(
    from_track: str, to_track: str, on: date, pending: NextDue | None, *held: date, born: str | None = None
) -> ChangedTrack:
    """The change as the new track alone counts it; `held` are the reviews that count there."""
    alone = next_due(LAW, track=to_track, track_from=on, held=held, born=born, calendar=CALENDAR, on=on)
    change = TrackChange(from_track=from_track, to_track=to_track, on=on)
    return change_of_track(change=change, due=alone, pending=pending)


def after(found: ChangedTrack) -> NextDue:
    assert found.next is not None
    return found.next


LATER = due("looked_after", date(2026, 1, 5), FIRST, SECOND, THIRD)  # Sun 28 Feb 2027


def test_a_placement_order_brings_a_review_within_three_months() -> None:
    found = changed("looked_after", "adoption_authorised", date(2026, 10, 1), LATER)
    assert found.pending is Pending.REPLACED
    assert after(found).due_on == after(found).law_due_on == date(2027, 1, 1)
    assert (after(found).track, after(found).order) == ("adoption_authorised", "first")
    assert after(found).rule == "adoption_authorised_first_review"


def test_the_pending_review_stands_where_it_is_earlier_and_serves_both() -> None:
    found = changed("looked_after", "adoption_authorised", date(2026, 12, 1), LATER)
    assert found.pending is Pending.STANDS
    assert after(found).due_on == after(found).law_due_on == date(2027, 2, 28)
    assert (after(found).track, after(found).order, after(found).rule) == (
        "adoption_authorised", "first", "later_reviews",
    )  # fmt: skip


def test_a_local_date_that_stands_keeps_apart_from_the_laws() -> None:
    southwark = review_values(load_procedures("southwark")).rules
    pending = next_due(
        southwark, track="looked_after", track_from=date(2026, 1, 5), held=[FIRST, SECOND, THIRD], born=None,
        calendar=CALENDAR, on=THIRD,
    )  # fmt: skip
    found = changed("looked_after", "adoption_authorised", date(2026, 11, 30), pending)
    assert after(found).due_on == date(2027, 2, 27)  # 180 days from 31 Aug
    assert after(found).law_due_on == date(2027, 2, 28)


def test_of_two_tracks_the_laws_earlier_date_is_kept_beside_the_local_one() -> None:
    assert LATER is not None
    pending = replace(LATER, due_on=date(2027, 2, 1), rule="local")
    found = after(changed("looked_after", "adoption_authorised", date(2026, 11, 10), pending))
    assert (found.due_on, found.rule) == (date(2027, 2, 1), "local")
    assert (found.law_due_on, found.law_rule) == (date(2027, 2, 10), "adoption_authorised_first_review")


@pytest.mark.parametrize("from_track", ["looked_after", "adoption_authorised"])
def test_a_placement_for_adoption_begins_anew_with_four_weeks(from_track: str) -> None:
    soon = due(from_track, date(2026, 6, 14), date(2026, 6, 20), date(2026, 6, 20))
    found = changed(from_track, "adoption_placed", date(2026, 12, 7), soon)
    assert found.pending is Pending.REPLACED
    assert (after(found).due_on, after(found).order) == (date(2027, 1, 4), "first")


def test_becoming_looked_after_from_short_breaks_begins_anew_with_twenty_working_days() -> None:
    pending = due("short_breaks", date(2026, 9, 14))
    assert pending is not None
    assert pending.due_on == date(2026, 12, 14)
    found = changed("short_breaks", "looked_after", date(2026, 12, 7), pending)
    assert found.pending is Pending.REPLACED
    assert (after(found).due_on, after(found).order) == (date(2027, 1, 7), "first")


def test_a_child_back_from_adoption_goes_on_with_six_months_from_the_last_review() -> None:
    placed = due("adoption_placed", date(2026, 8, 10), THIRD)
    assert placed is not None
    assert placed.due_on == date(2026, 11, 30)
    found = changed("adoption_placed", "looked_after", date(2026, 10, 5), placed, FIRST, SECOND, THIRD)
    assert found.pending is Pending.STANDS
    assert (after(found).due_on, after(found).order) == (date(2026, 11, 30), "later")
    found = changed("adoption_placed", "looked_after", date(2026, 10, 5), None, FIRST, SECOND, THIRD)
    assert after(found).due_on == date(2027, 2, 28)


@pytest.mark.parametrize("from_track", TRACKS)
@pytest.mark.parametrize("to_track", TRACKS)
def test_a_change_is_never_due_later_than_the_new_track_alone(from_track: str, to_track: str) -> None:
    on, pending = date(2026, 12, 7), due(from_track, date(2026, 9, 14))
    alone = due(to_track, on)
    assert pending is not None
    assert alone is not None
    found = changed(from_track, to_track, on, pending)
    assert after(found).due_on <= alone.due_on
    assert after(found).track == to_track


def test_until_placed_a_child_is_owed_the_looked_after_reviews_too() -> None:
    assert duties_on("adoption_authorised") == ("adoption_authorised", "looked_after")
    assert [duties_on(track) for track in ("looked_after", "short_breaks", "adoption_placed")] == [
        ("looked_after",), ("short_breaks",), ("adoption_placed",),
    ]  # fmt: skip


def test_one_review_serves_all_duties_on_the_earliest_day() -> None:
    authorised, looked_after = due("adoption_authorised", date(2026, 12, 1)), LATER
    assert authorised is not None
    assert looked_after is not None
    both = serving_all("adoption_authorised", [authorised, looked_after])
    assert both == replace(looked_after, track="adoption_authorised")
    assert serving_all("adoption_authorised", [authorised]) == authorised
    assert serving_all("adoption_authorised", []) is None


def test_a_young_person_nearly_eighteen_has_no_review_beyond_the_birthday() -> None:
    found = changed("short_breaks", "looked_after", date(2026, 12, 7), None, born="2008-12")
    assert found.next is None
    kept = changed("looked_after", "adoption_authorised", date(2026, 12, 7), LATER, born="2009-02")
    assert kept.pending is Pending.STANDS
    assert after(kept).due_on == date(2027, 2, 28)


def test_a_review_due_before_the_child_left_was_missed_and_a_later_one_is_not_needed() -> None:
    assert unheld_at_the_end(date(2027, 1, 6), date(2027, 1, 7)) is Unheld.MISSED
    assert unheld_at_the_end(date(2027, 1, 7), date(2027, 1, 7)) is Unheld.NOT_NEEDED
    assert unheld_at_the_end(date(2027, 6, 1), date(2027, 1, 7)) is Unheld.NOT_NEEDED


REVIEWS = [
    ("short_breaks", date(2025, 11, 3)),
    ("short_breaks", date(2026, 6, 8)),
    ("adoption_authorised", date(2026, 5, 4)),
    ("looked_after", FIRST),
    ("looked_after", SECOND),
    ("looked_after", date(2024, 1, 8)),  # before the child went home and came back
]


def test_reviews_count_on_looked_after_since_the_child_became_so_and_else_on_their_own_track() -> None:
    since = date(2026, 1, 5)
    assert counting_on("looked_after", track_from=date(2026, 6, 1), looked_after_from=since, reviews=REVIEWS) == (
        FIRST, SECOND, date(2026, 5, 4),
    )  # fmt: skip
    authorised = counting_on(
        "adoption_authorised", track_from=date(2026, 5, 4), looked_after_from=since, reviews=REVIEWS
    )
    assert authorised == (date(2026, 5, 4),)
    placed = counting_on("adoption_placed", track_from=date(2026, 4, 1), looked_after_from=since, reviews=REVIEWS)
    assert placed == ()


@pytest.mark.parametrize(
    ("last_review_on", "by"),
    [
        (date(2026, 2, 2), date(2026, 5, 2)),  # the law's first day for it
        (date(2026, 3, 10), date(2026, 6, 10)),  # a first review held late
        (date(2026, 4, 20), date(2026, 10, 20)),  # a second one held early
        (date(2026, 9, 1), date(2027, 3, 1)),
    ],
)
def test_at_go_live_the_last_review_alone_tells_what_comes_next(last_review_on: date, by: date) -> None:
    since = date(2026, 1, 5)
    held = held_at_go_live(
        LAW, track="looked_after", track_from=since, last_review_on=last_review_on, calendar=CALENDAR
    )
    found = due("looked_after", since, *held)
    assert found is not None
    assert found.due_on == by
    assert found.counted_from == last_review_on
