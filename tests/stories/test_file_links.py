"""One-time links over real HTTP: previews do not use them up, one press does, and nothing of them stays anywhere."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import httpx2
import pytest

from tests.bench import utc
from tests.cast import CHILD, IRO, IRO_MANAGER
from tests.stories.conftest import Begin, slowly_at_teams
from tests.stories.telling import log
from tests.world import AnyWorld

pytestmark = slowly_at_teams

MONDAY = utc("2026-12-07")
LINK = re.compile(r"https://concerns\.anyshire\.example(/file/[\w-]+)")
PREVIEWS = (
    "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5 skype-url-preview@microsoft.com",
)
NO_MORE = (404, "This link has been used or has run out. Ask for a new one.\n")


@pytest.fixture
def world(begin_briefly: Begin) -> AnyWorld:
    begun = begin_briefly(MONDAY)
    log(begun)
    return begun


def links(world: AnyWorld, line: str = "/concern C-1 file", who: str = IRO) -> list[str]:
    """The addresses in the form, from their path on."""
    found = LINK.findall(world.command(who, line).text)
    assert found, line
    return [str(one) for one in found]


def asked(world: AnyWorld, method: str, path: str, **headers: str) -> httpx2.Response:
    """What somebody's browser, or another program, gets."""
    address = world.people[IRO].bot_url
    with httpx2.Client(base_url=str(address), trust_env=False) as browser:
        return browser.request(method, path, headers={name.replace("_", "-"): held for name, held in headers.items()})


@pytest.mark.slow
def test_a_preview_sees_a_button_and_does_not_use_the_link_up(world: AnyWorld) -> None:
    path = links(world)[0]
    for agent in PREVIEWS:
        assert asked(world, "HEAD", path, user_agent=agent).status_code == 200
        seen = asked(world, "GET", path, user_agent=agent)
        assert (seen.status_code, seen.headers["content-type"]) == (200, "text/html; charset=utf-8")
        assert '<form method="post"><button>Open the file</button></form>' in seen.text
        assert not [word for word in ("C-1", CHILD, "oncern", "Ann") if word in seen.text]

    given = asked(world, "POST", path)
    assert (given.status_code, given.headers["content-disposition"]) == (200, 'attachment; filename="concern-C-1.md"')
    assert "The plan was never written up." in given.text
    for method in ("GET", "POST"):
        used = asked(world, method, path)
        assert (used.status_code, used.text) == NO_MORE
    assert asked(world, "HEAD", path).status_code == 404


def test_pressed_twice_at_once_it_opens_once(world: AnyWorld) -> None:
    path = links(world)[0]
    with ThreadPoolExecutor(4) as pool:
        given = list(pool.map(lambda _: asked(world, "POST", path).status_code, range(4)))

    assert sorted(given) == [200, 404, 404, 404]
    assert world.command(IRO, "/concern C-1 history").text.count("opened the file by link") == 1


def test_after_ten_minutes_neither_the_page_nor_the_file_is_there(world: AnyWorld) -> None:
    path = links(world)[0]
    world.wait(timedelta(minutes=9, seconds=59))
    assert asked(world, "GET", path).status_code == 200
    world.wait(timedelta(seconds=1))
    for method in ("GET", "POST"):
        over = asked(world, method, path)
        assert (over.status_code, over.text) == NO_MORE
    assert "opened the file by link" not in world.command(IRO, "/concern C-1 history").text


def test_nothing_of_a_link_stays_in_a_browser_or_on_the_way(world: AnyWorld) -> None:
    path, unknown = links(world)[0], "/file/" + "a" * 43
    for method, each in (("GET", path), ("POST", path), ("POST", path), ("GET", unknown), ("POST", "/file/made-up")):
        headers = asked(world, method, each).headers
        assert headers["cache-control"] == "no-store", (method, each)
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-robots-tag"] == "noindex"
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "set-cookie" not in headers


@pytest.mark.slow
def test_an_address_that_is_no_link_is_answered_like_a_used_one(world: AnyWorld) -> None:
    for strange in ("/file/made-up", f"/file/{'a' * 43}", f"/file/{'%00' * 20}", f"/file/{'x' * 5000}"):
        for method in ("GET", "POST"):
            seen = asked(world, method, strange)
            assert (seen.status_code, seen.text) == NO_MORE
    assert asked(world, "PUT", links(world)[0]).status_code == 405


@pytest.mark.slow
def test_each_link_of_a_report_opens_by_itself_under_the_name_of_who_asked(world: AnyWorld) -> None:
    paths = links(world, "/iro report 2025-26", IRO_MANAGER)
    names = [
        re.findall('filename="(.+)"', asked(world, "POST", path).headers["content-disposition"])[0]
        for path in paths[-2:]
    ]

    assert len(set(names)) == len(names)
    assert all(name.startswith("iro-annual-report-2025-26") for name in names)
    assert [asked(world, "GET", path).status_code for path in paths] == [200] * (len(paths) - 2) + [404, 404]
