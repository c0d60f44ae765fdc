"""Filling in a card as a person does: by visible label, within what Teams lets them type and choose."""

import re
from collections.abc import Mapping
from datetime import date

from tests.slack_standin.controls import NotOnScreen
from tests.slack_standin.jsontypes import Json, objects
from tests.teams_standin.cards import inputs
from tests.teams_standin.rendering import held_by, label_of, markdown_text

Typed = str | date | int | list[str] | None


class RefusedByTeams(Exception):
    """Teams itself would not let this be typed, chosen, sent or shown."""


def find_input(card: Json, wanted: str) -> Json:
    """The one input with this label, failing that with this id."""
    there = inputs(card)
    for named_by in (label_of, id_of):
        named = [one for one in there if named_by(one) == wanted]
        if len(named) == 1:
            return named[0]
        if named:
            raise NotOnScreen(f"There are {len(named)} fields called {wanted!r}.")
    raise NotOnScreen(f"There is no field {wanted!r}; there are {[one.get('label') for one in there]}.")


def id_of(element: Json) -> str:
    """The input's id."""
    return str(element.get("id") or "")


def typed_value(element: Json, value: Typed) -> str:
    """What the input holds after a person puts `value` in it; None or "" or [] empties it."""
    kind, label = element["type"], element.get("label")
    wanted = [str(item) for item in value] if isinstance(value, list) else [str(value)] if value else []
    if kind == "Input.ChoiceSet":
        return _chosen(element, wanted)
    if kind == "Input.Toggle":
        return str(element.get("valueOn", "true") if wanted else element.get("valueOff", "false"))
    if isinstance(value, list) and len(value) > 1:
        raise RefusedByTeams(f"{label!r} takes one value.")
    words = wanted[0] if wanted else ""
    if kind == "Input.Date" and words:
        words = _date(words, str(label))
    if kind == "Input.Text":
        _fits(element, words)
    return words


def found_for(card: Json, label: str) -> Json | None:
    """The choice among what was found for a searching field, if there is one."""
    found = [one for one in inputs(card) if one.get("label") == f"Found for {label}"]
    return found[0] if found else None


def errors_beside(card: Json) -> dict[str, str]:
    """What is said in the colour of warnings right under a field, by its label."""
    errors: dict[str, str] = {}
    label = ""
    for part in objects(card.get("body")):
        if str(part["type"]).startswith("Input."):
            label = label_of(part)
        elif label and part["type"] == "TextBlock" and part.get("color") == "Attention":
            words = markdown_text(str(part["text"])).removeprefix("⚠ ")
            errors[label] = " ".join(filter(None, (errors.get(label), words)))
        else:
            label = ""
    return errors


def offered(element: Json) -> list[str]:
    """The visible choices."""
    if element["type"] == "Input.Toggle":
        return [str(element["title"])]
    return [str(one["title"]) for one in objects(element.get("choices"))]


def sent_values(card: Json, typed: Mapping[str, str]) -> dict[str, str]:
    """What goes with a press: every input's value; choices nobody made are left out."""
    values = {}
    for element in inputs(card):
        held = held_by(element, typed)
        if held or element["type"] != "Input.ChoiceSet":
            values[str(element["id"])] = held
    return values


def refuse_unready(card: Json, typed: Mapping[str, str]) -> None:
    """Raise what Teams says beside fields that must be filled in and are not."""
    for element in inputs(card):
        if element.get("isRequired") and not held_by(element, typed).strip():
            raise RefusedByTeams(f"{element.get('errorMessage') or 'This is required'}: {element.get('label')!r}.")


def _chosen(element: Json, wanted: list[str]) -> str:
    if len(wanted) > 1 and not element.get("isMultiSelect"):
        raise RefusedByTeams(f"{element.get('label')!r} takes one value.")
    values = []
    for words in wanted:
        named = [one["value"] for one in objects(element.get("choices")) if words in (one["title"], one["value"])]
        if len(named) != 1:
            raise RefusedByTeams(f"{words!r} is not among the choices of {element.get('label')!r}: {offered(element)}.")
        values.append(str(named[0]))
    return ",".join(values)


def _date(words: str, label: str) -> str:
    try:
        return date.fromisoformat(words).isoformat()
    except ValueError:
        raise RefusedByTeams(f"{words!r} is not a date for {label!r}.") from None


def _fits(element: Json, words: str) -> None:
    if len(words) > element.get("maxLength", 100_000):
        raise RefusedByTeams(f"{element.get('label')!r} takes {element['maxLength']} characters, not {len(words)}.")
    if words and "regex" in element and not re.search(element["regex"], words):
        raise RefusedByTeams(f"{words!r} is not what {element.get('label')!r} takes.")
