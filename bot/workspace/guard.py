"""Who may drive the page: only the page itself, from this machine, or in a training from behind the passphrase."""

import hmac
import time
from collections.abc import Awaitable, Callable
from hashlib import sha256
from ipaddress import ip_address
from typing import Literal
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from bot.door.entrance import Entrance
from bot.door.limits import LARGEST_BODY
from bot.door.strangers import Strangers

Endpoint = Callable[[Request], Awaitable[Response]]

READS = ("GET", "HEAD")
TOKEN = "x-page-token"  # noqa: S105 - the name of a header
COOKIE = "iro_page"
WITHIN = 12 * 3600
TRIES_AT_ONCE = 30
"""Of a passphrase from one address: a whole room may come from one."""
TRIES_A_SECOND = 0.5
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}

FOREIGN_HOST = "This page is served under another name: open the address that was printed at the start.\n"
FOREIGN_PAGE = "Another page asked for this: nothing was done.\n"
ENTER_AGAIN = (
    "The passphrase is asked for again: nothing was done. Give it in another tab, then do this once more here.\n"
)
NO_TOKEN = "This page is out of date: load it again.\n"  # noqa: S105 - a sentence


class Guard:
    """`secret` signs what the page sends back; `passphrase` is asked for where the page is served to others."""

    def __init__(
        self,
        *,
        secret: bytes,
        loopback: bool,
        public_url: str = "",
        passphrase: str = "",
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._secret = secret
        self._loopback = loopback
        self._public = urlsplit(public_url).netloc if public_url else ""
        self._passphrase = passphrase
        self._tries = Strangers(seconds, at_once=TRIES_AT_ONCE, a_second=TRIES_A_SECOND)
        self.token = self._signed("token")

    @property
    def asks(self) -> bool:
        """Whether there is a passphrase to give."""
        return bool(self._passphrase)

    def knows(self, token: str) -> bool:
        """Whether this is the token that the page was drawn with."""
        return hmac.compare_digest(token.encode(), self.token.encode())

    def may_try(self, address: str) -> bool:
        """Count one more try of that address; whether it is looked at."""
        return self._tries.allows(address)

    def opens(self, given: str) -> bool:
        """Whether this is the passphrase."""
        return self.asks and hmac.compare_digest(given.strip().encode(), self._passphrase.encode())

    def admit(self, response: Response, *, secure: bool) -> None:
        """Let this browser in from now on, for half a day."""
        response.set_cookie(
            COOKIE, self._signed("browser"), max_age=WITHIN, httponly=True, samesite="strict", secure=secure
        )

    def entrance(
        self,
        path: str,
        endpoint: Endpoint,
        *methods: str,
        asks: bool = True,
        token_in_form: bool = False,
        largest: int = LARGEST_BODY,
    ) -> Entrance:
        """An address of the page, behind this guard, with the headers that keep everything foreign out.

        `asks`: for the passphrase, where there is one, and for the token. `token_in_form`: the endpoint looks at it.
        """

        async def proof(request: Request) -> Response | None:
            refused = self._refusal(request, asks=asks, token_in_form=token_in_form)
            return _with_headers(refused) if refused is not None else None

        async def answered(request: Request) -> Response:
            return _with_headers(await endpoint(request))

        return Entrance(path, answered, proof=proof, largest=largest, methods=methods or ("GET",))

    def _refusal(self, request: Request, *, asks: bool, token_in_form: bool) -> Response | None:
        if not self._is_ours(request.headers.get("host", "")):
            return PlainTextResponse(FOREIGN_HOST, 421)
        if request.method not in READS and not self._from_page(request):
            return PlainTextResponse(FOREIGN_PAGE, 403)
        if asks and self.asks and not self._admitted(request):
            if "hx-request" in request.headers:
                return PlainTextResponse(ENTER_AGAIN, 401)  # a script that is led elsewhere takes it for an answer
            return RedirectResponse("/workspace/enter", 303)
        looked_at_here = asks and not token_in_form and request.method not in READS
        if looked_at_here and not self.knows(request.headers.get(TOKEN, "")):
            return PlainTextResponse(NO_TOKEN, 403)
        return None

    def _is_ours(self, host: str) -> bool:
        """Names of this machine alone, so that a foreign name made to point here leads nowhere (DNS rebinding)."""
        name = _read(f"//{host}", "hostname")
        if self._public and hmac.compare_digest(host.encode(), self._public.encode()):
            return True
        return is_loopback(name) if self._loopback else not self._public

    def _from_page(self, request: Request) -> bool:
        """Browsers say which page asks; what comes without saying so is not a browser and has no token either."""
        origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site")
        if site is not None and site not in ("same-origin", "none"):
            return False
        return origin is None or _read(origin, "netloc") == request.headers.get("host", "")

    def _admitted(self, request: Request) -> bool:
        given = request.cookies.get(COOKIE, "")
        return hmac.compare_digest(given.encode(), self._signed("browser").encode())

    def _signed(self, what: str) -> str:
        return hmac.new(self._secret, f"{what}:{self._passphrase}".encode(), sha256).hexdigest()


def _with_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def _read(address: str, part: Literal["hostname", "netloc"]) -> str:
    """That part of an address; nothing where it is none, as a stranger may write it."""
    try:
        parts = urlsplit(address)
        return (parts.hostname or "") if part == "hostname" else parts.netloc
    except ValueError:
        return ""


def is_loopback(name: str) -> bool:
    """Whether this is a name of this machine for itself."""
    try:
        return name == "localhost" or ip_address(name.strip("[]")).is_loopback
    except ValueError:
        return False
