"""Slack's address: the signature over the raw bytes, then the payload in its shape, then Bolt."""

from slack_bolt.adapter.starlette.async_handler import to_starlette_response
from slack_bolt.request.async_request import AsyncBoltRequest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from bot.door.entrance import Entrance
from bot.slack import payloads
from bot.slack.app import SlackApp
from bot.sound_json import Malformed

ENDPOINT = "/slack/events"
LARGEST_BODY = 1_000_000
"""Bytes. A view may have 250 kB, which a form's encoding makes three times as long."""
MALFORMED = PlainTextResponse("not a request of Slack's\n", status_code=400)


def entrance(app: SlackApp) -> Entrance:
    """The route for commands, interactions, options and events."""

    async def events(request: Request) -> Response:
        try:
            payload = payloads.read(await request.body(), request.headers.get("content-type", ""))
        except Malformed:
            return MALFORMED
        return to_starlette_response(await app.async_dispatch(proved(payload)))

    return Entrance(ENDPOINT, events, proof=app.signature.refusal, largest=LARGEST_BODY)


def proved(payload: payloads.Payload) -> AsyncBoltRequest:
    """The payload for Bolt, as it takes those of Socket Mode: proved by another than Bolt, and read only once."""
    return AsyncBoltRequest(mode="socket_mode", body=payload)
