"""Tables of a document: header rows that repeat and are marked as such, columns as broad as their words need."""

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.oxml.table import CT_Tbl

from bot.documents.word.text import clean
from handlers.paper import Grid

TEXT_WIDTH = 9638
"""Twentieths of a point: the 17 centimetres between the margins."""
SIZES = (17, 16, 15, 14, 13)
"""Half points: the largest size at which every word fits its column is taken."""
PADDING = 200
HEADER_FILL, RULE, NAVY = "EEF3F6", "C9D2D9", "12436D"
BROAD, BROAD_BOLD = 0.62, 0.76
"""Breadth of a character in parts of its height, for Arial and the wider fonts that stand in for it."""
TOGETHER = 16
"""Rows: a table no longer than this is not broken between pages."""


def table_xml(table: Grid) -> CT_Tbl:
    """The table as an element, header row first."""
    columns = [[column.title, *(row[place] for row in table.rows)] for place, column in enumerate(table.columns)]
    size, widths = _layout(columns, [column.numeric for column in table.columns])
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    numeric = [column.numeric for column in table.columns]
    header = _row([column.title for column in table.columns], widths, numeric, size, header=True, stays=True)
    stay = len(table.rows) - 1 if len(table.rows) <= TOGETHER else 0
    body = "".join(
        _row(row, widths, numeric, size, strong=place in table.strong, stays=place < stay)
        for place, row in enumerate(table.rows)
    )
    xml = f"<w:tbl {nsdecls('w')}>{_properties(table)}<w:tblGrid>{grid}</w:tblGrid>{header}{body}</w:tbl>"
    made = parse_xml(xml)
    assert isinstance(made, CT_Tbl)
    return made


def _properties(table: Grid) -> str:
    line = f'w:val="single" w:sz="4" w:space="0" w:color="{RULE}"'
    sides = f"<w:bottom {line}/><w:insideH {line}/>"
    edges = '<w:left w:w="90" w:type="dxa"/><w:right w:w="90" w:type="dxa"/>'
    return (
        f'<w:tblPr><w:tblW w:w="{TEXT_WIDTH}" w:type="dxa"/><w:tblBorders>{sides}</w:tblBorders>'
        f'<w:tblLayout w:type="fixed"/><w:tblCellMar>{edges}</w:tblCellMar>'
        '<w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" '
        'w:noHBand="1" w:noVBand="1"/>'
        f"<w:tblCaption w:val={quoteattr(clean(table.title))}/>"
        f"<w:tblDescription w:val={quoteattr(clean(' '.join(table.below) or table.title))}/></w:tblPr>"
    )


def _row(
    cells: Sequence[str],
    widths: Sequence[int],
    numeric: Sequence[bool],
    size: int,
    *,
    header: bool = False,
    strong: bool = False,
    stays: bool = False,
) -> str:
    """One row; one that `stays` is kept on the page of the row after it."""
    repeats = "<w:tblHeader/>" if header else ""
    drawn = "".join(
        _cell(cell, width, size, right=right, header=header, strong=strong, stays=stays)
        for cell, width, right in zip(cells, widths, numeric, strict=True)
    )
    return f"<w:tr><w:trPr><w:cantSplit/>{repeats}</w:trPr>{drawn}</w:tr>"


def _cell(text: str, width: int, size: int, *, right: bool, header: bool, strong: bool, stays: bool) -> str:
    fill = f'<w:shd w:val="clear" w:color="auto" w:fill="{HEADER_FILL}"/>' if header else ""
    line = f'<w:bottom w:val="single" w:sz="12" w:space="0" w:color="{NAVY}"/>'
    borders = f"<w:tcBorders>{line}</w:tcBorders>" if header else ""
    foot = '<w:vAlign w:val="bottom"/>' if header else ""
    bold = "<w:b/>" if header or strong else ""
    side = "right" if right else "left"
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{borders}{fill}{foot}</w:tcPr>'
        f'<w:p><w:pPr>{"<w:keepNext/>" if stays else ""}<w:spacing w:before="40" w:after="40" w:line="240" '
        f'w:lineRule="auto"/><w:jc w:val="{side}"/></w:pPr><w:r><w:rPr>{bold}<w:sz w:val="{size}"/>'
        f'<w:szCs w:val="{size}"/></w:rPr>{_text(text)}</w:r></w:p></w:tc>'
    )


def _text(text: str) -> str:
    lines = clean(text).split("\n")
    return "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in lines)


def _layout(columns: Sequence[Sequence[str]], numeric: Sequence[bool]) -> tuple[int, list[int]]:
    """A size in half points and the breadth of each column: no word is broken, and words have some room."""
    for size in SIZES:
        least = [_least(cells, size, bold=number) for cells, number in zip(columns, numeric, strict=True)]
        wanted = [
            0 if number else max(0, _whole(cells, size) - width)
            for cells, width, number in zip(columns, least, numeric, strict=True)
        ]
        if sum(least) + sum(wanted) // 3 <= TEXT_WIDTH or (size == SIZES[-1] and sum(least) <= TEXT_WIDTH):
            return size, _spread(least, wanted)
    least = [_least(cells, SIZES[-1], bold=number) for cells, number in zip(columns, numeric, strict=True)]
    return SIZES[-1], _filled([width * TEXT_WIDTH // sum(least) for width in least])


def _whole(cells: Sequence[str], size: int) -> int:
    """So broad that the longest cell stands on one line."""
    return int(max(map(len, cells)) * size * 10 * BROAD) + PADDING


def _least(cells: Sequence[str], size: int, *, bold: bool) -> int:
    """So broad that no word breaks; numbers are measured bold, since totals are."""
    title, *rest = cells
    in_title = max((len(word) for word in title.split(" ")), default=1) * BROAD_BOLD
    below = max((len(word) for cell in rest for word in cell.replace("\n", " ").split(" ")), default=1) * (
        BROAD_BOLD if bold else BROAD
    )
    return int(max(in_title, below) * size * 10) + PADDING


def _spread(least: Sequence[int], wanted: Sequence[int]) -> list[int]:
    """The breadth that is left goes to columns of words, as far as they can use it, then to all alike."""
    spare = TEXT_WIDTH - sum(least)
    given = [min(want, spare * want // max(sum(wanted), 1)) for want in wanted]
    rest = (spare - sum(given)) // len(least)
    return _filled([width + more + rest for width, more in zip(least, given, strict=True)])


def _filled(widths: list[int]) -> list[int]:
    """The first column takes what rounding left."""
    return [widths[0] + TEXT_WIDTH - sum(widths), *widths[1:]]
