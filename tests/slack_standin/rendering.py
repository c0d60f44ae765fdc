"""Messages and views as a person would read them, in plain lines."""

import re
from collections.abc import Iterator, Mapping

from tests.slack_standin.jsontypes import Json, objects
from tests.slack_standin.options import offered_options
from tests.slack_standin.records import OpenView, PostedMessage

Names = Mapping[str, str]
_LINK = re.compile(r"<([^<>|]+)(?:\|([^<>]*))?>")
_EMPHASIS = re.compile(r"(?<!\w)([*_~`])(?=\S)(.+?)(?<=\S)\1(?!\w)")


def plain_text_of(shown: PostedMessage | OpenView, names: Names | None = None) -> str:
    """What is on the screen: titles, sections, inputs with what they hold, buttons in [brackets]."""
    known = names or {}
    if isinstance(shown, PostedMessage):
        words = blocks_text(shown.blocks, known, {}) if shown.blocks else [mrkdwn_text(shown.text, known)]
        return "\n".join([*words, *(f"[file {held.name}]" for held in shown.files)])
    lines = [shown.title] if shown.title else []
    lines += blocks_text(objects(shown.view.get("blocks")), known, shown.values)
    lines += [f"[{shown.view[key]['text']}]" for key in ("submit", "close") if shown.view.get(key)]
    return "\n".join(lines)


def blocks_text(blocks: list[Json], names: Names, values: Mapping[str, Json]) -> list[str]:
    """The lines of blocks; `values` is what is typed, as in view.state.values."""
    lines: list[str] = []
    for block in blocks:
        lines += _block_lines(block, names, values.get(str(block.get("block_id")), {}))
    return [line for line in lines if line]


def mrkdwn_text(words: str, names: Names) -> str:
    """Slack's markup as it looks: links by their words, people by name, no stars."""

    def link(found: re.Match[str]) -> str:
        target, label = found.group(1), found.group(2)
        if target.startswith("@"):
            return "@" + names.get(target[1:], label or target[1:])
        return label or target.lstrip("!#")

    looked = _EMPHASIS.sub(r"\2", _EMPHASIS.sub(r"\2", _LINK.sub(link, words)))
    return looked.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def words_in(shown: object) -> Iterator[str]:
    """Every text of a message or view that the app wrote, labels, hints, choices and buttons too: not what is typed."""
    if isinstance(shown, list):
        for one in shown:
            yield from words_in(one)
    elif isinstance(shown, dict):
        words = shown.get("text")
        if isinstance(words, str):
            yield mrkdwn_text(words, {})
        for key, one in shown.items():
            if isinstance(one, dict | list) and key != "metadata":
                yield from words_in(one)


def text_words(value: object, names: Names | None = None) -> str:
    """The words of a text object, "" where there is none."""
    if not isinstance(value, dict):
        return ""
    words = str(value.get("text", ""))
    return mrkdwn_text(words, names or {}) if value.get("type") == "mrkdwn" else words


def _block_lines(block: Json, names: Names, typed: Json) -> list[str]:
    kind = block.get("type")
    if kind == "input":
        return _input_lines(block, typed)
    if kind in ("section", "header", "alert"):
        lines = [text_words(block.get("text"), names)]
        lines += [text_words(field, names) for field in objects(block.get("fields"))]
        return lines + [element_words(element, typed) for element in objects([block.get("accessory")])]
    if kind == "table":
        return [" | ".join(" ".join(_leaves(cell)) for cell in row) for row in block.get("rows", [])]
    elements = objects(block.get("elements"))
    one_line = {
        "actions": " ".join(element_words(element, typed) for element in elements),
        "context": " ".join(_context_words(element, names) for element in elements),
        "rich_text": "".join(_leaves(block)),
        "markdown": str(block.get("text")),
        "image": f"(image: {block.get('alt_text')})",
        "divider": "---",
    }
    return [one_line.get(str(kind), "")]


def _context_words(element: Json, names: Names) -> str:
    return str(element.get("alt_text", "")) if element.get("type") == "image" else text_words(element, names)


def _input_lines(block: Json, typed: Json) -> list[str]:
    label = text_words(block.get("label")) + (" (optional)" if block.get("optional") else "")
    held = element_words(block["element"], typed)
    return [f"{label}: {held}" if held else label, text_words(block.get("hint"))]


def element_words(element: Json, typed: Json) -> str:
    """What one control shows: its words, what it holds, or its placeholder."""
    kind = element.get("type")
    state = typed.get(str(element.get("action_id"))) or initial_state(element)
    if kind == "button":
        return f"[{text_words(element.get('text'))}]"
    if kind == "image":
        return f"(image: {element.get('alt_text')})"
    if kind == "overflow":
        return " ".join(f"[{text_words(option['text'])}]" for option in offered_options(element))
    if kind in ("checkboxes", "radio_buttons"):
        chosen = chosen_options(state)
        marks = [("(x)" if option in chosen else "( )", option) for option in offered_options(element)]
        return " ".join(f"{mark} {text_words(option['text'])}" for mark, option in marks)
    held = ", ".join(text_words(option["text"]) for option in chosen_options(state)) or plain_held(state)
    placeholder = text_words(element.get("placeholder"))
    return held or (f"<{placeholder}>" if placeholder else "")


def chosen_options(state: Json) -> list[Json]:
    """The options a menu's state holds."""
    return objects([state.get("selected_option")]) + objects(state.get("selected_options"))


_PLAIN_KEYS = ("value", "selected_date", "selected_time", "selected_date_time")
_PEOPLE_KEYS = ("selected_user", "selected_conversation", "selected_channel")


def plain_held(state: Json) -> str:
    """What a state holds that is not an option: typed words, a date, a person's id."""
    for key in (*_PLAIN_KEYS, *_PEOPLE_KEYS):
        if state.get(key):
            return str(state[key])
    many = [item for key in _PEOPLE_KEYS for item in state.get(key + "s") or []]
    return ", ".join(many)


# From an element's first value to the key under which its state holds it.
_INITIAL = {
    "initial_value": "value",
    "initial_option": "selected_option",
    "initial_options": "selected_options",
    "initial_date": "selected_date",
    "initial_time": "selected_time",
    "initial_date_time": "selected_date_time",
    "initial_user": "selected_user",
    "initial_users": "selected_users",
    "initial_conversation": "selected_conversation",
    "initial_channel": "selected_channel",
}


def initial_state(element: Json) -> Json:
    """The state of an element nobody has touched."""
    state: Json = {"type": element.get("type")}
    return state | {_INITIAL[key]: value for key, value in element.items() if key in _INITIAL}


def _leaves(value: object) -> list[str]:
    if isinstance(value, list):
        return [leaf for item in value for leaf in _leaves(item)]
    if not isinstance(value, dict):
        return []
    own = value.get("text")
    return [own] if isinstance(own, str) else _leaves(value.get("elements")) + _leaves(own)
