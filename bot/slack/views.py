"""Draws forms as Slack modals, and redraws a modal with what is wrong above what was typed."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.slack import fields
from bot.slack.blocks import SERVICE, actions, card_blocks, first_of, notice_blocks, numbered
from bot.slack.text import Block, Payload, alert, bold, cut, plain, sections
from handlers.cards import Button, Card, Field, FieldKind, Form, Notice

# docs.slack.dev/reference/views/modal-views; a view may have 250 kB.
VIEW_BLOCKS = 100
VIEW_LENGTH = 240_000
TITLE_LENGTH = 24
METADATA_LENGTH = 3000
CALLBACK = "form"

THE_REST = "There is more than Slack can show here. /concern help says how to get the whole as a file."


def form(answer: Form, nonce: str) -> Payload:
    """The form as a modal. `nonce` is new for every drawing: it marks the form as not yet submitted."""
    readable = not answer.submit
    drawn = [(field, field_blocks(field, nonce, readable)) for field in answer.fields]
    blocks = _fitting([*alert(answer.on_top), *_full_title(answer.title)], drawn)
    view = _modal(answer.title, blocks, close=_closing(answer))
    view["private_metadata"] = _metadata(answer, nonce)
    if answer.submit:
        view["submit"] = plain(answer.submit, TITLE_LENGTH)
    return view


def notice(answer: Notice) -> Payload:
    """A sentence in a modal, with "Close"."""
    return _modal(SERVICE, _as_fits(notice_blocks(answer)))


def card(answer: Card) -> Payload:
    """A card in a modal, with "Close"."""
    blocks = [*_full_title(answer.title), *card_blocks(answer)]
    return _modal(answer.title, _as_fits(blocks))


def home(answer: Card) -> Payload:
    """A card as the App Home."""
    blocks = [*bold(answer.title), *card_blocks(answer)]
    return {"type": "home", "blocks": numbered(_as_fits(blocks))}


def takes_words(view: Mapping[str, Any]) -> bool:
    """Whether it is a form that can be sent: what is typed in it must not be lost."""
    return bool(view.get("submit")) and isinstance(view.get("blocks"), list)


def has_words(view: Mapping[str, Any]) -> bool:
    """Whether it is such a form and words are typed in it."""
    return takes_words(view) and any(one.get("value") for by_id in _state(view).values() for one in by_id.values())


def waiting(view: Mapping[str, Any], sentence: str) -> Payload:
    """The form that was sent, as it can only be read while it is not known what becomes of it.

    A person who closes it, or never hears of it again, has seen their words; meanwhile they cannot be sent changed.
    """
    blocks = sections(sentence)
    for block in view["blocks"]:
        if block.get("type") == "input":
            words = fields.said(_state(view).get(block["block_id"], {}).get(block["element"]["action_id"], {}))
            blocks += [*bold(block["label"]["text"]), *sections(words)] if words else []
    return _modal(view["title"]["text"], _as_fits(blocks))


def redrawn(view: Mapping[str, Any], problems: Iterable[str], buttons: Sequence[Button] = ()) -> Payload:
    """The modal a person sent in, with what they typed kept and the problems as statements at its top.

    `buttons` stand under the problems: what can be done instead.
    """
    kept = [fields.refilled(block, _state(view)) for block in view.get("blocks") or ()]
    kept = [block for block in kept if not str(block.get("block_id", "")).startswith("problem")]
    said = [*(block for problem in problems for block in sections(f"⚠ {problem}")), *actions(buttons)]
    stated = [{**block, "block_id": f"problem.{number}"} for number, block in enumerate(said)]
    copied = ("type", "callback_id", "title", "submit", "close", "private_metadata")
    blocks = numbered(_giving_way([*stated, *kept]))
    return {name: view[name] for name in copied if view.get(name)} | {"blocks": blocks}


def field_blocks(field: Field, nonce: str, readable: bool) -> list[Block]:
    """One field. In a form with nothing to submit, what would be filled in is only read."""
    if field.kind is FieldKind.STATEMENT:
        return [*bold(field.label), *sections(field.text)]
    if field.kind is FieldKind.BUTTONS:
        return [*bold(field.label), *sections(field.text), *actions(field.buttons)]
    if readable:
        return [*bold(field.label), *sections(fields.as_read(field))]
    if field.kind in (FieldKind.CHOICE, FieldKind.CHOICES) and not field.choices:
        return [*bold(field.label), *sections("There is nothing to choose from.")]
    return [fields.block(field, nonce)]


def _fitting(first: list[Block], drawn: list[tuple[Field, list[Block]]]) -> list[Block]:
    """Everything to fill in or press stays; statements give way when the whole would be too much."""
    everything = [*first, *(block for _, blocks in drawn for block in blocks)]
    fixed = [block for block in everything if block["type"] != "section"]
    if len(fixed) > VIEW_BLOCKS - 2 or sum(map(_size, fixed)) > VIEW_LENGTH - _size(sections(THE_REST)[0]):
        raise ValueError("a form with this many fields does not fit into a Slack modal")
    return _giving_way(everything)


def _giving_way(everything: list[Block]) -> list[Block]:
    """The blocks, without the last statements where it takes that for the rest to fit."""
    last = sections(THE_REST)
    most, length = VIEW_BLOCKS - 2, VIEW_LENGTH - _size(last[0])
    if len(everything) <= most and sum(map(_size, everything)) <= length:
        return everything
    fixed = [block for block in everything if block["type"] != "section"]
    spare, room = most - len(fixed), length - sum(map(_size, fixed))
    kept: list[Block] = []
    for block in everything:
        if block["type"] == "section":
            spare, room = spare - 1, room - _size(block)
        if block["type"] != "section" or (spare >= 0 and room >= 0):
            kept.append(block)
    return kept + last


def _modal(title: str, blocks: list[Block], *, close: str = "Close") -> Payload:
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "title": plain(title, TITLE_LENGTH),
        "close": plain(close, TITLE_LENGTH),
        "blocks": numbered(blocks or sections(SERVICE)),
    }


def _as_fits(blocks: list[Block]) -> list[Block]:
    if len(blocks) <= VIEW_BLOCKS and sum(map(_size, blocks)) <= VIEW_LENGTH:
        return blocks
    return first_of(blocks, sections(THE_REST), most=VIEW_BLOCKS, length=VIEW_LENGTH, size=_size)


def _size(block: Block) -> int:
    """Bytes as sent, and room for the ids that are given last."""
    return len(json.dumps(block)) + 300 * len(block.get("elements", ()))


def _state(view: Mapping[str, Any]) -> Mapping[str, Any]:
    """What is filled in, by block and action; a view in which nothing can be is sent without."""
    found: Mapping[str, Any] = (view.get("state") or {}).get("values") or {}
    return found


def _full_title(title: str) -> list[Block]:
    return bold(title) if cut(title.strip(), TITLE_LENGTH) != title.strip() else []


def _closing(answer: Form) -> str:
    if answer.submit:
        return answer.cancel.strip() or "Cancel"
    return "Close" if answer.cancel.strip() in ("", "Cancel") else answer.cancel


def _metadata(answer: Form, nonce: str) -> str:
    """What comes back with a submission or a press."""
    held = {"deed": answer.deed, "subject": answer.subject, "run": answer.run}
    text = json.dumps({**held, "context": dict(answer.context), "nonce": nonce}, ensure_ascii=False)
    if len(text) > METADATA_LENGTH:
        raise ValueError("a form's context must be keys and choices: Slack carries 3,000 characters of it")
    return text
