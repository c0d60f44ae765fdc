"""A stand-in for Teams on 127.0.0.1: the Bot Connector, the keys of the Bot Framework and people's OneDrive, over HTTP.

It refuses what Teams refuses, records everything, and fails when a test asks it to.
"""

import asyncio
import threading
import time
from collections.abc import Callable
from functools import partial
from types import TracebackType
from typing import Self

from aiohttp import web

from tests.slack_standin.jsontypes import Json
from tests.teams_standin import connector, onedrive
from tests.teams_standin.faults import Fault, FaultPlan
from tests.teams_standin.rates import RateLimits
from tests.teams_standin.records import Call, TeamsUser, Upload
from tests.teams_standin.signing import ISSUER, KEY, bots_token, key_set
from tests.teams_standin.state import Refused, TeamsState

_START_SECONDS = 10
_LARGEST_BODY = 4 * 1024 * 1024
Answer = Json | list[Json]


class TeamsStandIn(TeamsState):
    """Teams for tests. Use as a context manager, or `start()` and `stop()`.

    `clock` gives Unix seconds and rules rate limits, which `enforce_rates` turns on. A bot proves itself with
    `outbound_token`; while `token_error` is set it is refused with that status. `key_names` are published.
    """

    def __init__(self, *, enforce_rates: bool = False, clock: Callable[[], float] = time.time) -> None:
        super().__init__(clock)
        self.enforce_rates = enforce_rates
        self.rates = RateLimits(self._seconds)
        self.faults = FaultPlan()
        self.key_names: tuple[str, ...] = (KEY,)
        self.outbound_token = bots_token(self.app_id)
        self.token_error: int | None = None
        self.port = 0
        self._thread: threading.Thread | None = None
        self._ready = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping: asyncio.Event | None = None

    @property
    def root_url(self) -> str:
        """The address without a path."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def service_url(self) -> str:
        """What activities say the connector's address is: like Teams' own, with a region and a slash at the end."""
        return f"{self.root_url}/uk/"

    @property
    def openid_url(self) -> str:
        """What a bot takes for login.botframework.com's metadata."""
        return f"{self.root_url}/v1/.well-known/openidconfiguration"

    def start(self) -> Self:
        """Listen on a free port, on a thread of its own."""
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), name="teams-standin")
        self._thread.start()
        if not self._ready.wait(_START_SECONDS):
            raise TimeoutError("The stand-in for Teams did not start.")
        return self

    def stop(self) -> None:
        """Cut what is connected and end the thread."""
        if self._thread is not None and self._loop is not None and self._stopping is not None:
            self._loop.call_soon_threadsafe(self._stopping.set)
            self._thread.join(_START_SECONDS)
            self._thread = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def fail_next(
        self,
        operation: str,
        times: int = 1,
        *,
        status: int | None = None,
        code: str = "ServiceError",
        retry_after: int | None = None,
        delay: float = 0.0,
        drop_reply: bool = False,
        drop_request: bool = False,
        no_id: bool = False,
    ) -> None:
        """Make the next calls of an operation go wrong: create, post, update, members, member, keys, upload, or "*".

        `status` (with `code`) and `retry_after` (429, seconds) replace the effect; `delay` waits that many real
        seconds first; `drop_reply` does the work and cuts the connection; `drop_request` only cuts; `no_id` does
        the work and answers 202 with nothing.
        """
        fault = Fault(
            status=status,
            code=code,
            retry_after=retry_after,
            delay=delay,
            drop_reply=drop_reply,
            drop_request=drop_request,
            no_id=no_id,
        )
        self.faults.add(operation, times, fault)

    def _seconds(self) -> float:
        """By the clock that stands now: a test may put another in its place."""
        return self.clock()

    async def _serve(self) -> None:
        application = web.Application(client_max_size=_LARGEST_BODY)
        routes = application.router
        routes.add_get("/v1/.well-known/openidconfiguration", self._metadata)
        routes.add_get("/v1/.well-known/keys", self._keys)
        routes.add_post("/uk/v3/conversations", self._create)
        routes.add_post("/uk/v3/conversations/{conversation}/activities", self._post)
        routes.add_post("/uk/v3/conversations/{conversation}/activities/{activity}", self._post)
        routes.add_put("/uk/v3/conversations/{conversation}/activities/{activity}", self._update)
        routes.add_get("/uk/v3/conversations/{conversation}/members", self._members)
        routes.add_get("/uk/v3/conversations/{conversation}/pagedMembers", self._paged_members)
        routes.add_get("/uk/v3/conversations/{conversation}/members/{member}", self._member)
        routes.add_put("/personal/items/{item}/uploadSession", self._upload)
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.2)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.port = runner.addresses[0][1]
        self._loop, self._stopping = asyncio.get_running_loop(), asyncio.Event()
        self._ready.set()
        await self._stopping.wait()
        await runner.cleanup()

    # what anybody may read

    async def _metadata(self, request: web.Request) -> web.StreamResponse:
        told: Json = {"issuer": ISSUER, "jwks_uri": f"{self.root_url}/v1/.well-known/keys"}
        told["id_token_signing_alg_values_supported"] = ["RS256"]
        return await self._with_faults(request, "openid", "", {}, lambda: told)

    async def _keys(self, request: web.Request) -> web.StreamResponse:
        return await self._with_faults(request, "keys", "", {}, lambda: key_set(*self.key_names))

    # what the bot may do

    async def _create(self, request: web.Request) -> web.StreamResponse:
        body = await _body(request)
        return await self._called(request, "create", "", body, lambda: connector.create(self, body))

    async def _post(self, request: web.Request) -> web.StreamResponse:
        body, chat = await _body(request), request.match_info["conversation"]
        return await self._called(request, "post", chat, body, lambda: connector.post(self, chat, body))

    async def _update(self, request: web.Request) -> web.StreamResponse:
        body, chat, name = await _body(request), request.match_info["conversation"], request.match_info["activity"]
        return await self._called(request, "update", chat, body, lambda: connector.update(self, chat, name, body))

    async def _members(self, request: web.Request) -> web.StreamResponse:
        chat = request.match_info["conversation"]
        return await self._called(request, "members", chat, {}, lambda: connector.members(self, chat))

    async def _paged_members(self, request: web.Request) -> web.StreamResponse:
        chat = request.match_info["conversation"]
        return await self._called(request, "members", chat, {}, lambda: {"members": connector.members(self, chat)})

    async def _member(self, request: web.Request) -> web.StreamResponse:
        chat, name = request.match_info["conversation"], request.match_info["member"]
        return await self._called(request, "member", chat, {}, lambda: connector.member(self, chat, name))

    # where people's files lie

    def place_for(self, user: TeamsUser, name: str) -> tuple[str, Upload]:
        """A place in the person's OneDrive for a file they accepted, and the address at which it can be filled."""
        key, upload = onedrive.kept_for(self, user, name)
        return f"{self.root_url}/personal/items/{key}/uploadSession?tempauth={upload.secret}", upload

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        content, key, secret = await request.read(), request.match_info["item"], request.query.get("tempauth", "")
        headers = {name.lower(): value for name, value in request.headers.items()}
        told: Json = {"bytes": len(content)}
        work = partial(onedrive.put, self, key, secret, headers, content)
        return await self._with_faults(request, "upload", "", told, work)

    async def _called(
        self, request: web.Request, operation: str, chat: str, body: Json, work: Callable[[], Answer]
    ) -> web.StreamResponse:
        def refused_or_done() -> Answer:
            if self.token_error is not None:
                raise Refused(self.token_error, "Unauthorized")
            if request.headers.get("Authorization") != f"Bearer {self.outbound_token}":
                raise Refused(401, "Unauthorized")
            return work()

        return await self._with_faults(request, operation, chat, body, refused_or_done)

    async def _with_faults(
        self, request: web.Request, operation: str, chat: str, body: Json, work: Callable[[], Answer]
    ) -> web.StreamResponse:
        fault = self.faults.take(operation)
        await asyncio.sleep(fault.delay)
        if fault.drop_request:
            self._record(request, operation, body, 0, None)
            return _cut(request)
        with self.changed:
            status, answer, headers = self._answer(fault, operation, chat, body, work)
            if fault.no_id and status < 400:
                status, answer = 202, {}
            self._record(request, operation, body, 0 if fault.drop_reply else status, answer)
        return _cut(request) if fault.drop_reply else web.json_response(answer, status=status, headers=headers)

    def _answer(
        self, fault: Fault, operation: str, chat: str, body: Json, work: Callable[[], Answer]
    ) -> tuple[int, Answer, dict[str, str]]:
        wait = fault.retry_after
        if wait is None and self.enforce_rates and operation not in ("keys", "openid", "upload"):
            known = self.conversations.get(chat)
            wait = self.rates.seconds_to_wait(known.tenant if known else "", operation, chat)
        if wait is not None:
            return 429, _error("Throttled", []), {"Retry-After": str(wait)}
        if fault.status is not None:
            return fault.status, _error(fault.code, []), {}
        try:
            return (201 if operation in ("create", "post", "upload") else 200), work(), {}
        except Refused as refusal:
            return refusal.status, _error(refusal.code, refusal.problems), {}

    def _record(self, request: web.Request, operation: str, body: Json, status: int, answer: Answer | None) -> None:
        with self.changed:
            told = answer if isinstance(answer, dict) else None
            call = Call(operation=operation, path=request.path, body=body, at=self.clock(), status=status, answer=told)
            self.calls.append(call)
            self.changed.notify_all()


def _error(code: str, problems: list[str]) -> Json:
    return {"error": {"code": code, "message": " ".join(problems) or code}}


async def _body(request: web.Request) -> Json:
    given = await request.json()
    return given if isinstance(given, dict) else {}


def _cut(request: web.Request) -> web.StreamResponse:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
