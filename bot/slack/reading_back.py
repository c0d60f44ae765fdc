"""A modal as Slack sent it back, read into a form that holds what was typed, so that it can be opened anew."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.slack import fields, parsing
from bot.slack.parsing import Body
from handlers.cards import Button, Choice, Field, FieldKind, Form

State = Mapping[str, Mapping[str, Mapping[str, Any]]]

KINDS = {
    "datepicker": FieldKind.DATE,
    "external_select": FieldKind.SEARCH,
    "static_select": FieldKind.CHOICE,
    "checkboxes": FieldKind.CHOICES,
    "multi_static_select": FieldKind.CHOICES,
}


def form(view: Body) -> Form:
    """What can be filled in, without the statements around it: these are shown anew, to those who may read them."""
    held = parsing.metadata(view)
    state = (view.get("state") or {}).get("values") or {}
    return Form(
        deed=held.get("deed", ""),
        title=_words(view.get("title")),
        submit=_words(view.get("submit")),
        cancel=_words(view.get("close")) or "Cancel",
        subject=held.get("subject", ""),
        run=held.get("run"),
        context=held.get("context", {}),
        fields=tuple(_parts(view["blocks"], state)),
    )


def _parts(blocks: Sequence[Body], state: State) -> Iterator[Field]:
    for number, block in enumerate(blocks):
        if block.get("type") == "input":
            yield _field(block, state)
        elif block.get("type") == "actions" and not str(block.get("block_id", "")).startswith("problem"):
            yield Field(key=f"buttons{number}", kind=FieldKind.BUTTONS, buttons=tuple(_buttons(block)))


def _buttons(block: Body) -> Iterator[Button]:
    for element in block["elements"]:
        does = parsing.read(element.get("value"))
        yield Button(
            label=_words(element.get("text")),
            deed=str(does.get("deed")),
            subject=str(does.get("subject", "")),
            run=does.get("run"),
            weight=str(element.get("style", "")),
        )


def _field(block: Body, state: State) -> Field:
    element = block["element"]
    filled = state.get(block["block_id"], {}).get(element["action_id"], {})
    text = FieldKind.LONG if element.get("multiline") else FieldKind.TEXT
    kind = KINDS.get(element["type"], text)
    return Field(
        key=fields.key_of(element["action_id"]),
        kind=kind,
        label=_words(block.get("label")),
        hint=_words(block.get("hint")),
        required=not block.get("optional", False),
        initial=fields.value(filled),
        initial_label=fields.said(filled) if kind is FieldKind.SEARCH else "",
        choices=tuple(_choices(element)),
        search=fields.search_of(element["action_id"]),
        max_length=element.get("max_length", fields.INPUT_LENGTH),
    )


def _choices(element: Body) -> list[Choice]:
    groups = [{"options": element.get("options", ())}, *element.get("option_groups", ())]
    return [Choice(value=one["value"], label=_words(one["text"])) for group in groups for one in group["options"]]


def _words(text: Body | None) -> str:
    return str(text["text"]) if text else ""
