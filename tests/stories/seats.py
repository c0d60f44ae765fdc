"""Where the people of a long story sit: at the screens of a platform, or at the bench, which takes less time.

At both they type commands, fill in forms by their labels, and press buttons by their words.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Protocol

from handlers.cards import Answer, Button, Card, Choice, Field, FieldKind, Form, Suggestions
from handlers.dispatch import answer
from handlers.requests import Value
from tests.bench import Bench, button, buttons, words
from tests.cast import STAFF
from tests.first_lines import undated
from tests.screens import Filled, first_line, plain_text_of
from tests.world import AnyWorld


@dataclass(frozen=True, kw_only=True)
class Read:
    """A message as somebody read it when it came; `at` is when they looked, at the bench when it was sent."""

    at: datetime
    who: str
    title: str
    text: str


class Seats(Protocol):
    """What a story asks of them."""

    @property
    def now(self) -> datetime:
        """The moment it is."""

    def typed(self, who: str, line: str, values: Mapping[str, Filled] | None = None) -> str:
        """Somebody types a command, and sends the form it opens filled in; what they read then."""

    def pressed(self, who: str, line: str, *names: str) -> str:
        """Somebody types a command and presses buttons of what they see, one after the other; what they read then.

        Each by its words, and where several have these with what it stands beside: "Wrong worker, AB-1042".
        """

    def in_form(self, who: str, line: str, label: str) -> str:
        """Somebody types a command and presses a button of the form it opens; what they read then."""

    def go_to_day(self, day: date, wall: time = time(9, 30)) -> None:
        """The clock goes on."""

    def came(self) -> list[Read]:
        """Everything anybody got since one last asked, in the order of the staff file."""


class AtScreens:
    """Over real HTTP."""

    def __init__(self, world: AnyWorld) -> None:
        self.world = world
        self._read: dict[str, int] = {}

    @property
    def now(self) -> datetime:
        """The moment it is."""
        return self.world.now

    def typed(self, who: str, line: str, values: Mapping[str, Filled] | None = None) -> str:
        """As `Seats` says."""
        seen = self.world.command(who, line)
        return seen.text if values is None else self.world.submit(who, seen, values).text

    def pressed(self, who: str, line: str, *names: str) -> str:
        """As `Seats` says."""
        seen = self.world.command(who, line)
        person = self.world.people[who]
        for name in names:
            label, _, near = name.partition(", ")
            dialog = seen.view or getattr(seen, "notice", None)  # Teams shows a page of a list in a dialog
            press = person.press if dialog is None else person.press_in_view
            seen = press(dialog or seen.message, label, near=near or None)
            self.world.beat()
        return seen.text

    def in_form(self, who: str, line: str, label: str) -> str:
        """As `Seats` says."""
        seen = self.world.people[who].press_in_view(self.world.command(who, line), label)
        self.world.beat()
        return seen.text

    def go_to_day(self, day: date, wall: time = time(9, 30)) -> None:
        """The clock goes on."""
        self.world.go_to_day(day, wall)

    def came(self) -> list[Read]:
        """As `Seats` says."""
        return [one for login, *_ in STAFF for one in self._came_to(login)]

    def _came_to(self, who: str) -> Iterator[Read]:
        everything = self.world.inbox(who)
        for message in everything[self._read.get(who, 0) :]:
            yield Read(at=self.now, who=who, title=first_line(message), text=plain_text_of(message))
        self._read[who] = len(everything)


class AtTheBench:
    """Without a platform."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self._read = 0

    @property
    def now(self) -> datetime:
        """The moment it is."""
        return self.bench.now

    def typed(self, who: str, line: str, values: Mapping[str, Filled] | None = None) -> str:
        """As `Seats` says."""
        shown = self.bench.command(who, line)
        if values is not None:
            assert isinstance(shown, Form), words(shown)
            by_label = {one.label: one for one in shown.fields}
            given = dict(self._filled(who, by_label[label], value) for label, value in values.items())
            shown = self.bench.submit(who, shown, given)
        return _read(shown)

    def _filled(self, who: str, one: Field, value: Filled) -> tuple[str, Value]:
        if one.kind is FieldKind.SEARCH:
            found = answer(self.bench.office, self.bench.request(who, "search", subject=one.search, words=str(value)))
            assert isinstance(found, Suggestions)
            return one.key, _chosen(found.choices, value)
        if isinstance(value, list):
            return one.key, tuple(_chosen(one.choices, each) for each in value)
        return one.key, value.isoformat() if isinstance(value, date) else _chosen(one.choices, value)

    def pressed(self, who: str, line: str, *names: str) -> str:
        """As `Seats` says."""
        shown = self.bench.command(who, line)
        for name in names:
            assert isinstance(shown, Card), shown
            label, _, near = name.partition(", ")
            offered = (
                [one for line in shown.lines if near in line.text for one in line.buttons] if near else buttons(shown)
            )
            shown = self.bench.press(who, next(one for one in offered if one.label == label))
        return _read(shown)

    def in_form(self, who: str, line: str, label: str) -> str:
        """As `Seats` says."""
        shown = self.bench.command(who, line)
        assert isinstance(shown, Form), words(shown)
        return _read(self.bench.press(who, button(shown, label)))

    def go_to_day(self, day: date, wall: time = time(9, 30)) -> None:
        """The clock goes on."""
        self.bench.go_to_day(day, wall)

    def came(self) -> list[Read]:
        """As `Seats` says."""
        fresh, self._read = self.bench.told[self._read :], len(self.bench.told)
        order = [login for login, *_ in STAFF]
        fresh.sort(key=lambda one: order.index(one.to))
        return [Read(at=one.at, who=one.to, title=undated(one.title), text=_read(one.card)) for one in fresh]


def _chosen(choices: tuple[Choice, ...], value: Filled) -> str:
    """The value of the choice that reads so; what was typed where there is none."""
    return next((one.value for one in choices if one.label.startswith(str(value))), str(value))


def _read(shown: Answer | Card) -> str:
    """An answer or a message as it stands on a screen, with its buttons in brackets."""
    if not isinstance(shown, Card):
        return words(shown)
    rows = [(shown.title, ()), *((line.text, line.buttons) for line in shown.lines), ("", shown.buttons)]
    return "\n".join(part for text, several in rows for part in (text, _brackets(several)) if part)


def _brackets(several: tuple[Button, ...]) -> str:
    return " ".join(f"[{one.label}]" for one in several)
