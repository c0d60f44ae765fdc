"""The annual report's files say what the figures say, cell by cell, and can be read by everyone."""

import csv
import io
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from docx.oxml.ns import qn
from openpyxl import load_workbook

from bot.documents.annual_report import all_files, annual_report
from bot.documents.made import File
from bot.documents.page.writing import TO_BE_WRITTEN
from handlers.figures.named_year import period_of, year_named
from handlers.figures.period import Period
from handlers.figures.report_shape import ReportShape
from handlers.figures.tables import Cell, Column, Kind, PrintedTable
from handlers.office import Scene, rules_in_force
from handlers.paper import Figured
from handlers.report.gathering import Gathered, gathered
from storage.database import transaction
from storage.encrypted import Keyring, use_keyring
from storage.whose import Whose
from tests.bot.reading_documents import Rows, read_document, read_page, tables_of
from tests.cast import AUTHORITY, IRO
from tests.databases import sqlite_engine
from tests.report_year import NOW, QUOTED, YEAR, settled

STATUTORY = (
    "Resolving concerns",
    "The IRO service",
    "Participation of children and their parents",
    "Reviews held in time, and out of time",
    "Quality assurance audits",
    "Resources",
)
NUMBERS = (Kind.COUNT, Kind.SHARE, Kind.DAYS, Kind.NUMBER)
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
OFFICE = shutil.which("soffice")


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[bool, Gathered]]:
    """The report of a made-up year, internal and (True) for publication."""
    use_keyring(Keyring(Fernet.generate_key().decode()))
    engines = sqlite_engine(tmp_path_factory.mktemp("year"))
    engine = next(engines)
    cast = settled(engine)
    with transaction(engine, AUTHORITY, writes=False) as session:
        scene = Scene(session=session, now=NOW, authority=AUTHORITY, rules=rules_in_force(session, AUTHORITY))
        year = year_named(YEAR, scene.today)
        made = {public: gathered(scene, year, period_of(year), public=public) for public in (False, True)}
        own = Period(first=year.days.first, last=year.end, whose=Whose(iro_ids=(cast.people[IRO],)))
        part = gathered(scene, year, own, public=False, quoting=False)
    assert QUOTED not in str(part.paper)
    yield made
    for _ in engines:
        pass


@pytest.fixture(scope="module")
def files(reports: Mapping[bool, Gathered]) -> Mapping[bool, Mapping[str, File]]:
    """The files of both editions by how their names end."""
    return {
        public: {one.name.removeprefix(report.name): one for one in all_files(report, lambda _done, _total: None)}
        for public, report in reports.items()
    }


EDITIONS = pytest.mark.parametrize("public", [False, True], ids=["internal", "public"])


def agree(printed: Rows, table: PrintedTable) -> None:
    """Every printed cell says what the figures say; how it is said is checked for numbers and months only."""
    assert printed[0] == [column.title for column in table.columns]
    assert len(printed) == len(table.rows) + 1
    for line, row in zip(printed[1:], table.rows, strict=True):
        for said, column in zip(line, table.columns, strict=True):
            assert means(said, column) == expected(row.get(column.key), column), (table.name, column.key, line)


def means(said: str, column: Column) -> Cell:
    if said == "\N{EN DASH}":
        return None
    if column.kind in NUMBERS and said != "*":
        return float(said.replace(",", ""))
    if column.kind is Kind.MONTH and said != "Total":
        month = datetime.strptime(said, "%B\N{NO-BREAK SPACE}%Y")  # noqa: DTZ007 - a month has no zone
        return f"{month:%Y-%m}"
    return said.casefold()


def expected(cell: Cell, column: Column) -> Cell:
    if cell is None or cell == "":
        return None
    if isinstance(cell, int | float):
        return float(cell)
    words = "informal (in writing)" if (column.key, cell) == ("stage", "informal") else cell.replace("_", " ")
    return cell if column.kind is Kind.MONTH and cell != "total" else words.casefold()


@pytest.mark.slow
@EDITIONS
@pytest.mark.parametrize("shape", [ReportShape.HTML, ReportShape.DOCX])
def test_every_cell_of_every_table_is_the_figures_own(
    reports: Mapping[bool, Gathered], files: Mapping[bool, Mapping[str, File]], public: bool, shape: ReportShape
) -> None:
    content = files[public][f".{shape}"].content
    printed = read_page(content).tables if shape is ReportShape.HTML else tables_of(read_document(content))
    shown = 0
    for name, table in reports[public].tables.items():
        if name == "data_quality":
            continue
        if table.title in printed:
            agree(printed[table.title], table)
            shown += 1
        else:
            assert not any(isinstance(cell, int | float) and cell for row in table.rows for cell in row.values())
    assert shown >= 13


@pytest.mark.slow
@EDITIONS
def test_the_chapters_are_those_the_guidance_asks_for(files: Mapping[bool, Mapping[str, File]], public: bool) -> None:
    page = read_page(files[public][".html"].content)
    document = read_document(files[public][".docx"].content)
    chapters = [text for level, text in page.headings if level == 2 and text != "Contents"]

    assert [one for one in chapters if re.match(r"[1-6]\. ", one)] == [
        f"{number}. {title}" for number, title in enumerate(STATUTORY, start=1)
    ]
    assert [one.text for one in document.paragraphs if one.style and one.style.name == "Heading 1"] == chapters
    assert [one.text for one in document.paragraphs if one.style and one.style.name == "Heading 2"] == [
        text for level, text in page.headings if level == 3
    ]


@pytest.mark.slow
@EDITIONS
def test_what_only_the_service_knows_is_left_to_it(files: Mapping[bool, Mapping[str, File]], public: bool) -> None:
    text = "".join(read_page(files[public][".html"].content).text)

    assert text.count(TO_BE_WRITTEN) >= 10
    for what in ("The team is made up", "audits of the year", "resource issue", "plain words and pictures"):
        assert what.removeprefix("The ") in text


def test_words_are_quoted_inside_and_never_published(files: Mapping[bool, Mapping[str, File]]) -> None:
    for ending in (".html", ".docx"):
        inside, published = (files[public][ending].content for public in (False, True))
        read = (lambda one: "".join(read_page(one).text)) if ending == ".html" else words_of
        assert QUOTED in read(inside)
        assert QUOTED not in read(published)
        assert "Ann Lee" in read(inside)
        assert "Ann Lee" not in read(published)


def words_of(content: bytes) -> str:
    return "\n".join(node.text or "" for node in read_document(content).element.body.iter(qn("w:t")))


def test_sentences_quote_the_figures(
    files: Mapping[bool, Mapping[str, File]], reports: Mapping[bool, Gathered]
) -> None:
    text = "".join(read_page(files[False][".html"].content).text)
    tables = reports[False].tables
    year = tables["reviews_by_year"].rows[-1]
    before = tables["reviews_by_year"].rows[-2]
    raised = tables["concerns_and_children"].rows[0]

    assert f"{year['in_time']} of {year['reviews']}, {year['in_time_share']}%, were in time" in text
    assert f"in 2024-25 it was {before['in_time_share']}%" in text
    assert f"{raised['concerns']} concerns were raised about {raised['children']} children." in text
    assert f"{year['participated']} of {tables['reviews_by_year'].bases[4, 'participated_share']} reviews" in text


@EDITIONS
def test_no_sentence_for_publication_says_what_the_internal_edition_does_not(
    reports: Mapping[bool, Gathered], public: bool
) -> None:
    """Adding up rows of which some are left out would print wrong numbers."""
    inside, published = (sentences(reports[edition]) for edition in (False, True))
    own = ("Of what fell due", "In 2025-26, 102 concerns were closed", "Children for each")
    odd = {one for one in published - inside if not one.startswith(own)}
    assert not public or odd == set()


def sentences(report: Gathered) -> set[str]:
    parts = (part for chapter in report.paper.chapters[1:12] for part in chapter.parts)
    return {one for part in parts if hasattr(part, "text") for one in re.split(r"(?<=\.) ", part.text)}


@EDITIONS
def test_no_chart_is_empty_and_each_tells_the_blind_what_it_shows(
    reports: Mapping[bool, Gathered], files: Mapping[bool, Mapping[str, File]], public: bool
) -> None:
    charts = [part for chapter in reports[public].paper.chapters for part in chapter.parts if isinstance(part, Figured)]
    page = read_page(files[public][".html"].content)
    document = read_document(files[public][".docx"].content)
    drawn = [attributes for tag, attributes in page.elements if tag == "svg"]
    pictures = list(document.element.body.iter(qn("wp:docPr")))

    assert len(charts) == len(drawn) == len(pictures) == (9 if not public else 7)
    for one, svg, picture in zip(charts, drawn, pictures, strict=True):
        assert re.search(r"[1-9]", str(one.chart.drawing))
        assert len(one.chart.alt) > 60
        assert svg["role"] == "img"
        assert svg["aria-label"] == picture.get("descr") == one.chart.alt


@EDITIONS
def test_the_page_needs_nothing_from_elsewhere_and_skips_no_heading(
    files: Mapping[bool, Mapping[str, File]], public: bool
) -> None:
    content = files[public][".html"].content.decode()
    page = read_page(content.encode())
    levels = [level for level, _ in page.headings]
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]

    assert ("html", {"lang": "en-GB"}) in page.elements
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert len(ids) == len(set(ids))
    assert not {tag for tag, _ in page.elements} & {"script", "img", "link", "iframe"}
    assert set(re.findall(r"https?://[^\"' >]+", content)) <= {
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1999/xlink",
    }
    heads = [attributes for tag, attributes in page.elements if tag == "th"]
    assert {one["scope"] for one in heads} == {"col", "row"}


@EDITIONS
def test_the_document_repeats_header_rows_and_speaks_british_english(
    files: Mapping[bool, Mapping[str, File]], public: bool
) -> None:
    document = read_document(files[public][".docx"].content)
    styles = document.styles.element

    assert {one.get(qn("w:val")) for one in styles.iter(qn("w:lang"))} == {"en-GB"}
    assert document.core_properties.language == "en-GB"
    assert "IRO annual report 2025-26" in document.core_properties.title
    for table in document.element.body.iter(qn("w:tbl")):
        first, *rest = table.tr_lst
        assert first.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None
        assert all(row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is None for row in rest)
        assert table.find(f"{qn('w:tblPr')}/{qn('w:tblCaption')}").get(qn("w:val"))


@EDITIONS
def test_the_workbook_has_a_sheet_for_each_table_with_typed_cells(
    reports: Mapping[bool, Gathered], files: Mapping[bool, Mapping[str, File]], public: bool
) -> None:
    book = load_workbook(io.BytesIO(files[public]["-tables.xlsx"].content))
    tables = reports[public].tables

    assert book.sheetnames == ["definitions", *(name[:31] for name in tables)]
    assert sum(1 for row in book["definitions"].iter_rows() if row[0].value in tables) == len(tables)
    for name, table in tables.items():
        sheet = book[name[:31]]
        assert sheet.freeze_panes == "B4"
        assert [cell.value for cell in sheet[3]] == [column.title for column in table.columns]
        for line, row in enumerate(table.rows, start=4):
            for cell, column in zip(sheet[line], table.columns, strict=False):
                typed(cell.value, cell.number_format, row.get(column.key), column)


def typed(value: object, shown_as: str, cell: Cell, column: Column) -> None:
    if cell is None or cell == "":
        assert value is None
    elif isinstance(cell, int | float):
        assert value == pytest.approx(cell / 100 if column.kind is Kind.SHARE else cell)
        assert ("%" in shown_as) is (column.kind is Kind.SHARE)
    elif column.kind is Kind.MONTH and cell != "total":
        assert isinstance(value, datetime)
        assert f"{value:%Y-%m}" == cell
    else:
        assert isinstance(value, str)


@EDITIONS
def test_each_table_is_a_csv_file_with_the_columns_of_the_json(
    reports: Mapping[bool, Gathered], files: Mapping[bool, Mapping[str, File]], public: bool
) -> None:
    for name, table in reports[public].tables.items():
        content = files[public][f"-{name}.csv"].content
        assert content.startswith(b"\xef\xbb\xbf")
        read = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
        wanted = [
            {column.key: "" if row.get(column.key) is None else str(row[column.key]) for column in table.columns}
            for row in table.rows
        ]
        assert read == wanted


def test_the_same_figures_give_the_same_bytes(
    reports: Mapping[bool, Gathered], files: Mapping[bool, Mapping[str, File]]
) -> None:
    again = annual_report(reports[False], ReportShape.HTML)

    assert again.content == files[False][".html"].content
    assert again.name == "iro-annual-report-2025-26.html"


@pytest.mark.slow
@EDITIONS
@pytest.mark.parametrize("width", [1200, 390])
def test_axe_finds_nothing_serious_and_the_page_fits(
    files: Mapping[bool, Mapping[str, File]], tmp_path: Path, public: bool, width: int
) -> None:
    if CHROMIUM is None:
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail("Chromium is not here")
        pytest.skip("Chromium is not here")
    from axe_playwright_python.sync_playwright import Axe  # noqa: PLC0415 - only where a browser is
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - the same

    path = tmp_path / "report.html"
    path.write_bytes(files[public][".html"].content)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        # the page's own policy forbids every script, and axe is one
        page = browser.new_context(bypass_csp=True, viewport={"width": width, "height": 900}).new_page()
        page.goto(path.as_uri())
        found = Axe().run(page).response["violations"]
        broadest = page.evaluate("document.documentElement.scrollWidth")
        browser.close()
    assert [(one["id"], one["impact"]) for one in found if one["impact"] in ("serious", "critical")] == []
    assert broadest <= width


@pytest.mark.slow
@EDITIONS
def test_libreoffice_makes_a_pdf_of_the_document(
    files: Mapping[bool, Mapping[str, File]], tmp_path: Path, public: bool
) -> None:
    if OFFICE is None:
        if os.environ.get("REQUIRE_OFFICE") == "1":
            pytest.fail("LibreOffice is not here")
        pytest.skip("LibreOffice is not here")
    (tmp_path / "report.docx").write_bytes(files[public][".docx"].content)
    command = [OFFICE, "--headless", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--convert-to", "pdf"]
    subprocess.run([*command, "report.docx"], cwd=tmp_path, check=True, capture_output=True, timeout=120)

    pdf = (tmp_path / "report.pdf").read_bytes()
    assert pdf.startswith(b"%PDF")
    assert 8 <= len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf)) <= 30
