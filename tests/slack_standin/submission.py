"""What Slack does with the answer to a form sent in: close it, mark fields, show another form."""

from tests.slack_standin import limits
from tests.slack_standin.fields import RefusedBySlack, fields
from tests.slack_standin.jsontypes import Json
from tests.slack_standin.records import OpenView
from tests.slack_standin.state import ApiError, SlackState
from tests.slack_standin.view_methods import refuse_bad_view


def apply_submission(state: SlackState, view: OpenView, answer: Json) -> dict[str, str]:
    """Apply a view_submission's answer; gives the errors to show, by block_id.

    An answer Slack would not take is recorded among the violations and raises RefusedBySlack.
    """
    action = answer.get("response_action")
    if not answer:
        view.open = False
    elif action == "errors":
        return _errors(state, view, answer)
    elif action == "clear":
        state.close_views(view.team, view.user)
    elif action in ("update", "push"):
        _show(state, view, answer)
    else:
        _refuse(state, answer, [f"The response_action {action!r} is unknown."])
    return {}


def _errors(state: SlackState, view: OpenView, answer: Json) -> dict[str, str]:
    errors = answer.get("errors")
    if not isinstance(errors, dict) or not errors:
        _refuse(state, answer, ["The errors must be an object with at least one entry."])
        return {}
    inputs = {one.block_id for one in fields(view.view["blocks"]) if one.block["type"] == "input"}
    strange = [f"The error names {block!r}, which is no input of the form." for block in errors if block not in inputs]
    empty = [f"The error beside {block!r} is empty." for block, words in errors.items() if not words]
    if strange or empty:
        _refuse(state, answer, strange + empty)
    return {str(block): str(words) for block, words in errors.items()}


def _show(state: SlackState, view: OpenView, answer: Json) -> None:
    where = f"response_action {answer['response_action']}"
    try:
        shown = refuse_bad_view(state, where, answer.get("view"))
    except ApiError as refusal:
        raise RefusedBySlack(" ".join(refusal.problems)) from refusal
    if answer["response_action"] == "update":
        state.change_view(view, shown)
    elif state.depth(view) >= limits.VIEW_DEPTH:
        _refuse(state, answer, ["A fourth form cannot be pushed."])
    else:
        state.show_view(view.team, view.user, shown, view)


def _refuse(state: SlackState, answer: Json, problems: list[str]) -> None:
    state.violation("the answer to a view_submission", problems, answer)
    raise RefusedBySlack(" ".join(problems))
