"""What a browser sends, read as acts: a command, a press, a form sent in, a search."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import uuid4

from pydantic import TypeAdapter, ValidationError

from bot.reception import acts, lines
from bot.workspace.declaration import PAGE
from handlers.requests import Value
from handlers.typed import readable

MOST_WORDS = 2000
MOST_LETTERS = 20_000

# How a form's inputs are named: a field's value, its ticks, the parts of its date, the words of its search.
ONE, MANY, DATE, QUERY = "one.", "many.", "date.", "query."
DATE_PARTS = ("day", "month", "year")
HIDDEN = "form"


class Place(StrEnum):
    """Where in the page it was done, which decides where its answer goes."""

    COMMAND = "command"
    MESSAGE = "message"
    FORM = "form"
    SUBMISSION = "submission"
    SEARCH = "search"


class Unreadable(Exception):
    """What the browser sent is not what this page's forms send."""


@dataclass(frozen=True, kw_only=True)
class Act(acts.Act):
    """One act of the person at `account`. `problems` are dates that are none, by the key of their field."""

    called = PAGE

    workspace: str = PAGE.name
    place: Place
    problems: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Held:
    """What a form carries beside its fields. `nonce` is new for every drawing."""

    deed: str
    subject: str = ""
    run: int | None = None
    context: Mapping[str, str] = field(default_factory=dict)
    nonce: str = ""


@dataclass(frozen=True, kw_only=True)
class Sent:
    """The names and values of a form as the browser sent them, in order; repeated names are ticks."""

    pairs: tuple[tuple[str, str], ...]

    def text(self, name: str) -> str:
        """The last value of that name; nothing where it was not sent."""
        return next((value for key, value in reversed(self.pairs) if key == name), "")

    def many(self, name: str) -> tuple[str, ...]:
        """Every value of that name that is not empty."""
        return tuple(value for key, value in self.pairs if key == name and value)

    def names(self, prefix: str) -> list[str]:
        """The field keys that were sent under a prefix, each once."""
        return list(dict.fromkeys(key.removeprefix(prefix) for key, _ in self.pairs if key.startswith(prefix)))


HELD = TypeAdapter(Held)


def sent(pairs: Iterable[tuple[str, str]]) -> Sent:
    """What was sent, without what no keyboard types: halves of letters, and signs that only steer a screen."""
    return Sent(pairs=tuple((name, clean(value)) for name, value in pairs))


def clean(text: str) -> str:
    """The text as it is kept, with plain line ends, at most as long as anything that is kept."""
    return readable(text)[:MOST_LETTERS]


def command(account: str, line: str) -> Act:
    """A typed line: a command with or without its slash, or free text, of which no word goes on."""
    return Act(account=account, place=Place.COMMAND, key=_once(), **lines.line(clean(line)[:MOST_WORDS]))


def press(account: str, given: Sent) -> Act:
    """A button, in a message or in a form; in a form what is filled in goes along."""
    held = _held(given) if given.text(HIDDEN) else None
    values, _ = _values(given)
    subject, deed = given.text("subject"), given.text("deed")
    name, _, words = subject.partition(" ") if deed == "command" else ("", "", "")
    return Act(
        account=account,
        place=Place.FORM if held is not None else Place.MESSAGE,
        key=_once(),
        deed=deed,
        command=name,
        words=words,
        subject=subject,
        run=_number(given.text("run")),
        values=values,
        context=held.context if held is not None else {},
    )


def submission(account: str, given: Sent) -> Act:
    """A form sent in. The same drawing with the same content has the same key, so a second click does nothing."""
    held = _held(given)
    values, problems = _values(given)
    content = json.dumps([account, held.nonce, held.deed, sorted(values.items())])
    return Act(
        account=account,
        place=Place.SUBMISSION,
        key=f"page:form:{hashlib.sha256(content.encode()).hexdigest()[:32]}",
        deed=held.deed,
        subject=held.subject,
        run=held.run,
        values=values,
        context=held.context,
        problems=problems,
    )


def search(account: str, given: Sent) -> Act:
    """What is typed into a search field; which one, `search` names."""
    held = _held(given) if given.text(HIDDEN) else None
    values, _ = _values(given)
    return Act(
        account=account,
        place=Place.SEARCH,
        key=_once(),
        deed="search",
        subject=given.text("search"),
        words=given.text(QUERY + given.text("field"))[:MOST_WORDS],
        values=values,
        context=held.context if held is not None else {},
    )


def _once() -> str:
    return f"page:act:{uuid4().hex}"


def _held(given: Sent) -> Held:
    """What the form carried; Unreadable where it is none of ours."""
    try:
        return HELD.validate_json(given.text(HIDDEN))
    except ValidationError:
        raise Unreadable from None


def _values(given: Sent) -> tuple[dict[str, Value], dict[str, str]]:
    """What was filled in by field, and the dates that are none."""
    values: dict[str, Value] = {key: given.text(ONE + key) for key in given.names(ONE)}
    values |= {key: given.many(MANY + key) for key in given.names(MANY)}
    problems = {}
    for key in {name.rpartition(".")[0] for name in given.names(DATE)}:
        parts = [given.text(f"{DATE}{key}.{part}").strip() for part in DATE_PARTS]
        written = _date(parts)
        values[key] = written or ""
        if written is None:
            problems[key] = "This is no day: give the day, the month and the year in numbers, such as 12 1 2027."
    return values, problems


def _date(parts: list[str]) -> str | None:
    """An ISO date; nothing for an empty one, None for what is no day."""
    if not any(parts):
        return ""
    if not all(part.isascii() and part.isdigit() and len(part) <= 4 for part in parts):
        return None
    day, month, year = map(int, parts)
    try:
        return date(year + 2000 if year < 100 else year, month, day).isoformat()
    except ValueError:
        return None


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else None
