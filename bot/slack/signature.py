"""The proof that a request comes from Slack: its signature over the raw bytes of the body (version 0).

docs.slack.dev/authentication/verifying-requests-from-slack
"""

import hashlib
import hmac
import re

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from bot.clock import real_clock
from scheduling.clock import Clock

WINDOW_SECONDS = 300
SECONDS = re.compile(rb"[0-9]{1,12}")
"""Nothing else that Python would take for a number: other scripts' digits, signs, or hundreds of digits."""
NOT_SIGNED = PlainTextResponse("not signed\n", status_code=401)


class Signature:
    """Tells Slack's requests by the app's signing secret. `clock` is the machine's: Slack goes by the real time."""

    def __init__(self, secret: str, clock: Clock = real_clock) -> None:
        self._secret = secret.encode()
        self._clock = clock

    async def refusal(self, request: Request) -> Response | None:
        """None for a request of Slack's; else what it is answered with."""
        given = {name: request.headers.getlist(f"x-slack-{name}") for name in ("request-timestamp", "signature")}
        if any(len(values) != 1 for values in given.values()):
            return NOT_SIGNED
        # Headers are bytes, which Starlette reads as Latin-1: so they become the same bytes again.
        timestamp, signature = (values[0].encode("latin-1") for values in given.values())
        return None if self.proves(timestamp, signature, await request.body()) else NOT_SIGNED

    def proves(self, timestamp: bytes, signature: bytes, body: bytes) -> bool:
        """Whether this signature was made over this body, less than five minutes from now."""
        if SECONDS.fullmatch(timestamp) is None:
            return False
        if abs(self._clock().timestamp() - int(timestamp)) > WINDOW_SECONDS:
            return False
        made = hmac.new(self._secret, b"v0:" + timestamp + b":" + body, hashlib.sha256).hexdigest()
        return hmac.compare_digest(b"v0=" + made.encode(), signature)
