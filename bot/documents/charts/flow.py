"""Stages as a flow: a band as broad as the concerns that came to a stage, narrowing where some went no further."""

from matplotlib.figure import Figure
from matplotlib.path import Path

from bot.documents.charts.canvas import COLOURS, SOFT, WIDTH, Sheet
from handlers.report.pictures import Flow, Step, Tone

BROADEST = 1.35
"""Inches: how broad the band of all concerns is."""
THINNEST = 0.025
TOP, DROP, WORDS_BELOW = 0.42, 0.5, 0.52
FOOT = TOP + BROADEST + DROP
NODE = 0.09
NARROW = 1.5
"""Inches: below this a column's words are printed smaller."""
LEAVING = "#d9a27e"
FLOWING = "#a9c0d3"


def draw_flow(flow: Flow) -> Figure:
    """The figure: a column for each stage, what goes on to the right, what stays turning down."""
    sheet = Sheet(FOOT + WORDS_BELOW)
    most = max((step.reached for step in flow.steps), default=0) or 1
    width = WIDTH / len(flow.steps)
    for place, step in enumerate(flow.steps):
        after = flow.steps[place + 1] if place + 1 < len(flow.steps) else None
        _draw_step(sheet, step, after, place * width + 0.05, width, most)
    return sheet.figure


def _broad(number: int, most: int) -> float:
    return max(THINNEST, BROADEST * number / most) if number else 0.0


def _draw_step(sheet: Sheet, step: Step, after: Step | None, x: float, width: float, most: int) -> None:
    broad = _broad(step.reached, most)
    going = _broad(after.reached, most) if after else 0.0
    size = 8.0 if width > NARROW else 6.8
    sheet.words(x, TOP - 0.24, step.title, bold=True)
    came = f"{step.reached:,} came this far" if step.reached else "none came this far"
    sheet.words(x, TOP - 0.09, came, size=size - 0.5, colour=SOFT)
    if step.reached:
        sheet.box(x, TOP, NODE, broad, COLOURS[Tone.MAIN])
    if going:
        sheet.box(x + NODE, TOP, width - NODE, going, FLOWING)
    if step.stayed:
        _draw_leaving(sheet, x + NODE, TOP + going, min(max(broad - going, THINNEST), broad), width)
        stayed = f"{step.stayed:,} went no further" if after else f"{step.stayed:,} ended here"
        sheet.words(x + NODE, FOOT + 0.12, stayed, size=size, bold=True)
        sheet.words(x + NODE, FOOT + 0.3, step.stands, size=size - 0.5, colour=SOFT)


def _draw_leaving(sheet: Sheet, x: float, top: float, broad: float, width: float) -> None:
    """The part that turns down, from the node to the words below it."""
    mouth = min(broad, width * 0.42)
    reach = min(width * 0.2, 0.3)
    corners = [
        (x, top),
        (x + reach + mouth * 0.6, top),
        (x + reach + mouth, top + mouth * 0.4),
        (x + reach + mouth, FOOT),
        (x + reach, FOOT),
        (x + reach, top + broad + reach * 0.8),
        (x + reach * 0.8, top + broad),
        (x, top + broad),
        (x, top),
    ]
    line, bend = int(Path.LINETO), int(Path.CURVE3)
    codes = [int(Path.MOVETO), line, bend, line, line, line, bend, line, int(Path.CLOSEPOLY)]
    sheet.shape(corners, codes, LEAVING)
