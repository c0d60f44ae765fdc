"""One field of a form as inputs of a card, and what was filled in read back by the form's own fields."""

import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from urllib.parse import quote, unquote

from bot.teams.parsing import RESERVED
from bot.teams.text import Element, cut, paragraphs
from handlers.cards import Choice, Field, FieldKind, Form
from handlers.labels import cut_apart
from handlers.requests import Value

LABEL_LENGTH = 300
CHOICE_LENGTH = 200
INPUT_LENGTH = 4000
ERROR_LENGTH = 1000
MARK = " *"
"""What a label ends with where the field has to be filled in and Teams is not asked to say so."""
SHOWN = 12
"""How many of the things found stand under a search field."""
FOUND = ".found"
"""Ends the id of the choice among what a search found."""

INPUTS = frozenset(FieldKind) - {FieldKind.STATEMENT, FieldKind.BUTTONS}


@dataclass(frozen=True, kw_only=True)
class Typed:
    """A form as it is filled in: the inputs as they came, what searches found, and what is wrong, by field."""

    inputs: Mapping[str, str] | None = None  # nothing yet: the fields hold what they begin with
    found: Mapping[str, Sequence[Choice]] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


def drawn(one: Field, typed: Typed, *, strict: bool) -> list[Element]:
    """The field's inputs, with the hint before and what is wrong with it after.

    `strict`: Teams itself may hold the form back while a required field is empty, and marks it.
    """
    if one.key in RESERVED:
        raise ValueError("a field must not be called like a part of an action")
    label = cut(one.label, LABEL_LENGTH) or one.key
    marked = label + MARK if one.required and not strict else label
    element: Element = ELEMENTS[one.kind](one, typed) | {"id": one.key, "label": marked}
    if one.required and strict:
        element |= {"isRequired": True, "errorMessage": "Please fill this in."}
    said = (
        paragraphs(f"⚠ {cut(typed.errors[one.key], ERROR_LENGTH)}", color="Attention")
        if one.key in typed.errors
        else []
    )
    hint = paragraphs(one.hint, isSubtle=True, size="Small") if one.hint else []
    return [element, *said, *_matches(one, typed), *hint]


def values(form: Form, inputs: Mapping[str, str]) -> dict[str, Value]:
    """What is filled in, by field key; fields that were left out are empty."""
    return {one.key: _value(one, inputs.get(one.key, "")) for one in form.fields if one.kind in INPUTS}


def initial(one: Field) -> str:
    """What the field's input holds when the form is opened."""
    if one.kind is FieldKind.SEARCH:
        return one.initial_label or (one.initial if isinstance(one.initial, str) else "")
    if one.kind in (FieldKind.CHOICE, FieldKind.CHOICES):
        known = {choice.value for choice in one.choices}
        return ",".join(_coded(value) for value in _ticked(one) if value in known)
    return one.initial if isinstance(one.initial, str) else "\n".join(one.initial)


def as_read(one: Field) -> str:
    """What the field holds, for a form that is only read."""
    labels = [choice.label for choice in one.choices if choice.value in _ticked(one)]
    return "\n".join(labels) or one.initial_label or "\n".join(_ticked(one)) or "-"


def typed_into(form: Form, inputs: Mapping[str, str]) -> Form:
    """What can be filled in, holding what is filled in, without the statements around it.

    What was searched for and not chosen yet stands as typed, and is looked up when the form is sent.
    """
    held, kept = values(form, inputs), filled_in(form)
    fields = [_holding(one, held[one.key]) if one.key in held else one for one in kept.fields]
    return replace(kept, fields=tuple(fields))


def filled_in(form: Form) -> Form:
    """What can be filled in and pressed, without the first line and the statements around it."""
    return replace(form, on_top="", fields=tuple(one for one in form.fields if one.kind is not FieldKind.STATEMENT))


def _holding(one: Field, value: Value) -> Field:
    if one.kind is not FieldKind.SEARCH:
        return replace(one, initial=value)
    unchanged = value == (one.initial_label or one.initial)
    return one if unchanged else replace(one, initial="", initial_label=str(value))


def _value(one: Field, filled: str) -> Value:
    if one.kind is FieldKind.CHOICES:
        return tuple(unquote(value) for value in filled.split(",") if value)
    return unquote(filled) if one.kind is FieldKind.CHOICE else filled


def held(one: Field, typed: Typed) -> str:
    """What the field's input holds as it stands now."""
    return initial(one) if typed.inputs is None else typed.inputs.get(one.key, "")


def _text(one: Field, typed: Typed) -> Element:
    text = held(one, typed)
    most = max(1, min(INPUT_LENGTH, max(one.max_length, len(text))))
    element: Element = {"type": "Input.Text", "isMultiline": one.kind is FieldKind.LONG, "maxLength": most}
    return element | ({"value": text[:INPUT_LENGTH]} if text else {})


def _date(one: Field, typed: Typed) -> Element:
    element: Element = {"type": "Input.Date"}
    with contextlib.suppress(ValueError):  # not a date: the field starts empty
        element["value"] = date.fromisoformat(held(one, typed)).isoformat()
    return element


def _search(one: Field, typed: Typed) -> Element:
    element: Element = {"type": "Input.Text", "maxLength": CHOICE_LENGTH, "placeholder": "Type part of it"}
    text = held(one, typed)
    return element | ({"value": text[:CHOICE_LENGTH]} if text else {})


def _choice(one: Field, typed: Typed) -> Element:
    return _set(one.choices, held(one, typed)) | {"style": "compact", "placeholder": "Choose"}


def _choices(one: Field, typed: Typed) -> Element:
    return _set(one.choices, held(one, typed)) | {"style": "expanded", "isMultiSelect": True}


def _matches(one: Field, typed: Typed) -> list[Element]:
    """What a search found, to choose from."""
    found = typed.found.get(one.key)
    if found is None:
        return []
    if not found:
        return paragraphs("Nothing was found. Type another part of it.", color="Attention")
    label = cut(f"Found for {one.label}", LABEL_LENGTH)
    drawn_set = _set(found[:SHOWN], (typed.inputs or {}).get(one.key + FOUND, "")) | {"style": "expanded"}
    more = paragraphs("There are more than these: type more of it.") if len(found) > SHOWN else []
    return [drawn_set | {"id": one.key + FOUND, "label": label}, *more]


def _set(choices: Sequence[Choice], held: str) -> Element:
    titles = cut_apart([one.label or one.value for one in choices], CHOICE_LENGTH)
    drawn_choices = [{"title": title, "value": _coded(one.value)} for one, title in zip(choices, titles, strict=True)]
    drawn_set: Element = {"type": "Input.ChoiceSet", "choices": drawn_choices, "wrap": True}  # a telephone cuts it else
    return drawn_set | ({"value": held} if held else {})


def _coded(value: str) -> str:
    """Several ticked values come back joined by commas."""
    return quote(value, safe=" :@/+=()'-._~")


def _ticked(one: Field) -> tuple[str, ...]:
    if isinstance(one.initial, tuple):
        return one.initial
    return (one.initial,) if one.initial else ()


ELEMENTS: Mapping[FieldKind, Callable[[Field, Typed], Element]] = {
    FieldKind.TEXT: _text,
    FieldKind.LONG: _text,
    FieldKind.DATE: _date,
    FieldKind.SEARCH: _search,
    FieldKind.CHOICE: _choice,
    FieldKind.CHOICES: _choices,
}
