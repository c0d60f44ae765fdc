"""What somebody who came new to reviews tripped over: late adjournments, tracks taken back, eighteen, typed words."""

from datetime import date
from typing import cast

from handlers.cards import Errors, Form, Notice
from tests.bench import Bench, button, words
from tests.cast import CHILD, IRO
from tests.handlers.reviews.conftest import MakeBench
from tests.handlers.reviews.decided import held_review
from tests.handlers.reviews.steps import do, in_care, last_held_of, open_review_of, shown, tasks_of


def adjourned_late(under: MakeBench) -> Bench:
    """A first review due on Monday 14 December that was begun, and adjourned, on Thursday 17."""
    bench = under()
    in_care(bench, "2026-11-16")
    bench.go_to_day(date(2026, 12, 18))
    said = do(bench, "Adjourn", adjourned_on="2026-12-17", reason="Lack of documents")
    assert "to be completed by Tue 19 Jan 2027" in words(said)
    return bench


def test_a_review_adjourned_when_it_was_late_already_can_be_booked_to_go_on(under: MakeBench) -> None:
    bench = adjourned_late(under)
    said = do(bench, "Book", booked_for="2027-01-12")
    assert "it will be late" in words(said)
    assert open_review_of(bench).booked_for == date(2027, 1, 12)


def test_an_adjourned_review_whose_time_is_over_can_still_be_booked(under: MakeBench) -> None:
    bench = adjourned_late(under)
    early = do(bench, "Book", booked_for="2027-01-20")
    assert isinstance(early, Errors), "while there is time, the law's last day holds"
    bench.wake_on_day(date(2027, 1, 25))
    assert isinstance(do(bench, "Book", booked_for="2027-01-27"), Notice)
    assert open_review_of(bench).booked_for == date(2027, 1, 27)


def test_a_review_begun_late_stays_late_whenever_its_adjournment_is_completed(under: MakeBench) -> None:
    bench = adjourned_late(under)
    said = do(bench, "Complete", held_how="in person", participation="PN1", completed_on="2026-12-18")
    assert cast(Errors, said).by_field == {"late_reason": "It was not in time: say why."}


def test_a_child_back_from_a_placement_has_the_first_review_of_their_whole_time_in_care(under: MakeBench) -> None:
    bench = under()
    in_care(bench, "2026-11-16")
    do(bench, "Book", booked_for="2026-12-10")
    do(bench, "Change of track", track="adoption_placed", on="2026-12-01")
    said = do(bench, "Change of track", track="looked_after", on="2026-12-05")
    assert "First review due by Mon 14 Dec 2026" in words(said)
    assert open_review_of(bench).due_on == date(2026, 12, 14)
    assert "Looked after since Mon 16 Nov 2026" in words(shown(bench))


def test_who_is_eighteen_is_not_said_to_be_of_unknown_date(under: MakeBench) -> None:
    bench = under()
    in_care(bench, "2026-06-01", born="2008-11")
    said = words(bench.command(IRO, f"/review {CHILD} hold"))
    assert said == f"{CHILD} has no review to come: the month of the eighteenth birthday is over."


def test_who_will_be_eighteen_before_the_next_review_is_told_so(under: MakeBench) -> None:
    bench = under()
    assert in_care(bench, "2026-12-04", born="2008-12") is None
    said = words(bench.command(IRO, f"/review {CHILD} hold"))
    assert said == f"{CHILD} has no review to come: none is due before the child is eighteen."


def test_the_midway_check_can_be_typed_in_the_words_of_its_button(under: MakeBench) -> None:
    bench = under()
    held_review(bench)
    bench.go_to_day(date(2026, 12, 8))
    assert cast(Form, bench.command(IRO, f"/review {CHILD} midway check")).title == f"Midway: {CHILD}"


def test_bring_forward_can_be_typed_in_the_words_of_its_button(under: MakeBench) -> None:
    bench = under()
    in_care(bench, "2026-11-16")
    typed, pressed = bench.command(IRO, f"/review {CHILD} bring forward"), button(shown(bench), "Bring forward")
    assert cast(Form, typed).title == cast(Form, bench.press(IRO, pressed)).title


def test_seen_before_the_last_review_is_not_seen_between_that_one_and_the_next(under: MakeBench) -> None:
    bench = under("nottinghamshire")
    held_review(bench)
    do(bench, "Seen or spoken to", what=("seen", "spoken"), on="2026-11-20")
    assert tasks_of(bench, last_held_of(bench))["child_seen"].done_on is None
    assert tasks_of(bench, open_review_of(bench))["child_spoken_to"].done_on is None
    do(bench, "Seen or spoken to", what=("seen", "spoken"), on="2026-12-07")
    assert tasks_of(bench, last_held_of(bench))["child_seen"].done_on is not None
