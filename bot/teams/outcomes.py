"""What an act led to, and how that looks in a dialog; more than fits into one is kept aside, and none of it lost."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.failing import came_to_nothing
from bot.offering import in_words
from bot.reception import port
from bot.teams import bare_forms, dialogs, fields
from bot.teams.dialogs import Said
from bot.teams.fields import Typed
from bot.teams.parsing import Act, digest
from bot.teams.text import Payload, size
from handlers.cards import Answer, Card, Errors, FieldKind, Form, Notice

# What the strictest page says of a whole message, as UTF-16; the rest is room for what stands around the answer.
ANSWER_BYTES = 27 * 1024
WRITTEN = (FieldKind.TEXT, FieldKind.LONG)
SHORT = 200
"""Letters: it would take as much to say that they are kept."""


@dataclass(frozen=True, kw_only=True)
class Outcome(port.Outcome):
    """The answer, and the form with what was typed where it came from one.

    `drawing` names the form where it is not the one the act came from; `kept` are its fields that are not shown.
    """

    form: Form | None = None
    typed: Typed | None = None
    drawing: str = ""
    kept: tuple[str, ...] = ()

    @property
    def shown(self) -> Form | None:
        """The form that is before the person afterwards."""
        return self.answer if isinstance(self.answer, Form) else self.form


def dialog(act: Act, outcome: Outcome) -> Payload:
    """The answer as a dialog. Where nothing was done, the form the act came from says so over what was typed.

    If that form is not at hand, the words alone are drawn, from what came with the act.
    """
    answer, form, typed = outcome.answer, outcome.form, outcome.typed or Typed()
    drawing, kept = outcome.drawing or act.drawing, outcome.kept
    if isinstance(answer, Form):
        if answer is not form:
            return dialogs.form(answer, act.nonce, page=act.page, kept=kept)
        return dialogs.form(answer, drawing, typed, page=act.page, kept=kept)
    if came_to_nothing(answer):
        given_back = _given_back(act, outcome)
        if given_back is not None:
            return given_back
    if isinstance(answer, Card):
        return dialogs.card(answer)
    return dialogs.notice(as_notice(answer))


def _given_back(act: Act, outcome: Outcome) -> Payload | None:
    answer, form, typed = outcome.answer, outcome.form, outcome.typed or Typed()
    drawing, told = outcome.drawing or act.drawing, as_notice(answer)
    if form is not None and isinstance(answer, Errors):
        wrong = Typed(inputs=typed.inputs, found=typed.found, errors=answer.by_field)
        return dialogs.form(form, drawing, wrong, _on_top(form, answer), kept=outcome.kept)
    said = Said(sentences=(told.text,), buttons=told.buttons)
    if form is not None and form.submit:
        return dialogs.form(form, drawing, typed, said, kept=outcome.kept)
    return dialogs.bare(act, said) if form is None and bare_forms.can_be_drawn(act) else None


def fitted(act: Act, outcome: Outcome) -> Outcome:
    """The same, with as many of the longest texts kept aside as it takes for the rest to fit into a dialog.

    What was typed into these is then in the outcome's form, under a drawing of its own, if it is not in it anyway.
    """
    form = outcome.shown
    if form is None or not form.submit or dialogs.to_copy(form) or _fits(act, outcome):
        return outcome
    fresh = isinstance(outcome.answer, Form) and outcome.answer is not outcome.form
    texts = _texts(form, None if fresh or outcome.typed is None else outcome.typed.inputs)
    wrong = outcome.answer.by_field if isinstance(outcome.answer, Errors) else {}
    order = sorted(texts, key=lambda key: (key == act.wanted, key in wrong, -len(texts[key])))
    for count in range(1, len(order) + 1):
        tried = replace(outcome, kept=tuple(order[:count]))
        if _fits(act, tried):
            return tried if fresh else _with_texts(act, tried, form, texts)
    return outcome


def with_kept(act: Act, form: Form) -> Act:
    """The act with what was kept aside of the form it was done in."""
    kept = {one.key: fields.initial(one) for one in form.fields if one.key in act.kept and one.kind in WRITTEN}
    return replace(act, inputs={**kept, **act.inputs}) if kept else act


def _fits(act: Act, outcome: Outcome) -> bool:
    try:
        return size(dialog(act, outcome)) <= ANSWER_BYTES
    except ValueError:  # more than is drawn at all
        return False


def _texts(form: Form, inputs: Mapping[str, str] | None) -> dict[str, str]:
    """What the person wrote into the fields for words, where it is long."""
    written = {
        one.key: fields.initial(one) if inputs is None else inputs.get(one.key, "")
        for one in form.fields
        if one.kind in WRITTEN
    }
    return {key: text for key, text in written.items() if len(text) > SHORT}


def _with_texts(act: Act, outcome: Outcome, form: Form, texts: Mapping[str, str]) -> Outcome:
    kept = {key: texts[key] for key in outcome.kept}
    whole = replace(
        form, fields=tuple(replace(one, initial=kept[one.key]) if one.key in kept else one for one in form.fields)
    )
    drawing = f"kept:{digest(act.nonce, act.drawing, sorted(kept.items()))}"
    answer = whole if outcome.answer is outcome.form else outcome.answer
    return replace(outcome, answer=answer, form=whole, drawing=drawing)


def _on_top(form: Form, errors: Errors) -> Said:
    """The fields that are not right, by name, for a form is longer than a telephone; and what belongs to no field."""
    labels = {one.key: one.label for one in form.fields}
    named = [labels[key] for key in labels if key in errors.by_field and labels[key]]
    first = [f"Nothing was sent yet. Please look at: {'; '.join(named)}."] if named else []
    others = dict.fromkeys(text for key, text in errors.by_field.items() if key not in labels)
    return Said(sentences=(*first, *others))


def as_notice(answer: Answer) -> Notice:
    """The answer in words alone."""
    if isinstance(answer, Notice):
        return answer
    if isinstance(answer, Errors):
        return in_words(answer)
    return Notice(text="Nothing was found.")
