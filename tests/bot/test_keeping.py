"""The whole way of a backup by the command line: made, proved, and brought back into either kind of database."""

import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from itertools import count
from pathlib import Path
from time import monotonic, sleep

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import Engine, make_url
from sqlalchemy.exc import DBAPIError
from sqlmodel import col, select

from bot.clock import real_clock
from bot.settings import Settings
from storage.backup.files import reading
from storage.backup.stamp import stamped
from storage.database import check_reach, make_engine, single_run_lock, transaction
from storage.encrypted import Keyring, check_keys, use_keyring
from storage.migrating import migrate
from storage.people import Person
from storage.revisions import head_revision
from tests.bench import Bench
from tests.cast import AUTHORITY
from tests.command_line import iro_bot
from tests.databases import SERVER, WORKER, drop_scratch_database, make_scratch_database, without_server
from tests.handlers.steps import logged
from tests.storage.old_databases import FORMERLY, KEY, NOT_YET, TWOFOLD, old_sqlite

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "administration.md").read_text("utf-8")
WORRY = "Nobody has written the plan."
NAMED = rf"iro-bot-\d{{8}}T\d{{6}}Z-{head_revision()}\.db"
NewDatabase = Callable[[str], str]


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder with a place for backups and without .env, and an environment that sets the keys alone."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("ENCRYPTION_KEYS", Fernet.generate_key().decode())
    for name in ("backups", "again"):
        Path(name).mkdir()
    return tmp_path


@pytest.fixture
def new_database() -> Iterator[NewDatabase]:
    """Makes databases that hold nothing; gives their addresses."""
    with ExitStack() as ends:
        numbers = count(1)

        def make(kind: str) -> str:
            name = f"{WORKER}_kept_{next(numbers)}"
            if kind == "sqlite":
                return f"sqlite:///{name}.db"
            if not make_scratch_database(name):
                without_server()
            ends.callback(drop_scratch_database, name)
            return make_url(SERVER).set(database=name).render_as_string(hide_password=False)

        yield make


def done(*arguments: str) -> str:
    """The output of a command that must end well."""
    result = iro_bot(*arguments)
    assert result.exit_code == 0, result.output
    return result.stdout


def refused(*arguments: str) -> str:
    """What is said by a command that must end with 1."""
    result = iro_bot(*arguments)
    assert result.exit_code == 1, result.output
    assert isinstance(result.exception, SystemExit)
    assert result.stdout == ""
    return result.stderr.rstrip("\n")


def put_to_work(url: str) -> str:
    """Fill a new database: the cast, and a concern; its reference."""
    use_keyring(Keyring(os.environ["ENCRYPTION_KEYS"]))
    engine = make_engine(url)
    migrate(engine, real_clock())
    ref = logged(Bench(engine, real_clock()), 1, worries=WORRY)
    with transaction(engine, None) as session:
        check_keys(session)
    engine.dispose()
    return ref


def backed_up(folder: str = "backups") -> str:
    """The path of a backup that must succeed in one clear line."""
    said = done("backup", folder)
    found = re.fullmatch(
        rf"({folder}/{NAMED}): [\d,]+ rows, revision \d+, proved\. "
        r"ENCRYPTION_KEYS is not in it: keep a copy elsewhere\.\n",
        said,
    )
    assert found, said
    return found[1]


def stamp_of(path: str) -> object:
    with closing(reading(Path(path), as_bytes=True)) as connection:
        return stamped(connection)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "into"),
    [
        ("sqlite", "sqlite"),
        pytest.param("postgresql", "postgresql", marks=pytest.mark.postgres),
        pytest.param("sqlite", "postgresql", marks=[pytest.mark.postgres, pytest.mark.slow]),
        pytest.param("postgresql", "sqlite", marks=[pytest.mark.postgres, pytest.mark.slow]),
    ],
)
def test_what_is_backed_up_comes_back_whole_and_works_on(
    kind: str, into: str, new_database: NewDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", new_database(kind))
    ref = put_to_work(os.environ["DATABASE_URL"])
    file = backed_up()
    assert re.fullmatch(rf"{file}: [\d,]+ rows, revision \d+, proved\.\n", done("restore", "--check", file))

    monkeypatch.setenv("DATABASE_URL", new_database(into))
    restored = iro_bot("restore", file)
    assert restored.exit_code == 0, restored.output
    assert restored.stdout.endswith("restored and compared.\n")
    assert "may be sent again: see `iro-bot upcoming` before you start the bot." in restored.stderr
    assert "hold" in refused("restore", file), "a second time the database is not empty"
    assert stamp_of(backed_up("again")) == stamp_of(file), "row by row and byte by byte the same"

    export = ("export", "concern", ref, "--out", "out", "--as", "ann.lee@anyshire.example", "--reason", "court")
    done(*export, "--authority", AUTHORITY, "--format", "md")
    assert WORRY in Path(f"out/concern-{ref}.md").read_text("utf-8")
    done("people", "admin", "new.person@anyshire.example", "--new", "--authority", AUTHORITY)
    assert done("audit", "verify", "--authority", AUTHORITY) == "The history stands as it was written.\n"
    engine = make_engine(os.environ["DATABASE_URL"])
    with transaction(engine, AUTHORITY, writes=False) as session:
        numbers = session.exec(select(Person.id).order_by(col(Person.id))).all()
    assert list(numbers) == list(range(1, len(numbers) + 1)), "numbers go on after the highest"
    writing = engine.execution_options(writes=True)
    with pytest.raises(DBAPIError, match="append-only"), writing.begin() as connection:
        connection.exec_driver_sql("UPDATE history SET what = 'altered'")
    engine.dispose()


@pytest.mark.slow
@pytest.mark.parametrize("into", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_a_year_of_the_first_release_comes_back_at_its_own_revision_and_is_then_brought_up_to_date(
    into: str, folder: Path, new_database: NewDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ENCRYPTION_KEYS", KEY)
    with contextmanager(old_sqlite)(folder) as year:
        monkeypatch.setenv("DATABASE_URL", str(year.url))
        file = done("backup", "backups").partition(":")[0]
    assert file.endswith("-0001.db")
    assert re.fullmatch(rf"{file}: \d,\d+ rows, revision 0001, proved\.\n", done("restore", "--check", file))

    monkeypatch.setenv("DATABASE_URL", new_database(into))
    assert done("restore", file).endswith("restored and compared. Now `iro-bot migrate` brings it to this version.\n")
    assert stamp_of(done("backup", "again").partition(":")[0]) == stamp_of(file)
    done("migrate")
    for authority in ("anyshire", TWOFOLD, FORMERLY, NOT_YET):
        assert done("audit", "verify", "--authority", authority) == "The history stands as it was written.\n"
    assert f"-{head_revision()}.db: " in done("backup", "again")


def test_where_no_backup_can_be_made_it_says_why_in_one_sentence_and_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    assert refused("backup", "backups") == (
        "There is nothing to back up at sqlite:///iro-bot.db: no data was ever written there."
    )
    assert not Path("iro-bot.db").exists()
    done("audit", "verify")
    assert refused("backup", "none") == "There is no folder none: make it first, with `mkdir -m 700 none`."
    monkeypatch.setenv("DATABASE_URL", "postgresql+psycopg://iro@127.0.0.1:1/iro")
    assert refused("backup", "backups").startswith(
        "The database postgresql+psycopg://iro@127.0.0.1:1/iro does not open"
    )
    assert iro_bot("backup").exit_code == 2
    assert list(Path("backups").iterdir()) == []


@pytest.mark.slow
def test_without_the_keys_no_backup_is_made_or_proved(monkeypatch: pytest.MonkeyPatch) -> None:
    put_to_work("sqlite:///iro-bot.db")
    file = backed_up()
    monkeypatch.delenv("ENCRYPTION_KEYS")
    for command in (("backup", "backups"), ("restore", "--check", file), ("restore", file)):
        assert "ENCRYPTION_KEYS is not set" in refused(*command)
        assert "`iro-bot keys make`" in refused(*command)
    monkeypatch.setenv("ENCRYPTION_KEYS", Fernet.generate_key().decode())
    assert refused("backup", "backups").startswith("ENCRYPTION_KEYS does not fit the stored data")
    *lines, last = refused("restore", "--check", file).splitlines()
    assert "concerns.worries: 1 texts cannot be read with the keys of ENCRYPTION_KEYS." in lines
    assert last == f"{file} must not be restored: take another backup."
    assert [str(path) for path in Path("backups").iterdir()] == [file]


@pytest.mark.slow
def test_nothing_is_restored_under_a_running_bot_or_from_a_damaged_file() -> None:
    put_to_work("sqlite:///iro-bot.db")
    file = backed_up()
    Path("away").mkdir()
    for path in Path().glob("iro-bot.db*"):
        path.rename(Path("away") / path)
    with single_run_lock("sqlite:///iro-bot.db"):
        assert refused("restore", file).startswith("Another iro-bot is running on iro-bot.db")
    whole = Path(file).read_bytes()
    Path(file).write_bytes(whole.replace(b"Ann Lee", b"Ann Lea", 1))
    assert refused("restore", file).splitlines() == [
        "people: not every row is as it was written.",
        f"{file} must not be restored: take another backup.",
    ]
    assert list(Path().glob("iro-bot.db")) == []

    Path(file).write_bytes(whole)
    engine = make_engine("sqlite:///iro-bot.db")
    check_reach(engine)  # which makes an empty database by looking
    engine.dispose()
    assert Path("iro-bot.db").exists()
    done("restore", file)
    assert done("audit", "verify", "--authority", AUTHORITY) == "The history stands as it was written.\n"


def fenced(section: str) -> list[str]:
    """The lines of the fences of a section of the guide, up to the next of its rank or higher."""
    text = re.split(rf"^#+ {section}\n", GUIDE, flags=re.MULTILINE)[1]
    text = re.split(r"^## ", text, flags=re.MULTILINE)[0]
    blocks = re.findall(r"^ *```\n(.*?)^ *```", text, re.MULTILINE | re.DOTALL)
    return [line.strip() for block in blocks for line in block.splitlines()]


@pytest.mark.slow
def test_the_guide_s_commands_do_what_it_says(folder: Path) -> None:
    put_to_work("sqlite:///iro-bot.db")
    Path("backups").rmdir()  # as in a fresh folder
    lines = fenced("Back up")
    assert [line.split()[:2] for line in lines if line.startswith("iro-bot")] == [
        ["iro-bot", "backup"], ["iro-bot", "restore"], ["iro-bot", "restore"],
        ["iro-bot", "doctor"], ["iro-bot", "audit"], ["iro-bot", "upcoming"],
    ]  # fmt: skip
    shown = "iro-bot-20261121T020000Z-0002.db"
    for line in lines:
        made = next((path.name for path in folder.glob("backups/*.db")), shown)
        words = shlex.split(line.replace(shown, made))
        if words[0] == "iro-bot":
            result = iro_bot(*words[1:])
            assert result.exit_code == (1 if words[1] == "doctor" else 0), result.output  # no platform is connected
            assert "FAIL  keys" not in result.output
        elif words[0] in ("mkdir", "mv"):
            subprocess.run(["sh", "-c", line], check=True)
    assert done("audit", "verify", "--authority", AUTHORITY) == "The history stands as it was written.\n"
    (cron,) = [line for line in lines if line.startswith("0 2 * * *")]
    assert ".venv/bin/iro-bot backup " in cron


def program(*arguments: str) -> subprocess.Popen[str]:
    """The command as a process of its own."""
    return subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.slow
def test_on_a_full_disk_it_says_so_and_leaves_nothing() -> None:
    put_to_work("sqlite:///iro-bot.db")
    environment = f"PYTHONPATH={shlex.quote(str(ROOT))}"
    ended = program("bash", "-c", f"ulimit -f 200; {environment} {sys.executable} -m bot backup backups")
    _, said = ended.communicate(timeout=60)
    assert ended.returncode == 1
    assert re.fullmatch(r"No backup was made in backups: .* Make room there and try again\.\n", said)
    assert list(Path("backups").iterdir()) == []


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.parametrize(("stop", "left"), [(signal.SIGTERM, 0), (signal.SIGINT, 0), (signal.SIGKILL, 1)])
def test_stopped_in_the_middle_it_leaves_no_file_with_the_name_of_a_backup(
    stop: signal.Signals, left: int, new_database: NewDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", new_database("postgresql"))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    put_to_work(os.environ["DATABASE_URL"])
    engine = make_engine(os.environ["DATABASE_URL"])
    with engine.begin() as connection:
        connection.exec_driver_sql("LOCK TABLE people IN ACCESS EXCLUSIVE MODE")  # the backup waits in the middle
        running = program(sys.executable, "-m", "bot", "backup", "backups")
        end = monotonic() + 60
        while not waits_for_people(engine):
            assert monotonic() < end
            assert running.poll() is None
            sleep(0.05)
        assert stopped(running, stop) != 0
        running.communicate()
    engine.dispose()
    assert list(Path("backups").glob("*.db")) == []
    assert len(list(Path("backups").iterdir())) == left
    backed_up("again")


def stopped(running: subprocess.Popen[str], stop: signal.Signals) -> int:
    """Its exit code. What asks it to end is said again after a while, as a person would: a database that is very busy
    may not take the cancelling of what it waits for.
    """
    for _ in range(3):
        running.send_signal(stop)
        with suppress(subprocess.TimeoutExpired):
            return running.wait(20)
    raise AssertionError("it does not end")


def waits_for_people(engine: Engine) -> bool:
    """Whether some other connection waits for a lock of this database."""
    with engine.connect() as connection:
        waiting = connection.exec_driver_sql(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        ).scalar_one()
    return bool(waiting)
