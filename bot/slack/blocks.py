"""Draws cards and notices as Slack messages, within Slack's limits whatever they hold."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence

from bot.slack.text import Block, Payload, bold, cut, cut_escaped, plain, sections
from handlers.cards import Button, Card, Line, Notice

# docs.slack.dev/reference/block-kit/blocks; the whole message is refused near 13,000 characters of blocks.
MESSAGE_BLOCKS = 50
MESSAGE_LENGTH = 12_000
CONTAINER = 40
FALLBACK_LENGTH = 3_000
BUTTON_LENGTH = 75
NAME_LENGTH = 75
BUTTONS_IN_A_ROW = 25
ACTION_ID_LENGTH = 255
VALUE_LENGTH = 2_000

SERVICE = "IRO service"
THE_REST = (
    "There is more than fits into one message. Open one of the things above, "
    "or type /concern list or /iro help, to see the rest."
)


def message(card: Card) -> Payload:
    """The card as `text` (what a notification shows) and `blocks`."""
    blocks = [*bold(card.title), *_lines(card.lines), *_rows(card.buttons)]
    return _payload(card.title, blocks)


def notice(answer: Notice) -> Payload:
    """The private answer as `text` and `blocks`."""
    return _payload(answer.text, notice_blocks(answer))


def card_blocks(card: Card) -> list[Block]:
    """The card without its title, for a form that has its own."""
    return [*_lines(card.lines), *_rows(card.buttons)]


def notice_blocks(answer: Notice) -> list[Block]:
    """The notice's sentences and buttons."""
    return [*sections(answer.text), *_rows(answer.buttons)]


def actions(buttons: Sequence[Button]) -> list[Block]:
    """Rows of buttons; `numbered` gives them their ids."""
    return list(_rows(buttons))


def numbered(blocks: Iterable[Block]) -> list[Block]:
    """Give every button of the payload its own action id, `deed:number`."""
    drawn = list(blocks)
    buttons = (element for block in drawn if block["type"] == "actions" for element in block["elements"])
    for number, element in enumerate(buttons):
        deed = json.loads(element["value"])["deed"]
        element["action_id"] = f"{deed[: ACTION_ID_LENGTH - 10]}:{number}"
    return drawn


def within_limits(blocks: list[Block]) -> list[Block]:
    """All the blocks, or as many as a message takes with a last one that says where the rest is."""
    if len(blocks) <= MESSAGE_BLOCKS and characters(blocks) <= MESSAGE_LENGTH:
        return blocks
    return first_of(blocks, sections(THE_REST), most=MESSAGE_BLOCKS, length=MESSAGE_LENGTH, size=characters)


def first_of(
    blocks: list[Block], last: list[Block], *, most: int, length: int, size: Callable[[Block], int]
) -> list[Block]:
    """As many of the blocks as fit before the last ones."""
    room = length - sum(map(size, last))
    kept: list[Block] = []
    for block in blocks[: most - len(last)]:
        room -= size(block)
        if room < 0:
            break
        kept.append(block)
    return kept + last


def characters(block: object) -> int:
    """What Slack counts of a message: its texts, and a buffer for each object around them (bolt-js#2509)."""
    if isinstance(block, list):
        return sum(map(characters, block))
    if not isinstance(block, dict):
        return 0
    words = block.get("text")
    return (len(words) if isinstance(words, str) else CONTAINER) + sum(map(characters, block.values()))


def _payload(words: str, blocks: list[Block]) -> Payload:
    text = cut_escaped(words.strip(), FALLBACK_LENGTH) or SERVICE
    return {"text": text, "blocks": within_limits(numbered(blocks or sections(SERVICE)))}


def _lines(lines: Iterable[Line]) -> Iterator[Block]:
    for line in lines:
        yield from bold(line.text) if line.heads else sections(line.text)
        yield from _rows(line.buttons)


def _rows(buttons: Sequence[Button]) -> Iterator[Block]:
    for start in range(0, len(buttons), BUTTONS_IN_A_ROW):
        row = buttons[start : start + BUTTONS_IN_A_ROW]
        yield {"type": "actions", "elements": [_button(button) for button in row]}


def _button(button: Button) -> Block:
    value = json.dumps({"deed": button.deed, "subject": button.subject, "run": button.run}, ensure_ascii=False)
    if len(value) > VALUE_LENGTH:
        raise ValueError("a button's deed and subject must be short: they are keys, not words")
    drawn = {"type": "button", "text": plain(button.label, BUTTON_LENGTH), "value": value}
    if (name := button.named()) != button.label:
        drawn["accessibility_label"] = cut(name, NAME_LENGTH)
    if button.weight in ("primary", "danger"):
        drawn["style"] = button.weight
    return drawn
