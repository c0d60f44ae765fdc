"""What Slack's refusals mean: which are for good, which concern the workspace, which leave us not knowing.

Codes from docs.slack.dev: chat.postMessage, conversations.open, chat.update, conversations.history.
"""

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.delivery.port import FileRefused, Unanswered, Undeliverable

# The address or its conversation: the person may have another.
GONE = {
    "user_not_found": "Slack does not know this person's user id any more.",
    "user_not_visible": "Slack does not let this app see this person.",
    "user_disabled": "This person's Slack account has been deactivated.",
    "users_not_found": "Slack does not know this person's user id any more.",
    "channel_not_found": "Slack has no direct conversation with this person.",
    "cannot_dm_bot": "The Slack user id belongs to a bot.",
    "is_archived": "The direct conversation with this person is closed for good.",
}
FOR_GOOD = {
    "messages_tab_disabled": "The app's Messages tab is switched off in its Slack settings.",
    "message_not_found": "The message no longer exists in Slack.",
    "cant_update_message": "Slack does not let this app change the message.",
    "edit_window_closed": "Slack does not let this message be changed any more.",
    "cannot_reply_to_message": "Slack does not let this message be answered.",
}
MALFORMED = {
    "invalid_blocks": "Slack refused the form of the message.",
    "invalid_blocks_format": "Slack refused the form of the message.",
    "invalid_arguments": "Slack refused the form of the message.",
    "msg_too_long": "The message is longer than Slack takes.",
    "msg_blocks_too_long": "The message is longer than Slack takes.",
    "no_text": "The message was empty.",
    "metadata_too_large": "The message's key is longer than Slack takes.",
    "invalid_metadata_format": "Slack refused the message's key.",
    "invalid_metadata_schema": "Slack refused the message's key.",
}
WORKSPACE = {
    "invalid_auth": "Slack no longer accepts the bot token of this workspace: install the app again.",
    "not_authed": "There is no bot token for this workspace: install the app.",
    "token_revoked": "The bot token of this workspace has been revoked: install the app again.",
    "token_expired": "The bot token of this workspace has expired: install the app again.",
    "account_inactive": "The bot's account in this workspace has been deactivated: install the app again.",
    "team_access_not_granted": "The organisation has not given the app access to this workspace.",
    "team_added_to_org": "The workspace is being moved into an organisation: Slack asks to wait.",
    "org_login_required": "The workspace is being moved into an organisation: Slack asks to wait.",
    "ekm_access_denied": "The organisation's administrators have suspended posting.",
    "access_denied": "Slack denies the app access to this workspace.",
    "missing_scope": "The app lacks a permission: install it again with the scopes of the manifest.",
    "not_allowed_token_type": "SLACK_BOT_TOKEN is not a bot token (xoxb-...).",
    "no_permission": "The app lacks a permission: install it again with the scopes of the manifest.",
    "restricted_action": "A workspace setting keeps the app from posting.",
    "not_in_channel": "The app is not in the conversation.",
    "accesslimited": "Slack limits the app's access to this workspace.",
}
LACKS_FILES = (
    "The app was installed in this Slack workspace before it could send files. "
    "Ask your administrator to install it again: it lacks files:write."
)
NO_CONVERSATION = "Slack has no direct conversation with you that takes files."
NO_FILES = "The settings of this Slack workspace do not let the app send files."
# What keeps a file back and no message: files.getUploadURLExternal, files.completeUploadExternal.
FILES = {
    "missing_scope": LACKS_FILES,
    "no_permission": LACKS_FILES,
    "file_uploads_disabled": NO_FILES,
    "file_uploads_except_images_disabled": NO_FILES,
    "file_type_not_allowed": NO_FILES,
    "slack_connect_file_upload_sharing_blocked": NO_FILES,
    "posting_to_channel_denied": NO_FILES,
    "restricted_action": NO_FILES,
    "accesslimited": NO_FILES,
    "access_denied": NO_FILES,
    "enterprise_is_restricted": NO_FILES,
    "file_upload_size_restricted": "This Slack workspace does not take files as large as this one.",
    "storage_limit_reached": "This Slack workspace has no room left for files.",
    "team_quota_exceeded": "This Slack workspace has no room left for files.",
    "user_is_external_guest": "Slack does not let files be sent to guests of another organisation.",
    "channel_not_found": NO_CONVERSATION,
    "invalid_channel": NO_CONVERSATION,
    "not_in_channel": NO_CONVERSATION,
    "invalid_arguments": "Slack refused the form of the file.",
    "missing_argument": "Slack refused the form of the file.",
}
# "Some aspect of the operation may have succeeded": nobody knows.
UNKNOWN_OUTCOME = {"fatal_error", "internal_error", "request_timeout", "service_unavailable"}
RATE_LIMITED = {"ratelimited", "rate_limited", "message_limit_exceeded"}
RETRY_AFTER_SECONDS = 30.0
UNREACHABLE_SECONDS = 30.0


def refusal(error: SlackApiError) -> Undeliverable | Unanswered:
    """What a call's refusal means for the message."""
    status, code = _status(error), code_of(error)
    if status == 429 or code in RATE_LIMITED:
        return Undeliverable("Slack asked to slow down.", retry_after=_retry_after(error))
    if status != 200 or code in UNKNOWN_OUTCOME or not code:
        return Unanswered(f"Slack answered with an error of its own ({code or status}).")
    return _certain(code)


def _certain(code: str) -> Undeliverable:
    """What Slack's own word means, where nothing was posted."""
    if code in GONE:
        return Undeliverable(GONE[code], gone=True)
    if code in FOR_GOOD:
        return Undeliverable(FOR_GOOD[code], permanent=True)
    if code in MALFORMED:
        return Undeliverable(f"{MALFORMED[code]} ({code})", permanent=True)
    if code in WORKSPACE:
        return Undeliverable(WORKSPACE[code], workspace=True)
    return Undeliverable(f"Slack refused the message ({code}).")


def refusal_of_file(error: SlackApiError) -> FileRefused | Undeliverable | Unanswered:
    """What a refusal means in the steps of a file: some keep back files alone, and messages go on."""
    code = code_of(error)
    return FileRefused(FILES[code]) if code in FILES and _status(error) == 200 else refusal(error)


def lost(error: aiohttp.ClientError | TimeoutError) -> Undeliverable | Unanswered:
    """What a broken connection means: before it stood, nothing was sent; afterwards nobody knows.

    That Slack cannot be reached at all is no fault of the message: it waits, however many days that takes.
    """
    if isinstance(error, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError | aiohttp.InvalidURL):
        return Undeliverable("Slack cannot be reached from here.", workspace=True, retry_after=UNREACHABLE_SECONDS)
    return Unanswered("The connection to Slack broke before it answered.")


def before_sending(fault: Undeliverable | Unanswered) -> Undeliverable:
    """The same fault of a call that posts nothing: then it is certain that nothing was posted."""
    return fault if isinstance(fault, Undeliverable) else Undeliverable(str(fault))


def _status(error: SlackApiError) -> int:
    answer = error.response
    return int(getattr(answer, "status_code", 0) or getattr(answer, "status", 0))


def code_of(error: SlackApiError) -> str:
    """Slack's word for what is wrong; nothing where it gave none."""
    data = getattr(error.response, "data", None)
    return str(data.get("error", "")) if isinstance(data, dict) else ""


def _retry_after(error: SlackApiError) -> float:
    headers = getattr(error.response, "headers", {})
    said = str(headers.get("Retry-After", "")).strip()
    return float(said) if said.isdigit() else RETRY_AFTER_SECONDS
