"""Messages and dialogs as a person would read them, in plain lines."""

import re
from collections.abc import Iterator, Mapping

from tests.slack_standin.jsontypes import Json, objects
from tests.teams_standin.records import CONSENT, FILE_INFO, Dialog, TeamsMessage, attached, card_of

_EMPHASIS = re.compile(r"(?<![\w\\])(\*\*|__|\*|_)(?=\S)(.+?)(?<=[^\s\\])\1(?!\w)")
_LINK = re.compile(r"(?<!\\)\[((?:[^\[\]\\]|\\.)*)\]\(([^()\s]*)\)")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|<>~&])")
_MENTION = re.compile(r"</?at>")


def plain_text_of(shown: TeamsMessage | Dialog) -> str:
    """What is on the screen: words, inputs with what they hold, buttons in [brackets]."""
    if isinstance(shown, Dialog):
        return "\n".join([shown.title, *card_text(shown.card, shown.values)])
    return "\n".join(activity_text(shown.activity))


def activity_text(activity: Json) -> list[str]:
    """The lines of a message."""
    card = card_of(activity)
    said = markdown_text(str(activity.get("text") or ""))
    return [line for line in (said, *(card_text(card, {}) if card else []), *_files(activity)) if line]


def _files(activity: Json) -> list[str]:
    """A file that is offered, or one that is there."""
    asked, shown = attached(activity, CONSENT), attached(activity, FILE_INFO)
    lines = [str(asked["content"]["description"]), str(asked["name"]), "[Allow] [Decline]"] if asked else []
    return lines + ([str(shown["name"])] if shown else [])


def card_text(card: Json, typed: Mapping[str, str]) -> list[str]:
    """The lines of a card; `typed` is what its inputs hold, by id."""
    lines = [line for part in objects(card.get("body")) for line in _part_lines(part, typed)]
    return [line for line in (*lines, _row(card)) if line]


def markdown_text(words: str) -> str:
    """The part of Markdown that Teams knows, as it looks: no stars, links by their words, lines as lines."""
    looked = _EMPHASIS.sub(r"\2", _EMPHASIS.sub(r"\2", _LINK.sub(r"\1", _MENTION.sub("", words))))
    lines = [line.rstrip() for line in _ESCAPED.sub(r"\1", looked).splitlines()]
    return "\n".join(line for line in lines if line)


_READ = ("summary", "title", "text", "label", "placeholder", "errorMessage", "description")
"""The keys of activities and cards whose values are read."""


def words_in(shown: object) -> Iterator[str]:
    """Each text of a message or dialog that the bot wrote, labels, hints and buttons too: not what is typed."""
    if isinstance(shown, list):
        for one in shown:
            yield markdown_text(one) if isinstance(one, str) else ""
            yield from words_in(one)
    elif isinstance(shown, dict):
        yield from (markdown_text(str(shown[key])) for key in _READ if isinstance(shown.get(key), str))
        for key, one in shown.items():
            if isinstance(one, dict | list) and key not in ("data", "channelData", "entities", "fallback"):
                yield from words_in(one)


def held_by(element: Json, typed: Mapping[str, str]) -> str:
    """What an input holds: as typed, else its first value."""
    return typed.get(str(element.get("id")), str(element.get("value") or ""))


def _part_lines(part: Json, typed: Mapping[str, str]) -> list[str]:
    kind = str(part.get("type"))
    if part.get("isVisible") is False:
        return []
    if kind.startswith("Input."):
        return [_input_line(part, typed)]
    if kind == "FactSet":
        return [f"{fact['title']} {markdown_text(fact['value'])}" for fact in objects(part.get("facts"))]
    if kind in ("ActionSet", "RichTextBlock", "TextBlock"):
        return [_row(part) or _runs(part) or markdown_text(str(part.get("text", "")))]
    within = [*objects(part.get("items")), *objects(part.get("columns")), *objects(part.get("rows"))]
    within += objects(part.get("cells"))
    return [line for one in within for line in _part_lines(one, typed)]


def _row(holder: Json) -> str:
    shown = [one for one in objects(holder.get("actions")) if one.get("isVisible") is not False]
    return " ".join(f"[{one['title']}]" for one in shown)


def _runs(part: Json) -> str:
    """RichTextBlock knows no Markdown: its words are as they are."""
    runs = part.get("inlines", [])
    return "".join(run if isinstance(run, str) else str(run.get("text", "")) for run in runs)


def label_of(element: Json) -> str:
    """The words beside an input, without the star that says it has to be filled in."""
    return str(element.get("label") or "").removesuffix(" *")


def _input_line(element: Json, typed: Mapping[str, str]) -> str:
    held = held_by(element, typed)
    label = label_of(element)
    if element["type"] == "Input.ChoiceSet":
        held = _choices(element, held)
    elif element["type"] == "Input.Toggle":
        on = held == str(element.get("valueOn", "true"))
        held = f"{'(x)' if on else '( )'} {element['title']}"
    elif not held and element.get("placeholder"):
        held = f"<{element['placeholder']}>"
    return f"{label}: {held}" if held else label


def _choices(element: Json, held: str) -> str:
    chosen = held.split(",") if element.get("isMultiSelect") else [held]
    offered = objects(element.get("choices"))
    if element.get("style") == "expanded":
        return " ".join(f"{'(x)' if one['value'] in chosen else '( )'} {one['title']}" for one in offered)
    return ", ".join(one["title"] for one in offered if one["value"] in chosen)
