"""Writes paper as HTML."""

import re
from collections.abc import Iterator
from functools import cache
from html import escape
from importlib import resources

from bot.documents.drawn import Drawn, Picture
from handlers.paper import (
    Chapter,
    Figured,
    Grid,
    Heading,
    Highlights,
    Paper,
    Paragraph,
    Part,
    Points,
    ToBeWritten,
    Written,
)

TO_BE_WRITTEN = "To be written by the service"
POLICY = "default-src 'none'; style-src 'unsafe-inline'"
"""The page asks for nothing from anywhere, and no script in it would run."""


def as_page(paper: Paper, drawn: Drawn) -> bytes:
    """The paper as one HTML file in UTF-8."""
    return "\n".join(_page(paper, drawn)).encode()


@cache
def _style() -> str:
    return resources.files("bot.documents.page").joinpath("style.css").read_text(encoding="utf-8")


def _page(paper: Paper, drawn: Drawn) -> Iterator[str]:
    yield "<!doctype html>"
    yield '<html lang="en-GB">'
    yield "<head>"
    yield '<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield '<meta name="robots" content="noindex">'
    yield f"<title>{escape(paper.title)}, {escape(paper.subtitle)}</title>"
    yield f"<style>\n{_style()}</style>"
    yield "</head>"
    yield "<body>"
    yield '<a class="skip" href="#report">To the text</a>'
    yield '<header class="front"><div>'
    yield f'<p class="subtitle">{escape(paper.subtitle)}</p>'
    yield f"<h1>{escape(paper.title)}</h1>"
    yield f'<p class="marking">{escape(paper.marking)}</p>'
    yield "</div></header>"
    yield '<main class="sheet" id="report">'
    yield from _facts(paper)
    if paper.contents:
        yield from _contents(paper)
    for chapter in paper.chapters:
        yield from _chapter(chapter, drawn)
    yield "</main>"
    yield "</body>"
    yield "</html>\n"


def _facts(paper: Paper) -> Iterator[str]:
    yield '<dl class="facts">'
    for name, value in paper.facts:
        yield f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>"
    yield "</dl>"


def _contents(paper: Paper) -> Iterator[str]:
    yield '<nav aria-labelledby="contents"><h2 id="contents">Contents</h2><ol>'
    for chapter in paper.chapters:
        yield f'<li><a href="#{anchor(chapter)}">{escape(chapter.heading)}</a></li>'
    yield "</ol></nav>"


def anchor(chapter: Chapter) -> str:
    """The id of a chapter on the page."""
    return "chapter-" + re.sub(r"[^a-z0-9]+", "-", chapter.heading.casefold()).strip("-")


def _chapter(chapter: Chapter, drawn: Drawn) -> Iterator[str]:
    where = anchor(chapter)
    yield f'<section aria-labelledby="{where}">'
    yield f'<h2 id="{where}">{escape(chapter.heading)}</h2>'
    for part in chapter.parts:
        yield from _part(part, drawn)
    yield "</section>"


def _part(part: Part, drawn: Drawn) -> Iterator[str]:
    match part:
        case Paragraph():
            yield f"<p>{escape(part.text)}</p>"
        case Heading():
            yield f"<h3>{escape(part.text)}</h3>"
        case Points():
            yield _list("points", part.items)
        case ToBeWritten():
            yield f'<div class="unwritten"><p>{TO_BE_WRITTEN}</p>{_list("", part.items)}</div>'
        case Highlights():
            yield from _highlights(part)
        case Written():
            yield f"<h3>{escape(part.heading)}</h3><blockquote><p>{escape(part.text)}</p></blockquote>"
        case Grid():
            yield from _table(part)
        case Figured():
            yield from _chart(part, drawn.pictures[part.number])


def _list(kind: str, items: tuple[str, ...]) -> str:
    marked = f' class="{kind}"' if kind else ""
    return f"<ul{marked}>{''.join(f'<li>{escape(item)}</li>' for item in items)}</ul>"


def _highlights(part: Highlights) -> Iterator[str]:
    yield '<ul class="highlights">'
    for one in part.items:
        base = f'<span class="base">{escape(one.base)}</span>' if one.base else ""
        yield f"<li><strong>{escape(one.figure)}</strong> <span>{escape(one.words)}</span> {base}</li>"
    yield "</ul>"


def _table(table: Grid) -> Iterator[str]:
    title = escape(f"Table {table.number}. {table.title}" if table.number else table.title)
    if not table.rows:
        yield f'<p class="below"><strong>{title}</strong></p><p>{escape(table.nothing)}</p>'
    else:
        yield f'<div class="scroll" role="region" tabindex="0" aria-labelledby="table-{table.name}">'
        yield f'<table><caption id="table-{table.name}">{title}</caption><thead><tr>'
        yield "".join(f'<th scope="col"{_side(one.numeric)}>{escape(one.title)}</th>' for one in table.columns)
        yield "</tr></thead><tbody>"
        for place, row in enumerate(table.rows):
            yield _row(table, row, strong=place in table.strong)
        yield "</tbody></table></div>"
    for line in table.below:
        yield f'<p class="below">{escape(line)}</p>'


def _side(numeric: bool) -> str:
    return ' class="number"' if numeric else ""


def _row(table: Grid, row: tuple[str, ...], *, strong: bool) -> str:
    first, *rest = (f"{_side(column.numeric)}>{escape(cell)}<" for column, cell in zip(table.columns, row, strict=True))
    cells = [f'<th scope="row"{first}/th>', *(f"<td{cell}/td>" for cell in rest)]
    marked = ' class="strong"' if strong else ""
    return f"<tr{marked}>{''.join(cells)}</tr>"


def _chart(part: Figured, picture: Picture) -> Iterator[str]:
    name = f"figure-{part.number}"
    yield f'<figure aria-labelledby="{name}"><figcaption id="{name}">'
    yield f"Figure {part.number}. {escape(part.chart.title)}</figcaption>"
    alt = escape(part.chart.alt)
    yield picture.svg.replace("<svg", f'<svg role="img" aria-label="{alt}"', 1)
    yield "</figure>"
