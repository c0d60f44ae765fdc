"""Draws cards, notices and forms as HTML: the same that Slack and Teams draw in their own way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from uuid import uuid4

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bot.workspace import acts
from bot.workspace.acts import HELD, Held
from handlers.cards import Button, Card, Field, FieldKind, Form, Line, Notice
from handlers.wording import when
from scheduling.deadline_wording import say_day, say_time
from scheduling.working_days import local

TEMPLATES = Path(__file__).with_name("templates")
ASSETS = "/workspace/assets/"
FEW = 7
"""So many choices that have to be answered are shown at once; more are a list to open."""


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One message as a chat shows it. `number` tells it from every other; one that was never sent has a word."""

    number: str
    title: str
    lines: Sequence[Line]
    buttons: Sequence[Button]
    at: str = ""
    shrunk: bool = False
    private: bool = False
    file: str = ""
    file_address: str = ""


def environment() -> Environment:
    """The templates; what is put into them is escaped."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {
        "assets": ASSETS,
        "kinds": FieldKind,
        "names": acts,
        "few": FEW,
        "accessible": Button.named,
        "date_parts": date_parts,
        "ticked": ticked,
        "as_read": as_read,
    }
    made.filters |= {
        "day": say_day,
        "number": plain_number,
        "paragraphs": paragraphs,
        "clock": clock_words,
        "moment": when,
    }
    return made


def held(form: Form) -> str:
    """What a form carries beside its fields, as text."""
    carried = Held(deed=form.deed, subject=form.subject, run=form.run, context=dict(form.context), nonce=uuid4().hex)
    return HELD.dump_json(carried).decode()


def date_parts(value: object) -> Mapping[str, str]:
    """The day, month and year of an ISO date; empty for what is none."""
    try:
        day = date.fromisoformat(str(value))
    except ValueError:
        return dict.fromkeys(acts.DATE_PARTS, "")
    return {"day": str(day.day), "month": str(day.month), "year": str(day.year)}


def ticked(field: Field) -> tuple[str, ...]:
    """The values that are chosen at first."""
    if isinstance(field.initial, tuple):
        return field.initial
    return (field.initial,) if field.initial else ()


def as_read(field: Field) -> str:
    """What the field holds, for a form that is only read."""
    chosen = ticked(field)
    labels = [choice.label for choice in field.choices if choice.value in chosen]
    return "\n".join(labels) or field.initial_label or "\n".join(chosen) or "-"


def plain_number(number: float) -> str:
    """A number as people write it: 2 and not 2.0."""
    return f"{number:g}"


def paragraphs(text: str) -> Markup:
    """Text with its line ends."""
    return Markup("<br>").join(text.split("\n"))


def clock_words(moment: datetime) -> str:
    """A moment as a chat stamps it: "Mon 30 Nov 2026, 9:12 am"."""
    here = local(moment)
    return f"{say_day(here.date())}, {say_time(here.time())}"


class Drawing:
    """The page's templates, with the words that stand on every screen."""

    def __init__(self) -> None:
        self._environment = environment()

    def page(self, template: str, **given: object) -> str:
        """A whole page."""
        return self._environment.get_template(template).render(**given)

    def part(self, macro: str, *given: object, **named: object) -> Markup:
        """A part of a page: a macro of `parts.html`."""
        parts = self._environment.get_template("parts.html").module
        return Markup(getattr(parts, macro)(*given, **named))  # noqa: S704 - the macros escape what they are given

    def form(self, seat: str, form: Form) -> Markup:
        """The form, to stand in the dialog of that seat's phone."""
        return self.part("form", seat, form, held(form))


def shown_card(card: Card, number: str, *, private: bool = False) -> Shown:
    """A card as a chat shows it."""
    return Shown(number=number, title=card.title, lines=card.lines, buttons=card.buttons, private=private)


def shown_notice(notice: Notice) -> Shown:
    """A private answer as a chat shows it."""
    lines = (Line(text=notice.text),)
    return Shown(number=uuid4().hex[:8], title="", lines=lines, buttons=notice.buttons, private=True)
