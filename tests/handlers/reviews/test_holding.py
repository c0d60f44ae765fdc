"""A review is recorded as held: one meeting or a series, in time or late with the reason, and who took part."""

from datetime import date

import pytest

from handlers.cards import Errors, Notice
from storage.database import transaction
from storage.decisions import Decision, DecisionState
from storage.reviews import Chaired, Order, Participation, ReviewState
from tests.bench import Bench, button, buttons, words
from tests.cast import AUTHORITY, CHILD, IRO, OTHER_CHILD, SUPPORT
from tests.handlers.reviews.conftest import MakeBench
from tests.handlers.reviews.steps import (
    all_reviews,
    do,
    in_care,
    last_held_of,
    meetings_of,
    moves_of,
    open_review_of,
    shown,
    story,
    tasks_of,
)
from tests.handlers.steps import form, said

HELD = {"held_how": "in person", "participation": "PN1"}
BY_START = {'series_in_time_by = "completion"': 'series_in_time_by = "start"'}


@pytest.fixture
def due(bench: Bench) -> Bench:
    """A child whose first review is due on 7 January 2027."""
    in_care(bench, "2026-12-07")
    return bench


def wrong(answer: object) -> dict[str, str]:
    """What stands beside the fields."""
    assert isinstance(answer, Errors), answer
    return dict(answer.by_field)


def test_all_that_is_recorded_of_a_meeting_is_kept_and_the_next_review_planned(due: Bench) -> None:
    do(due, "Book", booked_for="2027-01-05")
    due.wake_on_day(date(2027, 1, 6))
    answer = do(
        due,
        "Record as held",
        held_how="video",
        participation="PN2",
        chaired="co-chaired",
        took_part=("mother", "carers"),
        offered=("advocate",),
    )
    review = last_held_of(due)
    assert (review.held_on, review.completed_on, review.in_time) == (date(2027, 1, 5), date(2027, 1, 5), True)
    assert (review.participation, review.chaired) == (Participation.PN2, Chaired.CO_CHAIRED)
    assert (review.took_part, review.offered, review.held_how) == ("mother,carers", "advocate", "video")
    assert review.iro_id == due.cast.people[IRO]
    following = open_review_of(due)
    assert (following.order, following.due_on) == (Order.SECOND, date(2027, 4, 5))
    assert "in time. Second review due by Mon 5 Apr 2027 (3 months from Tue 5 Jan 2027)" in said(answer)
    assert isinstance(answer, Notice)
    assert [one.label for one in buttons(answer)] == ["Add decisions", "Book the next"]
    assert button(answer, "Add decisions").run == review.id
    assert button(answer, "Book the next").run == following.id


def test_the_tasks_after_a_review_are_laid_and_those_before_it_closed(due: Bench) -> None:
    due.wake_on_day(date(2027, 1, 5))
    do(due, "Record as held", **HELD)
    review = last_held_of(due)
    tasks = tasks_of(due, review)
    assert {key: row.due_on for key, row in tasks.items() if not row.not_needed} == {
        "decisions": date(2027, 1, 12),
        "record_written": date(2027, 1, 26),
        "record_sent": date(2027, 2, 2),
        "midway": date(2027, 2, 19),
    }
    assert tasks["papers_in"].not_needed
    assert tasks["book"].not_needed
    assert set(tasks_of(due, open_review_of(due))) == {"book", "papers_in"}


def test_a_late_review_needs_a_reason_of_the_list(due: Bench) -> None:
    due.wake_on_day(date(2027, 1, 8))
    refused = wrong(do(due, "Record as held", **HELD))
    assert refused == {"late_reason": "It was not in time: say why."}
    assert "late_reason" in wrong(do(due, "Record as held", **HELD, late_reason="Because"))
    assert "late (IRO turnover)" in said(do(due, "Record as held", **HELD, late_reason="IRO turnover"))
    assert (last_held_of(due).in_time, last_held_of(due).late_reason) == (False, "IRO turnover")
    assert open_review_of(due).due_on == date(2027, 4, 8)


def test_recorded_late_but_held_in_time_is_in_time_and_needs_no_reason(due: Bench) -> None:
    due.wake_on_day(date(2027, 1, 11))
    do(due, "Record as held", **HELD, held_on="2027-01-07", late_reason="Other")
    assert (last_held_of(due).in_time, last_held_of(due).late_reason) == (True, None)


def test_moved_within_time_stays_to_be_seen_after_it_is_held(due: Bench) -> None:
    do(due, "Book", booked_for="2027-01-04")
    do(due, "Move", booked_for="2027-01-06", reason="Change of placement")
    due.wake_on_day(date(2027, 1, 6))
    do(due, "Record as held", **HELD)
    assert last_held_of(due).in_time
    assert [one.reason for one in moves_of(due, last_held_of(due))] == ["Change of placement"]


@pytest.mark.parametrize(
    ("given", "key"),
    [
        ({"held_on": "2026-12-08"}, "held_on"),
        ({"held_on": "2026-12-01"}, "held_on"),
        ({"held_how": ""}, "held_how"),
        ({"held_how": "no meeting"}, "held_how"),
        ({"participation": ""}, "participation"),
        ({"participation": "PN9"}, "participation"),
        ({"participation": "PN7", "chaired": "chaired"}, "chaired"),
        ({"took_part": ("neighbour",)}, "took_part"),
        ({"offered": ("tea",)}, "offered"),
    ],
)
def test_what_cannot_be_stands_beside_its_field(due: Bench, given: dict[str, str], key: str) -> None:
    assert key in wrong(do(due, "Record as held", **{**HELD, **given}))
    assert [one.state for one in all_reviews(due)] == [ReviewState.DUE]


def test_no_meeting_is_taken_after_more_than_a_year(bench: Bench) -> None:
    in_care(bench, "2025-01-06", last_review_on=date(2026, 6, 15))
    assert "in time" in said(do(bench, "Record as held", held_how="no meeting", participation="PN6"))


def test_under_four_is_pn0_and_no_one_else_is(bench: Bench) -> None:
    in_care(bench, "2026-11-23", born="2023-05")
    assert "under four: PN0" in wrong(do(bench, "Record as held", **HELD))["participation"]
    do(bench, "Record as held", **{**HELD, "participation": "PN0"})
    in_care(bench, "2026-11-23", OTHER_CHILD, born="2022-11")
    pn0 = {**HELD, "participation": "PN0"}
    assert "four or older" in wrong(do(bench, "Record as held", reference=OTHER_CHILD, **pn0))["participation"]


def test_two_reviews_are_not_recorded_for_one_day(due: Bench) -> None:
    do(due, "Record as held", **HELD)
    assert "already" in wrong(do(due, "Record as held", **HELD))["held_on"]
    due.wake_on_day(date(2026, 12, 14))
    assert (
        "before Mon 7 Dec 2026" in wrong(do(due, "Record as held", **HELD, held_on="2026-12-07"[:8] + "05"))["held_on"]
    )


def test_a_review_missed_is_caught_up_and_the_next_counts_from_the_day_it_was_held(bench: Bench) -> None:
    in_care(bench, "2024-01-08", last_review_on=date(2026, 3, 2))
    assert open_review_of(bench).due_on == date(2026, 9, 2)
    do(bench, "Record as held", **HELD, late_reason="Social worker sickness")
    assert open_review_of(bench).due_on == date(2027, 6, 7)


def series(bench: Bench) -> None:
    """A series begun in time on 5 January and completed after its due date, 7 January."""
    in_care(bench, "2026-12-07")
    bench.wake_on_day(date(2027, 1, 5))
    assert "series of meetings" in said(do(bench, "Record as held", series=("yes",)))
    bench.wake_on_day(date(2027, 1, 12))
    do(bench, "Add a meeting")
    bench.wake_on_day(date(2027, 1, 14))


def test_a_series_counted_by_its_completion_is_late(under: MakeBench) -> None:
    bench = under()
    series(bench)
    assert "late_reason" in wrong(do(bench, "Complete", **HELD))
    do(bench, "Complete", **HELD, late_reason="Other")
    review = last_held_of(bench)
    assert (review.in_time, review.held_on, review.completed_on) == (False, date(2027, 1, 5), date(2027, 1, 14))
    assert meetings_of(bench, review) == [date(2027, 1, 5), date(2027, 1, 12), date(2027, 1, 14)]


def test_a_series_counted_by_its_start_is_in_time(under: MakeBench) -> None:
    bench = under(**BY_START)
    series(bench)
    do(bench, "Complete", **HELD)
    assert last_held_of(bench).in_time


def test_a_series_begun_in_time_and_counted_by_its_start_is_never_called_late(under: MakeBench) -> None:
    bench = under(**BY_START)
    series(bench)
    listed = words(bench.command(IRO, "/review"))
    assert "1 at risk" in listed
    assert "late" not in listed.lower()
    bench.forget()
    bench.go_to_day(date(2027, 1, 15))
    assert "is at risk: not completed" in words(bench.last(IRO))


def test_a_series_begun_late_is_late_by_its_start_too(under: MakeBench) -> None:
    bench = under(**BY_START)
    in_care(bench, "2026-12-07")
    bench.wake_on_day(date(2027, 1, 8))
    do(bench, "Record as held", series=("yes",))
    assert "1 late" in words(bench.command(IRO, "/review"))


def test_the_review_after_a_series_counts_from_its_start(under: MakeBench) -> None:
    bench = under(**BY_START)
    series(bench)
    do(bench, "Complete", **HELD)
    assert open_review_of(bench).due_on == date(2027, 4, 5)
    assert tasks_of(bench, last_held_of(bench))["decisions"].due_on == date(2027, 1, 21)


def test_a_series_keeps_its_order_and_each_day_once(under: MakeBench) -> None:
    bench = under()
    series(bench)
    assert "already" in wrong(do(bench, "Add a meeting", held_on="2027-01-12"))["held_on"]
    assert "before" in wrong(do(bench, "Add a meeting", held_on="2027-01-04"))["held_on"]
    assert "before" in wrong(do(bench, "Complete", **HELD, completed_on="2027-01-11"))["completed_on"]
    assert "Adjourn" not in {one.label for one in buttons(shown(bench))}


def test_a_series_not_completed_is_at_risk(under: MakeBench) -> None:
    bench = under()
    in_care(bench, "2026-12-07")
    bench.wake_on_day(date(2027, 1, 5))
    do(bench, "Record as held", series=("yes",))
    assert "At risk: not completed" in words(shown(bench))


def test_once_a_series_has_begun_nobody_is_asked_to_book_or_prepare_it(under: MakeBench) -> None:
    bench = under()
    in_care(bench, "2026-12-07")
    bench.wake_on_day(date(2027, 1, 5))
    assert "Book the review" in words(bench.command(SUPPORT, "/review"))
    do(bench, "Record as held", series=("yes",))
    assert all(row.not_needed for row in tasks_of(bench, open_review_of(bench)).values())
    bench.forget()
    bench.go_to_day(date(2027, 1, 6))
    assert bench.inbox(SUPPORT) == []


def test_history_holds_dates_and_codes_and_no_words(due: Bench) -> None:
    do(due, "Record as held", **HELD)
    (held,) = [one for one in story(due) if one.what == "review held"]
    assert held.words is None
    assert '"participation":"PN1"' in held.details
    assert held.actor_id == due.cast.people[IRO]


def test_opened_from_a_button_of_a_review_held_meanwhile_it_says_so(due: Bench) -> None:
    pressed = button(shown(due), "Record as held")
    do(due, "Record as held", **HELD)
    assert "has been recorded as held" in said(due.press(IRO, pressed))
    opened = form(due.press(IRO, button(shown(due), "Record as held")))
    assert opened.run == open_review_of(due).id


def test_what_an_earlier_review_decided_and_nobody_did_readies_a_draft(due: Bench) -> None:
    do(due, "Record as held", **HELD)
    with transaction(due.engine, AUTHORITY) as session:
        made = Decision(
            child_id=due.cast.children[CHILD],
            review_id=last_held_of(due).id or 0,
            words="See the dentist.",
            due_on=date(2026, 12, 18),
            state=DecisionState.OPEN,
            made_at=due.now,
        )
        session.add(made)
    due.wake_on_day(date(2027, 3, 5))
    answer = do(due, "Record as held", **HELD)
    assert "was not all done: C-1 is ready as a draft" in said(answer)
    assert isinstance(answer, Notice)
    assert "dentist" not in said(answer)
    assert "dentist" in words(due.press(IRO, button(answer, "Open C-1")))
