"""The web application's own addresses, and the order in which it starts and stops."""

import asyncio
import base64
import hashlib
import re
from collections.abc import Sequence

import httpx2
import pytest

from bot.documents.made import File
from bot.one_time import HEADERS, PAGE, Links, link_routes
from bot.web import PROMETHEUS, Remark, Site, create_web


async def fine() -> Sequence[Remark]:
    return []


def get(site: Site, path: str, client: str = "127.0.0.1", **headers: str) -> httpx2.Response:
    return ask("GET", site, path, client, **headers)


def ask(method: str, site: Site, path: str, client: str = "127.0.0.1", **headers: str) -> httpx2.Response:
    given = {name.replace("_", "-"): held for name, held in headers.items()}

    async def asked() -> httpx2.Response:
        transport = httpx2.ASGITransport(create_web(site), client=(client, 1234))
        async with httpx2.AsyncClient(transport=transport, base_url="http://bot") as browser:
            return await browser.request(method, path, headers=given)

    return asyncio.run(asked())


def test_alive_is_said_whatever_else_is_wrong() -> None:
    async def broken() -> Sequence[Remark]:
        return [Remark(said="The database does not answer.", plain="It is gone.")]

    assert get(Site(problems=broken), "/healthz").status_code == 200
    unready = get(Site(problems=broken), "/readyz")
    assert (unready.status_code, unready.text) == (503, "The database does not answer.\n")
    assert get(Site(problems=fine), "/readyz").status_code == 200


def test_what_should_be_looked_at_is_named_and_keeps_nothing_from_being_ready() -> None:
    ready = get(Site(problems=fine, warnings=odd), "/readyz")
    assert (ready.status_code, ready.text) == (200, "ready\nC-1 is odd.\nC-2 is odd.\n")


async def odd() -> Sequence[Remark]:
    return [Remark(said=f"C-{number} is odd.", plain="Something is odd.") for number in (1, 2)]


def test_whose_it_is_and_what_a_platform_said_is_for_whoever_may_read_the_metrics() -> None:
    token, far = {"authorization": "Bearer sesame"}, "192.0.2.1"
    for site, given, whole in (
        (Site(problems=fine, warnings=odd), {"client": far}, False),
        (Site(problems=fine, warnings=odd), {"x_forwarded_for": far}, False),
        (Site(problems=fine, warnings=odd, metrics_token="sesame"), {}, False),
        (Site(problems=fine, warnings=odd, metrics_token="sesame"), {"client": far, **token}, True),
    ):
        said = get(site, "/readyz", **given)
        assert (said.status_code, "C-1" in said.text) == (200, whole)
        assert whole or said.text == "ready\nSomething is odd.\n"
    unready = get(Site(problems=odd), "/readyz", client=far)
    assert (unready.status_code, unready.text) == (503, "Something is odd.\n")


async def figures() -> bytes:
    return b"iro_bot_outbox_owed 3.0\n"


def test_metrics_are_for_this_machine() -> None:
    site = Site(problems=fine, metrics=figures)
    answer = get(site, "/metrics")
    assert (answer.text, answer.headers["content-type"]) == ("iro_bot_outbox_owed 3.0\n", PROMETHEUS)
    assert get(site, "/metrics", client="192.0.2.1").status_code == 404
    assert get(site, "/metrics", x_forwarded_for="192.0.2.1").status_code == 404


def test_metrics_with_a_token_are_for_whoever_has_it() -> None:
    site = Site(problems=fine, metrics=figures, metrics_token="sesame")
    assert get(site, "/metrics", client="192.0.2.1", authorization="Bearer sesame").status_code == 200
    assert get(site, "/metrics", authorization="Bearer other").status_code == 404
    assert get(site, "/metrics").status_code == 404


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("concern-C-12.docx", 'attachment; filename="concern-C-12.docx"'),
        ('C-12".docx', "attachment; filename*=UTF-8''C-12%22.docx"),
        ("Ärger\r\nX: y.md", "attachment; filename*=UTF-8''%C3%84rger%0D%0AX%3A%20y.md"),
    ],
)
def test_a_file_comes_under_its_name_whatever_stands_in_it(name: str, header: str) -> None:
    async def waits(_: str) -> bool:
        return True

    async def take(_: str) -> File | None:
        return File(name=name, media_type="text/plain", content=b"x")

    site = Site(problems=fine, routes=link_routes(Links(waits=waits, take=take)))
    given = ask("POST", site, f"/file/{'a' * 43}")
    assert (given.content, given.headers["content-disposition"]) == (b"x", header)


def test_the_one_script_of_the_page_is_the_one_that_the_browser_is_allowed() -> None:
    (script,) = re.findall("<script>(.*)</script>", PAGE, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in HEADERS["Content-Security-Policy"]


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
