"""The forms that were drawn for people, and what is done in them: Teams brings back what was typed and no form."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from bot import failing
from bot.kept_forms import KEPT, NO_LONGER, Stored
from bot.reception import port
from bot.reception.reception import Reception, Visitor
from bot.teams import fields, searching
from bot.teams.fields import Typed
from bot.teams.outcomes import Outcome, with_kept
from bot.teams.parsing import Act, Place, digest, key_of, words_of
from bot.threads import WorkerThreads
from handlers.cards import Choice, Errors, FieldKind, Form, Notice, Suggestions
from handlers.requests import Value

FORMS_REMEMBERED = 300


class Drawings:
    """Finds the form an act was done in, as it is kept with the answers or still at hand."""

    def __init__(self, reception: Reception, threads: WorkerThreads) -> None:
        self._reception = reception
        self._threads = threads
        self._forms: OrderedDict[str, Form] = OrderedDict()

    def outcome(self, act: Act, visitor: Visitor) -> Outcome:
        """What the act of a known person leads to, the form it was done in with it. In a worker thread."""
        if act.deed == KEPT:
            return self._opened_again(visitor, act)
        drawn = self._drawn(visitor, act.drawing, act) if act.drawing else Stored()
        if drawn.form is None or drawn.old:
            if act.filled_in and ((act.drawing and act.typed) or act.place is not Place.DIALOG):
                return _too_old(act, drawn)
            outcome = self._answered(visitor, act)
        else:
            outcome = self._in_form(visitor, act, drawn.form)
        if isinstance(outcome.answer, Form):
            self._remember(act.key, outcome.answer)
        return outcome

    def stood(self, act: Act, outcome: port.Outcome) -> Outcome:
        """What came of the act, on the form it was done in where something went wrong and that is at hand."""
        if isinstance(outcome, Outcome):
            return outcome
        if outcome.fault and isinstance(outcome.answer, Notice):
            return self.given_back(act, outcome.answer)
        return Outcome(answer=outcome.answer)

    def given_back(self, act: Act, why: Notice) -> Outcome:
        """What is said over what was typed, on the form it was done in, if that is at hand."""
        form = self.form_before(act)
        if form is None or not form.submit:
            return Outcome(answer=why)
        return Outcome(answer=why, form=form, typed=Typed(inputs=with_kept(act, form).inputs))

    async def keep(self, act: Act, drawing: str, form: Form) -> None:
        """Have the form at hand for what is done next in that drawing, and after a restart too."""
        key = key_of(act.where, drawing)
        self._remember(key, form)
        await self._threads.run(partial(self._reception.store, act, drawing, form))

    def form_before(self, act: Act) -> Form | None:
        """The form the act was done in, if it was drawn lately: for keeping it before the person.

        What can be done instead of sending it stands on it and is no press of its own: it names the form aside.
        """
        drawing = act.drawing or words_of(act.bare.get("form"))
        return self._forms.get(key_of(act.where, drawing)) if drawing else None

    def _answered(self, visitor: Visitor, act: Act) -> Outcome:
        ready = self._reception.ready(act)
        if ready is not None:
            return Outcome(answer=ready, form=ready, drawing=f"ready:{act.nonce}")
        return Outcome(answer=self._reception.asked(visitor, act))

    def _opened_again(self, visitor: Visitor, act: Act) -> Outcome:
        """A form with words that were kept, from now on a drawing like the others."""
        form = self._reception.words(visitor, act)
        if form is None:
            return Outcome(answer=NO_LONGER)
        self._remember(key_of(act.where, act.subject), form)
        return Outcome(answer=form, form=form, drawing=act.subject)

    def _in_form(self, visitor: Visitor, act: Act, form: Form) -> Outcome:
        """The form again, or the answer to what it was filled in with."""
        act = with_kept(act, form)
        ask = partial(self._search, visitor, act)
        if act.place in (Place.PAGE, Place.SHOW):
            return Outcome(answer=form, form=form, typed=Typed(inputs=act.inputs))
        if act.place is Place.FIND:
            found = searching.found_for(form, act.wanted, act.inputs, ask)
            return Outcome(answer=form, form=form, typed=Typed(inputs=act.inputs, found=found))
        values = fields.values(form, act.inputs)
        chosen = searching.chosen(form, act.inputs, ask)
        errors = dict(chosen.errors)
        values.update(chosen.values)
        if act.place is Place.SUBMISSION:
            errors = {**missing(form, values), **errors}
        typed = Typed(inputs=act.inputs, found=chosen.found)
        if errors:
            return Outcome(answer=Errors(by_field=errors), form=form, typed=typed)
        filled = replace(act, values=values, context=dict(form.context))
        if act.place is Place.SUBMISSION:  # as the form was drawn, whatever came back with it
            filled = replace(filled, deed=form.deed, subject=form.subject, run=form.run)
        return Outcome(answer=self._reception.asked(visitor, filled), form=form, typed=typed)

    def _search(self, visitor: Visitor, act: Act, search: str, words: str) -> Sequence[Choice]:
        looked_up = replace(
            act, key=f"{act.key}:search", deed="search", command="", subject=search, run=None, words=words, context={}
        )
        answer = self._reception.asked(visitor, looked_up)
        return answer.choices if isinstance(answer, Suggestions) else ()

    def _drawn(self, visitor: Visitor, drawing: str, act: Act) -> Stored:
        """The form of that drawing: as it is kept, or as it is at hand where it could not be kept."""
        key = key_of(act.where, drawing)
        drawn = self._reception.stored(visitor, act, drawing)
        if drawn.form is not None and not drawn.old:
            self._remember(key, drawn.form)
        at_hand = self._forms.get(key) if drawn == Stored() else None
        return Stored(form=at_hand) if at_hand is not None else drawn

    def _remember(self, key: str, form: Form) -> None:
        self._forms[key] = form
        while len(self._forms) > FORMS_REMEMBERED:
            self._forms.popitem(last=False)


def missing(form: Form, values: Mapping[str, Value]) -> dict[str, str]:
    """What has to be filled in and is not."""
    return {
        one.key: "Please fill this in."
        for one in form.fields
        if one.required and one.kind in fields.INPUTS and not str(values.get(one.key) or "").strip()
        if one.choices or one.kind not in (FieldKind.CHOICE, FieldKind.CHOICES)
    }


def _too_old(act: Act, drawn: Stored) -> Outcome:
    """The form again with what was typed, which can be sent anew; or the words alone where it is no longer known.

    The statements around it are left out: they are a day old, and those who may read them now open them anew.
    """
    if drawn.left:
        return Outcome(answer=failing.HAS_LEFT)
    form = drawn.form
    if form is None or not form.submit:
        return Outcome(answer=failing.TOO_OLD)
    inputs = with_kept(act, form).inputs
    fresh = f"again:{digest(act.nonce, act.drawing)}"
    return Outcome(answer=failing.LOOK_AGAIN, form=fields.filled_in(form), typed=Typed(inputs=inputs), drawing=fresh)
