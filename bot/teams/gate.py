"""Who may come in at /teams/messages: what is unsigned, broken, foreign or unknown to us goes no further."""

import asyncio
import ipaddress
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import jwt
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from bot.sound_json import Malformed, decoded, read_json
from bot.teams import parsing
from bot.teams.clouds import is_loopback, may_be_called
from bot.teams.keys import KeysUnknown, SigningKeys, Validator

log = logging.getLogger("bot")

LARGEST_BODY = 256_000
TOKEN_LENGTH = 20_000
CHANNEL = "msteams"
WAIT_SECONDS = "5"
ADMITTED_SECONDS = 1.0
"""Of the ten in which Teams is answered: the database is asked too, and has the rest."""

DONE = Response(status_code=200)
NOT_SIGNED = PlainTextResponse("not signed\n", status_code=401)
NOT_HERE = PlainTextResponse("not for this tenant\n", status_code=403)
NOT_JSON = PlainTextResponse("not an activity\n", status_code=400)
KEYS_UNKNOWN = PlainTextResponse(
    "the signing keys cannot be read\n", status_code=503, headers={"Retry-After": WAIT_SECONDS}
)

Activity = Mapping[str, Any]
Claims = Mapping[str, Any]


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

    async def refusal(self, request: Request) -> Response | None:
        """None for a request that is proved by its headers alone; else what it is answered with."""
        if self._proof.validator is None:
            return None if from_this_machine(request) else NOT_SIGNED
        claims = await self._claims(bearer(request))
        return claims if isinstance(claims, Response) else None

    async def enter(self, request: Request) -> Activity | Response:
        """The activity, or what the request is answered with instead. Nothing is read before it is proved."""
        claims: Claims | Response = {}
        if self._proof.validator is not None:
            claims = await self._claims(bearer(request))
        elif not from_this_machine(request):
            return NOT_SIGNED
        if isinstance(claims, Response):
            return claims
        activity = read(await request.body())
        if activity is None:
            return NOT_JSON
        return self._unproved(claims, activity) or await self._for_us(activity)

    async def _for_us(self, activity: Activity) -> Activity | Response:
        if not parsing.is_ours(activity):
            return DONE
        service_url = activity.get("serviceUrl")
        if not isinstance(service_url, str) or not may_be_called(service_url, trial=self._proof.trial):
            return NOT_SIGNED
        if self._proof.validator is None and not is_loopback(service_url):
            return NOT_SIGNED  # nothing proves it
        tenant = parsing.tenant_of(activity)
        return activity if tenant and await self._admitted(tenant, activity) else NOT_HERE

    async def _admitted(self, tenant: str, activity: Activity) -> bool:
        """Whether the tenant is served here. While the database does not say, the answer says that, and of whom.

        An answer of nothing would close the form that was sent, with the words in it.
        """
        try:
            async with asyncio.timeout(ADMITTED_SECONDS):
                return await self._admits(tenant, activity)
        except (SQLAlchemyError, TimeoutError):
            log.warning("Teams: the database does not say whether a tenant is connected")
            return True

    async def _claims(self, token: str) -> Claims | Response:
        """What a genuine token says, or what the request is answered with."""
        validator, keys = self._proof.validator, self._proof.keys
        if not token or validator is None or keys is None:
            return NOT_SIGNED
        try:
            key_id = str(jwt.get_unverified_header(token).get("kid"))
            if not await keys.known(key_id):
                return NOT_SIGNED
            claims = await validator.validate_token(token)
        except KeysUnknown:
            return KEYS_UNKNOWN
        except (jwt.PyJWTError, ValueError, TypeError, AttributeError, RecursionError):
            return NOT_SIGNED
        # The library takes tokens that never end, and does not look for which channel a key may sign.
        lasting = "exp" not in claims or not claims.get("serviceurl")
        return NOT_SIGNED if lasting or not keys.endorses(key_id, CHANNEL) else claims

    def _unproved(self, claims: Claims, activity: Activity) -> Response | None:
        """None: the token was given for this service URL and channel."""
        if self._proof.validator is None:
            return None
        told, named = claims.get("serviceurl"), activity.get("serviceUrl")
        same = isinstance(told, str) and isinstance(named, str) and told.rstrip("/") == named.rstrip("/")
        return None if same and activity.get("channelId", CHANNEL) == CHANNEL else NOT_SIGNED


def read(body: bytes) -> Activity | None:
    """The activity; None where the body is no JSON object."""
    try:
        activity = read_json(decoded(body))
    except Malformed:
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
