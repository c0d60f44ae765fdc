"""Slack's request signature, version 0: HMAC-SHA256 over `v0:{timestamp}:{body}`."""

import hashlib
import hmac
import time


def signed_headers(secret: str, body: str, timestamp: int | None = None) -> dict[str, str]:
    """The two headers that prove a body came from Slack; `timestamp` is Unix seconds, now when left out."""
    moment = str(int(time.time()) if timestamp is None else timestamp)
    base = f"v0:{moment}:{body}".encode()
    signature = "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": moment, "X-Slack-Signature": signature}
