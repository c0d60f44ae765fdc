"""Beside the stages: Cafcass and legal advice. Never automatic, never ending a stage, the notes the IRO's alone."""

from datetime import date

from handlers.cards import Answer, Choice, Notice
from handlers.concerns.by_form import OfConcern, by_form
from handlers.concerns.case import OpenCase
from handlers.day_windows import DayOf
from handlers.days import Edge
from handlers.forms.fields import choice, day, tick, words
from handlers.lifecycle import Act
from handlers.refusals import Refused
from handlers.rights import May
from scheduling.deadline_wording import say_time
from scheduling.procedures.terms import CONCERN, IRO_MANAGER
from scheduling.working_days import local
from storage import referrals
from storage.referrals import Referral, ReferralKind

_SHARED = (Choice(value="yes", label=f"Share this note with the {IRO_MANAGER}"),)
_CAFCASS = (
    Choice(value=ReferralKind.CAFCASS_REFERRAL.value, label="Refer to Cafcass"),
    Choice(value=ReferralKind.CAFCASS_CONTACT.value, label="Contact with Cafcass"),
)


def _today(case: OpenCase) -> str:
    return case.desk.today.isoformat()


def _raised(case: OpenCase) -> Edge:
    """Nothing was done beside a concern before it was raised."""
    since = local(case.concern.raised_at or case.concern.drafted_at).date()
    return Edge(day=since, why=f"when the {CONCERN} was raised")


class Note(OfConcern, of_run=False):
    """What was done beside the stages, and when."""

    happened_on: date = day(DayOf.BESIDE, "Date", first=_today, since=_raised)
    words: str = words(
        "Note",
        hint="Only you can read it, unless you share it. The open stage goes on beside it.",
        missing="Say in a sentence what was done.",
        column=Referral.words,
    )
    shared: bool = tick("Sharing", _SHARED)


class _What(OfConcern):
    kind: ReferralKind = choice(
        "What was done?",
        _CAFCASS,
        ReferralKind,
        missing="Choose what was done.",
        first=lambda _: _CAFCASS[0].value,
    )


class Cafcass(Note, _What, deed="concern.cafcass", title="Refer to Cafcass", submit="Save"):
    """ "Refer to Cafcass" or "Contact with Cafcass", at any point (Children Act 1989, section 25B(3))."""

    @classmethod
    def above(cls, about: OpenCase) -> tuple[str, ...]:
        """What it does not do."""
        return ("Nothing is sent to Cafcass from here: this notes what you did yourself.",)

    def questions(self, about: OpenCase) -> dict[str, str]:
        """The hint, put once, that a referral was noted on this concern today already: each is counted."""
        found = referrals.of_concern(about.desk.session, about.id)
        same = [one.recorded_at for one in found if one.kind is self.kind is ReferralKind.CAFCASS_REFERRAL]
        noted = [at for at in same if local(at).date() == about.desk.today]
        if not noted:
            return {}
        at = say_time(local(max(noted)).time())
        hint = f"A referral was noted today at {at}: note another? Press Save again to note it."
        return {self.kind.value: hint}


class LegalAdvice(Note, deed="concern.legal", title="Legal advice", submit="Save"):
    """That legal advice was taken: the IRO's alone unless shared."""

    @classmethod
    def above(cls, about: OpenCase) -> tuple[str, ...]:
        """What the procedures say of it."""
        return (about.rules.legal_advice,)


def _of_a_child(case: OpenCase) -> None:
    if case.concern.about_service:
        raise Refused(f"{case.ref} is about the service and no one child, so there is nobody to refer to Cafcass.")


@by_form(Cafcass, May.STEER, act=Act.REFER, also=_of_a_child)
def cafcass(case: OpenCase, given: Cafcass) -> Answer:
    """Keep a referral to or contact with Cafcass."""
    _keep(case, given, given.kind)
    said = "The referral to Cafcass" if given.kind is ReferralKind.CAFCASS_REFERRAL else "The contact with Cafcass"
    return Notice(
        text=f"{said} is on record for {case.ref}. Nothing was sent to Cafcass from here, and the open stage goes on."
    )


@by_form(LegalAdvice, May.STEER, act=Act.REFER)
def legal(case: OpenCase, given: LegalAdvice) -> Answer:
    """Keep a note of legal advice."""
    _keep(case, given, ReferralKind.LEGAL_ADVICE)
    return Notice(text=f"The note is kept with {case.ref}. The open stage goes on beside it.")


def _keep(case: OpenCase, given: Note, kind: ReferralKind) -> None:
    desk = case.desk
    note = Referral(
        authority=desk.authority,
        concern_id=case.id,
        kind=kind,
        happened_on=given.happened_on,
        words=given.words,
        shared=given.shared,
        by_id=desk.actor_id,
        recorded_at=desk.now,
    )
    desk.session.add(note)
    desk.session.flush()
    case.record(kind.value, note=note.id, on=given.happened_on.isoformat())
    case.tell_absent_iro(kind.value)
