"""Deadlines in words, so that nobody has to count: the day, the time, what was not counted, what is left."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from scheduling.deadlines import Deadline, HoursRule
from scheduling.duration import Duration, Unit, say_count
from scheduling.working_days import WorkingCalendar, is_known, local

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_HOUR = timedelta(hours=1)
_DAY_WITHOUT_YEAR = re.compile(rf"\b(?:{'|'.join(_WEEKDAYS)}) \d{{1,2}} (?:{'|'.join(_MONTHS)})\b(?! \d{{4}})")

MOST_NAMED = 5
"""So many of a long list are named in a sentence."""


def _bare(day: date) -> str:
    """ "25 Dec"."""
    return f"{day.day} {_MONTHS[day.month - 1]}"


def _short(day: date) -> str:
    return f"{_WEEKDAYS[day.weekday()]} {_bare(day)}"


def say_day(day: date, today: date | None = None) -> str:
    """A day, always with its weekday and month's name, and with its year unless that is today's.

    "Tue 12 Jan 2027" for what is kept, and may be read in another year; with `today` of the same year "Tue 12 Jan".
    """
    return _short(day) if today is not None and day.year == today.year else f"{_short(day)} {day.year}"


def say_due(day: date, today: date) -> str:
    """ "due Tue 9 Feb", "due today", "late since Tue 9 Feb"."""
    if day < today:
        return f"late since {say_day(day, today)}"
    return "due today" if day == today else f"due {say_day(day, today)}"


def with_its_year(text: str, said_on: date) -> str:
    """The text, said on a day, with that year beside each day that had none: for what is read in a later year."""
    return _DAY_WITHOUT_YEAR.sub(rf"\g<0> {said_on.year}", text)


def say_every_year(first: date, last: date) -> str:
    """ "29 Dec to 31 Dec every year": days of no year in particular have no weekday."""
    return f"{_bare(first)} to {_bare(last)} every year"


def say_not_counted(days: Sequence[date]) -> str:
    """ "25 Dec, 28 Dec and 1 Jan not counted": without weekday and year, beside a deadline that says its own.

    Where they lie a year or more apart, each says its year.
    """
    return f"{_bare_days(days)} not counted"


def say_not_counting(days: Sequence[date]) -> str:
    """ ", not counting 25 Dec and 1 Jan" behind a time; nothing where every day counted."""
    return f", not counting {_bare_days(days)}" if days else ""


def _bare_days(days: Sequence[date]) -> str:
    bare = bool(days) and days[-1] < days[0].replace(day=1, year=days[0].year + 1)
    return say_list([_bare(day) if bare else f"{_bare(day)} {day.year}" for day in days])


def say_time(wall: time) -> str:
    """ "5 pm", "10:30 am", "12 noon", "12 midnight"; seconds are left off, never rounded up."""
    if wall.minute == 0 and wall.hour in (0, 12):
        return "12 noon" if wall.hour else "12 midnight"
    minutes = f":{wall.minute:02}" if wall.minute else ""
    return f"{(wall.hour - 1) % 12 + 1}{minutes} {'am' if wall.hour < 12 else 'pm'}"


def say_list(words: Sequence[str]) -> str:
    """ "a, b and c"."""
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def say_first(words: Sequence[str], most: int = MOST_NAMED, *, of: int | None = None) -> str:
    """ "a, b and c"; of many the first alone, and how many there are besides: "a, b, c, d, e and 7 more".

    `of` is how many there are where `words` are not all of them.
    """
    more = (len(words) if of is None else of) - most
    return say_list([*words[:most], f"{more:,} more"] if more > 0 else words)


def say_deadline(deadline: Deadline, now: datetime, calendar: WorkingCalendar) -> str:
    """When to reply, how that was counted, and what is left or how long it has been overdue.

    "Reply by 5 pm, Tue 12 Jan 2027 (10 working days; 25 Dec, 28 Dec and 1 Jan not counted). 4 working
    days left." (one line on the screen)
    """
    due = local(deadline.at)
    return (
        f"Reply by {say_time(due.time())}, {say_day(due.date())} ({say_counted(deadline)}). "
        f"{say_left(deadline, now, calendar)}"
    )


def say_counted(deadline: Deadline) -> str:
    """How the deadline was reached: "10 working days; 25 Dec not counted", or "date agreed"."""
    if deadline.counted is None:
        return "date agreed"
    counted = str(deadline.counted)
    if deadline.counted.unit is Unit.HOURS:
        counted += _say_hours_rule(deadline.counted, deadline.hours_rule)
    if not deadline.not_counted:
        return counted
    return f"{counted}; {say_not_counted(deadline.not_counted)}"


def _say_hours_rule(counted: Duration, rule: HoursRule) -> str:
    if rule is HoursRule.CLOCK:
        return " by the clock"
    return ", working days only" if counted.number % 24 == 0 else ", working hours only"


def say_left(deadline: Deadline, now: datetime, calendar: WorkingCalendar) -> str:
    """ "4 working days left.", "Due today.", "2 working days overdue."; clock hours are told in hours."""
    in_hours = deadline.counted is not None and deadline.counted.unit is Unit.HOURS
    if in_hours and deadline.hours_rule is HoursRule.CLOCK:
        return _say_hours_left(deadline.at, now)
    due, today = local(deadline.at), local(now).date()
    if now >= deadline.at:
        return _say_overdue(due, today, calendar)
    if due.date() == today:
        return "Due today."
    if not is_known(due.date()):  # kept before such days were refused
        return "Check the year."
    left = calendar.count(today, due.date())
    return f"{say_count(left, Unit.WORKING_DAYS)} left." if left else "No working day left."


def _say_overdue(due: datetime, today: date, calendar: WorkingCalendar) -> str:
    days = calendar.count(due.date(), today)
    if days:
        return f"{say_count(days, Unit.WORKING_DAYS)} overdue."
    if due.date() == today:
        return f"Overdue since {say_time(due.time())} today."
    return f"Overdue since {say_time(due.time())}, {say_day(due.date(), today)}."


def _say_hours_left(at: datetime, now: datetime) -> str:
    hours = abs(at.astimezone(UTC) - now.astimezone(UTC)) // _HOUR
    span = say_count(hours, Unit.HOURS) if hours else "Less than an hour"
    return f"{span} {'overdue' if now >= at else 'left'}."


def say_total_limit(limit_at: datetime, limit: Duration, now: datetime) -> str:
    """ "All stages: 20 working days, to Tue 26 Jan."; past the limit: "..., passed on Tue 26 Jan."."""
    passed = "passed on" if now >= limit_at else "to"
    return f"All stages: {limit}, {passed} {say_day(local(limit_at).date(), local(now).date())}."
