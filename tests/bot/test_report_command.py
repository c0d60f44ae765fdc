"""`report annual`: the years two authorities printed come out cell for cell; refusals are sentences, files whole."""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from bot.documents.folder import write_whole
from bot.documents.plain_tables import as_csv
from bot.settings import Settings
from handlers.figures.tables import Column, Kind, PrintedTable
from handlers.refusals import Refused
from tests.bot.reading_documents import Rows, read_document, read_page, tables_of
from tests.command_line import iro_bot
from tests.nottinghamshire_year import nottinghamshire_year
from tests.nottinghamshire_year import printed_cells as nottinghamshire_cells
from tests.rotherham_year import IRO, rotherham_year
from tests.rotherham_year import printed_cells as rotherham_cells

ROOT = Path(__file__).parents[2]
Tables = Mapping[str, Rows]


@pytest.fixture(autouse=True)
def _own_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A folder without .env, and an environment without settings."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def done(*arguments: str) -> str:
    result = iro_bot(*arguments)
    assert result.exit_code == 0, result.output
    return result.stdout


def refused(*arguments: str) -> str:
    result = iro_bot(*arguments)
    assert result.exit_code == 1, result.output
    assert "Traceback" not in result.output
    return result.stderr.splitlines()[-1]


def both(year: str) -> Iterator[Tables]:
    """The tables of the page, then of the document."""
    yield read_page(Path(f"out/iro-annual-report-{year}.html").read_bytes()).tables
    yield tables_of(read_document(Path(f"out/iro-annual-report-{year}.docx").read_bytes()))


@pytest.mark.slow
def test_rotherham_s_year_comes_out_as_printed_with_the_right_totals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROCEDURES", "rotherham")
    Path("year.csv").write_text(rotherham_year(), encoding="utf-8")
    done("people", "admin", IRO, "--new")
    done("import", "concerns", "year.csv")
    written = done("report", "annual", "--year", "2015-16", "--out", "out").splitlines()

    assert sorted(written) == sorted(str(path) for path in Path("out").iterdir())
    assert all(Path(path).stat().st_mode & 0o077 == 0 for path in written)
    for tables in both("2015-16"):
        _, *months, total = tables["Concerns by month: entries to each stage"]
        assert [line[1:] for line in months] == [
            [cells[key] for key in ("informal", "stage_1", "stage_2", "stage_3", "cafcass")]
            for cells in rotherham_cells()
        ]
        assert total == ["Total", "66", "114", "19", "1", "0"]


@pytest.mark.slow
def test_nottinghamshire_s_participation_comes_out_as_printed_with_the_right_totals(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PROCEDURES", "nottinghamshire")
    Path("reviews.csv").write_text(nottinghamshire_year(), encoding="utf-8")
    done("import", "reviews", "reviews.csv")
    done("report", "annual", "--year", "2022-23", "--out", "out")
    done("report", "annual", "--year", "2022/23", "--out", "out", "--public")

    for tables in both("2022-23"):
        rows = {line[0]: line for line in tables["How children took part"]}
        for cells in nottinghamshire_cells():
            assert rows[cells["code"]][2:6] == [cells[quarter] for quarter in ("q1", "q2", "q3", "q4")]
        assert rows["Total"][2:7] == ["655", "605", "691", "616", "2,567"]
        assert rows["Base"][6] == "2,164"
    for tables in both("2022-23-public"):
        assert {line[0]: line[2] for line in tables["How children took part"]}["PN3"] == "*"


def test_the_wrong_year_and_the_wrong_folder_are_refused_in_a_sentence() -> None:
    assert "is no reporting year: write it like" in refused("report", "annual", "--year", "2025-27", "--out", "out")
    assert "has not begun" in refused("report", "annual", "--year", "2090-91", "--out", "out")
    assert not Path("out").exists()

    Path("taken").write_text("", encoding="utf-8")
    assert refused("report", "annual", "--year", "2025-26", "--out", "taken") == (
        "taken cannot be used: File exists; give another folder with --out."
    )


@pytest.mark.slow
def test_a_year_with_nothing_in_it_still_makes_a_report_to_write_in() -> None:
    done("report", "annual", "--year", "2025-26", "--out", "out")

    text = "".join(read_page(Path("out/iro-annual-report-2025-26.html").read_bytes()).text)
    assert "Nothing of this year is recorded yet" in text
    assert "To be written by the service" in text


def test_a_file_that_cannot_be_put_in_its_place_leaves_nothing_behind(tmp_path: Path) -> None:
    place = tmp_path / "report.html"
    place.mkdir()

    with pytest.raises(Refused, match="cannot be written"):
        write_whole(place, b"half")
    assert list(tmp_path.iterdir()) == [place]


@pytest.mark.slow
def test_a_second_report_replaces_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROCEDURES", "rotherham")
    first = done("report", "annual", "--year", "2025-26", "--out", "out")

    assert done("report", "annual", "--year", "2025-26", "--out", "out") == first
    assert not list(Path("out").glob(".*"))


def test_what_a_spreadsheet_would_take_for_a_formula_is_guarded() -> None:
    column = Column(key="reason", title="Reason", kind=Kind.TEXT)
    said = ("=1+1", "+44", "-1", "@sum", "\tx", "plain", 'a "b", c')
    table = PrintedTable(
        name="t", title="T", columns=(column,), rows=tuple({"reason": one} for one in said), rule="As said."
    )

    lines = as_csv(table).decode("utf-8-sig").split("\r\n")
    assert lines == ["reason", "'=1+1", "'+44", "'-1", "'@sum", "'\tx", "plain", '"a ""b"", c"', ""]


def test_the_drawing_library_is_loaded_only_when_a_report_is_made() -> None:
    script = "import sys, bot.cli, bot.compose, bot.documents.annual_report; sys.exit('matplotlib' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False).returncode == 0


@pytest.mark.slow
def test_the_tables_of_the_report_are_those_of_the_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROCEDURES", "rotherham")
    done("report", "annual", "--year", "2025-26", "--out", "out")
    figures = json.loads(done("figures", "--from", "2025-04-01", "--to", "2026-03-31", "--json"))

    written = {path.stem.removeprefix("iro-annual-report-2025-26-") for path in Path("out").glob("*.csv")}
    assert written == {*figures["tables"], "data_quality"}
