"""Reads one table of a procedures file: each value checked when taken, every fault noted with its line."""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from difflib import get_close_matches
from typing import TypeVar

from scheduling.duration import Duration, parse_duration
from scheduling.procedures.locating import Lines, Path
from scheduling.procedures.types import Problem, Severity

Raw = Mapping[str, object]
T = TypeVar("T")

KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
SELECT_LIMIT = 75  # what Slack shows of an entry in a list
_TIME = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)")
_NO_LETTERS = ("Cc", "Co")  # controls, and private signs, by which our sentences name what a label calls otherwise
_JOINER = "\u200d"  # several emoji that are one
_RESERVED = re.compile(r"clos|edit|delet|withdr|re_?open|amend|re_?dat|overwrit|rewrit|agree_extension")


def _seen(words: str) -> str:
    return "".join(sign for sign in words if sign == _JOINER or unicodedata.category(sign) != "Cf").strip()


_OF_PEOPLE = re.compile(r"_by$|^(may|can|who)_")


@dataclass
class Findings:
    """The faults found so far in one text."""

    file: str
    lines: Lines
    problems: list[Problem] = field(default_factory=list)

    def note(self, path: Path, what: str, right: str = "", severity: Severity = "error") -> None:
        """Adds a fault at the line of the path."""
        line = self.lines.line(path)
        problem = Problem(file=self.file, line=line, severity=severity, what=what, right=right)
        if problem not in self.problems:
            self.problems.append(problem)


class Table:
    """One table of the file. Every `take` notes a fault and answers with the default instead of raising.

    `own` is what the file states; `inherited` fills in what it does not.
    """

    def __init__(self, findings: Findings, path: Path, own: object, inherited: object = None) -> None:
        self.findings, self.path = findings, path
        self.own: Raw = own if isinstance(own, dict) else {}
        self.inherited: Raw = inherited if isinstance(inherited, dict) else {}
        self.taken: set[str] = set()
        if own is not None and not isinstance(own, dict):
            self.note((), f"{self.name} is not a table.", f"Write a line [{self.name}] and its keys below it.")

    @property
    def name(self) -> str:
        """The table as people write it: "stages", "roles.labels"."""
        return ".".join(part for part in self.path if isinstance(part, str)) or "the file"

    @property
    def stated(self) -> bool:
        """Whether the file has this table at all."""
        return bool(self.own)

    @property
    def alone(self) -> "Table":
        """The same table without what is inherited."""
        table = Table(self.findings, self.path, self.own)
        table.taken = self.taken
        return table

    def note(self, key: str | Path, what: str, right: str = "", severity: Severity = "error") -> None:
        """Adds a fault at the line of the key."""
        below = (key,) if isinstance(key, str) else key
        self.findings.note((*self.path, *below), what, right, severity)

    def take(self, key: str) -> object:
        """The raw value: the file's own, else the inherited one, else None."""
        self.taken.add(key)
        return self.own.get(key, self.inherited.get(key))

    def table(self, key: str, inherit: bool = True) -> "Table":
        """The table below this one."""
        self.taken.add(key)
        above = self.inherited.get(key) if inherit else None
        return Table(self.findings, (*self.path, key), self.own.get(key), above)

    def tables(self, key: str) -> list["Table"]:
        """The array of tables that the file itself states under the key."""
        self.taken.add(key)
        rows = self.own.get(key, [])
        if not isinstance(rows, list):
            self.note(key, f'"{key}" is not a list of tables.', f"Write [[{key}]] above each of them.")
            return []
        return [Table(self.findings, (*self.path, key, place), row) for place, row in enumerate(rows)]

    def text(self, key: str, *, longest: int = 400, required: bool = True, default: str = "") -> str:
        """Some words, without surrounding space, and without what turns writing or has no width."""
        value = self.take(key)
        if value is None:
            if required:
                self.missing(key, f'Add {key} = "..." below [{self.name}].')
            return default
        if not isinstance(value, str) or not (value := _seen(value)):
            self.note(key, f'"{key}" must be words in quotation marks.', f'For example {key} = "...".')
            return default
        if any(unicodedata.category(sign) in _NO_LETTERS for sign in value):
            self.note(key, f'"{key}" holds a line break or a control sign.', "Write it on one line, in plain letters.")
            return default
        if len(value) > longest:
            self.too_long(key, value, longest)
        return value

    def too_long(self, key: str, value: str, longest: int) -> None:
        """Notes words that would not fit where they are shown."""
        what = f'"{value[:40]}..." has {len(value)} characters; {longest} fit where it is shown.'
        self.note(key, what, f"Write {longest} characters or fewer.")

    def missing(self, key: str, right: str) -> None:
        """Notes a key that must be there."""
        self.note((), f'"{key}" is missing in [{self.name}].', right)

    def key(self, key: str = "key") -> str:
        """A short name for machines: small letters, digits and underscores."""
        value = self.text(key)
        if value and not KEY.fullmatch(value):
            right = 'Use small letters, digits and "_", starting with a letter, at most 40.'
            self.note(key, f'"{value}" cannot be used as a key.', right)
            return ""
        return value

    def duration(self, key: str, default: Duration | None = None, *, required: bool = False) -> Duration | None:
        """A length of time such as "10 working days"."""
        value = self.take(key)
        if value is None:
            if required:
                self.missing(key, f'Add {key} = "10 working days" (or hours, days, weeks, months).')
            return default
        if not isinstance(value, str):
            self.note(key, f'"{key}" must be a length of time in quotation marks.', '"10 working days"')
            return default
        try:
            return parse_duration(value)
        except ValueError as wrong:
            self.note(key, str(wrong))
            return default

    def choice(self, key: str, choices: Mapping[str, T], default: T) -> T:
        """One of a few words."""
        value = self.take(key)
        if value is None:
            return default
        if isinstance(value, str) and value in choices:
            return choices[value]
        right = "Write one of: " + ", ".join(f'"{name}"' for name in choices) + "."
        self.note(key, f'"{key}" cannot be {_said(value)}.', right)
        return default

    def yes(self, key: str, default: bool) -> bool:
        """Whether it is true or false."""
        value = self.take(key)
        if value is None or isinstance(value, bool):
            return default if value is None else value
        self.note(key, f'"{key}" cannot be {_said(value)}.', "Write true or false.")
        return default

    def number(self, key: str, default: int, *, least: int = 1, most: int = 1000) -> int:
        """A whole number between the two."""
        value = self.take(key)
        if value is None:
            return default
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        self.note(key, f'"{key}" cannot be {_said(value)}.', f"Write a whole number from {least} to {most}.")
        return default

    def words(self, key: str, *, longest: int = SELECT_LIMIT, required: bool = False) -> tuple[str, ...]:
        """A list of words."""
        value = self.take(key)
        if value is None and required:
            self.missing(key, f'Add {key} = ["...", "..."].')
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(word, str) and word.strip() for word in value):
            self.note(key, f'"{key}" must be a list of words.', f'For example {key} = ["...", "..."].')
            return ()
        words = [str(word).strip() for word in value]
        for word in words:
            if len(word) > longest:
                self.too_long(key, word, longest)
        for word in sorted({word for word in words if words.count(word) > 1}):
            self.note(key, f'"{word}" stands twice in "{key}".', "Name it once.")
        return tuple(dict.fromkeys(words))

    def clock(self, key: str, default: time) -> time:
        """A time of day, local."""
        value = self.take(key)
        if value is None:
            return default
        if isinstance(value, time):
            return value
        written = _TIME.fullmatch(value.strip()) if isinstance(value, str) else None
        if written:
            return time(int(written.group(1)), int(written.group(2)))
        self.note(key, f'"{key}" cannot be {_said(value)}.', 'Write a time of day, for example "17:00".')
        return default

    def day(self, key: str) -> date | None:
        """A date; nothing when it is not given."""
        value = self.take(key)
        if value is None or (isinstance(value, date) and type(value) is date):
            return value
        self.note(key, f'"{key}" cannot be {_said(value)}.', f"Write a date, for example {key} = 2026-04-01.")
        return None

    def each(self, key: str, read: Callable[[str], T | None]) -> list[T]:
        """The words of a list, each read; `read` notes its own faults and answers None."""
        return [got for word in self.words(key) if (got := read(word)) is not None]

    def close(self, known: Collection[str] = ()) -> None:
        """Notes every key that nobody took: unknown, misspelled, or one that no file may set."""
        for key in self.own:
            if key not in self.taken and key not in known:
                self.unknown(key, self.taken.union(known))

    def unknown(self, key: str, known: Iterable[str]) -> None:
        """Notes an unknown key, with the nearest known one."""
        near = get_close_matches(key[:60], sorted(known), n=1)
        misspelled = near and _RESERVED.search(near[0]) and not _OF_PEOPLE.search(key.lower())
        if _RESERVED.search(key.lower()) and not misspelled:
            what = f'"{key}" cannot be set: no procedures file can give closing or editing to anyone.'
            right = "Remove it. Only the child's IRO closes a concern, and nobody edits what is recorded."
            self.note(key, what, right)
            return
        right = f'Did you mean "{near[0]}"?' if near else "Known here: " + ", ".join(sorted(known)) + "."
        self.note(key, f'"{key[:60]}" is not known in [{self.name}].', right)


def _said(value: object) -> str:
    match value:
        case str():
            return f'"{value}"' if len(value) <= 60 else f'"{value[:57]}..."'
        case bool() | date() | time():
            return str(value).lower()
        case int() | float():
            return str(value) if abs(value) < 10**12 else "so large a number"
        case list():
            return "a list"
        case _:
            return "a table"
