"""Databases made once and kept, so that the same situation is there again at once, the same for everybody."""

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from sqlalchemy import Engine

from bot.sample.collecting import Workspace
from bot.sample.file import hasty_engine, make_file
from bot.sample.rules import Rules, anyshires_own
from bot.sample.seed import SAMPLE, Progress, silent
from bot.sample.situations import SITUATIONS, Situation
from bot.sample.stage import Stage
from scheduling.working_days import local
from storage.database import fold_log_in, transaction
from storage.encrypted import KeysWrong, check_keys
from storage.revisions import head_revision


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """A folder of database files. What was made under other keys, rules or tables is made anew."""

    folder: Path
    authority: str = SAMPLE
    rules: Rules | None = None
    workspace: Workspace | None = None

    def at(self, now: datetime, progress: Progress = silent) -> Path:
        """The sample as it stands at that moment."""

        def make(path: Path) -> None:
            make_file(
                path,
                now=now,
                authority=self.authority,
                rules=self.rules,
                workspace=self.workspace,
                progress=progress,
            )

        return self._kept(f"{local(now):%Y-%m-%dT%H%M}", make)

    def in_situation(self, situation: Situation, progress: Progress = silent) -> Path:
        """The sample brought into a situation by what people and the clock do."""

        def make(path: Path) -> None:
            shutil.copyfile(self.at(situation.from_moment, progress), path)
            engine = hasty_engine(path)
            try:
                with Stage(engine, self.authority, situation.from_moment, workspace=self.workspace) as stage:
                    situation.play(stage)
                    stage.until(situation.at)
                fold_log_in(engine)
            finally:
                engine.dispose()

        return self._kept(situation.key, make)

    def tidy(self, latest: Path) -> None:
        """Leave nothing of what was half made, nor of the days that were begun from before `latest`."""
        wanted = {f"{local(one.from_moment):%Y-%m-%dT%H%M}-{self._version}.db" for one in SITUATIONS}
        for path in self.folder.iterdir():
            half_made = path.name.partition(".db")[2] != ""
            of_a_day = path.name[:1].isdigit() and path.name not in wanted
            if path != latest and (half_made or of_a_day):
                path.unlink(missing_ok=True)

    def _kept(self, name: str, make: Callable[[Path], None]) -> Path:
        """The file of that name, made where there is none that can be read; half-made ones never have the name."""
        path = self.folder / f"{name}-{self._version}.db"
        if not path.exists() or not _readable(path):
            part = path.with_name(f"{path.name}.new")
            part.unlink(missing_ok=True)
            self.folder.mkdir(parents=True, exist_ok=True)
            make(part)
            os.replace(part, path)
        return path

    @property
    def _version(self) -> str:
        """What the files depend on besides the moment."""
        rules = self.rules or anyshires_own()
        return sha256(f"{head_revision()} {rules.procedures.digest} {self.authority}".encode()).hexdigest()[:12]


def _readable(path: Path) -> bool:
    """Whether the keys of this process fit."""
    engine = hasty_engine(path)
    try:
        with transaction(engine, None) as session:
            check_keys(session)
    except KeysWrong:
        return False
    finally:
        engine.dispose()
    return True


def put_into(engine: Engine, path: Path) -> None:
    """Make a SQLite database the same as the file, in one step: who reads meanwhile sees all of the old or the new."""
    with closing(sqlite3.connect(path)) as source, closing(engine.raw_connection()) as raw:
        assert isinstance(raw.driver_connection, sqlite3.Connection)
        source.backup(raw.driver_connection)
