"""Any answer as the private message or the modal that shows it."""

import secrets

from bot.offering import in_words, offer, typed_again
from bot.slack import blocks, fields, views
from bot.slack.parsing import Act
from bot.slack.text import Payload, cut
from handlers.cards import Answer, Button, Card, Errors, Form, Notice, Suggestions


def private_message(act: Act, answer: Answer) -> Payload:
    """The answer where a message can show it; a form is offered, since only a press can open one."""
    if isinstance(answer, Form):
        return blocks.notice(offer(answer, _again(act, answer)))
    if isinstance(answer, Card):
        return blocks.message(answer)
    return blocks.notice(_sentence(answer))


def modal(act: Act, answer: Answer) -> Payload:
    """The answer in a modal. Errors are put on the modal the act came from, with what was typed."""
    if isinstance(answer, Form):
        return views.form(answer, nonce=secrets.token_hex(6))
    if isinstance(answer, Card):
        return views.card(answer)
    if isinstance(answer, Errors) and act.view:
        return views.redrawn(act.view, dict.fromkeys(answer.by_field.values()))
    return views.notice(_sentence(answer))


def submitted(act: Act, answer: Answer) -> Payload:
    """What a submission is answered with: errors beside their fields where all of them are on the form.

    A refusal stands on top of the form, which keeps what was typed.
    """
    if isinstance(answer, Errors):
        beside = _beside_fields(act, answer)
        if beside:
            return {"response_action": "errors", "errors": beside}
    if isinstance(answer, Notice) and answer.refused and act.view:
        kept = views.redrawn(act.view, [answer.text], answer.buttons)
        return {"response_action": "update", "view": kept}
    return {"response_action": "update", "view": modal(act, answer)}


def suggestions(answer: Answer) -> Payload:
    """The options of a search field."""
    return {"options": fields.options(answer.choices) if isinstance(answer, Suggestions) else []}


def _again(act: Act, form: Form) -> Button:
    """The same act once more, as a press; after a submission, the form that follows it."""
    if act.command:
        return typed_again(act.command, act.words)
    if act.place == "submission":
        return Button(label="Open", deed=form.deed, subject=form.subject, run=form.run, weight="primary")
    return Button(label="Open", deed=act.deed, subject=act.subject, run=act.run, weight="primary")


def _beside_fields(act: Act, errors: Errors) -> dict[str, str]:
    """Block id -> error; nothing when an error has no field on the form to stand beside."""
    inputs = (block for block in act.view.get("blocks", ()) if block.get("type") == "input")
    places = {fields.key_of(block["element"]["action_id"]): block["block_id"] for block in inputs}
    if not errors.by_field or not set(errors.by_field) <= set(places):
        return {}
    return {places[key]: cut(text, fields.LABEL_LENGTH) for key, text in errors.by_field.items()}


def _sentence(answer: Notice | Errors | Suggestions) -> Notice:
    if isinstance(answer, Notice):
        return answer
    if isinstance(answer, Errors):
        return in_words(answer)
    return Notice(text="\n".join(choice.label for choice in answer.choices) or "Nothing was found.")
