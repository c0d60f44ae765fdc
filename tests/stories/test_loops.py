"""The loops as they run: none waits for another, and only what owes something wakes delivery.

The cadence is ten minutes here, so that whatever happens was woken.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from time import monotonic, sleep

import httpx2
import pytest
from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError
from sqlmodel import col, func, insert, select

from bot.clock import real_clock
from bot.compose import Service
from bot.delivery.timing import Timing
from bot.settings import Settings
from bot.teams.rates import Rates
from scheduling.ladder import Rung
from storage import outbox
from storage.beats import Beat
from storage.committed import leave
from storage.database import transaction
from storage.nudges import Nudge
from storage.outbox import OutboxState
from tests.bench import utc
from tests.cast import AUTHORITY, CHILD, IRO, STAFF, TEAM_MANAGER, settle, slack_id
from tests.databases import sqlite_engine
from tests.slack_standin import Seen, SlackStandIn
from tests.slack_standin.serving import served
from tests.stories.repeats import LOGGED
from tests.world import World

MORNING = utc("2026-11-30")
WITHIN = 2.0
"""Seconds in which what somebody does leaves, whatever else there is to do."""


@dataclass(kw_only=True)
class Running(World):
    """A world whose time goes by itself, from that morning on."""

    address: str = ""
    ticking: bool = True

    def serve(self, stack: ExitStack, settings: Settings, rates: Rates | None = None) -> str:
        """Serve the product with its loops at work."""
        ahead = self.now - real_clock()
        self.service = Service(
            settings.model_copy(update={"tick_seconds": 600.0}),
            self.engine,
            clock=lambda: real_clock() + ahead,
            monotonic=monotonic,
            ticking=self.ticking,
            timing=Timing(pace=0),
            patience=self.patience,
        )
        self.address = stack.enter_context(served(self.service.web))
        return self.address

    @property
    def looked_for_owed(self) -> int:
        """How often delivery looked."""
        return self.service.loops.stamps[1].turns

    def due_left(self) -> int:
        """How many of the test's nudges are still to be fired."""
        with transaction(self.engine, AUTHORITY, writes=False) as session:
            planned = select(func.count()).select_from(Nudge).where(col(Nudge.subject) == NOBODYS)
            return session.exec(planned).one()

    def ready(self) -> str:
        """What readiness says."""
        return httpx2.get(f"{self.address}/readyz", trust_env=False).text

    def log(self, form: Seen) -> None:
        """The IRO logs a concern."""
        assert "is logged at stage 1" in self.people[IRO].submit(form, LOGGED).text


NOBODYS = "concern:999999"
MANY = 6000


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """A SQLite file, where one writer is in the way of all others."""
    yield from sqlite_engine(tmp_path)


@pytest.fixture
def running(engine: Engine) -> Iterator[Running]:
    """A service at rest, its loops round once."""
    with ExitStack() as stack:
        made = begun(engine, stack)
        until(lambda: made.service.loops.begun)
        at_rest(made)
        yield made


def begun(engine: Engine, stack: ExitStack, *, ticking: bool = True) -> Running:
    standin = stack.enter_context(SlackStandIn())
    for login, name, *_ in STAFF:
        standin.add_user(slack_id(login), name, f"{login}@anyshire.example")
    made = Running(engine=engine, standin=standin, now=MORNING, cast=settle(engine), ticking=ticking)
    made.start(stack)
    return made


def until(seen: Callable[[], bool]) -> None:
    """Wait for something that the service does on its own."""
    end = monotonic() + 10
    while not seen():
        assert monotonic() < end
        sleep(0.02)


def at_rest(made: Running) -> None:
    """Wait until delivery has nothing more to look at."""
    before = -1
    while before != made.looked_for_owed or made.service.sender.busy:
        before = made.looked_for_owed
        sleep(0.2)


def plan(engine: Engine, number: int, in_seconds: float) -> None:
    """Nudges of a concern that there is not: each is claimed, asked about and forgotten."""
    due = MORNING + timedelta(seconds=in_seconds)
    rows = [
        {"due_at": due + timedelta(microseconds=one), "id": f"n{one}", "subject": NOBODYS, "rung": Rung.DEADLINE}
        for one in range(number)
    ]
    with transaction(engine, AUTHORITY) as session:
        session.execute(insert(Nudge), rows)
        leave(session, due=due)


def test_what_owes_nothing_wakes_nobody_and_what_owes_leaves_at_once(running: Running) -> None:
    iro = running.people[IRO]
    iro.command("/iro day")  # the first word of somebody is answered with a welcome, which is owed
    at_rest(running)
    before = running.looked_for_owed
    for line in ("/iro help", "/concern list", "/iro day", "/concern C-99"):
        iro.command(line)
    form = iro.command(f"/concern {CHILD}")
    at_rest(running)
    assert running.looked_for_owed == before, "help, lists, a refusal and a form wake nobody"
    running.log(form)
    running.standin.wait_until(lambda: running.titles(TEAM_MANAGER) == ["Please reply to C-1"])


def test_a_concern_leaves_while_thousands_of_nudges_are_fired(running: Running) -> None:
    form = running.people[IRO].command(f"/concern {CHILD}")
    plan(running.engine, MANY, -60)
    until(lambda: running.due_left() < MANY)
    began = monotonic()
    running.log(form)
    running.standin.wait_until(lambda: running.titles(TEAM_MANAGER) == ["Please reply to C-1"])
    assert monotonic() - began < WITHIN
    assert running.due_left() > 0, "the sweep was still at work"


def test_what_falls_due_before_the_next_beat_is_looked_at_then(running: Running) -> None:
    plan(running.engine, 1, (running.service.clock() - MORNING).total_seconds() + 1)
    assert running.due_left() == 1
    until(lambda: running.due_left() == 0)


def test_it_is_ready_once_what_fell_due_has_been_looked_at(engine: Engine) -> None:
    with ExitStack() as stack:
        made = begun(engine, stack, ticking=False)
        assert "Starting: what fell due has not been looked at yet.\n" in made.ready()
        made.beat()
        assert "Starting" not in made.ready()


def test_the_stop_says_what_is_left(engine: Engine, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO"), ExitStack() as stack:
        made = begun(engine, stack, ticking=False)
        made.log(made.people[IRO].command(f"/concern {CHILD}"))
        with transaction(engine, AUTHORITY, writes=False) as session:
            owed = outbox.how_many(session, OutboxState.OWED)
    assert owed >= 2
    assert f"Stopped. Messages owed, for the next start: {owed}. Begun and left: 0" in caplog.text


def test_it_looks_whether_all_goes_well_although_the_daily_duties_fail(engine: Engine) -> None:
    event.listen(engine, "before_cursor_execute", without_anchors)
    with ExitStack() as stack:
        made = begun(engine, stack)
        until(lambda: made.service.loops.stamps[2].failures > 0)
        with transaction(engine, None, writes=False) as session:
            assert session.exec(select(Beat)).all()


def without_anchors(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
    """A database that fails at one table."""
    if "history_anchors" in statement:
        raise OperationalError(statement, None, OSError())
