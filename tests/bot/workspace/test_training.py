"""A training over real HTTP: nothing is behind the passphrase for who has not given it, and guessing is slow."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from bot.workspace.guard import COOKIE, TRIES_AT_ONCE
from tests.bench import utc
from tests.cast import IRO
from tests.databases import sqlite_engine
from tests.page_world import page_world

PASSPHRASE = "wörds of the room"
ASKED_FOR = "/workspace/enter"


@pytest.fixture
def stranger(tmp_path: Path) -> Iterator[httpx.Client]:
    for engine in sqlite_engine(tmp_path):
        with (
            page_world(engine, utc("2026-12-07"), passphrase=PASSPHRASE) as world,
            httpx.Client(base_url=str(world.people[IRO].bot_url)) as client,
        ):
            yield client


@pytest.mark.slow
def test_every_address_behind_the_passphrase_asks_for_it(stranger: httpx.Client) -> None:
    for read in ("", "seats/ann-lee", "news?shown=ann-lee", "stream", "files/1"):
        assert stranger.get(f"/workspace/{read}").headers["location"] == ASKED_FOR, read
    for sent in (
        "seats/ann-lee/command",
        "seats/ann-lee/press",
        "seats/ann-lee/submit",
        "seats/ann-lee/search",
        "clock",
    ):
        assert stranger.post(f"/workspace/{sent}").headers["location"] == ASKED_FOR, sent


def test_a_page_whose_cookie_has_run_out_is_told_so_in_place(stranger: httpx.Client) -> None:
    answer = stranger.post("/workspace/seats/ann-lee/command", headers={"hx-request": "true"}, data={"line": "/iro"})
    assert answer.status_code == 401
    assert "nothing was done" in answer.text


@pytest.mark.slow
def test_whoever_knows_it_comes_in_with_a_cookie_that_no_script_reads(stranger: httpx.Client) -> None:
    wrong = stranger.post(ASKED_FOR, data={"passphrase": "words of the room"})
    assert wrong.status_code == 403
    assert "This is not the passphrase" in wrong.text
    entered = stranger.post(ASKED_FOR, data={"passphrase": PASSPHRASE})
    assert entered.headers["location"] == "/workspace/"
    assert COOKIE in entered.cookies
    assert {"HttpOnly", "SameSite=strict"} <= set(entered.headers["set-cookie"].split("; "))
    assert stranger.get("/workspace/").status_code == 200


@pytest.mark.slow
def test_guessing_is_slowed_down_and_an_open_page_is_not(stranger: httpx.Client) -> None:
    stranger.post(ASKED_FOR, data={"passphrase": PASSPHRASE})
    tried = [httpx.post(stranger.base_url.join(ASKED_FOR), data={"passphrase": "a"}) for _ in range(TRIES_AT_ONCE + 5)]
    assert tried[0].status_code == 403
    assert tried[-1].status_code == 429
    assert "wait a minute" in tried[-1].text
    assert stranger.get("/workspace/").status_code == 200
