"""A year of messages: 250 working days of Anyshire lived through by the real engine, and who was told how much.

`python -m bot.sample.year FILE` (`make year`) lives it and writes the file that the built-in page shows.
"""

import sys
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import partial
from pathlib import Path
from random import Random
from statistics import median, quantiles
from tempfile import TemporaryDirectory

from cryptography.fernet import Fernet
from pydantic import TypeAdapter
from sqlalchemy import Engine

from bot.sample.children import Child
from bot.sample.collecting import Told
from bot.sample.concern_acts import Act, OneConcern, close, log, move_up, reply, seen
from bot.sample.days import BEGINS_AT, LAST_WEEKS, Days
from bot.sample.diary import Deed, Diary
from bot.sample.file import hasty_engine
from bot.sample.people import IRO, IRO_MANAGER, SOCIAL_WORKER, SUPPORT, TEAM_MANAGER, email_of, staff
from bot.sample.review_weeks import plan_child
from bot.sample.rules import anyshires_own
from bot.sample.seed import SAMPLE, SEED, Progress, populate_past, silent
from bot.sample.stage import NotPlayable, Stage
from bot.sample.timetable import timetable_of
from bot.sample.weeks import Weeks
from handlers.cards import Card
from scheduling.deadline_wording import say_day
from scheduling.procedures import Procedures
from scheduling.working_days import at_local, local
from storage.encrypted import Keyring, use_keyring
from storage.migrating import upgrade
from storage.replies import AnswerKind

FIRST = date(2027, 1, 4)
WORKING_DAYS = 250
CONCERNS_A_YEAR = 120
"""About as many as the past of the sample has in a year, for 150 children."""
PLANNED_AHEAD = 45
"""Working days: so long before it falls due somebody thinks of a review."""
WHO: Mapping[str, tuple[str, int, int]] = {
    IRO: ("62 children", 2, 4),
    SOCIAL_WORKER: ("16 children", 1, 2),
    TEAM_MANAGER: ("6 workers", 2, 4),
    IRO_MANAGER: ("3 IROs, 150 children", 2, 4),
    SUPPORT: ("150 children", 1, 1),
}
"""Whose year is told: what they have, and the budget of messages a day, median and 95th of a hundred days."""
Way = tuple[tuple[int, str, Act], ...]
DONE, PLAN, PARTLY = AnswerKind.DONE, AnswerKind.PLAN, AnswerKind.PARTLY
WAYS: tuple[tuple[int, Way], ...] = (
    (10, ((0, "11:10", log(0)), (2, "15:20", reply(DONE)), (4, "10:15", close("resolved")))),
    (6, ((0, "14:05", log(0)), (4, "16:10", reply(DONE)), (5, "11:40", close("partly resolved")))),
    (6, ((0, "10:30", log(1)), (7, "12:15", reply(DONE)), (9, "09:50", close("resolved")))),
    (3, ((0, "15:30", log(1)), (6, "10:05", reply(PLAN, by=15)), (16, "14:20", close("resolved")))),
    (3, ((0, "12:20", log(0)), (6, "09:55", move_up), (12, "15:45", reply(DONE)), (14, "10:40", close("resolved")))),
    (
        2,
        (
            (0, "09:40", log(1)),
            (11, "10:20", move_up),
            (14, "16:00", reply(PARTLY)),
            (15, "11:30", move_up),
            (16, "10:10", reply(DONE)),
            (18, "13:50", close("resolved")),
        ),
    ),
    (
        1,
        (
            (0, "15:10", log(1, significant_harm=("yes",))),
            (0, "15:35", seen),
            (1, "09:30", reply(DONE)),
            (2, "10:30", close("resolved")),
        ),
    ),
)
"""How concerns go, each with its weight: what is done on which working day after the first, at what time."""


@dataclass(frozen=True, kw_only=True)
class Spread:
    """A number a working day: the one in the middle, what 95 of 100 days stay under, and the most."""

    middle: float
    most_days: float
    most: int


@dataclass(frozen=True, kw_only=True)
class PersonsYear:
    """What one person was told in the year, and their worst day to read."""

    name: str
    role: str
    has: str
    singles: Spread
    mornings: Spread
    together: Spread
    budget: tuple[int, int]
    worst_day: date
    worst: tuple[tuple[datetime, Card], ...]

    @property
    def kept(self) -> bool:
        """Whether the year kept to the budget."""
        return self.together.middle <= self.budget[0] and self.together.most_days <= self.budget[1]


@dataclass(frozen=True, kw_only=True)
class Year:
    """The year as it was lived."""

    first: date
    last: date
    working_days: int
    messages: int
    concerns: int
    people: tuple[PersonsYear, ...]


YEAR = TypeAdapter(Year)


def live(folder: Path, *, working_days: int = WORKING_DAYS, progress: Progress = silent) -> Year:
    """Live through so many working days from the first of a January on. Takes minutes for a whole year."""
    rules = anyshires_own().procedures
    calendar = rules.calendar()
    engine = hasty_engine(folder / "year.db")
    try:
        upgrade(engine)
        made_for = at_local(calendar.add(FIRST, LAST_WEEKS), time(18))
        children = populate_past(engine, now=made_for, progress=lambda words, share: progress(words, share / 5))
        living = _Living(engine, rules, [child for child in children if child.left_on is None])
        days = [calendar.add(FIRST, number) for number in range(working_days)]
        with Stage(engine, SAMPLE, at_local(FIRST, BEGINS_AT)) as stage:
            for place, day in enumerate(days):
                living.through(stage, day)
                progress(say_day(day), (place + 1) / len(days))
            return _told(stage.told, rules, days, living.concerns)
    finally:
        engine.dispose()


class _Forgiving(Diary):
    """What cannot be done at its moment, since things went another way meanwhile, is left undone, as at work."""

    left_undone = 0

    def add(self, at: datetime, deed: Deed) -> None:
        """Put an act in."""
        super().add(at, partial(self._tried, deed))

    def _tried(self, deed: Deed, stage: Stage) -> None:
        try:
            deed(stage)
        except NotPlayable:
            self.left_undone += 1


class _Living:
    """Everybody at work, day by day."""

    def __init__(self, engine: Engine, rules: Procedures, children: Sequence[Child]) -> None:
        self._engine = engine
        self._rules = rules
        self._children = children
        self._chance = Random(SEED)  # noqa: S311 - no secret is made of it
        self._diary = _Forgiving()
        self._planned: set[tuple[str, date]] = set()
        self.concerns = 0

    def through(self, stage: Stage, day: date) -> None:
        """One day, from before its morning to its end."""
        days = Days(now=at_local(day, time(8, 30)), calendar=self._rules.calendar())
        weeks = Weeks(days=days, rules=self._rules, diary=self._diary, chance=self._chance)
        self._plan_reviews(weeks)
        if self._chance.random() < CONCERNS_A_YEAR / WORKING_DAYS:
            self._raise(days)
        self._diary.play(stage, at_local(day, time(18, 30)), lambda _: None)

    def _plan_reviews(self, weeks: Weeks) -> None:
        """What falls due and nobody has thought of yet."""
        timetable = timetable_of(self._engine, SAMPLE)
        until = weeks.days.on(PLANNED_AHEAD)
        for child in self._children:
            due, midway = timetable.due.get(child.reference), timetable.midway.get(child.reference)
            for what in (due, midway):
                if what is not None and what <= until and (child.reference, what) not in self._planned:
                    self._planned.add((child.reference, what))
                    plan_child(weeks, child, due=what if what == due else None, midway=what if what == midway else None)

    def _raise(self, days: Days) -> None:
        """An IRO raises a concern, which goes one of the ways in which concerns go."""
        child = self._chance.choice(self._children)
        one = OneConcern(about=child.reference, iro=child.iro, days=days, rules=self._rules, chance=self._chance)
        (way,) = self._chance.choices([way for _, way in WAYS], weights=[weight for weight, _ in WAYS])
        ended: list[bool] = []
        for offset, wall, act in way:
            self._diary.add(days.at(offset, wall), _unless_ended(one, act, ended))
        self.concerns += 1


def _unless_ended(one: OneConcern, act: Act, ended: list[bool]) -> Deed:
    """The act, unless the concern has gone another way already: then what follows is left as well."""

    def deed(stage: Stage) -> None:
        if ended:
            return
        try:
            act(one, stage)
        except NotPlayable:
            ended.append(True)
            raise

    return deed


def _told(told: Sequence[Told], rules: Procedures, days: Sequence[date], concerns: int) -> Year:
    roles = {one.name: rules.role_label(one.role) for one in staff(rules)}
    by_person: defaultdict[str, list[Told]] = defaultdict(list)
    for one in told:
        by_person[one.to].append(one)
    return Year(
        first=days[0],
        last=days[-1],
        working_days=len(days),
        messages=len(told),
        concerns=concerns,
        people=tuple(_persons_year(name, roles[name], by_person[email_of(name)], days) for name in WHO),
    )


def _persons_year(name: str, role: str, told: Sequence[Told], days: Sequence[date]) -> PersonsYear:
    has, middle, most = WHO[name]
    mornings = Counter(_day(one) for one in told if one.card.title.startswith("Your day"))
    singles = Counter(_day(one) for one in told if not one.card.title.startswith("Your day"))
    together = mornings + singles
    worst = max(days, key=lambda day: (together[day], singles[day]))
    return PersonsYear(
        name=name,
        role=role,
        has=has,
        singles=_spread(singles, days),
        mornings=_spread(mornings, days),
        together=_spread(together, days),
        budget=(middle, most),
        worst_day=worst,
        worst=tuple((one.at, one.card) for one in told if _day(one) == worst),
    )


def _day(one: Told) -> date:
    return local(one.at).date()


def _spread(counts: Mapping[date, int], days: Sequence[date]) -> Spread:
    numbers = [counts.get(day, 0) for day in days]
    most_days = quantiles(numbers, n=20)[-1] if len(numbers) > 1 else float(numbers[0])
    return Spread(middle=median(numbers), most_days=round(most_days, 1), most=max(numbers))


def main(file: Path) -> None:
    """Live the year and write what came of it."""
    use_keyring(Keyring(Fernet.generate_key().decode()))

    def said(words: str, share: float) -> None:
        sys.stderr.write(f"\r{share:4.0%} {words:<44}")
        sys.stderr.flush()

    with TemporaryDirectory(prefix="iro-bot-year-") as folder:
        year = live(Path(folder), progress=said)
    file.write_bytes(YEAR.dump_json(year, indent=1) + b"\n")
    sys.stderr.write(f"\r{file}: {year.messages} messages on {year.working_days} working days.\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
