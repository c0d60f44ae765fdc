"""Recording a reply that was given by telephone, by e-mail or in person."""

from datetime import date, datetime

from handlers.cards import Answer, Choice, Notice
from handlers.concerns.by_form import OfConcern, by_form
from handlers.concerns.case import OpenCase
from handlers.concerns.settling import Answering, take
from handlers.day_windows import DayOf
from handlers.days import Edge
from handlers.forms.fields import choice, day
from handlers.hearing import reached
from handlers.lifecycle import Act
from handlers.messages.informing import recorded_for_you
from handlers.messages.owing import about_concern, owe
from handlers.messages.undelivered import serves
from handlers.namesakes import names_apart
from handlers.office import Desk
from handlers.refusals import Refused
from handlers.rights import May
from handlers.wording import name_of
from scheduling.deadlines import close_of
from scheduling.procedures.terms import CONCERN
from scheduling.working_days import local
from storage import stage_runs
from storage.stage_runs import Addressee, Part, StageRun


def _owing(case: OpenCase) -> list[Addressee]:
    """Those asked at this stage who have not replied. Refused where there are none."""
    people = stage_runs.people_of(case.desk.session, case.present_run.id or 0, Part.ADDRESSED)
    owing = [part for part in people if part.replied_at is None]
    if not owing:
        raise Refused(f"Nobody asked at this stage of {case.ref} still owes a reply.")
    return owing


def _people(case: OpenCase) -> tuple[Choice, ...]:
    names = names_apart(case.desk, (part.person_id for part in _owing(case)))
    return tuple(Choice(value=str(ident), label=name) for ident, name in names.items())


def _first(case: OpenCase) -> str:
    return _people(case)[0].value


def _today(case: OpenCase) -> str:
    return case.desk.today.isoformat()


def _raised(case: OpenCase) -> Edge:
    """No reply was given before there was a concern."""
    raised = case.concern.raised_at
    return Edge(day=local(raised).date() if raised is not None else None, why=f"when the {CONCERN} was raised")


class _GivenBy(OfConcern):
    person: int = choice("Who replied?", _people, int, missing="Choose who replied.", first=_first)
    given_on: date = day(DayOf.REPLY_GIVEN, "When?", first=_today, since=_raised)


class Recorded(Answering, _GivenBy, deed="concern.record", title="Record a reply", submit="Record"):
    """A reply given elsewhere: by whom, on which day, and what it says."""


@by_form(Recorded, May.RECORD_REPLY, act=Act.REPLY, also=_owing, locks=True)
def record(case: OpenCase, given: Recorded) -> Answer:
    """Take a reply given elsewhere, on the day it was given."""
    desk = case.desk
    part = next(one for one in _owing(case) if one.person_id == given.person)
    given_at = min(desk.now, _moment(desk, case.present_run, given.given_on))
    take(case, part, given, given_at=given_at, recorded=True)
    to = reached(desk, part.person_id, never=case.who.iro_id)
    told = ""
    if serves(desk, to):
        owe(desk, recorded_for_you, to, about_concern(case.concern, f"recorded {part.id}"), person=desk.actor_id)
        told = f" {name_of(desk, to)} is told, and can add to it."
    case.tell_absent_iro("recorded a reply")
    return Notice(text=f"The reply to {case.ref} is recorded.{told}", buttons=(case.button("Open", "concern.open"),))


def _moment(desk: Desk, run: StageRun, given_on: date) -> datetime:
    """Close of business on that day; given on the day on which it fell due by the hour, it was not late."""
    closing = max(run.started_at, close_of(given_on, desk.calendar))
    due = run.due_at
    return min(closing, due) if due is not None and local(due).date() == given_on else closing
