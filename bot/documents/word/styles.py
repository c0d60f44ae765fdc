"""The look of our documents: page, fonts, styles, language, and what stands at the foot of each page."""

from docx.document import Document as DocumentObject
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Cm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph

FONT = "Arial"
LANGUAGE = "en-GB"
NAVY = RGBColor(0x12, 0x43, 0x6D)
INK = RGBColor(0x1D, 0x2B, 0x36)
SOFT = RGBColor(0x4C, 0x5A, 0x65)
TEXT_WIDTH = Cm(17)
MARGIN = Cm(2)

CHAPTER, HEADING = "Heading 1", "Heading 2"
BODY, TITLE, SUBTITLE, CAPTION, BELOW = "Normal", "Title", "Subtitle", "Caption", "Below a table"
FACT, CONTENTS, CONTENTS_HEAD = "Fact", "Contents", "Contents heading"
POINT, UNWRITTEN, UNWRITTEN_POINT = "List Bullet", "To be written", "To be written point"
HIGHLIGHT, QUOTE = "Highlight", "What was written"


def dress(document: DocumentObject) -> None:
    """Set page, styles and language of an empty document."""
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = section.top_margin = MARGIN
    section.bottom_margin, section.footer_distance = Cm(2), Cm(1)
    _defaults(document)
    _headings(document)
    _own_styles(document)
    _up_to_date(document)


def _defaults(document: DocumentObject) -> None:
    body = document.styles[BODY]
    assert isinstance(body, ParagraphStyle)
    _font(body, 10.5, INK)
    body.paragraph_format.space_after = Pt(6)
    body.paragraph_format.line_spacing = 1.15
    language = document.styles.element.find(".//" + qn("w:lang"))
    if language is not None:
        language.set(qn("w:val"), LANGUAGE)


def _font(style: ParagraphStyle, size: float, colour: RGBColor, *, bold: bool = False) -> None:
    style.font.name, style.font.size, style.font.bold, style.font.italic = FONT, Pt(size), bold, False
    style.font.color.rgb = colour
    fonts = style.element.rPr.rFonts
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:cs"), FONT)


def _headings(document: DocumentObject) -> None:
    for name, size, colour, before, after in (
        ("Heading 1", 18.0, NAVY, 26.0, 8.0),
        ("Heading 2", 12.5, INK, 14.0, 4.0),
        (TITLE, 30.0, RGBColor(0xFF, 0xFF, 0xFF), 0.0, 0.0),
        (SUBTITLE, 13.0, RGBColor(0xFF, 0xFF, 0xFF), 0.0, 0.0),
        (CAPTION, 9.5, INK, 14.0, 4.0),
    ):
        style = document.styles[name]
        assert isinstance(style, ParagraphStyle)
        _font(style, size, colour, bold=name not in (TITLE, SUBTITLE))
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
        style.paragraph_format.keep_with_next = True
    _border(document.styles["Heading 1"], "top", "12436D", 18, 8)
    for name in (TITLE, SUBTITLE):
        properties = document.styles[name].element.get_or_add_pPr()
        for tag in ("w:pBdr", "w:numPr", "w:contextualSpacing"):
            for old in properties.findall(qn(tag)):
                properties.remove(old)
        _band(document.styles[name])


def _own_styles(document: DocumentObject) -> None:
    for name, size, colour, after in (
        (BELOW, 8.5, SOFT, 3.0),
        (FACT, 10.5, INK, 2.0),
        (CONTENTS, 10.5, INK, 3.0),
        (CONTENTS_HEAD, 12.5, INK, 6.0),
        (UNWRITTEN, 10.5, INK, 0.0),
        (UNWRITTEN_POINT, 10.5, INK, 0.0),
        (HIGHLIGHT, 10.5, INK, 7.0),
        (QUOTE, 10.5, INK, 6.0),
    ):
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        assert isinstance(style, ParagraphStyle)
        style.base_style = document.styles[BODY]
        _font(style, size, colour, bold=name in (CONTENTS_HEAD, UNWRITTEN))
        style.paragraph_format.space_after = Pt(after)
    _indents(document)
    for name in (UNWRITTEN, UNWRITTEN_POINT):
        _border(document.styles[name], "left", "B4690E", 36, 8)
        _shade(document.styles[name], "FFF7EA")
    _border(document.styles[QUOTE], "left", "C9D2D9", 24, 8)


def _indents(document: DocumentObject) -> None:
    def shape(name: str) -> ParagraphStyle:
        style = document.styles[name]
        assert isinstance(style, ParagraphStyle)
        return style

    shape(FACT).paragraph_format.tab_stops.add_tab_stop(Cm(4.2))
    _hang(shape(FACT), Cm(4.2))
    shape(CONTENTS).paragraph_format.tab_stops.add_tab_stop(TEXT_WIDTH, WD_TAB_ALIGNMENT.RIGHT)
    shape(CONTENTS_HEAD).paragraph_format.space_before = Pt(18)
    shape(HIGHLIGHT).paragraph_format.tab_stops.add_tab_stop(Cm(3.4))
    _hang(shape(HIGHLIGHT), Cm(3.4))
    shape(HIGHLIGHT).paragraph_format.keep_together = True
    shape(UNWRITTEN).paragraph_format.left_indent = Cm(0.35)
    shape(UNWRITTEN).paragraph_format.space_before = Pt(6)
    shape(UNWRITTEN).paragraph_format.keep_with_next = True
    shape(UNWRITTEN_POINT).paragraph_format.left_indent = Cm(0.85)
    shape(UNWRITTEN_POINT).paragraph_format.first_line_indent = Cm(-0.5)
    shape(QUOTE).paragraph_format.left_indent = Cm(0.5)
    shape(BELOW).paragraph_format.space_before = Pt(2)


def _hang(style: ParagraphStyle, indent: Cm) -> None:
    style.paragraph_format.left_indent, style.paragraph_format.first_line_indent = indent, Cm(-indent.cm)


def _band(style: object) -> None:
    """Make paragraphs of the style part of one band of colour that reaches out beyond their words."""
    spaces = {"top": 22, "left": 12, "bottom": 22, "right": 12}
    line = 'w:val="single" w:sz="4" w:color="12436D"'
    sides = "".join(f'<w:{side} {line} w:space="{space}"/>' for side, space in spaces.items())
    _insert(style, parse_xml(f"<w:pBdr {nsdecls('w')}>{sides}</w:pBdr>"))
    _shade(style, "12436D")


def _border(style: object, side: str, colour: str, eighths: int, space: int) -> None:
    """A line at one side of every paragraph of the style; thickness in eighths of a point."""
    line = f'<w:{side} w:val="single" w:sz="{eighths}" w:space="{space}" w:color="{colour}"/>'
    _insert(style, parse_xml(f"<w:pBdr {nsdecls('w')}>{line}</w:pBdr>"))


def _shade(style: object, colour: str) -> None:
    _insert(style, parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{colour}"/>'))


AFTER_BORDERS = ("w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:contextualSpacing", "w:jc",
                 "w:outlineLvl")  # fmt: skip


def _insert(style: object, element: BaseOxmlElement) -> None:
    """Put a border or a shade where the schema wants it: before spacing and indents, borders before shades."""
    properties = style.element.get_or_add_pPr()  # type: ignore[attr-defined]  # every style of python-docx has it
    later = AFTER_BORDERS if element.tag == qn("w:pBdr") else AFTER_BORDERS[1:]
    properties.insert_element_before(element, *later)


def _up_to_date(document: DocumentObject) -> None:
    """Say that the document is of today's format; without it Word opens it as one of 2007."""
    settings = document.settings.element
    for old in settings.findall(qn("w:compat")):
        settings.remove(old)
    uri = "http://schemas.microsoft.com/office/word"
    mode = f'<w:compatSetting w:name="compatibilityMode" w:uri="{uri}" w:val="15"/>'
    compat = parse_xml(f"<w:compat {nsdecls('w')}>{mode}</w:compat>")
    later = ("w:rsids", "m:mathPr", "w:themeFontLang", "w:clrSchemeMapping", "w:shapeDefaults", "w:decimalSymbol",
             "w:listSeparator")  # fmt: skip
    settings.insert_element_before(compat, *later)
    for language in settings.findall(qn("w:themeFontLang")):
        language.set(qn("w:val"), LANGUAGE)


def foot(document: DocumentObject, words: str) -> None:
    """Words to the left and "Page 3 of 12" to the right at the foot of every page."""
    paragraph = document.sections[0].footer.paragraphs[0]
    paragraph.style = document.styles[BELOW]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT
    paragraph.paragraph_format.tab_stops.add_tab_stop(TEXT_WIDTH, WD_TAB_ALIGNMENT.RIGHT)
    paragraph.add_run(f"{words}\tPage ")
    field(paragraph, "PAGE", "1")
    paragraph.add_run(" of ")
    field(paragraph, "NUMPAGES", "1")


def field(paragraph: Paragraph, code: str, shown: str) -> None:
    """A field that the word processor fills in; `shown` stands there until it does."""
    element = OxmlElement("w:fldSimple")
    element.set(qn("w:instr"), f" {code} ")
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = shown
    run.append(text)
    element.append(run)
    paragraph._p.append(element)
