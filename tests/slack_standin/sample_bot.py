"""A bot of a few listeners, built as the product's own is, to try the stand-in with."""

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from typing import Protocol

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.slack_standin.jsontypes import Json
from tests.slack_standin.sample_blocks import concern_form, modal, plain, row, section
from tests.slack_standin.server import SlackStandIn

SECRET = "signing-secret-of-the-tests"


class Say(Protocol):
    """Bolt's ack and respond, as far as used here."""

    async def __call__(self, **answer: object) -> object:
        """Answer."""


class BrokenOnPurpose(Exception):
    """What the sample bot raises when asked to."""


def sample_bot(standin: SlackStandIn) -> AsyncApp:
    """The bot, talking to the stand-in."""
    web = AsyncWebClient(token="xoxb-standin", base_url=standin.base_url)
    app = AsyncApp(client=web, signing_secret=SECRET, process_before_response=True)
    app.command("/concern")(_concern)
    app.options("child")(_children)
    app.view("concern")(_logged)
    app.view_closed("concern")(_closed)
    app.action("do_preview")(_preview)
    app.action("do_open")(_opened)
    app.action("do_reply")(_reply)
    app.shortcut("log_concern")(_shortcut)
    app.event("app_home_opened")(_home)
    return app


async def _concern(ack: Say, body: Json, client: AsyncWebClient) -> None:
    if body["text"] == "list":
        await ack(text="C-12", blocks=[section("*C-12* for <@U0IRO>"), row(("Open", "12"))])
    elif body["text"] == "bad":
        await ack(text="t", blocks=[section("")])
    elif body["text"] == "broken":
        raise BrokenOnPurpose
    else:
        await _shortcut(ack, body, client)


async def _shortcut(ack: Say, body: Json, client: AsyncWebClient) -> None:
    await client.views_open(trigger_id=body["trigger_id"], view=concern_form())
    await ack()


async def _children(ack: Say, payload: Json) -> None:
    found = [one for one in ("AB-1042", "AB-2000") if payload["value"].lower() in one.lower()]
    await ack(options=[{"text": plain(f"{one} (Anyshire)"), "value": one} for one in found])


async def _logged(ack: Say, view: Json, body: Json, client: AsyncWebClient) -> None:
    values = view["state"]["values"]
    worry = values["worry"]["worry"]["value"]
    if worry == "a postcode":
        await ack(response_action="errors", errors={"worry": "Leave the postcode out."})
    elif worry == "strange":
        await ack(response_action="errors", errors={"nowhere": "Lost."})
    elif worry == "harm":
        await ack(response_action="push", view=modal(section("Sure?"), title="Confirm"))
    else:
        child = values["child"]["child"]["selected_option"]["value"]
        words = f"{child}: {worry}, by {values['by']['by']['selected_date']}"
        lines = [section(words), row(("Reply", "12"), ("Open", "12")), section("C-13"), row(("Open", "13"))]
        await client.chat_postMessage(channel=body["user"]["id"], text=words, blocks=lines)
        await ack()


async def _closed(ack: Say, body: Json, client: AsyncWebClient) -> None:
    await client.chat_postMessage(channel=body["user"]["id"], text="Closed without sending")
    await ack()


async def _preview(ack: Say, body: Json, client: AsyncWebClient) -> None:
    typed = body["view"]["state"]["values"]["worry"]["worry"]["value"]
    view = concern_form()
    view["blocks"].append(section(f"You wrote: {typed}"))
    await client.views_update(view_id=body["view"]["id"], hash=body["view"]["hash"], view=view)
    await ack()


async def _opened(ack: Say, action: Json, respond: Say) -> None:
    await respond(text=f"Concern {action['value']}", response_type="ephemeral", replace_original=False)
    await ack()


async def _reply(ack: Say, body: Json, client: AsyncWebClient) -> None:
    channel, moment = body["channel"]["id"], body["message"]["ts"]
    await client.chat_update(channel=channel, ts=moment, text="Replied", blocks=[])
    await ack()


async def _home(event: Json, client: AsyncWebClient) -> None:
    view = {"type": "home", "blocks": [section("Your day")]}
    await client.views_publish(user_id=event["user"], view=view)


def web_application(app: AsyncApp) -> Starlette:
    """The bot as a web application with Slack's one path."""
    handler = AsyncSlackRequestHandler(app)

    async def endpoint(request: Request) -> Response:
        return await handler.handle(request)

    return Starlette(routes=[Route("/slack/events", endpoint, methods=["POST"])])


@contextlib.contextmanager
def connected(standin: SlackStandIn) -> Iterator[None]:
    """The bot on a socket, on a thread of its own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    async def connect() -> AsyncSocketModeHandler:
        web = AsyncWebClient(token="xapp-1-standin", base_url=standin.base_url)
        made = AsyncSocketModeHandler(
            sample_bot(standin),
            app_token="xapp-1-standin",
            web_client=web,
            ping_interval=0.2,  # Bolt looks every 10 s whether a socket was cut
        )
        await made.connect_async()  # type: ignore[no-untyped-call] # Bolt leaves it without types
        return made

    async def disconnect(made: AsyncSocketModeHandler) -> None:
        await made.close_async()  # type: ignore[no-untyped-call] # Bolt leaves it without types

    handler = asyncio.run_coroutine_threadsafe(connect(), loop).result(10)
    try:
        standin.socket.wait_connected()
        yield
    finally:  # a client left open would go round for ever
        asyncio.run_coroutine_threadsafe(disconnect(handler), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
