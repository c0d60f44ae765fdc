"""Finding what a person would press in a card, by its visible words."""

from dataclasses import dataclass

from tests.slack_standin.controls import NotOnScreen
from tests.slack_standin.jsontypes import Json, objects
from tests.teams_standin.rendering import card_text, label_of


@dataclass(frozen=True, kw_only=True)
class Control:
    """Something to press; `near` is the text it stands beside or under, `last` says that it ends the card."""

    action: Json
    near: str
    last: bool

    @property
    def words(self) -> str:
        """What it says."""
        return str(self.action["title"])

    @property
    def data(self) -> Json:
        """What it carries."""
        held = self.action.get("data")
        return dict(held) if isinstance(held, dict) else {}

    @property
    def opens_dialog(self) -> bool:
        """Whether Teams asks the bot for a dialog when it is pressed."""
        told = self.data.get("msteams")
        return isinstance(told, dict) and told.get("type") == "task/fetch"


def controls(card: Json | None) -> list[Control]:
    """Everything to press, in the order shown."""
    if card is None:
        return []
    found = [one for one, _ in _within(objects(card.get("body")), "")]
    last = [Control(action=one, near="", last=True) for one in objects(card.get("actions"))]
    return [*found, *last]


def find_control(card: Json | None, wanted: str, near: str | None = None) -> Control:
    """The one control with these visible words, beside the words `near`."""
    there = controls(card)
    named = [one for one in there if one.words == wanted and (near is None or near in one.near)]
    if len(named) == 1:
        return named[0]
    shown = ", ".join(f"[{one.words}]" for one in there) or "no buttons"
    many = "There is no" if not named else f"There are {len(named)} of"
    raise NotOnScreen(f"{many} {wanted!r}{f' near {near!r}' if near else ''}; there is {shown}.")


def control_under(card: Json, label: str, wanted: str) -> Control:
    """The first control with these words below the field of that label."""
    below = False
    for part in objects(card.get("body")):
        below = below or label_of(part) == label
        for one in objects(part.get("actions")) if below else []:
            if one.get("title") == wanted:
                return Control(action=one, near=label, last=False)
    raise NotOnScreen(f"There is no {wanted!r} under {label!r}.")


def _within(parts: list[Json], above: str) -> list[tuple[Control, str]]:
    found: list[tuple[Control, str]] = []
    for part in parts:
        for name in ("items", "columns"):
            inner = _within(objects(part.get(name)), above)
            found += inner
        if part.get("type") == "ActionSet":
            found += [(Control(action=one, near=above, last=False), above) for one in objects(part.get("actions"))]
        elif isinstance(part.get("selectAction"), dict):
            found.append((Control(action=part["selectAction"], near=above, last=False), above))
        if part.get("type") != "ActionSet":
            words = "\n".join(card_text({"body": [part]}, {}))
            above = f"{above}\n{words}" if part.get("spacing") == "None" else words or above
    return found
