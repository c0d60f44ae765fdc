"""Checks of block elements: buttons, inputs, menus and pickers."""

import re
from collections.abc import Callable
from datetime import date

from tests.slack_standin import limits
from tests.slack_standin.jsontypes import Json, Problems
from tests.slack_standin.options import check_choices, check_initial, check_option, check_option_list
from tests.slack_standin.texts import (
    check_flag,
    check_keys,
    check_optional_string,
    check_string,
    check_text,
)

ElementCheck = Callable[[Json, str], Problems]
_COMMON = {"type", "action_id", "confirm", "focus_on_load"}
_BUTTON_KEYS = {"type", "action_id", "text", "value", "url", "style", "confirm", "accessibility_label"}
_TEXT_INPUT_KEYS = {
    "type",
    "action_id",
    "initial_value",
    "multiline",
    "min_length",
    "max_length",
    "placeholder",
}
_TEXT_INPUT_KEYS |= {"dispatch_action_config", "focus_on_load"}


def check_element(element: object, what: str, allowed: frozenset[str]) -> Problems:
    """Any element: its type must be known and allowed in its place, its action_id at most 255 characters."""
    if not isinstance(element, dict):
        return [f"{what} must be an object."]
    kind = element.get("type")
    if not isinstance(kind, str) or kind not in CHECKS:
        return [f"{what} has the unknown element type {kind!r}."]
    if kind not in allowed:
        return [f"{what} may not be a {kind} in this place."]
    problems = check_optional_string(element, "action_id", what, limits.IDENTIFIER)
    if "confirm" in element:
        problems += check_confirm(element["confirm"], f"the confirmation of {what}")
    if "placeholder" in element:
        placeholder = f"The placeholder of {what}"
        problems += check_text(element["placeholder"], placeholder, limits.PLACEHOLDER, plain=True)
    problems += check_flag(element, "focus_on_load", what)
    return problems + CHECKS[kind](element, what)


def check_confirm(value: object, what: str) -> Problems:
    """The "are you sure?" box: title 100, text 300, its two buttons 30 characters."""
    if not isinstance(value, dict):
        return [f"{what} must be an object."]
    problems = check_keys(value, what, {*limits.CONFIRM, "style"})
    for key, limit in limits.CONFIRM.items():
        problems += check_text(value.get(key), f"The {key} of {what}", limit, plain=key != "text")
    if value.get("style", "primary") not in ("primary", "danger"):
        problems.append(f"The style of {what} must be primary or danger.")
    return problems


def _button(element: Json, what: str) -> Problems:
    problems = check_keys(element, what, _BUTTON_KEYS)
    problems += check_text(element.get("text"), what, limits.BUTTON_TEXT, plain=True)
    if "value" in element:
        problems += check_string(element["value"], f"The value of {what}", limits.BUTTON_VALUE)
    problems += check_optional_string(element, "url", what, limits.BUTTON_URL)
    problems += check_optional_string(element, "accessibility_label", what, limits.ACCESSIBILITY_LABEL)
    if "style" in element and element["style"] not in ("primary", "danger"):
        problems.append(f"The style of {what} must be primary or danger, or left out.")
    return problems


def _text_input(element: Json, what: str) -> Problems:
    problems = check_keys(element, what, _TEXT_INPUT_KEYS)
    problems += check_flag(element, "multiline", what)
    longest = element.get("max_length", limits.INPUT_LENGTH)
    shortest = element.get("min_length", 0)
    if not _is_count(longest, 1):
        problems.append(f"The max_length of {what} must be from 1 to {limits.INPUT_LENGTH}.")
    elif not _is_count(shortest, 0):
        problems.append(f"The min_length of {what} must be from 0 to {limits.INPUT_LENGTH}.")
    elif shortest > longest:
        problems.append(f"The min_length of {what} is above its max_length.")
    else:
        problems += _initial_value(element, what, longest)
    return problems


def _is_count(value: object, lowest: int) -> bool:
    return type(value) is int and lowest <= value <= limits.INPUT_LENGTH


def _initial_value(element: Json, what: str, longest: int) -> Problems:
    if "initial_value" not in element:
        return []
    return check_string(element["initial_value"], f"The initial value of {what}", longest, may_be_empty=True)


def _email_input(element: Json, what: str) -> Problems:
    keys = {"type", "action_id", "initial_value", "placeholder", "dispatch_action_config", "focus_on_load"}
    return check_keys(element, what, keys) + _initial_value(element, what, limits.INPUT_LENGTH)


def _number_input(element: Json, what: str) -> Problems:
    keys = {
        "min_value",
        "max_value",
        "is_decimal_allowed",
        "initial_value",
        "placeholder",
        "dispatch_action_config",
    }
    problems = check_keys(element, what, _COMMON | keys)
    if not isinstance(element.get("is_decimal_allowed"), bool):
        problems.append(f"{what} must say whether decimals are allowed.")
    for key in ("min_value", "max_value", "initial_value"):
        if key in element and not isinstance(element[key], str):
            problems.append(f"The {key} of {what} must be a string.")
    return problems


def _static_select(element: Json, what: str) -> Problems:
    keys = {"options", "option_groups", "initial_option", "placeholder"}
    return check_keys(element, what, _COMMON | keys) + check_choices(element, what) + check_initial(element, what)


def _multi_static_select(element: Json, what: str) -> Problems:
    keys = {"options", "option_groups", "initial_options", "max_selected_items", "placeholder"}
    return check_keys(element, what, _COMMON | keys) + check_choices(element, what) + check_initial(element, what)


def _external_select(element: Json, what: str) -> Problems:
    many = str(element["type"]).startswith("multi_")
    keys = {"min_query_length", "placeholder"} | (
        {"initial_options", "max_selected_items"} if many else {"initial_option"}
    )
    problems = check_keys(element, what, _COMMON | keys)
    if type(element.get("min_query_length")) is not int or element["min_query_length"] < 0:
        problems.append(f"{what} must set min_query_length (Slack's own default is 3 characters).")
    if "initial_option" in element:
        problems += check_option(element["initial_option"], f"The initial option of {what}")
    if "initial_options" in element:
        problems += check_option_list(element["initial_options"], what, limits.SELECT_OPTIONS)
    return problems


def _people_select(element: Json, what: str) -> Problems:
    keys = {
        "initial_user",
        "initial_users",
        "initial_conversation",
        "initial_conversations",
        "initial_channel",
    }
    keys |= {"initial_channels", "default_to_current_conversation", "max_selected_items", "placeholder"}
    return check_keys(element, what, _COMMON | keys | {"filter", "response_url_enabled"})


def _ticks(element: Json, what: str) -> Problems:
    initial = "initial_options" if element["type"] == "checkboxes" else "initial_option"
    problems = check_keys(element, what, _COMMON | {"options", initial})
    problems += check_option_list(element.get("options"), what, limits.TICK_OPTIONS, plain=False)
    return problems + check_initial(element, what)


def _overflow(element: Json, what: str) -> Problems:
    problems = check_keys(element, what, {"type", "action_id", "options", "confirm"})
    return problems + check_option_list(element.get("options"), what, limits.OVERFLOW_OPTIONS, url=True)


def _datepicker(element: Json, what: str) -> Problems:
    problems = check_keys(element, what, _COMMON | {"initial_date", "placeholder"})
    if "initial_date" in element and not _is_date(element["initial_date"]):
        problems.append(f"The initial date of {what} must be a date written YYYY-MM-DD.")
    return problems


def _is_date(value: object) -> bool:
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _timepicker(element: Json, what: str) -> Problems:
    problems = check_keys(element, what, _COMMON | {"initial_time", "placeholder", "timezone"})
    initial = element.get("initial_time", "00:00")
    if not isinstance(initial, str) or not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", initial):
        problems.append(f"The initial time of {what} must be written HH:mm.")
    return problems


def _datetimepicker(element: Json, what: str) -> Problems:
    problems = check_keys(element, what, _COMMON | {"initial_date_time"})
    initial = element.get("initial_date_time", 1_000_000_000)
    if type(initial) is not int or len(str(initial)) != 10:
        problems.append(f"The initial date and time of {what} must be ten digits of Unix seconds.")
    return problems


def _image(element: Json, what: str) -> Problems:
    problems = check_keys(element, what, {"type", "image_url", "alt_text"})
    problems += check_string(element.get("image_url"), f"The address of {what}", limits.IMAGE_URL)
    return problems + check_string(element.get("alt_text"), f"The alt text of {what}", limits.ALT_TEXT)


SINGLE_PEOPLE = frozenset({"users_select", "conversations_select", "channels_select"})
MULTI_PEOPLE = frozenset({"multi_users_select", "multi_conversations_select", "multi_channels_select"})
CHECKS: dict[str, ElementCheck] = {
    "button": _button,
    "plain_text_input": _text_input,
    "email_text_input": _email_input,
    "url_text_input": _email_input,
    "number_input": _number_input,
    "static_select": _static_select,
    "multi_static_select": _multi_static_select,
    "external_select": _external_select,
    "multi_external_select": _external_select,
    "checkboxes": _ticks,
    "radio_buttons": _ticks,
    "overflow": _overflow,
    "datepicker": _datepicker,
    "timepicker": _timepicker,
    "datetimepicker": _datetimepicker,
    "image": _image,
    **dict.fromkeys(SINGLE_PEOPLE | MULTI_PEOPLE, _people_select),
}
_MENUS = SINGLE_PEOPLE | MULTI_PEOPLE | {"static_select", "multi_static_select"}
_MENUS |= {
    "external_select",
    "multi_external_select",
    "checkboxes",
    "radio_buttons",
    "datepicker",
    "timepicker",
}
IN_SECTION = frozenset(_MENUS | {"button", "overflow", "image"})
IN_ACTIONS = frozenset(_MENUS | {"button", "overflow", "datetimepicker"})
IN_INPUT = frozenset(
    _MENUS | {"plain_text_input", "email_text_input", "url_text_input", "number_input", "datetimepicker"}
)
