"""One field of a form as a Slack input, and what was filled in read back from the modal's state.

An input's action id is the field's key (a search field's is `key:search`); its block id is `key.nonce`, new
for every drawing, because Slack keeps what was typed in a block it has seen, over any new initial value.
"""

import contextlib
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from bot.slack.text import Block, cut, plain
from handlers.cards import Choice, Field, FieldKind
from handlers.labels import cut_apart
from handlers.requests import Value

# docs.slack.dev/reference/block-kit
LABEL_LENGTH = 2000
OPTION_LENGTH = 75
INPUT_LENGTH = 3000
MENU_OPTIONS = 100
CHECKBOXES = 10

Element = dict[str, Any]


def block(field: Field, nonce: str) -> Block:
    """The field as an input block."""
    drawn: Block = {
        "type": "input",
        "block_id": f"{field.key}.{nonce}"[:255],
        "label": plain(field.label or field.key, LABEL_LENGTH),
        "element": {"action_id": action_id(field)} | ELEMENTS[field.kind](field),
        "optional": not field.required,
    }
    if field.hint:
        drawn["hint"] = plain(field.hint, LABEL_LENGTH)
    return drawn


def action_id(field: Field) -> str:
    """The key; for a search, with the name of its search."""
    return f"{field.key}:{field.search}" if field.kind is FieldKind.SEARCH else field.key


def key_of(action: str) -> str:
    """The field's key in an action id."""
    return action.partition(":")[0]


def search_of(action: str) -> str:
    """The name of the search in a search field's action id."""
    return action.partition(":")[2]


def as_read(field: Field) -> str:
    """What the field holds, for a form that is only read."""
    chosen = _ticked(field)
    labels = [choice.label for choice in field.choices if choice.value in chosen]
    return "\n".join(labels) or field.initial_label or "\n".join(chosen) or "-"


def options(choices: Sequence[Choice]) -> list[Element]:
    """Choices as options; Slack refuses an empty list of them and takes a hundred."""
    return _options(choices[:MENU_OPTIONS])


def _options(choices: Sequence[Choice]) -> list[Element]:
    """Each choice as an option. Its value is a key, kept whole: Slack takes 150 characters."""
    if any(len(choice.value) > 150 for choice in choices):
        raise ValueError("a choice's value must be a key of at most 150 characters")
    labels = cut_apart([choice.label or choice.value for choice in choices], OPTION_LENGTH)
    return [
        {"text": plain(label, OPTION_LENGTH), "value": choice.value}
        for choice, label in zip(choices, labels, strict=True)
    ]


def values(state: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> dict[str, Value]:
    """What is filled in, by field key. Slack's state lists every input, empty ones with null."""
    return {key_of(action): value(element) for elements in state.values() for action, element in elements.items()}


def value(element: Mapping[str, Any]) -> Value:
    """One element's state as text, an ISO date, or a tuple of ticked values."""
    if "selected_options" in element:
        return tuple(chosen["value"] for chosen in element["selected_options"] or ())
    if "selected_option" in element:
        return str(element["selected_option"]["value"]) if element["selected_option"] else ""
    return str(element.get("selected_date") or element.get("value") or "")


def said(element: Mapping[str, Any]) -> str:
    """One element's state as the person reads it: the words, the day, or the labels of what is chosen."""
    chosen = element.get("selected_options") or [element.get("selected_option")]
    labels = [str(one["text"]["text"]) for one in chosen if one]
    return "\n".join(labels) or str(element.get("selected_date") or element.get("value") or "")


def refilled(drawn: Mapping[str, Any], state: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> Block:
    """An input block as Slack sent it back, with what was filled in as its initial value."""
    if drawn.get("type") != "input":
        return dict(drawn)
    element = dict(drawn["element"])
    filled = state.get(drawn["block_id"], {}).get(element["action_id"], {})
    names = {"value": "initial_value", "selected_date": "initial_date"}
    names |= {"selected_option": "initial_option", "selected_options": "initial_options"}
    for held, initial in names.items():
        if held in filled:
            element.pop(initial, None)
            element |= {initial: filled[held]} if filled[held] else {}
    return {**drawn, "element": element}


def _text(field: Field) -> Element:
    element: Element = {"type": "plain_text_input", "multiline": field.kind is FieldKind.LONG}
    initial = field.initial if isinstance(field.initial, str) else "\n".join(field.initial)
    element["max_length"] = max(1, min(INPUT_LENGTH, max(field.max_length, len(initial))))
    return element | ({"initial_value": initial[:INPUT_LENGTH]} if initial else {})


def _date(field: Field) -> Element:
    element: Element = {"type": "datepicker"}
    with contextlib.suppress(ValueError):  # not a date: the field starts empty
        element["initial_date"] = date.fromisoformat(str(field.initial)).isoformat()
    return element


def _search(field: Field) -> Element:
    element: Element = {"type": "external_select", "min_query_length": 1}
    if isinstance(field.initial, str) and field.initial.strip():
        (element["initial_option"],) = _options([Choice(value=field.initial, label=field.initial_label)])
    return element


def _choice(field: Field) -> Element:
    chosen = _chosen(field)
    return {"type": "static_select", **_menu(field.choices)} | ({"initial_option": chosen[0]} if chosen else {})


def _choices(field: Field) -> Element:
    chosen = _chosen(field)
    initial = {"initial_options": chosen} if chosen else {}
    if len(field.choices) <= CHECKBOXES:
        return {"type": "checkboxes", "options": options(field.choices)} | initial
    return {"type": "multi_static_select", **_menu(field.choices)} | initial


def _chosen(field: Field) -> list[Element]:
    """The options that are chosen at first, word for word as they stand among the others: Slack compares them."""
    parts = (field.choices[start : start + MENU_OPTIONS] for start in range(0, len(field.choices), MENU_OPTIONS))
    return [one for part in parts for one in _options(part) if one["value"] in _ticked(field)]


def _menu(choices: Sequence[Choice]) -> Element:
    """Up to a hundred options, or up to a hundred groups of them, each named by its first and last."""
    if len(choices) <= MENU_OPTIONS:
        return {"options": options(choices)}
    groups = [choices[start : start + MENU_OPTIONS] for start in range(0, len(choices), MENU_OPTIONS)]
    if len(groups) > MENU_OPTIONS:
        raise ValueError("a choice of more than 10,000 must be a search")
    return {"option_groups": [{"label": _span(group), "options": options(group)} for group in groups]}


def _span(group: Sequence[Choice]) -> Element:
    return plain(f"{cut(group[0].label, 34)} to {cut(group[-1].label, 34)}", OPTION_LENGTH)


def _ticked(field: Field) -> tuple[str, ...]:
    if isinstance(field.initial, tuple):
        return field.initial
    return (field.initial,) if field.initial else ()


ELEMENTS: Mapping[FieldKind, Callable[[Field], Element]] = {
    FieldKind.TEXT: _text,
    FieldKind.LONG: _text,
    FieldKind.DATE: _date,
    FieldKind.SEARCH: _search,
    FieldKind.CHOICE: _choice,
    FieldKind.CHOICES: _choices,
}
