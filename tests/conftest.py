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

TRIED_ON_BOTH = {"storage", "scheduling", "stories"}
"""The folders whose tests run on both databases each time; those of the floors above repeat with THOROUGH=1."""

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
    """Whether it is a repeat on PostgreSQL that can wait: storage and the stories are tried there each time."""
    if item.get_closest_marker("postgres") is None:
        return False
    return item.get_closest_marker("slowly_on_postgres") is not None or not TRIED_ON_BOTH.intersection(item.path.parts)
