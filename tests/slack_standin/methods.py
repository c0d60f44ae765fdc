"""The table of API methods, and those about people and tokens."""

from collections.abc import Callable

from tests.slack_standin import conversations, files, view_methods
from tests.slack_standin.jsontypes import Json
from tests.slack_standin.records import SlackUser, Workspace
from tests.slack_standin.state import ApiError, SlackState

Method = Callable[[SlackState, Workspace, Json], Json]


def auth_test(state: SlackState, workspace: Workspace, args: Json) -> Json:
    """auth.test."""
    return {
        "ok": True,
        "url": f"https://{workspace.domain}.slack.example/",
        "team": workspace.name,
        "user": "iro-bot",
        "team_id": workspace.team_id,
        "user_id": workspace.bot_user_id,
        "bot_id": workspace.bot_id,
        "is_enterprise_install": False,
    }


def auth_revoke(state: SlackState, workspace: Workspace, args: Json) -> Json:
    """auth.revoke: the token works no more, until the app is installed again."""
    workspace.token_error = "token_revoked"
    return {"ok": True, "revoked": True}


def user_json(user: SlackUser, workspace: Workspace) -> Json:
    """A person as users.info gives them."""
    return {
        "id": user.id,
        "team_id": workspace.team_id,
        "name": user.name.lower().replace(" ", "."),
        "real_name": user.name,
        "deleted": user.deactivated,
        "is_bot": False,
        "is_email_confirmed": user.vouched_for,
        "tz": "Europe/London",
        "profile": {"real_name": user.name, "display_name": user.name, "email": user.email},
    }


def users_info(state: SlackState, workspace: Workspace, args: Json) -> Json:
    """users.info."""
    user = workspace.users.get(str(args.get("user")))
    if user is None:
        raise ApiError("user_not_found")
    return {"ok": True, "user": user_json(user, workspace)}


def users_lookup_by_email(state: SlackState, workspace: Workspace, args: Json) -> Json:
    """users.lookupByEmail: someone deactivated is not found."""
    wanted = str(args.get("email", "")).lower()
    for user in workspace.users.values():
        if user.email.lower() == wanted and not user.deactivated:
            return {"ok": True, "user": user_json(user, workspace)}
    raise ApiError("users_not_found")


METHODS: dict[str, Method] = {
    "auth.test": auth_test,
    "auth.revoke": auth_revoke,
    "chat.postMessage": conversations.post_message,
    "chat.postEphemeral": conversations.post_ephemeral,
    "chat.update": conversations.update_message,
    "chat.delete": conversations.delete_message,
    "conversations.open": conversations.open_conversation,
    "conversations.info": conversations.conversation_info,
    "conversations.history": conversations.conversation_history,
    "files.getUploadURLExternal": files.get_upload_url,
    "files.completeUploadExternal": files.complete_upload,
    "views.open": view_methods.open_view,
    "views.push": view_methods.push_view,
    "views.update": view_methods.update_view,
    "views.publish": view_methods.publish_view,
    "users.info": users_info,
    "users.lookupByEmail": users_lookup_by_email,
}


# What each method asks for (its page at docs.slack.dev); the others ask for nothing.
SCOPE_OF = {
    "chat.postMessage": "chat:write",
    "chat.postEphemeral": "chat:write",
    "chat.update": "chat:write",
    "chat.delete": "chat:write",
    "conversations.open": "im:write",
    "conversations.history": "im:history",
    "files.getUploadURLExternal": "files:write",
    "files.completeUploadExternal": "files:write",
    "users.info": "users:read",
    "users.lookupByEmail": "users:read.email",
}


def call_method(state: SlackState, method: str, args: Json, token: str | None) -> tuple[Workspace, Json]:
    """Do what a bot's token may do; raise ApiError as Slack answers."""
    workspace = workspace_of_token(state, token)
    if method not in METHODS:
        raise ApiError("unknown_method")
    if SCOPE_OF.get(method, "") not in {"", *workspace.scopes}:
        raise ApiError("missing_scope")
    return workspace, METHODS[method](state, workspace, args)


def workspace_of_token(state: SlackState, token: str | None) -> Workspace:
    """The workspace a bot token belongs to."""
    if not token:
        raise ApiError("not_authed")
    for workspace in state.workspaces.values():
        if workspace.bot_token == token:
            if workspace.token_error:
                raise ApiError(workspace.token_error)
            return workspace
    raise ApiError("invalid_auth")


def exchange_code(state: SlackState, args: Json) -> Json:
    """oauth.v2.access: an install code, good once, becomes the workspace's bot token."""
    team = state.oauth_codes.pop(str(args.get("code")), None)
    if team is None:
        raise ApiError("invalid_code")
    workspace = state.workspaces[team]
    workspace.token_error = None
    return {
        "ok": True,
        "access_token": workspace.bot_token,
        "token_type": "bot",
        "scope": ",".join(sorted(workspace.scopes)),
        "bot_user_id": workspace.bot_user_id,
        "app_id": "A0IROBOT",
        "team": {"id": team, "name": workspace.name},
        "enterprise": None,
        "is_enterprise_install": False,
        "authed_user": {"id": "U0INSTALLER"},
    }
