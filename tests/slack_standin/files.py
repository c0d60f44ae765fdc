"""The two file methods and the address between them: a place for a file, its bytes, and the message that shows it."""

import re
import secrets

from tests.slack_standin import limits
from tests.slack_standin.conversations import new_message
from tests.slack_standin.jsontypes import Json, objects
from tests.slack_standin.records import SlackFile, SlackUser, Workspace
from tests.slack_standin.state import ApiError, SlackState

_CONVERSATION = re.compile(r"[CGDZ][A-Z0-9]{8,}")


def get_upload_url(state: SlackState, workspace: Workspace, args: Json) -> Json:
    """files.getUploadURLExternal: an address that takes so many bytes, once, for a while."""
    name, length = str(args.get("filename") or ""), int(args.get("length") or 0)
    if not name or length <= 0:
        raise ApiError("missing_argument")
    if length > workspace.largest_file:
        raise ApiError("file_upload_size_restricted")
    held = SlackFile(
        id=f"F{state.number():09d}",
        team=workspace.team_id,
        name=name,
        length=length,
        secret=secrets.token_urlsafe(16),
        issued=state.clock(),
    )
    state.files.append(held)
    return {"ok": True, "upload_url": f"{state.upload_root}/upload/v1/{held.secret}", "file_id": held.id}


def take_bytes(state: SlackState, secret: str, content: bytes, authorization: str | None) -> tuple[int, str]:
    """A post to an upload address: its status and words. No token belongs there."""
    held = next((one for one in state.files if one.secret == secret), None)
    if authorization is not None:
        state.violation("upload", ["A token was sent to an upload address."], {})
    if held is None or held.content is not None:
        return 404, "There is no such upload."
    if state.clock() - held.issued > limits.UPLOAD_SECONDS:
        return 410, "The upload has expired."
    if len(content) != held.length:
        state.violation("upload", [f"{held.length} bytes were announced, {len(content)} came."], {})
        return 400, "The length is another."
    held.content = content
    return 200, f"OK - {held.length}"


def complete_upload(state: SlackState, workspace: Workspace, args: Json) -> Json:
    """files.completeUploadExternal: the files stand in the conversation from then on, with the comment as words."""
    files = [_uploaded(state, workspace, one) for one in objects(args.get("files"))]
    if not files:
        raise ApiError("invalid_arguments")
    user = _conversation(state, workspace, str(args.get("channel_id") or ""))
    comment = str(args.get("initial_comment") or "")
    if len(comment) > limits.MESSAGE_TEXT:
        state.violation("files.completeUploadExternal", ["The comment is too long."], args)
        raise ApiError("msg_too_long")
    message = new_message(state, workspace, user, {"text": comment})
    for held, given in zip(files, objects(args.get("files")), strict=True):
        held.title, held.user = str(given.get("title") or held.name), user.id
        message.files.append(held)
    state.messages.append(message)
    return {"ok": True, "files": [{"id": held.id, "title": held.title} for held in files]}


def _uploaded(state: SlackState, workspace: Workspace, given: Json) -> SlackFile:
    """A file of this workspace whose bytes have come and that nobody has been shown yet."""
    for held in state.files:
        if (held.id, held.team) == (given.get("id"), workspace.team_id) and held.content is not None and not held.user:
            return held
    raise ApiError("file_not_found")


def _conversation(state: SlackState, workspace: Workspace, channel: str) -> SlackUser:
    """The person on the other side of a direct conversation that the bot has opened; a person's id is refused."""
    if not _CONVERSATION.fullmatch(channel):
        raise ApiError("invalid_arguments", [f"input must match regex pattern: {_CONVERSATION.pattern}"])
    user = workspace.user_of_channel(channel)
    if user is None or not user.can_be_messaged:
        raise ApiError("channel_not_found")
    if (workspace.team_id, channel) not in state.opened:
        raise ApiError("not_in_channel")
    return user
