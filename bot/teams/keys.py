"""The keys that sign Teams' requests: fetched in a thread, held for days, and never waited for by anything else."""

import asyncio
import json
import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
import jwt

from bot.teams.clouds import is_loopback
from bot.teams.library import CloudEnvironment, JwtValidationOptions, TokenValidator

log = logging.getLogger("bot")

FETCH_SECONDS = 5.0
# Microsoft's advice is to fetch once a day; an hour notices a withdrawn key sooner.
FRESH_SECONDS = 3600.0
# An unknown key makes us look again, but not more often than so many times in so many seconds.
LOOKS = 6
LOOKS_SECONDS = 30.0
# Without a fresh look at the keys for as long as this, none is believed any more.
STALE_SECONDS = 5 * 24 * 3600.0
LARGEST_ANSWER = 1_000_000
LOST = (httpx.HTTPError, httpx.InvalidURL, ValueError, KeyError, TypeError, TimeoutError, jwt.PyJWTError)


class KeysUnknown(Exception):
    """The keys cannot be read just now: nobody can tell whether a request is genuine."""


@dataclass(kw_only=True)
class _Held:
    keys: dict[str, jwt.PyJWK] = field(default_factory=dict)
    endorsements: dict[str, tuple[str, ...]] = field(default_factory=dict)
    fetched_at: float | None = None
    tried_at: deque[float] = field(default_factory=lambda: deque(maxlen=LOOKS))


class SigningKeys:
    """Belongs to one event loop. `client` gives the connections, which their owner closes."""

    def __init__(self, cloud: CloudEnvironment, client: Callable[[], httpx.AsyncClient]) -> None:
        self._url = cloud.openid_metadata_url
        self._client = client
        self._held = _Held()
        self._fetching: asyncio.Task[bool] | None = None

    @property
    def count(self) -> int:
        """How many are held."""
        return len(self._held.keys)

    async def warm(self) -> None:
        """Fetch them unless they are fresh. What goes wrong is logged and tried again later."""
        if self._older_than(FRESH_SECONDS, self._held.fetched_at) and self._may_look():
            await self._fetch()

    async def known(self, key_id: str) -> bool:
        """Whether that key is published. Raises KeysUnknown while nobody can tell."""
        looks = key_id not in self._held.keys and (self._may_look() or self._held.fetched_at is None)
        if looks and not await self._fetch():
            raise KeysUnknown
        if self._older_than(STALE_SECONDS, self._held.fetched_at):
            raise KeysUnknown
        return key_id in self._held.keys

    def get_signing_key_from_jwt(self, token: str) -> jwt.PyJWK:
        """The held key that a token names: what the library's validator asks, and it never waits for it."""
        key_id = str(jwt.get_unverified_header(token).get("kid"))
        if key_id not in self._held.keys:
            raise jwt.InvalidTokenError("unknown key")
        return self._held.keys[key_id]

    def endorses(self, key_id: str, channel: str) -> bool:
        """Whether the key may sign for that channel; keys without endorsements sign for all."""
        endorsements = self._held.endorsements.get(key_id, ())
        return not endorsements or channel in endorsements

    async def _fetch(self) -> bool:
        """Whether it succeeded. One fetch at a time; those who come meanwhile wait for the same one."""
        if self._fetching is None or self._fetching.done():
            self._held.tried_at.append(self._now())
            self._fetching = asyncio.get_running_loop().create_task(self._fetched())
        return await asyncio.shield(self._fetching)

    async def _fetched(self) -> bool:
        try:
            async with asyncio.timeout(FETCH_SECONDS):
                metadata = await self._read(self._url)
                published = await self._read(self._keys_address(str(metadata["jwks_uri"])))
            found = await asyncio.to_thread(_parsed, published)
        except LOST as lost:
            log.warning("The keys of Teams could not be read (%s); trying again", type(lost).__name__)
            return False
        self._held.keys, self._held.endorsements = found
        self._held.fetched_at = self._now()
        return True

    def _may_look(self) -> bool:
        tried = self._held.tried_at
        return len(tried) < LOOKS or self._now() - tried[0] > LOOKS_SECONDS

    async def _read(self, url: str) -> dict[str, Any]:
        answer = await self._client().get(url)
        answer.raise_for_status()
        if len(answer.content) > LARGEST_ANSWER:
            raise ValueError("too large")
        told = json.loads(answer.content)
        if not isinstance(told, dict):
            raise TypeError("not an object")
        return told

    def _keys_address(self, told: str) -> str:
        """The keys come over TLS, or from this machine where the metadata does."""
        if told.startswith("https://") or (is_loopback(self._url) and is_loopback(told)):
            return told
        raise ValueError("keys are not read over plain http")

    def _older_than(self, seconds: float, moment: float | None) -> bool:
        return moment is None or self._now() - moment > seconds

    def _now(self) -> float:
        return asyncio.get_running_loop().time()


def _parsed(published: dict[str, Any]) -> tuple[dict[str, jwt.PyJWK], dict[str, tuple[str, ...]]]:
    keys: dict[str, jwt.PyJWK] = {}
    endorsements: dict[str, tuple[str, ...]] = {}
    for one in published["keys"]:
        if one.get("kty") != "RSA" or one.get("use") not in (None, "sig") or not one.get("kid"):
            continue
        keys[one["kid"]] = jwt.PyJWK(one, algorithm="RS256")
        endorsements[one["kid"]] = tuple(one.get("endorsements") or ())
    if not keys:
        raise ValueError("no keys")
    return keys, endorsements


class Validator(TokenValidator):
    """The library's check of a token (signature, issuer, audience, times, service URL), with keys that are held.

    Its own key client fetches inside the check, and everything else would stand still meanwhile.
    """

    def __init__(self, app_id: str, cloud: CloudEnvironment, keys: SigningKeys) -> None:
        super().__init__(
            JwtValidationOptions(
                valid_issuers=[cloud.token_issuer],
                valid_audiences=[app_id],
                jwks_uri=cloud.openid_metadata_url,
            )
        )
        self._jwks_client = keys  # type: ignore[assignment]  # it is private there, and keeps the keys we fetched
