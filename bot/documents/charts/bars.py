"""Horizontal bars in groups, each with its number beside it; a range may be marked behind them."""

from textwrap import wrap

from matplotlib.figure import Figure

from bot.documents.charts.canvas import BAND, COLOURS, INK, PATTERNS, RULE, SOFT, WIDTH, Sheet
from handlers.report.pictures import Bar, Bars

LABEL_CHARACTERS = 42
LEFT = WIDTH * 0.42
"""Inches: where the bars begin; labels stand to the left of it."""
ROOM = WIDTH * 0.97 - LEFT
CHARACTER = 0.068
"""Inches that a character of the words beside a bar takes."""
LINE, GAP, HEADING, FOOT, HEAD = 0.155, 0.11, 0.27, 0.24, 0.06
THICKEST, AIR = 0.24, 0.08


def draw_bars(bars: Bars) -> Figure:
    """The figure, as high as its bars and headings need."""
    height = HEAD + sum(HEADING * bool(g.title) + sum(_height(bar) for bar in g.bars) for g in bars.groups)
    height += FOOT if bars.band else HEAD
    sheet = Sheet(height)
    scale = _scale(bars)
    if bars.band:
        _draw_band(sheet, bars, scale)
    sheet.line((LEFT, 0), (LEFT, height), RULE)
    at = HEAD
    for group in bars.groups:
        if group.title:
            sheet.words(0, at + HEADING / 2, group.title, bold=True)
            at += HEADING
        for bar in group.bars:
            _draw_bar(sheet, bar, at, scale, behind=bars.band is not None)
            at += _height(bar)
    return sheet.figure


def _scale(bars: Bars) -> float:
    """Inches for one, so that the longest bar and the words beside it fit."""
    every = [bar for group in bars.groups for bar in group.bars]
    room = ROOM - min(ROOM * 0.6, CHARACTER * max((len(bar.said) for bar in every), default=0) + 0.1)
    most = max((bar.value or 0 for bar in every), default=0)
    by_band = ROOM / (bars.band[1] * 1.05) if bars.band else room / (most or 1)
    return min(room / (most or 1), by_band)


def _height(bar: Bar) -> float:
    return GAP + LINE * len(_lines(bar))


def _lines(bar: Bar) -> list[str]:
    return wrap(bar.label, LABEL_CHARACTERS) or [""]


def _draw_bar(sheet: Sheet, bar: Bar, at: float, scale: float, *, behind: bool) -> None:
    middle, length = at + _height(bar) / 2, (bar.value or 0) * scale
    thick = min(_height(bar) - AIR, THICKEST)
    if length:
        sheet.box(LEFT, middle - thick / 2, length, thick, COLOURS[bar.tone], PATTERNS[bar.tone])
    sheet.words(LEFT - 0.08, middle, "\n".join(_lines(bar)), side="right")
    colour = INK if bar.value is not None else SOFT
    sheet.words(LEFT + length + 0.05, middle, bar.said, colour=colour, behind=behind)


def _draw_band(sheet: Sheet, bars: Bars, scale: float) -> None:
    assert bars.band is not None
    low, high = (LEFT + edge * scale for edge in bars.band)
    sheet.box(low, 0, high - low, sheet.height, BAND)
    for edge in (low, high):
        sheet.line((edge, 0), (edge, sheet.height), SOFT, dashed=True)
    sheet.words((low + high) / 2, sheet.height - FOOT / 2, bars.band_said, colour=SOFT, side="center")
