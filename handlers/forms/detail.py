"""Personal detail in what was typed: some is refused, some has to be taken out, or a reason given why it stays."""

from collections.abc import Iterable
from dataclasses import replace

from handlers.asking import KEPT, with_typed
from handlers.cards import Errors, Field, FieldKind, Form
from handlers.office import Scene
from handlers.privacy import identifying
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


def refused_detail(scene: Scene, request: Request, fields: Iterable[str]) -> dict[str, str]:
    """The sentence beside each field that holds what is never taken: NHS numbers, UPNs, dates of birth."""
    found: dict[str, str] = {}
    for key in fields:
        sentence = identifying(request.text(key), scene.rules).refused
        if sentence:
            found[key] = sentence
    return found


def asked_detail(scene: Scene, request: Request, fields: Iterable[str]) -> dict[str, str]:
    """The sentence beside each field that looks like personal detail, unless a reason to keep it was given."""
    if request.text("kept_because"):
        return {}
    found: dict[str, str] = {}
    for key in fields:
        sentence = identifying(request.text(key), scene.rules).asks
        if sentence:
            found[key] = sentence
    return found
