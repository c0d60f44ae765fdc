"""Which day a review should be booked for, and whether it is at risk of being late."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from scheduling.duration import Duration, Unit
from scheduling.timetable import NextDue, ReviewOrder, aim_for, last_day, law_days
from scheduling.working_days import WorkingCalendar

_TEN_DAYS = Duration(10, Unit.WORKING_DAYS)
_THREE_DAYS = Duration(3, Unit.WORKING_DAYS)


@dataclass(frozen=True, kw_only=True)
class BookingTarget:
    """A local wish to hold a review earlier than it is due, so that it can be moved and still be in time.

    Valid where the day counted from is from `from_on` to `to_on`; on every track where none is named.
    """

    key: str
    label: str
    order: ReviewOrder
    within: Duration
    from_on: date
    to_on: date | None = None
    track: str | None = None

    def meets(self, due: NextDue) -> bool:
        """Whether the target is about this review."""
        in_force = self.from_on <= due.counted_from and (self.to_on is None or due.counted_from <= self.to_on)
        return in_force and self.order == due.order and self.track in (None, due.track)


@dataclass(frozen=True, kw_only=True)
class BookBy:
    """The latest working day for which the authority wants the review booked; never later than it is due."""

    key: str
    label: str
    on: date


class Risk(StrEnum):
    """Why a review is at risk of being late."""

    NOT_BOOKED = "not booked"
    BOOKED_LATE = "booked after the due date"
    PAPERS_MISSING = "papers not in"


def book_by(targets: Sequence[BookingTarget], due: NextDue, calendar: WorkingCalendar) -> tuple[BookBy, ...]:
    """The booking targets that meet a review, each with its day, soonest first."""
    met = [
        BookBy(key=target.key, label=target.label, on=_day(target, due, calendar))
        for target in targets
        if target.meets(due)
    ]
    return tuple(sorted(met, key=lambda target: target.on))


def _day(target: BookingTarget, due: NextDue, calendar: WorkingCalendar) -> date:
    return aim_for(min(due.due_on, last_day(due.counted_from, target.within, law_days(calendar))), calendar)


def at_risk(
    *,
    due_on: date,
    booked_for: date | None,
    papers_in: bool,
    today: date,
    calendar: WorkingCalendar,
    within: Duration = _TEN_DAYS,
    papers_before: Duration = _THREE_DAYS,
) -> tuple[Risk, ...]:
    """Why an open review is at risk today; nothing when it is not. Both times are in working days.

    Not booked counts from `within` before it is due, papers from the morning when `papers_before` is left to the
    review (to its due date while it is not booked).
    """
    risks = []
    if booked_for is None and calendar.signed_count(today, due_on) <= within.number:
        risks.append(Risk.NOT_BOOKED)
    if booked_for is not None and booked_for > due_on:
        risks.append(Risk.BOOKED_LATE)
    if not papers_in and today >= calendar.add(booked_for or due_on, -papers_before.number):
        risks.append(Risk.PAPERS_MISSING)
    return tuple(risks)
