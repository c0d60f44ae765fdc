"""How many messages a year brings an IRO with 60 children and a social worker with 16: everybody at work, day by day.

The service is simulated with the product's own commands and forms on SQLite: reviews are booked, held and recorded, two
decisions each; about twelve concerns are raised in the year. People act on what they are told within a few days.
"""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

from cryptography.fernet import Fernet
from sqlmodel import col, select

from handlers.cards import Card, Form
from handlers.requests import Value
from scheduling.working_days import WorkingCalendar, local
from storage import children
from storage.children import Capacity, Child
from storage.concerns import Concern, ConcernState
from storage.database import transaction
from storage.encrypted import Keyring, use_keyring
from storage.review_tasks import ReviewTask
from storage.reviews import OPEN_REVIEWS, Review
from tests.bench import Bench, buttons, utc
from tests.cast import AUTHORITY, BEGINNING, IRO, OTHER_WORKER, SOCIAL_WORKER, SUPPORT, TEAM_MANAGER
from tests.databases import sqlite_engine
from tests.handlers.reviews.steps import do, in_care

CHILDREN, OF_THE_WORKER = 60, 16
FIRST, LAST = date(2027, 1, 4), date(2027, 12, 31)
ACTS_TODAY = 0.6
"""The chance that somebody does on a day what they are told of."""
CONCERNS_A_YEAR = 12
CALENDAR = WorkingCalendar()
HELD: dict[str, Value] = {"held_how": "in person", "participation": "PN1", "chaired": "no"}


def main() -> None:
    """Simulate the year and print messages per working day."""
    use_keyring(Keyring(Fernet.generate_key().decode()))
    with TemporaryDirectory() as folder:
        for engine in sqlite_engine(Path(folder)):
            bench = Bench(engine, utc("2027-01-03"))
            chance = random.Random(2027)  # noqa: S311 - a simulation that comes out the same each time
            take_in(bench, chance)
            days = list(live(bench, chance))
            report(bench, days)


def take_in(bench: Bench, chance: random.Random) -> None:
    """Sixty children in care for some time, their last reviews spread over half a year."""
    with transaction(bench.engine, AUTHORITY) as session:
        for number in range(CHILDREN):
            child = Child(authority=AUTHORITY, reference=f"CH-{number:04}")
            session.add(child)
            session.flush()
            holder = SOCIAL_WORKER if number < OF_THE_WORKER else OTHER_WORKER
            children.allocate(session, child, Capacity.IRO, bench.cast.people[IRO], BEGINNING)
            children.allocate(session, child, Capacity.HOLDER, bench.cast.people[holder], BEGINNING)
    for number in range(CHILDREN):
        last = date(2027, 1, 3) - timedelta(days=chance.randrange(10, 160))
        in_care(bench, "2025-06-01", f"CH-{number:04}", last_review_on=last)


def live(bench: Bench, chance: random.Random) -> Iterator[date]:
    """Every working day of the year: the morning, then everybody's work."""
    calendar, day = CALENDAR, FIRST
    while day <= LAST:
        bench.go_to_day(day)
        work(bench, chance, day)
        yield day
        day = calendar.add(day, 1)


def work(bench: Bench, chance: random.Random, today: date) -> None:
    """What is done on one day."""
    for task, reference, held, booked in due_tasks(bench, today):
        if chance.random() < ACTS_TODAY:
            act_on(bench, chance, task, reference, held, booked, today)
    for reference in reviews_today(bench, today):
        do(bench, "Record as held", IRO, reference, held_on=today.isoformat(), **HELD)
    if chance.random() < CONCERNS_A_YEAR / 253:
        raise_one(bench, chance)
    answer_concerns(bench, chance)


def due_tasks(bench: Bench, today: date) -> list[tuple[str, str, date | None, date | None]]:
    """The tasks that "Your day" names by now: key, child, when the review was held and for when it is booked."""
    horizon = CALENDAR.add(today, 2)
    query = (
        select(ReviewTask.task, Child.reference, col(Review.held_on), col(Review.booked_for))
        .join(Review, col(Review.id) == col(ReviewTask.review_id))
        .join(Child, col(Child.id) == col(ReviewTask.child_id))
        .where(
            col(ReviewTask.done_on).is_(None), col(ReviewTask.not_needed).is_(False), col(ReviewTask.due_on) <= horizon
        )
    )
    with transaction(bench.engine, AUTHORITY, writes=False) as session:
        return [(task, ref, held, booked) for task, ref, held, booked in session.exec(query)]


def reviews_today(bench: Bench, today: date) -> list[str]:
    """The children whose booked review is today, or was to be."""
    query = (
        select(Child.reference)
        .join(Review, col(Review.child_id) == col(Child.id))
        .where(col(Review.state).in_(OPEN_REVIEWS), col(Review.booked_for) <= today)
    )
    with transaction(bench.engine, AUTHORITY, writes=False) as session:
        return list(session.exec(query))


def act_on(
    bench: Bench,
    chance: random.Random,
    task: str,
    reference: str,
    held: date | None,
    booked: date | None,
    today: date,
) -> None:
    """Whoever owns the task does it."""
    worker = SOCIAL_WORKER if int(reference[3:]) < OF_THE_WORKER else OTHER_WORKER
    if task == "book" and booked is None:
        on = CALENDAR.add(today, chance.randrange(8, 13))
        do(bench, "Book", SUPPORT, reference, booked_for=on.isoformat(), time="10:00", place="Other")
    elif task == "papers_in":
        do(bench, "Papers in", worker, reference, on=today.isoformat())
    elif task == "decisions" and held is not None:
        decide(bench, reference, today)
    elif task == "record_written" and held is not None:
        do(bench, "Record written", IRO, reference, on=today.isoformat())
    elif task == "record_sent" and held is not None:
        do(bench, "Record sent", SUPPORT, reference, on=today.isoformat())
    elif task == "midway":
        do(bench, "Midway check", IRO, reference)


def decide(bench: Bench, reference: str, today: date) -> None:
    """Two decisions, sent to the manager, who agrees."""
    opened = bench.command(IRO, f"/review {reference} decisions")
    by = (today + timedelta(days=60)).isoformat()
    for what in ("Contact is reviewed.", "The plan is brought up to date."):
        assert isinstance(opened, Form)
        opened = bench.submit(IRO, opened, {"what": what, "owner_role": "social_worker", "due_on": by})
    assert isinstance(opened, Form)
    bench.press(IRO, next(one for one in buttons(opened) if one.label == "Send to the manager"))
    for message in bench.told[-3:]:
        agree = [one for one in buttons(message.card) if one.label == "Agree"]
        if agree:
            bench.press(message.to, agree[0])


def raise_one(bench: Bench, chance: random.Random) -> None:
    """The IRO logs a concern, mostly informal."""
    opened = bench.command(IRO, f"/concern CH-{chance.randrange(CHILDREN):04}")
    assert isinstance(opened, Form)
    reasons = next(one for one in opened.fields if one.key == "main_reason").choices
    stage = "0" if chance.random() < 0.6 else "1"
    given = bench.submit(IRO, opened, {"worries": "A worry.", "main_reason": reasons[0].value, "start_at": stage})
    if isinstance(given, Form):  # asked once: the child has one like it open
        bench.submit(IRO, given, {})


def answer_concerns(bench: Bench, chance: random.Random) -> None:
    """Managers reply within some days; the IRO closes what was answered."""
    with transaction(bench.engine, AUTHORITY, writes=False) as session:
        standing = [(one.reference, one.state) for one in session.exec(select(Concern))]
    for reference, state in standing:
        if state in (ConcernState.WAITING, ConcernState.ASKED) and chance.random() < 0.15:
            form = bench.command(TEAM_MANAGER, f"/concern {reference} reply")
            if isinstance(form, Form) and form.submit:
                bench.submit(TEAM_MANAGER, form, {"answer": "agreed and done", "words": "Done."})
        elif state is ConcernState.REPLIED and chance.random() < 0.5:
            form = bench.command(IRO, f"/concern {reference} close")
            if isinstance(form, Form) and form.submit:
                bench.submit(
                    IRO, form, {"outcome": "resolved", "what_changed": "It was put right.", "child_told": "yes"}
                )


def report(bench: Bench, days: list[date]) -> None:
    """Messages per working day: median, 95th percentile, maximum, and the share that is "Your day"."""
    for who, what in ((IRO, f"IRO, {CHILDREN} children"), (SOCIAL_WORKER, f"social worker, {OF_THE_WORKER} children")):
        got = bench.inbox(who)
        a_day = Counter(local(one.at).date() for one in got)
        counts = [a_day.get(day, 0) for day in days]
        lines = [lines_of(one.card) for one in got if one.title.startswith("Your day")]
        print(  # noqa: T201 - a benchmark prints
            f"{what}: {len(got)} messages on {len(days)} working days; a day: median {median(counts):g}, "
            f"95th percentile {quantiles(counts, n=20)[-1]:g}, most {max(counts)}; "
            f"Your day on {len(lines)} mornings, median {median(lines or [0]):g} lines, most {max(lines or [0])}"
        )


def lines_of(card: Card) -> int:
    """The lines of a morning."""
    return len(card.lines)


if __name__ == "__main__":
    main()
