"""The concerns closed before the last weeks: some five a month, as a file to import."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random

from bot.sample.children import Child
from bot.sample.csv_text import as_csv
from bot.sample.people import IRO_MANAGER, NORTH, OTHER_MANAGER, SOUTH, WORKERS, email_of
from scheduling.procedures import Procedures
from scheduling.working_days import WorkingCalendar

EVERY = 4
"""Days from one concern to the next, more or less."""
QUIET_MONTHS = (8, 12)
HIGHEST = {0: 47, 1: 34, 2: 14, 3: 5}
"""How far concerns go, out of a hundred; stages that the procedures do not have fall to the highest they have."""
OUTCOMES = {"resolved": 68, "partly resolved": 19, "not resolved": 6, "withdrawn": 5, "superseded": 2}
UNANSWERED = 0.16


def concerns_file(children: Sequence[Child], rules: Procedures, since: date, until: date, chance: Random) -> str:
    """Every concern raised from `since` and closed before `until`."""
    calendar, day = rules.calendar(), since
    rows: list[dict[str, str]] = []
    while day < until:
        day += timedelta(days=chance.randrange(1, 2 * EVERY) * (2 if day.month in QUIET_MONTHS else 1))
        rows.append(_row(len(rows) + 1, calendar.next_working(day), children, rules, calendar, chance))
    return as_csv(row for row in rows if row["closed_on"] < until.isoformat())


def _row(
    number: int, raised: date, children: Sequence[Child], rules: Procedures, calendar: WorkingCalendar, chance: Random
) -> dict[str, str]:
    there = [one for one in children if one.since < raised and (one.left_on is None or one.left_on > raised)]
    child = chance.choice(there)
    about_service = number % 37 == 20
    days = list(_stages(raised, rules, calendar, chance))
    last, entered = days[-1]
    replied = calendar.add(entered, chance.choice((1, 2, 3, 4, 5, 6, 8, 9, 12)))
    answered = chance.random() > UNANSWERED
    closed = calendar.add(replied, chance.choice((1, 1, 2, 3, 4, 7)))
    reasons = [one.key for one in rules.categories if one.used_at(last)] or [one.key for one in rules.categories]
    weights = [1 / (place + 1.5) for place in range(len(reasons))]
    main, other = chance.choices(reasons, weights, k=2)
    return {
        "reference": f"OLD-{number:03}",
        "child": "service" if about_service else child.reference,
        "raised_on": raised.isoformat(),
        "raised_by": email_of(IRO_MANAGER if about_service else child.iro),
        "team": "" if about_service else team_of(child.holder),
        "main_reason": main,
        "other_reasons": other if other != main and chance.random() < 0.3 else "",
        "agency": chance.choice(rules.agencies) if rules.agencies and number % 13 == 5 else "",
        "significant_harm": "yes" if number % 29 == 3 else "",
        **{f"stage_{stage}_on" if stage else "informal_on": day.isoformat() for stage, day in days},
        "cafcass_on": entered.isoformat() if number % 53 == 30 and last and not about_service else "",
        "replied_on": replied.isoformat() if answered else "",
        "closed_on": closed.isoformat(),
        "outcome": chance.choices(list(OUTCOMES), list(OUTCOMES.values()))[0],
    }


def _stages(raised: date, rules: Procedures, calendar: WorkingCalendar, chance: Random) -> Iterator[tuple[int, date]]:
    """The stages it stood at, each with the day it came there; half of those that became formal began informally."""
    numbers = [stage.number for stage in rules.stages]
    wanted = chance.choices(list(HIGHEST), list(HIGHEST.values()))[0]
    highest = max((one for one in numbers if one <= wanted), default=0) if wanted else 0
    informal = rules.informal is not None and (highest == 0 or chance.random() < 0.5)
    entered = [*([0] if informal else []), *(one for one in numbers if one <= highest)] or [min(numbers)]
    day = raised
    for stage in entered:
        yield stage, day
        day = calendar.add(day, chance.randrange(4, 13))


def team_of(holder: str) -> str:
    """The team of the person who holds a case."""
    return SOUTH if holder == OTHER_MANAGER or holder in WORKERS[SOUTH] else NORTH
