"""What the acts of the last weeks are put into, and made from."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from bot.sample.days import Days
from bot.sample.diary import Diary
from bot.sample.stage import Stage
from scheduling.procedures import Procedures
from scheduling.working_days import at_local, local


@dataclass(frozen=True, kw_only=True)
class Weeks:
    """The days, the authority's rules, the diary, and the chance that decides the rest."""

    days: Days
    rules: Procedures
    diary: Diary
    chance: Random

    def some_time(self, day: date) -> datetime:
        """A time of that day at which people see to such things."""
        return at_local(day, time(9, 20)) + timedelta(minutes=self.chance.randrange(0, 440))

    def later(self, stage: Stage, least: int, most: int) -> datetime:
        """Some time, so many working days after what is being done."""
        return self.some_time(self.days.calendar.add(local(stage.now).date(), self.chance.randrange(least, most + 1)))
