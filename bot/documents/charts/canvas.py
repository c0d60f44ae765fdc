"""The canvas all charts are drawn on: its ink, its patterns, and saving it as SVG and as PNG.

matplotlib is imported here and in this package alone, and this package only when a report is made. Its figures are
used directly, never through pyplot, so that worker threads may draw.
"""

import io
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from handlers.report.pictures import Tone

WIDTH = 6.7
"""Inches: the text width of an A4 page with margins of two centimetres."""
DOTS_PER_INCH = 200

INK = "#1d2b36"
SOFT = "#56646f"
RULE = "#c9d2d9"
BAND = "#e8eef2"
COLOURS = {Tone.MAIN: "#12436d", Tone.SECOND: "#c2541b", Tone.QUIET: "#8a97a1"}
PATTERNS = {Tone.MAIN: "", Tone.SECOND: "////", Tone.QUIET: "\\\\\\"}

# Any, because matplotlib types the keys as literals.
_SETTINGS: Any = {
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 8.5,
    "text.color": INK,
    "axes.edgecolor": RULE,
    "axes.labelcolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "hatch.linewidth": 0.8,
    "svg.fonttype": "none",
}
_PROLOGUE = re.compile(r"^.*?(?=<svg)", re.DOTALL)
_METADATA = re.compile(r"\s*<metadata>.*?</metadata>", re.DOTALL)
_SIZE = re.compile(r'(<svg[^>]*?) width="[\d.]+pt"', re.DOTALL)
_HEIGHT = re.compile(r'(<svg[^>]*?) height="[\d.]+pt"', re.DOTALL)

drawing_lock = Lock()
"""matplotlib's settings are the whole process's: one chart is drawn at a time."""

logging.getLogger("matplotlib").setLevel(logging.WARNING)


@contextmanager
def settings(name: str) -> Iterator[None]:
    """The house's look while a chart is drawn and saved; `name` makes the ids within an SVG its own."""
    with drawing_lock, mpl.rc_context(_SETTINGS):
        mpl.rcParams["svg.hashsalt"] = name
        yield


def new_figure(height: float) -> Figure:
    """An empty figure as wide as the page's text; height in inches."""
    return Figure(figsize=(WIDTH, height), facecolor="white")


def bare(axes: Axes, *, keep: str = "") -> None:
    """Take off every line and mark but the sides named ("bottom", "left")."""
    for side in ("top", "right", "bottom", "left"):
        axes.spines[side].set_visible(side == keep)
    axes.tick_params(length=0)


def as_svg(figure: Figure, name: str) -> str:
    """The figure as an SVG element for a page: it scales with the page, and its text stays text.

    The same figure gives the same bytes: no date is written, and ids come from `name`.
    """
    text = io.StringIO()
    FigureCanvasSVG(figure).print_svg(text, metadata={"Date": None})  # type: ignore[no-untyped-call]
    svg = _METADATA.sub("", _PROLOGUE.sub("", text.getvalue()))
    svg = _HEIGHT.sub(r"\1", _SIZE.sub(r"\1", svg, count=1), count=1)
    return _own_ids(svg, name).strip()


def _own_ids(svg: str, name: str) -> str:
    """Ids that no other chart of the page has."""
    for mark in ('id="', "url(#", 'href="#'):
        svg = svg.replace(mark, f"{mark}{name}-")
    return svg


def as_png(figure: Figure) -> bytes:
    """The figure as a PNG picture."""
    picture = io.BytesIO()
    figure.set_dpi(DOTS_PER_INCH)
    FigureCanvasAgg(figure).print_png(picture, metadata={"Software": None})  # type: ignore[no-untyped-call]
    return picture.getvalue()
