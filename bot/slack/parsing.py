"""Reads what Slack sends into an act: who did what, where, and where the answer may go."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from bot.offering import typed_command
from bot.reception import acts, lines
from bot.slack import fields
from bot.slack.declaration import SLACK
from handlers import typed
from handlers.requests import Value

Body = Mapping[str, Any]

SHORTCUT = "log_concern"
WRITTEN = (None, "file_share", "thread_broadcast", "me_message")
"""The kinds of message that a person wrote."""
MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")


class Place(StrEnum):
    """Where a person acted, which says how they can be answered."""

    COMMAND = "command"
    MESSAGE = "message"  # a button in a message
    VIEW = "view"  # a button inside a modal
    SUBMISSION = "submission"
    SEARCH = "search"
    CHAT = "chat"  # written to the bot, in the chat or in a thread of one of its messages
    ELSEWHERE = "elsewhere"  # the shortcut, or a button in the App Home: nothing of ours stands there to answer in


PRESSED = (Place.MESSAGE, Place.VIEW, Place.ELSEWHERE)


@dataclass(frozen=True, kw_only=True)
class Act(acts.Act):
    """An act at Slack. `workspace` is where the app is installed: a team, or an organisation installed as a whole.

    `foreign`: the payload names another workspace than that (Slack Connect). `thread` is the message in whose thread
    something was written.
    """

    called = SLACK

    place: Place
    channel: str = ""
    thread: str = ""
    trigger: str = ""
    response_url: str = ""
    view: Body = field(default_factory=dict)

    @property
    def is_press(self) -> bool:
        """Whether it is a press of the kind that opens what was ready too late."""
        return self.place in PRESSED

    @property
    def filled_in(self) -> bool:
        """Whether it was done in a modal, with what is typed into it."""
        return self.place in (Place.SUBMISSION, Place.VIEW)


def command(body: Body) -> Act:
    """A slash command. Slack escapes its text; a mention `<@U1|name>` is handed on as `<@U1>`."""
    workspace = installed_workspace(body)
    return Act(
        **_who(body),
        place=Place.COMMAND,
        key=f"slack:cmd:{workspace}:{body['trigger_id']}",
        deed="command",
        command=body["command"].removeprefix("/"),
        words=unescaped(body.get("text") or ""),
        trigger=body["trigger_id"],
        response_url=body.get("response_url", ""),
    )


def press(body: Body) -> Act:
    """A button in a message, in a modal (with what is typed so far) or in the App Home."""
    view: Body = body.get("view") or {}
    pressed = read(body["actions"][0].get("value"))
    modal = view.get("type") == "modal"
    typed = typed_command(pressed.get("subject", "")) if pressed.get("deed") == "command" else {}
    acted = {
        "deed": pressed.get("deed", ""),
        "subject": pressed.get("subject", ""),
        "run": pressed.get("run"),
    }
    return Act(
        **_who(body),
        **(acted | typed),
        place=Place.VIEW if modal else Place.ELSEWHERE if view else Place.MESSAGE,
        key=f"slack:act:{installed_workspace(body)}:{body['trigger_id']}",
        values=_values(view),
        context=metadata(view).get("context", {}),
        trigger=body["trigger_id"],
        response_url=body.get("response_url") or "",
        view=view,
    )


def submission(body: Body) -> Act:
    """A form sent in. Sending the same drawing with the same content again has the same key.

    The content is part of the key because a form refused with errors is corrected and sent again from the
    same drawing; it is hashed with the drawing's nonce, so that the key tells nothing about it.
    """
    view: Body = body["view"]
    held = metadata(view)
    values = _values(view)
    drawing = [held.get("deed", ""), held.get("nonce", ""), sorted(values.items())]
    digest = hashlib.sha256(json.dumps(drawing).encode()).hexdigest()[:24]
    return Act(
        **_who(body),
        place=Place.SUBMISSION,
        key=f"slack:view:{installed_workspace(body)}:{view['id']}:{digest}",
        deed=held.get("deed", ""),
        subject=held.get("subject", ""),
        run=held.get("run"),
        values=values,
        context=held.get("context", {}),
        trigger=body.get("trigger_id", ""),
        view=view,
    )


def suggestion(body: Body) -> Act:
    """What is typed into a search field."""
    view: Body = body.get("view") or {}
    query = body.get("value", "")
    asked = hashlib.sha256(json.dumps([view.get("id"), body["action_id"], query]).encode()).hexdigest()[:24]
    return Act(
        **_who(body),
        place=Place.SEARCH,
        key=f"slack:search:{installed_workspace(body)}:{asked}",
        deed="search",
        subject=fields.search_of(body["action_id"]),
        words=query,
        values=_values(view),
        context=metadata(view).get("context", {}),
    )


def shortcut(body: Body) -> Act:
    """The global shortcut "Log a concern": the same as typing /concern."""
    return Act(
        **_who(body),
        place=Place.ELSEWHERE,
        key=f"slack:act:{installed_workspace(body)}:{body['trigger_id']}",
        deed="command",
        command="concern",
        trigger=body["trigger_id"],
    )


def opened_home(body: Body) -> Act:
    """The App Home opened."""
    return Act(**_of_event(body), place=Place.ELSEWHERE, deed="home")


def direct_message(body: Body) -> Act:
    """Something a person wrote to the bot. Its words are looked at for a greeting, and left behind here."""
    event = body["event"]
    channel, thread = _id(event.get("channel")), event.get("thread_ts") or ""
    has_file = bool(event.get("files")) or event.get("subtype") == "file_share"
    meant = lines.chat(event.get("text") or "", under=thread, channel=channel, brings_file=has_file)
    return Act(**_of_event(body), **meant, place=Place.CHAT, channel=channel, thread=thread)


def is_from_a_person(body: Body) -> bool:
    """What a person wrote; not what a bot did, an edit, or a join.

    A file that the bot itself sent comes back as a message of the bot's user, without its `bot_id`.
    """
    event, ours = body["event"], {one.get("user_id") for one in body.get("authorizations") or () if one.get("is_bot")}
    user = event.get("user")
    return bool(user) and user not in ours and not event.get("bot_id") and event.get("subtype") in WRITTEN


def installed_workspace(body: Body) -> str:
    """The tenant: the installed team, or the organisation where the app is installed org-wide.

    In Slack Connect `team` is the person's own; the installed one is `view.app_installed_team_id`
    (bolt-python#767), for events the first of `authorizations`.
    """
    if body.get("authorizations"):
        return installed_workspace(body["authorizations"][0])
    if str(body.get("is_enterprise_install")).lower() == "true":
        return _id(body.get("enterprise")) or str(body.get("enterprise_id") or "")
    view: Body = body.get("view") or {}
    return str(view.get("app_installed_team_id") or _id(body.get("team")) or body.get("team_id") or "")


def metadata(view: Body) -> dict[str, Any]:
    """What the form carried; nothing where the view is not one of our forms."""
    return read(view.get("private_metadata"))


def unescaped(text: str) -> str:
    """Slack's three entities undone, after mentions are brought to their shortest form."""
    short = MENTION.sub(r"<@\1>", text)
    return typed.command(short.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))


def _who(body: Body) -> dict[str, Any]:
    workspace = installed_workspace(body)
    user = body.get("user")
    home = user.get("team_id") if isinstance(user, Mapping) else None
    return {
        "workspace": workspace,
        "account": _id(user) or str(body.get("user_id") or ""),
        "foreign": _is_foreign(workspace, home, _id(body.get("team")), body.get("team_id")),
    }


def _of_event(body: Body) -> dict[str, Any]:
    workspace, event = installed_workspace(body), body["event"]
    return {
        "workspace": workspace,
        "account": str(event.get("user") or ""),
        "key": f"slack:event:{workspace}:{body['event_id']}",
        "foreign": _is_foreign(workspace, event.get("user_team"), event.get("team"), body.get("team_id")),
    }


def _is_foreign(workspace: str, *named: object) -> bool:
    """Whether any team that the payload names is another than the installed one; what names none says nothing.

    In an organisation with the app installed as a whole the person's own team is one of many (bolt-python#639).
    """
    return not workspace.startswith("E") and any(team != workspace for team in named if team)


def _values(view: Body) -> dict[str, Value]:
    return fields.values((view.get("state") or {}).get("values") or {})


def read(text: str | None) -> dict[str, Any]:
    """The object that a button or a form carries as JSON; an empty one where it is none of ours."""
    held = json.loads(text) if text and text.startswith("{") else {}
    return held if isinstance(held, dict) else {}


def _id(thing: object) -> str:
    if isinstance(thing, Mapping):
        return str(thing.get("id") or "")
    return thing if isinstance(thing, str) else ""
