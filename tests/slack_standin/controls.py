"""Finding what a person would press: a button, or an entry of an overflow menu, by its visible words."""

from dataclasses import dataclass

from tests.slack_standin.checker import interactive
from tests.slack_standin.jsontypes import Json
from tests.slack_standin.options import offered_options
from tests.slack_standin.rendering import blocks_text, text_words


class NotOnScreen(Exception):
    """What the person was to press, fill in or send is not before them, or there are several alike."""


@dataclass(frozen=True, kw_only=True)
class Control:
    """Something to press; `near` is the text it stands beside or under."""

    block_id: str
    element: Json
    words: str
    near: str
    option: Json | None = None

    def action(self, moment: str) -> Json:
        """The action as Slack sends it."""
        sent: Json = {
            "type": self.element["type"],
            "action_id": self.element["action_id"],
            "block_id": self.block_id,
            "action_ts": moment,
        }
        if self.option is not None:
            return sent | {"selected_option": self.option}
        copied = {key: self.element[key] for key in ("text", "value", "style") if key in self.element}
        return sent | copied


def controls(blocks: list[Json]) -> list[Control]:
    """Every button and overflow entry, in the order shown."""
    found: list[Control] = []
    above = ""
    for block in blocks:
        if block.get("type") != "actions":
            above = "\n".join(blocks_text([block], {}, {}))
        for element in interactive(block):
            found += _controls_of(element, str(block.get("block_id")), above)
    return found


def _controls_of(element: Json, block_id: str, near: str) -> list[Control]:
    if element.get("type") == "button":
        words = text_words(element.get("text"))
        return [Control(block_id=block_id, element=element, words=words, near=near)]
    if element.get("type") == "overflow":
        entries = [(text_words(option["text"]), option) for option in offered_options(element)]
        return [
            Control(block_id=block_id, element=element, words=words, near=near, option=option)
            for words, option in entries
        ]
    return []


def find_control(blocks: list[Json], wanted: str, near: str | None = None) -> Control:
    """The one control with these visible words (failing that, this action_id), beside the words `near`."""
    there = controls(blocks)
    named = [one for one in there if one.words == wanted]
    named = named or [one for one in there if one.element["action_id"] == wanted]
    if near is not None:
        named = [one for one in named if near in one.near]
    if len(named) == 1:
        return named[0]
    shown = ", ".join(f"[{one.words}]" for one in there) or "no buttons"
    many = "There is no" if not named else f"There are {len(named)} of"
    raise NotOnScreen(f"{many} {wanted!r}{f' near {near!r}' if near else ''}; there is {shown}.")
