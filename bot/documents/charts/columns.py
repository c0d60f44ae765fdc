"""Columns along time: a measure a panel, all panels on one scale, each column with its number above it."""

from dataclasses import dataclass
from textwrap import wrap

from matplotlib.figure import Figure

from bot.documents.charts.canvas import COLOURS, INK, RULE, SOFT, WIDTH, Sheet
from handlers.report.pictures import Panel, Tone, Trend, Years

TITLE = WIDTH * 0.15
"""Inches that the titles of a trend's panels take."""
TITLE_CHARACTERS, TITLE_LINES = 13, 3
TALLEST, LEAST, ABOVE, FOOT = 1.0, 0.34, 0.22, 0.26
BROAD = 0.66
"""How much of its place a column fills."""
YEARS_HIGH, YEARS_TOP, YEARS_FOOT = 2.3, 0.62, 0.24
FEW = 5
WHOLE = 100.0


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a panel stands: its left edge and its floor, how broad it is, and inches for one."""

    left: float
    floor: float
    broad: float
    scale: float


def draw_trend(trend: Trend) -> Figure:
    """Panels below each other; each as high as its largest column, so that heights may be compared across them."""
    scale = TALLEST / (max((value or 0 for panel in trend.panels for value in panel.values), default=0) or 1)
    tops = [max(LEAST, scale * max((value or 0 for value in one.values), default=0)) for one in trend.panels]
    sheet = Sheet(sum(tops) + ABOVE * len(tops) + FOOT)
    floor, broad = 0.0, WIDTH * 0.99 - TITLE
    for panel, top in zip(trend.panels, tops, strict=True):
        floor += top + ABOVE
        _draw_columns(sheet, panel, Place(left=TITLE, floor=floor, broad=broad, scale=scale))
        title = "\n".join(wrap(panel.title, TITLE_CHARACTERS)[:TITLE_LINES])
        sheet.words(0, floor, title, bold=True, level="bottom")
    step = broad / max(len(trend.along), 1)
    for place, name in enumerate(trend.along):
        sheet.words(TITLE + (place + 0.5) * step, floor + FOOT / 2, name, side="center")
    return sheet.figure


def draw_years(years: Years) -> Figure:
    """Panels beside each other, each a share from 0 to 100 per cent, a column a year."""
    sheet = Sheet(YEARS_HIGH)
    step = WIDTH / max(len(years.panels), 1)
    floor = YEARS_HIGH - YEARS_FOOT
    for number, panel in enumerate(years.panels):
        left, broad = number * step + 0.08, step - 0.2
        top = floor - (floor - YEARS_TOP)
        sheet.line((left, top), (left + broad, top), RULE, dashed=True)
        _draw_columns(sheet, panel, Place(left=left, floor=floor, broad=broad, scale=(floor - top) / WHOLE))
        sheet.words(left, 0.14, panel.title, bold=True)
        each = broad / len(years.along)
        for place, name in enumerate(years.along):
            sheet.words(left + (place + 0.5) * each, floor + 0.12, name, size=6.6, side="center")
    return sheet.figure


def _draw_columns(sheet: Sheet, panel: Panel, at: Place) -> None:
    step = at.broad / max(len(panel.values), 1)
    last = len(panel.values) - 1
    for place, (value, said) in enumerate(zip(panel.values, panel.said, strict=True)):
        middle, high = at.left + (place + 0.5) * step, (value or 0) * at.scale
        if high:
            sheet.box(middle - step * BROAD / 2, at.floor - high, step * BROAD, high, COLOURS[Tone.MAIN])
        present = place == last and len(panel.values) <= FEW
        colour = INK if value else SOFT
        sheet.words(middle, at.floor - high - 0.02, said, size=7.5, colour=colour, bold=present, side="center",
                    level="bottom")  # fmt: skip
    sheet.line((at.left, at.floor), (at.left + at.broad, at.floor), RULE)
