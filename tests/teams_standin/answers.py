"""What Teams does with the answers to invokes: shows a dialog, replaces a card, offers choices, or refuses them."""

from tests.slack_standin.jsontypes import Json, Problems
from tests.teams_standin.cards import check_card
from tests.teams_standin.connector import size_of
from tests.teams_standin.filling import RefusedByTeams
from tests.teams_standin.limits import ACTIVITY_BYTES
from tests.teams_standin.records import ADAPTIVE, Dialog, TeamsMessage, TeamsUser
from tests.teams_standin.state import TeamsState

_SIZES = ("small", "medium", "large")
_MESSAGE = "application/vnd.microsoft.activity.message"


def applied_dialog(
    state: TeamsState, user: TeamsUser, before: Dialog | None, answer: Json
) -> tuple[Dialog | None, str]:
    """Apply the answer to task/fetch or task/submit: the dialog now shown, or none and the words said instead.

    An answer Teams would not take is recorded among the violations and raises RefusedByTeams.
    """
    task = answer.get("task")
    if not answer or (isinstance(task, dict) and not task):
        _close(state, user)
        return None, ""
    if not isinstance(task, dict) or task.get("type") not in ("continue", "message"):
        _refuse(state, "the answer to a dialog", ["It has no task that continues or says something."], answer)
    assert isinstance(task, dict)
    if task["type"] == "message":
        _close(state, user)
        return None, _words(state, task.get("value"), answer)
    problems = [*_frame(task.get("value")), *_size(answer)]
    if problems:
        _refuse(state, "a dialog", problems, answer)
    title, card = str(task["value"]["title"]), task["value"]["card"]["content"]
    with state.changed:
        shown = before or Dialog(tenant=user.tenant, user=user.aad_object_id, title=title, card=card)
        shown.revise(title, card)
        if before is None:
            _close(state, user)
            state.dialogs.append(shown)
        state.changed.notify_all()
    return shown, ""


def applied_card(state: TeamsState, message: TeamsMessage, answer: Json) -> str:
    """Apply the answer to Action.Execute: the message's card is replaced, or words are said, which are given."""
    if not answer:
        return ""
    if answer.get("type") == _MESSAGE:
        return _words(state, answer.get("value"), answer)
    problems = check_card(answer.get("value")) if answer.get("type") == ADAPTIVE else ["It is neither card nor words."]
    if answer.get("statusCode") != 200 or problems:
        _refuse(state, "the answer to an action", problems or ["Its statusCode is not 200."], answer)
    attachment = {"contentType": ADAPTIVE, "content": answer["value"]}
    with state.changed:
        message.versions.append(message.activity | {"attachments": [attachment]})
    return ""


def _frame(value: object) -> Problems:
    if not isinstance(value, dict):
        return ["The dialog must be an object."]
    problems = [] if str(value.get("title") or "").strip() else ["The dialog has no title."]
    sides = {side: value.get(side) for side in ("height", "width")}
    wrong = {side: size for side, size in sides.items() if size not in _SIZES and not isinstance(size, int)}
    problems += [f"The {side} of the dialog is {size!r}." for side, size in wrong.items()]
    card = value.get("card")
    if not isinstance(card, dict) or card.get("contentType") != ADAPTIVE:
        return [*problems, "The dialog shows no Adaptive Card."]
    return problems + check_card(card.get("content"))


def _size(answer: Json) -> Problems:
    much = size_of(answer)
    return [] if much <= ACTIVITY_BYTES else [f"The dialog has {much} bytes; Teams takes {ACTIVITY_BYTES}."]


def _words(state: TeamsState, value: object, answer: Json) -> str:
    if not isinstance(value, str) or not value.strip():
        _refuse(state, "words in place of a dialog", ["They are empty."], answer)
    return str(value)


def _close(state: TeamsState, user: TeamsUser) -> None:
    with state.changed:
        for one in state.dialogs:
            if one.user == user.aad_object_id:
                one.open = False


def _refuse(state: TeamsState, where: str, problems: Problems, answer: Json) -> None:
    state.violation(where, problems, answer)
    raise RefusedByTeams(" ".join(problems))
