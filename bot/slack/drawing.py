"""Any answer as the private message or the modal that shows it."""

import secrets

from bot.failing import came_to_nothing
from bot.offering import in_words, offer
from bot.slack import blocks, fields, views
from bot.slack.parsing import Act, Body, Place
from bot.slack.text import Payload, cut
from handlers.cards import Answer, Button, Card, Errors, Form, Notice, Suggestions


def private_message(answer: Answer, opens: Button) -> Payload:
    """The answer where a message can show it; a form is offered, since only a press, on `opens`, can open one."""
    if isinstance(answer, Form):
        return blocks.notice(offer(answer, opens))
    if isinstance(answer, Card):
        return blocks.message(answer)
    return blocks.notice(sentence(answer))


def modal(act: Act, answer: Answer) -> Payload:
    """The answer in a modal. Where nothing was done, the modal the act came from says so over what was typed."""
    if isinstance(answer, Form):
        return views.form(answer, nonce=secrets.token_hex(6))
    if isinstance(answer, Card):
        return views.card(answer)
    given_back = came_to_nothing(answer) and views.takes_words(act.view)
    if given_back or (isinstance(answer, Errors) and act.view):
        said = answer.by_field.values() if isinstance(answer, Errors) else [sentence(answer).text]
        return views.redrawn(act.view, dict.fromkeys(said), answer.buttons if isinstance(answer, Notice) else ())
    return views.notice(sentence(answer))


def submitted(act: Act, answer: Answer) -> Payload:
    """What a submission is answered with: errors beside their fields where all of them are on the form."""
    if isinstance(answer, Errors):
        beside = _beside_fields(act, answer)
        if beside:
            return {"response_action": "errors", "errors": beside}
    return {"response_action": "update", "view": modal(act, answer)}


def waiting(act: Act, notice: Notice) -> Payload:
    """What stands before the person while it is not known what becomes of what they did in a form."""
    if views.takes_words(act.view):
        return views.waiting(act.view, notice.text)
    return views.redrawn(act.view, [notice.text]) if act.place is Place.VIEW else views.notice(notice)


def given_back(body: Body, notice: Notice) -> Payload:
    """What a submission is answered with that could not even be read: the form as Slack sent it."""
    view = body["view"]
    given = views.redrawn(view, [notice.text]) if views.takes_words(view) else views.notice(notice)
    return {"response_action": "update", "view": given}


def suggestions(answer: Answer) -> Payload:
    """The options of a search field."""
    return {"options": fields.options(answer.choices) if isinstance(answer, Suggestions) else []}


def _beside_fields(act: Act, errors: Errors) -> dict[str, str]:
    """Block id -> error; nothing when an error has no field on the form to stand beside."""
    inputs = (block for block in act.view.get("blocks") or () if block.get("type") == "input")
    places = {fields.key_of(block["element"]["action_id"]): block["block_id"] for block in inputs}
    if not errors.by_field or not set(errors.by_field) <= set(places):
        return {}
    return {places[key]: cut(text, fields.LABEL_LENGTH) for key, text in errors.by_field.items()}


def sentence(answer: Notice | Errors | Suggestions) -> Notice:
    if isinstance(answer, Notice):
        return answer
    if isinstance(answer, Errors):
        return in_words(answer)
    return Notice(text="\n".join(choice.label for choice in answer.choices) or "Nothing was found.")
