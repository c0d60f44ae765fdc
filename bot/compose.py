"""The one place where real things are wired: read it as a contents page."""

import asyncio
import logging
import os
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from functools import partial
from types import FrameType

from sqlalchemy import Engine
from starlette.applications import Starlette

from bot.authority import establish
from bot.clock import real_clock
from bot.commands.opening import bring_up_to_date, use_keys
from bot.delivery.port import Platform
from bot.delivery.sender import Sender
from bot.delivery.timing import Timing
from bot.documents.made import File
from bot.domains import bind_domains
from bot.door.server import Server, check_address
from bot.files import file_behind, file_to_send
from bot.housekeeping import Housekeeping
from bot.logs import set_up_logs
from bot.one_time import Links, link_routes, link_waits
from bot.settings import Settings
from bot.slack.app import create_slack_app
from bot.slack.clients import SlackClients
from bot.slack.platform import SlackPlatform
from bot.slack.socket import SocketMode
from bot.slack_service import SLACK, OwnWorkspace, connection_of, install_routes, slack_service
from bot.teams.rates import Rates
from bot.teams.replies import ANSWER_WITHIN_SECONDS as TEAMS_ANSWERS_WITHIN
from bot.teams_service import TEAMS, Teams
from bot.threads import ANSWER_WITHIN_SECONDS, WorkerThreads
from bot.web import Site, Step, create_web
from bot.workspace.platform import PAGE
from bot.workspace.workspace import Workspace
from handlers.messages.arriving import delivered, undeliverable
from handlers.messages.overtaking import overtakes
from handlers.messages.rendering import render, shrunk
from handlers.office import Office
from handlers.tick import fire
from scheduling.clock import Clock
from scheduling.heartbeat import Heartbeat
from scheduling.sweep import sweep
from scheduling.watchdog import Verdict, Watchdog, next_nudge
from scheduling.working_days import bank_holidays
from storage.database import check_reach, fold_log_in, make_engine, single_run_lock
from storage.tables import all_tables

log = logging.getLogger("bot")

DRAIN_SECONDS = 4.0
"""At the stop, for what was begun. A message to a platform that does not answer is looked up at the next start."""


def counting_pauses() -> float:
    """Seconds by a clock that goes on while the machine sleeps, where the system has one."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class Service:
    """Everything that runs: the web application with its edges, and the beat that sweeps and sends."""

    def __init__(  # noqa: PLR0913 - the one place where everything is wired; tests bring their own clocks and paces
        self,
        settings: Settings,
        engine: Engine,
        *,
        clock: Clock = real_clock,
        monotonic: Callable[[], float] = counting_pauses,
        ticking: bool = True,
        timing: Timing | None = None,
        teams_rates: Rates | None = None,
        patience: float | None = None,
    ) -> None:
        self.settings = settings
        self.engine = engine
        self.clock = clock
        self.monotonic = monotonic
        self.ticking = ticking
        self.threads = WorkerThreads(patience=patience or ANSWER_WITHIN_SECONDS)
        self._stepping = asyncio.Lock()
        self.page = self._at_the_page() if settings.workspace_on else None
        self.day: Clock = self.page.day if self.page is not None else clock
        self.office = Office(engine=engine, clock=self.day, public_url=settings.public_url)
        self.clients = SlackClients(settings.slack_api_base_url)
        self.own = OwnWorkspace(settings, engine, self.clients)
        self.platform = SlackPlatform(self.clients, self._token_of)
        self.teams = self._at_teams(teams_rates, patience or TEAMS_ANSWERS_WITHIN) if settings.teams_given else None
        platforms: dict[str, Platform] = {SLACK: self.platform}
        if self.teams is not None:
            platforms[TEAMS] = self.teams.platform
        if self.page is not None:
            platforms[PAGE] = self.page.platform
        self.sender = Sender(
            engine,
            clock,
            monotonic,
            platforms,
            render=render,
            shrunk=shrunk,
            overtakes=overtakes,
            delivered=delivered,
            undeliverable=undeliverable,
            day=self.day,
            gather=file_to_send,
            timing=timing,
            lane_ended=self._lane_ended,
        )
        self.watchdog = Watchdog(monotonic)
        self.housekeeping = Housekeeping(engine, settings)
        self.heartbeat = Heartbeat(self.beat, settings.tick_seconds, self._next_due, clock)
        self.slack = create_slack_app(
            slack_service(self.office, self._owed),
            threads=self.threads,
            clients=self.clients,
            signing_secret=settings.slack_signing_secret.get_secret_value() or None,
            monotonic=monotonic,
        )
        app_token = settings.slack_app_token.get_secret_value()
        self.socket = SocketMode(self.slack, app_token, self.clients) if app_token else None
        self.loop: asyncio.AbstractEventLoop | None = None

    def _at_the_page(self) -> Workspace:
        return Workspace(
            self.settings,
            self.engine,
            self.clock,
            self.threads,
            owed=self._owed,
            step=self._step,
            turn=self._stepping,
        )

    def _at_teams(self, rates: Rates | None, patience: float) -> Teams:
        waits_by = self.monotonic
        return Teams(self.settings, self.office, self.threads, self._owed, rates, monotonic=waits_by, patience=patience)

    @property
    def web(self) -> Starlette:
        """The web application, starting and stopping everything with itself."""
        return create_web(
            Site(
                problems=self._problems,
                warnings=self._warnings,
                slack=self.slack,
                metrics=self._metrics,
                metrics_token=self.settings.metrics_token.get_secret_value(),
                routes=[
                    *link_routes(Links(waits=self._link_waits, take=self._file)),
                    *install_routes(self.office, self.settings, self.clients, self._owed),
                    *(self.teams.routes if self.teams is not None else ()),
                    *(self.page.routes if self.page is not None else ()),
                ],
                start=(self._start,),
                stop=self._stops,
            )
        )

    async def beat(self) -> None:
        """One tick: look at the clocks, fire what fell due, send what is owed."""
        now = self.clock()
        if self.watchdog.tick(now) is Verdict.SKIP:
            return
        await self.own.connect(now)
        if self.teams is not None:
            self.threads.keep(self.teams.keep_warm(), what="keys of Teams")
        if self.page is not None:
            await self._step()
        else:
            await self._act_on_what_is_due()
            await self._begin_delivery()
        await self.housekeeping.tell_outside(self.clients.session, now)

    async def _act_on_what_is_due(self) -> None:
        """The daily duties, and what fell due by the service's day."""
        day = self.day()
        await asyncio.to_thread(self.housekeeping.daily, day)
        while await asyncio.to_thread(sweep, self.engine, day, fire, monotonic=time.monotonic):
            pass

    async def _step(self) -> None:
        """What is due by the page's day, with all that follows from it, before the day is moved on again."""
        async with self._stepping:
            await self._act_on_what_is_due()
            await self._deliver()

    async def _begin_delivery(self) -> None:
        if self.ticking:
            self.threads.keep(self._deliver(), what="delivery")
        else:
            await self._deliver()

    async def _deliver(self) -> None:
        """Send what is owed; lanes already at work are only told to look again."""
        while await self.sender.deliver_due():
            pass

    async def _start(self) -> None:
        self.loop = asyncio.get_running_loop()
        await asyncio.to_thread(bind_domains, self.engine, self.settings)
        await self.own.connect(self.clock())
        if self.teams is not None:
            await self.teams.connect(self.clock())
        if self.page is not None:
            await self.page.connect()
        if self.socket is not None:
            await self.socket.start()
        if self.ticking:
            self.heartbeat.start()

    @property
    def _stops(self) -> Sequence[Step]:
        """The last steps, in order. Together they leave ten seconds from the signal to the end of the process."""
        return (
            self._rest,
            *((self.socket.stop,) if self.socket is not None else ()),
            partial(self.threads.drain, DRAIN_SECONDS),
            self.clients.stop,
            *((self.teams.stop,) if self.teams is not None else ()),
        )

    async def _rest(self) -> None:
        """Begin nothing new."""
        if self.ticking:
            self.heartbeat.stop()
        if self.page is not None:
            await self.page.stop()
        self.sender.stop()

    async def _next_due(self) -> datetime | None:
        """The next moment at which there is something to do: a nudge falls due, or a message may go."""
        nudge = await asyncio.to_thread(next_nudge, self.engine)
        if nudge is not None:
            nudge = nudge - (self.day() - self.clock())
        moments = (nudge, self.sender.next_due())
        return min((moment for moment in moments if moment is not None), default=None)

    def _lane_ended(self) -> None:
        """Called on the loop when a lane rests: what waits there may be due before the next tick."""
        if self.ticking:
            self.heartbeat.look_ahead(self.sender.next_due())

    def _owed(self) -> None:
        """Called from worker threads after each act."""
        if self.ticking and self.loop is not None:
            self.loop.call_soon_threadsafe(self.heartbeat.poke)

    async def _token_of(self, workspace: str) -> str | None:
        found = await asyncio.to_thread(connection_of, self.engine, workspace)
        return found[1] if found is not None else None

    async def _problems(self) -> Sequence[str]:
        return await asyncio.to_thread(self.housekeeping.problems, self.watchdog, self.clock())

    async def _warnings(self) -> Sequence[str]:
        return await asyncio.to_thread(self.housekeeping.warnings, self.clock())

    async def _metrics(self) -> Mapping[str, float]:
        counts = await asyncio.to_thread(self.housekeeping.counts, self.day())
        alarms = {"teams_alarms": float(self.teams.edge.alarms)} if self.teams is not None else {}
        return {**counts, **asdict(self.sender.counters), **alarms}

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
    settings = service.settings
    address = f"http://{settings.host}:{settings.port}"
    if settings.slack_given:
        log.info("Serving Slack by %s", "Socket Mode" if service.socket is not None else f"{address}/slack/events")
    if service.teams is not None:
        log.info("Serving Teams at %s/teams/messages", address)
    log.info("Health at %s/healthz", address)
    server = Server(
        service.web,
        host=settings.host,
        port=settings.port,
        proxies=settings.proxies,
        listening=service.page.say_where if service.page is not None else lambda: None,
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
