"""Search fields without a search as one types: what was typed is looked up when the form is sent, or with "Find"."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.teams.fields import FOUND
from handlers.cards import Choice, Field, FieldKind, Form
from handlers.folding import plain_name, plain_reference
from handlers.requests import Value

NOTHING_FOUND = "Nothing was found for this. Type another part of it."
Ask = Callable[[str, str], Sequence[Choice]]


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """What the search fields hold, by key; and where that is not clear, what is wrong and what there is to choose."""

    values: dict[str, Value] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    found: dict[str, Sequence[Choice]] = field(default_factory=dict)


def chosen(form: Form, inputs: Mapping[str, str], ask: Ask) -> Chosen:
    """Look up what was typed into each search field. `ask` answers a search by its name and words."""
    outcome = Chosen()
    for one in form.fields:
        if one.kind is not FieldKind.SEARCH:
            continue
        picked, typed = inputs.get(one.key + FOUND, ""), inputs.get(one.key, "").strip()
        if not typed or (picked and _is_among(picked, _asked(one, typed, ask))):
            outcome.values[one.key] = picked
            continue
        if one.initial and typed == (one.initial_label or one.initial):
            outcome.values[one.key] = str(one.initial)
            continue
        matches = _asked(one, typed, ask)
        meant = meant_by(typed, matches)
        outcome.values[one.key] = meant
        if not meant:
            outcome.found.update({one.key: matches} if matches else {})
            outcome.errors[one.key] = "Choose one of those found below." if matches else NOTHING_FOUND
    return outcome


def found_for(form: Form, key: str, inputs: Mapping[str, str], ask: Ask) -> dict[str, Sequence[Choice]]:
    """What "Find" found, by field."""
    for one in form.fields:
        if one.kind is FieldKind.SEARCH and one.key == key:
            return {key: _asked(one, inputs.get(key, "").strip(), ask)}
    return {}


def meant_by(typed: str, matches: Sequence[Choice]) -> str:
    """The one choice that reads as typed, or the only one at all if it begins with these whole words; else nothing.

    A name may be typed without what stands behind it in brackets. The beginning of a reference is none of these:
    "AB-104" may be another child than AB-1042.
    """
    words = plain_name(typed)
    labels = {one.value: (plain_name(one.label), plain_name(one.label.partition(" (")[0])) for one in matches}
    exact = [value for value, read in labels.items() if words in read]
    begins = f"{plain_reference(typed)} "
    begun = [one.value for one in matches if plain_reference(one.label).startswith(begins)] if len(labels) == 1 else []
    meant = exact or begun
    return meant[0] if len(meant) == 1 else ""


def _is_among(picked: str, matches: Sequence[Choice]) -> bool:
    """Whether the choice still answers what is typed; something else may have been typed over it since."""
    return any(picked == one.value for one in matches)


def _asked(one: Field, typed: str, ask: Ask) -> Sequence[Choice]:
    """A whole label, "Ann Lee (Social worker)", is searched by what stands before the bracket."""
    return ask(one.search, typed) or (ask(one.search, typed.partition(" (")[0]) if " (" in typed else ())
