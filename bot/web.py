"""The one web application: what each address leads to, and what is started and stopped with it."""

import hmac
import ipaddress
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from bot.door.door import Door
from bot.incidents import report

Endpoint = Callable[[Request], Awaitable[Response]]
Step = Callable[[], Awaitable[object]]
PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True, kw_only=True)
class Remark:
    """A line of readiness. It may name an authority, a concern or what a platform said; `plain` is its kind alone."""

    said: str
    plain: str


@dataclass(frozen=True, kw_only=True)
class Site:
    """What the application is made of. Steps run in order at the start and in order at the stop."""

    # what keeps it from working; nothing when ready
    problems: Callable[[], Awaitable[Sequence[Remark]]]
    # what should be looked at; it keeps nothing from working
    warnings: Callable[[], Awaitable[Sequence[Remark]]] | None = None
    # the page that Prometheus reads
    metrics: Callable[[], Awaitable[bytes]] | None = None
    metrics_token: str = ""
    routes: Sequence[BaseRoute] = ()
    start: Sequence[Step] = ()
    stop: Sequence[Step] = field(default=())


def create_web(site: Site) -> Starlette:
    """The application, to be served by uvicorn."""
    routes: list[BaseRoute] = [
        Route("/healthz", _alive, methods=["GET"]),
        Route("/readyz", _ready(site), methods=["GET"]),
    ]
    if site.metrics is not None:
        routes.append(Route("/metrics", _metrics(site.metrics, site.metrics_token), methods=["GET"]))
    routes.extend(site.routes)
    door = Door(routes)
    app = Starlette(routes=routes, middleware=[Middleware(door.before)], lifespan=_lifespan(site))
    app.state.door = door
    return app


def _lifespan(site: Site) -> Callable[[Starlette], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        try:
            for step in site.start:
                await step()
            yield
        finally:
            for step in site.stop:
                await _ended(step)

    return lifespan


async def _ended(step: Step) -> None:
    """One step of the stop. What goes wrong in it is said, and keeps none of the others from being taken."""
    try:
        await step()
    except Exception as error:  # noqa: BLE001 - whatever it is, the other steps must be taken
        report(error, platform="any", deed="stop")


async def _alive(_: Request) -> Response:
    return PlainTextResponse("alive\n")


def _ready(site: Site) -> Endpoint:
    async def ready(request: Request) -> Response:
        whole = _may_read(request, site.metrics_token)
        problems = await site.problems()
        if problems:
            return PlainTextResponse(_page(problems, whole=whole), status_code=503)
        warnings = await site.warnings() if site.warnings is not None else ()
        return PlainTextResponse("ready\n" + _page(warnings, whole=whole))

    return ready


def _page(lines: Sequence[Remark], *, whole: bool) -> str:
    """Each line once: whole for those who may read the metrics, else in plain words."""
    return "".join(f"{one}\n" for one in dict.fromkeys(line.said if whole else line.plain for line in lines))


def _metrics(read: Callable[[], Awaitable[bytes]], token: str) -> Endpoint:
    async def metrics(request: Request) -> Response:
        if not _may_read(request, token):
            return PlainTextResponse("not found\n", status_code=404)
        return Response(await read(), media_type=PROMETHEUS)

    return metrics


def _may_read(request: Request, token: str) -> bool:
    """With a token set, only its bearer; without one, only this machine, and not through a proxy on it."""
    if token:
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        return hmac.compare_digest(given.encode(), token.encode())
    forwarded = "x-forwarded-for" in request.headers or "forwarded" in request.headers
    host = request.client.host if request.client else ""
    try:
        return ipaddress.ip_address(host).is_loopback and not forwarded
    except ValueError:
        return False
