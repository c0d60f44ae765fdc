"""The sample's days, counted from now: everything in its last weeks happened so many working days ago, or will."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property

from scheduling.working_days import WorkingCalendar, at_local, local

LAST_WEEKS = 18
"""Working days that are lived through, act by act; what lies before is imported."""
BEGINS_AT = time(7, 30)


@dataclass(frozen=True, kw_only=True)
class Days:
    """Counts from the last working day that has opened."""

    now: datetime
    calendar: WorkingCalendar

    @cached_property
    def present(self) -> date:
        """The last working day that has opened: today, where today is worked and it is not too early."""
        today = local(self.now).date()
        day = self.calendar.previous_working(today)
        return day if self.calendar.opening(day) <= self.now else self.calendar.add(day, -1)

    def on(self, offset: int) -> date:
        """The working day so many after the present one; before it where negative."""
        return self.calendar.add(self.present, offset)

    def at(self, offset: int, wall: str) -> datetime:
        """That time of that working day, by the clock in London."""
        return at_local(self.on(offset), time.fromisoformat(wall))

    def offset(self, moment: datetime) -> int:
        """How many working days the day of that moment lies after the present one; before it: negative."""
        return self.calendar.signed_count(self.present, local(moment).date())

    @cached_property
    def first(self) -> date:
        """The first of the last weeks' days."""
        return self.on(-LAST_WEEKS)

    @cached_property
    def begins(self) -> datetime:
        """When the last weeks begin: before that day's morning."""
        return at_local(self.first, BEGINS_AT)

    @cached_property
    def year_before(self) -> date:
        """The first day that is told of: of the reporting year before the present one."""
        today = local(self.now).date()
        return date(today.year - (1 if today.month >= 4 else 2), 4, 1)

    def lately(self, minutes: int) -> datetime:
        """So many minutes ago, up to an hour; where nobody was at work then, as long before the last close."""
        hour_ago = self.now - timedelta(hours=1)
        if self.calendar.is_open(hour_ago) and self.calendar.is_open(self.now):
            return self.now - timedelta(minutes=minutes)
        day = local(self.now).date()
        if not self.calendar.is_working(day) or self.calendar.closing(day) > self.now:
            day = self.calendar.add(day, -1)
        return self.calendar.closing(day) - timedelta(minutes=minutes)
