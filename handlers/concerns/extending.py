"""More time: asked for by someone addressed, agreed by the IRO alone, counted, and never moving the total limit.

What the IRO does not agree to is refused in `handlers.concerns.refusing_time`.
"""

from datetime import date

from handlers.cards import Answer, Choice, Notice
from handlers.concerns.by_form import OfConcern, OfOwnPlace, by_form
from handlers.concerns.case import OpenCase, open_case
from handlers.concerns.sending_now import with_hours
from handlers.day_windows import DayOf
from handlers.forms.fields import choice_if_any, day, words
from handlers.hearing import for_iro, reached
from handlers.lengthened import told_a_date
from handlers.lifecycle import Act
from handlers.messages.asking import add_to_reply, extended, time_refused
from handlers.messages.deciding import more_time
from handlers.messages.informing import extended_information
from handlers.messages.owing import about_concern, owe
from handlers.namesakes import names_apart
from handlers.office import Desk
from handlers.parts import wanted_from
from handlers.refusals import Refused
from handlers.requests import Request
from handlers.rights import May, may
from handlers.wording import due_words, limit_words, name_of, when
from scheduling import ladder
from scheduling.deadline_wording import say_day
from scheduling.deadlines import close_of
from scheduling.procedures.terms import IRO
from scheduling.working_days import local
from storage import nudges, replies, stage_runs
from storage.replies import Extension, ExtensionRequest
from storage.stage_runs import Part

_OF_THE_DEADLINE = (
    ladder.Rung.DEADLINE,
    ladder.Rung.INFORMAL,
    ladder.Rung.NEXT_SENIOR,
    ladder.Rung.DECISION,
)
"""What a later deadline does away with; the immediate route's hour runs on."""


def _to_extend(case: OpenCase) -> None:
    if case.present_run.due_at is None:
        raise Refused(f"{case.ref} has no set time to reply at this stage, so there is none to extend.")


class MoreTime(OfOwnPlace, deed="concern.ask_time", title="Ask for more time", submit=f"Ask the {IRO}"):
    """What an addressee asks for."""

    until: date = day(DayOf.MORE_TIME, "Until")
    reason: str = words("Why?", missing="Say why you need it.", column=ExtensionRequest.reason)

    @classmethod
    def above(cls, about: OpenCase) -> tuple[str, ...]:
        """The time there is now."""
        clock = due_words(about.desk, about.rules, about.present_run)
        return (f"{clock} It stands unless the {IRO} agrees another.",)

    def wrong(self, about: OpenCase) -> dict[str, str]:
        """Less time is not asked for."""
        due = about.present_run.due_at
        if due is not None and close_of(self.until, about.desk.calendar) <= max(due, about.desk.now):
            return {"until": f"Give a day after {when(due)}, and still to come."}
        return {}


@by_form(MoreTime, May.SEE_IT_EXISTS, to=May.ANSWER, act=Act.ASK_EXTENSION, also=_to_extend)
def ask(case: OpenCase, given: MoreTime) -> Answer:
    """Put the wish before the IRO; the deadline stays until they agree."""
    desk, part = case.desk, case.who.addressed_now
    assert part is not None
    wish = ExtensionRequest(
        authority=desk.authority,
        concern_id=case.id,
        run_id=case.present_run.id or 0,
        person_id=part.person_id,
        until=given.until,
        reason=given.reason,
        asked_at=desk.now,
    )
    desk.session.add(wish)
    desk.session.flush()
    case.record("asked for more time", until=given.until.isoformat())
    readers, cause = for_iro(desk, case.concern, case.child), about_concern(case.concern, str(wish.id))
    owe(desk, more_time, readers, cause, person=part.person_id, until=given.until.isoformat())
    return Notice(text=f"The {IRO} has been asked for more time for {case.ref}. Until they agree, the deadline stands.")


def tell_refused(case: OpenCase, wish: ExtensionRequest) -> None:
    """Tell the person who asked for more time that the date stays; the word that goes with it is read in the form."""
    to = reached(case.desk, wish.person_id, never=case.who.iro_id)
    owe(case.desk, time_refused, to, about_concern(case.concern, str(wish.id)), until=wish.until.isoformat())


def open_wishes(case: OpenCase) -> list[ExtensionRequest]:
    """The wishes for more time at the present stage that were neither refused nor settled by a date agreed since."""
    run = case.present_run
    assert run.id is not None
    agreed = max((one.agreed_at for one in _extensions_of(case)), default=None)
    return [one for one in replies.requests_of(case.desk.session, run.id) if agreed is None or one.asked_at > agreed]


def _askers(case: OpenCase) -> tuple[Choice, ...]:
    parts = stage_runs.people_of(case.desk.session, case.present_run.id or 0, Part.ADDRESSED)
    names = names_apart(case.desk, (one.person_id for one in parts))
    return tuple(Choice(value=str(ident), label=name) for ident, name in names.items())


def _last_wish(case: OpenCase) -> ExtensionRequest | None:
    return next(reversed(open_wishes(case)), None)


def _wished_until(case: OpenCase) -> str:
    wish = _last_wish(case)
    return wish.until.isoformat() if wish is not None else ""


def _wished_by(case: OpenCase) -> str:
    wish = _last_wish(case)
    return str(wish.person_id) if wish is not None else ""


class Extended(OfConcern, deed="concern.extend", title="Agree an extension", submit="Agree", watches=True):
    """What the IRO agrees to, with who asked for it and why."""

    until: date = day(DayOf.MORE_TIME, "New date", first=_wished_until)
    reason: str = words("Reason", missing="Say why: it is counted and reported.", column=Extension.reason)
    asked_by: int | None = choice_if_any("Who asked?", _askers, int, first=_wished_by)

    @classmethod
    def above(cls, about: OpenCase) -> tuple[str, ...]:
        """Both clocks, and each wish for more time."""
        desk, run = about.desk, about.present_run
        clocks = (due_words(desk, about.rules, run), limit_words(desk, about.rules, about.concern))
        right = " To put the date agreed right, give the right one, earlier or later: the history keeps both."
        text = f"{' '.join(clocks)} An extension never moves the limit of all stages.{right if run.extensions else ''}"
        wishes = replies.requests_of(desk.session, run.id or 0)
        said = (
            f"{name_of(desk, one.person_id)} asked for it until {say_day(one.until)}: {one.reason}" for one in wishes
        )
        return (text.strip(), *said)

    def wrong(self, about: OpenCase) -> dict[str, str]:
        """A stage's own time is never shortened; what was agreed besides may be."""
        desk, run = about.desk, about.present_run
        after = close_of(self.until, desk.calendar)
        if not run.extensions and after <= max(run.due_at or desk.now, desk.now):
            return {"until": "Give a day after the present deadline, and still to come."}
        if after <= desk.now:
            return {"until": "Give a day still to come."}
        if after == run.due_at:
            return {"until": "That is the date agreed already: give another."}
        own = next((one.before_at for one in _extensions_of(about)), None)
        if own is not None and after < own:
            return {"until": f"The time of the stage itself ends at {when(own)}: give that day or a later one."}
        return {}


@by_form(Extended, May.STEER, act=Act.EXTEND)
def agree(case: OpenCase, given: Extended) -> Answer:
    """Move the stage's deadline to close of business on the date agreed, or put one agreed before right."""
    desk, until = case.desk, given.until
    agreed = _agreed(case, given)
    _move_deadline(case, agreed)
    what = "put an agreed date right" if agreed.brings_back else "agreed an extension"
    before = local(agreed.before_at).date().isoformat() if agreed.brings_back else None
    case.record(what, until=until.isoformat(), before=before, extension=agreed.id)
    case.tell_absent_iro(what)
    told = [one for one in told_a_date(desk, case.present_run, case.who.iro_id) if one != desk.actor_id]
    _tell_everyone_told(case, agreed, told)
    said = f"{case.ref}: the new time to reply is {when(agreed.after_at)}.{_odd(case, until)}"
    names = ", ".join(name_of(desk, one) for one in told)
    done = Notice(text=f"{said} {f'Told: {names}.' if names else ''}".strip())
    return with_hours(case, done, starts=False)


def extend_form(desk: Desk, request: Request) -> Answer:
    """ "Agree an extension". A person who is asked to reply asks for it."""
    case = open_case(desk, request.subject, May.SEE_IT_EXISTS)
    if may(case.who, May.ANSWER) and not may(case.who, May.STEER):
        return ask.open(desk, request)
    return agree.open(desk, request)


def _extensions_of(case: OpenCase) -> list[Extension]:
    """What was agreed at the present stage run, oldest first."""
    every = replies.extensions_of(case.desk.session, case.id)
    return [one for one in every if one.run_id == case.present_run.id]


def _agreed(case: OpenCase, given: Extended) -> Extension:
    desk, run = case.desk, case.present_run
    assert run.id is not None
    extension = Extension(
        authority=desk.authority,
        concern_id=case.id,
        run_id=run.id,
        before_at=run.due_at or desk.now,
        after_at=close_of(given.until, desk.calendar),
        asked_by_id=given.asked_by,
        reason=given.reason,
        agreed_by_id=desk.actor_id,
        agreed_at=desk.now,
    )
    desk.session.add(extension)
    desk.session.flush()
    return extension


def _move_deadline(case: OpenCase, agreed: Extension) -> None:
    """Let the clock run to the day agreed; a date that is only put right is no further extension."""
    session, run = case.desk.session, case.present_run
    run.due_at, run.deadline_told_at = agreed.after_at, None
    run.extensions += 0 if agreed.brings_back else 1
    session.add(run)
    nudges.forget(session, case.subject, *_OF_THE_DEADLINE)
    nudges.plan(session, subject=case.subject, rung=ladder.Rung.DEADLINE, due_at=agreed.after_at, run_id=run.id)
    case.become(Act.EXTEND)


def _tell_everyone_told(case: OpenCase, agreed: Extension, told: list[int]) -> None:
    """Those who are awaited are asked anew, and the others who were told the date before read the new one."""
    desk, back = case.desk, 1 if agreed.brings_back else None
    parts = stage_runs.people_of(desk.session, case.present_run.id or 0)
    asked = [reached(desk, one.person_id, never=case.who.iro_id) for one in parts if one.is_awaited]
    adding = [one.person_id for one in parts if wanted_from(desk, case.concern, one) and one.replied_at is None]
    adding = [reached(desk, one, never=case.who.iro_id) for one in adding]
    cause = about_concern(case.concern, str(agreed.id))
    owe(desk, extended, asked, cause, back=back)
    owe(desk, add_to_reply, [one for one in adding if one not in asked], cause, anew=1)
    others = [one for one in told if one not in {*asked, *adding}]
    owe(desk, extended_information, others, cause, back=back)


def _odd(case: OpenCase, until: date) -> str:
    """What is taken all the same, and said: a day on which nobody works, or beyond the limit of all stages."""
    limit_at = case.concern.limit_at
    idle = "" if case.desk.calendar.is_working(until) else " That is not a working day."
    if limit_at is None or until <= local(limit_at).date():
        return idle
    return f"{idle} That is after the limit of all stages, {say_day(local(limit_at).date())}, which does not move."
