"""Closing, withdrawing and reopening a concern, a plan's new date, and the question three months later.

Only the IRO closes; silence never does.
"""

from datetime import date

from handlers.cards import Answer, Button, Choice, Form, Notice
from handlers.concerns.by_form import SINCE, OfConcern, by_form
from handlers.concerns.case import OpenCase, open_case, require_present
from handlers.concerns.close_questions import OUTCOMES, Closed, Closing
from handlers.concerns.on_record import note
from handlers.concerns.sending_now import with_hours
from handlers.concerns.stages import stage_choices
from handlers.concerns.starting import Start, begin, forget_run
from handlers.concerns.superseding import hand_over_to_successor
from handlers.day_windows import DayOf
from handlers.forms.deeds import done_by
from handlers.forms.fields import choice, day, words
from handlers.hearing import reached, took_part, were_asked
from handlers.lifecycle import Act, advance
from handlers.messages.informing import closed, plan_moved, withdrawn
from handlers.messages.owing import about_concern, owe
from handlers.office import Desk
from handlers.promises import NEW_DATE, open_promises, promises_of
from handlers.requests import Request
from handlers.rights import May
from handlers.wording import both_clocks, stage_named
from scheduling import ladder
from scheduling.deadline_wording import say_day
from scheduling.deadlines import close_of
from storage import nudges
from storage.concerns import ConcernState, Lasted, Outcome
from storage.stage_runs import RunKind, StageRun

_LASTED = (
    Choice(value=Lasted.YES.value, label="Yes, it lasted"),
    Choice(value=Lasted.NO.value, label="No, it did not last"),
    Choice(value=Lasted.UNKNOWN.value, label="Not known"),
)


def close_form(desk: Desk, request: Request) -> Answer:
    """ "Close": with the reply on top, how it ended; reading it is recorded."""
    return _opened(desk, request, Act.CLOSE, None)


def withdraw_form(desk: Desk, request: Request) -> Answer:
    """Withdraw: closing with that outcome."""
    return _opened(desk, request, Act.WITHDRAW, Outcome.WITHDRAWN)


def _opened(desk: Desk, request: Request, act: Act, outcome: Outcome | None) -> Form:
    case = open_case(desk, request.subject, May.END)
    require_present(case, request.run)
    advance(case.ref, case.concern.state, act)
    case.record("read")
    return Closed.draw(Closing(**vars(case), outcome=outcome))


def _to_close(desk: Desk, request: Request, *, for_change: bool) -> Closing:
    case = open_case(desk, request.subject, May.END, for_change=for_change)
    require_present(case, request.run, request.context.get(SINCE, ""))
    said = request.text("outcome")
    return Closing(**vars(case), outcome=Outcome(said) if said in {one.value for one in OUTCOMES} else None)


@done_by(Closed, _to_close)
def close(case: Closing, given: Closed) -> Answer:
    """Close the concern: every clock stops, who was asked is told, and what others have of it says so."""
    desk, is_withdrawn = case.desk, given.outcome is Outcome.WITHDRAWN
    case.become(Act.WITHDRAW if is_withdrawn else Act.CLOSE)
    _end(case, given)
    if given.outcome is Outcome.SUPERSEDED:
        hand_over_to_successor(case, given.superseded_by)
    what = "withdrawn" if is_withdrawn else "closed"
    case.record(what, outcome=given.outcome.value, concern=case.concern.superseded_by)
    if given.on_record_on is not None:
        note(case, given.on_record_on)
    case.tell_absent_iro("withdrew it" if is_withdrawn else "closed it")
    told = [one for one in (*were_asked(desk, case.concern), *case.in_the_place()) if not case.knows_already(one)]
    case.overtake(*(one for one in took_part(desk, case.concern) if one not in told))
    cause = about_concern(case.concern, str(case.concern.cycle))
    owe(desk, withdrawn if is_withdrawn else closed, told, cause, person=desk.actor_id)
    return with_hours(case, _done(case, given.outcome), starts=False)


def _end(case: OpenCase, given: Closed) -> None:
    """Keep how it ended. A copy that was on the record before is not the whole of it any more."""
    desk, concern, run = case.desk, case.concern, case.present_run
    concern.closed_at, concern.outcome = desk.now, given.outcome
    concern.what_changed, concern.change_recorded = given.what_changed, given.outcome is not Outcome.WITHDRAWN
    concern.child_told = given.child_told
    concern.lasted = concern.lasted_asked_on = concern.on_record_on = concern.on_record_by_id = None
    run.ended_at = desk.now
    desk.session.add_all((concern, run))
    nudges.forget(desk.session, case.subject)


def _done(case: OpenCase, outcome: Outcome) -> Notice:
    """What was done; the IRO alone is asked whether somebody did well in it."""
    if outcome is Outcome.WITHDRAWN:
        return Notice(text=f"{case.ref} is withdrawn. Everyone who was asked is told. You can reopen it.")
    text = f"{case.ref} is closed. Everyone who was asked is told. You can reopen it."
    if not case.who.is_iro:
        return Notice(text=text)
    praise = Button(label="Recognise good practice", deed="praise.form")
    return Notice(text=f"{text} Did somebody do well by the child here?", buttons=(praise,))


def _stages(case: OpenCase) -> tuple[Choice, ...]:
    return stage_choices(case.rules, about_service=case.concern.about_service)


def _reopen_title(case: OpenCase) -> str:
    return f"Reopen {case.ref}"


class Reopened(OfConcern, deed="concern.reopen", title=_reopen_title, submit="Reopen", of_run=False, watches=True):
    """At which stage, and why."""

    stage: int = choice(
        "Start at", _stages, int, missing="Choose a stage.", first=lambda case: str(case.present_run.number)
    )
    reason: str = words("Reason", missing="Say why it is reopened.", column=StageRun.reason)


@by_form(Reopened, May.STEER, act=Act.REOPEN)
def reopen(case: OpenCase, given: Reopened) -> Answer:
    """Reopen a closed concern at a stage: earlier rounds stay as they were, the limit of all stages starts again."""
    desk, concern = case.desk, case.concern
    case.become(Act.REOPEN)
    concern.cycle += 1
    concern.limit_at = concern.limit_from = concern.closed_at = None
    concern.outcome = concern.lasted = concern.lasted_asked_on = concern.superseded_by = None
    concern.change_recorded, concern.child_told = False, None
    start = Start(number=given.stage, kind=RunKind.REOPENED, by_id=desk.actor_id, reason=given.reason)
    run = begin(case, start)
    case.record("reopened", stage=given.stage, cycle=concern.cycle)
    case.tell_absent_iro("reopened it")
    said = f"{case.ref} is open again, at {stage_named(run.number)}. {both_clocks(desk, case.rules, concern, run)}"
    return with_hours(case, Notice(text=said))


class NewDate(OfConcern, deed="concern.new_date", title="A new date for the plan", submit="Agree", watches=True):
    """Another date, and why."""

    until: date = day(DayOf.PLAN, "New date")
    reason: str = words("Reason", missing="Say why.")

    @classmethod
    def above(cls, about: OpenCase) -> tuple[str, ...]:
        """The date there is."""
        present = about.present_run.plan_by
        now_due = f"It is due by {say_day(present)} now. " if present is not None else ""
        return (f"{now_due}Give the right date, earlier or later: the history keeps both.",)

    def wrong(self, about: OpenCase) -> dict[str, str]:
        """Today, once its business is closed, is no day to come."""
        desk = about.desk
        over = self.until == desk.today and close_of(self.until, desk.calendar) <= desk.now
        return {"until": "Give a day still to come."} if over else {}


@by_form(NewDate, May.STEER, act=Act.NEW_PLAN_DATE)
def new_date(case: OpenCase, given: NewDate) -> Answer:
    """Give a plan another date, later or earlier, on record; when it comes the IRO is asked again."""
    desk, run, until = case.desk, case.present_run, given.until
    _ask_for_it_again(case)
    before, run.plan_by = run.plan_by, until
    desk.session.add(run)
    forget_run(case)
    planned = ladder.for_plan(until, desk.calendar)
    nudges.plan(desk.session, subject=case.subject, rung=planned.rung, due_at=planned.at, run_id=run.id)
    case.become(Act.NEW_PLAN_DATE)
    was = before.isoformat() if before is not None else None
    case.record(NEW_DATE, before=was, until=until.isoformat(), words=given.reason)
    case.tell_absent_iro(NEW_DATE)
    promised = [one.person_id for one in open_promises(desk, case.concern, run)]
    told = [reached(desk, one, never=case.who.iro_id) for one in promised]
    owe(desk, plan_moved, told, about_concern(case.concern, f"plan {desk.now.isoformat()}"))
    return Notice(text=f"{case.ref}: the plan is now due by {say_day(until)}.")


def _ask_for_it_again(case: OpenCase) -> None:
    """Where all was said to be done, or its day is over, another date asks for what was promised once more."""
    if case.concern.state is not ConcernState.REPLIED:
        return
    for promise in promises_of(case.desk, case.concern, case.present_run):
        promise.reply.done_at = None
        case.desk.session.add(promise.reply)
    case.desk.session.flush()


def _lasted_title(case: OpenCase) -> str:
    return f"Did it last? {case.ref}"


class ItLasted(OfConcern, deed="concern.lasted", title=_lasted_title, submit="Save", of_run=False):
    """Asked three months after the end."""

    lasted: Lasted = choice("Did it last?", _LASTED, Lasted, missing="Choose an answer.")

    @classmethod
    def above(cls, about: OpenCase) -> tuple[str, ...]:
        """What is to have lasted."""
        return (f"What changed for the child: {about.concern.what_changed or 'Nothing was written down.'}",)


@by_form(ItLasted, May.STEER, act=Act.SAY_LASTED)
def lasted(case: OpenCase, given: ItLasted) -> Answer:
    """Keep the answer for the yearly report."""
    case.become(Act.SAY_LASTED)
    case.concern.lasted = given.lasted
    case.desk.session.add(case.concern)
    case.record("said whether it lasted", answer=given.lasted.value)
    case.tell_absent_iro("said whether it lasted")
    return Notice(text=f"Thank you. It is kept with {case.ref} for the yearly report.")
