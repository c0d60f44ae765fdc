"""What the connector does with a bot's calls, as far as a bot that writes to single people needs them."""

import json

from tests.slack_standin.jsontypes import Json, Problems
from tests.teams_standin import onedrive
from tests.teams_standin.cards import check_card
from tests.teams_standin.limits import ACTIVITY_BYTES
from tests.teams_standin.records import (
    ADAPTIVE,
    CONSENT,
    FILE_INFO,
    Conversation,
    TeamsMessage,
    TeamsUser,
    shown_first,
)
from tests.teams_standin.state import Refused, TeamsState


def size_of(activity: Json) -> int:
    """Bytes as Teams counts them: the JSON as UTF-16."""
    return len(json.dumps(activity, ensure_ascii=False, separators=(",", ":")).encode("utf-16-le"))


def check_activity(activity: Json) -> Problems:
    """What Teams, or a person at Teams, would have against a message."""
    problems = []
    if activity.get("type") != "message":
        return [f"The connector is given a {activity.get('type')!r}, which no bot of ours sends."]
    if size_of(activity) > ACTIVITY_BYTES:
        problems.append(f"The activity has {size_of(activity)} bytes; Teams takes {ACTIVITY_BYTES}.")
    for one in activity.get("attachments") or []:
        problems += _attachment(one)
    if not activity.get("attachments") and not str(activity.get("text") or "").strip():
        problems.append("The message is empty.")
    if not shown_first(activity).strip():
        problems.append("The notification of the card would say nothing: it has no summary.")
    return problems


def _attachment(one: Json) -> Problems:
    match one.get("contentType"):
        case kind if kind == ADAPTIVE:
            return check_card(one.get("content"))
        case kind if kind == CONSENT:
            return onedrive.check_consent(one)
        case kind if kind == FILE_INFO:
            return onedrive.check_info(one)
        case kind:
            return [f"The attachment is {kind!r}, which no bot of ours sends."]


def create(state: TeamsState, body: Json) -> Json:
    """POST /v3/conversations: the chat with one person, if the bot is installed for them."""
    members, tenant = body.get("members") or [], _tenant(body)
    if not tenant or len(members) != 1 or body.get("isGroup"):
        raise Refused(400, "BadArgument")
    user = state.user(str(members[0].get("id")))
    if user is None or user.tenant != tenant:
        raise Refused(404, "UserNotFound")
    _refuse_uninstalled(user)
    chat = state.personal_chat(user)
    return {"id": chat.id}


def post(state: TeamsState, conversation: str, body: Json) -> Json:
    """POST .../activities."""
    chat = _conversation(state, conversation)
    _refuse_bad(state, "a message", body, chat)
    message = TeamsMessage(tenant=chat.tenant, conversation=chat.id, user=chat.user, id=state.new_id())
    message.versions.append(body)
    state.messages.append(message)
    return {"id": message.id}


def update(state: TeamsState, conversation: str, name: str, body: Json) -> Json:
    """PUT .../activities/{id}."""
    chat = _conversation(state, conversation)
    _refuse_bad(state, "a message changed", body, chat)
    for message in state.messages:
        if (message.conversation, message.id) == (chat.id, name):
            message.versions.append(body)
            return {"id": message.id}
    raise Refused(404, "ActivityNotFoundInConversation")


def members(state: TeamsState, conversation: str) -> list[Json]:
    """GET .../members."""
    chat = _conversation(state, conversation)
    return [_account(user) for user in state.users.values() if chat.user in ("", user.aad_object_id)]


def member(state: TeamsState, conversation: str, name: str) -> Json:
    """GET .../members/{id}."""
    chat = _conversation(state, conversation)
    user = state.user(name)
    if user is None or chat.user not in ("", user.aad_object_id):
        raise Refused(404, "MemberNotFoundInConversation")
    return _account(user)


def _account(user: TeamsUser) -> Json:
    given, _, family = user.name.partition(" ")
    return {
        "id": user.id,
        "objectId": user.aad_object_id,
        "aadObjectId": user.aad_object_id,
        "name": user.name,
        "givenName": given,
        "surname": family,
        "email": user.email,
        "userPrincipalName": user.email,
        "tenantId": user.tenant,
        "userRole": "user",
    }


def _conversation(state: TeamsState, name: str) -> Conversation:
    chat = state.conversations.get(name.partition(";")[0])
    if chat is None:
        raise Refused(404, "ConversationNotFound")
    user = state.users.get(chat.user)
    if user is not None:
        if user.gone:
            raise Refused(404, "ConversationNotFound")
        _refuse_uninstalled(user)
    return chat


def _refuse_uninstalled(user: TeamsUser) -> None:
    if not user.installed:
        raise Refused(403, "BotNotInConversationRoster")
    if user.blocked:
        raise Refused(403, "MessageWritesBlocked")


def _refuse_bad(state: TeamsState, where: str, body: Json, chat: Conversation) -> None:
    problems = [*check_activity(body), *onedrive.out_of_place(state, chat, body)]
    if problems:
        state.violation(where, problems, body)
        raise Refused(413 if size_of(body) > ACTIVITY_BYTES else 400, "BadSyntax", problems)


def _tenant(body: Json) -> str:
    named = (body.get("channelData") or {}).get("tenant") or {}
    return str(body.get("tenantId") or named.get("id") or "")
