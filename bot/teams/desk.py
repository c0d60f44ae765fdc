"""Finds the person behind an act and has the handlers answer it."""

import logging
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol

from bot.incidents import apology
from bot.teams import fields, searching
from bot.teams.connector import Chat, Connector
from bot.teams.faults import LOST
from bot.teams.fields import Typed
from bot.teams.installs import chat_of
from bot.teams.outcomes import Outcome, with_kept
from bot.teams.parsing import DIALOGS, FILE_SENT, Act, Place, Whereabouts, key_of
from bot.teams.platform import Directory
from bot.teams.recognising import confirmed_addresses
from bot.threads import OVERLOADED, Overloaded, WorkerThreads
from handlers.cards import Answer, Choice, Errors, FieldKind, Form, Notice, Suggestions
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

    def drawn(self, authority: str, person: int, key: str) -> Form | None:
        """The form that was the answer to the act of that key, as long as it can be sent."""
        ...

    def keep_form(self, tenant: str, key: str, form: Form) -> None:
        """Keep a form with what was typed into it, as if it had been the answer to that key."""
        ...


@dataclass(frozen=True, kw_only=True)
class _Unlinked:
    authority: str


class Desk:
    """Takes acts in and gives outcomes back."""

    def __init__(self, service: TeamsService, threads: WorkerThreads, connector: Connector) -> None:
        self.service = service
        self._threads = threads
        self._connector = connector
        self._forms: OrderedDict[str, Form] = OrderedDict()

    async def outcome(self, act: Act) -> Outcome:
        """The handlers' answer, or why there is none; for a known person, one trip to a worker thread."""
        found = await self._threads.run(partial(self._at_once, act))
        if isinstance(found, Outcome):
            return found
        person = await self.linked(found.authority, act.where)
        if person is None:
            return Outcome(answer=stranger(act.where.account))
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
        busy = isinstance(error, Overloaded)
        sorry = OVERLOADED if busy else apology(error, platform="teams", deed=act.deed)
        form = self.form_before(act)
        if form is None:
            return Outcome(answer=sorry)
        typed = Typed(inputs=with_kept(act, form).inputs)
        return Outcome(answer=Errors(by_field={"": sorry.text}), form=form, typed=typed)

    async def keep(self, act: Act, drawing: str, form: Form) -> None:
        """Have the form at hand for what is done next in that drawing, and after a restart too."""
        key = key_of(act.where, drawing)
        self._remember(key, form)
        await self._threads.run(partial(self.service.keep_form, act.where.tenant, key, form))

    def form_before(self, act: Act) -> Form | None:
        """The form the act was done in, if it was drawn lately: for keeping it before the person."""
        return self._forms.get(key_of(act.where, act.drawing)) if act.drawing else None

    def _at_once(self, act: Act) -> Outcome | _Unlinked:
        authority = self.service.authority_of(act.where.tenant)
        if authority is None:
            return Outcome(answer=not_connected(act.where.tenant))
        person = self.service.person_of(authority, act.where.tenant, act.where.account)
        return _Unlinked(authority=authority) if person is None else self._done(authority, person, act)

    def _done(self, authority: str, person: int, act: Act) -> Outcome:
        if act.deed == FILE_SENT and act.place is Place.TYPED:
            return Outcome(answer=NO_FILES)
        form = self._form_of(authority, person, act) if act.drawing else None
        if form is None and act.place in (Place.SUBMISSION, Place.FIND, Place.PAGE, Place.SHOW):
            return Outcome(answer=TOO_OLD)
        outcome = self._in_form(authority, person, act, form) if form is not None else None
        if outcome is None:
            opens = act.place in DIALOGS
            outcome = Outcome(answer=self.service.answer(act.request(authority, person), opens_forms=opens))
        if isinstance(outcome.answer, Form):
            self._remember(act.key, outcome.answer)
        return outcome

    def _in_form(self, authority: str, person: int, act: Act, form: Form) -> Outcome | None:
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

    def _form_of(self, authority: str, person: int, act: Act) -> Form | None:
        key = key_of(act.where, act.drawing)
        form = self.service.drawn(authority, person, key)
        if form is not None:
            self._remember(key, form)
        return form

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
TOO_OLD = Notice(text="This form is too old to be sent. Close it and open it again; nothing was done.")


def stranger(account: str) -> Notice:
    """For someone who is not in this service; the id is what the administrator needs."""
    return Notice(
        text="I do not know you in this service yet. "
        f"Ask your administrator to add you, and quote your Teams object id: {account}"
    )


def not_connected(tenant: str) -> Notice:
    """For a tenant nobody has connected to an authority."""
    return Notice(
        text="This organisation is not connected to the service yet. "
        f"Ask your administrator to connect it, and quote its tenant id: {tenant}"
    )
