"""The made-up council behind the page: made at the first start, begun anew in a situation, and practised in."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.engine import make_url

from bot.sample.collecting import Workspace as ToldOn
from bot.sample.exercises import EXERCISES, Exercise, Result, Task, exercise
from bot.sample.looking import NotThere
from bot.sample.rules import Rules, anyshires_own
from bot.sample.seats import Seat, seats
from bot.sample.seed import is_made
from bot.sample.shelf import Shelf, put_into
from bot.sample.situations import SITUATIONS, Situation, situation
from bot.workspace.day import ServiceDay
from bot.workspace.declaration import PAGE
from bot.workspace.platform import PagePlatform
from scheduling.clock import Clock
from storage.database import transaction

TODAY = "today"


@dataclass(frozen=True, kw_only=True)
class Making:
    """How far the council is: what is being made, in words, and how much of it is done, 0 to 1. Or what went wrong."""

    words: str = ""
    share: float = 0.0
    failed: str = ""


@dataclass(frozen=True, kw_only=True)
class Practising:
    """An exercise somebody has begun, and how it stands."""

    exercise: Exercise
    task: Task
    result: Result


class Stopped(Exception):
    """The bot is being stopped, and what was half made is left."""


class Council:
    """One for the page. While it is being made, nothing else is drawn and no clock is looked at.

    `turn` keeps the engine from acting while the database is replaced; `started_over` is told when it was.
    """

    def __init__(
        self,
        engine: Engine,
        authority: str,
        day: ServiceDay,
        machine: Clock,
        *,
        turn: asyncio.Lock,
        started_over: Callable[[], None],
    ) -> None:
        self._engine = engine
        self._authority = authority
        self._day = day
        self._machine = machine
        self._turn = turn
        self._started_over = started_over
        self._practised: tuple[Exercise, Task] | None = None
        self._known = False
        self._beginning = asyncio.Lock()
        self._stopped = False
        self.making: Making | None = None

    @property
    def situations(self) -> Sequence[Situation]:
        """Those to begin from."""
        return SITUATIONS

    @property
    def exercises(self) -> Sequence[Exercise]:
        """All of them; of each seat four."""
        return EXERCISES

    def usual(self) -> tuple[Seat, ...]:
        """The seats to offer, the first four first."""
        return tuple(seats(anyshires_own().procedures))

    def state(self) -> Making | None:
        """How far it is; None once it is there."""
        if self.making is not None:
            return self.making
        return None if self.is_there() else Making(words="Getting the council ready")

    def is_there(self) -> bool:
        """Whether the council has been made to its end."""
        if not self._known:
            with transaction(self._engine, self._authority, writes=False) as session:
                self._known = is_made(session)
        return self._known

    def stop(self) -> None:
        """Break off what is being made: the next start makes it again."""
        self._stopped = True

    async def begin(self, key: str) -> Sequence[Seat]:
        """Begin from a situation, or from today; gives the seats to open. KeyError for a key of none."""
        chosen = None if key == TODAY else situation(key)
        async with self._beginning:
            await self._begun(chosen)
        wanted = chosen.seats[:2] if chosen is not None else ()
        return [seat for seat in self.usual() if seat.key in wanted]

    async def _begun(self, chosen: Situation | None) -> None:
        self.making = Making(words="Getting the council ready")
        self._practised = None
        try:
            path = await asyncio.to_thread(self._made, chosen)
            async with self._turn:
                await asyncio.to_thread(self._put, path, chosen.at if chosen is not None else None)
        except Stopped:
            return
        except Exception as error:
            self.making = Making(failed=f"The council could not be made ({type(error).__name__}).")
            raise
        self.making = None
        self._started_over()

    async def practise(self, key: str) -> Seat:
        """Begin an exercise from its situation; gives the seat it is for. KeyError for a key of none."""
        chosen = exercise(key)
        await self.begin(chosen.situation)

        def task() -> Task:
            with transaction(self._engine, self._authority, writes=False) as session:
                return chosen.sets(session, self._day())

        self._practised = chosen, await asyncio.to_thread(task)
        return next(seat for seat in self.usual() if seat.key == chosen.seat)

    def practising(self) -> Practising | None:
        """The exercise that was begun, as it stands now."""
        if self._practised is None:
            return None
        begun, task = self._practised
        with transaction(self._engine, self._authority, writes=False) as session:
            try:
                result = begun.check(session, task)
            except NotThere:
                return None
        return Practising(exercise=begun, task=task, result=result)

    def _made(self, chosen: Situation | None) -> Path:
        shelf = Shelf(
            folder=_beside(self._engine),
            authority=self._authority,
            workspace=ToldOn(platform=PAGE.name, name=PAGE.name, opens=_chats),
        )
        if chosen is not None:
            return shelf.in_situation(chosen, self._progress)
        today = shelf.at(self._machine(), self._progress)
        shelf.tidy(today)
        return today

    def _put(self, path: Path, at: datetime | None) -> None:
        put_into(self._engine, path)
        self._day.begin_at(at if at is not None else self._machine())

    def _progress(self, words: str, share: float) -> None:
        if self._stopped:
            raise Stopped
        self.making = Making(words=words, share=share)


def _chats(engine: Engine, authority: str, clock: Clock) -> PagePlatform:
    """The chats of a council that is being made: nobody has them open yet."""
    return PagePlatform(engine, authority, clock, lambda: None)


def _beside(engine: Engine) -> Path:
    """The folder in which councils are kept that were made before."""
    database = Path(str(make_url(str(engine.url)).database))
    return database.with_name(f"{database.name}.kept")


def rules_given(name: str, text: str) -> Rules:
    """Procedures somebody has dropped in."""
    return Rules(name=name[:80] or "procedures.toml", text=text)
