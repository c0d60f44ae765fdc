"""Every child in care has one open review, made from the timetable and kept as the timetable has it."""

from datetime import date

import pytest

from handlers.imports.children import import_children
from handlers.reviews.planning import plan_all
from scheduling.procedures import parse_procedures, shipped_text
from storage import authorities, procedure_texts
from storage.database import transaction
from storage.reviews import Order, ReviewState
from tests.bench import Bench, utc
from tests.cast import AUTHORITY, CHILD, IRO, OTHER_CHILD, SOCIAL_WORKER, SUPPORT
from tests.handlers.reviews.conftest import MakeBench
from tests.handlers.reviews.steps import (
    all_reviews,
    child_of,
    do,
    in_care,
    last_held_of,
    open_review_of,
    plan_everyone,
    scene_of,
    story,
    tasks_of,
)
from tests.handlers.steps import form, said

HELD = {"held_how": "in person", "participation": "PN1"}
HEADER = "reference,looked_after_from,iro_email,holder_email,track,track_from,last_review_on,left_care_on,born"


def bring_in(bench: Bench, *rows: str) -> None:
    """Import children."""
    with transaction(bench.engine, AUTHORITY) as session:
        scene = scene_of(bench, session)
        import_children(session, scene.rules, "\n".join([HEADER, *rows]), scene.today, bench.now)


def new_rules(bench: Bench, procedures: str) -> None:
    """Put other procedures into force."""
    text = procedures if "\n" in procedures else shipped_text(procedures)
    rules = parse_procedures(text, "procedures.toml")
    with transaction(bench.engine, AUTHORITY) as session:
        row = authorities.find(session, AUTHORITY)
        assert row is not None
        row.procedures_digest = rules.digest
        session.add(row)
        procedure_texts.keep(session, name="procedures.toml", text=text, digest=rules.digest, at=bench.now)


def test_a_child_added_has_a_first_review_over_christmas(bench: Bench) -> None:
    opened = form(bench.command(IRO, "/iro child AB-3001"))
    holder = str(bench.cast.people[SOCIAL_WORKER])
    bench.submit(IRO, opened, {"looked_after_from": "2026-12-07", "holder": holder})
    review = open_review_of(bench, "AB-3001")
    assert (review.state, review.order, review.due_on) == (ReviewState.DUE, Order.FIRST, date(2027, 1, 7))
    assert {"added", "review planned"} <= {one.what for one in story(bench, "AB-3001")}


def test_planning_twice_changes_nothing_and_writes_nothing(bench: Bench) -> None:
    in_care(bench, "2026-12-04")
    before = len(story(bench))
    assert plan_everyone(bench) == 0
    assert plan_everyone(bench) == 0
    assert len(all_reviews(bench)) == 1
    assert len(story(bench)) == before


def test_a_child_known_from_the_past_alone_has_no_review(bench: Bench) -> None:
    assert in_care(bench, None) is None
    assert all_reviews(bench) == []
    assert "not known since when" in str(bench.command(IRO, f"/review {CHILD}"))


def test_an_import_calls_nothing_late_that_lies_before_the_last_review(bench: Bench) -> None:
    bring_in(
        bench,
        "AB-5001,2024-03-01,ann.lee@anyshire.example,sam.okoro@anyshire.example,,,2026-10-15,,",
        "AB-5002,2026-11-30,ann.lee@anyshire.example,sam.okoro@anyshire.example,,,,,",
        "AB-5003,2020-01-06,,,,,,2024-05-01,",
    )
    assert open_review_of(bench, "AB-5001").due_on == date(2027, 4, 15)
    assert open_review_of(bench, "AB-5001").order is Order.LATER
    assert open_review_of(bench, "AB-5002").due_on == date(2026, 12, 30)
    assert all_reviews(bench, "AB-5003") == []
    assert bench.told == []


def test_a_child_of_whom_the_last_review_alone_is_known_has_the_next_within_six_months(bench: Bench) -> None:
    row = "AB-5004,{since},ann.lee@anyshire.example,sam.okoro@anyshire.example,,,2026-10-15,,"
    bring_in(bench, row.format(since=""))
    review = open_review_of(bench, "AB-5004")
    assert (review.order, review.due_on) == (Order.LATER, date(2027, 4, 15))
    assert plan_everyone(bench) == 0
    do(bench, "Record as held", reference="AB-5004", **HELD)
    assert open_review_of(bench, "AB-5004").due_on == date(2027, 6, 7)
    do(bench, "Change of track", SUPPORT, reference="AB-5004", track="adoption_placed", on="2026-12-07")
    assert open_review_of(bench, "AB-5004").due_on == date(2027, 1, 4)
    assert child_of(bench, "AB-5004").looked_after_from is None, "a change of track is not when care began"


def test_a_start_learnt_later_counts_the_next_review_anew(bench: Bench) -> None:
    row = "AB-5004,{since},ann.lee@anyshire.example,sam.okoro@anyshire.example,,,2026-11-12,,"
    bring_in(bench, row.format(since=""))
    assert open_review_of(bench, "AB-5004").due_on == date(2027, 5, 12)
    bring_in(bench, row.format(since="2026-10-19"))
    assert open_review_of(bench, "AB-5004").due_on == date(2027, 2, 12)


def test_the_second_review_follows_a_first_one_from_before_the_import(bench: Bench) -> None:
    in_care(bench, "2026-10-19", last_review_on=date(2026, 11, 12))
    review = open_review_of(bench)
    assert (review.order, review.due_on) == (Order.SECOND, date(2027, 2, 12))


def test_after_go_live_reviews_go_on_counting_from_the_one_before_it(bench: Bench) -> None:
    in_care(bench, "2024-01-08", last_review_on=date(2026, 7, 1))
    do(bench, "Record as held", **HELD)
    review = open_review_of(bench)
    assert last_held_of(bench).in_time
    assert (review.order, review.due_on) == (Order.LATER, date(2027, 6, 7))


@pytest.mark.parametrize(
    ("track", "since", "due"),
    [
        ("short_breaks", "2026-12-01", date(2027, 3, 1)),
        ("adoption_authorised", "2026-11-30", date(2027, 2, 28)),
        ("adoption_placed", "2026-12-01", date(2026, 12, 29)),
    ],
)
def test_each_track_counts_its_first_review_from_its_own_start(bench: Bench, track: str, since: str, due: date) -> None:
    last = date(2026, 9, 7)  # as looked after the next would be due on 7 March
    in_care(bench, "2026-06-01", track=track, track_from=date.fromisoformat(since), last_review_on=last)
    review = open_review_of(bench)
    assert (review.track, review.order, review.due_on) == (track, Order.FIRST, due)


@pytest.mark.parametrize(
    ("track", "since", "dues"),
    [
        ("looked_after", "2026-12-01", [date(2026, 12, 31), date(2027, 3, 31), date(2027, 9, 30)]),
        ("short_breaks", "2026-12-01", [date(2027, 3, 1), date(2027, 9, 1), date(2028, 3, 1)]),
        ("adoption_authorised", "2026-12-01", [date(2026, 12, 31), date(2027, 3, 31), date(2027, 9, 30)]),
        ("adoption_placed", "2026-12-01", [date(2026, 12, 29), date(2027, 3, 29), date(2027, 9, 29)]),
    ],
)
def test_three_reviews_of_every_track_held_on_their_last_day(
    bench: Bench, track: str, since: str, dues: list[date]
) -> None:
    in_care(bench, since, track=track, track_from=date.fromisoformat(since))
    for due in dues:
        assert open_review_of(bench).due_on == due
        bench.wake_on_day(due)
        assert "in time" in said(do(bench, "Record as held", **HELD))
        assert last_held_of(bench).held_on == due


def test_local_rules_count_where_they_are_earlier(under: MakeBench) -> None:
    bench = under("southwark", "2026-12-21")
    in_care(bench, "2026-12-21")
    review = open_review_of(bench)
    assert (review.due_on, review.law_due_on) == (date(2027, 1, 18), date(2027, 1, 21))
    assert review.rule == "southwark_first_review"


def test_changed_rules_move_only_a_review_still_to_be_booked(bench: Bench) -> None:
    in_care(bench, "2026-12-07")
    in_care(bench, "2026-12-07", OTHER_CHILD)
    do(bench, "Book", reference=OTHER_CHILD, booked_for="2027-01-05")
    new_rules(bench, "southwark")
    assert plan_everyone(bench) == 1
    assert open_review_of(bench).due_on == date(2027, 1, 4)
    assert open_review_of(bench, OTHER_CHILD).due_on == date(2027, 1, 7)
    moved = [one for one in story(bench) if one.what == "review counted anew"]
    assert len(moved) == 1
    assert '"before":"2027-01-07"' in moved[0].details
    assert plan_everyone(bench) == 0


def test_leaving_care_ends_the_review_but_not_the_work_on_the_last_one(bench: Bench) -> None:
    in_care(bench, "2026-11-23")
    do(bench, "Record as held", **HELD)
    held, coming = last_held_of(bench), open_review_of(bench)
    do(bench, "Change of track", SUPPORT, track="left_care", on="2026-12-07")
    assert {one.state for one in all_reviews(bench)} == {ReviewState.HELD, ReviewState.NOT_NEEDED}
    assert all(row.not_needed for row in tasks_of(bench, coming).values())
    left = tasks_of(bench, held)
    assert left["midway"].not_needed
    assert not left["record_written"].not_needed
    ended = next(one for one in all_reviews(bench) if one.id == coming.id)
    assert ended.in_time is None
    assert plan_everyone(bench) == 0
    assert "No further review is due" in str(bench.command(IRO, f"/review {CHILD}"))


def test_a_review_that_fell_due_before_care_was_left_is_missed(bench: Bench) -> None:
    in_care(bench, "2026-10-05")
    do(bench, "Change of track", SUPPORT, track="left_care", on="2026-12-04")
    assert all_reviews(bench)[0].in_time is False
    assert "review missed" in {one.what for one in story(bench)}


def test_no_review_is_due_after_the_month_of_the_eighteenth_birthday(bench: Bench) -> None:
    in_care(bench, "2024-01-08", last_review_on=date(2026, 9, 1), born="2009-02")
    assert all_reviews(bench) == []
    in_care(bench, "2024-01-08", born="2009-03")
    assert open_review_of(bench).due_on == date(2027, 3, 1)
    bench.now = utc("2027-04-01")
    assert plan_everyone(bench) == 1
    assert all_reviews(bench)[0].in_time is False


@pytest.mark.slow
def test_hundreds_of_children_imported_have_their_reviews_and_tasks(bench: Bench) -> None:
    email = "ann.lee@anyshire.example,sam.okoro@anyshire.example"
    bring_in(bench, *(f"AB-{6000 + n},2026-11-30,{email},,,,," for n in range(300)))
    assert set(tasks_of(bench, open_review_of(bench, "AB-6299"))) == {"book", "papers_in"}
    with transaction(bench.engine, AUTHORITY) as session:
        assert plan_all(scene_of(bench, session)) == 0
    assert open_review_of(bench, "AB-6299").due_on == date(2026, 12, 30)
    assert child_of(bench, "AB-6299").id is not None


def test_a_child_who_turns_five_is_reviewed_three_monthly_until_a_review_after_the_birthday_month(
    under: MakeBench,
) -> None:
    under_fives = '[[reviews.rules]]\nkey = "under_fives_reviews"\non = true\nsource = "Minute 4"\n\n[[reviews.rules]]'
    text = shipped_text("southwark").replace("[[reviews.rules]]", under_fives, 1)
    bench = under("southwark", "2026-12-07", **{shipped_text("southwark"): text})
    in_care(bench, "2025-06-02", born="2022-01", last_review_on=date(2026, 10, 15))
    assert (open_review_of(bench).due_on, open_review_of(bench).law_due_on) == (date(2027, 1, 15), date(2027, 4, 15))
    bench.wake_on_day(date(2027, 1, 15))
    assert plan_everyone(bench) == 0, "turning five in this month moves nothing that was counted"
    do(bench, "Record as held", **HELD)
    assert open_review_of(bench).due_on == date(2027, 4, 15)
    bench.wake_on_day(date(2027, 4, 15))
    do(bench, "Record as held", **HELD)
    assert (open_review_of(bench).due_on, open_review_of(bench).rule) == (date(2027, 10, 12), "southwark_later_reviews")
    assert open_review_of(bench).law_due_on == date(2027, 10, 15)
