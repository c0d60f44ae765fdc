"""What people see, as data: cards, notices and forms that every platform draws in its own way.

Nothing here knows Slack or Teams. A button names a deed and the subject it acts on; its value never carries words.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from handlers.day_windows import DayOf


@dataclass(frozen=True, kw_only=True)
class Button:
    """One press: `deed` is a key of the dispatch table, `subject` what it acts on ("C-12").

    `run` is the stage run the button belonged to when it was drawn.
    """

    label: str
    deed: str
    subject: str = ""
    run: int | None = None
    weight: str = ""  # "primary", "danger" or nothing

    def named(self, around: str = "") -> str:
        """Its whole name for the person who hears it instead of seeing where it stands: with the reference it acts on.

        That is its subject where it is one ("C-12"), else the first in the words around it.
        """
        found = _REFERENCE.fullmatch(self.subject) or _REFERENCE.search(around)
        if found is None or found.group() in self.label:
            return self.label
        return f"{self.label}, {found.group()}"


_REFERENCE = re.compile(r"\b[A-Z]{1,6}-[A-Z0-9/-]*\d\b")
""" "C-12", "AB-1042": capitals, then digits; no period, page or number of a row."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """A paragraph, with the buttons that belong to it; or a heading over the lines that follow."""

    text: str
    buttons: tuple[Button, ...] = ()
    heads: bool = False


@dataclass(frozen=True, kw_only=True)
class Card:
    """A message: its title is also what a notification shows.

    `attached` names the report that goes with it as a file ("2025-26 internal docx").
    """

    title: str
    lines: tuple[Line, ...] = ()
    buttons: tuple[Button, ...] = ()
    attached: str = ""


@dataclass(frozen=True, kw_only=True)
class Notice:
    """A private answer to the person who asked: one or a few sentences.

    `refused`: nothing was done, so the form it answers keeps what was typed.
    """

    text: str
    buttons: tuple[Button, ...] = ()
    refused: bool = False


class FieldKind(StrEnum):
    """How a field is filled in."""

    TEXT = "text"  # one line
    LONG = "long"  # several lines
    CHOICE = "choice"  # one of `choices`
    CHOICES = "choices"  # any of `choices`, as ticks
    DATE = "date"
    SEARCH = "search"  # typed search answered by the search deed named in `search`
    STATEMENT = "statement"  # text to read, nothing to fill in
    BUTTONS = "buttons"  # a row of buttons inside the form


WRONG = "wrong"
"""The key of the statement on top of a form that says what could not be read, or is not right."""


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One answer of a choice: `value` is kept, `label` is read."""

    value: str
    label: str


@dataclass(frozen=True, kw_only=True)
class Field:
    """One field of a form. `initial` is text, an ISO date, a choice's value, or several values."""

    key: str
    kind: FieldKind
    label: str = ""
    text: str = ""  # for statements
    hint: str = ""
    required: bool = False
    initial: str | tuple[str, ...] = ""
    initial_label: str = ""  # for searches: how the initial value reads
    choices: tuple[Choice, ...] = ()
    search: str = ""
    max_length: int = 2900
    means: DayOf | None = None  # for dates: between which days it can lie; `handlers.days` makes these fields
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Form:
    """A form. `deed` receives the submission; `subject`, `run` and `context` come back with it unchanged.

    `context` holds keys and choices only, never words about a child. `on_top` is the first line, above all fields: how
    the concern or review in it stands, by when, and for whom one acts. `handlers.on_top` writes it, no form does.
    """

    deed: str
    title: str
    fields: tuple[Field, ...]
    submit: str = ""  # nothing to submit: the form is read and closed
    cancel: str = "Cancel"
    subject: str = ""
    run: int | None = None
    context: Mapping[str, str] = field(default_factory=dict)
    on_top: str = ""


@dataclass(frozen=True, kw_only=True)
class Errors:
    """What is wrong, beside each field by its key; everything typed is kept."""

    by_field: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Suggestions:
    """The answer to a search field."""

    choices: tuple[Choice, ...]


Answer = Notice | Card | Form | Errors | Suggestions
