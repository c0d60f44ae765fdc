"""The table of deeds, and the one way in: each request in one transaction, its answer kept beside its effect."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from logging import getLogger

from sqlmodel import Session

from handlers import (
    adding_children,
    allocation,
    answers,
    checking,
    handing_over,
    numbers,
    showing_rules,
    written_back,
)
from handlers.absences.deeds import DEEDS as ABSENCES
from handlers.cards import Answer, Errors, Form, Notice, Suggestions
from handlers.commands import meaning
from handlers.concerns import (
    adding,
    carrying,
    closing,
    correcting,
    drafting,
    extending,
    listing,
    logging,
    moving,
    on_record,
    passing,
    promising,
    record,
    recording,
    referring,
    refusing_time,
    replying,
    sending_now,
    showing,
    siblings,
)
from handlers.day import day
from handlers.export import copying
from handlers.figures.deeds import DEEDS as FIGURES
from handlers.homes import open_home
from handlers.messages.owing import welcome
from handlers.mistyped import not_found
from handlers.office import Desk, Office, rules_in_force
from handlers.on_top import with_top_line
from handlers.people import searches
from handlers.reading import Reads
from handlers.refusals import NotFound, Refused, Unfit
from handlers.report.deeds import DEEDS as REPORT
from handlers.requests import Request
from handlers.reviews import after as after_review
from handlers.reviews import deeds as review_deeds
from handlers.terms import in_words
from handlers.typed import as_read
from scheduling.procedures.terms import CONCERN
from storage import inbound, people
from storage.database import transaction
from storage.scope import OnlyReading, writes

log = getLogger(__name__)

Deed = Callable[[Desk, Request], Answer]

DEEDS: dict[str, Deed] = {
    "concern.new": logging.open_log,
    "concern.log": logging.log,
    "concern.sibling": siblings.log_for_sibling,
    "concern.save_draft": drafting.save_draft,
    "concern.discard": drafting.discard,
    "concern.share": drafting.share,
    "concern.confirm_immediate": logging.confirm_immediate,
    "concern.open": showing.show,
    "concern.list": Reads(listing.show_list),
    **replying.reply.deeds,
    "concern.reply": replying.reply_form,
    **adding.add.deeds,
    **recording.record.deeds,
    "concern.seen": replying.seen,
    "concern.done": promising.done,
    **passing.needs_manager.deeds,
    **passing.pass_on.deeds,
    **extending.ask.deeds,
    **extending.agree.deeds,
    "concern.extend": extending.extend_form,
    **refusing_time.refuse.deeds,
    **moving.move.deeds,
    "concern.move": moving.move_form,
    "concern.move.show": moving.show_stage,
    **moving.ask_again.deeds,
    "concern.send_now": sending_now.send_now,
    **carrying.carry.deeds,
    "concern.carry.show": carrying.show_stage,
    **closing.close.deeds,
    "concern.close": closing.close_form,
    "concern.withdraw": closing.withdraw_form,
    **closing.reopen.deeds,
    **closing.new_date.deeds,
    **closing.lasted.deeds,
    **on_record.put_on_record.deeds,
    **referring.cafcass.deeds,
    **referring.legal.deeds,
    **correcting.correct.deeds,
    "concern.history": record.show_history,
    "concern.file": copying.file_form,
    "concern.file.done": copying.file_done,
    "iro.child": adding_children.add_child_form,
    "iro.child.add": adding_children.add_child,
    "iro.day": Reads(day.show_day),
    "iro.day.more": Reads(day.more),
    "iro.allocate": allocation.allocate_form,
    "iro.allocate.send": allocation.allocate,
    "iro.handed": handing_over.handed,
    "iro.check": Reads(checking.check_children),
    "iro.check.right": checking.say_right,
    "iro.check.wrong_worker": checking.say_wrong_worker,
    "iro.check.not_mine": checking.say_not_mine,
    "iro.check.rest": checking.say_rest_right,
    "home": open_home,
    "chat.written": Reads(written_back.written),
    "chat.thanks": Reads(written_back.thanks),
    "iro.people": showing_rules.show_people,
    "iro.procedures": showing_rules.show_procedures,
    **ABSENCES,
    **FIGURES,
    **REPORT,
    **after_review.DEEDS,
    **review_deeds.DEEDS,
}

SEARCHES: dict[str, Deed] = dict(searches.SEARCHES)


def answer(office: Office, request: Request, *, opens_forms: bool = True) -> Answer:
    """Do what a person asks, once: the same key gets the same answer and has no second effect.

    What only reads keeps nobody waiting, and no key. A refusal, or a form with something wrong in it, has no effect and
    is not kept, so that it can be tried again. Nor has a form where the platform only offers it (not `opens_forms`):
    nobody sees it until it is asked for again.
    """
    request = as_read(request)
    try:
        if may_only_read(request):
            with suppress(_Writes):
                return _read(office, request)
        with transaction(office.engine, request.authority) as session:
            kept = inbound.stored_answer(session, request.key)
            if kept is not None:
                return answers.from_text(kept)
            given = _do(office, session, request)
            if isinstance(given, Errors | Suggestions) or (isinstance(given, Form) and not opens_forms):
                raise _NoEffect(given)
            inbound.remember(session, request.key, answers.to_text(given), office.clock())
            return given
    except _NoEffect as nothing:
        return _kept_answer(office, request) or nothing.answer
    except Refused as refusal:
        return _kept_answer(office, request) or Notice(text=refusal.sentence, buttons=refusal.buttons, refused=True)
    except inbound.AlreadyHandled:
        return _kept_answer(office, request) or Notice(text="This was done already.")


def may_only_read(request: Request) -> bool:
    """Whether the deed says so; of what was typed it is found out by reading."""
    return request.deed in ("command", "search") or isinstance(DEEDS.get(request.deed), Reads)


LEFT = "You are listed as having left this service. Ask your administrator if that is wrong."


class _NoEffect(Exception):
    """Rolls back a transaction whose answer is to be given all the same."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.answer = answer


def _read(office: Office, request: Request) -> Answer:
    """The answer by reading alone; a deed that says so wrongly is done all the same, and named in the log."""
    try:
        with transaction(office.engine, request.authority, writes=False) as session:
            given = _do(office, session, request)
    except OnlyReading:
        log.error("%s says that it only reads, and writes: %s", request.deed, request.command)
        raise _Writes from None
    if isinstance(given, Form):  # kept under its key, from where what was typed into it comes back
        raise _Writes
    return given


class _Writes(Exception):
    """What is asked has to be done in a transaction that writes."""


def _require_writing(session: Session) -> None:
    if not writes(session):
        raise _Writes


def _kept_answer(office: Office, request: Request) -> Answer | None:
    """The answer of the same request if it was done meanwhile: on PostgreSQL two repeats can run side by side."""
    with transaction(office.engine, request.authority, writes=False) as session:
        kept = inbound.stored_answer(session, request.key)
    return answers.from_text(kept) if kept is not None else None


def _do(office: Office, session: Session, request: Request) -> Answer:
    person = people.get(session, request.person_id)
    if person is None:
        raise Refused("You are not listed in this service. Ask your administrator to add you.")
    desk = Desk(
        session=session,
        now=office.clock(),
        authority=request.authority,
        rules=rules_in_force(session, request.authority),
        public_url=office.public_url,
        actor=person,
        platform=request.platform,
        workspace=request.workspace,
        request_key=request.key,
    )
    if person.has_left(desk.today):
        raise Refused(LEFT)
    if person.welcomed_on is None:
        _require_writing(session)
        welcome(desk, [desk.actor_id])
    try:
        return in_words(with_top_line(desk, _done(desk, request)), desk.rules)
    except Unfit as unfit:
        return Errors(by_field=unfit.by_field)
    except Refused as refusal:
        raise refusal.said_by(desk.rules) from None


def _done(desk: Desk, request: Request) -> Answer:
    if request.run is not None and not 0 <= request.run <= numbers.LARGEST:
        raise Refused(_OLD)
    if request.deed == "search":
        search = SEARCHES.get(request.subject)
        if search is None:
            raise Refused("This field is from an older version. Close the form and open it again.")
        return search(desk, request)
    if request.deed == "command":
        meant = meaning(desk, _as_typed(request))
        if not isinstance(meant, Request):
            return meant
        deed = _deed(meant)
        if not isinstance(deed, Reads):
            _require_writing(desk.session)
        try:
            return deed(desk, meant)
        except NotFound as refusal:
            raise not_found(desk, meant, refusal) from None
    return _deed(request)(desk, request)


def _as_typed(request: Request) -> Request:
    """A command that a button carries ("concern C-12 reply") as if it had been typed."""
    if request.command or not request.subject:
        return request
    command, _, words = request.subject.partition(" ")
    return replace(request, command=command, words=words, subject="")


_OLD = f"This button is from an older version. Open the {CONCERN} again: /concern list shows yours."


def _deed(request: Request) -> Deed:
    deed = DEEDS.get(request.deed)
    if deed is None:
        raise Refused(_OLD)
    return deed
