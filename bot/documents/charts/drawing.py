"""Draws charts, whatever their kind, as SVG for pages and as PNG for documents."""

from collections.abc import Callable

from matplotlib.figure import Figure

from bot.documents.charts.bars import draw_bars
from bot.documents.charts.canvas import as_png, as_svg, settings
from bot.documents.charts.columns import draw_trend, draw_years
from bot.documents.charts.flow import draw_flow
from bot.documents.drawn import Drawn, Picture
from handlers.paper import Figured, Paper
from handlers.report.pictures import Bars, Drawing, Flow, Trend, Years

Show = Callable[[int, int], None]


def draw_all(paper: Paper, show: Show) -> Drawn:
    """Draw every chart of the paper; `show` is told how many of how many."""
    charts = [part for chapter in paper.chapters for part in chapter.parts if isinstance(part, Figured)]
    pictures = {}
    for place, one in enumerate(charts, start=1):
        pictures[one.number] = draw(f"figure{one.number}", one.chart.drawing)
        show(place, len(charts))
    return Drawn(pictures=pictures)


def draw(name: str, drawing: Drawing) -> Picture:
    """Draw a chart; `name` (letters and digits) makes the ids within its SVG its own."""
    with settings(name):
        figure = _figure(drawing)
        svg = as_svg(figure, name)
        png = as_png(figure)
    return Picture(svg=svg, png=png, ratio=figure.get_figwidth() / figure.get_figheight())


def _figure(drawing: Drawing) -> Figure:
    match drawing:
        case Bars():
            return draw_bars(drawing)
        case Trend():
            return draw_trend(drawing)
        case Years():
            return draw_years(drawing)
        case Flow():
            return draw_flow(drawing)
