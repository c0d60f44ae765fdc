"""What the annual report costs out of a national year: 153 authorities, 230,000 reviews, 50,000 concerns, on SQLite.

Processor time, since the machine may be busy. Targets: one authority under 2 s as a whole command, all of them in
proportion to their rows, and memory that does not grow with their number.
"""

import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory

from sqlalchemy import Engine, insert
from sqlmodel import Session, SQLModel

from bot.documents.annual_report import all_files
from handlers.figures.named_year import period_of, year_named
from handlers.office import Scene, rules_in_force
from handlers.report.gathering import gathered
from scheduling.procedures import Procedures, parse_procedures, shipped_text
from scheduling.working_days import at_local
from storage import procedure_texts
from storage.authorities import Authority
from storage.children import Allocation, Capacity, Child
from storage.concerns import Concern, ConcernReason, ConcernState, Outcome
from storage.contacts import Contact, ContactKind
from storage.database import make_engine, transaction
from storage.migrating import migrate
from storage.people import Person, PersonRole
from storage.review_tasks import ReviewTask
from storage.reviews import Order, Participation, Review, ReviewState
from storage.stage_runs import Addressee, Part, RunKind, StageRun
from storage.tables import all_tables

AUTHORITIES = 153
REVIEWS, CONCERNS, CHILDREN, STAFF, OFFICERS = 1504, 327, 540, 30, 9
AFTER = (1, 10, 40, 153)
COMMANDS = 7
NOW = datetime(2026, 6, 10, 9, tzinfo=UTC)
FIRST = date(2025, 4, 1)
TEXT = shipped_text("rotherham")
ROOT = Path(__file__).parents[2]
CODES = [Participation(f"PN{number}") for number in (0, 1, 1, 1, 2, 3, 4, 5, 6, 6, 6, 7)]
Rows = list[dict[str, object]]


def main() -> None:
    """Fill the database, run the command, then make every authority's report in one process; print what it cost."""
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/national.db"
        all_tables()
        engine = make_engine(url)
        migrate(engine, NOW)
        began = time.process_time()
        for number in range(AUTHORITIES):
            settle(engine, number)
        rows = f"{AUTHORITIES * REVIEWS:,} reviews held, {AUTHORITIES * CONCERNS:,} concerns"
        say(f"{AUTHORITIES} authorities, {rows}: filled in {time.process_time() - began:.0f} s")
        command(url, Path(folder))
        say(f"the whole command, {COMMANDS} times: {span([command(url, Path(folder)) for _ in range(COMMANDS)])}")
        spent: list[float] = []
        for number in range(AUTHORITIES):
            spent.append(made(engine, number))
            if number + 1 in AFTER:
                say(f"after {number + 1:>3} authorities: {span(spent)}, {sum(spent):.1f} s in all, {memory()} MiB")
        engine.dispose()


def command(url: str, folder: Path) -> float:
    """Seconds, user and system, for `report annual` of one authority from the start of Python to its end.

    Compiled modules are kept, as wherever the bot is installed.
    """
    settings = {"DATABASE_URL": url, "AUTHORITY": key_of(0), "PROCEDURES": "rotherham"}
    environment = {**os.environ, **settings, "PYTHONPYCACHEPREFIX": str(folder / "compiled"), "PYTHONPATH": str(ROOT)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    asked = [sys.executable, "-m", "bot", "report", "annual", "--year", "2025-26", "--out", str(folder / "out")]
    subprocess.run(asked, cwd=folder, env=environment, stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def made(engine: Engine, number: int) -> float:
    """Seconds for every file of one authority's report."""
    began = time.process_time()
    with transaction(engine, key_of(number), writes=False) as session:
        rules = rules_in_force(session, key_of(number))
        scene = Scene(session=session, now=NOW, authority=key_of(number), rules=rules)
        year = year_named("2025-26", scene.today)
        report = gathered(scene, year, period_of(year), public=False)
    size = sum(len(one.content) for one in all_files(report, lambda _done, _total: None))
    assert size > 100_000, "a report without tables and charts"
    return time.process_time() - began


def key_of(number: int) -> str:
    """The authority's key."""
    return f"la{number:03}"


def settle(engine: Engine, number: int) -> None:
    """One authority with a year of its own: people, children, reviews with their tasks, contacts, concerns."""
    chance = Random(number)  # noqa: S311 - the same rows each time
    rules = parse_procedures(TEXT, "rotherham.toml")
    with transaction(engine, key_of(number)) as session:
        session.add(
            Authority(
                key=key_of(number),
                name=rules.name,
                procedures_name="rotherham.toml",
                procedures_digest=rules.digest,
                created_at=NOW,
            )
        )
        session.flush()
        procedure_texts.keep(session, name="rotherham.toml", text=TEXT, digest=rules.digest, at=NOW)
        staff = [number * STAFF + place for place in range(1, STAFF + 1)]
        children = [number * CHILDREN + place for place in range(1, CHILDREN + 1)]
        for table, rows in (*service(chance, staff, children), *reviewed(chance, number, staff, children)):
            put(session, key_of(number), table, rows)
        for table, rows in concerns(chance, number, rules, staff, children):
            put(session, key_of(number), table, rows)


def put(session: Session, authority: str, table: type[SQLModel], rows: Rows) -> None:
    """Write rows of one kind."""
    session.execute(insert(table), [{"authority": authority, **row} for row in rows])


def service(chance: Random, staff: list[int], children: list[int]) -> Iterator[tuple[type[SQLModel], Rows]]:
    """People and children, each child with a reviewing officer."""
    yield (
        Person,
        [
            {
                "id": one,
                "email": f"p{one}@anyshire.example",
                "name": f"Person {one}",
                "team": f"Team {one % 5}",
                "fte": 1.0,
            }
            for one in staff
        ],
    )
    yield (
        PersonRole,
        [
            {"person_id": one, "role": "iro" if place < OFFICERS else "team_manager", "from_on": date(2000, 1, 1)}
            for place, one in enumerate(staff)
        ],
    )
    since = {one: date(2019, 1, 1) + timedelta(chance.randrange(2400)) for one in children}
    yield Child, [
        {"id": one, "reference": f"CH-{one:07}", "looked_after_from": since[one], "iro_id": staff[one % OFFICERS],
         "holder_id": staff[-1]}
        for one in children
    ]  # fmt: skip
    yield (
        Allocation,
        [
            {"child_id": one, "capacity": Capacity.IRO, "person_id": staff[one % OFFICERS], "from_on": since[one]}
            for one in children
        ],
    )


def reviewed(
    chance: Random, number: int, staff: list[int], children: list[int]
) -> Iterator[tuple[type[SQLModel], Rows]]:
    """The year's reviews, one to come for each child, what was to be done around them, and contacts."""
    base = {
        "state": ReviewState.HELD,
        "track": "looked_after",
        "order": Order.LATER,
        "rule": "later",
        "created_at": NOW,
    }
    held: Rows = []
    for place in range(REVIEWS):
        day = FIRST + timedelta(chance.randrange(365))
        in_time = chance.random() < 0.94
        held.append(
            {
                **base,
                "id": number * REVIEWS + place + 1,
                "child_id": chance.choice(children),
                "due_on": day + timedelta(2 if in_time else -5),
                "held_on": day,
                "completed_on": day,
                "in_time": in_time,
                "late_reason": None if in_time else chance.choice(("Lack of documents", "Sickness")),
                "participation": chance.choice(CODES),
                "took_part": chance.choice(("mother", "mother,carers", "carers", "")),
            }
        )
    yield Review, held
    to_come = {**base, "state": ReviewState.DUE, "due_on": date(2026, 8, 1)}
    first = (AUTHORITIES + number) * REVIEWS
    yield Review, [{**to_come, "id": first + place, "child_id": one} for place, one in enumerate(children, start=1)]
    yield ReviewTask, [
        {"child_id": one["child_id"], "review_id": one["id"], "task": task, "owner_role": "iro",
         "due_on": one["held_on"], "done_on": one["held_on"] if chance.random() < 0.6 else None}
        for one in held
        for task in ("midway", "record_sent")
    ]  # fmt: skip
    yield Contact, [
        {"child_id": one["child_id"], "kind": ContactKind.SEEN, "happened_on": one["held_on"], "by_id": staff[0],
         "team": f"Team {place % 5}", "recorded_at": NOW}
        for place, one in enumerate(held[::3])
    ]  # fmt: skip


def concerns(
    chance: Random, number: int, rules: Procedures, staff: list[int], children: list[int]
) -> Iterator[tuple[type[SQLModel], Rows]]:
    """The year's concerns with their reasons, the stages they came to, and who was asked there."""
    keys = [category.key for category in rules.categories]
    raised_by: Rows = []
    runs: Rows = []
    for place in range(1, CONCERNS + 1):
        one, raised = number * CONCERNS + place, at_local(FIRST + timedelta(chance.randrange(360)), clock(10))
        highest, closed = chance.choice((0, 0, 1, 1, 1, 2, 3)), chance.random() < 0.8
        runs += [{"concern_id": one, "number": stage, "started_at": raised + timedelta(8 * stage)}
                 for stage in range(highest + 1)]  # fmt: skip
        raised_by.append(
            {
                "id": one,
                "number": place,
                "child_id": chance.choice(children),
                "iro_id": staff[place % OFFICERS],
                "state": ConcernState.CLOSED if closed else ConcernState.WAITING,
                "procedures_digest": rules.digest,
                **dict.fromkeys(("drafted_at", "raised_at", "state_since"), raised),
                "highest_stage": highest,
                "closed_at": raised + timedelta(40) if closed else None,
                "outcome": chance.choice(list(Outcome)) if closed else None,
            }
        )
    for place, run in enumerate(runs):
        run["id"] = number * CONCERNS * 4 + place + 1
    yield Concern, raised_by
    yield ConcernReason, [{"concern_id": one["id"], "reason": chance.choice(keys), "main": True} for one in raised_by]
    yield StageRun, [{**run, "kind": RunKind.ENTRY, "counted_from": run["started_at"], "due_at": NOW} for run in runs]
    yield Addressee, [
        {"run_id": run["id"], "concern_id": run["concern_id"], "person_id": staff[-1], "part": Part.ADDRESSED,
         "role": "team_manager", "added_at": run["started_at"], "replied_at": NOW}
        for run in runs
    ]  # fmt: skip


def span(seconds: list[float]) -> str:
    """Least, median and most, in seconds."""
    return f"{min(seconds):.2f} / {median(seconds):.2f} / {max(seconds):.2f} s each (least, median, most)"


def memory() -> int:
    """The most this process has held, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def say(words: str) -> None:
    """Print a line at once."""
    print(words, flush=True)  # noqa: T201 - a benchmark prints


if __name__ == "__main__":
    main()
