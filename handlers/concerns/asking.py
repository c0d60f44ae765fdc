"""Forms asked again: with everything typed kept, and with a question on top, about personal detail or about a year."""

from collections.abc import Iterable
from dataclasses import replace

from handlers.cards import Errors, Field, FieldKind, Form
from handlers.concerns.detail_check import asked_detail, refused_detail
from handlers.days import CHECKED, ticked_years, wrong_days, years_in_doubt
from handlers.office import Scene
from handlers.requests import Request

_FILLED_IN = (
    FieldKind.TEXT,
    FieldKind.LONG,
    FieldKind.CHOICE,
    FieldKind.CHOICES,
    FieldKind.DATE,
    FieldKind.SEARCH,
)


_KEPT = Field(key="kept_because", kind=FieldKind.TEXT, label="Keep it because ...", max_length=300)


def with_typed(form: Form, request: Request) -> Form:
    """The form with what was typed in it, with the reason to keep a detail and the tick of a year where given."""
    fields = (*ticked_years(form, request), *(_filled(one, request) for one in form.fields))
    kept = request.text(_KEPT.key)
    if kept and all(one.key != _KEPT.key for one in fields):
        fields = (replace(_KEPT, initial=kept), *fields)
    return replace(form, fields=fields)


def _filled(one: Field, request: Request) -> Field:
    typed = request.values.get(one.key)
    return replace(one, initial=typed) if typed is not None and one.kind in _FILLED_IN else one


def ask_to_keep(form: Form, request: Request, sentences: dict[str, str]) -> Form:
    """The form again, asking to remove what looks like personal detail or to say why it stays."""
    labels = {one.key: one.label for one in form.fields}
    text = " ".join(f"*{labels.get(key, key)}*: {sentence}" for key, sentence in sentences.items())
    about = Field(key="keep_about", kind=FieldKind.STATEMENT, text=text.replace("*", ""))
    return replace(form, fields=(about, _KEPT, *with_typed(form, request).fields))


def check_days(scene: Scene, form: Form, request: Request) -> Errors | Form | None:
    """What stands in the way of the days of a form: one that cannot be, or a year to be sure of first."""
    wrong = wrong_days(scene, form, request)
    return Errors(by_field=wrong) if wrong else check_years(scene, form, request)


def check_years(scene: Scene, form: Form, request: Request) -> Form | None:
    """The form again where the year of a day in it is not likely, with a tick for those that are right all the same."""
    asked = years_in_doubt(scene, form, request)
    if not asked:
        return None
    again = with_typed(form, request)
    return replace(again, fields=(*asked, *(one for one in again.fields if one.key != CHECKED)))


def check_detail(scene: Scene, form: Form, request: Request, fields: Iterable[str]) -> Errors | Form | None:
    """What stands in the way of keeping these words: nothing, refused detail, or a question to answer first."""
    keys = tuple(fields)
    refused = refused_detail(scene, request, keys)
    if refused:
        return Errors(by_field=refused)
    asked = asked_detail(scene, request, keys)
    return ask_to_keep(form, request, asked) if asked else None
