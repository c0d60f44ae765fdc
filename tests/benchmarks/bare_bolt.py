"""The peer of commands: a bare Bolt listener behind uvicorn, which does one bare insert and answers. A process."""

import sqlite3
import sys
from asyncio import to_thread
from threading import local
from typing import Any

import psycopg
import uvicorn
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import make_url
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from tests.cast import BOT_TOKEN
from tests.world import SIGNING_SECRET

_OPENED = local()
VIEW = {
    "type": "modal",
    "callback_id": "bare",
    "title": {"type": "plain_text", "text": "Bare"},
    "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "A form."}}],
}


def insert(address: str) -> None:
    """One row, durably, over a connection of this thread."""
    if not hasattr(_OPENED, "connection"):
        _OPENED.connection = _open(address)
    _OPENED.connection.execute("INSERT INTO bare (at) VALUES (1)")


def _open(address: str) -> Any:  # noqa: ANN401 - either driver's connection; both have execute
    if not address.startswith("sqlite"):
        url = make_url(address).set(drivername="postgresql").render_as_string(hide_password=False)
        return psycopg.connect(url, autocommit=True)
    connection = sqlite3.connect(address.removeprefix("sqlite:///"), isolation_level=None, timeout=30)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    return connection


def bare_app(address: str, base_url: str) -> Starlette:
    """`/bare` answers with a sentence, `/bareform` opens a form."""
    plain = AsyncWebClient(base_url=base_url)

    async def authorize(**_: object) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id="T0ANYSHIRE", bot_token=BOT_TOKEN, bot_user_id="U0BOT")

    app = AsyncApp(signing_secret=SIGNING_SECRET, client=plain, authorize=authorize, process_before_response=True)

    @app.command("/bare")
    async def bare(ack: Any) -> None:  # noqa: ANN401 - Bolt gives what a parameter is named for
        await to_thread(insert, address)
        await ack("Done.")

    @app.command("/bareform")
    async def bare_form(ack: Any, body: Any, client: Any) -> None:  # noqa: ANN401 - the same
        await to_thread(insert, address)
        await client.views_open(trigger_id=body["trigger_id"], view=VIEW)
        await ack()

    handler = AsyncSlackRequestHandler(app)

    async def events(request: Request) -> Response:
        return await handler.handle(request)

    async def ready(_: Request) -> Response:
        return PlainTextResponse("ready\n")

    return Starlette(routes=[Route("/slack/events", events, methods=["POST"]), Route("/readyz", ready)])


def main(address: str, base_url: str, port: str) -> None:
    """Serve until killed."""
    connection = _open(address)
    connection.execute("CREATE TABLE IF NOT EXISTS bare (at REAL)")
    uvicorn.run(bare_app(address, base_url), host="127.0.0.1", port=int(port), log_level="warning", access_log=False)


if __name__ == "__main__":
    main(*sys.argv[1:4])
