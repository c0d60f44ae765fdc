"""Which revisions of the schema the code knows and where a database stands: asked at each start, so without Alembic."""

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect

FOLDER = Path(__file__).parent / "migrations"


def known_revisions() -> list[str]:
    """Every revision of the code, the oldest first: files are named "0001_begin.py", in the order they were made."""
    return sorted(path.name.partition("_")[0] for path in (FOLDER / "versions").glob("[0-9]*_*.py"))


def head_revision() -> str | None:
    """The newest revision the code knows."""
    return max(known_revisions(), default=None)


def current_revision(connection: Connection) -> str | None:
    """The revision a database stands at, None before the first."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one_or_none()
    return found


def behind(engine: Engine) -> bool:
    """Whether the database lacks what this code asks for; one that a newer version brought on serves it still."""
    with engine.connect() as connection:
        current, head = current_revision(connection), head_revision()
    return head is not None and (current is None or current < head)


def pending(engine: Engine) -> bool:
    """Whether the database is behind the code (or ahead of it)."""
    with engine.connect() as connection:
        return current_revision(connection) != head_revision()
