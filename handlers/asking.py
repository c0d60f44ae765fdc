"""Forms asked again: with everything typed kept, and with a question on top that is put once and never refuses."""

from collections.abc import Mapping
from dataclasses import replace

from handlers.cards import Field, FieldKind, Form
from handlers.days import CHECKED, ticked_years, years_in_doubt
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

KEPT = Field(key="kept_because", kind=FieldKind.TEXT, label="Keep it because ...", max_length=300)
"""Why a personal detail stays in what was typed."""
_ASKED = "asked"
"""Where a form carries which of its questions were put already."""


def with_typed(form: Form, request: Request) -> Form:
    """The form with what was typed in it, with the reason to keep a detail and the tick of a year where given."""
    fields = (*ticked_years(form, request), *(_filled(one, request) for one in form.fields))
    kept = request.text(KEPT.key)
    if kept and all(one.key != KEPT.key for one in fields):
        fields = (replace(KEPT, initial=kept), *fields)
    asked = request.context.get(_ASKED)
    return replace(form, fields=fields, context={**form.context, _ASKED: asked} if asked else form.context)


def ask_once(form: Form, request: Request, questions: Mapping[str, str]) -> Form | None:
    """The form again, with the questions on top that were not put before, by their keys; sent once more it is taken."""
    before = {*filter(None, request.context.get(_ASKED, "").split(","))}
    fresh = {key: text for key, text in questions.items() if key not in before}
    if not fresh:
        return None
    again = with_typed(form, request)
    put = (Field(key=f"asked{n}", kind=FieldKind.STATEMENT, text=text) for n, text in enumerate(fresh.values()))
    asked = ",".join(sorted(before | set(fresh)))
    return replace(again, fields=(*put, *again.fields), context={**again.context, _ASKED: asked})


def _filled(one: Field, request: Request) -> Field:
    typed = request.values.get(one.key)
    return replace(one, initial=typed) if typed is not None and one.kind in _FILLED_IN else one


def check_years(scene: Scene, form: Form, request: Request) -> Form | None:
    """The form again where the year of a day in it is not likely, with a tick for those that are right all the same."""
    asked = years_in_doubt(scene, form, request)
    if not asked:
        return None
    again = with_typed(form, request)
    return replace(again, fields=(*asked, *(one for one in again.fields if one.key != CHECKED)))
