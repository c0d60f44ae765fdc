"""Stages as a flow: a band as broad as the concerns that came to a stage, narrowing where some went no further."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from bot.documents.charts.canvas import COLOURS, INK, SOFT, new_figure
from handlers.report.pictures import Flow, Step, Tone

BROADEST = 1.35
"""Inches: how broad the band of all concerns is."""
THINNEST = 0.025
DROP = 0.5
WORDS_BELOW = 0.52
WORDS_ABOVE = 0.42
NODE = 0.09
NARROW = 1.5
"""Inches: below this a column's words are printed smaller."""
LEAVING = "#d9a27e"
FLOWING = "#a9c0d3"


def draw_flow(flow: Flow) -> Figure:
    """The figure: a column for each stage, what goes on to the right, what stays turning down."""
    height = WORDS_ABOVE + BROADEST + DROP + WORDS_BELOW
    figure = new_figure(height)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set_xlim(0, figure.get_figwidth())
    axes.set_ylim(height, 0)
    most = max((step.reached for step in flow.steps), default=0) or 1
    width = figure.get_figwidth() / len(flow.steps)
    for place, step in enumerate(flow.steps):
        after = flow.steps[place + 1] if place + 1 < len(flow.steps) else None
        _draw_step(axes, step, after, place * width + 0.05, width, most)
    return figure


def _broad(number: int, most: int) -> float:
    return max(THINNEST, BROADEST * number / most) if number else 0.0


def _draw_step(axes: Axes, step: Step, after: Step | None, x: float, width: float, most: int) -> None:
    broad = _broad(step.reached, most)
    going = _broad(after.reached, most) if after else 0.0
    staying = max(broad - going, THINNEST) if step.stayed else 0.0
    top = WORDS_ABOVE
    axes.text(x, top - 0.24, step.title, weight="bold", va="center")
    axes.text(x, top - 0.09, f"{step.reached:,} came this far" if step.reached else "none came this far", va="center",
              color=SOFT, fontsize=7.5)  # fmt: skip
    if step.reached:
        axes.add_patch(Rectangle((x, top), NODE, broad, color=COLOURS[Tone.MAIN], linewidth=0))
    if going:
        axes.add_patch(Rectangle((x + NODE, top), width - NODE, going, color=FLOWING, linewidth=0))
    if staying:
        _draw_leaving(axes, x + NODE, top + going, min(staying, broad), width)
        words = f"{step.stayed:,} went no further" if after else f"{step.stayed:,} ended here"
        below = top + BROADEST + DROP
        size = 8 if width > NARROW else 6.8
        axes.text(x + NODE, below + 0.12, words, weight="bold", va="center", fontsize=size, color=INK)
        axes.text(x + NODE, below + 0.3, step.stands, va="center", fontsize=size - 0.5, color=SOFT)


def _draw_leaving(axes: Axes, x: float, top: float, broad: float, width: float) -> None:
    """The part that turns down, from the node to the words below it."""
    foot = WORDS_ABOVE + BROADEST + DROP
    mouth = min(broad, width * 0.42)
    reach = min(width * 0.2, 0.3)
    corner = [
        (x, top),
        (x + reach + mouth * 0.6, top),
        (x + reach + mouth, top + mouth * 0.4),
        (x + reach + mouth, foot),
        (x + reach, foot),
        (x + reach, top + broad + reach * 0.8),
        (x + reach * 0.8, top + broad),
        (x, top + broad),
        (x, top),
    ]
    codes = [Path.MOVETO, Path.LINETO, Path.CURVE3, Path.LINETO, Path.LINETO, Path.LINETO, Path.CURVE3, Path.LINETO,
             Path.CLOSEPOLY]  # fmt: skip
    axes.add_patch(PathPatch(Path(corner, codes), facecolor=LEAVING, edgecolor="none"))
