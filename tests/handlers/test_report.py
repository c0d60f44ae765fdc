"""The report's sentences and charts over many made-up years, and the year it is asked for."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import cast

import pytest
from sqlmodel import Session

from handlers.figures.describing import described, for_each
from handlers.figures.named_year import year_named
from handlers.figures.public import published
from handlers.figures.reporting_years import ReportingYear
from handlers.figures.tables import Figures, PrintedTable, Row
from handlers.office import Scene
from handlers.paper import Figured, Heading, Paper, Paragraph, ToBeWritten
from handlers.refusals import Refused
from handlers.report.annual import annual_paper
from handlers.report.chapters.procedure import procedure
from handlers.report.pictures import Bars, Chart, Flow, Trend, Years, anything_to_see
from handlers.report.sentences import counted, lower_first, of, times
from handlers.terms import in_words
from scheduling.procedures import Procedures, load_procedures
from tests.made_year import made_year, tables_of

NOW = datetime(2026, 6, 10, 9, tzinfo=UTC)
YEARS = 60
SOUTHWARK = load_procedures("southwark")
CHANGED = ("Of what fell due", "Children for each")
"""How sentences begin that a published edition may cut short."""


def paper(tables: Mapping[str, PrintedTable], *, public: bool, rules: Procedures = SOUTHWARK) -> Paper:
    scene = Scene(session=cast(Session, None), now=NOW, authority="x", rules=rules)
    made = Figures(tables={}, notes=(), printed=tables)
    year = ReportingYear(begins=2025)
    made_up = annual_paper(scene, made, year, public=public, found=(), quotes=(("To Tess Hill", "Well done."),))
    return in_words(made_up, rules)


def editions() -> Iterator[tuple[Paper, Paper]]:
    for seed in range(YEARS):
        tables = tables_of(made_year(seed, 3), SOUTHWARK)
        yield paper(tables, public=False), paper(published(tables, SOUTHWARK), public=True)


def charts(one: Paper) -> list[Chart]:
    return [part.chart for chapter in one.chapters for part in chapter.parts if isinstance(part, Figured)]


def sentences(one: Paper) -> set[str]:
    parts = [part for chapter in one.chapters[1:12] for part in chapter.parts if isinstance(part, Paragraph)]
    return {said for part in parts for said in re.split(r"(?<=\.) ", part.text)}


def values(chart: Chart) -> list[float | None]:
    match chart.drawing:
        case Bars():
            return [bar.value for group in chart.drawing.groups for bar in group.bars]
        case Trend() | Years():
            return [value for panel in chart.drawing.panels for value in panel.values]
        case Flow():
            return [step.reached for step in chart.drawing.steps]


def test_whatever_the_year_no_chart_is_empty_and_numbers_run_on() -> None:
    for pair in editions():
        for one in pair:
            assert all(anything_to_see(values(chart)) for chart in charts(one))
            numbered = [part.number for chapter in one.chapters for part in chapter.parts if isinstance(part, Figured)]
            assert numbered == list(range(1, len(numbered) + 1))


@pytest.mark.slow
def test_whatever_the_year_a_published_sentence_says_what_the_internal_one_says() -> None:
    """A table that holds counts back may lack rows: what is added up or called the most often would be wrong."""
    for inside, outside in editions():
        known = sentences(inside)
        more = {one for one in sentences(outside) - known if not one.startswith(CHANGED) and ", among them" not in one}
        assert {one for one in more if not any(said.startswith(one.rstrip(".")) for said in known)} == set()
        assert "Well done." not in str(outside)
        assert "Well done." in str(inside)


@pytest.mark.slow
def test_every_sentence_has_the_right_number_and_article() -> None:
    wrong = re.compile(
        r"\b1 (?:escalations|children|reviews|contacts|times|IROs)\b|\b(?:0|[2-9]|\d\d+) (?:escalation|child|review)\b"
        r"|\b[Aa] [aeiou]|\b[Aa]n [^aeiouAEIOU]|\bnone? of 0|None |\bnan\b"
    )
    for pair in editions():
        for one in pair:
            assert [said for said in sentences(one) if wrong.search(said.replace("None of them", ""))] == []


@pytest.mark.slow
def test_a_flow_ends_as_many_as_it_begins_with() -> None:
    for inside, _ in editions():
        for chart in charts(inside):
            if isinstance(chart.drawing, Flow):
                first, *_ = chart.drawing.steps
                assert first.reached == sum(step.stayed for step in chart.drawing.steps)


def test_the_authority_s_own_words_are_used() -> None:
    text = str(paper(tables_of(made_year(5, 3), SOUTHWARK), public=False))

    assert "Resolving escalations" in text
    assert "the IRO Escalation applies" in text
    assert "An escalation may start at any stage" in text
    assert not re.search(r"\bconcerns? (?:was|were) raised", text)


def test_titles_columns_and_rules_call_concerns_as_the_authority_does() -> None:
    tables = tables_of(made_year(5, 3), SOUTHWARK)
    own = in_words(tables, SOUTHWARK)

    assert own["concerns_by_month"].title == "Escalations by month: entries to each stage"
    assert own["reasons"].columns[-1].title == "Escalations of this kind"
    for name, table in own.items():
        assert table.rows == tables[name].rows
        assert not re.search(
            r"\bconcerns?\b", f"{table.title} {table.rule} {table.columns}".replace("key='concerns'", "")
        )


def test_the_procedure_is_told_stage_by_stage() -> None:
    parts = procedure(load_procedures("handbook"))

    said = " ".join(str(part) for part in parts)
    for words in ("social worker or team manager replies; no time is set", "replies within 10 working days",
                  "replies within 24 hours", "All formal stages together may take 20 working days"):  # fmt: skip
        assert words in said


def test_a_child_whose_review_was_missed_is_not_said_to_have_been_reviewed() -> None:
    tables = tables_of(made_year(5, 3), SOUTHWARK)
    counted: Row = {"reviews": 1, "in_time": 1, "children": 2, "children_in_time": 1}
    row = {**tables["reviews_by_year"].rows[0], **counted}
    year = replace(tables["reviews_by_year"], rows=(row,))
    said = " ".join(sentences(paper(tables | {"reviews_by_year": year}, public=False)))
    assert "2 children had a review held or missed." in said
    assert "For 1 of 2 children, 50.0%, all reviews of theirs were in time." in said
    assert "were reviewed" not in said


def officers(*rows: tuple[str, int, float | None, int]) -> dict[str, PrintedTable]:
    table: list[Row] = [
        {
            "iro": name,
            "children": children,
            "fte": fte,
            "children_per_fte": for_each(children, fte),
            "range": "50 to 70",
            "changes_of_iro": changes,
        }
        for name, children, fte, changes in rows
    ]
    made = tables_of(made_year(5, 3), SOUTHWARK)
    return made | {"caseload": described("caseload", table, SOUTHWARK)}


def test_a_child_who_moved_three_times_is_not_three_children() -> None:
    said = sentences(paper(officers(("Ann Lee", 60, 1.0, 1), ("Olu Ade", 60, 1.0, 2)), public=False))
    assert "In 2025-26, there were 3 changes of IRO; a child who had several counts each time." in said
    assert not [one for one in said if "children were given" in one]
    once = sentences(paper(officers(("Ann Lee", 60, 1.0, 1)), public=False))
    assert "In 2025-26, there was 1 change of IRO." in once


@pytest.mark.parametrize("unknown", [None, 0.0])
def test_who_has_children_and_no_working_time_is_measured_by_nothing(unknown: float | None) -> None:
    """120 children of two full-time officers are 60 for each, whoever else has some."""
    tables = officers(("Ann Lee", 80, 1.0, 0), ("Olu Ade", 40, 1.0, 0), ("Zoe Ray", 33, unknown, 0))
    assert tables["caseload"].rows[-1]["children"] == 153
    assert tables["caseload"].rows[-1]["children_per_fte"] == 60.0
    assert published(tables, SOUTHWARK)["caseload"].rows[0]["children_per_fte"] == 60
    text = " ".join(sentences(paper(tables, public=False)))
    assert "3 IROs held the cases of 153 children: 60 for each full-time equivalent" in text
    assert "1 of them had more than the range, 1 had less." in text
    assert "Left out of both is 1 IRO with no working time recorded." in text


def test_an_officer_without_a_child_holds_no_case() -> None:
    text = " ".join(sentences(paper(officers(("Ann Lee", 60, 1.0, 0), ("Zoe Ray", 0, 1.0, 0)), public=False)))
    assert "1 IRO held the cases of 60 children" in text
    assert "None of them had more than the range, none had less." in text


def test_where_no_working_time_is_recorded_there_is_no_measure() -> None:
    tables = officers(("Ann Lee", 80, None, 0), ("Olu Ade", 40, 0.0, 0))
    assert tables["caseload"].rows[-1]["children_per_fte"] is None
    assert "had more than the range" not in str(paper(tables, public=False))


def test_a_service_without_rows_has_places_to_write_and_no_chart() -> None:
    empty = paper({}, public=False)

    assert charts(empty) == []
    assert sum(isinstance(part, ToBeWritten) for chapter in empty.chapters for part in chapter.parts) >= 12
    assert any(isinstance(part, Heading) for chapter in empty.chapters for part in chapter.parts)


@pytest.mark.parametrize("words", ["2025-26", "2025/26", "2025-2026", " 2025\N{EN DASH}26 "])
def test_a_year_is_understood_as_people_write_it(words: str) -> None:
    assert year_named(words, date(2026, 6, 1)).name == "2025-26"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("2025-27", "is no reporting year: write it like 2026-27, for April 2026 to March 2027."),
        ("25-26", "is no reporting year"),
        ("last", "is no reporting year"),
        ("2027-28", "The year 2027-28 has not begun: the latest there is is 2026-27."),
        ("9999-00", "Figures can be made for 1991 to 2099: choose other dates."),
        ("0000-01", "Figures can be made for 1991 to 2099: choose other dates."),
    ],
)
def test_any_other_year_is_refused_with_how_to_write_it(words: str, said: str) -> None:
    with pytest.raises(Refused, match=re.escape(said)):
        year_named(words, date(2026, 6, 1))


def test_small_words() -> None:
    assert [counted(n, "child", "children") for n in (0, 1, 1234)] == ["no children", "1 child", "1,234 children"]
    assert [times(n) for n in (1, 2, 3)] == ["once", "twice", "3 times"]
    assert of(1, 3, "review") == "1 of 3 reviews, 33.3%"
    assert of(0, 0) == "0 of 0"
    assert [lower_first(one) for one in ("Team manager", "Team Manager", "IRO")] == [
        "team manager",
        "Team Manager",
        "IRO",
    ]
