"""Puts a file into the place that Teams keeps for it in a person's OneDrive: no token goes along, and no other address.

Statuses from learn.microsoft.com, driveItem createUploadSession: upload bytes to the upload session.
"""

import asyncio
from collections.abc import Awaitable, Callable
from enum import StrEnum
from urllib.parse import urlsplit

import httpx

from bot.teams.clouds import is_loopback

HOSTS = (".sharepoint.com",)
"""Where OneDrive for work lies, in the one cloud whose bots may give files (learn.microsoft.com, bots-filesv4)."""
LARGEST_FILE = 60 * 1024 * 1024 - 1
"""What one request may bring; larger files would have to go in pieces."""
TRIES = 3
PUT_SECONDS = 60.0
PAUSE_SECONDS = 1.0
LONGEST_PAUSE = 10.0
UNREACHED = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)

Pause = Callable[[float], Awaitable[None]]


class Put(StrEnum):
    """What became of a file."""

    STORED = "stored"
    REFUSED = "refused"  # it is certainly not there
    UNKNOWN = "unknown"  # it may be there


def may_be_filled(address: str, *, on_this_machine: bool = False) -> bool:
    """Whether a file may be put there: Microsoft's storage over TLS, or in a trial on this machine the stand-in's."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return False
    host = (parts.hostname or "").lower()
    if parts.username is not None or parts.password is not None or parts.fragment or not host:
        return False
    if on_this_machine and is_loopback(address):
        return parts.scheme == "http"
    return parts.scheme == "https" and port in (None, 443) and host.endswith(HOSTS)


async def put(http: httpx.AsyncClient, address: str, content: bytes, pause: Pause = asyncio.sleep) -> Put:
    """Put all of it there in one request. Trying again cannot make a second file: the place holds one."""
    doubtful = False
    for number in range(1, TRIES + 1):
        try:
            status, wait = await _once(http, address, content)
        except UNREACHED:
            status, wait = 0, PAUSE_SECONDS
        except (httpx.HTTPError, TimeoutError):
            status, wait, doubtful = 0, PAUSE_SECONDS, True
        if status in (200, 201):
            return Put.STORED
        doubtful = doubtful or (status >= 500 and status != 503)
        again = status in (0, 429) or status >= 500
        if not again or number == TRIES:
            break
        await pause(wait)
    return Put.UNKNOWN if doubtful else Put.REFUSED


async def _once(http: httpx.AsyncClient, address: str, content: bytes) -> tuple[int, float]:
    """The status, and how many seconds to wait before another try."""
    last = len(content) - 1
    headers = {"Content-Range": f"bytes 0-{last}/{len(content)}", "Content-Type": "application/octet-stream"}
    async with asyncio.timeout(PUT_SECONDS):
        answer = await http.put(address, content=content, headers=headers, timeout=PUT_SECONDS, follow_redirects=False)
    said = answer.headers.get("retry-after", "").strip()
    return answer.status_code, min(float(said), LONGEST_PAUSE) if said.isdecimal() else PAUSE_SECONDS
