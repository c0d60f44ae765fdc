"""What Slack would refuse in a message, a view or a list of suggestions, each fault told in a sentence.

slack_sdk's own models miss most of these (too many blocks, repeated ids, long options), hence ours.
"""

import json
import re

from tests.slack_standin import limits
from tests.slack_standin.blocks import check_block
from tests.slack_standin.jsontypes import Json, Problems, objects
from tests.slack_standin.options import check_groups, check_option_list
from tests.slack_standin.texts import check_keys, check_optional_string, check_string, check_text

_MODAL_KEYS = {"type", "title", "blocks", "submit", "close", "private_metadata", "callback_id", "external_id"}
_MODAL_KEYS |= {"clear_on_close", "notify_on_close", "submit_disabled"}
_HOME_KEYS = {"type", "blocks", "private_metadata", "callback_id", "external_id"}
_IDENTIFIER = re.compile(r"[\w.:@/+-]+")


def check_blocks(blocks: object, surface: str) -> Problems:
    """Blocks on a `surface`: "message", "modal" or "home"."""
    if not isinstance(blocks, list):
        return ["Blocks must be a list."]
    problems = []
    if len(blocks) > limits.BLOCKS[surface]:
        most = limits.BLOCKS[surface]
        problems.append(f"There are {len(blocks)} blocks; Slack takes {most} in a {surface}.")
    for number, block in enumerate(blocks, 1):
        problems += check_block(block, f"block {number}", surface)
    problems += _repeated_block_ids(blocks) + _second_focus(blocks)
    return [problem[:1].upper() + problem[1:] for problem in problems]


def check_message(payload: Json) -> Problems:
    """A message as chat.postMessage, a slash command's answer or a response_url takes it."""
    text, blocks = payload.get("text"), payload.get("blocks")
    if payload.get("delete_original") is True:
        return []
    problems = check_blocks(blocks, "message") if blocks is not None else []
    if not text and not blocks:
        problems.append("A message needs text or blocks.")
    elif not text:
        problems.append("A message with blocks needs a text too: notifications and screen readers use it.")
    if text:
        problems += check_string(text, "The text of the message", limits.MESSAGE_TEXT)
    size = message_size(blocks)
    if size > limits.MESSAGE_BLOCK_CHARACTERS:
        most = limits.MESSAGE_BLOCK_CHARACTERS
        problems.append(f"The blocks hold about {size} characters; Slack says msg_blocks_too_long from {most}.")
    if "metadata" in payload:
        problems += check_metadata(payload["metadata"])
    return problems


def message_size(blocks: object) -> int:
    """Characters that blocks count for: every text, and an allowance for each object that is not a text."""
    if isinstance(blocks, list):
        return sum(message_size(item) for item in blocks)
    if not isinstance(blocks, dict):
        return 0
    words = blocks.get("text")
    own = len(words) if isinstance(words, str) else limits.CONTAINER_CHARACTERS
    return own + sum(message_size(value) for value in blocks.values())


def check_metadata(value: object) -> Problems:
    """Message metadata, which any app there can read: an event type and flat identifiers only."""
    if not isinstance(value, dict) or set(value) != {"event_type", "event_payload"}:
        return ["Metadata must be an event_type and an event_payload."]
    problems = check_string(value["event_type"], "The event_type of the metadata", limits.METADATA_EVENT_TYPE)
    inside = value["event_payload"]
    if not isinstance(inside, dict):
        return [*problems, "The event_payload of the metadata must be an object."]
    return problems + [
        f"The metadata's {key!r} must be an identifier, a number or a yes or no: other apps can read it."
        for key, item in inside.items()
        if not _is_identifier(item)
    ]


def _is_identifier(value: object) -> bool:
    if isinstance(value, bool | int):
        return True
    short = isinstance(value, str) and len(value) <= limits.METADATA_IDENTIFIER
    return short and bool(_IDENTIFIER.fullmatch(str(value)))


def check_view(payload: Json) -> Problems:
    """A modal or an App Home view."""
    kind = payload.get("type")
    if kind not in ("modal", "home"):
        return [f"The view has the unknown type {kind!r}."]
    problems = check_keys(payload, f"The {kind}", _MODAL_KEYS if kind == "modal" else _HOME_KEYS)
    problems += check_blocks(payload.get("blocks"), kind)
    problems += _view_strings(payload)
    if kind == "modal":
        problems += _modal_words(payload)
    size = len(json.dumps(payload).encode())
    if size > limits.VIEW_BYTES:
        problems.append(f"The view has {size} bytes; Slack takes {limits.VIEW_BYTES}.")
    return problems


def _view_strings(payload: Json) -> Problems:
    problems = check_optional_string(payload, "callback_id", "the view", limits.IDENTIFIER)
    problems += check_optional_string(payload, "external_id", "the view", limits.IDENTIFIER)
    if "private_metadata" in payload:
        words, most = payload["private_metadata"], limits.PRIVATE_METADATA
        problems += check_string(words, "The private_metadata of the view", most, may_be_empty=True)
    return problems


def _modal_words(payload: Json) -> Problems:
    problems = check_text(payload.get("title"), "The title of the modal", limits.MODAL_WORDS, plain=True)
    for key in ("submit", "close"):
        if key in payload:
            what = f"The {key} word of the modal"
            problems += check_text(payload[key], what, limits.MODAL_WORDS, plain=True)
    blocks = objects(payload.get("blocks"))
    if "submit" not in payload and any(block.get("type") == "input" for block in blocks):
        problems.append("A modal with an input needs a submit word.")
    if not blocks:
        problems.append("A modal needs at least one block.")
    return problems


def check_options(payload: Json) -> Problems:
    """The answer to a block_suggestion: at most 100 options, or groups of them; none at all is allowed."""
    if set(payload) == {"options"}:
        most = limits.SELECT_OPTIONS
        return check_option_list(payload["options"], "The suggestions", most, may_be_empty=True)
    if set(payload) == {"option_groups"}:
        return check_groups(payload["option_groups"], "The suggestions", may_be_empty=True)
    return ["Suggestions must be either options or option_groups."]


def _repeated_block_ids(blocks: list[object]) -> Problems:
    seen: set[object] = set()
    problems = []
    for block in objects(blocks):
        name = block.get("block_id")
        if name is not None and name in seen:
            problems.append(f"The block_id {name!r} is used twice.")
        seen.add(name)
    return problems


def _second_focus(blocks: list[object]) -> Problems:
    focused = [block for block in objects(blocks) for item in interactive(block) if item.get("focus_on_load")]
    return ["Only one element may have focus_on_load."] if len(focused) > 1 else []


def interactive(block: Json) -> list[Json]:
    """The elements of a block: its accessory, its input or its row of them."""
    return objects([block.get("accessory"), block.get("element")]) + objects(block.get("elements"))
