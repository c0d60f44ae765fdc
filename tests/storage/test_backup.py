"""A backup is proved or is none: what is damaged, lost or altered shows, and no half file gets a backup's name."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from threading import Event, Thread

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import Connection, Engine, make_url, text
from sqlmodel import select

from storage import history
from storage.append_only import drop_guards, make_guards
from storage.backup import BackupRefused
from storage.backup.files import reading
from storage.backup.proving import prove
from storage.backup.restoring import restore
from storage.backup.stamp import STAMP, measured, set_stamp, unset_stamp
from storage.backup.taking import Taken, take
from storage.database import make_engine, transaction
from storage.encrypted import Keyring, KeysMissing, KeysWrong, check_keys, use_keyring
from storage.people import Person
from storage.revisions import head_revision
from tests.bench import Bench
from tests.cast import AUTHORITY
from tests.conftest import KEY
from tests.databases import SERVER, WORKER, drop_scratch_database, make_scratch_database, sqlite_engine, without_server
from tests.handlers.steps import logged

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
HEAD = str(head_revision())
LATER = datetime(2026, 3, 2, 11, tzinfo=UTC)


def silent(_done: int, _total: int) -> None:
    """Nobody looks at the progress."""


@contextmanager
def filled(engine: Engine) -> Iterator[Engine]:
    """A concern was logged, and the revision is marked as the commands do."""
    logged(Bench(engine, NOW), 1, worries="Nobody has written the plan.")
    with transaction(engine, None) as session:
        check_keys(session)
    with written_by_hand(engine) as connection:
        connection.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        connection.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": HEAD})
    yield engine
    with written_by_hand(engine) as connection:
        connection.exec_driver_sql("DROP TABLE alembic_version")


@contextmanager
def written_by_hand(engine: Engine) -> Iterator[Connection]:
    with engine.execution_options(writes=True).begin() as connection:
        yield connection


@pytest.fixture
def at_work(engine: Engine) -> Iterator[Engine]:
    """A database at work, of either kind."""
    with filled(engine):
        yield engine


@pytest.fixture
def on_file(tmp_path: Path) -> Iterator[Engine]:
    """The same on SQLite alone."""
    with contextmanager(sqlite_engine)(tmp_path) as engine, filled(engine):
        yield engine


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of a SQLite database with a concern in it, made once."""
    folder = tmp_path_factory.mktemp("made")
    use_keyring(Keyring(KEY))
    with contextmanager(sqlite_engine)(folder) as engine, filled(engine):
        return taken(engine, folder).path


@pytest.fixture
def backup(made: Path, tmp_path: Path) -> Path:
    """A copy of it that a test may spoil."""
    return Path(shutil.copy2(made, tmp_path))


@pytest.fixture
def postgres() -> Iterator[Engine]:
    """A PostgreSQL database without tables."""
    name = f"{WORKER}_restored"
    if not make_scratch_database(name):
        without_server()
    engine = make_engine(make_url(SERVER).set(database=name))
    yield engine
    engine.dispose()
    drop_scratch_database(name)


def taken(engine: Engine, folder: Path, now: datetime = NOW) -> Taken:
    return take(engine, folder, now, silent)


def problems(path: Path) -> tuple[str, ...]:
    return prove(path, silent).problems


def test_a_backup_is_one_file_named_by_time_and_revision_that_its_owner_alone_can_read(backup: Path) -> None:
    assert backup.name == f"iro-bot-20260302T100000Z-{HEAD}.db"
    assert backup.stat().st_mode & 0o077 == 0
    assert [path.name for path in backup.parent.glob(f"{backup.name}*")] == [backup.name]
    backup.chmod(0o400)
    before = backup.read_bytes()
    assert problems(backup) == ()
    assert backup.read_bytes() == before


def test_what_people_wrote_is_in_no_backup_to_be_read(backup: Path) -> None:
    assert b"has written the plan" not in backup.read_bytes()


def test_what_was_deleted_is_not_in_the_backup(on_file: Engine, tmp_path: Path) -> None:
    with closing(on_file.raw_connection()) as raw:
        for statement in (
            "PRAGMA secure_delete=OFF",
            "CREATE TABLE scratch AS SELECT 'ZZ-erased' AS words",
            "DROP TABLE scratch",
            "PRAGMA wal_checkpoint(TRUNCATE)",
        ):
            raw.cursor().execute(statement).fetchall()
    assert b"ZZ-erased" in (tmp_path / "test.db").read_bytes()
    assert b"ZZ-erased" not in taken(on_file, tmp_path).path.read_bytes()


def test_while_it_is_made_nothing_has_the_name_of_a_backup_and_a_stop_leaves_nothing(
    at_work: Engine, tmp_path: Path
) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()

    def stop(done: int, total: int) -> None:
        assert 0 < done <= total
        assert list(folder.glob("*.db")) == []
        assert [path.stat().st_mode & 0o077 for path in folder.iterdir()] == [0]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        take(at_work, folder, NOW, stop)
    assert list(folder.iterdir()) == []


def test_a_second_backup_of_the_same_second_is_refused_and_leaves_the_first(on_file: Engine, tmp_path: Path) -> None:
    first = taken(on_file, tmp_path).path
    before = first.read_bytes()
    with pytest.raises(BackupRefused, match=r"^Another backup of this second stands in .*: try again\.$"):
        taken(on_file, tmp_path)
    assert first.read_bytes() == before
    first.unlink()
    (tmp_path / f"{first.name}.part").mkdir()
    with pytest.raises(BackupRefused, match=r"^Another backup of this second stands in"):
        taken(on_file, tmp_path)
    assert not first.exists()


def test_a_folder_that_is_missing_or_cannot_be_written_is_named(on_file: Engine, tmp_path: Path) -> None:
    with pytest.raises(
        BackupRefused, match=r"^There is no folder .*/none: make it first, with `mkdir -m 700 .*/none`\.$"
    ):
        taken(on_file, tmp_path / "none")
    with pytest.raises(BackupRefused, match=r"`mkdir -m 700 '.*/our backups'`\.$"):
        taken(on_file, tmp_path / "our backups")
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(BackupRefused, match=r"/file is a file: give the folder that backups go into\.$"):
        taken(on_file, tmp_path / "file")
    with pytest.raises(BackupRefused, match=r"^Nothing can be written into /proc: .*\.$"):
        taken(on_file, Path("/proc"))


def test_without_the_right_keys_there_is_no_backup(on_file: Engine, tmp_path: Path) -> None:
    use_keyring(None)
    with pytest.raises(KeysMissing):
        taken(on_file, tmp_path)
    use_keyring(Keyring(Fernet.generate_key().decode()))
    with pytest.raises(KeysWrong):
        taken(on_file, tmp_path)
    assert list(tmp_path.glob("iro-bot*")) == []


def test_where_nothing_was_ever_written_there_is_nothing_to_back_up(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/none.db")
    with pytest.raises(BackupRefused, match=r"^There is nothing to back up at sqlite:.*none.db"):
        taken(engine, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_what_does_not_stand_its_proof_is_kept_under_another_name(on_file: Engine, tmp_path: Path) -> None:
    with written_by_hand(on_file) as connection:
        drop_guards(connection, "history")
        connection.exec_driver_sql("UPDATE history SET what = 'nothing' WHERE chain = 'concern:1' AND position = 1")

    folder = tmp_path / "backups"
    folder.mkdir()
    found = taken(on_file, folder)
    assert found.proof.problems == ("concern:1, entry 1: it was altered.",)
    assert [path.name for path in folder.iterdir()] == [f"iro-bot-20260302T100000Z-{HEAD}.db.unproved"]
    assert found.path == next(folder.iterdir())
    with written_by_hand(on_file) as connection:
        make_guards(connection, "history")


def test_what_is_written_while_the_pages_are_copied_is_of_the_next_backup(on_file: Engine, tmp_path: Path) -> None:
    looks: list[tuple[int, int]] = []

    def write(done: int, total: int) -> None:
        if not looks:
            with transaction(on_file, AUTHORITY) as session:
                history.record(session, chain="person:1", at=NOW, actor_id=None, what="seen", details={})
        looks.append((done, total))

    first = take(on_file, tmp_path, NOW, write)
    assert looks[0][0] < looks[0][1], "it was in the middle"
    assert first.proof.problems == ()
    assert events(first.path) == 0
    assert events(taken(on_file, tmp_path, LATER).path) == 1


def test_a_database_that_is_damaged_gives_no_backup(on_file: Engine, tmp_path: Path) -> None:
    with on_file.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        page = connection.exec_driver_sql("SELECT rootpage FROM sqlite_master WHERE name = 'outbox'").scalar_one()
        size = connection.exec_driver_sql("PRAGMA page_size").scalar_one()
    on_file.dispose()
    with (tmp_path / "test.db").open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)
    with pytest.raises(BackupRefused, match=r"^No backup was made in .*: database disk image is malformed\.$"):
        taken(on_file, tmp_path)
    assert list(tmp_path.glob("iro-bot*")) == []


@pytest.mark.slowly_on_postgres
def test_a_backup_beside_writers_is_of_one_moment(at_work: Engine, tmp_path: Path) -> None:
    """Each act writes an event and a mark in one transaction: a backup never has the one without the other."""
    stop, acts = Event(), 0

    def work() -> None:
        nonlocal acts
        while not stop.wait(0.002):
            with transaction(at_work, AUTHORITY) as session:
                history.record(session, chain="person:1", at=NOW, actor_id=None, what="seen", details={})
                session.exec(select(Person).where(Person.id == 1)).one().team = f"after {acts + 1}"
            acts += 1

    writer = Thread(target=work)
    writer.start()
    try:
        first = taken(at_work, tmp_path)
        before = acts
        while acts == before:
            assert writer.is_alive()
        second = taken(at_work, tmp_path, LATER)
    finally:
        stop.set()
        writer.join()
    assert (first.proof.problems, second.proof.problems) == ((), ())
    assert (events(first.path), events(second.path)) == (mark_of(first.path), mark_of(second.path))
    assert events(first.path) < events(second.path) <= acts


def events(path: Path) -> int:
    with closing(reading(path)) as connection:
        counted = connection.execute("SELECT count(*) FROM history WHERE chain = 'person:1' AND what = 'seen'")
        return int(counted.fetchone()[0])


def mark_of(path: Path) -> int:
    with closing(reading(path)) as connection:
        (mark,) = connection.execute("SELECT team FROM people WHERE id = 1").fetchone()
        return int(mark.removeprefix("after ")) if mark.startswith("after") else 0


def changed(path: Path, *statements: str, again: bool = False) -> Path:
    """A copy of the backup, changed by whoever can write it; `again` puts a fitting stamp on what they made."""
    copy = path.with_name("changed.db")
    shutil.copyfile(path, copy)
    with closing(sqlite3.connect(copy)) as connection:
        for trigger in ("history_stays", "history_unchanged"):
            declared = connection.execute("SELECT sql FROM sqlite_master WHERE name = ?", (trigger,)).fetchone()[0]
            connection.execute(f"DROP TRIGGER {trigger}")
            statements = (*statements, declared)
        for statement in statements:
            connection.execute(statement)
        connection.commit()
        if again:
            unset_stamp(connection)
            with closing(reading(copy, as_bytes=True)) as there:
                set_stamp(connection, measured(there))
    return copy


def test_what_was_changed_in_a_backup_is_named(backup: Path) -> None:
    assert problems(changed(backup)) == ()
    assert problems(changed(backup, "UPDATE people SET name = 'Ann Other' WHERE id = 9")) == (
        "people: not every row is as it was written.",
    )
    lost = problems(changed(backup, "DELETE FROM task_rests", "DELETE FROM nudges"))
    assert lost == (f"nudges: 0 rows stand, and {rows_of(backup, 'nudges')} were written.",)
    assert problems(changed(backup, "DROP TABLE praise"))[0] == "praise: the table is missing."
    assert problems(changed(backup, "DROP TRIGGER history_anchors_stays"))[0].startswith("sqlite_master: ")


def test_who_changes_a_backup_and_stamps_it_again_is_found_by_the_history(backup: Path) -> None:
    forged = changed(backup, "DELETE FROM history WHERE chain = 'concern:1' AND position = 1", again=True)
    assert problems(forged)[0].startswith("concern:1, entry 2: entry 1 is missing before it.")
    forged = changed(backup, "UPDATE concerns SET child_id = 99999", again=True)
    assert problems(forged) == ("concerns: a row refers to one of children that is not there.",)
    forged = changed(backup, "UPDATE concerns SET worries = 'typed in'", again=True)
    assert problems(forged) == ("concerns.worries: 1 texts cannot be read with the keys of ENCRYPTION_KEYS.",)


def test_bytes_that_change_on_the_disk_are_noticed_wherever_they_mean_something(backup: Path) -> None:
    whole = backup.read_bytes()
    with closing(reading(backup, as_bytes=True)) as connection:
        expected = measured(connection)
    written = [place for place, byte in enumerate(whole) if byte]  # most of a small file is room not used yet
    dice = Random(7)  # noqa: S311 - the same share of it each time
    noticed, damaged = 0, backup.with_name("damaged.db")
    for place in dice.sample(written, 15):
        damaged.write_bytes(whole[:place] + bytes([whole[place] ^ 0x40]) + whole[place + 1 :])
        if not stands(damaged):
            noticed += 1
            continue
        with closing(reading(damaged, as_bytes=True)) as connection:
            assert measured(connection) == expected, place
    assert noticed


def stands(path: Path) -> bool:
    try:
        return not problems(path)
    except BackupRefused:
        return False


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda path: path.unlink(), "cannot be read: No such file or directory."),
        (lambda path: path.write_bytes(b""), "is no backup of iro-bot."),
        (
            lambda path: path.write_bytes(b"name,email\n" * 99),
            "is damaged, or no backup of iro-bot (file is not a database).",
        ),
        (lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]), "is damaged, or no backup"),
        (lambda path: run_sql(path, "DROP TABLE alembic_version"), "is no backup of iro-bot."),
        (lambda path: run_sql(path, "UPDATE alembic_version SET version_num = '9999'"), "was made by a newer version"),
    ],
)
def test_what_is_no_backup_is_refused_in_a_sentence(backup: Path, spoil: Callable[[Path], object], said: str) -> None:
    spoil(backup)
    with pytest.raises(BackupRefused) as refused:
        prove(backup, silent)
    assert f"{backup} {said}" in str(refused.value)
    assert len(str(refused.value).splitlines()) == 1


def rows_of(path: Path, table: str) -> int:
    with closing(reading(path, as_bytes=True)) as connection:
        return measured(connection)[table].rows


def run_sql(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(statement)
        connection.commit()


def test_a_copy_made_by_other_means_is_proved_as_far_as_it_goes(backup: Path) -> None:
    run_sql(backup, f"DROP TABLE {STAMP}")
    run_sql(backup, "PRAGMA journal_mode=WAL")  # as the database itself is
    proof = prove(backup, silent)
    assert not proof.stamped
    assert proof.problems == ()
    assert list(backup.parent.glob("iro-bot*")) == [backup]


def test_with_other_keys_every_column_that_cannot_be_read_is_named(backup: Path) -> None:
    use_keyring(Keyring(Fernet.generate_key().decode()))
    assert "concerns.worries: 1 texts cannot be read with the keys of ENCRYPTION_KEYS." in problems(backup)
    use_keyring(None)
    with pytest.raises(KeysMissing):
        prove(backup, silent)


def test_a_restore_that_fails_leaves_the_database_as_empty_as_it_was(backup: Path, tmp_path: Path) -> None:
    place = tmp_path / "restored.db"
    engine = make_engine(f"sqlite:///{place}")
    for beside in ("-wal", "-shm", "-journal"):
        place.with_name(place.name + beside).write_bytes(b"of another")
        with pytest.raises(BackupRefused, match=f"^restored.db{beside} of another database stand beside"):
            restore(backup, HEAD, engine, silent)
        place.with_name(place.name + beside).unlink()
    assert not place.exists()
    restore(backup, HEAD, engine, silent)
    before = place.read_bytes()
    with pytest.raises(BackupRefused, match=r"restored\.db holds data: stop the bot and move it away"):
        restore(backup, HEAD, engine, silent)
    assert place.read_bytes() == before
    assert [path.name for path in tmp_path.glob("restored.db*")] == ["restored.db"]


@pytest.mark.slow
@pytest.mark.postgres
def test_a_server_that_holds_tables_is_refused_and_left_alone(backup: Path, postgres: Engine) -> None:
    with postgres.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE theirs (words TEXT)")
    with pytest.raises(BackupRefused, match="holds tables already: give a DATABASE_URL of a new database"):
        restore(backup, HEAD, postgres, silent)
    with postgres.begin() as connection:
        connection.exec_driver_sql("DROP TABLE theirs")
    run_sql(backup, "UPDATE outbox SET person_id = 99999")
    with pytest.raises(BackupRefused, match=r"^Nothing was restored: .*violates foreign key constraint"):
        restore(backup, HEAD, postgres, silent)
    with postgres.connect() as connection:
        counted = connection.exec_driver_sql("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").scalar_one()
    assert counted == 0
