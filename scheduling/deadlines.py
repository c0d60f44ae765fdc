"""When a reply is due: from the moment something happened, the time allowed and the working calendar."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from scheduling.duration import Duration, Unit, add_months
from scheduling.working_days import WorkingCalendar, at_local, local


class HoursRule(StrEnum):
    """How a time given in hours runs; the law is silent, so the procedures choose (domain.md section 8)."""

    WORKING = "next working day, same time"
    CLOCK = "clock hours"


@dataclass(frozen=True, kw_only=True)
class Deadline:
    """A moment (UTC) and how it was reached: the time allowed and the weekdays that were not counted.

    `counted` is None for a date that people agreed on instead of counting.
    """

    at: datetime
    not_counted: tuple[date, ...]
    counted: Duration | None
    hours_rule: HoursRule = HoursRule.WORKING


def deadline(
    event: datetime,
    reply_within: Duration,
    calendar: WorkingCalendar,
    hours_rule: HoursRule = HoursRule.WORKING,
) -> Deadline:
    """The deadline that an event starts. An event without a time zone raises ValueError.

    Day 0 is the London date of the event at any hour. Working days end at close of business on the nth
    working day after it; days, weeks and months at close of business on that date, working day or not,
    because the law rolls nothing forward. Hours follow the rule: see working_hours_from; clock hours are
    elapsed time.
    """
    day = local(event).date()
    missed: tuple[date, ...] = ()
    if reply_within.unit is Unit.WORKING_DAYS:
        last = calendar.add(day, reply_within.number)
        at, missed = calendar.closing(last), calendar.not_counted(day, last)
    elif reply_within.unit is not Unit.HOURS:
        at = calendar.closing(_calendar_days_after(day, reply_within))
    elif hours_rule is HoursRule.CLOCK:
        at = event.astimezone(UTC) + timedelta(hours=reply_within.number)
    else:
        at = working_hours_from(event, reply_within.number, calendar)
        missed = calendar.not_counted(day, local(at).date())
    return Deadline(at=at, not_counted=missed, counted=reply_within, hours_rule=hours_rule)


def day_due(start: datetime, within: Duration, calendar: WorkingCalendar) -> date:
    """The day on which a time that began then is over."""
    return local(deadline(start, within, calendar).at).date()


def _calendar_days_after(day: date, within: Duration) -> date:
    if within.unit is Unit.MONTHS:
        return add_months(day, within.number)
    return day + timedelta(days=within.number * (7 if within.unit is Unit.WEEKS else 1))


def working_hours_from(event: datetime, hours: int, calendar: WorkingCalendar) -> datetime:
    """The UTC moment when that many hours have run, given that nobody works when the office is closed.

    What comes outside opening hours counts as given at the next opening. Each 24 hours is one working day,
    to the same time by the London clock; any other number runs hour by hour while the office is open, so
    8 hours from 3 pm, the office being open from 9 am to 5 pm, end at 3 pm on the next working day.
    """
    given = local(event if calendar.is_open(event) else calendar.next_opening(event))
    if hours % 24 == 0:
        return at_local(calendar.add(given.date(), hours // 24), given.time())
    opens, closes = (datetime.combine(given.date(), wall) for wall in (calendar.opens, calendar.closes))
    open_for = closes - opens
    days, rest = divmod(given.replace(tzinfo=None) - opens + timedelta(hours=hours), open_for)
    if not rest:  # a full day ends at its close, not at the next opening
        days, rest = days - 1, open_for
    return at_local(calendar.add(given.date(), days), (opens + rest).time())


def close_of(day: date, calendar: WorkingCalendar) -> datetime:
    """Close of business on a day, UTC: when an agreed date passes."""
    return calendar.closing(day)


def agreed(day: date, calendar: WorkingCalendar) -> Deadline:
    """The deadline at close of business on a date people agreed: an extension, or a plan's "by date"."""
    return Deadline(at=close_of(day, calendar), not_counted=(), counted=None)


def total_limit(first_formal_stage: datetime, limit: Duration, calendar: WorkingCalendar) -> Deadline:
    """The limit on all formal stages together, from the first of them; extensions never move it.

    "No more than 20 working days" in all: IRO Handbook 6.2.
    """
    return deadline(first_formal_stage, limit, calendar)


def lengthened(
    before: datetime,
    event: datetime,
    reply_within: Duration,
    calendar: WorkingCalendar,
    hours_rule: HoursRule = HoursRule.WORKING,
) -> Deadline:
    """The deadline of an open clock by today's calendar, never earlier than it was before.

    A new holiday may lengthen a clock and never shorten it (surface.md section 5).
    """
    now_due = deadline(event, reply_within, calendar, hours_rule)
    if now_due.at >= before:
        return now_due
    return Deadline(
        at=before.astimezone(UTC),
        not_counted=now_due.not_counted,
        counted=reply_within,
        hours_rule=hours_rule,
    )
