"""The sample in a database file of its own: whole, or not there."""

import os
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from bot.sample.collecting import Workspace
from bot.sample.rules import Rules
from bot.sample.seed import SAMPLE, Progress, populate, silent
from storage.database import fold_log_in, make_engine, transaction
from storage.encrypted import check_keys
from storage.migrating import upgrade
from storage.tables import all_tables


def make_file(
    path: Path,
    *,
    now: datetime,
    authority: str = SAMPLE,
    rules: Rules | None = None,
    workspace: Workspace | None = None,
    progress: Progress = silent,
) -> None:
    """Make the sample in a new file, which appears under its name once it is whole. Takes the place of an old one."""
    part = path.with_name(f"{path.name}.part")
    _remove(part)
    engine = hasty_engine(part)
    try:
        upgrade(engine.execution_options(writes=True))
        with transaction(engine, None) as session:
            check_keys(session)
        populate(engine, now=now, authority=authority, rules=rules, workspace=workspace, progress=progress)
        fold_log_in(engine)
    finally:
        engine.dispose()
    os.replace(part, path)


def hasty_engine(path: Path) -> Engine:
    """An engine that does not wait for the disk: what is made again as easily as it was made loses nothing by that."""
    all_tables()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    engine = make_engine(f"sqlite:///{path}")
    event.listen(engine, "connect", _hasty)
    return engine


def _hasty(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    connection.cursor().execute("PRAGMA synchronous=OFF")


def _remove(path: Path) -> None:
    """What an earlier attempt left."""
    for end in ("", "-wal", "-shm"):
        path.with_name(f"{path.name}{end}").unlink(missing_ok=True)
