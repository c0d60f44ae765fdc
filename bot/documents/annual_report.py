"""The annual report as files: DOCX, HTML, one XLSX, and each table as CSV, made one after the other."""

from collections.abc import Callable, Iterator

from bot.documents.drawn import Drawn
from bot.documents.made import File
from bot.documents.page.writing import as_page
from bot.documents.plain_tables import as_csv
from bot.documents.spreadsheet import as_workbook
from bot.documents.word.writing import as_docx
from handlers.figures.report_shape import ReportShape
from handlers.report.gathering import Gathered

Show = Callable[[int, int], None]


MEDIA_TYPES = {
    ReportShape.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ReportShape.HTML: "text/html; charset=utf-8",
    ReportShape.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def annual_report(gathered: Gathered, shape: ReportShape, show: Show | None = None) -> File:
    """The report in one shape; may run in any thread, and touches no database."""
    drawn = Drawn() if shape is ReportShape.XLSX else _drawn(gathered, show or _nobody)
    return _file(f"{gathered.name}.{shape}", shape, _drawn_as(gathered, shape, drawn))


def all_files(gathered: Gathered, show: Show) -> Iterator[File]:
    """Every file of the report, one after the other so that no two are held at once; charts are drawn once."""
    tables = gathered.tables
    drawn = _drawn(gathered, show)
    for shape in ReportShape:
        name = f"{gathered.name}{'-tables' if shape is ReportShape.XLSX else ''}.{shape}"
        yield _file(name, shape, _drawn_as(gathered, shape, drawn))
    for name, table in tables.items():
        yield File(name=f"{gathered.name}-{name}.csv", media_type="text/csv; charset=utf-8", content=as_csv(table))


def _file(name: str, shape: ReportShape, content: bytes) -> File:
    return File(name=name, media_type=MEDIA_TYPES[shape], content=content)


def _drawn(gathered: Gathered, show: Show) -> Drawn:
    from bot.documents.charts.drawing import draw_all  # noqa: PLC0415 - heavy: only when a report is made

    return draw_all(gathered.paper, show)


def _drawn_as(gathered: Gathered, shape: ReportShape, drawn: Drawn) -> bytes:
    match shape:
        case ReportShape.DOCX:
            return as_docx(gathered.paper, drawn, gathered.made_at)
        case ReportShape.HTML:
            return as_page(gathered.paper, drawn)
        case ReportShape.XLSX:
            facts = (("Report", gathered.paper.title), ("Standing", gathered.paper.marking), *gathered.paper.facts)
            return as_workbook(gathered.tables, gathered.rules, facts, gathered.made_at)


def _nobody(_done: int, _total: int) -> None:
    """Nobody is told how far the work is."""
