"""When a child's next review is due, by the law and by local rules, which count only where they are earlier.

Closure days of an authority never make anything later: the law's working days are all but the bank holidays.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

from scheduling.deadline_wording import say_day
from scheduling.duration import Duration, Unit, add_months
from scheduling.working_days import WorkingCalendar

ReviewOrder = Literal["first", "second", "later"]
CountingRule = Literal["start", "completion"]

PREVIOUS_REVIEW = "previous review"
LAW_DAYS = WorkingCalendar()
"""Monday to Friday but for bank holidays, whatever days the authority is shut."""

_PLACES: tuple[ReviewOrder, ...] = ("first", "second", "later")


class NoLaw(LookupError):
    """The rules hold no law for this review of the track; the sentence names both."""


@dataclass(frozen=True, kw_only=True)
class ReviewRule:
    """One rule: a review of a track within a time of the start of the track, or of the previous actual review.

    Valid where the day counted from is from `from_on` to `to_on`, both included. `under_age`, in years, limits a
    local rule to younger children.
    """

    key: str
    track: str
    order: ReviewOrder
    within: Duration
    counted_from: str
    from_on: date
    to_on: date | None = None
    law: bool = False
    source: str = ""
    under_age: int | None = None

    def in_force(self, day: date) -> bool:
        """Whether the rule is valid on the day."""
        return self.from_on <= day and (self.to_on is None or day <= self.to_on)


@dataclass(frozen=True, kw_only=True)
class NextDue:
    """The next review: due on the earlier of law and local rule, and how that was counted.

    `order` is the law's: where its track has no rule for the second review, the second is a "later" one. `rule` is
    the rule that sets `due_on`, counted from `counted_from` with `within`; `law_rule` sets `law_due_on`.
    """

    track: str
    order: ReviewOrder
    due_on: date
    law_due_on: date
    rule: str
    law_rule: str
    counted_from: date
    within: Duration


@dataclass(frozen=True, kw_only=True)
class Adjournment:
    """How often and for how long a review may be adjourned: once, up to 20 working days (regulation 36(2))."""

    times: int
    within: Duration
    from_on: date
    to_on: date | None = None


@lru_cache(maxsize=256)
def law_days(calendar: WorkingCalendar) -> WorkingCalendar:
    """The law's working days: no closure days, no weekend worked; a weekday wrongly thought a holiday is kept."""
    weekdays = frozenset(day for day in calendar.extra_working if day.weekday() < 5)
    return WorkingCalendar(extra_working=weekdays) if weekdays else LAW_DAYS


def last_day(start: date, within: Duration, calendar: WorkingCalendar) -> date:
    """The last day of a time that starts on a day, day 0 being that day itself.

    Working days by the calendar; days, weeks and months roll nothing forward, and months clamp to the month's
    end. Hours count as working days of 24, a begun one as a whole.
    """
    match within.unit:
        case Unit.WORKING_DAYS:
            return calendar.add(start, within.number)
        case Unit.HOURS:
            return calendar.add(start, -(-within.number // 24))
        case Unit.MONTHS:
            return add_months(start, within.number)
        case Unit.WEEKS:
            return start + timedelta(weeks=within.number)
        case Unit.DAYS:
            return start + timedelta(days=within.number)


def next_due(
    rules: Sequence[ReviewRule],
    *,
    track: str,
    track_from: date,
    held: Sequence[date],
    born: str | None,
    calendar: WorkingCalendar,
    on: date,
) -> NextDue | None:
    """The next review of a child on a track, or None where it would fall due after the child is eighteen.

    `held` are the days on which this track's reviews began; `born` is YYYY-MM. Each rule must be in force on the
    day it counts from. Where no law was in force then, the one in force on the day `on` is taken; where there is
    none either, NoLaw.
    """
    place = _PLACES[min(len(held), 2)]
    on_track = [rule for rule in rules if rule.track == track]
    dates = _Dates(track_from=track_from, previous=max(held, default=None), law_days=law_days(calendar))
    law = _law([rule for rule in on_track if rule.law], place, dates, on)
    local = [r for r in on_track if not r.law and r.order in (law.order, place) and dates.in_force(r)]
    counted = [law, *(rule for rule in local if _young_enough(rule, born, dates.start(rule)))]
    rule = min(counted, key=dates.due)  # the first of equals: the law
    start, due_on = dates.start(rule), dates.due(rule)
    assert start is not None
    ends_on = childhood_ends(born)
    if ends_on is not None and due_on > ends_on:
        return None
    return NextDue(
        track=track,
        order=law.order,
        due_on=due_on,
        law_due_on=dates.due(law),
        rule=rule.key,
        law_rule=law.key,
        counted_from=start,
        within=rule.within,
    )


@dataclass(frozen=True, kw_only=True)
class _Dates:
    track_from: date
    previous: date | None
    law_days: WorkingCalendar

    def start(self, rule: ReviewRule) -> date | None:
        return self.previous if rule.counted_from == PREVIOUS_REVIEW else self.track_from

    def in_force(self, rule: ReviewRule) -> bool:
        start = self.start(rule)
        return start is not None and rule.in_force(start)

    def due(self, rule: ReviewRule) -> date:
        start = self.start(rule)
        return date.max if start is None else last_day(start, rule.within, self.law_days)


def _law(law: Sequence[ReviewRule], place: ReviewOrder, dates: _Dates, on: date) -> ReviewRule:
    started = [rule for rule in law if dates.start(rule) is not None]
    then, now = [r for r in started if dates.in_force(r)], [r for r in started if r.in_force(on)]
    for valid in (then, now):
        for order in (place, "later"):
            if of_order := [rule for rule in valid if rule.order == order]:
                return min(of_order, key=dates.due)
    raise NoLaw(f"No law says when the {place} review of this track is due, neither then nor on {say_day(on)}.")


def _young_enough(rule: ReviewRule, born: str | None, day: date | None) -> bool:
    """Under the rule's age on the day, as far as a month of birth tells; unknown ages are not."""
    if rule.under_age is None:
        return True
    return born is not None and day is not None and day <= birthday_by(born, rule.under_age)


def birthday_by(born: str, age: int) -> date:
    """The last day on which someone born in that month (YYYY-MM) can reach the age; ValueError for no month."""
    year, month = map(int, born.split("-"))
    return add_months(date(year, month, 1), 12 * age + 1) - timedelta(days=1)


def childhood_ends(born: str | None) -> date | None:
    """The end of the month of the eighteenth birthday, after which no review is due; None where not known."""
    return birthday_by(born, 18) if born else None


def aim_for(due_on: date, calendar: WorkingCalendar) -> date:
    """The day to hold a review that is due on this day: the day itself, or the working day before it."""
    return calendar.previous_working(due_on)


def bring_forward(due_on: date, *, wanted_on: date, today: date) -> date:
    """The day an early review is due: as wanted, not before today, and never later than it was."""
    return min(due_on, max(wanted_on, today))


def adjourn_until(rule: Adjournment, on: date, calendar: WorkingCalendar) -> date:
    """The day by which a review adjourned on a day has to be completed."""
    return last_day(on, rule.within, law_days(calendar))


def may_adjourn(rule: Adjournment, *, on: date, times: int) -> bool:
    """Whether a review that has been adjourned so many times may be adjourned once more on that day."""
    in_force = rule.from_on <= on and (rule.to_on is None or on <= rule.to_on)
    return in_force and times < rule.times


def in_time(
    counting: CountingRule,
    *,
    due_on: date,
    held_on: date,
    completed_on: date | None,
    adjourned_until: date | None = None,
) -> bool:
    """Whether a review was in time, by the start of its series of meetings or by its completion.

    Begun late is late either way. Counted by completion, one not completed is not in time; one adjourned as the
    law allows may be completed by `adjourned_until`.
    """
    if held_on > due_on or counting == "start":
        return held_on <= due_on
    return completed_on is not None and completed_on <= max(due_on, adjourned_until or due_on)
