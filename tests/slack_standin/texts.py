"""Checks of Slack's text objects and plain values: present, of the right type, not too long."""

from tests.slack_standin.jsontypes import Json, Problems
from tests.terms_left import terms_left

TEXT_KEYS = {"plain_text": {"type", "text", "emoji"}, "mrkdwn": {"type", "text", "verbatim"}}


def check_text(value: object, what: str, limit: int, *, plain: bool) -> Problems:
    """A text object: `plain` says that Slack takes only plain_text there. Empty text is refused."""
    if not isinstance(value, dict):
        return [f"{what} must be a text object."]
    kind = value.get("type")
    if kind not in TEXT_KEYS:
        return [f"{what} has the unknown text type {kind!r}."]
    problems = check_keys(value, what, TEXT_KEYS[kind])
    if plain and kind != "plain_text":
        problems.append(f"{what} must be plain_text, not {kind}.")
    return problems + check_string(value.get("text"), f"The text of {lower_first(what)}", limit)


def check_string(value: object, what: str, limit: int, *, may_be_empty: bool = False) -> Problems:
    """A string of at most `limit` characters."""
    if not isinstance(value, str):
        return [f"{what} must be a string."]
    if not value.strip() and not may_be_empty:
        return [f"{what} is empty."]
    if terms_left(value):
        return [f"{what} holds a sign that no letter is written with: {value!r}."]
    if len(value) > limit:
        return [f"{what} has {len(value)} characters; Slack takes {limit}."]
    return []


def check_optional_string(holder: Json, key: str, what: str, limit: int) -> Problems:
    """The same, for a key that may be left out."""
    return check_string(holder[key], f"The {key} of {what}", limit) if key in holder else []


def check_keys(value: Json, what: str, allowed: set[str]) -> Problems:
    """Slack refuses properties it does not know."""
    return [f"{what} has the unknown property {key!r}." for key in value if key not in allowed]


def check_flag(holder: Json, key: str, what: str) -> Problems:
    """A true or false, where given."""
    return [] if isinstance(holder.get(key, False), bool) else [f"The {key} of {what} must be true or false."]


def lower_first(sentence: str) -> str:
    """The same words, inside a sentence."""
    return sentence[:1].lower() + sentence[1:]
