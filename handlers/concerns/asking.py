"""A form asked again about personal detail in its words: take it out, or say why it stays."""

from collections.abc import Iterable
from dataclasses import replace

from handlers.asking import KEPT, with_typed
from handlers.cards import Errors, Field, FieldKind, Form
from handlers.concerns.detail_check import asked_detail, refused_detail
from handlers.office import Scene
from handlers.requests import Request


def ask_to_keep(form: Form, request: Request, sentences: dict[str, str]) -> Form:
    """The form again, asking to remove what looks like personal detail or to say why it stays."""
    labels = {one.key: one.label for one in form.fields}
    text = " ".join(f"*{labels.get(key, key)}*: {sentence}" for key, sentence in sentences.items())
    about = Field(key="keep_about", kind=FieldKind.STATEMENT, text=text.replace("*", ""))
    again = with_typed(form, request)
    return replace(again, fields=(about, KEPT, *again.fields))


def check_detail(scene: Scene, form: Form, request: Request, fields: Iterable[str]) -> Errors | Form | None:
    """What stands in the way of keeping these words: nothing, refused detail, or a question to answer first."""
    keys = tuple(fields)
    refused = refused_detail(scene, request, keys)
    if refused:
        return Errors(by_field=refused)
    asked = asked_detail(scene, request, keys)
    return ask_to_keep(form, request, asked) if asked else None
