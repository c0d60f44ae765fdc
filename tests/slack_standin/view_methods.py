"""The views methods: modals opened with a trigger, and the App Home."""

from tests.slack_standin import limits
from tests.slack_standin.checker import check_view
from tests.slack_standin.jsontypes import Json
from tests.slack_standin.payloads import APP_ID
from tests.slack_standin.records import OpenView, Workspace
from tests.slack_standin.state import ApiError, SlackState


def refuse_bad_view(state: SlackState, where: str, view: object, kind: str = "modal") -> Json:
    """The view itself, or Slack's refusal of it, remembered among the violations."""
    if not isinstance(view, dict):
        raise ApiError("invalid_arguments", ["The view must be an object."])
    problems = check_view(view)
    if view.get("type") != kind:
        problems.append(f"{where} takes a view of type {kind}.")
    if problems:
        state.violation(where, problems, view)
        raise ApiError("invalid_arguments", problems)
    return view


def view_json(shown: OpenView, workspace: Workspace) -> Json:
    """A view as Slack gives it back and as interactions carry it."""
    blank = {
        "private_metadata": "",
        "callback_id": "",
        "external_id": "",
        "submit": None,
        "close": None,
        "clear_on_close": False,
        "notify_on_close": False,
    }
    return {
        **blank,
        **shown.view,
        "id": shown.id,
        "team_id": shown.team,
        "state": {"values": shown.values},
        "hash": shown.hash,
        "previous_view_id": shown.previous_id,
        "root_view_id": shown.root_id,
        "app_id": APP_ID,
        "app_installed_team_id": shown.team,
        "bot_id": workspace.bot_id,
    }


def open_view(state: SlackState, workspace: Workspace, args: Json) -> Json:
    """views.open: spends the trigger, which came with what the person just did."""
    view = refuse_bad_view(state, "views.open", args.get("view"))
    trigger = state.use_trigger(workspace, args.get("trigger_id"))
    shown = state.show_view(workspace.team_id, trigger.user, view)
    return {"ok": True, "view": view_json(shown, workspace)}


def push_view(state: SlackState, workspace: Workspace, args: Json) -> Json:
    """views.push: over the modal the trigger came from, three deep at most."""
    view = refuse_bad_view(state, "views.push", args.get("view"))
    trigger = state.use_trigger(workspace, args.get("trigger_id"))
    below = trigger.from_view
    if below is None or not below.open:
        raise ApiError("not_found")
    if state.depth(below) >= limits.VIEW_DEPTH:
        raise ApiError("push_limit_reached")
    shown = state.show_view(workspace.team_id, trigger.user, view, below)
    return {"ok": True, "view": view_json(shown, workspace)}


def update_view(state: SlackState, workspace: Workspace, args: Json) -> Json:
    """views.update by view_id or external_id; a hash that is no longer the view's is refused."""
    shown = _find(state, workspace, args)
    view = refuse_bad_view(state, "views.update", args.get("view"), str(shown.view["type"]))
    if args.get("hash") not in (None, "", shown.hash):
        raise ApiError("hash_conflict")
    state.change_view(shown, view)
    return {"ok": True, "view": view_json(shown, workspace)}


def _find(state: SlackState, workspace: Workspace, args: Json) -> OpenView:
    for shown in [*state.views, *state.homes.values()]:
        known = args.get("external_id") or None
        asked = shown.id == args.get("view_id") or (known and shown.view.get("external_id") == known)
        if asked and shown.open and shown.team == workspace.team_id:
            return shown
    raise ApiError("not_found")


def publish_view(state: SlackState, workspace: Workspace, args: Json) -> Json:
    """views.publish: a person's App Home."""
    user = str(args.get("user_id"))
    if user not in workspace.users:
        raise ApiError("invalid_arguments", ["The user_id is unknown."])
    view = refuse_bad_view(state, "views.publish", args.get("view"), "home")
    shown = state.publish_home(workspace.team_id, user, view)
    return {"ok": True, "view": view_json(shown, workspace)}
