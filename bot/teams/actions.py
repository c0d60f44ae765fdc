"""Buttons as actions of a card: what opens a dialog, what answers in place, and what a dialog sends."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.teams.parsing import OURS
from bot.teams.text import Element, cut
from handlers.cards import Button

TITLE_LENGTH = 75
IN_A_ROW = 6
# A row does not wrap everywhere: so many letters stand beside each other in a narrow dialog, edges counted.
ROW_LETTERS = 52
EDGES = 5
DATA_LENGTH = 3000
# Deeds that are answered with a sentence and never ask for anything: their answer needs no dialog.
IN_PLACE = frozenset({"concern.seen", "review.rest", "review.news.noted", "review.decisions.agree"})
STYLES = {"primary": "positive", "danger": "destructive"}


def in_message(button: Button) -> Element:
    """A button of a message: it opens a dialog, or is answered in place."""
    if button.deed in IN_PLACE:
        sent = _data(button)
        return _action(button, "Action.Execute", sent) | {
            "verb": button.deed,
            "fallback": _action(button, "Action.Submit", sent),
        }
    return _action(button, "Action.Submit", {"msteams": {"type": "task/fetch"}} | _data(button))


@dataclass(frozen=True, kw_only=True)
class Frame:
    """What each press inside a form brings back: which form it is, its context, and which fields are not shown.

    `bare` is what the form can be drawn from again when it is not at hand.
    """

    drawing: str
    context: Mapping[str, str] = field(default_factory=dict)
    kept: tuple[str, ...] = ()
    bare: Mapping[str, object] = field(default_factory=dict)


NO_FRAME = Frame(drawing="")


def in_dialog(button: Button, frame: Frame = NO_FRAME) -> Element:
    """A button inside a dialog, or inside the form of that frame."""
    return _action(button, "Action.Submit", _data(button, "press", frame))


def sending(button: Button, frame: Frame) -> Element:
    """The button that sends a form in."""
    return _action(button, "Action.Submit", _data(button, "submit", frame))


def turning(label: str, frame: Frame, sent_as: str, **wanted: object) -> Element:
    """A button for us alone: it finds, turns the page or shows what was kept aside, and keeps what is typed."""
    ours = {"form": frame.drawing, "as": sent_as, **wanted, **_brought(frame)}
    return {"type": "Action.Submit", "title": label, "data": {"action": f"form.{sent_as}", OURS: ours}}


def rows(actions: Sequence[Element]) -> list[Element]:
    """Rows of at most six, which is what Teams shows, and none wider than a dialog."""
    drawn: list[list[Element]] = []
    room = 0
    for action in actions:
        letters = len(action["title"]) + EDGES
        if not drawn or letters > room or len(drawn[-1]) == IN_A_ROW:
            drawn.append([])
            room = ROW_LETTERS
        drawn[-1].append(action)
        room -= letters
    return [{"type": "ActionSet", "actions": row} for row in drawn]


def message_rows(buttons: Iterable[Button]) -> list[Element]:
    """The buttons of a message."""
    return rows([in_message(button) for button in buttons])


def _action(button: Button, kind: str, data: Element) -> Element:
    drawn: Element = {"type": kind, "title": cut(button.label, TITLE_LENGTH) or "-", "data": data}
    if (name := button.named()) != button.label:
        drawn["tooltip"] = cut(name, TITLE_LENGTH)  # shown when pointed at, and what a screen reader says
    return drawn | ({"style": STYLES[button.weight]} if button.weight in STYLES else {})


def _data(button: Button, sent_as: str = "", frame: Frame = NO_FRAME) -> Element:
    """What comes back with the press: keys only. `action` is where Teams' library and its tools look for it."""
    held: Element = {"subject": button.subject, "run": button.run, "as": sent_as, "form": frame.drawing}
    held |= {"context": dict(frame.context)} if frame.context else {}
    ours = {name: value for name, value in held.items() if value not in ("", None)}
    if sum(len(str(value)) for value in ours.values()) > DATA_LENGTH:
        raise ValueError("what a button carries must be keys, not words")
    return {"action": button.deed, OURS: ours | _brought(frame)}


def _brought(frame: Frame) -> Element:
    brought = {"kept": list(frame.kept), "bare": dict(frame.bare)}
    return {name: value for name, value in brought.items() if value}
