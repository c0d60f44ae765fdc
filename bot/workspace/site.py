"""The page's addresses: the seats and their chats, what is typed and pressed in them, and the clock above all."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from markupsafe import Markup
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute

from bot.reception.port import Port
from bot.reception.reception import Reception
from bot.workspace import acts
from bot.workspace.acts import Act, Sent, Unreadable
from bot.workspace.chats import Chats, Drawn
from bot.workspace.council import Council
from bot.workspace.doors import Doors
from bot.workspace.drawing import Drawing
from bot.workspace.guard import TOKEN, Guard
from bot.workspace.home import Home, Homes
from bot.workspace.hub import Hub
from bot.workspace.moving import By, Mover
from bot.workspace.plays import Plays
from bot.workspace.replies import Replies
from bot.workspace.seats import Seat, Seats
from handlers.cards import Answer
from scheduling.clock import Clock
from scheduling.working_days import local

AT = "/workspace"
ASSETS = Path(__file__).with_name("assets")
STREAM_QUIET_SECONDS = 20
DIGITS = 12
"""Of a number that a page sends back; no page is drawn with one that is longer."""
NO_SEAT = "There is no such seat.\n"
TOO_OFTEN = "Too many passphrases were tried from here: wait a minute, then load the page again.\n"
UNREADABLE = "This is not what a form of this page sends: load the page again.\n"


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What the page is made of."""

    guard: Guard
    seats: Callable[[], Seats]
    chats: Chats
    reception: Reception
    hub: Hub
    mover: Mover
    day: Clock
    works_on: Callable[[datetime], bool]
    called: Callable[[], str]
    council: Council | None
    homes: Homes


class PageSite(Port[Act]):
    """Draws the page and takes in what is done on it."""

    def __init__(self, parts: Parts, drawing: Drawing) -> None:
        self._parts = parts
        self._drawing = drawing
        self._replies = Replies(drawing)
        self._assets = {file.name for file in ASSETS.iterdir()}
        self._plays = Plays()
        self._doors = Doors(parts.guard, parts.council, self._plays, self._door) if parts.council is not None else None

    def halt(self) -> None:
        """Leave what is still being made, played or walked through, and end the streams: the bot is being stopped."""
        self._plays.halt()
        self._parts.mover.halt()
        if self._parts.council is not None:
            self._parts.council.stop()
        self._parts.hub.close()

    @property
    def routes(self) -> Sequence[BaseRoute]:
        """For the web application; `/` leads to the page."""
        at = self._parts.guard.entrance
        return (
            at("/", self._home, asks=False),
            at(f"{AT}/", self._start),
            at(f"{AT}/enter", self._enter, "GET", "POST", asks=False),
            at(f"{AT}/seats/{{keys}}", self._seats),
            at(f"{AT}/seats/{{key}}/command", self._command, "POST"),
            at(f"{AT}/seats/{{key}}/press", self._act(acts.press), "POST"),
            at(f"{AT}/seats/{{key}}/submit", self._act(acts.submission), "POST"),
            at(f"{AT}/seats/{{key}}/search", self._act(acts.search), "POST"),
            at(f"{AT}/clock", self._clock, "POST"),
            at(f"{AT}/news", self._news),
            at(f"{AT}/stream", self._stream),
            at(f"{AT}/files/{{number:int}}", self._file),
            at(f"{AT}/assets/{{name}}", self._asset, asks=False),
            *(self._doors.routes if self._doors is not None else ()),
        )

    # ---------------------------------------------------------------- whole pages

    async def _home(self, _: Request) -> Response:
        return RedirectResponse(f"{AT}/", 307)

    async def _start(self, request: Request) -> Response:
        return await self._waiting(request) or await self._page(
            "start.html", await asyncio.to_thread(self._parts.seats)
        )

    async def _seats(self, request: Request) -> Response:
        if (waiting := await self._waiting(request)) is not None:
            return waiting
        seats = await asyncio.to_thread(self._parts.seats)
        shown = seats.shown(request.path_params["keys"])
        if not shown:
            return PlainTextResponse(NO_SEAT, 404)
        chats, begun = self._parts.chats, self._parts.hub.begun
        drawn, opened = await asyncio.to_thread(chats.opened, [seat.account for seat in shown])
        locks = {seat.key: await asyncio.to_thread(chats.lock_screen, seat.account) for seat in shown}
        homes = await self._homes_of(shown)
        return await self._page(
            "seat.html",
            seats,
            shown,
            phones=list(zip(shown, opened, strict=True)),
            locks=locks,
            homes=homes,
            drawn=drawn,
            begun=begun,
            others=[seat for seat in seats.offered(()) if seat not in shown],
            practising=await self._practising(),
        )

    async def _homes_of(self, shown: Sequence[Seat]) -> dict[str, Home]:
        return {seat.key: await asyncio.to_thread(self._parts.homes.of, seat.account) for seat in shown}

    async def _waiting(self, request: Request) -> Response | None:
        """While the council is being made: how far it is. A page that waits is drawn anew once it is there."""
        council = self._parts.council
        making = await asyncio.to_thread(council.state) if council is not None else None
        asked_again = "hx-request" in request.headers
        if making is None:
            return HTMLResponse("", headers={"HX-Refresh": "true"}) if asked_again else None
        if asked_again:
            return HTMLResponse(self._drawing.part("making", making, oob=True))
        return HTMLResponse(
            self._drawing.page("waiting.html", council="Anyshire", making=making, again=str(request.url.path))
        )

    async def _practising(self, *, oob: bool = False) -> Markup:
        council = self._parts.council
        found = await asyncio.to_thread(council.practising) if council is not None else None
        return self._drawing.part("practising", found, oob=oob)

    async def _enter(self, request: Request) -> Response:
        guard, wrong = self._parts.guard, False
        if not guard.asks:
            return RedirectResponse(f"{AT}/", 303)
        if request.method == "POST":
            if not guard.may_try(request.client.host if request.client is not None else ""):
                return PlainTextResponse(TOO_OFTEN, 429, headers={"Retry-After": "10"})
            given = await _sent(request)
            if guard.opens(given.text("passphrase")):
                response = RedirectResponse(f"{AT}/", 303)
                guard.admit(response, secure=request.url.scheme == "https")
                return response
            wrong = True
        html = self._drawing.page("enter.html", council="training", wrong=wrong)
        return HTMLResponse(html, 403 if wrong else 200)

    async def _door(self, template: str, **given: object) -> Response:
        """A page of one of the doors besides the seats."""
        return await self._page(template, await asyncio.to_thread(self._parts.seats), (), **given)

    async def _page(self, template: str, seats: Seats, shown: Sequence[Seat] = (), **given: object) -> Response:
        parts = self._parts
        return HTMLResponse(
            self._drawing.page(
                template,
                council=await asyncio.to_thread(parts.called),
                has_doors=self._doors is not None,
                token_header=json.dumps({TOKEN: parts.guard.token}),
                clock=await self._clock_part(),
                seats=seats,
                seats_part=await self._seats_part(seats, shown),
                **given,
            )
        )

    # ---------------------------------------------------------------- acts

    async def _command(self, request: Request) -> Response:
        seat, given = await self._in_seat(request)
        if seat is None:
            return PlainTextResponse(NO_SEAT, 404)
        line = given.text("line").strip()
        answer = await self._answered(act := acts.command(seat.account, line))
        typed = self._drawing.part("typed", seat.key, line) if line else Markup()
        return HTMLResponse(typed + self._replies.reply(seat, act, given, answer))

    def _act(self, read: Callable[[str, Sent], Act]) -> Callable[[Request], Awaitable[Response]]:
        async def acted(request: Request) -> Response:
            seat, given = await self._in_seat(request)
            if seat is None:
                return PlainTextResponse(NO_SEAT, 404)
            try:
                act = read(seat.account, given)
            except Unreadable:
                return PlainTextResponse(UNREADABLE, 400)
            if act.problems:
                return HTMLResponse(self._replies.wrong(seat, given, dict(act.problems)))
            answer = await self._answered(act)
            return HTMLResponse(self._replies.reply(seat, act, given, answer))

        return acted

    async def _answered(self, act: Act) -> Answer:
        """What reception says to an act; the pages look again, though the act may have posted nothing."""
        answer = await self._parts.reception.answered(self, act)
        self._parts.hub.changed()
        return answer

    async def _in_seat(self, request: Request) -> tuple[Seat | None, Sent]:
        seats = await asyncio.to_thread(self._parts.seats)
        return seats.acting(request.path_params["key"]), await _sent(request)

    # ---------------------------------------------------------------- the clock, and what is new

    async def _clock(self, request: Request) -> Response:
        given = await _sent(request)
        if given.text("by") not in list(By):
            return PlainTextResponse(UNREADABLE, 400)
        await self._parts.mover.on(By(given.text("by")))
        self._parts.hub.changed()
        return HTMLResponse(await self._clock_part(oob=True))

    async def _news(self, request: Request) -> Response:
        """What is new in the chats that a page shows, as parts that take their places."""
        seats = await asyncio.to_thread(self._parts.seats)
        shown = seats.shown(request.query_params.get("shown", ""))
        begun = self._parts.hub.begun
        if self._parts.hub.is_replaced(request.query_params.get("begun", "")):
            return HTMLResponse("", headers={"HX-Refresh": "true"})
        numbers = [request.query_params.get(name, "0") for name in ("since", "last")]
        if not all(number.isascii() and number.isdigit() for number in numbers):
            return PlainTextResponse(UNREADABLE, 400)
        since = Drawn(version=int(numbers[0][:DIGITS]), last=int(numbers[1][:DIGITS]))
        news = await asyncio.to_thread(self._parts.chats.news, since, tuple(one.account for one in shown))
        if news.whole:
            return HTMLResponse("", headers={"HX-Refresh": "true"})
        homes = await self._homes_of(shown)
        version = self._drawing.part("version", news.drawn, begun, homes, oob=True)
        parts = [version, await self._clock_part(oob=True)]
        for key, home in homes.items():
            if f"{key}.{home.mark}" not in request.query_params.getlist("home"):
                parts.append(self._drawing.part("home", key, home.shown, oob=True))
        for seat in shown:
            mine = [change for change in news.changes if change.account == seat.account]
            for change in mine:
                if change.new:
                    parts.append(self._drawing.part("into_chat", seat.key, change.shown))
                else:
                    parts.append(self._drawing.part("message", seat.key, change.shown, oob=True))
            if mine:
                locked = await asyncio.to_thread(self._parts.chats.lock_screen, seat.account)
                parts.append(self._drawing.part("lock", seat.key, locked, oob=True))
        parts.append(await self._seats_part(seats, shown, oob=True))
        parts.append(await self._practising(oob=True))
        return HTMLResponse(Markup().join(parts))

    async def _stream(self, _: Request) -> Response:
        """Tells a page that there is something new; what, it asks itself, so that nothing is lost on the way."""
        return EventSourceResponse(self._events(), ping=STREAM_QUIET_SECONDS)

    async def _events(self) -> AsyncIterator[ServerSentEvent]:
        hub, seen, started_over = self._parts.hub, -1, self._parts.hub.started_over
        while not hub.closing:
            if hub.started_over != started_over:
                started_over = hub.started_over
                yield ServerSentEvent(event="over", data="")
            elif hub.changes != seen:
                seen = hub.changes
                yield ServerSentEvent(event="news", data=str(seen))
            await hub.wait(seen, STREAM_QUIET_SECONDS)

    async def _file(self, request: Request) -> Response:
        found = await asyncio.to_thread(self._parts.chats.file, request.path_params["number"])
        if found is None:
            return PlainTextResponse("There is no such file.\n", 404)
        headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(found.name, safe='')}"}
        return Response(found.content, media_type=found.media_type, headers=headers)

    async def _asset(self, request: Request) -> Response:
        """A style, a script or a picture; a browser may keep it, and asks whether it has changed."""
        name = request.path_params["name"]
        if name not in self._assets:
            return PlainTextResponse("There is no such file.\n", 404)
        return FileResponse(ASSETS / name, headers={"Cache-Control": "no-cache"})

    # ---------------------------------------------------------------- parts that stand on every page

    async def _clock_part(self, *, oob: bool = False) -> Markup:
        now = self._parts.day()
        worked = await asyncio.to_thread(self._parts.works_on, local(now))
        mover = self._parts.mover
        return self._drawing.part("clock", now, worked, mover.passed, mover.moving, oob=oob)

    async def _seats_part(self, seats: Seats, shown: Sequence[Seat], *, oob: bool = False) -> Markup:
        unseen = await asyncio.to_thread(self._parts.chats.unseen)
        keys = {seat.key for seat in shown}
        return self._drawing.part("seats", seats.offered(shown), keys, unseen, oob=oob)


async def _sent(request: Request) -> Sent:
    async with request.form(max_files=0, max_fields=500) as form:
        return acts.sent((name, value) for name, value in form.multi_items() if isinstance(value, str))
