"""The canvas all charts are drawn on: its ink, its patterns, and saving it as SVG and as PNG.

matplotlib is imported here and in this package alone, and this package only when a report is made. Its figures are
used directly, never through pyplot, so that worker threads may draw.
"""

import io
import logging
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Lock
from typing import Any, Literal

import matplotlib as mpl
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path
from numpy import asarray

from bot.documents.charts import png
from handlers.report.pictures import Tone

Side = Literal["left", "center", "right"]
Level = Literal["top", "center", "bottom"]

WIDTH = 6.7
"""Inches: the text width of an A4 page with margins of two centimetres."""
DOTS_PER_INCH = 160

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
    "hatch.linewidth": 0.8,
    "svg.fonttype": "none",
    "text.hinting": "none",
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


class Sheet:
    """An empty sheet as wide as the page's text; places are inches from its left and from its top.

    Everything is put on the figure itself: axes would cost more than all that is drawn on them.
    """

    def __init__(self, height: float) -> None:
        """Of that height, in inches."""
        self.height = height
        self.figure = Figure(figsize=(WIDTH, height), facecolor="white")

    def box(self, x: float, y: float, width: float, height: float, colour: str, pattern: str = "") -> None:
        """A filled rectangle; a pattern is drawn over it in white."""
        self._put(Rectangle((x, self.height - y - height), width, height, facecolor=colour, hatch=pattern,
                            edgecolor="white" if pattern else colour, linewidth=0))  # fmt: skip

    def shape(self, corners: Sequence[tuple[float, float]], codes: Sequence[int], colour: str) -> None:
        """A filled outline, its corners joined as matplotlib's path codes say."""
        path = Path([(x, self.height - y) for x, y in corners], codes)
        self._put(PathPatch(path, facecolor=colour, edgecolor="none"))

    def line(self, start: tuple[float, float], end: tuple[float, float], colour: str, *, dashed: bool = False) -> None:
        """A thin line."""
        across, down = (start[0], end[0]), (self.height - start[1], self.height - end[1])
        self._put(Line2D(across, down, color=colour, linewidth=0.8, linestyle="--" if dashed else "-"))

    def words(  # noqa: PLR0913 - the ways in which words differ
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = 8.5,
        colour: str = INK,
        bold: bool = False,
        side: Side = "left",
        level: Level = "center",
        behind: bool = False,
    ) -> None:
        """Words at a place, as they are written; `behind` puts a little white behind them, where lines pass."""
        self.figure.text(
            x,
            self.height - y,
            text,
            transform=self.figure.dpi_scale_trans,
            fontsize=size,
            color=colour,
            weight="bold" if bold else "normal",
            ha=side,
            va=level,
            linespacing=1.15,
            parse_math=False,  # what stands between two dollars is no formula
            bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 0.6} if behind else None,
        )

    def _put(self, artist: Artist) -> None:
        artist.set_transform(self.figure.dpi_scale_trans)
        self.figure.add_artist(artist)


def as_svg(figure: Figure, name: str) -> str:
    """The figure as an SVG element for a page: it scales with the page, and its text stays text.

    The same figure gives the same bytes: no date is written, and ids come from `name`.
    """
    text = io.StringIO()
    # Matplotlib has no types there.
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
    figure.set_dpi(DOTS_PER_INCH)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()  # type: ignore[no-untyped-call]  # matplotlib has no types there
    # Matplotlib has no types there.
    return png.as_png(asarray(canvas.buffer_rgba()), DOTS_PER_INCH)  # type: ignore[no-untyped-call]
