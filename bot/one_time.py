"""One-time links: first a page with one button, then, for the press, the file.

Chat clients, mail scanners and browsers fetch addresses by themselves to preview or to check them, and would use a link
up before its person comes. They fetch; they do not press. So only the press opens the link.
"""

import base64
import hashlib
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.delivery.addresses import unreachable
from bot.documents.made import File
from handlers.export.links import digest_of
from handlers.office import Office
from storage import file_links, people
from storage.database import transaction
from storage.scope import every_authority

SECRET = re.compile(r"[A-Za-z0-9_-]{43}")
NO_MORE = "This link has been used or has run out. Ask for a new one.\n"
ONCE = """addEventListener("submit", () => {
  document.querySelector("button").disabled = true;
  document.querySelector("p").textContent = "The file is coming. You can close this page when you have it.";
});"""
"""A second press would end the download that the first began, and find the link used."""
HASH = base64.b64encode(hashlib.sha256(ONCE.encode()).digest()).decode()
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": f"default-src 'none'; script-src 'sha256-{HASH}'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",  # the address is the key
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}
PAGE = f"""<!doctype html>
<html lang="en-GB">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>A file for you</title>
<h1>A file for you</h1>
<p>It can be opened once. Keep it only where such records belong, and do not send this address on.</p>
<form method="post"><button>Open the file</button></form>
<script>{ONCE}</script>
</html>
"""


@dataclass(frozen=True, kw_only=True)
class Links:
    """What is done with a link's secret: ask whether it still works, and take its file, once."""

    waits: Callable[[str], Awaitable[bool]]
    take: Callable[[str], Awaitable[File | None]]


def link_waits(office: Office, secret: str) -> bool:
    """Whether a link would still open, for somebody still in the service; looking does not use it up."""
    now = office.clock()
    with transaction(office.engine, None, writes=False) as session, every_authority(session):
        found = file_links.by_digest(session, digest_of(secret))
        if found is None or found.used_at is not None or found.expires_at <= now:
            return False
        return unreachable(people.get(session, found.person_id), now) is None


def link_routes(links: Links) -> Sequence[Route]:
    """The page for anyone who fetches the address, the file for the person who presses."""

    async def page(request: Request) -> Response:
        secret = request.path_params["secret"]
        waits = SECRET.fullmatch(secret) is not None and await links.waits(secret)
        return HTMLResponse(PAGE, headers=HEADERS) if waits else _no_more()

    async def file(request: Request) -> Response:
        secret = request.path_params["secret"]
        found = await links.take(secret) if SECRET.fullmatch(secret) else None
        if found is None:
            return _no_more()
        headers = HEADERS | {"Content-Disposition": _as_attachment(found.name)}
        return Response(found.content, media_type=found.media_type, headers=headers)

    address = "/file/{secret}"
    return Route(address, page, methods=["GET"]), Route(address, file, methods=["POST"])


def _no_more() -> Response:
    return PlainTextResponse(NO_MORE, 404, headers=HEADERS)


def _as_attachment(name: str) -> str:
    """The file's name for browsers: in plain signs for old ones, and whole (RFC 6266)."""
    plain = re.sub(r'[^ -~]|["\\]', "", name)
    given = f'filename="{plain}"' if plain == name else f"filename*=UTF-8''{quote(name, safe='')}"
    return f"attachment; {given}"
