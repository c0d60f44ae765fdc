"""A form drawn from nothing but what Teams sent with a press: the words under their labels, to be sent again.

Neither the database nor the form as it was drawn is needed. What was chosen besides comes along unseen; where the form
is found again when this one is sent, it is taken as if it had been sent from there.
"""

from collections.abc import Mapping
from typing import Any

from bot.teams.parsing import OURS, Act
from bot.teams.text import Element, cut, paragraphs
from handlers.cards import FieldKind, Form

LABEL_LENGTH = 80
TITLE_LENGTH = 60
INPUT_LENGTH = 4000
WRITTEN = (FieldKind.TEXT, FieldKind.LONG)
CHOSEN_TOO = "What you chose in this form is kept with it."


def makings(form: Form, drawing: str) -> dict[str, Any]:
    """What each press in a form brings back, so that it can be drawn bare; nothing for a form that is only read."""
    if not form.submit:
        return {}
    labels = {one.key: cut(one.label, LABEL_LENGTH) for one in form.fields if one.kind in WRITTEN}
    named = {"form": drawing, "deed": form.deed, "title": cut(form.title, TITLE_LENGTH), "send": form.submit}
    return {**named, "labels": labels}


def can_be_drawn(act: Act) -> bool:
    """Whether something was typed or chosen, and what it takes to send it again came with it."""
    return act.typed and bool(act.bare.get("deed")) and bool(act.bare.get("form"))


def title(act: Act) -> str:
    """The form's own."""
    return str(act.bare.get("title") or "")


def inputs(act: Act) -> list[Element]:
    """The words, each under its label."""
    drawn = [_input(key, str(label), act.inputs.get(key, "")) for key, label in _labels(act).items()]
    return [*drawn, *(paragraphs(CHOSEN_TOO, isSubtle=True) if _chosen(act) else [])]


def sending(act: Act) -> Element:
    """The button that sends it."""
    ours = {"as": "submit", "form": act.bare.get("form"), "subject": act.subject, "run": act.run}
    ours |= {"context": dict(act.context), "kept": list(act.kept), "bare": dict(act.bare)}
    data = {**_chosen(act), "action": str(act.bare.get("deed")), OURS: {k: v for k, v in ours.items() if v}}
    label = str(act.bare.get("send") or "Send")
    return {"type": "Action.Submit", "title": cut(label, LABEL_LENGTH), "style": "positive", "data": data}


def _labels(act: Act) -> Mapping[str, Any]:
    """The fields for words. What is kept aside did not come with the press, and stays where it is."""
    told = act.bare.get("labels")
    return {key: label for key, label in told.items() if key not in act.kept} if isinstance(told, Mapping) else {}


def _chosen(act: Act) -> dict[str, str]:
    return {key: value for key, value in act.inputs.items() if key not in _labels(act) and value}


def _input(key: str, label: str, words: str) -> Element:
    drawn: Element = {"type": "Input.Text", "id": key, "label": label or key, "isMultiline": True}
    return drawn | {"maxLength": max(INPUT_LENGTH, len(words))} | ({"value": words} if words else {})
