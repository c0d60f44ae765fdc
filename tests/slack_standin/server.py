"""A stand-in for Slack on 127.0.0.1: its Web API, response_urls and Socket Mode, over real HTTP.

It refuses what Slack refuses, records everything, and fails when a test asks it to.
"""

import asyncio
import json
import threading
import time
from collections.abc import Callable
from email.utils import formatdate
from types import TracebackType
from typing import Self

from aiohttp import web

from tests.slack_standin.answers import new_response_address, post_to_response_address
from tests.slack_standin.faults import RESPONSE_URL, Fault, FaultPlan
from tests.slack_standin.files import take_bytes
from tests.slack_standin.jsontypes import Json
from tests.slack_standin.limits import ACKNOWLEDGE_SECONDS, TRIGGER_SECONDS
from tests.slack_standin.methods import call_method, exchange_code
from tests.slack_standin.rates import RateLimits
from tests.slack_standin.records import Call, PostedMessage, Workspace
from tests.slack_standin.socket_mode import SocketHub
from tests.slack_standin.state import ApiError, SlackState

_START_SECONDS = 10
_LARGEST_BODY = 4 * 1024 * 1024
_JSON_ARGUMENTS = ("blocks", "attachments", "view", "metadata", "files")
UPLOAD = "upload"


class SlackStandIn(SlackState):
    """Slack for tests. Use as a context manager, or `start()` and `stop()`.

    `clock` gives Unix seconds, dates messages, and rules triggers, response_urls and rate limits; `enforce_rates`
    turns those last on. One workspace (T0ANYSHIRE, token xoxb-standin) is there from the start.
    """

    def __init__(
        self, *, enforce_rates: bool = False, clock: Callable[[], float] = time.time, hurry: bool = True
    ) -> None:
        """`hurry`: hold the bot to Slack's three seconds; without, a busy machine may take ten times as long."""
        super().__init__(clock)
        self.patience = ACKNOWLEDGE_SECONDS if hurry else 10 * ACKNOWLEDGE_SECONDS
        self.trigger_seconds = TRIGGER_SECONDS if hurry else 10 * TRIGGER_SECONDS
        self.enforce_rates = enforce_rates
        self.rates = RateLimits(clock)
        self.faults = FaultPlan()
        self.socket = SocketHub(self.changed)
        self.port = 0
        self.add_workspace("T0ANYSHIRE", "xoxb-standin")
        self._thread: threading.Thread | None = None
        self._ready = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping: asyncio.Event | None = None

    @property
    def root_url(self) -> str:
        """The address without a path."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def base_url(self) -> str:
        """What a client takes for https://slack.com/api/."""
        return f"{self.root_url}/api/"

    def start(self) -> Self:
        """Listen on a free port, on a thread of its own."""
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), name="slack-standin")
        self._thread.start()
        if not self._ready.wait(_START_SECONDS):
            raise TimeoutError("The stand-in for Slack did not start.")
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
        method: str,
        times: int = 1,
        *,
        status: int | None = None,
        error: str | None = None,
        retry_after: int | None = None,
        delay: float = 0.0,
        drop_reply: bool = False,
        drop_request: bool = False,
    ) -> None:
        """Make the next calls of a method go wrong ("*": any; "response_url", "upload": posts to those).

        `status`, `error` (an ok=false answer) and `retry_after` (429, seconds) replace the effect; `delay`
        waits that many real seconds first; `drop_reply` does the work and cuts the connection; `drop_request`
        only cuts.
        """
        fault = Fault(
            status=status,
            error=error,
            retry_after=retry_after,
            delay=delay,
            drop_reply=drop_reply,
            drop_request=drop_request,
        )
        self.faults.add(method, times, fault)

    def new_response_url(self, user: str, team: str, channel: str = "", message: PostedMessage | None = None) -> str:
        """A fresh response_url for one person."""
        return f"{self.root_url}/response/{new_response_address(self, team, user, channel, message)}"

    def new_oauth_code(self, team: str | None = None) -> str:
        """A code such as Slack sends to the install page's redirect, good once."""
        code = f"code-{self.number()}"
        self.oauth_codes[code] = self.workspace(team).team_id
        return code

    async def _serve(self) -> None:
        application = web.Application(client_max_size=_LARGEST_BODY)
        application.on_response_prepare.append(self._dated)
        application.router.add_route("*", "/api/{method}", self._api)
        application.router.add_post("/response/{name}", self._response)
        application.router.add_post("/upload/v1/{secret}", self._upload)
        application.router.add_get("/link", self.socket.serve)
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.2)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.port = runner.addresses[0][1]
        self.upload_root = self.root_url
        self._loop, self._stopping = asyncio.get_running_loop(), asyncio.Event()
        self.socket.bind(self._loop)
        self._ready.set()
        await self._stopping.wait()
        await self.socket.close()
        await runner.cleanup()

    async def _dated(self, _: web.Request, response: web.StreamResponse) -> None:
        """By the same clock as messages, as Slack's answers are."""
        response.headers["Date"] = formatdate(self.clock(), usegmt=True)

    async def _api(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        args, token = await _read_call(request)
        return await self._with_faults(
            request, self.faults.take(method), method, args, lambda: self._perform(method, args, token)
        )

    async def _response(self, request: web.Request) -> web.StreamResponse:
        payload, name = await request.json(), request.match_info["name"]

        def answer() -> web.Response:
            with self.changed:
                status, text = post_to_response_address(self, name, payload)
                self.changed.notify_all()
            return web.Response(status=status, text=text)

        return await self._with_faults(request, self.faults.take(RESPONSE_URL), RESPONSE_URL, payload, answer)

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        content, secret = await request.read(), request.match_info["secret"]

        def answer() -> web.Response:
            with self.changed:
                status, words = take_bytes(self, secret, content, request.headers.get("Authorization"))
                self._record(UPLOAD, {"bytes": len(content)}, None, {"status": status})
            return web.Response(status=status, text=words)

        return await self._with_faults(request, self.faults.take(UPLOAD), UPLOAD, {"bytes": len(content)}, answer)

    async def _with_faults(
        self,
        request: web.Request,
        fault: Fault,
        method: str,
        args: Json,
        answer: Callable[[], web.Response],
    ) -> web.StreamResponse:
        await asyncio.sleep(fault.delay)
        if fault.drop_request:
            self._record(method, args, None, None)
            return _cut(request)
        if fault.answers_instead:
            return self._faulty_answer(fault, method, args)
        response = answer()
        return _cut(request) if fault.drop_reply else response

    def _faulty_answer(self, fault: Fault, method: str, args: Json) -> web.Response:
        if fault.retry_after is not None:
            return self._too_many(method, args, None, fault.retry_after)
        told = {"ok": False, "error": fault.error or "internal_error"}
        self._record(method, args, None, told)
        return web.json_response(told, status=fault.status or 200)

    def _too_many(self, method: str, args: Json, team: str | None, seconds: int) -> web.Response:
        told = {"ok": False, "error": "ratelimited"}
        self._record(method, args, team, told)
        return web.json_response(told, status=429, headers={"Retry-After": str(seconds)})

    def _perform(self, method: str, args: Json, token: str | None) -> web.Response:
        with self.changed:
            workspace = self._owner(token)
            team = workspace.team_id if workspace else None
            if self.enforce_rates and workspace is not None:
                channel = self._rate_channel(workspace, args)
                wait = self.rates.seconds_to_wait(workspace.team_id, method, channel)
                if wait is not None:
                    return self._too_many(method, args, team, wait)
            told = self._answer(method, args, token)
            self._record(method, args, team, told)
            scopes = {"X-OAuth-Scopes": ",".join(sorted(workspace.scopes))} if workspace else {}
            return web.json_response(told, headers=scopes)

    def _answer(self, method: str, args: Json, token: str | None) -> Json:
        try:
            if method == "apps.connections.open":
                return self._open_socket(token)
            if method == "oauth.v2.access":
                return exchange_code(self, args)
            return call_method(self, method, args, token)[1]
        except ApiError as refusal:
            told: Json = {"ok": False, "error": refusal.error}
            if refusal.problems:
                told["response_metadata"] = {"messages": refusal.problems}
            return told

    def _open_socket(self, token: str | None) -> Json:
        if token not in {workspace.app_token for workspace in self.workspaces.values()}:
            raise ApiError("invalid_auth")
        return {"ok": True, "url": f"ws://127.0.0.1:{self.port}/link?ticket={self.socket.new_ticket()}"}

    def _owner(self, token: str | None) -> Workspace | None:
        owners = (one for one in self.workspaces.values() if token in (one.bot_token, one.app_token))
        return next(owners, None)

    @staticmethod
    def _rate_channel(workspace: Workspace, args: Json) -> str | None:
        user = workspace.user_of_channel(str(args.get("channel")))
        return workspace.direct_channel(user.id) if user else None

    def _record(self, method: str, args: Json, team: str | None, answer: Json | None) -> None:
        with self.changed:
            call = Call(method=method, args=args, at=self.clock(), team=team, answer=answer)
            self.calls.append(call)
            self.changed.notify_all()


async def _read_call(request: web.Request) -> tuple[Json, str | None]:
    args: Json = dict(request.query)
    if request.content_type == "application/json":
        args |= await request.json() if request.can_read_body else {}
    else:
        args |= {key: value for key, value in (await request.post()).items() if isinstance(value, str)}
    for key in _JSON_ARGUMENTS:
        if isinstance(args.get(key), str):
            args[key] = json.loads(args[key])
    scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
    from_form = args.pop("token", None)
    return args, bearer if scheme == "Bearer" else from_form


def _cut(request: web.Request) -> web.StreamResponse:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
