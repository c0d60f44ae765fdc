"""The kinds of fields: of each how it is drawn, read, refused, kept in a row and told on a page.

`about` is what the form is about, such as an opened concern: a label, a hint or choices may go by it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any, ClassVar

from handlers import cards
from handlers.cards import FieldKind
from handlers.day_windows import DayOf, outside
from handlers.days import Edge, day_field, too_early
from handlers.fitting import too_long
from handlers.office import Scene
from handlers.people.dates import written_day
from handlers.requests import Value
from scheduling.deadline_wording import say_day

LONGEST = 2900
"""Characters: what Slack takes in one field, less a margin."""

Words = str | Callable[[Any], str]
Choices = Sequence[cards.Choice] | Callable[[Any], Sequence[cards.Choice]]
First = Callable[[Any], Value] | None
Known = Callable[[Any], Edge] | None
Asks = Callable[[Any], bool] | None
Judge = Callable[[Any, date], str | None] | None
Shown = Callable[[Any], str] | None


class Copied(Enum):
    """When a field goes along, as one form is filled in from what another was sent with."""

    ALWAYS = "always"
    SAME_RULES = "under the same procedures"
    NEVER = "never"


class Wrong(Exception):
    """What was given cannot be taken: a sentence that stands beside its field."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(kw_only=True)
class Asked:
    """One field. `missing` is said where nothing is given though something is needed.

    `first` is what stands in it before anybody has typed; `asks` says of what it is about whether it is asked at all,
    `needs` whether something is needed where it is not always.
    `column` is where its value is kept, where it is one column of a row. On a page it is read under `heading`, or its
    label, as `shown` says it. `copied` says when it goes along into another form. `at_end`: it stands under the others.
    """

    label: Words = ""
    hint: Words = ""
    required: bool = True
    missing: str = ""
    first: First = None
    asks: Asks = None
    needs: Asks = None
    column: Any = None
    heading: str = ""
    shown: Shown = None
    copied: Copied = Copied.ALWAYS
    at_end: bool = False
    key: str = ""
    name: str = ""
    takes_many: ClassVar[bool] = False

    def __set_name__(self, _: type, name: str) -> None:
        """A field is known by the name of its attribute, unless that has a meaning for every form."""
        self.name, self.key = name, self.key or name

    def is_asked(self, about: object) -> bool:
        """Whether the form has it now."""
        return self.asks is None or self.asks(about)

    def is_required(self, about: object) -> bool:
        """Whether something has to be given."""
        return self.required or (self.needs is not None and self.needs(about))

    def looks_through(self, about: object) -> bool:
        """Whether what is given is looked through for what could tell who a child is."""
        return False

    def drawn(self, about: object, given: Value | None) -> cards.Field:
        """As a card has it, with what was given, or with what stands in it at first."""
        first = self.first(about) if self.first is not None else () if self.takes_many else ""
        return self._drawn(about, first if given is None else given)

    def read(self, scene: Scene, about: object, given: Value, *, needed: bool = True, stood: Value = "") -> object:
        """The value; raises Wrong with what is to be said beside the field.

        What is not `needed` yet may be missing; what `stood` there before may stay, though it is offered no more.
        """
        if not given:
            if needed and self.is_required(about):
                raise Wrong(said(self.missing, about) or "Fill this in.")
            return self.nothing()
        return self._read(scene, about, given, stood)

    def keep(self, row: object, value: object) -> None:
        """Write the value into its column; nothing where there is none."""
        if self.column is not None:
            setattr(row, self.column.key, self._kept(value))

    def stands(self, row: object) -> Value:
        """What the form would have been sent with, for the row to hold what it holds."""
        held = getattr(row, self.column.key)
        return "" if held is None else self._given(held)

    def told(self, row: object, about: object) -> str:
        """What the row holds, as a page says it; nothing where it holds nothing."""
        if self.shown is not None:
            return self.shown(row)
        held = getattr(row, self.column.key)
        return self._told(held, about) if held else ""

    def _kept(self, value: object) -> object:
        return value

    def _given(self, held: Any) -> Value:  # noqa: ANN401 - whatever its column holds
        return str(held)

    def _told(self, held: Any, about: object) -> str:  # noqa: ANN401 - the same
        return str(held)

    def _drawn(self, about: object, given: Value) -> cards.Field:
        raise NotImplementedError

    def _read(self, scene: Scene, about: object, given: Value, stood: Value) -> object:
        raise NotImplementedError

    def nothing(self) -> object:
        """The value where nothing is given."""
        return None


def said(words: Words, about: object) -> str:
    """A label or hint, which may go by what the form is about."""
    return words if isinstance(words, str) else words(about)


@dataclass(kw_only=True)
class AskedWords(Asked):
    """Words, on one line or several. Those that are `checked` are looked through for what could tell who a child is."""

    kind: FieldKind = FieldKind.LONG
    limit: int = LONGEST
    checked: bool = True

    def looks_through(self, about: object) -> bool:
        """Unless it is asked for just that, such as a professional's telephone number."""
        return self.checked

    def _kept(self, value: object) -> object:
        return value or None

    def _drawn(self, about: object, given: Value) -> cards.Field:
        return cards.Field(
            key=self.key,
            kind=self.kind,
            label=said(self.label, about),
            hint=said(self.hint, about),
            required=self.is_required(about),
            initial=given,
            max_length=self.limit,
        )

    def _read(self, scene: Scene, about: object, given: Value, stood: Value) -> str:
        text = given if isinstance(given, str) else ""
        if said := too_long(text, self.limit):
            raise Wrong(said)
        return text

    def nothing(self) -> str:
        """Nothing was written."""
        return ""


@dataclass(kw_only=True)
class AskedDay(Asked):
    """A day: between which days it can lie is said by what it means, and by what is known of the case.

    `judge` is asked first: why it cannot be, nothing where it is right whatever it means, None where it cannot say.
    """

    means: DayOf
    missing: str = "Give a date."
    since: Known = None
    until: Known = None
    judge: Judge = None

    def _given(self, held: date) -> Value:
        return held.isoformat()

    def _told(self, held: date, about: object) -> str:
        return say_day(held)

    def _drawn(self, about: object, given: Value) -> cards.Field:
        text = given if isinstance(given, str) else ""
        label, hint = said(self.label, about), said(self.hint, about)
        return day_field(self.means, self.key, label, text, hint=hint, required=self.is_required(about))

    def _read(self, scene: Scene, about: object, given: Value, stood: Value) -> date:
        day = written_day(given) if isinstance(given, str) else None
        if day is None:
            raise Wrong("Give a date, such as 2027-01-12.")
        sentence = self.judge(about, day) if self.judge is not None else None
        if sentence is None:
            sentence = self._outside(scene, about, day)
        if sentence:
            raise Wrong(sentence)
        return day

    def _outside(self, scene: Scene, about: object, day: date) -> str:
        if early := too_early(day, self.since(about) if self.since is not None else None):
            return early
        until = self.until(about) if self.until is not None else None
        if until is not None and until.day is not None and until.day < day <= scene.today:
            return f"This is after {say_day(until.day)}, {until.why}."
        return outside(self.means, day, scene.today)


@dataclass(kw_only=True)
class AskedSearch(Asked):
    """Somebody, or a child, found by typing. `find` gives who it is, or raises Wrong; `named` how they are shown."""

    search: str
    find: Callable[[Any, str], object]
    named: Callable[[Any, str], str]

    def _drawn(self, about: object, given: Value) -> cards.Field:
        chosen = given if isinstance(given, str) else ""
        return cards.Field(
            key=self.key,
            kind=FieldKind.SEARCH,
            label=said(self.label, about),
            hint=said(self.hint, about),
            required=self.is_required(about),
            search=self.search,
            initial=chosen,
            initial_label=self.named(about, chosen) if chosen else "",
        )

    def _read(self, scene: Scene, about: object, given: Value, stood: Value) -> object:
        return self.find(about, given if isinstance(given, str) else "")


@dataclass(kw_only=True)
class AskedPress(Asked):
    """Buttons that stand among the fields: something is pressed in them, and nothing given."""

    required: bool = False
    of: Callable[[Any], Sequence[cards.Button]]

    def _drawn(self, about: object, given: Value) -> cards.Field:
        return cards.Field(key=self.key, kind=FieldKind.BUTTONS, buttons=tuple(self.of(about)))

    def _read(self, scene: Scene, about: object, given: Value, stood: Value) -> object:
        return self.nothing()

    def nothing(self) -> object:
        """They hold no value."""
        return ()
