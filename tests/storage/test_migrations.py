"""The revisions make exactly the schema the code expects, on both databases; migrating is safe."""

import os
import re
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, make_url

from storage.database import make_engine
from storage.migrating import configuration, migrate
from storage.revisions import behind, current_revision, head_revision, known_revisions, pending
from storage.tables import all_tables
from tests.databases import SERVER, administer, drop_scratch_database, make_scratch_database, without_server

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)

CATALOGUE = {
    "columns": """
        SELECT table_name, column_name, data_type, character_maximum_length, is_nullable,
               column_default
        FROM information_schema.columns WHERE table_schema = 'public'""",
    "constraints": """
        SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace""",
    "indexes": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "triggers": """
        SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid)
        FROM pg_trigger WHERE NOT tgisinternal""",
    "functions": """
        SELECT proname, pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace""",
    "sequences": "SELECT sequencename, data_type::text FROM pg_sequences WHERE schemaname = 'public'",
}


def sqlite_schema(engine: Engine) -> dict[str, list[str]]:
    """What every table, index and trigger declares, however the statement came to be written."""
    with engine.connect() as connection:
        rows = connection.exec_driver_sql(
            "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name <> 'alembic_version'"
        ).all()
    return {name: declarations(sql) for name, sql in rows}


def declarations(sql: str) -> list[str]:
    """The columns and constraints of a table in any order, and what stands around them; else the statement.

    ALTER TABLE leaves its marks in the text that SQLite keeps: a column added stands behind the constraints, and a
    table renamed has its name in quotes.
    """
    words = re.sub(r'"(\w+)"', r"\1", " ".join(sql.split()))
    if not words.startswith("CREATE TABLE"):
        return [words]
    head, _, rest = words.partition("(")
    body, _, tail = rest.rpartition(")")
    return [head.strip(), tail.strip(), *sorted(part.strip() for part in parts_of(body))]


def parts_of(body: str) -> list[str]:
    """What stands between the commas that are in no brackets and no quotes."""
    parts, depth, quoted = [""], 0, False
    for letter in body:
        quoted ^= letter == "'"
        depth += 0 if quoted else (letter == "(") - (letter == ")")
        if letter == "," and depth == 0 and not quoted:
            parts.append("")
        else:
            parts[-1] += letter
    return parts


def postgres_schema(engine: Engine) -> dict[str, list[str]]:
    """What the catalogue says of every table, constraint, index, trigger, function and sequence."""
    with engine.connect() as connection:
        found = {what: connection.exec_driver_sql(query).all() for what, query in CATALOGUE.items()}
    return {
        what: sorted(str(tuple(row)) for row in rows if "alembic_version" not in str(row))
        for what, rows in found.items()
    }


def create_from_code(engine: Engine) -> None:
    with engine.execution_options(writes=True).begin() as connection:
        all_tables().create_all(connection)


@pytest.fixture
def files(tmp_path: Path) -> Iterator[tuple[Engine, Engine]]:
    """Two SQLite files without tables."""
    engines = tuple(make_engine(f"sqlite:///{tmp_path}/{name}.db") for name in ("one", "two"))
    yield engines[0], engines[1]
    for engine in engines:
        engine.dispose()


@pytest.fixture
def servers() -> Iterator[tuple[Engine, Engine]]:
    """Two PostgreSQL databases without tables."""
    names = [f"iro_bot_test_{os.getpid()}_{number}" for number in (1, 2)]
    if not all(make_scratch_database(name) for name in names):
        without_server()
    urls = [make_url(SERVER).set(database=name).render_as_string(hide_password=False) for name in names]
    engines = tuple(make_engine(url) for url in urls)
    yield engines[0], engines[1]
    for engine, name in zip(engines, names, strict=True):
        engine.dispose()
        drop_scratch_database(name)


def test_on_sqlite_the_revisions_make_what_the_code_declares(files: tuple[Engine, Engine]) -> None:
    declared, migrated = files
    create_from_code(declared)
    migrate(migrated, NOW)
    expected = sqlite_schema(declared)
    assert sqlite_schema(migrated) == expected
    assert "WITHOUT ROWID" in " ".join(expected["nudges"])
    assert "history_stays" in expected


@pytest.mark.postgres
def test_on_postgresql_the_revisions_make_what_the_code_declares(servers: tuple[Engine, Engine]) -> None:
    declared, migrated = servers
    create_from_code(declared)
    migrate(migrated, NOW)
    assert postgres_schema(migrated) == postgres_schema(declared)


@pytest.mark.slow
def test_a_new_revision_would_find_nothing_to_do(files: tuple[Engine, Engine]) -> None:
    migrate(files[0], NOW)
    with files[0].connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), all_tables()) == []


def test_the_revisions_are_those_that_alembic_knows(files: tuple[Engine, Engine]) -> None:
    script = ScriptDirectory.from_config(configuration())
    assert known_revisions() == [one.revision for one in reversed(list(script.walk_revisions()))]
    assert head_revision() == script.get_current_head()
    migrate(files[0], NOW)
    with files[0].connect() as connection:
        assert current_revision(connection) == MigrationContext.configure(connection).get_current_revision()


def test_a_database_is_pending_until_it_is_migrated(files: tuple[Engine, Engine]) -> None:
    engine = files[0]
    assert pending(engine)
    migrate(engine, NOW)
    assert not pending(engine)
    with engine.connect() as connection:
        assert current_revision(connection) == head_revision()


def test_a_database_that_a_newer_version_brought_on_is_not_behind(files: tuple[Engine, Engine]) -> None:
    """In a rolling upgrade the processes of before go on serving."""
    engine = files[0]
    assert behind(engine)
    migrate(engine, NOW)
    assert not behind(engine)
    with engine.execution_options(writes=True).begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    assert not behind(engine)
    assert pending(engine), "and nothing older starts on it"


def test_a_file_with_data_is_copied_before_it_is_migrated(files: tuple[Engine, Engine]) -> None:
    engine = files[0]
    with engine.execution_options(writes=True).begin() as connection:
        connection.exec_driver_sql("CREATE TABLE before (words TEXT)")
        connection.exec_driver_sql("INSERT INTO before VALUES ('kept')")
    copy = migrate(engine, NOW)
    assert copy is not None
    with sqlite3.connect(copy) as reading:
        assert reading.execute("SELECT words FROM before").fetchall() == [("kept",)]
        assert reading.execute("SELECT count(*) FROM sqlite_master").fetchone() == (1,)
    reading.close()
    assert copy.stat().st_mode & 0o077 == 0


def test_nothing_is_copied_without_data_or_without_need(files: tuple[Engine, Engine]) -> None:
    engine = files[0]
    assert migrate(engine, NOW) is None
    assert migrate(engine, NOW) is None


@pytest.mark.postgres
def test_three_replicas_that_migrate_at_once_all_come_up(servers: tuple[Engine, Engine]) -> None:
    engine = servers[0]
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda _: migrate(engine, NOW), range(3)))
    assert not pending(engine)


def test_scratch_databases_need_a_server_that_answers() -> None:
    assert not administer("SELECT 1", server="postgresql+psycopg://nobody@127.0.0.1:1/none")
