"""Fixtures of all tests: whatever takes an engine runs on SQLite and again on a real PostgreSQL."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from hypothesis import settings
from sqlalchemy import Engine

from storage.encrypted import Keyring, use_keyring
from tests.databases import drop_worker_database, postgres_engine, sqlite_engine


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty database with every table."""
    yield from sqlite_engine(tmp_path) if request.param == "sqlite" else postgres_engine()


@pytest.fixture(scope="session", autouse=True)
def _tidy_server() -> Iterator[None]:
    yield
    drop_worker_database()


settings.register_profile("quick", max_examples=30)
if os.environ.get("THOROUGH") != "1":
    settings.load_profile("quick")

KEY = Fernet.generate_key().decode()
"""One for all tests of a run, since databases in which a cast has settled are copied from test to test."""


@pytest.fixture(autouse=True)
def _keys() -> Iterator[None]:
    use_keyring(Keyring(KEY))
    yield
    use_keyring(None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that take as long as all others (whole processes, stories told again): THOROUGH=1, as in CI, has them."""
    if os.environ.get("THOROUGH") == "1":
        return
    for item in items:
        if item.get_closest_marker("slow") is not None or _is_slow_there(item):
            item.add_marker(pytest.mark.skip(reason="takes long: THOROUGH=1 make test has it"))


def _is_slow_there(item: pytest.Item) -> bool:
    return None not in (item.get_closest_marker("slowly_on_postgres"), item.get_closest_marker("postgres"))
