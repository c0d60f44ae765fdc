"""What Slack sends, read from raw bytes and held against the shapes that the rest relies on.

Whatever does not fit is refused here, once, so that neither Bolt nor a listener stumbles over it half-way.
"""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from bot.shapes import Shape, both, each, each_under_its_name, either, filled, text, thing, words
from bot.sound_json import Malformed, decoded, read_json, sound, whole_number

MOST_FIELDS = 100
"""Form fields of a slash command; Slack sends some fifteen."""

NEVER_NULL = ("event", "response_urls")
"""Bolt takes null for left out elsewhere, but not in these."""

Payload = dict[str, Any]


def read(body: bytes, content_type: str) -> Payload:
    """The payload of a signed body: JSON, a form, or JSON in a form. Malformed where it is none of ours."""
    said = decoded(body)
    if content_type.partition(";")[0].strip().lower() == "application/json" or said.startswith("{"):
        payload = read_json(said)
    else:
        form = _form(said)
        payload = read_json(form["payload"]) if "payload" in form else form
    return checked(payload)


def checked(payload: object) -> Payload:
    """The payload, if it fits what is expected of its kind; else Malformed."""
    if (
        not isinstance(payload, dict)
        or not COMMON(payload)
        or any(payload.get(name, "") is None for name in NEVER_NULL)
    ):
        raise Malformed
    shape = COMMAND if "command" in payload else SSL_CHECK if "ssl_check" in payload else KINDS.get(payload.get("type"))
    if shape is None or not shape(payload):
        raise Malformed
    return payload


def _form(said: str) -> Payload:
    try:
        return sound(dict(parse_qsl(said, keep_blank_values=True, max_num_fields=MOST_FIELDS)))
    except ValueError:
        raise Malformed from None


def _ours(value: object) -> bool:
    """Text that we gave a button or a form to bring back. What does not begin as our JSON does is not ours."""
    if not isinstance(value, str) or not value.startswith("{"):
        return isinstance(value, str)
    try:
        held = read_json(value)
    except Malformed:
        return False
    return (
        isinstance(held, dict)
        and held == json.loads(value)  # readable already: a later reader does not make it so
        and all(text(held.get(name, "")) for name in ("deed", "subject", "nonce"))
        and (held.get("run") is None or whole_number(held["run"]) is not None)
        and each_under_its_name(text)(held.get("context", {}))
    )


def _names_deed(value: object) -> bool:
    """What each button of a form of ours carries: such a form is drawn anew from what came back."""
    return isinstance(value, str) and value.startswith("{") and _ours(value) and "deed" in json.loads(value)


def _number(value: object) -> bool:
    return whole_number(value) is not None


def _common(value: object) -> bool:
    """For shapes within themselves: an event names its team as a payload does."""
    return COMMON(value)


_named: Shape = either(text, thing(id=text, team_id=text, enterprise_id=text))
_said = thing({"text": text})
_option = thing({"value": text, "text": _said})
_filled_in = thing(value=text, selected_date=text, selected_option=_option, selected_options=each(_option))
_any_block = both(thing({"type": text}, block_id=text), filled(elements=each(thing())))
_any_event = thing({"type": words}, subtype=text)
_asks = filled(max_length=_number, options=each(_option), option_groups=each(thing({"options": each(_option)})))
_button = thing({"value": _names_deed}, text=_said)
BLOCKS: Mapping[str, Shape] = {
    "input": thing(
        {"block_id": text, "label": _said, "element": both(thing({"type": text, "action_id": text}), _asks)}, hint=_said
    ),
    "actions": thing({"elements": each(_button)}),
}


def _block(value: object) -> bool:
    return isinstance(value, dict) and _any_block(value) and BLOCKS.get(value["type"], _any_block)(value)


def _slash(value: object) -> bool:
    return isinstance(value, str) and value.startswith("/")


def _event(value: object) -> bool:
    return isinstance(value, dict) and _any_event(value) and EVENTS.get(value["type"], _any_event)(value)


VIEW = thing(
    {"id": words, "type": text},
    callback_id=text,
    app_installed_team_id=text,
    team_id=text,
    private_metadata=_ours,
    state=thing(values=each_under_its_name(each_under_its_name(_filled_in))),
    blocks=each(_block),
    title=_said,
    submit=_said,
    close=_said,
)
_action = thing({"action_id": text}, value=_ours, block_id=text)

COMMON = thing(
    type=text,
    team=_named,
    team_id=text,
    user=_named,
    user_id=text,
    user_team=text,
    enterprise=_named,
    enterprise_id=text,
    channel=_named,
    channel_id=text,
    callback_id=text,
    bot_id=text,
    thread_ts=text,
    trigger_id=text,
    response_url=text,
    response_urls=each(thing(response_url=text), most=1),
    function_data=thing(),
    authorizations=each(_common),
    item=_common,
    message=_common,
    previous_message=_common,
    assistant_thread=_common,
    event=_common,
    view=VIEW,
)
"""What Bolt looks at in any payload and in an event, before a listener is chosen."""

_by_a_person = {"user": thing({"id": words})}
COMMAND = thing({"command": _slash, "trigger_id": words, "user_id": words}, text=text)
SSL_CHECK = thing({"ssl_check": text})
EVENTS: Mapping[str, Shape] = {
    "app_home_opened": thing({"user": words}),
    "message": thing(user=text, text=text, files=each(thing())),
    "tokens_revoked": thing({"tokens": thing()}),
}

KINDS: Mapping[object, Shape] = {
    "block_actions": thing({**_by_a_person, "trigger_id": words, "actions": each(_action, least=1)}),
    "view_submission": thing(
        {
            **_by_a_person,
            "view": thing(
                {"callback_id": text, "title": _said, "state": thing({"values": thing()}), "blocks": each(_block)}
            ),
        }
    ),
    "view_closed": thing({"view": thing({"callback_id": text})}),
    "block_suggestion": thing({**_by_a_person, "action_id": words, "value": text}),
    "shortcut": thing({**_by_a_person, "callback_id": text, "trigger_id": words}),
    "message_action": thing({**_by_a_person, "callback_id": text}),
    "event_callback": thing({"event_id": words, "event": _event}),
    "url_verification": thing({"challenge": text}),
    "app_rate_limited": thing(),
}
"""What has to be there, by kind. Every other kind belongs to features that this app does not have."""
