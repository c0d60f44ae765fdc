"""The one place where real things are wired: read it as a contents page."""

import asyncio
import logging
import os
import signal
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from types import FrameType

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.applications import Starlette

from bot.authority import establish
from bot.clock import real_clock
from bot.commands.opening import bring_up_to_date, use_keys
from bot.declaration import Declaration
from bot.delivery.sender import Sender
from bot.delivery.timing import Timing
from bot.delivery.works import Works
from bot.documents.made import File
from bot.domains import bind_domains
from bot.door.server import Server, check_address
from bot.files import file_behind, file_to_send
from bot.housekeeping import Housekeeping
from bot.kept_forms import KeptForms
from bot.logs import set_up_logs
from bot.loops import Loops, Work
from bot.one_time import Links, link_routes, link_waits
from bot.platforms import platforms
from bot.reception.reception import Reception
from bot.reception.service import service_over
from bot.running import House, Running
from bot.second_clocks import SecondClocks
from bot.settings import Settings
from bot.threads import ANSWER_WITHIN_SECONDS, WorkerThreads
from bot.watch.kept import Kept
from bot.watch.lateness import Lateness
from bot.watch.metrics import Figures, written
from bot.watch.outside import Outside
from bot.watch.reading import Clocks
from bot.watch.watch import FRESH_SECONDS, Watch
from bot.web import Remark, Site, Step, create_web
from handlers.messages.knowing import know_what_arrives, know_what_is_told
from handlers.messages.sending import delivered, overtakes, render, shrunk, undeliverable
from handlers.messages.unreached import look_again
from handlers.office import Office
from scheduling.believed import BelievedClock
from scheduling.clock import Clock
from scheduling.working_days import bank_holidays
from storage.database import check_reach, fold_log_in, make_engine, single_run_lock
from storage.statements import Statements
from storage.tables import all_tables

log = logging.getLogger("bot")

DRAIN_SECONDS = 4.0
"""At the stop, for what was begun. A message to a platform that does not answer is looked up at the next start."""

COUNTING_SECONDS = 1.0
"""For saying at the end what is left."""

ODD = "Something that is kept cannot be shown whole, or waits for a day much too far ahead: iro-bot doctor names it."

COUNTED_SELDOM = 20
"""So many times as long what was sent long ago is not counted again: it only grows."""


def counting_pauses() -> float:
    """Seconds by a clock that goes on while the machine sleeps, where the system has one."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class Service:
    """Everything that runs: the web application with its edges, and the loops that sweep and send."""

    def __init__(  # noqa: PLR0913 - the one place where everything is wired; tests bring their own clocks and paces
        self,
        settings: Settings,
        engine: Engine,
        *,
        clock: Clock = real_clock,
        monotonic: Callable[[], float] = counting_pauses,
        ticking: bool = True,
        timing: Timing | None = None,
        patience: float | None = None,
        served: Sequence[Declaration] = (),
        fresh_seconds: float = FRESH_SECONDS,
    ) -> None:
        self.settings = settings
        self.engine = engine
        self.machine = clock
        self.clock = BelievedClock(clock, monotonic)
        self.monotonic = monotonic
        self.ticking = ticking
        self._statements = Statements(engine)
        self.lateness = Lateness()
        self._platforms = served or platforms()
        self.threads = WorkerThreads(patience=patience or ANSWER_WITHIN_SECONDS)
        self.day = self._day_kept()
        reached_at = settings.public_url or (settings.address if settings.workspace_on else "")
        self.office = Office(engine=engine, clock=self.day, public_url=reached_at)
        self._stepping = asyncio.Lock()
        self.reception = Reception(service_over(self.office), self.threads, KeptForms(monotonic))
        self.running = self._at_work(patience)
        self.sender = Sender(self._delivery(timing or Timing()), lane_ended=self._lane_ended)
        self.housekeeping = Housekeeping(engine)
        self._odd = Kept(lambda: self.housekeeping.warnings(self.clock()), fresh_seconds)
        self._messages = Kept(self.housekeeping.messages, fresh_seconds * COUNTED_SELDOM)
        self.watch = self._watching(fresh_seconds)
        dated_at = [one.dated_at for one in self.running.values() if one.dated_at]
        self.second_clocks = SecondClocks(self.clock, engine, dated_at, monotonic)
        self.loops = Loops(self._work(), settings.tick_seconds)
        self.loop: asyncio.AbstractEventLoop | None = None
        self._left = 0

    def _delivery(self, timing: Timing) -> Works:
        """What messages are rendered, sent and written down with."""
        return Works(
            engine=self.engine,
            clock=self.clock,
            day=self.day,
            monotonic=self.monotonic,
            platforms={name: one.platform for name, one in self.running.items()},
            render=render,
            shrunk=shrunk,
            overtakes=overtakes,
            delivered=delivered,
            undeliverable=undeliverable,
            late=self.lateness.note,
            look_again=look_again,
            know=know_what_is_told,
            know_arrived=know_what_arrives,
            gather=file_to_send,
            timing=timing,
        )

    def _watching(self, fresh_seconds: float) -> Watch:
        clocks = Clocks(machine=self.machine, believed=self.clock, day=self.day, monotonic=self.monotonic)
        return Watch(self.engine, self.settings, clocks, self.running.keys(), fresh_seconds=fresh_seconds)

    def _work(self) -> Work:
        return Work(
            engine=self.engine,
            day=self.day,
            clock=self.clock,
            scheduler=real_clock,
            monotonic=self.monotonic,
            turn=self._stepping,
            sender=self.sender,
            running=self.running.values(),
            threads=self.threads,
            housekeeping=self.housekeeping,
            watch=self.watch,
            outside=Outside(self.settings.heartbeat_url, self.monotonic),
            second_clocks=self.second_clocks,
        )

    def _day_kept(self) -> Clock:
        """The service's day: the machine's, unless a platform keeps one of its own."""
        kept = (one.day(self.settings, self.engine, self.clock) for one in self._platforms)
        return next((day for day in kept if day is not None), self.clock)

    def _at_work(self, patience: float | None) -> dict[str, Running]:
        """Every platform that is served with these settings, by its name."""
        house = House(
            settings=self.settings,
            office=self.office,
            clock=self.clock,
            monotonic=self.monotonic,
            threads=self.threads,
            reception=self.reception,
            owed=self._owed,
            bind=self._bind,
            step=self._step,
            turn=self._stepping,
            patience=patience,
        )
        begun = [(one.called.name, one.begin(house)) for one in self._platforms]
        return {name: running for name, running in begun if running is not None}

    @property
    def web(self) -> Starlette:
        """The web application, starting and stopping everything with itself."""
        return create_web(
            Site(
                problems=self._problems,
                warnings=self._warnings,
                metrics=self._metrics,
                metrics_token=self.settings.metrics_token.get_secret_value(),
                routes=[
                    *link_routes(Links(waits=self._link_waits, take=self._file)),
                    *(route for one in self.running.values() for route in one.routes),
                ],
                start=(self._start,),
                stop=self._stops,
            )
        )

    def listening(self) -> None:
        """Called when the addresses answer."""
        for one in self.running.values():
            one.listening()

    async def beat(self) -> None:
        """One turn of every loop in order, where nobody keeps time: not `ticking`."""
        await self.loops.in_order()

    async def _start(self) -> None:
        self.loop = asyncio.get_running_loop()
        await asyncio.to_thread(self._bind)
        for one in self.running.values():
            await one.start(self.clock())
        if self.ticking:
            self.loops.start()

    @property
    def _stops(self) -> Sequence[Step]:
        """The last steps, in order. Together they leave ten seconds from the signal to the end of the process."""
        rests = [one.rest for one in self.running.values()]
        stops = [one.stop for one in self.running.values()]
        return (self._rest, *rests, self._drain, *stops, self._say_what_is_left)

    async def _rest(self) -> None:
        """Begin nothing new."""
        self.loops.stop()
        self.sender.stop()

    async def _drain(self) -> None:
        self._left = await self.threads.drain(DRAIN_SECONDS)

    async def _say_what_is_left(self) -> None:
        """In the log: what waits for the next start, and what was begun and not waited for."""
        try:
            owed = await asyncio.wait_for(asyncio.to_thread(self.housekeeping.owed), COUNTING_SECONDS)
        except (DBAPIError, PoolTimeout, TimeoutError):
            log.warning("Stopped; the database does not say what is owed. Begun and left: %d", self._left)
        else:
            log.info("Stopped. Messages owed, for the next start: %d. Begun and left: %d", owed, self._left)

    def _bind(self) -> None:
        bind_domains(self.engine, self.settings, self._platforms)

    def _owed(self) -> None:
        """Called from worker threads when something may go that no transaction tells of."""
        self.loops.owed()

    async def _step(self) -> None:
        await self.loops.step()

    def _lane_ended(self) -> None:
        self.loops.lane_ended()

    async def _problems(self) -> Sequence[Remark]:
        return await self._lines(keeps=True)

    async def _warnings(self) -> Sequence[Remark]:
        clocks = [Remark(said=one, plain=one) for one in self.second_clocks.warnings]
        odd = [Remark(said=one, plain=ODD) for one in await asyncio.to_thread(self._odd)]
        return (*await self._lines(keeps=False), *clocks, *odd)

    async def _lines(self, *, keeps: bool) -> Sequence[Remark]:
        found = await asyncio.to_thread(self.watch.found, self.loops)
        return [Remark(said=one.said, plain=one.kind.plain) for one in found if one.keeps is keeps]

    async def _metrics(self) -> bytes:
        return written(await asyncio.to_thread(self._figures), self.lateness)

    def _figures(self) -> Figures:
        return Figures(
            seen=self.watch.seen(),
            troubles=self.watch.found(self.loops),
            messages=self._messages(),
            odd=len(self._odd()) if not self.watch.seen().lost else None,
            counters=self.sender.counters,
            stamps=self.loops.stamps,
            statements=self._statements.executed,
            planned_again=self.housekeeping.planned_again,
            duties_failed=self.housekeeping.left_undone,
            database=self.engine.dialect.name,
            offsets={one: ahead.total_seconds() for one in self.running if (ahead := self._ahead(one)) is not None},
            errors={(platform, fault.value): count for (platform, fault), count in dict(self.sender.faults).items()},
            measured=[measured for one in self.running.values() for measured in one.measured()],
        )

    def _ahead(self, platform: str) -> timedelta | None:
        """How far that platform's clock is ahead of ours, by its last answer; None where none was heard."""
        offset = self.running[platform].offset
        return offset.ahead if offset is not None else None

    async def _link_waits(self, secret: str) -> bool:
        return await asyncio.to_thread(link_waits, self.office, secret)

    async def _file(self, secret: str) -> File | None:
        return await asyncio.to_thread(file_behind, self.office, secret)


def prepared(settings: Settings, now: datetime) -> Engine:
    """The database at this version's schema, its keys proved, the authority with its procedures."""
    all_tables()
    engine = make_engine(settings.database_url)
    check_reach(engine)
    bring_up_to_date(engine, now)
    use_keys(engine, settings, needed=True)
    establish(engine, settings, now)
    bank_holidays()
    return engine


def run(settings: Settings, *, serve: Callable[[Service], None] | None = None) -> None:
    """Run until stopped. Misconfigured and the like are raised before anything is served."""
    set_up_logs(settings)
    check_address(settings.host, settings.port)
    with single_run_lock(settings.database_url):
        engine = prepared(settings, real_clock())
        service = Service(settings, engine)
        try:
            (serve or _serve)(service)
        finally:
            fold_log_in(engine)
            engine.dispose()


def _serve(service: Service) -> None:
    settings, address = service.settings, service.settings.address
    for one in service.running.values():
        if served := one.served(address):
            log.info("%s", served)
    log.info("Health at %s/healthz", address)
    server = Server(
        service.web,
        host=settings.host,
        port=settings.port,
        proxies=settings.proxies,
        listening=service.listening,
        if_stuck=_ended_without_threads,
    )
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stopped)
    server.run()


def _stopped(_number: int, _frame: FrameType | None) -> None:
    """Uvicorn raises the signal that stopped it once more when all is drained: by then there is nothing left to do."""


def _ended_without_threads() -> None:
    """End the process with a thread that still waits: what it began is undone by the database, as after a power cut."""
    log.warning("Something still waits, perhaps for the database: ending without it")
    os._exit(0)
