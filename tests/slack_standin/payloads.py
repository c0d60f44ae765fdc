"""What Slack sends to an app (commands, interactions, suggestions, events), shaped as in its reference."""

import json
from dataclasses import dataclass
from urllib.parse import urlencode

from tests.slack_standin.jsontypes import Json

APP_ID = "A0IROBOT"
VERIFICATION_TOKEN = "verification-token-of-no-use"


@dataclass(frozen=True, kw_only=True)
class Sender:
    """Who does something, in which workspace."""

    team_id: str
    team_domain: str
    user_id: str
    user_name: str

    @property
    def team(self) -> Json:
        """The team as interactions carry it."""
        return {"id": self.team_id, "domain": self.team_domain}

    @property
    def user(self) -> Json:
        """The user as interactions carry it."""
        return {
            "id": self.user_id,
            "username": self.user_name,
            "name": self.user_name,
            "team_id": self.team_id,
        }


def form_body(payload: Json) -> str:
    """An interaction as Slack posts it: one form field named payload, holding JSON."""
    return urlencode({"payload": json.dumps(payload)})


def slash_command(
    sender: Sender, command: str, text: str, *, trigger_id: str, response_url: str, channel: Json
) -> dict[str, str]:
    """The form fields of a slash command."""
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": sender.team_id,
        "team_domain": sender.team_domain,
        "channel_id": str(channel["id"]),
        "channel_name": str(channel["name"]),
        "user_id": sender.user_id,
        "user_name": sender.user_name,
        "command": command,
        "text": text,
        "api_app_id": APP_ID,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": trigger_id,
    }


def _interaction(kind: str, sender: Sender) -> Json:
    return {
        "type": kind,
        "user": sender.user,
        "api_app_id": APP_ID,
        "token": VERIFICATION_TOKEN,
        "team": sender.team,
        "enterprise": None,
        "is_enterprise_install": False,
    }


def message_action(
    sender: Sender,
    message: Json,
    channel: Json,
    action: Json,
    *,
    trigger_id: str,
    response_url: str,
    ephemeral: bool = False,
    state: Json | None = None,
) -> Json:
    """block_actions from a message. Slack leaves the message itself out when it is ephemeral."""
    container = {
        "type": "message",
        "message_ts": message["ts"],
        "channel_id": channel["id"],
        "is_ephemeral": ephemeral,
    }
    payload = _interaction("block_actions", sender) | {
        "container": container,
        "trigger_id": trigger_id,
        "channel": channel,
        "state": {"values": state or {}},
        "response_url": response_url,
        "actions": [action],
    }
    return payload if ephemeral else payload | {"message": message}


def view_action(sender: Sender, view: Json, action: Json, *, trigger_id: str) -> Json:
    """block_actions from a modal or the App Home, with what is typed so far in view.state.values."""
    return _interaction("block_actions", sender) | {
        "container": {"type": "view", "view_id": view["id"]},
        "trigger_id": trigger_id,
        "view": view,
        "actions": [action],
    }


def view_submission(sender: Sender, view: Json, *, trigger_id: str) -> Json:
    """A modal sent in."""
    return _interaction("view_submission", sender) | {
        "trigger_id": trigger_id,
        "view": view,
        "response_urls": [],
    }


def view_closed(sender: Sender, view: Json, *, is_cleared: bool = False) -> Json:
    """A modal closed without sending, where the view asked to be told."""
    return _interaction("view_closed", sender) | {"view": view, "is_cleared": is_cleared}


def block_suggestion(sender: Sender, container: Json, block_id: str, action_id: str, query: str) -> Json:
    """The request for the options of an external select; `container` has a "view" or a "message"."""
    return _interaction("block_suggestion", sender) | {
        "container": {"type": "view" if "view" in container else "message"},
        "block_id": block_id,
        "action_id": action_id,
        "value": query,
        **container,
    }


def global_shortcut(sender: Sender, callback_id: str, *, trigger_id: str) -> Json:
    """A global shortcut chosen from the menu."""
    return _interaction("shortcut", sender) | {
        "callback_id": callback_id,
        "trigger_id": trigger_id,
        "action_ts": "1700000000.000001",
    }


def event_callback(team_id: str, event: Json, *, event_id: str, event_time: int, bot_user_id: str) -> Json:
    """An event of the Events API; a repeat of the same event carries the same event_id."""
    authorization = {
        "enterprise_id": None,
        "team_id": team_id,
        "user_id": bot_user_id,
        "is_bot": True,
        "is_enterprise_install": False,
    }
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": team_id,
        "api_app_id": APP_ID,
        "event": event,
        "type": "event_callback",
        "event_id": event_id,
        "event_time": event_time,
        "authorizations": [authorization],
        "is_ext_shared_channel": False,
    }


def app_home_opened(user_id: str, channel_id: str, moment: str) -> Json:
    """The event of a person opening the App Home."""
    return {
        "type": "app_home_opened",
        "user": user_id,
        "channel": channel_id,
        "tab": "home",
        "event_ts": moment,
    }


def written(user_id: str, channel_id: str, moment: str, text: str, thread_ts: str | None = None) -> Json:
    """The event of a person writing to the bot, in their chat or in a thread of it."""
    event: Json = {
        "type": "message",
        "channel_type": "im",
        "user": user_id,
        "channel": channel_id,
        "text": text,
        "ts": moment,
        "event_ts": moment,
        "blocks": [{"type": "rich_text", "block_id": "b1", "elements": []}],
    }
    return event | ({"thread_ts": thread_ts} if thread_ts else {})


def app_uninstalled() -> Json:
    """The event of a workspace removing the app."""
    return {"type": "app_uninstalled"}


def tokens_revoked(bot_user_id: str) -> Json:
    """The event of a workspace taking the app's token back."""
    return {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [bot_user_id]}}


def url_verification(challenge: str) -> Json:
    """The question Slack asks of a new address: the answer is the challenge."""
    return {"token": VERIFICATION_TOKEN, "challenge": challenge, "type": "url_verification"}
