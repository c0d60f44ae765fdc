"""How what a person does reaches the bot: signed over HTTP, or as an envelope over Socket Mode."""

import json
import ssl
from typing import Protocol
from urllib.parse import urlencode, urlsplit

import httpx2

from tests.slack_standin.jsontypes import Json
from tests.slack_standin.limits import ACKNOWLEDGE_SECONDS
from tests.slack_standin.payloads import form_body
from tests.slack_standin.signing import signed_headers
from tests.slack_standin.socket_mode import NotAcknowledged, SocketHub

_NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # 127.0.0.1 only: saves loading certificates each time
_FORM = "application/x-www-form-urlencoded"


class NoAnswer(Exception):
    """The bot did not answer 200 within three seconds: the person sees operation_timeout."""


class Delivery(Protocol):
    """A way to the bot. Each call gives the answer as JSON, {} when there is none; NoAnswer when it fails."""

    def command(self, form: dict[str, str]) -> Json:
        """A slash command."""

    def interaction(self, payload: Json) -> Json:
        """Anything done with a message, a view or a shortcut."""

    def event(self, payload: Json, retry: int = 0) -> Json:
        """An event; `retry` counts earlier attempts at the same one."""


class HttpDelivery:
    """Posts to the bot's address, /slack/events where no path is given."""

    def __init__(self, bot_url: str, signing_secret: str, patience: float = ACKNOWLEDGE_SECONDS) -> None:
        path = urlsplit(bot_url).path.rstrip("/")
        self.address = bot_url if path else bot_url.rstrip("/") + "/slack/events"
        self._secret = signing_secret
        self._patience = patience

    def command(self, form: dict[str, str]) -> Json:
        """A slash command, form-encoded."""
        return self._post(urlencode(form), _FORM, {})

    def interaction(self, payload: Json) -> Json:
        """An interaction: one form field of JSON."""
        return self._post(form_body(payload), _FORM, {})

    def event(self, payload: Json, retry: int = 0) -> Json:
        """An event, as JSON, marked when it is a repeat."""
        marks = {"X-Slack-Retry-Num": str(retry), "X-Slack-Retry-Reason": "http_timeout"} if retry else {}
        return self._post(json.dumps(payload), "application/json", marks)

    def _post(self, body: str, content_type: str, marks: dict[str, str]) -> Json:
        headers = {"Content-Type": content_type, **marks, **signed_headers(self._secret, body)}
        with httpx2.Client(verify=_NO_TLS, trust_env=False, timeout=self._patience) as client:
            try:
                response = client.post(self.address, content=body, headers=headers)
            except httpx2.TransportError as failure:
                raise NoAnswer(f"operation_timeout: {type(failure).__name__}") from failure
        if response.status_code != httpx2.codes.OK or response.elapsed.total_seconds() > self._patience:
            raise NoAnswer(f"The bot answered {response.status_code} after {response.elapsed.total_seconds():.2f} s.")
        if not response.text.strip():
            return {}
        if "json" not in response.headers.get("content-type", ""):
            return {"text": response.text}
        answer: Json = response.json()
        return answer


class SocketDelivery:
    """Sends envelopes to the bot's socket."""

    def __init__(self, hub: SocketHub) -> None:
        self._hub = hub

    def command(self, form: dict[str, str]) -> Json:
        """A slash command."""
        return self._send("slash_commands", dict(form), 0)

    def interaction(self, payload: Json) -> Json:
        """An interaction."""
        return self._send("interactive", payload, 0)

    def event(self, payload: Json, retry: int = 0) -> Json:
        """An event."""
        return self._send("events_api", payload, retry)

    def _send(self, kind: str, payload: Json, retry: int) -> Json:
        reason = "timeout" if retry else ""
        try:
            return self._hub.send(kind, payload, retry_attempt=retry, retry_reason=reason)
        except NotAcknowledged as failure:
            raise NoAnswer(str(failure)) from failure
