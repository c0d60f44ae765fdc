"""Past reviews come in from a file: all rows or none, once, silently, counted by the authority's rule."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, func, select

from handlers.imports import ImportRefused
from handlers.office import Scene, rules_in_force
from handlers.review_import import ImportedReviews, import_reviews
from handlers.reviews.oddities import oddities
from scheduling.procedures import parse_procedures, shipped_text
from storage import history, reviews
from storage.children import Child, by_reference
from storage.database import transaction
from storage.nudges import Nudge
from storage.outbox import Outbox
from storage.review_tasks import ReviewTask
from storage.reviews import Chaired, Order, Participation, Review, ReviewState
from storage.whose import EVERYBODY
from tests.cast import AUTHORITY, CHILD, OTHER_CHILD, settle

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
HEADER = "child,kind,due_on,held_on,completed_on,participation,chaired_by_child,late_reason"
IN_TIME = f"{CHILD},first,2026-04-08,07/04/2026,,PN1,yes,"
SERIES = f"{CHILD},later,2026-04-08,2026-04-07,2026-04-20,pn6,no,Lack of documents"


@pytest.fixture
def engine(engine: Engine) -> Engine:
    """A database with the cast in it, under the handbook's rules."""
    settle(engine)
    return engine


def imported(engine: Engine, *rows: str, header: str = HEADER) -> ImportedReviews:
    with transaction(engine, AUTHORITY) as session:
        return import_reviews(scene(session), "\n".join([header, *rows]))


def scene(session: Session) -> Scene:
    return Scene(session=session, now=NOW, authority=AUTHORITY, rules=rules_in_force(session, AUTHORITY))


def problems(engine: Engine, *rows: str, header: str = HEADER) -> list[str]:
    with pytest.raises(ImportRefused) as refused:
        imported(engine, *rows, header=header)
    return [str(problem) for problem in refused.value.problems]


def kept(engine: Engine, reference: str = CHILD) -> list[Review]:
    with transaction(engine, AUTHORITY, writes=False) as session:
        child = by_reference(session, reference)
        assert child is not None
        return reviews.of_child(session, child.id or 0)


def how_many(engine: Engine, table: type[Child | Nudge | Outbox | Review | ReviewTask]) -> int:
    with transaction(engine, AUTHORITY, writes=False) as session:
        return session.exec(select(func.count()).select_from(table)).one()


def change(engine: Engine, reference: str = CHILD, **columns: object) -> None:
    with transaction(engine, AUTHORITY) as session:
        child = by_reference(session, reference)
        assert child is not None
        for column, value in columns.items():
            setattr(child, column, value)
        session.add(child)


def test_a_review_is_kept_as_held_with_how_the_child_took_part(engine: Engine) -> None:
    assert imported(engine, IN_TIME) == ImportedReviews(added=1, unchanged=0, children=0, planned=0)

    (one,) = kept(engine)
    assert (one.state, one.order, one.imported, one.in_time) == (ReviewState.HELD, Order.FIRST, True, True)
    assert (one.due_on, one.held_on, one.completed_on) == (date(2026, 4, 8), date(2026, 4, 7), date(2026, 4, 7))
    assert (one.participation, one.chaired, one.series) == (Participation.PN1, Chaired.CHAIRED, False)


def test_nobody_is_told_and_no_clock_starts(engine: Engine) -> None:
    imported(engine, IN_TIME, SERIES.replace(CHILD, OTHER_CHILD))

    assert [how_many(engine, table) for table in (Outbox, Nudge, ReviewTask)] == [0, 0, 0]


def test_importing_again_changes_nothing(engine: Engine) -> None:
    change(engine, looked_after_from=date(2026, 3, 9))
    imported(engine, IN_TIME)
    before = [one.model_dump() for one in kept(engine)]

    assert imported(engine, IN_TIME) == ImportedReviews(added=0, unchanged=1, children=0, planned=0)
    assert [one.model_dump() for one in kept(engine)] == before
    with transaction(engine, AUTHORITY, writes=False) as session:
        assert [entry.what for entry in history.entries(session, "authority")] == ["reviews imported"]


@pytest.mark.parametrize(("rule", "timely"), [("completion", False), ("start", True)])
def test_a_series_is_in_time_by_the_authority_s_counting_rule(engine: Engine, rule: str, timely: bool) -> None:
    text = shipped_text("handbook").replace('series_in_time_by = "completion"', f'series_in_time_by = "{rule}"')
    with transaction(engine, AUTHORITY) as session:
        own = Scene(session=session, now=NOW, authority=AUTHORITY, rules=parse_procedures(text, "own.toml"))
        import_reviews(own, f"{HEADER}\n{SERIES}")

    (one,) = kept(engine)
    assert (one.in_time, one.series, one.late_reason) == (timely, True, "Lack of documents")


def test_the_next_review_of_a_child_in_care_is_planned_from_the_last_one_held(engine: Engine) -> None:
    change(engine, looked_after_from=date(2026, 3, 9))

    done = imported(engine, IN_TIME, f"{CHILD},second,2026-07-07,2026-07-01,,PN6,,")
    assert done.planned == 1
    following = [one for one in kept(engine) if one.state is ReviewState.DUE]
    assert [(one.order, one.due_on) for one in following] == [(Order.LATER, date(2027, 1, 1))]
    assert how_many(engine, Outbox) == 0


def test_an_unknown_child_is_created_as_historical_and_nothing_is_planned(engine: Engine) -> None:
    done = imported(
        engine,
        IN_TIME.replace(CHILD, "ZZ-9001"),
        SERIES.replace(CHILD, "ZZ-9001").replace("04-08,2026-04-07,2026-04-20", "07-09,2026-07-06,2026-07-20"),
    )

    assert done == ImportedReviews(added=2, unchanged=0, children=1, planned=0)
    assert how_many(engine, Child) == 3
    assert {one.state for one in kept(engine, "ZZ-9001")} == {ReviewState.HELD}


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("PN5", Participation.PN5),
        ("pn5", Participation.PN5),
        ("Child does not attend but asks an advocate to speak", Participation.PN5),
        ("Neither attends nor conveys views", Participation.PN7),
        ("", None),
    ],
)
def test_participation_may_be_a_code_or_a_label(engine: Engine, written: str, code: Participation | None) -> None:
    imported(engine, f"{CHILD},later,2026-04-08,2026-04-07,,{written},,")

    assert [one.participation for one in kept(engine)] == [code]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (",first,2026-04-08,2026-04-07,,,,", "line 2, child: is empty"),
        ("Jo Bloggs,first,2026-04-08,2026-04-07,,,,", "line 2, child: is not written as the procedures say"),
        (f"{CHILD},third,2026-04-08,2026-04-07,,,,", "line 2, kind: write one of: first, second, later"),
        (f"{CHILD},first,,2026-04-07,,,,", "line 2, due_on: is empty"),
        (f"{CHILD},first,2026-04-08,,,,,", "line 2, held_on: is empty: only reviews that were held"),
        (f"{CHILD},first,2026-04-08,31/02/2026,,,,", "line 2, held_on: is no date"),
        (f"{CHILD},first,2026-12-08,2026-12-07,,,,", "line 2, held_on: lies in the future"),
        (
            f"{CHILD},first,1899-04-08,2026-04-07,,,,",
            'line 2, due_on: "1899-04-08" is outside 1990 to 2100: check the year',
        ),
        (f"{CHILD},first,2028-04-08,2026-04-07,,,,", "line 2, due_on: is more than a year after held_on"),
        (f"{CHILD},first,2026-04-08,2026-04-07,2026-04-06,,,", "line 2, completed_on: is before held_on"),
        (f"{CHILD},first,2026-04-08,2026-04-07,,PN8,,", "line 2, participation: write one of PN0"),
        (f"{CHILD},first,2026-04-08,2026-04-07,,,perhaps,", "line 2, chaired_by_child: write yes, no or co-chaired"),
        (f"{CHILD},first,2026-04-08,2026-04-17,,,,Snow", "line 2, late_reason: is no reason of the procedures"),
        (f"{CHILD},first,2026-04-08", "line 2: has 3 values, the header 8"),
    ],
)
def test_a_wrong_row_is_named_with_line_column_and_what_to_do(engine: Engine, row: str, said: str) -> None:
    found = problems(engine, row)

    assert len(found) == 1
    assert found[0].startswith(said)
    assert "Bloggs" not in found[0]


def test_one_wrong_row_keeps_all_rows_out(engine: Engine) -> None:
    found = problems(engine, IN_TIME, IN_TIME, f"{CHILD},first,soon,later,,PN9,,")

    assert [one.partition(":")[0] for one in found] == [
        "line 3, held_on",
        "line 4, due_on",
        "line 4, held_on",
        "line 4, participation",
    ]
    assert how_many(engine, Review) == 0


def test_a_review_twice_in_the_file_under_two_days_is_refused_rather_than_counted_twice(engine: Engine) -> None:
    other_day = IN_TIME.replace("07/04/2026", "06/04/2026")
    assert problems(engine, IN_TIME, other_day) == [
        "line 3, due_on: line 2 has a review of this child due on that day too: keep one"
    ]
    assert how_many(engine, Review) == 0


def test_a_review_known_under_another_day_is_refused_rather_than_counted_twice(engine: Engine) -> None:
    imported(engine, IN_TIME)

    assert problems(engine, IN_TIME.replace("07/04/2026", "06/04/2026")) == [
        "line 2, held_on: this review is known already, as held on 2026-04-07: put one of them right"
    ]


def test_a_review_booked_here_has_to_be_recorded_here(engine: Engine) -> None:
    change(engine, looked_after_from=date(2026, 11, 2))
    with transaction(engine, AUTHORITY) as session:
        child = by_reference(session, CHILD)
        assert child is not None
        session.add(
            Review(
                child_id=child.id or 0,
                state=ReviewState.BOOKED,
                track="looked_after",
                order=Order.FIRST,
                rule="first_review",
                due_on=date(2026, 11, 30),
                booked_for=date(2026, 11, 19),
                created_at=NOW,
            )
        )

    assert problems(engine, f"{CHILD},first,2026-11-30,2026-11-19,,PN1,,") == [
        "line 2, held_on: this review is booked or under way here: record it as held instead"
    ]


def book(engine: Engine, due_on: date, booked_for: date, counts_from: date | None = None) -> None:
    """Let the child have a review booked here."""
    with transaction(engine, AUTHORITY) as session:
        child = by_reference(session, CHILD)
        assert child is not None
        review = Review(
            child_id=child.id or 0,
            state=ReviewState.BOOKED,
            track="looked_after",
            order=Order.LATER,
            rule="later_reviews",
            counts_from=counts_from,
            due_on=due_on,
            booked_for=booked_for,
            created_at=NOW,
        )
        session.add(review)


@pytest.mark.parametrize("held_on", ["2026-11-19", "2026-10-01"])
def test_a_review_held_while_another_is_booked_here_is_refused_whatever_its_due_date(
    engine: Engine, held_on: str
) -> None:
    change(engine, looked_after_from=date(2026, 1, 5))
    book(engine, date(2026, 11, 30), date(2026, 11, 19), counts_from=date(2026, 5, 30))
    assert problems(engine, f"{CHILD},later,2026-11-27,{held_on},,PN1,,") == [
        "line 2, due_on: a review due on 2026-11-30 is booked or under way here: record it as held instead"
    ]
    assert imported(engine, f"{CHILD},second,2026-06-01,2026-05-30,,PN1,,").added == 1


def test_two_first_reviews_in_one_time_in_care_are_refused(engine: Engine) -> None:
    change(engine, looked_after_from=date(2026, 3, 9))
    second = f"{CHILD},first,2026-07-07,2026-07-01,,PN6,,"
    assert problems(engine, second, IN_TIME) == [
        "line 2, kind: line 3 was held before it since 2026-03-09: it cannot be the first"
    ]
    imported(engine, IN_TIME)
    assert problems(engine, second) == [
        "line 2, kind: the review of 2026-04-07 known here was held before it since 2026-03-09: it cannot be the first"
    ]


def test_two_first_reviews_of_a_child_who_may_have_come_back_are_taken_in_and_named(engine: Engine) -> None:
    rows = ("ZZ-9001,first,2021-04-08,2021-04-07,,,,", "ZZ-9001,first,2023-04-08,2023-04-07,,,,")
    assert imported(engine, *rows).odd == (
        "line 3, kind: line 2 is a first review of this child too: right only after coming back into care, "
        "or on another track",
    )
    change(engine, looked_after_from=date(2026, 3, 9))
    early = f"{CHILD},first,2021-04-08,2021-04-07,,,,"
    assert imported(engine, IN_TIME, early).odd == (
        "line 2, kind: line 3 is a first review of this child too: right only after coming back into care, "
        "or on another track",
        "line 3, held_on: is before 2026-03-09, since when the child is looked after: "
        "kept as of an earlier time in care",
    )
    with transaction(engine, AUTHORITY, writes=False) as session:
        notes = oddities(scene(session), EVERYBODY)
    assert notes == (
        f"Imported reviews held before care began (an earlier time in care, or a wrong date): 1 ({CHILD}).",
        "More than one first review on a track (right only after coming back into care): 2 (AB-1042 and ZZ-9001).",
    )


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (
            f"{CHILD},first,2026-04-08,2026-03-06,,PN1,,",
            "line 2, held_on: is before 2026-03-09, since when the child is looked after, but due_on is not: "
            "check both dates",
        ),
        (
            f"{CHILD},first,2026-03-06,2026-04-07,,PN1,,",
            "line 2, due_on: is before 2026-03-09, since when the child is looked after, but held_on is not: "
            "check both dates",
        ),
        (
            f"{CHILD},second,2026-11-08,2026-11-06,,PN1,,",
            "line 2, held_on: is after 2026-10-30, when the child left care: check both dates",
        ),
        (
            f"{CHILD},first,2026-04-08,2026-04-07,,PN1,,Other",
            "line 2, late_reason: the review was in time, by 2026-04-08: leave it out, or put a date right",
        ),
    ],
)
def test_days_that_contradict_the_time_in_care_or_each_other_are_refused(engine: Engine, row: str, said: str) -> None:
    change(engine, looked_after_from=date(2026, 3, 9), left_care_on=date(2026, 10, 30))
    assert problems(engine, row) == [said]


def test_a_series_is_completed_before_the_next_review_is_held(engine: Engine) -> None:
    series = f"{CHILD},first,2026-04-08,2026-04-07,2026-07-02,PN1,,Other"
    second = f"{CHILD},second,2026-07-07,2026-07-01,,PN6,,"
    assert problems(engine, second, series) == [
        "line 3, completed_on: is after 2026-07-01, when the next review (line 2) was held: check both dates"
    ]
    imported(engine, series)
    assert problems(engine, second) == [
        "line 2, held_on: is before 2026-07-02, when the review of 2026-04-07 known here was completed: "
        "check both dates"
    ]
    assert imported(engine, second.replace("2026-07-01", "2026-07-02")).added == 1


def test_a_review_known_with_another_due_date_stays_as_it_is_and_is_named(engine: Engine) -> None:
    imported(engine, IN_TIME)
    done = imported(engine, IN_TIME.replace("2026-04-08", "2026-04-09"))
    assert (done.added, done.unchanged) == (0, 1)
    assert done.odd == ("line 2, due_on: this review is known here as due on 2026-04-08: that stays",)


def test_a_column_that_tells_who_a_child_is_is_refused(engine: Engine) -> None:
    (found,) = problems(engine, header=f"{HEADER},child_name")

    assert "is never kept" in found
