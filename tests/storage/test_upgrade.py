"""A database of 0.1.0 with a year in it becomes one of this version, whole, or stays as it was."""

import hashlib
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Collection, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, inspect
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel, select
from typer.testing import CliRunner

from bot.cli import app
from storage import addresses, people
from storage.audit import verify_all
from storage.authorities import every_key
from storage.database import make_engine, single_run_lock, transaction
from storage.encrypted import Keyring, use_keyring
from storage.migrating import NotMigrated, migrate, without_foreign_keys
from storage.migrations.rebuilding import rebuild
from storage.revisions import FOLDER, current_revision, known_revisions
from storage.scope import every_authority
from storage.tables import all_tables
from tests.cast import AUTHORITY, IRO, SOCIAL_WORKER, STAFF, WORKSPACE, Cast, slack_id
from tests.slack_standin import SlackStandIn
from tests.storage.old_databases import (
    ENDED,
    FIRST_TENANT,
    FORMERLY,
    KEY,
    NOT_YET,
    SECOND_TENANT,
    TWOFOLD,
    old_postgres,
    old_sqlite,
)
from tests.storage.test_migrations import create_from_code, sqlite_schema
from tests.stories.telling import log
from tests.teams_standin.state import TENANT, aad_id
from tests.world import World

FROZEN = {"0001_begin.py": "5e603cae7f5535e481e8b432402e3937a24e251c07402fc85c199087e4fee4fd"}
"""Revisions that a release brought to somebody's database: what they do never changes again."""

Rows = dict[str, list[tuple[object, ...]]]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def year(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A year of 0.1.0 on each database."""
    use_keyring(Keyring(KEY))
    yield from old_sqlite(tmp_path) if request.param == "sqlite" else old_postgres(tmp_path)


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Engine]:
    """A year of 0.1.0 in a SQLite file."""
    use_keyring(Keyring(KEY))
    yield from old_sqlite(tmp_path)


NEW = {"held_until", "bundle_id", "first_raised_at", "superseded_by", "refused_at", "refusal", "gave_way_at"}
NEW |= {"open_at", "look_again_at"}
NEW |= {"works", "serves_until", "lost_at", "lost_told_on"}
NEW |= {"needed_why", "child_told", "on_record_on", "on_record_by_id"}
NEW |= {"passed_why", "passed_at", "adds_for_id", "done_at", "review_first"}
NEW |= {"wanted_by"}
NEW |= {"first_due_at", "failures", "fell_due_at", "recent_posts"}
"""Columns that later revisions add to tables of 0.1.0; they are empty, or 0, at first."""


def stored(engine: Engine, *, but: Collection[str] = ()) -> Rows:
    """Every row as it lies there, by table; in which order its columns are is left aside."""
    with engine.connect() as connection:
        return {name: _stored(connection, name, but) for name in inspect(connection).get_table_names()}


def _stored(connection: Connection, table: str, but: Collection[str]) -> list[tuple[object, ...]]:
    found = connection.exec_driver_sql(f'SELECT * FROM "{table}"')  # noqa: S608 - a table of ours
    names = sorted({*found.keys()} - {*but})
    return sorted((tuple(row[name] for name in names) for row in found.mappings()), key=str)


def decisions_in(engine: Engine) -> dict[int, dict[str, object]]:
    """Every decision, its columns by name."""
    with engine.connect() as connection:
        found = connection.exec_driver_sql("SELECT * FROM decisions ORDER BY id").mappings()
        return {row["id"]: dict(row) for row in found}


def revision_of(engine: Engine) -> str | None:
    with engine.connect() as connection:
        return current_revision(connection)


def addresses_in(engine: Engine, authority: str) -> dict[str, dict[tuple[str, str], str]]:
    """The accounts of everybody who has one, by the name before the @."""
    with transaction(engine, authority, writes=False) as session:
        found = addresses.of_everyone(session)
        return {one.email.partition("@")[0]: dict(found[one.id]) for one in people.everyone(session) if one.id in found}


# ------------------------------------------------------------------ the year is carried over


@pytest.mark.slow
def test_a_year_of_the_first_release_is_whole_after_the_upgrade_and_people_keep_their_accounts(year: Engine) -> None:
    before, decided = stored(year), decisions_in(year)
    copy = migrate(year, ENDED)
    assert (copy is not None) is (year.dialect.name == "sqlite")
    after = stored(year)

    changed = {"addresses", "invitations", "alembic_version", "people", "connections", "decisions"}
    carried = stored(year, but=NEW)
    assert {name: rows for name, rows in carried.items() if name in before and name not in changed} == {
        name: rows for name, rows in before.items() if name not in changed
    }
    assert [name for name, rows in after.items() if name not in before and name not in changed and rows] == []
    assert [len(after[name]) for name in ("people", "connections")] == [
        len(before[n]) for n in ("people", "connections")
    ]
    decisions_are_whole_and_know_whether_they_were_sent(year, decided)
    everyone_is_read_and_the_history_stands(year)
    nothing_can_be_rewritten(year)

    ours = addresses_in(year, AUTHORITY)
    assert len(ours) == 13
    assert ours[IRO] == {("slack", WORKSPACE): slack_id(IRO), ("teams", TENANT): aad_id(IRO)}
    assert addresses_in(year, TWOFOLD) == {
        "one": {("slack", "T0FIRST"): "U0ONE"},  # nothing tells: where 0.1.0 would have written
        "two": {("slack", "T0SECOND"): "U0TWO", ("teams", SECOND_TENANT): "aad-two"},  # where they were reached
        "three": {("teams", FIRST_TENANT): "aad-three"},
    }
    assert addresses_in(year, FORMERLY) == {"kay": {("slack", "T0FORMER"): "U0KAY", ("teams", ""): "aad-kay"}}
    assert addresses_in(year, NOT_YET) == {"lou": {("slack", ""): "U0ONE", ("teams", ""): "aad-two"}}

    assert migrate(year, ENDED) is None
    assert stored(year) == after


def decisions_are_whole_and_know_whether_they_were_sent(year: Engine, before: dict[int, dict[str, object]]) -> None:
    """A decision went with the sending after it; one that was settled was known to whoever did it."""
    after = decisions_in(year)
    assert {number: {name: row[name] for name in before[number]} for number, row in after.items()} == before
    with year.connect() as connection:
        sent = connection.exec_driver_sql(
            "SELECT decisions.id, reviews.decisions_sent_at FROM decisions JOIN reviews ON reviews.id = review_id "
            "WHERE decisions_sent_at >= made_at"
        ).all()
    expected = {number: row["made_at"] for number, row in after.items() if row["state"] != "open"}
    expected |= {row[0]: row[1] for row in sent}
    assert {number: row["sent_at"] for number, row in after.items() if row["sent_at"]} == expected
    assert expected
    assert len(expected) < len(after), "those that nobody sent stay the IRO's"


def everyone_is_read_and_the_history_stands(engine: Engine) -> None:
    all_tables()
    with transaction(engine, None, writes=False) as session:
        authorities = every_key(session)
        with every_authority(session):
            for mapper in SQLModel._sa_registry.mappers:
                session.exec(select(mapper.class_)).all()  # decrypts what is encrypted
    assert len(authorities) == 4
    for authority in authorities:
        with transaction(engine, authority, writes=False) as session:
            assert verify_all(session) == []


def nothing_can_be_rewritten(engine: Engine) -> None:
    for statement in (
        "UPDATE history SET what = 'nothing'",
        "DELETE FROM history WHERE id = 1",
        "UPDATE history_anchors SET heads = '[]'",
        "INSERT INTO addresses (authority, person_id, platform, workspace, account) VALUES ('x', 4711, 'p', 'w', 'a')",
        "INSERT INTO addresses (authority, person_id, platform, workspace, account) "
        "SELECT authority, person_id + 1, platform, workspace, account FROM addresses WHERE person_id = 1",
    ):
        with pytest.raises(DBAPIError), engine.begin() as connection:
            connection.exec_driver_sql(statement)


def test_after_the_upgrade_the_file_is_what_the_code_declares(file: Engine, tmp_path: Path) -> None:
    migrate(file, ENDED)
    declared = make_engine(f"sqlite:///{tmp_path}/declared.db")
    create_from_code(declared)
    assert sqlite_schema(file) == sqlite_schema(declared)
    declared.dispose()


@pytest.mark.slow
def test_a_bot_that_starts_on_the_upgraded_file_knows_its_people_and_shows_them_their_year(file: Engine) -> None:
    migrate(file, ENDED)
    with transaction(file, AUTHORITY, writes=False) as session:
        cast = Cast(people={one.email.partition("@")[0]: one.id or 0 for one in people.everyone(session)}, children={})
    with ExitStack() as stack:
        standin = stack.enter_context(SlackStandIn())
        for login, name, *_ in STAFF:
            standin.add_user(slack_id(login), name, f"{login}@anyshire.example")
        world = World(engine=file, standin=standin, now=ENDED, cast=cast)
        world.start(stack)
        world.beat()
        assert "Contact, month 11." in world.command(IRO, "/concern C-104").text
        log(world, {"Start at": "Stage 1"})
        assert [message.text for message in standin.messages_to(slack_id(SOCIAL_WORKER))][-1:] == [
            "For information: C-105 (nothing to do)"
        ]
        assert standin.calls_of("users.lookupByEmail") == []


# ------------------------------------------------------------------ or it stays as it was

KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from sqlalchemy import event
from storage.database import make_engine
from storage.migrating import migrate
engine = make_engine(sys.argv[1])
event.listen(engine, "commit", lambda connection: os.kill(os.getpid(), signal.SIGKILL))
migrate(engine, datetime.now(UTC))
"""


@pytest.mark.slow
def test_a_migration_that_is_killed_before_its_end_leaves_the_database_as_it_was(file: Engine) -> None:
    before = stored(file)
    address = file.url.render_as_string()
    file.dispose()
    ended = subprocess.run([sys.executable, "-c", KILLED, address], check=False)
    assert ended.returncode == -signal.SIGKILL
    assert revision_of(file) == "0001"
    assert stored(file) == before
    migrate(file, ENDED)
    assert revision_of(file) == known_revisions()[-1]
    assert len(addresses_in(file, AUTHORITY)) == 13


def test_rows_that_refer_to_nothing_stop_the_upgrade_and_the_copy_is_named(file: Engine, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "year.db") as raw:  # foreign keys are off unless asked for
        raw.execute("UPDATE person_roles SET person_id = 4711 WHERE id = 1")
    raw.close()
    before = stored(file)
    with pytest.raises(NotMigrated) as refused:
        migrate(file, ENDED)
    copy = tmp_path / f"year.db.before-{known_revisions()[-1]}-20260331T110000"
    assert str(refused.value) == (
        "The database could not be brought up to date (1 rows refer to rows that are not there, from person_roles to "
        f"people). It is as it was before; a copy of it is {copy}."
    )
    assert copy.exists()
    assert stored(file) == before
    assert revision_of(file) == "0001"


def test_a_command_leaves_a_file_alone_on_which_an_earlier_bot_still_runs(
    file: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = file.url.render_as_string()
    for name, value in {"DATABASE_URL": address, "ENCRYPTION_KEYS": KEY, "AUTHORITY": AUTHORITY}.items():
        monkeypatch.setenv(name, value)
    with single_run_lock(address):
        for line in (["people", "show", f"{IRO}@anyshire.example"], ["migrate"]):
            refused = CliRunner().invoke(app, line, prog_name="iro-bot")
            assert refused.exit_code == 1
            assert refused.output.startswith("Another iro-bot is running on ")
    assert revision_of(file) == "0001"
    shown = CliRunner().invoke(app, ["people", "show", f"{IRO}@anyshire.example"], prog_name="iro-bot")
    assert f"Slack: {slack_id(IRO)} (in {WORKSPACE})" in shown.output
    assert revision_of(file) == known_revisions()[-1]


@pytest.mark.parametrize("name", FROZEN)
def test_a_revision_that_was_released_never_changes(name: str) -> None:
    assert hashlib.sha256((FOLDER / "versions" / name).read_bytes()).hexdigest() == FROZEN[name]


# ------------------------------------------------------------------ any table can be made anew


@pytest.mark.slow
def test_every_table_of_a_full_year_made_anew_is_the_same_with_its_rows_indexes_and_triggers(file: Engine) -> None:
    migrate(file, ENDED)
    schema, rows = sqlite_schema(file), stored(file)
    with without_foreign_keys(file) as connection:
        for table in all_tables().sorted_tables:
            rebuild(connection, table)
    assert sqlite_schema(file) == schema
    assert schema["nudges"][1] == "WITHOUT ROWID"
    assert {"history_stays", "history_unchanged", "ix_outbox_waiting"} <= set(schema)
    assert stored(file) == rows
    everyone_is_read_and_the_history_stands(file)
    nothing_can_be_rewritten(file)


def test_a_column_may_be_filled_from_the_others_but_never_while_foreign_keys_are_on(file: Engine) -> None:
    people_table = all_tables().tables["people"]
    migrate(file, ENDED)
    with without_foreign_keys(file) as connection:
        rebuild(connection, people_table, {"team": "upper(team) || ' of ' || authority"})
    with file.connect() as connection:
        team = connection.exec_driver_sql("SELECT team FROM people WHERE id = 5").scalar_one()
    assert team == "NORTH TEAM of anyshire"
    with (
        pytest.raises(RuntimeError, match="only while foreign keys are off"),
        file.execution_options(writes=True).begin() as connection,
    ):
        rebuild(connection, people_table)
