""" "On the record": the day on which a concern's copy went into the child's file.

The IRO, who acts in their place, and business support note it; support without reading: reference and dates alone.
"""

from datetime import date

from handlers.cards import Answer, Notice
from handlers.concerns.by_form import OfConcern, by_form
from handlers.concerns.case import OpenCase
from handlers.day_windows import DayOf
from handlers.days import Edge
from handlers.forms.fields import day
from handlers.lifecycle import Act, advance
from handlers.refusals import Refused
from handlers.rights import May, goes_on_file, may
from scheduling.deadline_wording import say_day
from scheduling.procedures.terms import CONCERN
from scheduling.working_days import local
from storage.concerns import Concern, ConcernState

ON_RECORD = ("On the record", "concern.on_record")


def may_note(case: OpenCase) -> bool:
    """Whether the person can note it now."""
    return goes_on_file(case.concern) and may(case.who, May.NOTE_ON_RECORD)


def record_words(concern: Concern) -> str:
    """ "On the child's record since Mon 4 Jan 2027.", or, of what is closed, that it is not yet."""
    if concern.on_record_on is not None:
        return f"A copy was put on the child's record on {say_day(concern.on_record_on)}."
    unknown = concern.about_service or (concern.imported and concern.what_changed is None)
    return "" if concern.state is not ConcernState.CLOSED or unknown else "It is not on the child's record yet."


def earliest_on_record(case: OpenCase) -> Edge:
    """Nothing is on the record before it is raised, nor what is closed before its end."""
    since, why = case.concern.raised_at, f"when the {CONCERN} was raised"
    if case.concern.closed_at is not None:
        since, why = case.concern.closed_at, "when it was closed"
    return Edge(day=local(since).date() if since is not None else None, why=why)


def _title(case: OpenCase) -> str:
    return f"On the record: {case.ref}"


def _today(case: OpenCase) -> str:
    return case.desk.today.isoformat()


class PutOnRecord(OfConcern, deed="concern.on_record", title=_title, submit="Save", of_run=False):
    """Which day it was."""

    on_record_on: date = day(
        DayOf.ON_RECORD,
        ON_RECORD[0],
        hint="The day on which the copy went into the child's file.",
        first=_today,
        since=earliest_on_record,
    )

    @classmethod
    def above(cls, about: OpenCase) -> tuple[str, ...]:
        """The day that was noted before; all else that may be known here stands in the first line."""
        before = about.concern.on_record_on
        return () if before is None else (f"Noted before: {say_day(before)}.",)


def _goes_on_a_record(case: OpenCase) -> None:
    if case.concern.about_service:
        raise Refused(f"{case.ref} is about the service, and so on no child's record.")
    advance(case.ref, case.concern.state, Act.NOTE_ON_RECORD)


@by_form(PutOnRecord, May.NOTE_ON_RECORD, also=_goes_on_a_record)
def put_on_record(case: OpenCase, given: PutOnRecord) -> Answer:
    """Note the day, on the concern and in its history. The form shows it from then on."""
    note(case, given.on_record_on)
    case.tell_absent_iro("noted that the copy is on the record")
    opens = (case.button("Open", "concern.open"),) if may(case.who, May.SEE_IT_EXISTS) else ()
    return Notice(text=f"{case.ref} is on the child's record: {say_day(given.on_record_on)}.", buttons=opens)


def note(case: OpenCase, day: date) -> None:
    """Keep the day, and who noted it."""
    case.concern.on_record_on, case.concern.on_record_by_id = day, case.desk.actor_id
    case.desk.session.add(case.concern)
    case.record("put on the child's record", on=day.isoformat())
