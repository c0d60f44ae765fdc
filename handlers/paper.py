"""What a written document is made of, as data: chapters of sentences, tables, charts and what somebody wrote.

Nothing here knows a file format; `bot/documents` draws the same paper as a page and as a word processor's document.
"""

from dataclasses import dataclass

from handlers.report.pictures import Chart


@dataclass(frozen=True, kw_only=True)
class Paragraph:
    """One or a few sentences."""

    text: str


@dataclass(frozen=True, kw_only=True)
class Heading:
    """A heading within a chapter."""

    text: str


@dataclass(frozen=True, kw_only=True)
class Points:
    """A list of short points."""

    items: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ToBeWritten:
    """A place where the software has no data: what belongs there, for the service to write."""

    items: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Highlight:
    """A figure set large, what it is, and what it is counted out of."""

    figure: str
    words: str
    base: str = ""


@dataclass(frozen=True, kw_only=True)
class Highlights:
    """The figures a reader should take away."""

    items: tuple[Highlight, ...]


@dataclass(frozen=True, kw_only=True)
class Written:
    """What somebody wrote, under its heading, kept word for word."""

    heading: str
    text: str


@dataclass(frozen=True, kw_only=True)
class GridColumn:
    """A column of a printed table; numbers stand to the right."""

    title: str
    numeric: bool = False


@dataclass(frozen=True, kw_only=True)
class Grid:
    """A table as printed, its cells in words; `strong` are the places of rows set bold, such as totals.

    `name` is unique in the document. `number` 0 is printed without a number. Without rows, `nothing` says why.
    """

    name: str
    number: int
    title: str
    columns: tuple[GridColumn, ...]
    rows: tuple[tuple[str, ...], ...]
    strong: frozenset[int] = frozenset()
    below: tuple[str, ...] = ()
    nothing: str = "Nothing is recorded."


@dataclass(frozen=True, kw_only=True)
class Figured:
    """A chart with its number."""

    number: int
    chart: Chart


Part = Paragraph | Heading | Points | ToBeWritten | Highlights | Written | Grid | Figured


@dataclass(frozen=True, kw_only=True)
class Chapter:
    """A chapter; `number` ("1", "A") may be empty."""

    number: str
    title: str
    parts: tuple[Part, ...]

    @property
    def heading(self) -> str:
        """Number and title."""
        return f"{self.number}. {self.title}" if self.number else self.title


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A whole document. `marking` says on every page who may have it; `contents` whether it opens with a list."""

    title: str
    subtitle: str
    marking: str
    facts: tuple[tuple[str, str], ...]
    chapters: tuple[Chapter, ...]
    contents: bool = True
