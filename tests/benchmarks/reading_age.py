"""How old one has to be to read what the bot sends to workers and managers, by kind of message, the hardest first.

Some months of the simulated service are lived at the bench, with a concern on most days, and an urgent one apart.
A grade is a year at school in the United States, so five years more are an age. A text is measured by Flesch-Kincaid,
SMOG, Gunning fog, the automated readability index and Coleman-Liau; what is printed is the median of the five.
"""

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta
from itertools import islice
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import textstat
from cryptography.fernet import Fernet
from sqlalchemy import Engine

from handlers.cards import Card, Form
from handlers.requests import Value
from storage.encrypted import Keyring, use_keyring
from tests.bench import Bench, Told, utc
from tests.benchmarks.messages_of_a_year import live, raise_one, take_in
from tests.cast import ASSISTANT_DIRECTOR, CHILD, IRO, OTHER_WORKER, SERVICE_MANAGER, SOCIAL_WORKER, TEAM_MANAGER
from tests.databases import sqlite_engine

WORKING_DAYS = 60
OF_A_CONCERN = 0.6
"""The chance of one more on a day."""
READERS: Mapping[str, tuple[str, ...]] = {
    "workers": (SOCIAL_WORKER, OTHER_WORKER),
    "managers": (TEAM_MANAGER, SERVICE_MANAGER, ASSISTANT_DIRECTOR),
}
WANTED = 9.0
"""The age at which a worker has to be able to read it."""
YEARS_BEFORE_SCHOOL = 5


def main() -> None:
    """Live the months and print the reading age of each kind of message."""
    use_keyring(Keyring(Fernet.generate_key().decode()))
    with TemporaryDirectory() as folder, TemporaryDirectory() as another:
        told = [one for engine in sqlite_engine(Path(folder)) for one in busy_months(engine)]
        told += [one for engine in sqlite_engine(Path(another)) for one in an_urgent_one(engine)]
    for readers, logins in READERS.items():
        report(readers, [one for one in told if one.to in logins])


def busy_months(engine: Engine) -> list[Told]:
    """Everybody at work, with more concerns than a year has, so that every kind of message is sent."""
    bench = Bench(engine, utc("2027-01-03"))
    chance = random.Random(2027)  # noqa: S311 - a simulation that comes out the same each time
    take_in(bench, chance)
    for _ in islice(live(bench, chance), WORKING_DAYS):
        if chance.random() < OF_A_CONCERN:
            raise_one(bench, chance)
    return bench.told


def an_urgent_one(engine: Engine) -> list[Told]:
    """A concern on the immediate route, which the handbook has not; nobody presses Seen for a day."""
    bench = Bench(engine, utc("2027-01-04"), "nottinghamshire")
    opened = bench.command(IRO, f"/concern {CHILD}")
    assert isinstance(opened, Form)
    reasons = next(one for one in opened.fields if one.key == "main_reason").choices
    typed: dict[str, Value] = {"worries": "A worry.", "main_reason": reasons[0].value, "significant_harm": ("yes",)}
    confirm = bench.submit(IRO, opened, typed)
    assert isinstance(confirm, Form)
    bench.submit(IRO, confirm, {})
    bench.wait(timedelta(days=1))
    return bench.told


def report(readers: str, told: Sequence[Told]) -> None:
    """The median age of each kind, the hardest first, and of all of them."""
    by_kind: defaultdict[str, list[tuple[float, str]]] = defaultdict(list)
    for one in told:
        text = as_read(one.card)
        by_kind[one.kind].append((age(text), text))
    print(f"What {readers} receive: reading age, messages, kind, the hardest of it")  # noqa: T201 - a benchmark prints
    for kind, ages in sorted(by_kind.items(), key=lambda item: -_middle(item[1])):
        hardest = max(ages)[1].replace("\n", " ")
        print(f"{_middle(ages):5.1f} {len(ages):6} {kind:28} {hardest[:110]}")  # noqa: T201 - a benchmark prints
    everything = [one for ages in by_kind.values() for one in ages]
    kept = "kept" if _middle(everything) <= WANTED else "NOT kept"
    # A benchmark prints.
    print(f"{_middle(everything):5.1f} {len(everything):6} all of them: {WANTED:g} is {kept}\n")  # noqa: T201


def _middle(ages: Sequence[tuple[float, str]]) -> float:
    return median(age for age, _ in ages)


def as_read(card: Card) -> str:
    """The title and each line, as sentences."""
    lines = [card.title, *(line.text for line in card.lines)]
    return "\n".join(line if line.endswith((".", "?", "!")) else f"{line}." for line in lines)


def age(text: str) -> float:
    """The age at which one reads it with ease: the median of five measures."""
    grades: tuple[float, ...] = (
        textstat.flesch_kincaid_grade(text),
        textstat.smog_index(text),
        textstat.gunning_fog(text),
        textstat.automated_readability_index(text),
        textstat.coleman_liau_index(text),
    )
    return median(grades) + YEARS_BEFORE_SCHOOL


if __name__ == "__main__":
    main()
