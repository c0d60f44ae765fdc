"""What an app says back to one person: a command's answer, or a post to a response_url."""

from tests.slack_standin import limits
from tests.slack_standin.checker import check_message
from tests.slack_standin.conversations import new_message
from tests.slack_standin.jsontypes import Json
from tests.slack_standin.records import PostedMessage, ResponseAddress, ResponsePost
from tests.slack_standin.state import SlackState


def show_answer(
    state: SlackState, team: str, user: str, payload: Json, original: PostedMessage | None, where: str
) -> PostedMessage | None:
    """Show a person what the app said: in place of `original` if asked so, else as a message only they see.

    A payload that Slack would refuse is recorded among the violations and not shown.
    """
    problems = check_message(payload)
    if problems:
        state.violation(where, problems, payload)
        return None
    if original is not None and payload.get("delete_original"):
        original.deleted = True
        return original
    if original is not None and payload.get("replace_original"):
        filled = state.with_ids(payload)
        original.revise(str(filled.get("text") or ""), filled.get("blocks") or [], original.metadata)
        return original
    workspace = state.workspaces[team]
    message = new_message(state, workspace, workspace.users[user], payload)
    message.ephemeral = payload.get("response_type", "ephemeral") == "ephemeral"
    (state.ephemerals if message.ephemeral else state.messages).append(message)
    return message


def new_response_address(
    state: SlackState, team: str, user: str, channel: str, message: PostedMessage | None = None
) -> str:
    """The last part of a fresh response_url."""
    name = f"R{state.number():08d}"
    state.response_addresses[name] = ResponseAddress(
        team=team, user=user, channel=channel, issued=state.clock(), message=message
    )
    return name


def post_to_response_address(state: SlackState, name: str, payload: Json) -> tuple[int, str]:
    """Take a post to a response_url: five in thirty minutes. Gives the HTTP status and the body."""
    address = state.response_addresses.get(name)
    refusal = _refusal(state, address)
    accepted = refusal is None
    if address is not None and accepted:
        address.uses += 1
        known = len(state.violations)
        show_answer(state, address.team, address.user, payload, address.message, "response_url")
        accepted = len(state.violations) == known
        refusal = None if accepted else "invalid_blocks"
    post = ResponsePost(address=name, payload=payload, at=state.clock(), accepted=accepted)
    state.response_urls.append(post)
    if refusal is None:
        return 200, "ok"
    return (400 if refusal == "invalid_blocks" else 404), refusal


def _refusal(state: SlackState, address: ResponseAddress | None) -> str | None:
    if address is None:
        return "no_such_url"
    if state.clock() - address.issued > limits.RESPONSE_URL_SECONDS:
        return "expired_url"
    return "used_url" if address.uses >= limits.RESPONSE_URL_USES else None
