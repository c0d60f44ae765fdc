"""The annual report as files: DOCX, HTML, one XLSX, and each table as CSV, made one after the other."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from bot.documents.drawn import Drawn
from bot.documents.page.writing import as_page
from bot.documents.plain_tables import as_csv
from bot.documents.spreadsheet import as_workbook
from bot.documents.word.writing import as_docx
from handlers.report.gathering import Gathered

Show = Callable[[int, int], None]


class Shape(StrEnum):
    """The shapes of the report; each is also how its file's name ends."""

    DOCX = "docx"
    HTML = "html"
    XLSX = "xlsx"

    @property
    def media_type(self) -> str:
        """As a web server names it."""
        return {
            Shape.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Shape.HTML: "text/html; charset=utf-8",
            Shape.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }[self]


@dataclass(frozen=True, kw_only=True)
class Made:
    """One file."""

    name: str
    media_type: str
    content: bytes


def annual_report(gathered: Gathered, shape: Shape, show: Show | None = None) -> Made:
    """The report in one shape; may run in any thread, and touches no database."""
    drawn = Drawn() if shape is Shape.XLSX else _drawn(gathered, show or _nobody)
    return Made(name=f"{gathered.name}.{shape}", media_type=shape.media_type, content=_drawn_as(gathered, shape, drawn))


def all_files(gathered: Gathered, show: Show) -> Iterator[Made]:
    """Every file of the report, one after the other so that no two are held at once; charts are drawn once."""
    tables = gathered.figures.printed
    drawn = _drawn(gathered, show)
    for shape in Shape:
        name = f"{gathered.name}{'-tables' if shape is Shape.XLSX else ''}.{shape}"
        yield Made(name=name, media_type=shape.media_type, content=_drawn_as(gathered, shape, drawn))
    for name, table in tables.items():
        yield Made(name=f"{gathered.name}-{name}.csv", media_type="text/csv; charset=utf-8", content=as_csv(table))


def _drawn(gathered: Gathered, show: Show) -> Drawn:
    from bot.documents.charts.drawing import draw_all  # noqa: PLC0415 - heavy: only when a report is made

    return draw_all(gathered.paper, show)


def _drawn_as(gathered: Gathered, shape: Shape, drawn: Drawn) -> bytes:
    match shape:
        case Shape.DOCX:
            return as_docx(gathered.paper, drawn, gathered.made_at)
        case Shape.HTML:
            return as_page(gathered.paper, drawn)
        case Shape.XLSX:
            facts = (("Report", gathered.paper.title), ("Standing", gathered.paper.marking), *gathered.paper.facts)
            return as_workbook(gathered.figures.printed, gathered.rules, facts, gathered.made_at)


def _nobody(_done: int, _total: int) -> None:
    """Nobody is told how far the work is."""
