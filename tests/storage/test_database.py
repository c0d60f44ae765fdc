"""Fifty people at once, one database file, and sentences instead of stack traces."""

import sqlite3 as driver
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from sqlite3 import OperationalError
from time import monotonic

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.exc import StatementError
from sqlmodel import col, func, select

from storage.database import (
    AlreadyRunning,
    Misconfigured,
    check_reach,
    fold_log_in,
    make_engine,
    single_run_lock,
    transaction,
)
from storage.inbound import Inbound
from storage.procedure_texts import ProcedureText
from tests.databases import sqlite_engine

MOMENT = datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_fifty_writers_at_once_all_get_their_rows_in(engine: Engine) -> None:
    def write(writer: int) -> None:
        for turn in range(4):
            with transaction(engine, "northshire") as session:
                session.exec(select(func.count()).select_from(Inbound)).one()
                session.add(Inbound(key=f"{writer}-{turn}", received_at=MOMENT))

    with ThreadPoolExecutor(50) as pool:
        list(pool.map(write, range(50)))
    with transaction(engine, "northshire", writes=False) as session:
        assert session.exec(select(func.count()).select_from(Inbound)).one() == 200


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Engine]:
    """A SQLite file with every table, where a connection that finds it locked gives up at once."""
    for engine in sqlite_engine(tmp_path):
        engine.dispose()
        event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA busy_timeout=0"))
        yield engine


def test_writers_of_one_process_take_turns_instead_of_racing_for_the_file(sqlite: Engine) -> None:
    def write(writer: int) -> None:
        with transaction(sqlite, "northshire") as session:
            session.add(Inbound(key=str(writer), received_at=MOMENT))

    with ThreadPoolExecutor(20) as pool:
        list(pool.map(write, range(60)))
    with transaction(sqlite, "northshire", writes=False) as session:
        assert session.exec(select(func.count()).select_from(Inbound)).one() == 60


def test_no_other_program_can_write_between_a_writers_reading_and_writing(sqlite: Engine) -> None:
    with transaction(sqlite, "northshire") as session, closing(sqlite.raw_connection()) as other_program:
        session.exec(select(Inbound)).all()
        with pytest.raises(OperationalError, match="locked"):
            other_program.cursor().execute("BEGIN IMMEDIATE")


def test_readers_are_not_held_up_by_a_writer(engine: Engine) -> None:
    with transaction(engine, "northshire") as writing:
        writing.add(Inbound(key="new", received_at=MOMENT))
        writing.flush()
        with transaction(engine, "northshire", writes=False) as reading:
            assert reading.exec(select(Inbound)).all() == []


def test_an_exception_leaves_nothing_behind(engine: Engine) -> None:
    with pytest.raises(ZeroDivisionError), transaction(engine, "northshire") as session:
        session.add(Inbound(key=str(1 / 0), received_at=MOMENT))
    with transaction(engine, "northshire", writes=False) as session:
        assert session.exec(select(Inbound)).all() == []


def test_rows_stay_readable_after_the_transaction(engine: Engine) -> None:
    with transaction(engine, "northshire") as session:
        row = Inbound(key="kept", received_at=MOMENT)
        session.add(row)
    assert (row.key, row.authority) == ("kept", "northshire")


def test_moments_come_back_in_utc_and_naive_ones_are_refused(engine: Engine) -> None:
    summer = datetime(2026, 7, 1, 9, tzinfo=timezone(timedelta(hours=1)))
    with transaction(engine, "northshire") as session:
        session.add(Inbound(key="summer", received_at=summer))
    with transaction(engine, "northshire", writes=False) as session:
        stored = session.exec(select(Inbound.received_at).where(Inbound.received_at <= summer)).one()
    assert (stored, stored.tzinfo) == (summer, UTC)
    with pytest.raises(StatementError, match="timezone"), transaction(engine, "northshire") as session:
        session.add(Inbound(key="naive", received_at=summer.replace(tzinfo=None)))


def test_the_longest_text_is_kept_whole(engine: Engine) -> None:
    text = "# häufig\n" * 20_000
    with transaction(engine, "northshire") as session:
        session.add(ProcedureText(name="handbook", text=text, digest="d", stored_at=MOMENT))
    with transaction(engine, "northshire", writes=False) as session:
        assert session.exec(select(ProcedureText.text).order_by(col(ProcedureText.id))).one() == text


def test_sqlite_is_opened_durable_and_strict(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/deep/folder/test.db")
    with engine.connect() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    engine.dispose()
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000}


def test_a_writer_inside_a_writer_is_refused_instead_of_waiting_for_itself(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/test.db")
    inner = transaction(engine, "northshire")
    with transaction(engine, "northshire"), pytest.raises(RuntimeError, match="inside another"):
        inner.__enter__()
    engine.dispose()


@pytest.mark.parametrize(
    "url",
    ["nonsense", "mysql://localhost/bot", "sqlite://", "sqlite:///:memory:", "postgresql+asyncpg://h/n", ""],
)
def test_an_address_that_cannot_be_used_is_named_in_one_sentence(url: str) -> None:
    with pytest.raises(Misconfigured, match=r"^DATABASE_URL [^\n]+\.$"):
        make_engine(url)


def test_the_end_of_a_run_waits_for_nobody_who_reads_the_file(tmp_path: Path) -> None:
    engines = sqlite_engine(tmp_path)
    file = next(engines)
    log = Path(f"{file.url.database}-wal")
    with transaction(file, "northshire") as session:
        session.add(Inbound(key="before", received_at=MOMENT))
    with closing(driver.connect(str(file.url.database), isolation_level=None)) as backup:
        backup.execute("BEGIN")
        backup.execute("SELECT count(*) FROM inbound").fetchone()
        with transaction(file, "northshire") as session:
            session.add(Inbound(key="meanwhile", received_at=MOMENT))
        began = monotonic()
        fold_log_in(file)
        assert monotonic() - began < 2
        assert log.stat().st_size > 0, "it is still read from"
    fold_log_in(file)
    assert log.stat().st_size == 0
    assert next(engines, None) is None


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(Misconfigured, match=r"file.* cannot be made"):
        make_engine(f"sqlite:///{tmp_path}/file/test.db")


def test_a_server_that_does_not_answer_is_named_without_its_password() -> None:
    engine = make_engine("postgresql://bot:secret@127.0.0.1:1/none")
    with pytest.raises(Misconfigured, match=r"does not open") as refusal:
        check_reach(engine)
    assert "secret" not in str(refusal.value)


def test_a_second_run_on_one_file_is_refused_naming_it(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/test.db"
    second = single_run_lock(url)
    with single_run_lock(url), pytest.raises(AlreadyRunning, match=r"test\.db\.lock"):
        second.__enter__()
    with single_run_lock(url):
        pass


def test_several_runs_share_a_postgresql_database() -> None:
    url = "postgresql+psycopg://bot@127.0.0.1/bot"
    with single_run_lock(url), single_run_lock(url):
        pass
