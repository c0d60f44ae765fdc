"""An empty database and a cast in it, inside one writing transaction."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import Engine
from sqlmodel import Session

from storage.database import transaction
from storage.encrypted import Keyring, use_keyring
from tests.databases import sqlite_engine
from tests.handlers.people.cast import Cast


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """A new SQLite file with every table."""
    yield from sqlite_engine(tmp_path)


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A writing session of the authority "local", committed at the end of the test."""
    use_keyring(Keyring(Fernet.generate_key().decode()))
    with transaction(engine, "local") as opened:
        yield opened
    use_keyring(None)


@pytest.fixture
def cast(session: Session) -> Cast:
    """The service's people and one child."""
    return Cast(session)
