"""Search fields without a search as one types: what was typed is looked up when the form is sent, or with "Find"."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.teams.fields import FOUND
from handlers.cards import Choice, Field, FieldKind, Form
from handlers.requests import Value

Ask = Callable[[str, str], Sequence[Choice]]
SHOWN = 12


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
        if typed == (one.initial_label or one.initial):
            outcome.values[one.key] = str(one.initial)
            continue
        matches = _asked(one, typed, ask)
        meant = meant_by(typed, matches)
        outcome.values[one.key] = meant
        if not meant:
            outcome.found[one.key] = matches[:SHOWN]
            outcome.errors[one.key] = "Choose one of those found below." if matches else "Nothing was found for this."
    return outcome


def found_for(form: Form, key: str, inputs: Mapping[str, str], ask: Ask) -> dict[str, Sequence[Choice]]:
    """What "Find" found, by field."""
    for one in form.fields:
        if one.kind is FieldKind.SEARCH and one.key == key:
            return {key: _asked(one, inputs.get(key, "").strip(), ask)[:SHOWN]}
    return {}


def meant_by(typed: str, matches: Sequence[Choice]) -> str:
    """The one choice that reads as typed, or the only one that begins so; nothing where that is not clear."""
    words = " ".join(typed.casefold().split())
    exact = [one for one in matches if one.label.casefold() == words]
    begun = [one for one in matches if one.label.casefold().startswith(words)]
    for clear in (exact, begun):
        if len(clear) == 1:
            return clear[0].value
    return ""


def _is_among(picked: str, matches: Sequence[Choice]) -> bool:
    """Whether the choice still answers what is typed; something else may have been typed over it since."""
    return any(picked == one.value for one in matches)


def _asked(one: Field, typed: str, ask: Ask) -> Sequence[Choice]:
    """A whole label, "Ann Lee (Social worker)", is searched by what stands before the bracket."""
    return ask(one.search, typed) or (ask(one.search, typed.partition(" (")[0]) if " (" in typed else ())
