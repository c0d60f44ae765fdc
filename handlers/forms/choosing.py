"""The kinds of fields in which something offered is chosen: one, or any of several."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from handlers import cards
from handlers.cards import FieldKind
from handlers.fitting import NOT_ALL_OFFERED, NOT_OFFERED
from handlers.forms.kinds import Asked, AskedWords, Choices, Wrong, said
from handlers.office import Scene
from handlers.requests import Value


@dataclass(kw_only=True)
class Offering(Asked):
    """Base of both: what is offered is the same for all, or goes by what the form is about."""

    kind: ClassVar[FieldKind]
    of: Choices = ()

    def _choices(self, about: object) -> Sequence[cards.Choice]:
        return self.of(about) if callable(self.of) else self.of

    def _drawn(self, about: object, given: Value) -> cards.Field:
        return cards.Field(
            key=self.key,
            kind=self.kind,
            label=said(self.label, about),
            hint=said(self.hint, about),
            required=self.is_required(about),
            choices=tuple(self._choices(about)),
            initial=given,
        )


@dataclass(kw_only=True)
class AskedChoice(Offering):
    """One of several, as what `into` makes of its value. What is not among them is never taken.

    Where there is nothing to choose from it is not asked, or asked as a line of `or_line` characters.
    """

    kind: ClassVar[FieldKind] = FieldKind.CHOICE
    into: Callable[[str], object] = str
    or_line: int = 0
    empty: object = None
    """The value in a draft where nothing is chosen yet."""

    def nothing(self) -> object:
        """Nothing was chosen."""
        return self.empty

    def is_asked(self, about: object) -> bool:
        """Not where there is nothing to choose from."""
        return bool(self.or_line or self._choices(about)) and super().is_asked(about)

    def looks_through(self, about: object) -> bool:
        """As a line it may say anything."""
        return not self._choices(about)

    def _told(self, held: Any, about: object) -> str:  # noqa: ANN401 - whatever its column holds
        return next((one.label for one in self._choices(about) if one.value == str(held)), "")

    def _drawn(self, about: object, given: Value) -> cards.Field:
        if self.or_line and not self._choices(about):
            return self._as_line()._drawn(about, given)
        return super()._drawn(about, given)

    def _read(self, scene: Scene, about: object, given: Value, stood: Value) -> object:
        if self.or_line and not self._choices(about):
            return self._as_line()._read(scene, about, given, stood)
        if given not in {stood, *(one.value for one in self._choices(about))}:
            raise Wrong(self.missing or NOT_OFFERED)
        return self.into(str(given))

    def _as_line(self) -> AskedWords:
        return AskedWords(
            key=self.key,
            label=self.label,
            hint=self.hint,
            required=self.required,
            kind=FieldKind.TEXT,
            limit=self.or_line,
        )


@dataclass(kw_only=True)
class AskedTicks(Offering):
    """Any of several. `single` is one tick, which is given or not."""

    kind: ClassVar[FieldKind] = FieldKind.CHOICES
    takes_many: ClassVar[bool] = True
    single: bool = False

    def _kept(self, value: object) -> object:
        return ",".join(value) if isinstance(value, tuple) else value

    def _given(self, held: Any) -> Value:  # noqa: ANN401 - whatever its column holds
        if self.single:
            return ("yes",) if held else ()
        return tuple(filter(None, held.split(",")))

    def _told(self, held: Any, about: object) -> str:  # noqa: ANN401 - whatever its column holds
        if self.single:
            return "Yes"
        return "; ".join(one.label for one in self._choices(about) if one.value in held.split(","))

    def _read(self, scene: Scene, about: object, given: Value, stood: Value) -> object:
        ticked: Collection[str] = given if isinstance(given, tuple) else (given,)
        kept = stood if isinstance(stood, tuple) else ()
        known = dict.fromkeys((*(one.value for one in self._choices(about)), *kept))
        if any(one not in known for one in ticked):
            raise Wrong(self.missing or NOT_ALL_OFFERED)
        return True if self.single else tuple(one for one in known if one in ticked)

    def nothing(self) -> object:
        """Nothing was ticked."""
        return False if self.single else ()
