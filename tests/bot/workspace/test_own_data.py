"""The page's own database: it is refused before anything is written where there are people it has not made."""

from pathlib import Path

import pytest
from sqlmodel import select

from bot.settings import Settings
from bot.workspace.own_data import with_own_data
from storage.authorities import Authority
from storage.connections import Connection
from storage.database import Misconfigured, transaction
from tests.bench import utc
from tests.cast import AUTHORITY, settle
from tests.databases import sqlite_engine

NOW = utc("2026-12-07")


@pytest.mark.parametrize(
    ("authority", "connected", "named"),
    [
        ("local", None, f"the authority {AUTHORITY}"),
        ("another", "page", f"the authority {AUTHORITY}"),
        (AUTHORITY, "slack", "people of Slack or Teams"),
        (AUTHORITY, None, "people that were not made here"),
    ],
)
def test_people_it_has_not_made_are_refused_and_nothing_is_written(
    tmp_path: Path, authority: str, connected: str | None, named: str
) -> None:
    for engine in sqlite_engine(tmp_path):
        settle(engine, platform="page")
        with transaction(engine, AUTHORITY) as session:
            for one in session.exec(select(Connection)):
                session.delete(one)
            session.flush()
            if connected is not None:
                session.add(Connection(platform=connected, workspace="T1", installed_at=NOW))
        url = engine.url.render_as_string(hide_password=False)
        with pytest.raises(Misconfigured, match=f"This database holds {named}"):
            with_own_data(Settings(database_url=url, authority=authority))
        with transaction(engine, None, writes=False) as session:
            assert session.exec(select(Authority.key)).all() == [AUTHORITY]
        assert list(tmp_path.glob("*.key")) == []


def test_its_own_people_are_taken_up_again(tmp_path: Path) -> None:
    for engine in sqlite_engine(tmp_path):
        settle(engine, platform="page")
        with transaction(engine, AUTHORITY) as session:
            session.add(Connection(platform="page", workspace="page", installed_at=NOW))
        url = engine.url.render_as_string(hide_password=False)
        assert with_own_data(Settings(database_url=url, authority=AUTHORITY)).authority == AUTHORITY


def test_a_folder_that_takes_no_file_is_named_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Misconfigured, match="start the bot in a folder in which you may write"):
        with_own_data(Settings(database_url=f"sqlite:///{tmp_path}/file/page.db"))
