"""Who may come in at /teams/messages: what is too large, broken, unsigned, foreign or unknown to us goes no further."""

import ipaddress
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import jwt
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from bot.letters import cleaned
from bot.teams import parsing
from bot.teams.clouds import is_loopback, may_be_called
from bot.teams.keys import KeysUnknown, SigningKeys, Validator

log = logging.getLogger("bot")

LARGEST_BODY = 256_000
TOKEN_LENGTH = 20_000
CHANNEL = "msteams"
WAIT_SECONDS = "5"

DONE = Response(status_code=200)
NOT_SIGNED = PlainTextResponse("not signed\n", status_code=401)
NOT_HERE = PlainTextResponse("not for this tenant\n", status_code=403)
NOT_JSON = PlainTextResponse("not an activity\n", status_code=400)
TOO_LARGE = PlainTextResponse("too large\n", status_code=413)
KEYS_UNKNOWN = PlainTextResponse(
    "the signing keys cannot be read\n", status_code=503, headers={"Retry-After": WAIT_SECONDS}
)

Activity = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Proof:
    """How a request proves itself; without keys (a trial on this machine) it does not have to.

    `trial`: service URLs on this machine may be called over plain http.
    """

    keys: SigningKeys | None
    validator: Validator | None
    trial: bool


class Gate:
    """Lets activities in. `admits` says whether a tenant is served here."""

    def __init__(self, proof: Proof, admits: Callable[[str, Activity], Awaitable[bool]]) -> None:
        self._proof = proof
        self._admits = admits

    async def enter(self, request: Request) -> Activity | Response:
        """The activity, or what the request is answered with instead."""
        token = bearer(request)
        comes_with_proof = bool(token) if self._proof.validator is not None else from_this_machine(request)
        if not comes_with_proof:
            return NOT_SIGNED
        body = await _body(request)
        if body is None:
            return TOO_LARGE
        activity = read(body)
        if activity is None:
            return NOT_JSON
        return await self._unproved(token, activity) or await self._for_us(activity)

    async def _for_us(self, activity: Activity) -> Activity | Response:
        if not parsing.is_ours(activity):
            return DONE
        service_url = activity.get("serviceUrl")
        if not isinstance(service_url, str) or not may_be_called(service_url, trial=self._proof.trial):
            return NOT_SIGNED
        if self._proof.validator is None and not is_loopback(service_url):
            return NOT_SIGNED  # nothing proves it
        tenant = parsing.tenant_of(activity)
        return activity if tenant and await self._admits(tenant, activity) else NOT_HERE

    async def _unproved(self, token: str, activity: Activity) -> Response | None:
        """None: it is proved, and its service URL with it."""
        if self._proof.validator is None or self._proof.keys is None:
            return None
        service_url = activity.get("serviceUrl")
        try:
            key_id = str(jwt.get_unverified_header(token).get("kid"))
            if not await self._proof.keys.known(key_id):
                return NOT_SIGNED
            claims = await self._proof.validator.validate_token(token, service_url)
        except KeysUnknown:
            return KEYS_UNKNOWN
        except (jwt.PyJWTError, ValueError, TypeError, AttributeError):
            return NOT_SIGNED
        # The library takes tokens that never end, and does not look for which channel a key may sign.
        lasting = "exp" not in claims or not claims.get("serviceurl")
        endorsed = self._proof.keys.endorses(key_id, CHANNEL) and activity.get("channelId", CHANNEL) == CHANNEL
        return None if endorsed and not lasting else NOT_SIGNED


def read(body: bytes) -> Activity | None:
    """The activity; None where the body is no JSON object."""
    try:
        activity = cleaned(json.loads(body))
    except (ValueError, RecursionError):
        return None
    return activity if isinstance(activity, dict) else None


def bearer(request: Request) -> str:
    """The token of the Authorization header, if it has a shape that can be looked at."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token if scheme.lower() == "bearer" and 0 < len(token) <= TOKEN_LENGTH else ""


def from_this_machine(request: Request) -> bool:
    """Whether it comes from this machine, and not through a proxy or tunnel on it."""
    if "x-forwarded-for" in request.headers or "forwarded" in request.headers:
        return False
    try:
        return ipaddress.ip_address(request.client.host if request.client else "").is_loopback
    except ValueError:
        return False


async def _body(request: Request) -> bytes | None:
    """The body; None when it is larger than any activity, whatever its header says."""
    told = request.headers.get("content-length", "0")
    if not told.isdecimal() or int(told) > LARGEST_BODY:
        return None
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST_BODY:
            return None
    return body
