"""Reads the report's files back: the tables of the page and of the document, heading by heading, cell by cell."""

import io
import zipfile
from dataclasses import dataclass, field
from html.parser import HTMLParser

from docx import Document
from docx.document import Document as DocumentObject
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph

Rows = list[list[str]]


@dataclass
class Page(HTMLParser):
    """What stands in a page: headings with their level, tables by title, and the attributes of every element."""

    headings: list[tuple[int, str]] = field(default_factory=list)
    tables: dict[str, Rows] = field(default_factory=dict)
    elements: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    _open: list[str] = field(default_factory=list)
    _rows: Rows = field(default_factory=list)
    _title: str = ""

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in ("meta", "link", "br"):
            self._open.append(tag)
        if tag == "table":
            self._rows, self._title = [], ""
        elif tag == "tr":
            self._rows.append([])
        elif tag in ("td", "th"):
            self._rows[-1].append("")
        elif tag in ("h1", "h2", "h3", "h4"):
            self.headings.append((int(tag[1]), ""))

    def handle_endtag(self, tag: str) -> None:
        self._open.pop()
        if tag == "table":
            self.tables[self._title.partition(". ")[2] or self._title] = self._rows

    def handle_data(self, data: str) -> None:
        inside = self._open[-1] if self._open else ""
        if inside in ("td", "th"):
            self._rows[-1][-1] += data
        elif inside == "caption":
            self._title += data
        elif inside in ("h1", "h2", "h3", "h4"):
            level, text = self.headings[-1]
            self.headings[-1] = (level, text + data)
        if "style" not in self._open and "svg" not in self._open:
            self.text.append(data)


def read_page(content: bytes) -> Page:
    """Parse a page."""
    page = Page()
    page.feed(content.decode())
    page.close()
    return page


def read_document(content: bytes) -> DocumentObject:
    """Open a document."""
    return Document(io.BytesIO(content))


def tables_of(document: DocumentObject) -> dict[str, Rows]:
    """The tables by the title in the caption before each."""
    found: dict[str, Rows] = {}
    title = ""
    for element in document.element.body:
        if element.tag == qn("w:p"):
            words = "".join(node.text or "" for node in element.iter(qn("w:t")))
            # Each paragraph of ours has a style.
            if Paragraph(element, document).style.name == "Caption":  # type: ignore[union-attr]
                title = words.partition(". ")[2] or words
        elif element.tag == qn("w:tbl"):
            # one pass over the cells: python-docx's own is slow on tables of any size
            rows = Table(element, document)._tbl.tr_lst
            found[title] = [["\n".join(p.text for p in cell.p_lst) for cell in row.tc_lst] for row in rows]
    return found


def everything_in(content: bytes) -> str:
    """All text a file holds, whatever its kind: the parts of a document or workbook unpacked, a page as it is."""
    if not content.startswith(b"PK"):
        return content.decode()
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        return "\n".join(parts.read(name).decode(errors="ignore") for name in parts.namelist())
