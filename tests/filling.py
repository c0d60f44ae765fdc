"""People's hands: they fill in any form with something that could be meant, and find how each act can be done."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from types import MappingProxyType

from sqlalchemy import Engine

from handlers.cards import Answer, Button, Card, Choice, Errors, Field, FieldKind, Form, Notice, Suggestions
from handlers.day_windows import WINDOWS
from handlers.dispatch import DEEDS, answer
from handlers.office import Office
from handlers.requests import Request, Value
from handlers.who_hears.table import ONLY_SHOWS
from scheduling.working_days import local
from tests.bench import buttons
from tests.cast import AUTHORITY, WORKSPACE

ACTS = sorted({*DEEDS} - ONLY_SHOWS)
"""Every deed of the table that changes something."""
ROUNDS = 10
"""As often as somebody may be wrong in one form."""
AHEAD = timedelta(days=15)
LINES = ("Words.", "AB-9009", "2014-05", "2 pm")
"""What a line of text may have to be."""
Order = Callable[[Sequence[Choice]], Sequence[Choice]]


@dataclass(frozen=True, kw_only=True)
class Way:
    """How somebody can do an act: by a button, inside a form or not, or by sending a form."""

    who: str
    button: Button | None = None
    form: Form | None = None


@dataclass
class Hands:
    """At no particular screen: `clock` says when they act, `order` which of several choices they like best."""

    engine: Engine
    ids: Mapping[str, int]
    clock: Callable[[], datetime]
    order: Order = tuple
    keys: "count[int]" = field(default_factory=count)

    def ask(self, who: str, deed: str, *, opens_forms: bool = True, **given: object) -> Answer:
        """One request through the front door."""
        parts: dict[str, object] = {"key": f"hands-{next(self.keys)}", "workspace": WORKSPACE, **given}
        asked = Request(
            authority=AUTHORITY,
            person_id=self.ids[who],
            platform="slack",
            deed=deed,
            **parts,  # type: ignore[arg-type]  # each is a field of a request
        )
        return answer(Office(engine=self.engine, clock=self.clock), asked, opens_forms=opens_forms)

    def look(self, who: str, button: Button) -> Answer:
        """What a press would open; a form is opened for nobody, so that it has no effect."""
        return self.ask(who, button.deed, subject=button.subject, run=button.run, opens_forms=False)

    def go(self, way: Way, *, otherwise: bool = False) -> Answer:
        """Do the act; `otherwise` than the form proposes."""
        if way.button is None:
            assert way.form is not None
            return self.send(way.who, way.form, otherwise=otherwise)
        values = self.values(way.who, way.form) if way.form is not None else {}
        return self.ask(way.who, way.button.deed, subject=way.button.subject, run=way.button.run, values=values)

    def send(self, who: str, form: Form, *, otherwise: bool = False) -> Answer:
        """Fill in the form and send it; where something is wrong or asked once more, as it can be meant otherwise."""
        tried: Counter[str] = Counter(one.key for one in form.fields if otherwise and one.initial)
        given: Answer = form
        for _ in range(ROUNDS):
            if isinstance(given, Form) and given.deed == form.deed:
                form = given
            elif isinstance(given, Errors):
                tried.update([*given.by_field])
            else:
                break
            values = self.values(who, form, tried)
            given = self.ask(who, form.deed, subject=form.subject, run=form.run, context=form.context, values=values)
        return given

    def values(self, who: str, form: Form, tried: Mapping[str, int] = MappingProxyType({})) -> dict[str, Value]:
        """Something for every field; what was wrong so many times in the next way it can be meant."""
        found: dict[str, Value] = {}
        for one in form.fields:
            ways = list(self._meant(who, one))
            if ways and (value := ways[min(tried.get(one.key, 0), len(ways) - 1)]):
                found[one.key] = value
        return found

    def _meant(self, who: str, one: Field) -> Iterator[Value]:
        """What a person may have in mind for a field, the likely first."""
        if one.initial or not one.required:
            yield one.initial
        match one.kind:
            case FieldKind.TEXT | FieldKind.LONG:
                yield from LINES
            case FieldKind.DATE:
                today = local(self.clock()).date()
                is_past = one.means is not None and WINDOWS[one.means].ahead == 0
                yield from (day.isoformat() for day in ((today, today - AHEAD) if is_past else (today + AHEAD, today)))
            case FieldKind.CHOICE:
                yield from (choice.value for choice in self.order(one.choices) if choice.value != one.initial)
            case FieldKind.CHOICES:
                yield from ((choice.value,) for choice in one.choices)
            case FieldKind.SEARCH:
                given = self.ask(who, "search", subject=one.search)
                found = given.choices if isinstance(given, Suggestions) else ()
                yield from (choice.value for choice in self.order(found) if choice.value != one.initial)


@dataclass
class Ways:
    """By the act: how these people can do it, found from what is open to them of these subjects."""

    hands: Hands
    found: dict[str, list[Way]] = field(default_factory=dict)
    _looked: set[tuple[str, str, str, int | None]] = field(default_factory=set)

    def look_round(self, people: Sequence[str], subjects: Mapping[str, Sequence[str]]) -> None:
        """Everything that can be opened from somebody's day, a concern, a child's reviews or a form of its own."""
        for who in people:
            for root in _roots(subjects):
                if not self._leads_nowhere(root.deed):
                    self._open(who, root, deep=3 if root.deed == DAY else 2)

    def _open(self, who: str, button: Button, deep: int) -> None:
        press = (who, button.deed, button.subject, button.run)
        if press in self._looked:
            return
        self._looked.add(press)
        shown = self.hands.look(who, button)
        if not isinstance(shown, Card | Form | Notice):
            return
        form = shown if isinstance(shown, Form) else None
        if form is not None and form.deed:
            self._note(form.deed, Way(who=who, form=form))
        for one in buttons(shown):
            if one.deed in ONLY_SHOWS and deep > 1 and not self._leads_nowhere(one.deed):
                self._open(who, one, deep - 1)
            elif one.deed not in ONLY_SHOWS:
                self._note(one.deed, Way(who=who, button=one, form=form))

    def _note(self, deed: str, way: Way) -> None:
        self.found.setdefault(deed, []).append(way)

    def _leads_nowhere(self, deed: str) -> bool:
        """Whether it opens forms for acts that are known well enough."""
        led_to = [one for one in ACTS if one.startswith(f"{deed}.")]
        return bool(led_to) and all(len(self.found.get(one, ())) >= ENOUGH for one in led_to)

    def of(self, deed: str, people: Sequence[str], subjects: Mapping[str, Sequence[str]]) -> Iterator[Way]:
        """The ways found; else what stands in no form, a message's own button or a command, pressed by each of them."""
        if deed in self.found:
            yield from self.found[deed]
            return
        several = subjects.get(deed.partition(".")[0], ("",))
        for who in people:
            yield from (Way(who=who, button=Button(label="", deed=deed, subject=one)) for one in several)


DAY = "iro.day"
ENOUGH = 2


def _roots(subjects: Mapping[str, Sequence[str]]) -> Iterator[Button]:
    yield Button(label="", deed=DAY)
    for room, several in subjects.items():
        shows = [f"{room}.open"] if f"{room}.open" in DEEDS else []
        yield from (Button(label="", deed=name, subject=one) for name in shows for one in several)
    for name in sorted(ONLY_SHOWS):
        several = subjects.get(name.partition(".")[0], ("",))
        yield from (
            Button(label="", deed=name, subject=one) for one in (several if f"{name}.send" in DEEDS else several[:1])
        )
