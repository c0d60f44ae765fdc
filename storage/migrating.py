"""Bring a database to the schema of the code: SQLite after a copy, PostgreSQL one process at a time."""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, inspect
from sqlalchemy.exc import DBAPIError

from storage.database import Misconfigured, make_engine
from storage.revisions import FOLDER, head_revision, known_revisions, pending

ADVISORY_LOCK = 7_203_114  # any number, the same in every replica


def configuration(connection: Connection | None = None) -> Config:
    """Alembic's settings, without a file."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    return config


class NotMigrated(Misconfigured):
    """The schema could not be brought up to date, and everything is as it was."""


class LostReference(Exception):
    """A row refers to one that is not there."""


def migrate(engine: Engine, now: datetime) -> Path | None:
    """Apply what is pending; returns the copy made of a SQLite database, to name to the operator.

    NotMigrated where that fails: nothing has changed then, and the copy is named.
    """
    if not pending(engine):
        return None
    if engine.dialect.name != "sqlite":
        upgrade(engine)
        return None
    copy = copy_beside(engine, now)
    try:
        upgrade(engine)
    except (DBAPIError, LostReference) as fault:
        cause = str(fault.orig if isinstance(fault, DBAPIError) else fault).strip().splitlines()[0].rstrip(".")
        kept = f"; a copy of it is {copy}" if copy is not None else ""
        said = f"The database could not be brought up to date ({cause}). It is as it was before{kept}."
        raise NotMigrated(said) from None
    return copy


def upgrade(engine: Engine, to: str = "head") -> None:
    """Run the revisions up to one, all in one transaction."""
    if engine.dialect.name == "sqlite":
        with without_foreign_keys(engine) as connection:
            command.upgrade(configuration(connection), to)
        return
    with engine.begin() as connection:  # replicas that start together wait for the first
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({ADVISORY_LOCK})")
        command.upgrade(configuration(connection), to)


@contextmanager
def without_foreign_keys(engine: Engine) -> Iterator[Connection]:
    """One transaction on a SQLite file in which tables may be dropped and made anew; LostReference undoes all of it.

    Foreign keys can be switched outside transactions alone, so it is done on the driver's connection, which is closed
    afterwards and never used for anything else.
    """
    with engine.execution_options(writes=True).connect() as connection:
        connection.detach()
        connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")
        with connection.begin():
            yield connection
            lost = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            if lost:
                places = ", ".join(sorted({f"{table} to {referred}" for table, _, referred, _ in lost}))
                raise LostReference(f"{len(lost)} rows refer to rows that are not there, from {places}")


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
        upgrade(engine)
        with engine.connect() as connection:
            command.revision(configuration(connection), message, autogenerate=True, rev_id=f"{number:04}")
        engine.dispose()


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["new", message]:
            new_revision(message)
        case _:
            sys.exit('usage: python -m storage.migrating new "message"')
