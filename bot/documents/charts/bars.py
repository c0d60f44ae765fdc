"""Horizontal bars in groups, each with its number beside it; a range may be marked behind them."""

from textwrap import wrap

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bot.documents.charts.canvas import BAND, COLOURS, INK, PATTERNS, RULE, SOFT, bare, new_figure
from handlers.report.pictures import Bar, Bars

LABEL_CHARACTERS = 42
LABEL_SHARE = 0.42
"""How much of the width the labels take."""
LINE = 0.155
GAP = 0.11
HEADING = 0.27
FOOT = 0.24
HEAD = 0.06


def draw_bars(bars: Bars) -> Figure:
    """The figure, as high as its bars and headings need."""
    height = HEAD + sum(HEADING * bool(g.title) + sum(_height(bar) for bar in g.bars) for g in bars.groups)
    height += FOOT if bars.band else HEAD
    figure = new_figure(height)
    axes = figure.add_axes((LABEL_SHARE, 0, 0.97 - LABEL_SHARE, 1))
    bare(axes)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.set_ylim(height, 0)
    most = max((bar.value or 0 for group in bars.groups for bar in group.bars), default=0)
    longest = max((len(bar.said) for group in bars.groups for bar in group.bars), default=0)
    room = 1 - min(0.6, 0.018 * longest + 0.02)
    axes.set_xlim(0, max(most, bars.band[1] * 1.05 if bars.band else 0, 1e-9) / room)
    if bars.band:
        _draw_band(axes, bars, height)
    at = HEAD
    for group in bars.groups:
        if group.title:
            figure.text(0.0, 1 - (at + HEADING / 2) / height, group.title, weight="bold", va="center", color=INK)
            at += HEADING
        for bar in group.bars:
            _draw_bar(figure, axes, bar, at, height)
            at += _height(bar)
    axes.axvline(0, color=RULE, linewidth=1)
    return figure


def _height(bar: Bar) -> float:
    return GAP + LINE * len(_lines(bar))


def _lines(bar: Bar) -> list[str]:
    return wrap(bar.label, LABEL_CHARACTERS) or [""]


def _draw_bar(figure: Figure, axes: Axes, bar: Bar, at: float, height: float) -> None:
    middle = at + _height(bar) / 2
    axes.barh(
        [middle],
        [bar.value or 0],
        height=min(_height(bar) - 0.08, 0.24),
        color=COLOURS[bar.tone],
        hatch=PATTERNS[bar.tone],
        edgecolor="white",
        linewidth=0,
    )
    figure.text(
        LABEL_SHARE - 0.012, 1 - middle / height, "\n".join(_lines(bar)), ha="right", va="center", linespacing=1.15
    )
    gap = axes.get_xlim()[1] * 0.012
    colour = INK if bar.value is not None else SOFT
    paper = {"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 0.6}
    axes.text((bar.value or 0) + gap, middle, bar.said, va="center", color=colour, bbox=paper)


def _draw_band(axes: Axes, bars: Bars, height: float) -> None:
    assert bars.band is not None
    low, high = bars.band
    axes.axvspan(low, high, color=BAND, zorder=0)
    for edge in bars.band:
        axes.axvline(edge, color=SOFT, linewidth=0.8, linestyle=(0, (3, 2)), zorder=1)
    axes.text((low + high) / 2, height - FOOT / 2, bars.band_said, ha="center", va="center", color=SOFT)
