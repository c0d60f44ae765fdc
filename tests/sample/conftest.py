"""Samples made once for all tests of a run, and copied from test to test: making one takes longer than most tests."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot.sample.file import hasty_engine
from bot.sample.shelf import Shelf
from storage.encrypted import Keyring, use_keyring
from tests.conftest import KEY
from tests.databases import COMPILED, share_dialect


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    """What was made stays until the run ends."""
    return Shelf(folder=tmp_path_factory.mktemp("shelf"))


@pytest.fixture
def copied(tmp_path: Path) -> Iterator["Copies"]:
    """Opens copies of files, and closes them all at the end."""
    copies = Copies(tmp_path)
    yield copies
    copies.close()


class Copies:
    """Engines on copies of database files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._engines: list[Engine] = []

    def of(self, path: Path) -> Engine:
        """A copy, open."""
        copy = self._folder / f"copy-{len(self._engines)}.db"
        shutil.copyfile(path, copy)
        engine = hasty_engine(copy)
        engine.update_execution_options(compiled_cache=COMPILED)
        share_dialect(engine)
        self._engines.append(engine)
        return engine

    def close(self) -> None:
        """Close them all."""
        for engine in self._engines:
            engine.dispose()


@pytest.fixture(autouse=True)
def _same_keys() -> None:
    use_keyring(Keyring(KEY))
