"""Which reminder when: the rungs planned for a stage, and whether a rung still applies when its moment comes.

Everything here is list in, list out; the sweep asks again at the moment of firing.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from scheduling.deadlines import close_of, deadline
from scheduling.duration import Duration, Unit
from scheduling.working_days import WorkingCalendar, is_known, local


class Rung(StrEnum):
    """What a planned nudge asks when it fires."""

    DEADLINE = "deadline"  # the stage's time to reply is over
    INFORMAL = "informal"  # an informal concern without a clock has been quiet for long
    NEXT_SENIOR = "next senior"  # still nothing, weeks after the deadline
    PLACES = "places"  # who fills a place may have changed: people left, went away or came back
    UNSEEN = "unseen"  # the immediate route's hour is over
    DECISION = "decision"  # the IRO was asked and has not decided
    VERDICT = "verdict"  # the IRO has not said whether a reply satisfies
    PLAN = "plan"  # the date of an agreed plan has come
    LIMIT_NEAR = "limit near"  # asks nothing: planned by earlier versions, and still to be found where they ran
    LIMIT_PASSED = "limit passed"  # all stages together have ended
    DAY = "day"  # an authority's morning
    DECISIONS_SILENT = "decisions silent"  # the time to agree or dispute a review's decisions is over
    DECISIONS_UNPROVEN = "decisions unproven"  # there is still no proof that they arrived


@dataclass(frozen=True, kw_only=True)
class Planned:
    """A nudge to plan: the rung and its moment (UTC)."""

    rung: Rung
    at: datetime


def for_stage(
    *,
    started_at: datetime,
    due_at: datetime | None,
    seen_due_at: datetime | None,
    informal_asked_after: Duration,
    informal: bool,
    calendar: WorkingCalendar,
) -> list[Planned]:
    """What to plan when a stage starts: its deadline, or for an informal one without a clock a question to the IRO."""
    rungs: list[Planned] = []
    if due_at is not None:
        rungs.append(Planned(rung=Rung.DEADLINE, at=due_at))
    elif informal:
        rungs.append(Planned(rung=Rung.INFORMAL, at=deadline(started_at, informal_asked_after, calendar).at))
    if seen_due_at is not None:
        rungs.append(Planned(rung=Rung.UNSEEN, at=seen_due_at))
    return rungs


def after_deadline(
    now: datetime,
    manager_again: Duration,
    next_senior_after: int,
    decision_within: Duration,
    calendar: WorkingCalendar,
) -> list[Planned]:
    """What to plan once a deadline has passed unanswered; counted from now, so that downtime takes one step at most."""
    senior = Duration(number=manager_again.number * max(next_senior_after, 1), unit=manager_again.unit)
    return [
        for_decision(now, decision_within, calendar),
        Planned(rung=Rung.NEXT_SENIOR, at=calendar.opening(local(deadline(now, senior, calendar).at).date())),
    ]


def for_decision(asked_at: datetime, within: Duration, calendar: WorkingCalendar) -> Planned:
    """What to plan when the IRO is asked what comes next."""
    return Planned(rung=Rung.DECISION, at=deadline(asked_at, within, calendar).at)


def for_verdict(replied_at: datetime, within: Duration, calendar: WorkingCalendar) -> Planned:
    """What to plan when the IRO is to say whether what came satisfies."""
    return Planned(rung=Rung.VERDICT, at=deadline(replied_at, within, calendar).at)


def for_plan(by: date, calendar: WorkingCalendar) -> Planned:
    """What to plan when a plan by a day is agreed."""
    return Planned(rung=Rung.PLAN, at=close_of(by, calendar))


def working_days_before(day: date, number: int, calendar: WorkingCalendar) -> date:
    """The working day that has `number` working days left until `day`."""
    found = calendar.previous_working(day)
    for _ in range(number):
        found = calendar.previous_working(date.fromordinal(found.toordinal() - 1))
    return found


def named_today(due_on: date, today: date, before: Duration, calendar: WorkingCalendar) -> bool:
    """Whether the addressee's "Your day" names a reply: `before` working days ahead, on the day, then daily.

    Rungs earlier than the stage itself fall away by themselves, since nothing is named before it starts.
    """
    if today >= due_on:
        return True
    if not is_known(due_on):
        return False
    if calendar.previous_working(due_on) == today:
        return True
    assert before.unit is Unit.WORKING_DAYS
    return today == working_days_before(due_on, before.number, calendar)


def manager_named_today(due_on: date, today: date, manager_again: Duration, calendar: WorkingCalendar) -> bool:
    """Whether the line manager's "Your day" names an overdue reply: each `manager_again` after the deadline."""
    passed = calendar.count(due_on, today)
    return passed > 0 and passed % manager_again.number == 0 and calendar.is_working(today)
