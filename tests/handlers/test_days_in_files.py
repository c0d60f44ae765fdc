"""In every file a day that cannot be is refused with its line, its column and the years that can be."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from handlers.figures.printed_import import COLUMNS as PRINTED
from handlers.figures.printed_import import import_printed
from handlers.history_import import import_history
from handlers.history_import.reading import OPTIONAL, REQUIRED
from handlers.imports import ImportRefused, import_absences, import_children
from handlers.imports.absences import COLUMNS as ABSENCES
from handlers.imports.children_rows import COLUMNS as CHILDREN
from handlers.office import Scene, rules_in_force
from handlers.review_import import import_reviews
from handlers.review_import.values import COLUMNS as REVIEWS
from storage.children import by_reference
from storage.database import transaction
from tests.bench import Bench, utc
from tests.cast import AUTHORITY, CHILD
from tests.databases import sqlite_engine

IRO, HOLDER = "ann.lee@anyshire.example", "sam.okoro@anyshire.example"
OUTSIDE = ("0001-01-01", "01/01/1900", "31/12/1989", "2101-01-01", "9999-12-31")
NO_DAY = ("31/02/2026", "46083", "00/01/1900", "soon", "12\N{SUPERSCRIPT TWO}/01/2026")

Take = Callable[[Scene, str], object]


def _children(scene: Scene, text: str) -> object:
    return import_children(scene.session, scene.rules, text, scene.today, scene.now)


def _absences(scene: Scene, text: str) -> object:
    return import_absences(scene.session, scene.rules, text, scene.today, scene.now)


FILES: Mapping[str, tuple[Take, tuple[str, ...], dict[str, str]]] = {
    "children": (
        _children,
        (*CHILDREN.required, *CHILDREN.optional),
        {
            "reference": "AB-9001", "looked_after_from": "2025-06-02", "iro_email": IRO, "holder_email": HOLDER,
            "track": "adoption_authorised", "track_from": "2026-03-02", "last_review_on": "2026-02-02",
        },
    ),
    "absences": (
        _absences,
        (*ABSENCES.required, *ABSENCES.optional),
        {"email": IRO, "from": "2026-12-07", "to": "2026-12-09"},
    ),
    "concerns": (
        import_history,
        (*REQUIRED, *OPTIONAL, "stage_1_on"),
        {
            "reference": "OLD-1", "child": CHILD, "raised_on": "2025-04-01", "raised_by": IRO,
            "informal_on": "2025-04-01", "stage_1_on": "2025-04-10", "cafcass_on": "2025-05-01",
            "replied_on": "2025-05-02", "closed_on": "2025-06-02", "outcome": "resolved",
        },
    ),
    "reviews": (
        import_reviews,
        (*REVIEWS.required, *REVIEWS.optional),
        {
            "child": CHILD, "kind": "first", "due_on": "2026-04-08", "held_on": "2026-04-07",
            "completed_on": "2026-04-08",
        },
    ),
    "printed": (
        import_printed,
        (*PRINTED.required, *PRINTED.optional),
        {
            "from": "2025-04-01", "to": "2026-03-31", "table": "outcomes", "row": "resolved", "column": "concerns",
            "printed": "3",
        },
    ),
}  # fmt: skip


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """A service; what is refused is rolled back, so that one does for many files."""
    for engine in sqlite_engine(tmp_path):
        yield Bench(engine, utc("2026-11-30"))


def scene_in(bench: Bench, session: Session) -> Scene:
    return Scene(session=session, now=bench.now, authority=AUTHORITY, rules=rules_in_force(session, AUTHORITY))


def problems(bench: Bench, name: str, **cells: str) -> list[str]:
    """What is said of a file with this row; nothing where it was taken, and then it is undone."""
    take, columns, row = FILES[name]
    text = f"{','.join(columns)}\n{','.join({**row, **cells}.get(column, '') for column in columns)}\n"
    try:
        with transaction(bench.engine, AUTHORITY) as session:
            take(scene_in(bench, session), text)
            raise _Undone
    except ImportRefused as refused:
        return [str(one) for one in refused.problems]
    except _Undone:
        return []


class _Undone(Exception):
    """It was taken."""


def days_of(name: str) -> list[str]:
    _, columns, _ = FILES[name]
    return [column for column in columns if column.endswith("_on") or column in ("from", "to") or "_from" in column]


@pytest.mark.parametrize("name", FILES)
def test_each_day_of_each_file_that_cannot_be_is_named_with_line_and_column(bench: Bench, name: str) -> None:
    assert problems(bench, name) == []
    for column in days_of(name):
        for text in OUTSIDE:
            said = problems(bench, name, **{column: text})
            assert any(f"line 2, {column}: " in one and "is outside 1990 to 2100" in one for one in said), (text, said)
        for text in NO_DAY:
            said = problems(bench, name, **{column: text})
            assert any(one.startswith(f"line 2, {column}: ") and "is no date" in one for one in said), (text, said)


def test_the_zero_of_a_spreadsheet_is_called_so(bench: Bench) -> None:
    assert problems(bench, "children", looked_after_from="01/01/1900") == [
        'line 2, looked_after_from: "01/01/1900" is outside 1990 to 2100, '
        "which a spreadsheet writes for an empty cell: check the year"
    ]


def test_twenty_years_in_care_are_asked_about_and_long_ago_is_right_for_who_left(bench: Bench) -> None:
    (said,) = problems(bench, "children", looked_after_from="02/03/2006")
    assert said.startswith("line 2, looked_after_from: 2006-03-02 is more than 18 years ago: check the year")
    left = {"left_care_on": "2014-03-02", "track": "", "track_from": "", "last_review_on": ""}
    assert problems(bench, "children", looked_after_from="02/03/2006", **left) == []


def test_nobody_is_authorised_for_adoption_or_born_after_care_began(bench: Bench) -> None:
    assert problems(bench, "children", track_from="2025-06-01") == [
        "line 2, track_from: 2025-06-01 lies before 2025-06-02, when the child became looked after"
    ]
    assert problems(bench, "children", born="2025-07") == [
        "line 2, born: 2025-07 lies after 2025-06-02, when the child became looked after"
    ]
    assert problems(bench, "children", born="2025-06") == []


def test_an_absence_of_the_years_to_come_is_too_far(bench: Bench) -> None:
    assert problems(bench, "absences", to="2062-12-09") == [
        'line 2, to: "2062-12-09" is too far from today: check the year'
    ]


def test_one_parser_reads_the_days_of_every_file(bench: Bench) -> None:
    for name in FILES:
        for column in days_of(name):
            day = FILES[name][2].get(column)
            if day is not None:
                dotted = f"{date.fromisoformat(day):%d.%m.%Y}"
                assert problems(bench, name, **{column: dotted}) == [], (name, column)


@given(st.sampled_from(list(FILES)), st.data(), st.text(st.characters(exclude_characters=',"\r\n'), max_size=12))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_text_in_a_column_of_days_is_a_fault(bench: Bench, name: str, data: st.DataObject, text: str) -> None:
    column = data.draw(st.sampled_from(days_of(name)))
    assert all(one.startswith("line ") for one in problems(bench, name, **{column: text}))


def test_a_child_of_whom_nothing_can_be_counted_takes_no_other_with_it(bench: Bench) -> None:
    """A row that came in before its day was looked at."""
    with transaction(bench.engine, AUTHORITY) as session:
        child = by_reference(session, CHILD)
        assert child is not None
        child.looked_after_from = date(1900, 1, 1)
        session.add(child)
    assert problems(bench, "children") == []
