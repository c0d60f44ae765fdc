"""Columns along time: a measure a panel, all panels on one scale, each column with its number above it."""

from textwrap import wrap

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bot.documents.charts.canvas import COLOURS, INK, RULE, SOFT, bare, new_figure
from handlers.report.pictures import Panel, Tone, Trend, Years

TITLE_SHARE = 0.15
"""How much of the width the titles of a trend's panels take."""
TITLE_CHARACTERS = 13
TITLE_LINES = 3
TALLEST = 1.0
LEAST = 0.34
ABOVE = 0.22
FOOT = 0.26
WHOLE = 100.0


def draw_trend(trend: Trend) -> Figure:
    """Panels below each other; each as high as its largest column, so that heights may be compared across them."""
    most = max((value or 0 for panel in trend.panels for value in panel.values), default=0) or 1
    tops = [
        max(LEAST, TALLEST * max((value or 0 for value in panel.values), default=0) / most) for panel in trend.panels
    ]
    height = sum(tops) + ABOVE * len(tops) + FOOT
    figure = new_figure(height)
    at = 0.0
    for panel, top in zip(trend.panels, tops, strict=True):
        share = (top + ABOVE) / height
        at += share
        axes = figure.add_axes((TITLE_SHARE, 1 - at, 0.99 - TITLE_SHARE, share))
        _draw_columns(axes, panel, limit=(top + ABOVE) * most / TALLEST)
        title = "\n".join(wrap(panel.title, TITLE_CHARACTERS)[:TITLE_LINES])
        figure.text(0, 1 - at + 0.03 / height, title, weight="bold", va="bottom", linespacing=1.1)
        last = panel is trend.panels[-1]
        axes.set_xticks(range(len(trend.along)) if last else [], trend.along if last else [])
    return figure


def draw_years(years: Years) -> Figure:
    """Panels beside each other, each a share from 0 to 100 per cent, a column a year."""
    figure = new_figure(2.3)
    width = 1 / max(len(years.panels), 1)
    for place, panel in enumerate(years.panels):
        axes = figure.add_axes((place * width + 0.012, 0.1, width - 0.03, 0.75))
        _draw_columns(axes, panel, limit=WHOLE * 1.14)
        axes.set_xticks(range(len(years.along)), years.along, fontsize=6.6)
        axes.axhline(WHOLE, color=RULE, linewidth=0.8, linestyle=(0, (3, 2)), zorder=0)
        axes.set_title(panel.title, fontsize=8.5, fontweight="bold", loc="left", pad=8, color=INK)
    return figure


def _draw_columns(axes: Axes, panel: Panel, *, limit: float) -> None:
    places = range(len(panel.values))
    bare(axes, keep="bottom")
    axes.set_facecolor("none")
    axes.set_yticks([])
    axes.set_ylim(0, limit)
    axes.set_xlim(-0.6, max(len(panel.values), 3) - 0.4)
    last = len(panel.values) - 1
    axes.bar(places, [value or 0 for value in panel.values], width=0.66, color=COLOURS[Tone.MAIN])
    for place, (value, said) in enumerate(zip(panel.values, panel.said, strict=True)):
        axes.text(
            place,
            (value or 0) + limit * 0.015,
            said,
            ha="center",
            va="bottom",
            fontsize=7.5,
            color=INK if value else SOFT,
            fontweight="bold" if place == last and len(panel.values) <= 5 else "normal",
        )
