"""Killed over and over in the middle of its work: what is lost, and what is said twice, beside naive senders.

The product runs as a process of its own against the stand-in for Slack: late concerns are swept and told of, and it is
killed with SIGKILL after some messages; of the replies some are dropped, and some posts are accepted after the process
is gone. Between two lives the database is made three minutes older, so that nobody waits for a lease. Target (T3):
nothing lost and nothing twice in 300 kills, with a naive sender that fails beside it.
"""

import os
import signal
import subprocess
import sys
import time
from argparse import Namespace
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from sqlalchemy import Engine
from sqlmodel import col, func, select

from bot.clock import real_clock
from bot.slack.platform import carried
from scheduling.ladder import Rung
from storage.concerns import ConcernState
from storage.database import transaction
from storage.history import History
from storage.outbox import Outbox, OutboxState, SenderLease
from storage.people import Person
from tests.benchmarks.big_council import CHILDREN_OF_AN_IRO
from tests.benchmarks.late_council import DAYS, late_council
from tests.benchmarks.method import Sheet, arguments, sheet
from tests.benchmarks.naive_sender import MARKED_FIRST, POSTED_FIRST, begin, left
from tests.bot.killed_sender import TIMING, FileStreet
from tests.bot.post_office import Office
from tests.bot.test_delivery_kills import start
from tests.cast import AUTHORITY, BOT_TOKEN, known_as
from tests.databases import sqlite_engine
from tests.slack_standin import SlackStandIn
from tests.slack_standin.faults import Fault
from tests.stories.programs import ROOT, Machine, machine, own_database

DOWNTIME = timedelta(minutes=3)
DROPPED, LATE, LATE_SECONDS = 0.03, 0.03, 1.5
MOST_IROS = 50
"""What goes to one person at once goes as one message: there have to be many readers."""
A_LIFE = (2, 9)
"""So many messages, and it is killed."""
LONGEST_LIFE = 60.0
POST = "chat.postMessage"
STEP = "no reply by the deadline"
SHOWS_NOT = (
    "exactly once: no number of kills can. None in 300 says that at most one kill in a hundred does harm (95 %).",
    "Slack's own search: the stand-in's history is complete and at once; Slack's answers 50 times a minute, and for an "
    "app that is sold outside its marketplace once a minute.",
    "a power cut, in which what the disk had promised is gone.",
)


def main(asked: Sequence[str] | None = None) -> None:
    """Kill, and print what came of it."""
    parser = arguments(__doc__ or "", rounds=1)
    parser.add_argument("--kills", type=int, default=10, help="of the product's process, and as many of each naive one")
    parser.add_argument("--sender-kills", type=int, default=40, help="of its sender alone, with shortened waits")
    parser.add_argument("--stops", type=int, default=6, help="how often one of two senders is stopped (SIGSTOP)")
    parser.add_argument("--ahead", type=float, default=0.0, help="seconds by which Slack's clock is ahead of this one")
    given = parser.parse_args(asked)
    with sheet("crash", given, shows_not=SHOWS_NOT) as found:
        for kind in given.on:
            beside_naive_ones(found, kind, given)
        for senders in (1, 2):
            senders_killed(found, given.sender_kills, senders)
        sender_stopped(found, given.stops)


# ------------------------------------------------------------ the process, and naive ones


def beside_naive_ones(found: Sheet, kind: str, given: Namespace) -> dict[str, "Came"]:
    """One life of each in turn, until each has been killed so often; then all are let go on to their end."""
    chance = Random(2026)  # noqa: S311 - when to kill, not a secret
    with ExitStack() as stack:
        lives = [
            stack.enter_context(of_the_product(kind, given.kills, given.ahead)),
            stack.enter_context(of_a_naive_one(POSTED_FIRST, given.kills)),
            stack.enter_context(of_a_naive_one(MARKED_FIRST, given.kills)),
        ]
        for _ in range(given.kills):
            for one in lives:
                one.live(chance)
        came = {one.name: one.end() for one in lives}
        for one in lives:
            found.counted(f"{kind}: {one.name}", kills=one.kills, **vars(came[one.name]))
    return came


@dataclass(frozen=True, kw_only=True)
class Came:
    """What came of it, in messages; several to one person may go as one post."""

    messages: int
    posts: int
    lost: int
    doubled: int


@dataclass(kw_only=True)
class Life:
    """A sender at a stand-in for Slack of its own. `run` begins it; `over`: all is sent as far as it knows."""

    name: str
    standin: SlackStandIn
    run: Callable[[], "Running"]
    over: Callable[[], bool]
    between: Callable[[], None]
    counted: Callable[[], Came]
    kills: int = 0

    def live(self, chance: Random) -> None:
        """Begin, and be killed after some messages."""
        if self.over():
            return
        self._plan_faults(chance)
        known, wanted = len(self.standin.calls_of(POST)), chance.randint(*A_LIFE)
        running, end = self.run(), time.monotonic() + LONGEST_LIFE
        while len(self.standin.calls_of(POST)) < known + wanted and not self.over() and time.monotonic() < end:
            time.sleep(0.002)
        running.kill()
        self.kills += 1
        self.between()

    def end(self) -> Came:
        """Go on undisturbed until all is sent."""
        self.standin.faults.clear()
        running, until = self.run(), time.monotonic() + 600
        while not self.over() and time.monotonic() < until:
            time.sleep(0.05)
        running.kill()
        return self.counted()

    def _plan_faults(self, chance: Random) -> None:
        self.standin.faults.clear()
        for _ in range(A_LIFE[1] + 1):
            lot = chance.random()
            late = LATE_SECONDS if lot > 1 - LATE else 0.0
            self.standin.faults.add(POST, 1, Fault(drop_reply=lot < DROPPED, delay=late))


@dataclass
class Running:
    """A process of this life."""

    process: subprocess.Popen[bytes]
    log: Path | None = None

    def kill(self) -> None:
        """As a power cut does."""
        self.process.kill()
        self.process.wait()


@contextmanager
def of_the_product(kind: str, kills: int, ahead: float) -> Iterator[Life]:
    """`python -m bot run`, with enough late concerns that there is something to say until the last kill."""
    concerns = 4 * kills + 10
    with TemporaryDirectory() as folder, own_database(kind, Path(folder)) as engine, ExitStack() as stack:
        ours = stack.enter_context(machine(engine, Path(folder), clock=lambda: time.time() + ahead))
        morning = real_clock() - DAYS - timedelta(minutes=1)
        council = late_council(
            engine, concerns, children=CHILDREN_OF_AN_IRO * min(concerns, MOST_IROS), morning=morning
        )
        everybody_at_slack(engine, ours.standin)
        council.plan(council.take(concerns, ConcernState.WAITING), Rung.DEADLINE)
        yield Life(
            name="the product",
            standin=ours.standin,
            run=lambda: Running(begun(ours, Path(folder))),
            over=lambda: all_told(engine, concerns),
            between=lambda: be_down(engine),
            counted=lambda: came(engine, ours.standin, concerns),
        )


def everybody_at_slack(engine: Engine, standin: SlackStandIn) -> None:
    """Everybody without an account gets one."""
    with transaction(engine, AUTHORITY) as session:
        for person in session.exec(select(Person).where(col(Person.email).endswith("@council.example"))).all():
            account = f"U0PERSON{person.id}"
            known_as(session, person.id or 0, slack=account)
            standin.add_user(account, person.name, person.email)


def begun(ours: Machine, folder: Path) -> subprocess.Popen[bytes]:
    """The product started; nobody waits until it is ready."""
    with (folder / "log.txt").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "bot", "run"],
            cwd=folder,
            env=ours.environment(PORT="0", LOG_LEVEL="WARNING"),
            stdout=log,
            stderr=log,
        )


def all_told(engine: Engine, concerns: int) -> bool:
    """Whether all is fired, owed and sent."""
    with transaction(engine, AUTHORITY, writes=False) as session:
        states = dict(session.exec(select(Outbox.state, func.count()).group_by(Outbox.state)).all())
    waits = sum(states.get(one, 0) for one in (OutboxState.OWED, OutboxState.ATTEMPTED))
    return not waits and sum(states.values()) >= 3 * concerns


def be_down(engine: Engine) -> None:
    """Let three minutes have passed while nothing ran: what the database knows of moments lies further back."""
    with transaction(engine, AUTHORITY) as session:
        moved = (OutboxState.OWED, OutboxState.ATTEMPTED)
        for row in session.exec(select(Outbox).where(col(Outbox.state).in_(moved))):
            row.attempted_at = row.attempted_at - DOWNTIME if row.attempted_at else None
            row.not_before = row.not_before - DOWNTIME if row.not_before else None
            session.add(row)
        for lease in session.exec(select(SenderLease)):
            lease.until = lease.until - DOWNTIME if lease.until else None
            lease.not_before = lease.not_before - DOWNTIME if lease.not_before else None
            session.add(lease)


def came(engine: Engine, standin: SlackStandIn, concerns: int) -> Came:
    """Each of three messages of each concern once, and each step in the history once."""
    posted = Counter(str(one.metadata["event_payload"]["key"]) for one in standin.messages if one.metadata)
    with transaction(engine, AUTHORITY, writes=False) as session:
        rows = session.exec(select(Outbox)).all()
        steps = session.exec(
            select(History.chain, func.count()).where(History.what == STEP).group_by(col(History.chain))
        ).all()
    led = [row for row in rows if row.bundle_id is None and row.state is OutboxState.SENT]
    unsent = sum(row.state is not OutboxState.SENT for row in rows) + max(0, 3 * concerns - len(rows))
    unseen = sum(not posted[carried(row.key)] for row in led)
    twice = sum(number - 1 for number in posted.values()) + max(0, len(rows) - 3 * concerns)
    assert {number for _, number in steps} <= {1}, "a concern took its step twice"
    return Came(messages=len(rows), posts=posted.total(), lost=unsent + unseen, doubled=twice)


@contextmanager
def of_a_naive_one(way: str, kills: int) -> Iterator[Life]:
    """One of them, with as many messages."""
    number = 2 * (4 * kills + 10)
    with TemporaryDirectory() as folder, SlackStandIn() as standin:
        file = Path(folder) / "naive.db"
        users = [f"U0PERSON{one}" for one in range(20)]
        for user in users:
            standin.add_user(user, user)
        begin(file, {f"m{one:05}": users[one % len(users)] for one in range(number)})
        asked = [sys.executable, "-m", "tests.benchmarks.naive_sender", str(file), standin.base_url, BOT_TOKEN, way]

        def counted() -> Came:
            posted = Counter(one.text for one in standin.messages)
            twice = sum(each - 1 for each in posted.values())
            return Came(messages=number, posts=posted.total(), lost=number - len(posted), doubled=twice)

        yield Life(
            name=way,
            standin=standin,
            run=lambda: Running(subprocess.Popen(asked, cwd=ROOT)),
            over=lambda: not left(file),
            between=lambda: None,
            counted=counted,
        )


# ------------------------------------------------------------ its sender alone, with shortened waits


def senders_killed(found: Sheet, kills: int, senders: int) -> None:
    """One or two at a time, each killed; every ninth answer is lost."""
    with one_office(6 * kills * senders + 20) as (folder, office, keys):
        street, lot, done = FileStreet(file=folder / "street", dropped=0), Random(7), 0  # noqa: S311 - no secret
        for _ in range(kills):
            running = [start(folder, street) for _ in range(senders)]
            wanted = len(street.keys()) + lot.randint(2, 6) * senders
            while len(street.keys()) < wanted and any(process.is_alive() for process in running):
                time.sleep(0.002)
            for process in running:
                process.kill()
                process.join()
                done += 1
        the_rest(folder, street)
        tell(found, f"the sender alone, {senders} at a time", office, street, keys, kills=done)


def sender_stopped(found: Sheet, stops: int) -> None:
    """Of two, one is stopped for longer than its lease, again and again, while the other goes on."""
    with one_office(60 * stops + 20) as (folder, office, keys):
        street, lot, done = FileStreet(file=folder / "street", dropped=0), Random(8), 0  # noqa: S311 - no secret
        running = [start(folder, street) for _ in range(2)]
        for _ in range(stops):
            if not all(process.is_alive() for process in running):
                break
            time.sleep(lot.uniform(0.2, 0.6))
            one = lot.choice(running)
            if one.pid is not None and one.is_alive():
                os.kill(one.pid, signal.SIGSTOP)
                time.sleep(TIMING.lease + 0.3)
                os.kill(one.pid, signal.SIGCONT)
                done += 1
        for process in running:
            process.join(120)
        the_rest(folder, street)
        tell(found, "two senders, one stopped for longer than its lease", office, street, keys, stops=done)


@contextmanager
def one_office(messages: int) -> Iterator[tuple[Path, Office, list[str]]]:
    """A database with so many messages owed to ten people."""
    with TemporaryDirectory() as made:
        folder = Path(made)
        for engine in sqlite_engine(folder):
            office = Office(engine=engine)
            office.connect()
            people = [office.person(f"p{number}") for number in range(10)]
            keys = [f"k{number}" for number in range(messages)]
            for number, key in enumerate(keys):
                office.owe(key, people[number % len(people)])
            yield folder, office, keys


def the_rest(folder: Path, street: FileStreet) -> None:
    """One sender undisturbed, to the end."""
    last = start(folder, street)
    last.join(300)
    assert last.exitcode == 0


def tell(found: Sheet, name: str, office: Office, street: FileStreet, keys: Sequence[str], **how_often: int) -> None:
    """What came of it."""
    posted = Counter(street.keys())
    lost = sum(not posted[key] for key in keys)
    twice = sum(number - 1 for number in posted.values())
    unsent = sum(office.row(key).state is not OutboxState.SENT for key in keys)
    found.counted(name, **how_often, messages=len(keys), lost=lost + unsent, doubled=twice)


if __name__ == "__main__":
    main(sys.argv[1:])
