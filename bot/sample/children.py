"""Anyshire's children: 150 in care and those who left it in the last two years, each a reference and some dates."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from re import Pattern

from bot.sample.arranged import ARRANGED
from bot.sample.csv_text import as_csv
from bot.sample.people import (
    CHILDREN_OF,
    HALF_TIME_IRO,
    IRO,
    NORTH,
    OTHER_IRO,
    OTHER_MANAGER,
    OTHER_WORKER,
    SOCIAL_WORKER,
    SOUTH,
    TEAM_MANAGER,
    WORKERS,
    email_of,
)
from scheduling.duration import add_months
from scheduling.procedures import Procedures

FIRST_NUMBER = 1001
LEFT_CARE = 36
"""How many children left care in the two years that are told of."""
SHARES = {NORTH: (16, 15, 15, 15, 15, 15), SOUTH: (14, 14, 14, 14)}
"""How many children each worker of a team has."""
UNALLOCATED = {TEAM_MANAGER: 2, OTHER_MANAGER: 1}
"""Children whose worker has gone: their cases are with the manager until somebody is allocated."""
_WRITTEN = ("AB-{}", "AB{}", "{}", "AB/{}", "P{}", "{}0", "AB-{}00", "A{}", "C{}", "LAC-{}", "CIC{}", "0{}", "100{}")


class NoReferences(ValueError):
    """The procedures ask for references that the sample cannot write; one sentence says so."""


@dataclass(frozen=True, kw_only=True)
class Child:
    """A child in care, or one who left it. `number` is the one in the reference."""

    number: int
    reference: str
    since: date
    iro: str
    holder: str
    born: str
    track: str = "looked_after"
    track_from: date | None = None
    left_on: date | None = None

    def under_four(self, on: date) -> bool:
        """Whether the fourth birthday is certainly still to come."""
        return add_months(date.fromisoformat(f"{self.born}-01"), 48) > on


def reference(pattern: Pattern[str], number: int) -> str:
    """A child's reference as the procedures write them. NoReferences where that cannot be guessed."""
    for written in _WRITTEN:
        if pattern.fullmatch(found := written.format(number)):
            return found
    raise NoReferences(
        f"The sample children cannot be given references of the pattern {pattern.pattern}: "
        r"try procedures with another one, such as '[A-Z]{2,4}-\d{2,8}'."
    )


def children_of(rules: Procedures, begins: date, chance: Random) -> Sequence[Child]:
    """Everybody in care on the day the last weeks begin, and those who had left by then."""
    present = [*_in_care(rules, begins, chance)]
    return [*present, *_left(rules, begins, chance, FIRST_NUMBER + len(present))]


def _in_care(rules: Procedures, begins: date, chance: Random) -> Iterator[Child]:
    iros, holders = _iros(chance), _holders(chance)
    for place, (iro, holder) in enumerate(zip(iros, holders, strict=True)):
        age, years = chance.uniform(0.4, 16.8), 0.05 + chance.expovariate(1 / 2.6)
        if FIRST_NUMBER + place in ARRANGED:  # who are in care for long, so that their next review can be aimed at
            age, years = chance.uniform(8, 14), chance.uniform(3, 6)
        since = begins - timedelta(days=int(365 * min(age, years, 9.0)))
        yield _on_a_track(
            Child(
                number=FIRST_NUMBER + place,
                reference=reference(rules.child_reference, FIRST_NUMBER + place),
                since=since,
                iro=iro,
                holder=holder,
                born=f"{begins - timedelta(days=int(365.25 * age) + 31):%Y-%m}",
            ),
            place,
            begins,
        )


def _iros(chance: Random) -> list[str]:
    """An IRO for each child, the same in every year that is told; AB-1042 has Ann Lee."""
    found = [iro for iro, number in CHILDREN_OF.items() for _ in range(number)]
    chance.shuffle(found)
    return _with(found, {1042: IRO, 1063: IRO, 1056: OTHER_IRO, 1044: IRO, 1098: IRO, 1077: IRO, 1009: IRO,
                         1101: IRO, 1120: IRO, 1030: HALF_TIME_IRO, 1088: OTHER_IRO})  # fmt: skip


def _holders(chance: Random) -> list[str]:
    of_workers = [
        worker
        for team, shares in SHARES.items()
        for worker, number in zip(WORKERS[team], shares, strict=True)
        for _ in range(number)
    ]
    found = [*of_workers, *(manager for manager, number in UNALLOCATED.items() for _ in range(number))]
    chance.shuffle(found)
    return _with(found, {1042: SOCIAL_WORKER, 1063: SOCIAL_WORKER, 1098: SOCIAL_WORKER, 1044: OTHER_WORKER,
                         1101: "Priya Nair", 1120: SOCIAL_WORKER, 1130: TEAM_MANAGER})  # fmt: skip


def _with(found: list[str], wanted: dict[int, str]) -> list[str]:
    """The same people in the same numbers, those children given whom they have in the guides and the exercises."""
    free = [place for place in range(len(found)) if FIRST_NUMBER + place not in wanted]
    for number, name in wanted.items():
        place = number - FIRST_NUMBER
        if found[place] != name:
            other = next(one for one in free if found[one] == name)
            found[place], found[other] = found[other], found[place]
    return found


def _on_a_track(child: Child, place: int, begins: date) -> Child:
    """Every thirtieth child has short breaks, every fortieth is authorised for adoption."""
    track = "short_breaks" if place % 30 == 12 else "adoption_authorised" if place % 40 == 25 else ""
    if not track:
        return child
    from_on = begins - timedelta(days=430 + place)
    born = child.born if track == "short_breaks" else f"{from_on - timedelta(days=700):%Y-%m}"
    since = min(child.since, from_on) if track == "short_breaks" else from_on - timedelta(days=300)
    return replace(child, track=track, track_from=from_on, since=since, born=min(born, f"{since:%Y-%m}"))


def _left(rules: Procedures, begins: date, chance: Random, number: int) -> Iterator[Child]:
    iros = list(CHILDREN_OF)
    workers = [worker for team in WORKERS.values() for worker in team]
    for place in range(LEFT_CARE):
        left_on = begins - timedelta(days=12 + place * 18)
        since = left_on - timedelta(days=chance.randrange(150, 2000))
        yield Child(
            number=number + place,
            reference=reference(rules.child_reference, number + place),
            since=since,
            iro=iros[place % len(iros)],
            holder=workers[place % len(workers)],
            born=f"{since - timedelta(days=chance.randrange(200, 4000)):%Y-%m}",
            left_on=left_on,
        )


def children_file(children: Sequence[Child]) -> str:
    """The children as a file to import."""
    return as_csv(
        {
            "reference": child.reference,
            "looked_after_from": child.since.isoformat(),
            "iro_email": email_of(child.iro),
            "holder_email": email_of(child.holder),
            "track": child.track,
            "track_from": child.track_from.isoformat() if child.track_from else "",
            "left_care_on": child.left_on.isoformat() if child.left_on else "",
            "born": child.born,
        }
        for child in children
    )
