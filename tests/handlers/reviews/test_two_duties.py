"""Until placed for adoption a child is owed two kinds of review: the earlier date counts, by every way it is learnt."""

import os
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from handlers.cards import Form
from handlers.imports.children import import_children
from handlers.office import parsed
from handlers.review_import import import_reviews
from handlers.reviews.planning import plan_review
from scheduling.duration import add_months
from scheduling.procedures import shipped_text
from scheduling.working_days import WorkingCalendar
from storage import children
from storage.database import transaction
from storage.reviews import Order, Review, ReviewState
from tests.bench import Bench, utc, words
from tests.cast import AUTHORITY, SUPPORT
from tests.databases import sqlite_engine
from tests.handlers.reviews.steps import (
    do,
    in_care,
    open_review_of,
    plan_everyone,
    scene_of,
    shown,
    story,
)
from tests.handlers.steps import said

HEADER = "reference,looked_after_from,iro_email,holder_email,track,track_from"
PEOPLE = "ann.lee@anyshire.example,sam.okoro@anyshire.example"
HELD = (date(2025, 6, 26), date(2025, 9, 20), date(2026, 2, 1))
CALENDAR = WorkingCalendar()
EXAMPLES = 200 if os.environ.get("THOROUGH") == "1" else 8


def bring_in(bench: Bench, *rows: str) -> None:
    with transaction(bench.engine, AUTHORITY) as session:
        rules = parsed(shipped_text("handbook"))
        import_children(session, rules, "\n".join((HEADER, *rows)), bench.now.date(), bench.now)


def bring_in_reviews(bench: Bench, reference: str, days: Sequence[date]) -> None:
    kinds = ("first", "second", *("later" for _ in days[2:]))
    rows = [f"{reference},{kind},{day},{day}" for kind, day in zip(kinds, days, strict=False)]
    with transaction(bench.engine, AUTHORITY) as session:
        import_reviews(scene_of(bench, session), "\n".join(("child,kind,due_on,held_on", *rows)))


def test_the_looked_after_review_comes_first_where_the_order_is_made_late(bench: Bench) -> None:
    bring_in(bench, f"AB-7001,2025-06-01,{PEOPLE},adoption_authorised,2026-07-20")
    bring_in_reviews(bench, "AB-7001", HELD)
    review = open_review_of(bench, "AB-7001")
    assert (review.due_on, review.law_due_on, review.track) == (
        date(2026, 8, 1), date(2026, 8, 1), "adoption_authorised",
    )  # fmt: skip
    assert "Next review was due by Sat 1 Aug 2026 (6 months from Sun 1 Feb 2026)" in words(
        shown(bench, reference="AB-7001")
    )
    assert plan_everyone(bench) == 0


def test_the_adoption_review_comes_first_where_the_order_is_made_soon_after_a_review(bench: Bench) -> None:
    bring_in(bench, f"AB-7001,2025-06-01,{PEOPLE},adoption_authorised,2026-03-02")
    bring_in_reviews(bench, "AB-7001", HELD)
    review = open_review_of(bench, "AB-7001")
    assert (review.due_on, review.rule, review.order) == (
        date(2026, 6, 2), "adoption_authorised_first_review", Order.FIRST,
    )  # fmt: skip


def test_one_review_held_since_the_order_serves_both(tmp_path: Path) -> None:
    for engine in sqlite_engine(tmp_path):
        bench = Bench(engine, utc("2026-07-20"))
        in_care(bench, "2025-06-01", last_review_on=HELD[-1])
        do(bench, "Change of track", track="adoption_authorised", on="2026-07-20")
        assert open_review_of(bench).due_on == date(2026, 8, 1)
        bench.wake_on_day(date(2026, 7, 31))
        assert "in time" in said(do(bench, "Record as held", held_how="in person", participation="PN1"))
        assert open_review_of(bench).due_on == date(2027, 1, 31)
        assert open_review_of(bench).order is Order.LATER


def test_a_second_looked_after_review_is_not_put_off_by_an_order(bench: Bench) -> None:
    """The adoption rules go on with six months after the first review, those of being looked after with three."""
    bring_in(bench, f"AB-7001,2026-09-07,{PEOPLE},adoption_authorised,2026-09-14")
    bring_in_reviews(bench, "AB-7001", [date(2026, 10, 1)])
    assert open_review_of(bench, "AB-7001").due_on == date(2027, 1, 1)


def test_once_placed_the_placement_alone_counts(bench: Bench) -> None:
    bring_in(bench, f"AB-7001,2025-06-01,{PEOPLE},adoption_authorised,2026-07-20")
    bring_in_reviews(bench, "AB-7001", HELD)
    do(bench, "Change of track", reference="AB-7001", track="adoption_placed", on="2026-11-30")
    assert open_review_of(bench, "AB-7001").due_on == date(2026, 12, 28)


def test_an_order_written_down_late_counts_the_looked_after_review_held_since(bench: Bench) -> None:
    bring_in(bench, f"AB-7001,2025-06-01,{PEOPLE},,")
    bring_in_reviews(bench, "AB-7001", (*HELD, date(2026, 7, 30)))
    do(bench, "Change of track", SUPPORT, reference="AB-7001", track="adoption_authorised", on="2026-07-20")
    assert open_review_of(bench, "AB-7001").due_on == date(2027, 1, 30)


# a date put right


def test_the_day_of_an_order_is_put_right_in_chat_and_the_review_counted_anew(bench: Bench) -> None:
    bring_in(bench, f"AB-7001,2025-06-01,{PEOPLE},adoption_authorised,2026-10-20")
    bring_in_reviews(bench, "AB-7001", (*HELD, date(2026, 7, 30)))
    assert open_review_of(bench, "AB-7001").due_on == date(2027, 1, 20)
    do(bench, "Book", reference="AB-7001", booked_for="2027-01-19")
    do(bench, "Change of track", SUPPORT, reference="AB-7001", on="2026-09-20")
    review = open_review_of(bench, "AB-7001")
    assert (review.due_on, review.state, review.booked_for) == (
        date(2026, 12, 20), ReviewState.BOOKED, date(2027, 1, 19),
    )  # fmt: skip
    entry = next(one for one in reversed(story(bench, "AB-7001")) if one.what == "track changed")
    assert '"on":"2026-09-20"' in entry.details
    assert plan_everyone(bench) == 0


def test_the_day_care_began_is_put_right_in_chat(bench: Bench) -> None:
    in_care(bench, "2026-12-01")
    assert open_review_of(bench).due_on == date(2026, 12, 31)
    do(bench, "Change of track", on="2026-11-24")
    assert open_review_of(bench).due_on == date(2026, 12, 22)
    assert "Looked after since Tue 24 Nov 2026" in words(shown(bench))


def test_the_same_day_again_changes_nothing(bench: Bench) -> None:
    in_care(bench, "2026-12-01")
    assert "Nothing was changed" in said(do(bench, "Change of track", on="2026-12-01"))


# every way in


def _in_months(count: int, day: date) -> date:
    return add_months(day, count)


def by_law(since: date, order_on: date, held: Sequence[date]) -> date:
    """The two duties written out once more: reg 33(1) and (2), and reg 36(1)."""
    first = CALENDAR.add(since, 20)
    looked_after = _in_months(3 if len(held) == 1 else 6, max(held)) if held else first
    authorised = [day for day in held if day >= order_on]
    adoption = _in_months(6, max(authorised)) if authorised else _in_months(3, order_on)
    return min(looked_after, adoption)


@st.composite
def lives(draw: st.DrawFn) -> tuple[date, date, list[date]]:
    """Since when a child is looked after, the day of the order, and up to four reviews held since care began."""
    since = draw(st.dates(date(2022, 1, 3), date(2026, 6, 1)))
    order_on = draw(st.dates(since, date(2026, 12, 6)))
    held = draw(st.lists(st.dates(since, date(2026, 12, 6)), max_size=4, unique=True))
    return since, order_on, sorted(held)


def with_reviews(bench: Bench, reference: str, held: Sequence[date]) -> None:
    """Reviews held on the looked-after track, however they came to be known."""
    with transaction(bench.engine, AUTHORITY) as session:
        child = children.by_reference(session, reference)
        assert child is not None
        for day in held:
            session.add(
                Review(
                    child_id=child.id or 0,
                    state=ReviewState.HELD,
                    track="looked_after",
                    order=Order.LATER,
                    rule="later_reviews",
                    due_on=day,
                    held_on=day,
                    completed_on=day,
                    created_at=bench.now,
                )
            )
        plan_review(scene_of(bench, session), child)


@pytest.mark.slow
@given(life=lives())
@example(life=(date(2022, 1, 3), date(2022, 2, 2), [date(2022, 1, 3), date(2022, 2, 1)]))
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_due_date_is_the_earlier_of_the_two_by_file_by_chat_and_by_correction(
    bench: Bench, life: tuple[date, date, list[date]]
) -> None:
    since, order_on, held = life
    number = 1000 + next(bench.keys) * 10
    by_file, by_chat, corrected = (f"CD-{number + one}" for one in range(3))
    bring_in(
        bench,
        f"{by_file},{since},{PEOPLE},adoption_authorised,{order_on}",
        f"{by_chat},{since},{PEOPLE},,",
        f"{corrected},{since - timedelta(days=40)},{PEOPLE},adoption_authorised,{since}",
    )
    for reference in (by_file, by_chat, corrected):
        with_reviews(bench, reference, held)
    to, on = "adoption_authorised", order_on.isoformat()
    asked = do(bench, "Change of track", reference=by_chat, track=to, on=on)
    if isinstance(asked, Form):  # a day more than a year ago is asked about once
        do(bench, "Change of track", reference=by_chat, track=to, on=on, years_checked=(on,))
    bring_in(bench, f"{corrected},{since},{PEOPLE},adoption_authorised,{order_on}")
    expected = by_law(since, order_on, held)
    found = [open_review_of(bench, one).due_on for one in (by_file, by_chat, corrected)]
    assert found == [expected] * 3
