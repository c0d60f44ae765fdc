"""Whether what was sent fits the form it was given in: nothing outside its lists, nothing longer than its fields.

Asked of every form where its submission begins, so that nothing is looked up, checked or written for what cannot be.
"""

from collections.abc import Collection, Iterator, Mapping

from handlers.asking import KEPT
from handlers.cards import Field, FieldKind, Form
from handlers.refusals import Unfit
from handlers.requests import Request, Value

NOT_OFFERED = "Choose one of the list."
NOT_ALL_OFFERED = "Choose from the list."


def fitted(form: Form, request: Request, held: Mapping[str, Value] | None = None) -> Form:
    """The form as it is drawn, where all that was sent can be given in it. Unfit, beside the fields, where not.

    What stands in the row already can stay, though no list offers it any more: that is what the fields were filled in
    with, or `held` where the form is drawn with what was typed.
    """
    stands = held if held is not None else {one.key: one.initial for one in form.fields}
    wrong = {key: said for one in (*form.fields, KEPT) for key, said in _wrong(one, request, stands.get(one.key, ()))}
    if wrong:
        raise Unfit(wrong)
    return form


def too_long(text: str, most: int) -> str:
    """The sentence for words that are longer than their field takes; nothing where they are not."""
    return f"This is {len(text):,} characters long: shorten it to {most:,}." if len(text) > most else ""


def _wrong(field: Field, request: Request, stands: Value) -> Iterator[tuple[str, str]]:
    match field.kind:
        case FieldKind.TEXT | FieldKind.LONG:
            said = too_long(request.text(field.key), field.max_length)
        case FieldKind.CHOICE:
            given = request.text(field.key)
            said = NOT_OFFERED if given and given not in _offered(field, stands) else ""
        case FieldKind.CHOICES:
            said = "" if _offered(field, stands).issuperset(request.many(field.key)) else NOT_ALL_OFFERED
        case _:
            said = ""
    if said:
        yield field.key, said


def _offered(field: Field, stands: Value) -> set[str]:
    kept: Collection[str] = stands if isinstance(stands, tuple) else (stands,)
    return {one.value for one in field.choices} | set(kept)
