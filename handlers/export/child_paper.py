"""A child's file as paper: the timeline day by day, then each concern that may be read in full."""

from collections.abc import Iterator

from handlers.export.child_file import ChildFile
from handlers.export.child_timeline import Event
from handlers.export.concern_paper import MARKING, concern_chapters
from handlers.paper import Chapter, Grid, GridColumn, Paper, Paragraph
from handlers.wording import when
from scheduling.deadline_wording import say_day
from scheduling.procedures.terms import IRO_FIRST


def child_paper(file: ChildFile) -> Paper:
    """The whole file."""
    return Paper(
        title=f"File of {file.reference}",
        subtitle=file.authority,
        marking=MARKING,
        facts=tuple(_facts(file)),
        chapters=(
            _timeline(file),
            *(chapter for one in file.concerns for chapter in concern_chapters(one, f"{one.reference}: ")),
        ),
        contents=False,
    )


def _facts(file: ChildFile) -> Iterator[tuple[str, str]]:
    since = f" since {say_day(file.looked_after_from)}" if file.looked_after_from else ""
    yield "Track", f"{file.track}{since}"
    if file.left_care_on:
        yield "Left care", say_day(file.left_care_on)
    yield IRO_FIRST, file.iro
    yield "Case held by", file.holder
    yield "Taken out", f"{file.exported_by} at {when(file.exported_at)}: {file.export_reason}"


def _timeline(file: ChildFile) -> Chapter:
    if not file.timeline:
        return Chapter(number="", title="Timeline", parts=(Paragraph(text="Nothing is recorded."),))
    columns = tuple(GridColumn(title=one) for one in ("Day", "Kind", "What"))
    grid = Grid(name="timeline", number=0, title="Day by day", columns=columns, rows=tuple(map(_row, file.timeline)))
    return Chapter(number="", title="Timeline", parts=(grid,))


def _row(event: Event) -> tuple[str, str, str]:
    words = f"\n\N{LEFT DOUBLE QUOTATION MARK}{event.words}\N{RIGHT DOUBLE QUOTATION MARK}" if event.words else ""
    return say_day(event.on), event.called, f"{event.what}{words}"
