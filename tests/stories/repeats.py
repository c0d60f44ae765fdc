"""What stories about repeats and breakdowns share: logging in one step, saying things twice, acting at once."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from functools import partial
from threading import Barrier
from typing import TypeVar

from sqlalchemy import inspect
from sqlmodel import SQLModel, select

from storage.concerns import Concern
from storage.database import transaction
from storage.history import History
from storage.outbox import Outbox
from storage.replies import Reply
from storage.stage_runs import StageRun
from tests.cast import AUTHORITY, CHILD, IRO, TEAM_MANAGER
from tests.screens import Filled, labels
from tests.slack_standin.delivery import Delivery
from tests.slack_standin.jsontypes import Json
from tests.stories.telling import type_and_fill
from tests.world import AnyWorld, World

Row = TypeVar("Row", bound=SQLModel)
T = TypeVar("T")

WORRY = "The plan was never written up and nobody visits."
LOGGED = {
    "What are we worried about?": WORRY,
    "Main reason": "Drift and delay",
    "Start at": "Stage 1",
}
REPLY = {"Answer": "Agreed and done", "What will happen": "It has been written up today."}


def log_at_stage_1(world: AnyWorld, who: str = IRO, child: str = CHILD) -> None:
    """Log a concern at stage 1 of the handbook's procedures."""
    seen = world.submit(who, world.command(who, f"/concern {child}"), LOGGED)
    if "Press Log again" in seen.text:  # another is open on this child with this reason: asked about once
        seen = world.submit(who, seen, {})
    assert "is logged at stage 1" in seen.text, seen.text


def told_another_date(world: AnyWorld) -> None:
    """The team manager has promised a plan, and is told of another date with a button that acts at one press."""
    log_at_stage_1(world)
    promise: dict[str, Filled] = {
        "Answer": "Agreed, with a plan by date",
        "What will happen": "A plan.",
        "By": date(2026, 12, 11),
    }
    type_and_fill(world, TEAM_MANAGER, "/concern C-1 reply", promise)
    opened = world.people[IRO].press_in_view(world.command(IRO, "/concern C-1"), "New date for the plan")
    world.submit(IRO, opened, {"New date": date(2026, 12, 18), "Reason": "Snow."})
    assert "Done" in labels(world.last(TEAM_MANAGER))


def rows(world: AnyWorld, table: type[Row], authority: str = AUTHORITY) -> list[Row]:
    """Every row of a table that belongs to the authority."""
    with transaction(world.engine, authority, writes=False) as session:
        return list(session.exec(select(table).order_by(*inspect(table).primary_key)))


def effects(world: AnyWorld) -> dict[str, int]:
    """How much has been written so far: what must not grow when something is said twice."""
    counted: tuple[type[SQLModel], ...] = (Concern, StageRun, Reply, Outbox, History)
    return {table.__name__: len(rows(world, table)) for table in counted}


def at_once(*works: Callable[[], T]) -> list[T]:
    """The results of several pieces of work that begin at the same moment, each on its own thread."""
    barrier = Barrier(len(works))

    def one(work: Callable[[], T]) -> T:
        barrier.wait(10)
        return work()

    with ThreadPoolExecutor(len(works)) as threads:
        return list(threads.map(one, works))


class Repeating:
    """Carries what a person does to the bot, `times` times at once, and remembers it for later repeats."""

    def __init__(self, delivery: Delivery, times: int = 1) -> None:
        self._delivery = delivery
        self._times = times
        self.sent: list[Callable[[], Json]] = []
        self.answers: list[Json] = []

    def command(self, form: dict[str, str]) -> Json:
        """A slash command."""
        return self._send(partial(self._delivery.command, form))

    def interaction(self, payload: Json) -> Json:
        """Anything done with a message, a view or a shortcut."""
        return self._send(partial(self._delivery.interaction, payload))

    def event(self, payload: Json, retry: int = 0) -> Json:
        """An event."""
        return self._send(partial(self._delivery.event, payload, retry))

    def again(self) -> Json:
        """The answer to the last thing sent, sent once more with the same ids."""
        return self.sent[-1]()

    def _send(self, send: Callable[[], Json]) -> Json:
        self.sent.append(send)
        self.answers = at_once(*[send] * self._times)
        return self.answers[0]


@contextmanager
def repeating(world: World, who: str, times: int = 1) -> Iterator[Repeating]:
    """Let everything this person does meanwhile be remembered, or arrive several times at once."""
    person = world.people[who]
    usual = person._delivery
    person._delivery = repeats = Repeating(usual, times)
    try:
        yield repeats
    finally:
        person._delivery = usual
