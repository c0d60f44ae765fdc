"""Writes paper as DOCX."""

import io
from datetime import datetime

from docx import Document
from docx.document import Document as DocumentObject
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Emu, Pt
from docx.text.paragraph import Paragraph as WordParagraph

from bot.documents.drawn import Drawn, Picture
from bot.documents.word import styles
from bot.documents.word.tables import table_xml
from bot.documents.word.text import clean
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
DOT = "\N{BULLET}"


def as_docx(paper: Paper, drawn: Drawn, made_at: datetime) -> bytes:
    """The paper as one DOCX file, dated `made_at` (UTC)."""
    document = Document()
    styles.dress(document)
    _describe(document, paper, made_at)
    styles.foot(document, f"{clean(paper.subtitle)} \N{MIDDLE DOT} {clean(paper.marking)}")
    _front(document, paper)
    for place, chapter in enumerate(paper.chapters):
        _chapter(document, chapter, place, drawn, new_page=place == 0 and paper.contents)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _add(document: DocumentObject, text: str, style: str) -> WordParagraph:
    """A paragraph at the end. Its style is named by its id: looking each up would take half the time."""
    element = document.element.body.add_p()
    element.style = style.replace(" ", "")
    paragraph = WordParagraph(element, document._body)
    if text:
        paragraph.add_run(text)
    return paragraph


def _describe(document: DocumentObject, paper: Paper, made_at: datetime) -> None:
    about = document.core_properties
    about.title, about.subject = clean(f"{paper.title}, {paper.subtitle}")[:255], clean(paper.marking)[:255]
    about.author, about.last_modified_by, about.comments, about.keywords = "", "", "", ""
    about.language = styles.LANGUAGE
    about.created = about.modified = made_at.replace(tzinfo=None)


def _front(document: DocumentObject, paper: Paper) -> None:
    _add(document, clean(paper.subtitle), styles.SUBTITLE)
    _add(document, clean(paper.title), styles.TITLE)
    _add(document, "", styles.SUBTITLE).add_run(clean(paper.marking)).font.size = Pt(11)
    for place, (name, value) in enumerate(paper.facts):
        fact = _add(document, "", styles.FACT)
        fact.paragraph_format.space_before = Pt(36) if place == 0 else None
        fact.add_run(clean(name)).font.color.rgb = styles.SOFT
        fact.add_run(f"\t{clean(value)}")
    if paper.contents:
        _add(document, "Contents", styles.CONTENTS_HEAD)
        for place, chapter in enumerate(paper.chapters):
            _contents_line(document, chapter, place)


def _bookmark(place: int) -> str:
    return f"chapter_{place + 1}"


def _contents_line(document: DocumentObject, chapter: Chapter, place: int) -> None:
    """A chapter's name that leads to it, and the page, which the word processor fills in."""
    line = _add(document, "", styles.CONTENTS)
    link = OxmlElement("w:hyperlink")
    link.set(qn("w:anchor"), _bookmark(place))
    run = line.add_run(clean(chapter.heading))
    run.font.color.rgb = styles.NAVY
    link.append(run._r)
    line._p.append(link)
    line.add_run("\t")
    styles.field(line, f"PAGEREF {_bookmark(place)} \\h", "")


def _chapter(document: DocumentObject, chapter: Chapter, place: int, drawn: Drawn, *, new_page: bool) -> None:
    heading = _add(document, clean(chapter.heading), styles.CHAPTER)
    heading.paragraph_format.page_break_before = new_page or None
    start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    start.set(qn("w:name"), _bookmark(place))
    for mark in (start, end):
        mark.set(qn("w:id"), str(place + 1))
    heading._p.insert_element_before(start, "w:r")
    heading._p.append(end)
    for part in chapter.parts:
        _part(document, part, drawn)


def _part(document: DocumentObject, part: Part, drawn: Drawn) -> None:
    match part:
        case Paragraph():
            _add(document, clean(part.text), styles.BODY)
        case Heading():
            _add(document, clean(part.text), styles.HEADING)
        case Points():
            for item in part.items:
                _add(document, clean(item), styles.POINT).paragraph_format.space_after = Pt(3)
        case ToBeWritten():
            _to_be_written(document, part)
        case Highlights():
            _highlights(document, part)
        case Written():
            _add(document, clean(part.heading), styles.HEADING)
            _add(document, clean(part.text), styles.QUOTE)
        case Grid():
            _table(document, part)
        case Figured():
            _chart(document, part, drawn.pictures[part.number])


def _to_be_written(document: DocumentObject, part: ToBeWritten) -> None:
    _add(document, TO_BE_WRITTEN, styles.UNWRITTEN)
    made = [_add(document, f"{DOT}\t{clean(item)}", styles.UNWRITTEN_POINT) for item in part.items]
    for one in made:
        one.paragraph_format.tab_stops.add_tab_stop(Cm(0.85))
        one.paragraph_format.keep_with_next = one is not made[-1]
    made[-1].paragraph_format.space_after = Pt(10)


def _highlights(document: DocumentObject, part: Highlights) -> None:
    for one in part.items:
        line = _add(document, "", styles.HIGHLIGHT)
        figure = line.add_run(clean(one.figure))
        figure.font.size, figure.font.bold, figure.font.color.rgb = Pt(20), True, styles.NAVY
        line.add_run(f"\t{clean(one.words)}")
        if one.base:
            line.add_run(f" ({clean(one.base)})").font.color.rgb = styles.SOFT


def _caption(document: DocumentObject, kind: str, number: int, title: str) -> WordParagraph:
    caption = _add(document, "", styles.CAPTION)
    if number:
        caption.add_run(f"{kind} ")
        styles.field(caption, f"SEQ {kind} \\* ARABIC", str(number))
        caption.add_run(". ")
    caption.add_run(clean(title))
    return caption


def _table(document: DocumentObject, table: Grid) -> None:
    _caption(document, "Table", table.number, table.title)
    if table.rows:
        document.element.body.insert_element_before(table_xml(table), "w:sectPr")
    else:
        _add(document, clean(table.nothing), styles.BODY)
    for line in table.below or (("",) if table.rows else ()):
        _add(document, clean(line), styles.BELOW)


def _chart(document: DocumentObject, part: Figured, picture: Picture) -> None:
    _caption(document, "Figure", part.number, part.chart.title)
    shape = document.add_picture(io.BytesIO(picture.png), width=Emu(styles.TEXT_WIDTH))
    shape._inline.docPr.set("descr", clean(part.chart.alt))
    shape._inline.docPr.set("title", clean(part.chart.title))
    shape._inline.docPr.set("name", f"Figure {part.number}")
