"""Filling in a form as a person does: by visible label, within what Slack lets them type and choose."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from tests.slack_standin.checker import interactive
from tests.slack_standin.controls import NotOnScreen
from tests.slack_standin.jsontypes import Json, objects
from tests.slack_standin.limits import INPUT_LENGTH, TICK_OPTIONS
from tests.slack_standin.options import offered_options
from tests.slack_standin.records import Workspace
from tests.slack_standin.rendering import chosen_options, initial_state, plain_held, text_words

Typed = str | date | int | list[str] | None
Suggest = Callable[["Field", str], list[Json]]
_STATELESS = {"button", "overflow", "image", "plain_text", "mrkdwn"}


class RefusedBySlack(Exception):
    """Slack itself would not let this be typed, chosen or sent."""


@dataclass(frozen=True, kw_only=True)
class Field:
    """An element that holds a value, with the label a person sees over it."""

    block: Json
    element: Json
    label: str

    @property
    def block_id(self) -> str:
        """The bot's name for the block."""
        return str(self.block["block_id"])

    @property
    def action_id(self) -> str:
        """The bot's name for the element."""
        return str(self.element["action_id"])

    @property
    def required(self) -> bool:
        """Whether Slack insists on a value."""
        return self.block["type"] == "input" and not self.block.get("optional", False)

    @property
    def dispatches(self) -> bool:
        """Whether choosing tells the bot at once."""
        return self.block["type"] != "input" or bool(self.block.get("dispatch_action"))


def fields(blocks: list[Json]) -> list[Field]:
    """Everything that can be filled in, in the order shown."""
    found = []
    for block in blocks:
        if block.get("type") not in ("input", "section", "actions"):
            continue
        for element in interactive(block):
            if element.get("type") not in _STATELESS:
                words = text_words(block.get("label")) or text_words(block.get("text"))
                found.append(Field(block=block, element=element, label=words))
    return found


def find_field(blocks: list[Json], wanted: str) -> Field:
    """The one field with this label, block_id, action_id or placeholder."""
    there = fields(blocks)
    for names in (
        lambda one: one.label,
        lambda one: one.block_id,
        lambda one: one.action_id,
        lambda one: text_words(one.element.get("placeholder")),
    ):
        named = [one for one in there if names(one) == wanted]
        if len(named) == 1:
            return named[0]
        if named:
            raise NotOnScreen(f"There are {len(named)} fields called {wanted!r}.")
    raise NotOnScreen(f"There is no field {wanted!r}; there are {[one.label for one in there]}.")


def typed_state(field: Field, value: Typed, workspace: Workspace, suggest: Suggest) -> Json:
    """The state of a field after a person puts `value` in it; None or "" or [] empties it."""
    kind = str(field.element["type"])
    state: Json = {"type": kind}
    many = kind == "checkboxes" or kind.startswith("multi_")
    if not many and isinstance(value, list):
        raise RefusedBySlack(f"{field.label!r} takes one value.")
    wanted = [str(item) for item in value] if isinstance(value, list) else [str(value)] if value else []
    if kind.endswith(("users_select", "conversations_select", "channels_select")):
        key = "selected_" + kind.removeprefix("multi_").removesuffix("s_select")
        people = [_person(workspace, one) for one in wanted]
        return state | ({key + "s": people} if many else {key: people[0] if people else None})
    if kind in ("static_select", "external_select", "radio_buttons") or many:
        chosen = [_option(field, one, suggest) for one in wanted]
        return state | ({"selected_options": chosen} if many else {"selected_option": chosen[0] if chosen else None})
    if kind in ("datepicker", "timepicker"):
        key = "selected_date" if kind == "datepicker" else "selected_time"
        return state | {key: _moment(kind, wanted[0], field) if wanted else None}
    if kind == "datetimepicker":
        return state | {"selected_date_time": int(wanted[0]) if wanted else None}
    return state | {"value": _words(field, wanted[0] if wanted else "")}


def _person(workspace: Workspace, wanted: str) -> str:
    for user in workspace.users.values():
        if wanted in (user.id, user.name, user.email):
            return user.id
    raise RefusedBySlack(f"There is nobody called {wanted!r} to choose.")


def _option(field: Field, wanted: str, suggest: Suggest) -> Json:
    external = "external" in str(field.element["type"])
    offered = suggest(field, wanted) if external else offered_options(field.element)
    for exact in (True, False):
        named = [option for option in offered if _is_named(option, wanted, exact=exact)]
        if len(named) == 1 and (exact or external):
            return named[0]
    words = [text_words(option["text"]) for option in offered]
    raise RefusedBySlack(f"{wanted!r} is not among the choices of {field.label!r}: {words}.")


def _is_named(option: Json, wanted: str, *, exact: bool) -> bool:
    words = text_words(option["text"])
    return wanted in (words, option["value"]) if exact else wanted.lower() in words.lower()


def _moment(kind: str, wanted: str, field: Field) -> str:
    try:
        return date.fromisoformat(wanted).isoformat() if kind == "datepicker" else wanted
    except ValueError:
        raise RefusedBySlack(f"{wanted!r} is not a date for {field.label!r}.") from None


def _words(field: Field, words: str) -> str | None:
    longest = field.element.get("max_length", INPUT_LENGTH)
    if len(words) > longest:
        raise RefusedBySlack(f"{field.label!r} takes {longest} characters, not {len(words)}.")
    if words and len(words) < field.element.get("min_length", 0):
        raise RefusedBySlack(f"{field.label!r} needs {field.element['min_length']} characters.")
    if words and field.element["type"] == "number_input":
        _number(field, words)
    if words and field.element["type"] == "email_text_input" and "@" not in words:
        raise RefusedBySlack(f"{words!r} is not an e-mail address.")
    return words or None


def _number(field: Field, words: str) -> None:
    try:
        number = float(words) if field.element["is_decimal_allowed"] else int(words)
    except ValueError:
        raise RefusedBySlack(f"{words!r} is not a number for {field.label!r}.") from None
    lowest = float(field.element.get("min_value", "-inf"))
    if not lowest <= number <= float(field.element.get("max_value", "inf")):
        raise RefusedBySlack(f"{words!r} is out of range for {field.label!r}.")


def state_values(blocks: list[Json], typed: Mapping[str, Json]) -> dict[str, Json]:
    """view.state.values: every field, touched or not."""
    values: dict[str, Json] = {}
    for field in fields(blocks):
        state = typed.get(field.block_id, {}).get(field.action_id) or initial_state(field.element)
        values.setdefault(field.block_id, {})[field.action_id] = _with_empty_keys(state)
    return values


def _with_empty_keys(state: Json) -> Json:
    kind = str(state["type"])
    if kind.endswith("_input"):
        return {"value": None, **state}
    if kind in ("static_select", "external_select", "radio_buttons"):
        return {"selected_option": None, **state}
    if kind in ("checkboxes", "multi_static_select", "multi_external_select"):
        return {"selected_options": [], **state}
    if kind in ("datepicker", "timepicker"):
        return {"selected_date" if kind == "datepicker" else "selected_time": None, **state}
    return state


def refuse_unready(blocks: list[Json], values: Mapping[str, Json]) -> None:
    """Raise what Slack says beside fields that must be filled in and are not."""
    for field in fields(blocks):
        state = values[field.block_id][field.action_id]
        held = chosen_options(state) or plain_held(state)
        if field.required and not held:
            raise RefusedBySlack(f"Please complete this required field: {field.label!r}.")
        if len(objects(state.get("selected_options"))) > field.element.get("max_selected_items", TICK_OPTIONS * 10):
            raise RefusedBySlack(f"Too many are chosen in {field.label!r}.")
