"""How a concern stands, by when, and for whom one acts, as the first line of each form about it.

Stage and dates, which all may know who may know of it; who only files it reads reference and end alone.
"""

from datetime import datetime

from handlers.concerns.carrying import is_to_be_carried_on
from handlers.concerns.case import OpenCase
from handlers.day_words import ref, stages_end
from handlers.rights import May, Place, may
from handlers.wording import deadline_of, name_of, run_words
from scheduling.deadline_wording import say_day, say_left, say_time
from scheduling.deadlines import day_due
from scheduling.duration import Duration
from scheduling.procedures.terms import IRO
from scheduling.working_days import local
from storage import replies
from storage.concerns import ConcernState, Outcome
from storage.stage_runs import StageRun


def line_of_concern(case: OpenCase) -> str:
    """ "C-12 (AB-1042): stage 1, reply by 5 pm, Tue 12 Jan 2027 (2 working days left). All stages end ..."."""
    known, is_open = may(case.who, May.SEE_IT_EXISTS), case.concern.state is not ConcernState.CLOSED
    how = ": ".join(filter(None, (ref(case.desk, case.concern, case.child), _stands(case, known=known))))
    limit = stages_end(case.desk, case.concern) if known and is_open else ""
    return " ".join(filter(None, (f"{how}.", limit, _for_whom(case))))


def _stands(case: OpenCase, *, known: bool) -> str:
    concern, run = case.concern, case.run
    if concern.state is ConcernState.CLOSED:
        return f"{_ended(case)}{_on(case, concern.closed_at)}"
    if not known:
        return ""
    if run is None:
        return f"draft{_on(case, concern.drafted_at)}, logged with nobody yet"
    if is_to_be_carried_on(case):
        return f"{run_words(run)} as its file has it, not carried on yet; no clock runs"
    return f"{run_words(run)}, {_waits(case, run)}"


def _ended(case: OpenCase) -> str:
    return "withdrawn" if case.concern.outcome is Outcome.WITHDRAWN else "closed"


def _on(case: OpenCase, moment: datetime | None) -> str:
    return f" {say_day(local(moment).date(), case.desk.today)}" if moment is not None else ""


def _waits(case: OpenCase, run: StageRun) -> str:
    """What it waits for, and by when."""
    within = case.rules.ladder
    match case.concern.state:
        case ConcernState.REPLIED:
            return f"replied{_on(case, _replied_at(case, run))}; {_decides(case, within.verdict_within)}"
        case ConcernState.PLANNED if run.plan_by is not None:
            return f"agreed, with a plan by {say_day(run.plan_by, case.desk.today)}"
        case ConcernState.ASKED if not case.who.awaited:
            due = f" by {_moment(case, run.due_at)}" if run.due_at is not None else ""
            return f"no reply{due}; {_decides(case, within.decision_within)}"
        case _:
            return _reply_due(case, run)


def _replied_at(case: OpenCase, run: StageRun) -> datetime | None:
    given = [one.given_at for one in replies.of_run(case.desk.session, run.id or 0) if one.is_answer]
    return max(given, default=None)


def _reply_due(case: OpenCase, run: StageRun) -> str:
    due = deadline_of(case.desk, case.rules, run)
    if due is None:
        return f"asked{_on(case, run.started_at)}, no set time"
    by = f"by {_moment(case, due.at)}"
    left = say_left(due, case.desk.now, case.desk.calendar).rstrip(".")
    beside = "" if left.startswith(("Due", "Overdue")) else f" ({left[:1].lower()}{left[1:]})"  # the day is said
    return f"{'the reply was due' if due.at <= case.desk.now else 'reply'} {by}{beside}"


def _moment(case: OpenCase, moment: datetime) -> str:
    """ "5 pm today", "5 pm, Tue 12 Jan 2027"."""
    here, today = local(moment), case.desk.today
    time = say_time(here.time())
    return f"{time} today" if here.date() == today else f"{time}, {say_day(here.date(), today)}"


def _decides(case: OpenCase, within: Duration) -> str:
    """Who is to decide, and by when; a name only while that person holds the place."""
    by = day_due(case.concern.state_since, within, case.desk.calendar)
    passed, day = by < case.desk.today, "today" if by == case.desk.today else say_day(by, case.desk.today)
    if case.who.is_iro:
        return f"you {'were to decide' if passed else 'decide'} by {day}"
    iro = name_of(case.desk, case.who.iro_id) if case.who.iro_place.vacancy is None else f"the {IRO}"
    return f"{iro} {'was to decide' if passed else 'decides'} by {day}"


def _for_whom(case: OpenCase) -> str:
    """Whose part one acts in where it is not one's own. Who is asked to reply never acts as the IRO."""
    who = case.who
    part = who.addressed_now if may(who, May.ANSWER) else who.asked_to_add if may(who, May.ADD) else None
    if part is not None:
        owner_id = part.person_id if part.person_id != case.desk.actor_id else part.standing_for_id
        is_over = case.concern.state is ConcernState.CLOSED or owner_id is None
        return "" if is_over else f"You act for {name_of(case.desk, owner_id)}."
    if who.acts_for is not None:
        return f"You act for {name_of(case.desk, who.acts_for)}."
    deputises = who.holds(Place.DEPUTY) and may(who, May.STEER)
    return f"You act in the place of {name_of(case.desk, who.iro_id)}." if deputises else ""
