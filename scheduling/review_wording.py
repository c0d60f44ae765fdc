"""When a review is due, in words: the day, how it was counted, and which day to aim for."""

from datetime import date

from scheduling.deadline_wording import say_day, say_not_counted
from scheduling.duration import Duration, Unit
from scheduling.timetable import NextDue, ReviewOrder, aim_for, law_days
from scheduling.working_days import WorkingCalendar

_NAMES = {"first": "First review", "second": "Second review", "later": "Next review"}
_WEEKEND = {5: "a Saturday", 6: "a Sunday"}


def say_review_due(
    due_on: date,
    order: ReviewOrder,
    *,
    within: Duration | None,
    counted_from: date | None,
    today: date,
    calendar: WorkingCalendar,
) -> str:
    """When a review is due, and how that was counted where it was.

    "First review due by Thu 7 Jan 2027 (20 working days; 25 Dec, 28 Dec and 1 Jan not counted)"; in months "(3
    months from Mon 7 Dec 2026)"; not worked: "... a Sunday: aim for Fri 5 Mar". Past days "was due by". Without a
    full stop.
    """
    tense = "was due" if due_on < today else "due"
    counted = f" ({_counted(due_on, within, counted_from, calendar)})" if within and counted_from else ""
    return f"{_NAMES[order]} {tense} by {say_day(due_on)}{counted}{_aim(due_on, today, calendar)}"


def say_next_due(due: NextDue, today: date, calendar: WorkingCalendar) -> str:
    """The same for a review just counted."""
    return say_review_due(
        due.due_on, due.order, within=due.within, counted_from=due.counted_from, today=today, calendar=calendar
    )


def _counted(due_on: date, within: Duration, counted_from: date, calendar: WorkingCalendar) -> str:
    if within.unit is not Unit.WORKING_DAYS:
        return f"{within} from {say_day(counted_from)}"
    missed = law_days(calendar).not_counted(counted_from, due_on)
    return f"{within}; {say_not_counted(missed)}" if missed else str(within)


def _aim(due_on: date, today: date, calendar: WorkingCalendar) -> str:
    aim = aim_for(due_on, calendar)
    if aim == due_on or aim < today:
        return ""
    return f", {_WEEKEND.get(due_on.weekday(), 'not a working day')}: aim for {say_day(aim, today)}"
