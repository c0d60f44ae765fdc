"""The web application's own addresses, and the order in which it starts and stops."""

import asyncio
from collections.abc import Mapping, Sequence

import httpx2
import pytest

from bot.documents.made import File
from bot.web import Site, create_web


async def fine() -> Sequence[str]:
    return []


def get(site: Site, path: str, client: str = "127.0.0.1", **headers: str) -> httpx2.Response:
    async def ask() -> httpx2.Response:
        transport = httpx2.ASGITransport(create_web(site), client=(client, 1234))
        async with httpx2.AsyncClient(transport=transport, base_url="http://bot") as browser:
            return await browser.get(path, headers={name.replace("_", "-"): held for name, held in headers.items()})

    return asyncio.run(ask())


def test_alive_is_said_whatever_else_is_wrong() -> None:
    async def broken() -> Sequence[str]:
        return ["The database does not answer."]

    assert get(Site(problems=broken), "/healthz").status_code == 200
    unready = get(Site(problems=broken), "/readyz")
    assert (unready.status_code, unready.text) == (503, "The database does not answer.\n")
    assert get(Site(problems=fine), "/readyz").status_code == 200


async def figures() -> Mapping[str, float]:
    return {"outbox_pending": 3, "last_tick_seconds": 1.5}


def test_metrics_are_for_this_machine() -> None:
    site = Site(problems=fine, metrics=figures)
    answer = get(site, "/metrics")
    assert "iro_bot_outbox_pending 3\n" in answer.text
    assert get(site, "/metrics", client="192.0.2.1").status_code == 404
    assert get(site, "/metrics", x_forwarded_for="192.0.2.1").status_code == 404


def test_metrics_with_a_token_are_for_whoever_has_it() -> None:
    site = Site(problems=fine, metrics=figures, metrics_token="sesame")
    assert get(site, "/metrics", client="192.0.2.1", authorization="Bearer sesame").status_code == 200
    assert get(site, "/metrics", authorization="Bearer other").status_code == 404
    assert get(site, "/metrics").status_code == 404


def test_a_file_is_given_for_its_token_and_kept_nowhere() -> None:
    async def find(token: str) -> File | None:
        return File(name='C-12".docx', media_type="text/plain", content=b"x") if token == "good" else None

    site = Site(problems=fine, file=find)
    given = get(site, "/file/good")
    assert given.content == b"x"
    assert given.headers["content-disposition"] == 'attachment; filename="C-12.docx"'
    assert given.headers["cache-control"] == "no-store"
    used = get(site, "/file/bad")
    assert (used.status_code, used.text) == (
        404,
        "This link has been used or has run out. Ask for a new one.\n",
    )


def test_what_is_not_set_up_is_not_there() -> None:
    for path in ("/metrics", "/file/x", "/slack/events"):
        assert get(Site(problems=fine), path).status_code == 404


def test_it_starts_in_order_and_stops_what_it_started_even_when_a_start_fails() -> None:
    done: list[str] = []

    async def begin() -> None:
        done.append("begin")

    async def fail() -> None:
        raise RuntimeError("no connection")

    async def end() -> None:
        done.append("end")

    async def run() -> None:
        app = create_web(Site(problems=fine, start=[begin, fail], stop=[end]))
        async with app.router.lifespan_context(app):
            done.append("served")

    with pytest.raises(RuntimeError):
        asyncio.run(run())
    assert done == ["begin", "end"]
