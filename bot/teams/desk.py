"""Finds the person behind an act and has the handlers answer it."""

import logging
import secrets
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol

from bot import failing
from bot.kept_forms import KEPT, NO_LONGER, READY_SECONDS, KeptForms, Stored, opening
from bot.offering import typed_again
from bot.teams import fields, searching
from bot.teams.connector import Chat, Connector
from bot.teams.faults import LOST
from bot.teams.fields import Typed
from bot.teams.installs import chat_of
from bot.teams.outcomes import Outcome, with_kept
from bot.teams.parsing import DIALOGS, FILE_SENT, Act, Place, Whereabouts, digest, key_of, words_of
from bot.teams.platform import Directory
from bot.teams.recognising import confirmed_addresses
from bot.threads import WorkerThreads
from handlers.cards import Answer, Button, Choice, Errors, FieldKind, Form, Notice, Suggestions
from handlers.requests import Request, Value

log = logging.getLogger("bot")

FORMS_REMEMBERED = 300


class TeamsService(Directory, Protocol):
    """What the Teams edge asks of the rest, as plain functions that run in worker threads."""

    def answer(self, request: Request, *, opens_forms: bool) -> Answer:
        """What the handlers answer. A form has an effect, such as being recorded as seen, only where it opens."""
        ...

    def authority_of(self, tenant: str) -> str | None:
        """The authority a tenant is connected to."""
        ...

    def person_of(self, authority: str, tenant: str, account: str) -> int | None:
        """The person of that account in the tenant."""
        ...

    def link(self, authority: str, chat: Chat, account: str, addresses: Sequence[str]) -> int | None:
        """The person of one of these confirmed addresses, now linked to that account.

        Of somebody who is not on the staff list yet, the addresses are kept by their digests.
        """
        ...

    def drawn(self, authority: str, person: int, key: str) -> Stored:
        """The form that was the answer to the act of that key, and whether it can still be sent."""
        ...

    def keep_form(self, tenant: str, key: str, form: Form) -> None:
        """Keep a form with what was typed into it, as if it had been the answer to that key."""
        ...


@dataclass(frozen=True, kw_only=True)
class _Unlinked:
    authority: str


class Desk:
    """Takes acts in and gives outcomes back."""

    def __init__(self, service: TeamsService, threads: WorkerThreads, connector: Connector, kept: KeptForms) -> None:
        self.service = service
        self._threads = threads
        self._connector = connector
        self._kept = kept
        self._forms: OrderedDict[str, Form] = OrderedDict()

    async def outcome(self, act: Act) -> Outcome:
        """The handlers' answer, or why there is none; for a known person, one trip to a worker thread."""
        found = await self._threads.run(partial(self._at_once, act))
        if isinstance(found, Outcome):
            return found
        person = await self.linked(found.authority, act.where)
        if person is None:
            return Outcome(answer=failing.stranger("Teams object id", act.where.account))
        return await self._threads.run(partial(self._done, found.authority, person, act))

    async def linked(self, authority: str, where: Whereabouts) -> int | None:
        """Someone imported by e-mail address alone is recognised by the address Teams vouches for."""
        try:
            told = await self._connector.member(chat_of(where), where.member)
        except LOST as lost:
            log.warning("Teams did not say whose account it is (%s)", type(lost).__name__)
            return None
        addresses = confirmed_addresses(told, where.tenant)
        if not addresses or told.get("aadObjectId") not in (None, where.account):
            return None
        return await self._threads.run(partial(self.service.link, authority, chat_of(where), where.account, addresses))

    def failed(self, act: Act, error: BaseException) -> Outcome:
        """An error in a handler, as an apology; on the form it was done in, if that is at hand."""
        return self.given_back(act, failing.sorry(error, platform="teams", deed=act.deed))

    def given_back(self, act: Act, why: Notice) -> Outcome:
        """What is said over what was typed, on the form it was done in, if that is at hand."""
        form = self.form_before(act)
        if form is None or not form.submit:
            return Outcome(answer=why)
        return Outcome(answer=why, form=form, typed=Typed(inputs=with_kept(act, form).inputs))

    def held(self, act: Act, form: Form) -> Button:
        """Have a form at hand that could not be shown; gives the button that opens it.

        One that was asked for is opened by asking again. One that follows what was typed has words in it, which the
        same act done again would not have.
        """
        if act.place in FILLED_IN:
            return opening(self.words_kept(act, form))
        again = again_of(act)
        if act.place in DIALOGS:  # where it was only offered, opening it is yet to have its effect
            thing = (act.where.tenant, act.where.account, again.deed, again.subject, again.run)
            self._kept.keep(thing, form, READY_SECONDS)
        return again

    def words_kept(self, act: Act, form: Form) -> str:
        """Keep a form with what was typed, at hand and after a restart too; gives the name under which it opens."""
        token = f"words:{secrets.token_hex(8)}"
        self._threads.keep(self.keep(act, token, form), what="keeping words")
        return token

    async def keep(self, act: Act, drawing: str, form: Form) -> None:
        """Have the form at hand for what is done next in that drawing, and after a restart too."""
        key = key_of(act.where, drawing)
        self._remember(key, form)
        await self._threads.run(partial(self.service.keep_form, act.where.tenant, key, form))

    def form_before(self, act: Act) -> Form | None:
        """The form the act was done in, if it was drawn lately: for keeping it before the person.

        What can be done instead of sending it stands on it and is no press of its own: it names the form aside.
        """
        drawing = act.drawing or words_of(act.bare.get("form"))
        return self._forms.get(key_of(act.where, drawing)) if drawing else None

    def _at_once(self, act: Act) -> Outcome | _Unlinked:
        authority = self.service.authority_of(act.where.tenant)
        if authority is None:
            return Outcome(answer=failing.not_connected("organisation", "tenant id", act.where.tenant))
        person = self.service.person_of(authority, act.where.tenant, act.where.account)
        return _Unlinked(authority=authority) if person is None else self._done(authority, person, act)

    def _done(self, authority: str, person: int, act: Act) -> Outcome:
        if act.deed == FILE_SENT and act.place is Place.TYPED:
            return Outcome(answer=NO_FILES)
        if act.deed == KEPT:
            return self._opened_again(authority, person, act)
        drawn = self._drawn(authority, person, act.drawing, act) if act.drawing else Stored()
        if drawn.form is None or drawn.old:
            if act.place in FILLED_IN and ((act.drawing and act.typed) or act.place is not Place.DIALOG):
                return _too_old(act, drawn)
            outcome = self._answered(authority, person, act)
        else:
            outcome = self._in_form(authority, person, act, drawn.form)
        if isinstance(outcome.answer, Form):
            self._remember(act.key, outcome.answer)
        return outcome

    def _answered(self, authority: str, person: int, act: Act) -> Outcome:
        """What was ready too late is opened by the next press of the same thing; all else the handlers answer."""
        opens = act.place in DIALOGS
        ready = self._kept.taken(act.thing) if opens else None
        if ready is not None:
            return Outcome(answer=ready, form=ready, drawing=f"ready:{act.nonce}")
        return Outcome(answer=self.service.answer(act.request(authority, person), opens_forms=opens))

    def _opened_again(self, authority: str, person: int, act: Act) -> Outcome:
        """A form with words that were kept: it opens as often as it is asked for, for a day."""
        drawn = self._drawn(authority, person, act.subject, act)
        if drawn.form is None or drawn.old:
            return Outcome(answer=NO_LONGER)
        return Outcome(answer=drawn.form, form=drawn.form, drawing=act.subject)

    def _in_form(self, authority: str, person: int, act: Act, form: Form) -> Outcome:
        """The form again, or the answer to what it was filled in with."""
        act = with_kept(act, form)
        ask = partial(self._search, authority, person, act)
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
        answer = self.service.answer(filled.request(authority, person), opens_forms=True)
        return Outcome(answer=answer, form=form, typed=typed)

    def _search(self, authority: str, person: int, act: Act, search: str, words: str) -> Sequence[Choice]:
        request = Request(
            authority=authority,
            person_id=person,
            platform="teams",
            workspace=act.where.tenant,
            key=f"{act.key}:search",
            deed="search",
            subject=search,
            words=words,
        )
        answer = self.service.answer(request, opens_forms=False)
        return answer.choices if isinstance(answer, Suggestions) else ()

    def _drawn(self, authority: str, person: int, drawing: str, act: Act) -> Stored:
        """The form of that drawing: as it is kept, or as it is at hand where it could not be kept."""
        key = key_of(act.where, drawing)
        drawn = self.service.drawn(authority, person, key)
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


NO_FILES = Notice(
    text="I cannot take files or pictures: type concern to log a concern, or iro help to see what else I take. "
    "If it is about a child, delete it from this chat."
)
FILLED_IN = (Place.SUBMISSION, Place.DIALOG, Place.FIND, Place.PAGE, Place.SHOW)


def again_of(act: Act) -> Button:
    """The same act once more, as a press."""
    if act.command:
        return typed_again(act.command, act.words)
    return Button(label="Open", deed=act.deed, subject=act.subject, run=act.run, weight="primary")


def _too_old(act: Act, drawn: Stored) -> Outcome:
    """The form again with what was typed, which can be sent anew; or the words alone where it is no longer known.

    The statements around it are left out: they are a day old, and whoever may read them now opens them anew.
    """
    if drawn.left:
        return Outcome(answer=failing.HAS_LEFT)
    form = drawn.form
    if form is None or not form.submit:
        return Outcome(answer=failing.TOO_OLD)
    inputs = with_kept(act, form).inputs
    fresh = f"again:{digest(act.nonce, act.drawing)}"
    return Outcome(answer=failing.LOOK_AGAIN, form=fields.filled_in(form), typed=Typed(inputs=inputs), drawing=fresh)
