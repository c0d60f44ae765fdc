"""The chat and conversations methods, as far as a bot that writes direct messages needs them."""

from tests.slack_standin.checker import check_message, message_size
from tests.slack_standin.jsontypes import Json, Problems
from tests.slack_standin.limits import MESSAGE_BLOCK_CHARACTERS
from tests.slack_standin.payloads import APP_ID
from tests.slack_standin.records import PostedMessage, SlackUser, Workspace
from tests.slack_standin.state import ApiError, SlackState


def refuse_bad_message(state: SlackState, where: str, payload: Json) -> None:
    """Raise Slack's refusal of a message, remembering it among the violations."""
    problems = check_message(payload)
    if problems:
        state.violation(where, problems, payload)
        raise ApiError(_message_error(payload, problems), problems)


def _message_error(payload: Json, problems: Problems) -> str:
    if not payload.get("text") and not payload.get("blocks"):
        return "no_text"
    if message_size(payload.get("blocks")) > MESSAGE_BLOCK_CHARACTERS:
        return "msg_blocks_too_long"
    if all(problem.startswith("The text of the message") for problem in problems):
        return "msg_too_long"
    return "invalid_blocks" if "blocks" in payload else "invalid_arguments"


def message_json(
    message: PostedMessage, workspace: Workspace, *, with_metadata: bool = False, with_files: bool = True
) -> Json:
    """A message as Slack gives it back."""
    given: Json = {
        "type": "message",
        "ts": message.ts,
        "user": workspace.bot_user_id,
        "bot_id": workspace.bot_id,
        "app_id": APP_ID,
        "team": workspace.team_id,
        "text": message.text,
        "blocks": message.blocks,
    }
    if message.thread_ts:
        given["thread_ts"] = message.thread_ts
    if message.files and with_files:
        given["files"] = [{"id": held.id, "name": held.name, "title": held.title} for held in message.files]
    if with_metadata and message.metadata is not None:
        given["metadata"] = message.metadata
    return given


def new_message(state: SlackState, workspace: Workspace, user: SlackUser, payload: Json) -> PostedMessage:
    """Record a message to a person; the caller says where it shows."""
    filled = state.with_ids(payload)
    message = PostedMessage(
        team=workspace.team_id,
        channel=workspace.direct_channel(user.id),
        user=user.id,
        ts=state.new_ts(),
        text="",
        blocks=[],
        thread_ts=payload.get("thread_ts"),
    )
    message.revise(str(filled.get("text") or ""), filled.get("blocks") or [], filled.get("metadata"))
    return message


def _addressee(workspace: Workspace, channel: object) -> SlackUser:
    user = workspace.user_of_channel(str(channel))
    if user is None or not user.can_be_messaged:
        raise ApiError("channel_not_found")
    return user


def post_message(state: SlackState, workspace: Workspace, args: Json) -> Json:
    """chat.postMessage: `channel` may be a direct channel or a person's id. To a deactivated account too it says ok.

    slackapi/python-slack-sdk#1156: their channels still exist, and users.info alone says `deleted`.
    """
    user = _addressee(workspace, args.get("channel"))
    refuse_bad_message(state, "chat.postMessage", args)
    message = new_message(state, workspace, user, args)
    state.messages.append(message)
    state.opened.add((workspace.team_id, message.channel))  # it stands open from then on
    shown = message_json(message, workspace, with_metadata=True)
    return {"ok": True, "channel": message.channel, "ts": message.ts, "message": shown}


def post_ephemeral(state: SlackState, workspace: Workspace, args: Json) -> Json:
    """chat.postEphemeral."""
    user = _addressee(workspace, args.get("user"))
    if user.deactivated:
        raise ApiError("user_not_in_channel")
    refuse_bad_message(state, "chat.postEphemeral", args)
    message = new_message(state, workspace, user, args)
    message.ephemeral = True
    state.ephemerals.append(message)
    return {"ok": True, "message_ts": message.ts}


def _own_message(state: SlackState, workspace: Workspace, args: Json) -> PostedMessage:
    channels = {message.channel for message in state.messages if message.team == workspace.team_id}
    channels |= {workspace.direct_channel(user) for user in workspace.users}
    if args.get("channel") not in channels:
        raise ApiError("channel_not_found")
    for message in state.messages:
        if (message.channel, message.ts) == (args["channel"], args.get("ts")) and not message.deleted:
            return message
    raise ApiError("message_not_found")


def update_message(state: SlackState, workspace: Workspace, args: Json) -> Json:
    """chat.update. Blocks left out stay as they were, so a message loses its buttons only to `blocks=[]`."""
    message = _own_message(state, workspace, args)
    whole = {"text": message.text, "blocks": message.blocks, "metadata": message.metadata} | args
    if whole["metadata"] is None:
        del whole["metadata"]
    refuse_bad_message(state, "chat.update", whole)
    filled = state.with_ids(whole)
    message.revise(str(filled.get("text") or ""), filled.get("blocks") or [], filled.get("metadata"))
    shown = message_json(message, workspace, with_metadata=True)
    return {"ok": True, "channel": message.channel, "ts": message.ts, "text": message.text, "message": shown}


def delete_message(state: SlackState, workspace: Workspace, args: Json) -> Json:
    """chat.delete."""
    message = _own_message(state, workspace, args)
    message.deleted = True
    return {"ok": True, "channel": message.channel, "ts": message.ts}


def open_conversation(state: SlackState, workspace: Workspace, args: Json) -> Json:
    """conversations.open with one person."""
    user = workspace.users.get(str(args.get("users", "")))
    if user is None:
        raise ApiError("user_not_found")
    if not user.can_be_messaged:
        raise ApiError("user_not_visible")
    if user.deactivated:
        raise ApiError("user_disabled")
    channel = workspace.direct_channel(user.id)
    state.opened.add((workspace.team_id, channel))
    return {"ok": True, "channel": {"id": channel}}


def conversation_info(state: SlackState, workspace: Workspace, args: Json) -> Json:
    """conversations.info of a direct channel."""
    user = _addressee(workspace, args.get("channel"))
    channel = {"id": workspace.direct_channel(user.id), "is_im": True, "user": user.id, "is_archived": False}
    return {"ok": True, "channel": channel | {"is_user_deleted": user.deactivated}}


def conversation_history(state: SlackState, workspace: Workspace, args: Json) -> Json:
    """conversations.history of one of the bot's own direct channels, newest first, in pages."""
    channel = str(args.get("channel"))
    if not channel.startswith("D"):
        raise ApiError("channel_not_found")
    _addressee(workspace, channel)
    with_metadata = str(args.get("include_all_metadata", "")).lower() in ("1", "true")
    oldest, latest = float(args.get("oldest") or 0), float(args.get("latest") or "inf")
    inside = [
        message_json(message, workspace, with_metadata=with_metadata, with_files=state.history_shows_files)
        for message in reversed(state.messages)
        if message.channel == channel and not message.deleted and oldest < float(message.ts) < latest
    ]
    start, size = int(args.get("cursor") or 0), int(args.get("limit") or 100)
    more = len(inside) > start + size
    cursor = {"next_cursor": str(start + size) if more else ""}
    page = inside[start : start + size]
    return {"ok": True, "messages": page, "has_more": more, "response_metadata": cursor}
