"""Bring a database to the schema of the code: SQLite after a copy, PostgreSQL one process at a time."""

import sys
import tempfile
from contextlib import closing
from datetime import datetime
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, inspect

from storage.database import make_engine
from storage.revisions import FOLDER, head_revision, known_revisions, pending

ADVISORY_LOCK = 7_203_114  # any number, the same in every replica


def configuration(connection: Connection | None = None) -> Config:
    """Alembic's settings, without a file."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    return config


def migrate(engine: Engine, now: datetime) -> Path | None:
    """Apply what is pending; returns the copy made of a SQLite database, to name to the operator."""
    if not pending(engine):
        return None
    if engine.dialect.name == "sqlite":
        copy = copy_beside(engine, now)
        upgrade(engine.execution_options(writes=True))
        return copy
    upgrade(engine)
    return None


def upgrade(engine: Engine) -> None:
    """Run the revisions in one transaction; on PostgreSQL replicas that start together wait for the first."""
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({ADVISORY_LOCK})")
        command.upgrade(configuration(connection), "head")


def copy_beside(engine: Engine, now: datetime) -> Path | None:
    """Copy a SQLite file that holds tables to a new file beside it, readable by its owner alone."""
    with engine.connect() as connection:
        if not inspect(connection).get_table_names():
            return None
    original = Path(str(engine.url.database))
    copy = original.with_name(f"{original.name}.before-{head_revision()}-{now:%Y%m%dT%H%M%S}")
    with closing(engine.raw_connection()) as raw:  # outside any transaction, which VACUUM asks for
        raw.cursor().execute("VACUUM INTO ?", (str(copy),))
    copy.chmod(0o600)
    return copy


def new_revision(message: str) -> None:
    """Write a revision from what the code has and the revisions so far have not."""
    number = len(known_revisions()) + 1
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{folder}/scratch.db")
        upgrade(engine.execution_options(writes=True))
        with engine.connect() as connection:
            command.revision(configuration(connection), message, autogenerate=True, rev_id=f"{number:04}")
        engine.dispose()


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["new", message]:
            new_revision(message)
        case _:
            sys.exit('usage: python -m storage.migrating new "message"')
