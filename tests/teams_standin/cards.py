"""Checks of Adaptive Cards: the published schema of version 1.5, and what it cannot say about Teams."""

import json
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources import files

from jsonschema import Draft6Validator
from jsonschema.exceptions import best_match

from tests.slack_standin.jsontypes import Json, Problems, objects
from tests.teams_standin.limits import ACTIONS_IN_A_ROW, CARD_VERSION, REFRESH_USERS
from tests.terms_left import terms_left

_NEVER_IN_THE_SCHEMA = "msteams"  # Teams' own key of a card, which the published schema forbids


def check_card(card: object) -> Problems:
    """What Teams, or a person at Teams, would have against the card."""
    if not isinstance(card, dict):
        return ["The card must be an object."]
    if left := terms_left(card):
        return [f"The card holds signs that no letter is written with: {left!r}."]
    problems = list(_checked_by_schema(json.dumps(_as_published(card), sort_keys=True)))
    if problems:
        return problems
    return [*_version(card), *_inputs(card), *_actions(card)]


def parts(card: object) -> Iterator[Json]:
    """Every element and action of a card, in the order shown."""
    if isinstance(card, dict):
        if "type" in card:
            yield card
        for key, value in card.items():
            if key not in ("data", "fallback"):
                yield from parts(value)
    elif isinstance(card, list):
        for one in card:
            yield from parts(one)


def inputs(card: Json) -> list[Json]:
    """Everything that can be filled in."""
    return [part for part in parts(card) if str(part["type"]).startswith("Input.")]


def actions(card: Json) -> list[Json]:
    """Everything that can be pressed."""
    return [part for part in parts(card) if str(part["type"]).startswith("Action.")]


def _as_published(card: Json) -> Json:
    """The card without the key that is Teams' own."""
    return {key: value for key, value in card.items() if key != _NEVER_IN_THE_SCHEMA}


@cache
def _schema() -> Draft6Validator:
    text = files("adaptive_cards").joinpath("schemas/schema-1.5.json").read_text(encoding="utf-8")
    return Draft6Validator(json.loads(text))


@lru_cache(maxsize=4000)
def _checked_by_schema(text: str) -> tuple[str, ...]:
    """The same cards are drawn over and over, and the schema takes its time."""
    card = json.loads(text)
    if _schema().is_valid(card):
        return ()
    worst = best_match(_schema().iter_errors(card))
    return (f"The schema of Adaptive Cards says: {worst.message[:300]}" if worst else "The schema refuses the card.",)


def _version(card: Json) -> Problems:
    said = str(card.get("version", ""))
    try:
        version = tuple(int(number) for number in said.split("."))
    except ValueError:
        return [f"The version {said!r} is no version."]
    return [] if version <= CARD_VERSION else [f"Bots may send cards up to version 1.5, not {said}."]


def _inputs(card: Json) -> Problems:
    problems = []
    seen: set[str] = set()
    for one in inputs(card):
        name = str(one.get("id", ""))
        if not name or name in seen:
            problems.append(f"The input id {name!r} is missing or used twice.")
        seen.add(name)
        if not str(one.get("label", "")).strip():
            problems.append(f"The input {name!r} has no label.")
    return problems


def _actions(card: Json) -> Problems:
    problems = []
    for one in actions(card):
        named = repr(one.get("title", ""))
        data = one.get("data", {})
        if not str(one.get("title", "")).strip():
            problems.append("An action has no words on it.")
        if one["type"] == "Action.Execute":
            if not one.get("verb"):
                problems.append(f"The action {named} has no verb.")
            if not isinstance(data, dict) or not data.get("action"):
                problems.append(f"The action {named} has no data.action, by which the bot finds what is meant.")
    for row in (card, *(part for part in parts(card) if part["type"] == "ActionSet")):
        shown = [one for one in objects(row.get("actions")) if one.get("mode", "primary") == "primary"]
        if len(shown) > ACTIONS_IN_A_ROW:
            problems.append(f"There are {len(shown)} actions in one row; Teams shows {ACTIONS_IN_A_ROW}.")
    if len(card.get("refresh", {}).get("userIds", [])) > REFRESH_USERS:
        problems.append("A card refreshes for 60 people at most.")
    return problems
