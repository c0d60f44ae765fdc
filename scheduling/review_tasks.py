"""What has to be done around a review and by when: the procedures' tasks laid over one review's days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from scheduling.duration import Duration, Unit, add_months
from scheduling.timetable import aim_for, last_day, law_days
from scheduling.working_days import WorkingCalendar

REVIEW = "review"
DUE_DATE = "due date"
DELIVERY = "delivery of the decisions"
HALFWAY = "halfway to the next review"
BETWEEN = "between reviews"
BECOMING_LOOKED_AFTER = "becoming looked after"
PREVIOUS_VISIT = "previous visit"
COUNTED_FROM = (REVIEW, DUE_DATE, DELIVERY, HALFWAY, BETWEEN, BECOMING_LOOKED_AFTER, PREVIOUS_VISIT)
"""What a task may be counted from, in the words of the procedures file; anything else raises KeyError."""


@dataclass(frozen=True, kw_only=True)
class TaskRule:
    """A task: so long before or within its starting point, or with neither, by the review itself."""

    key: str
    label: str
    owner: str
    on: bool
    from_on: date
    to_on: date | None = None
    counted_from: str = REVIEW
    within: Duration | None = None
    before: Duration | None = None
    source: str = ""

    def in_force(self, day: date) -> bool:
        """Whether the task is asked for on the day it counts from."""
        return self.from_on <= day and (self.to_on is None or day <= self.to_on)


@dataclass(frozen=True, kw_only=True)
class ReviewDays:
    """The days of one review, as far as they are known.

    `looked_after_from` is given for a child's first review alone; `completed_on` is the last meeting's day, and
    `next_due_on` the day the review after this one is due.
    """

    due_on: date
    booked_for: date | None = None
    held_on: date | None = None
    completed_on: date | None = None
    next_due_on: date | None = None
    delivered_on: date | None = None
    looked_after_from: date | None = None
    visited_on: date | None = None

    @property
    def meeting_on(self) -> date:
        """The day it was held, else the one it is booked for, else the one it is due on."""
        return self.held_on or self.booked_for or self.due_on


@dataclass(frozen=True, kw_only=True)
class PlannedTask:
    """A task of one review: its key and label in the procedures, the owner's role, and the working day it is due."""

    key: str
    label: str
    owner: str
    due_on: date


def tasks_for(rules: Sequence[TaskRule], days: ReviewDays, calendar: WorkingCalendar) -> tuple[PlannedTask, ...]:
    """The tasks switched on whose starting point is known, soonest first.

    Asked again when the review is booked, completed or its decisions delivered, it answers with more of them and
    with their new days. A day that is not worked is brought forward to the working day before it.
    """
    planned = []
    for rule in rules:
        start = _start(rule, days)
        if rule.on and start is not None and rule.in_force(start):
            due_on = aim_for(_day(rule, start, days, calendar), calendar)
            planned.append(PlannedTask(key=rule.key, label=rule.label, owner=rule.owner, due_on=due_on))
    return tuple(sorted(planned, key=lambda task: task.due_on))


def _start(rule: TaskRule, days: ReviewDays) -> date | None:
    if rule.counted_from == REVIEW:
        return days.completed_on if rule.within else days.meeting_on
    held_on = days.held_on if days.next_due_on else None
    starts = {
        DUE_DATE: days.due_on,
        DELIVERY: days.delivered_on,
        HALFWAY: held_on,
        BETWEEN: held_on,
        BECOMING_LOOKED_AFTER: days.looked_after_from,
        PREVIOUS_VISIT: days.visited_on or days.looked_after_from,
    }
    return starts[rule.counted_from]


def _day(rule: TaskRule, start: date, days: ReviewDays, calendar: WorkingCalendar) -> date:
    if days.next_due_on and rule.counted_from == HALFWAY:
        return halfway(start, days.next_due_on, calendar)
    if days.next_due_on and rule.counted_from == BETWEEN:
        return days.next_due_on
    if rule.before:
        return day_before(start, rule.before, calendar)
    return last_day(start, rule.within, law_days(calendar)) if rule.within else start


def halfway(held_on: date, next_due_on: date, calendar: WorkingCalendar) -> date:
    """The day of the midway check: halfway to the next review, or the working day before it."""
    return calendar.previous_working(held_on + (next_due_on - held_on) // 2)


def day_before(day: date, before: Duration, calendar: WorkingCalendar) -> date:
    """The day that is so long before another; closure days make working days earlier."""
    match before.unit:
        case Unit.WORKING_DAYS:
            return calendar.add(day, -before.number)
        case Unit.HOURS:
            return calendar.add(day, before.number // -24)
        case Unit.MONTHS:
            return add_months(day, -before.number)
        case Unit.WEEKS:
            return day - timedelta(weeks=before.number)
        case Unit.DAYS:
            return day - timedelta(days=before.number)
