"""The one web application: what each address leads to, and what is started and stopped with it."""

import hmac
import ipaddress
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field

from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

Endpoint = Callable[[Request], Awaitable[Response]]
Step = Callable[[], Awaitable[object]]

LARGEST_BODY = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Site:
    """What the application is made of. Steps run in order at the start and in order at the stop."""

    # what keeps it from working, in plain lines; nothing when ready
    problems: Callable[[], Awaitable[Sequence[str]]]
    slack: AsyncApp | None = None
    # name -> present value; each an `iro_bot_...` gauge for Prometheus
    metrics: Callable[[], Awaitable[Mapping[str, float]]] | None = None
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
    if site.slack is not None:
        routes.append(Route("/slack/events", _slack(site.slack), methods=["POST"]))
    if site.metrics is not None:
        routes.append(Route("/metrics", _metrics(site.metrics, site.metrics_token), methods=["GET"]))
    return Starlette(routes=[*routes, *site.routes], lifespan=_lifespan(site))


def _lifespan(site: Site) -> Callable[[Starlette], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        try:
            for step in site.start:
                await step()
            yield
        finally:
            for step in site.stop:
                await step()

    return lifespan


async def _alive(_: Request) -> Response:
    return PlainTextResponse("alive\n")


def _ready(site: Site) -> Endpoint:
    async def ready(_: Request) -> Response:
        problems = await site.problems()
        if problems:
            return PlainTextResponse("".join(f"{problem}\n" for problem in problems), status_code=503)
        return PlainTextResponse("ready\n")

    return ready


def _slack(app: AsyncApp) -> Endpoint:
    handler = AsyncSlackRequestHandler(app)

    async def events(request: Request) -> Response:
        told = request.headers.get("content-length", "0")
        if not told.isdigit() or int(told) > LARGEST_BODY:
            return PlainTextResponse("too large\n", status_code=413)
        # What is no number would be an error of the verifier, and that is answered as one of ours.
        if not request.headers.get("x-slack-request-timestamp", "").isdecimal():
            return PlainTextResponse("not signed\n", status_code=401)
        return await handler.handle(request)

    return events


def _metrics(read: Callable[[], Awaitable[Mapping[str, float]]], token: str) -> Endpoint:
    async def metrics(request: Request) -> Response:
        if not _may_read(request, token):
            return PlainTextResponse("not found\n", status_code=404)
        values = await read()
        lines = (f"# TYPE iro_bot_{name} gauge\niro_bot_{name} {value:g}\n" for name, value in values.items())
        return PlainTextResponse("".join(lines), media_type="text/plain; version=0.0.4")

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
