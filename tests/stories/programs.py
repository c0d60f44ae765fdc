"""The product as a process of its own, as `python -m bot run` starts it, against a stand-in Slack."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, time

import httpx2
from cryptography.fernet import Fernet
from sqlalchemy import Engine, make_url

from bot.clock import real_clock
from bot.settings import Settings
from storage.database import make_engine
from storage.encrypted import Keyring, use_keyring
from storage.migrating import migrate
from tests.cast import AUTHORITY, BOT_TOKEN, STAFF, WORKSPACE, slack_id
from tests.databases import SERVER, WORKER, drop_scratch_database, make_scratch_database, without_server
from tests.slack_standin import SlackPerson, SlackStandIn
from tests.world import SIGNING_SECRET

ROOT = Path(__file__).parents[2]
START_SECONDS = 120
PAUSE_SECONDS = 0.05


@dataclass
class Program:
    """One running product: its process, its address, and where its log goes."""

    process: subprocess.Popen[bytes]
    address: str
    log: Path

    @property
    def logged(self) -> str:
        """Everything it has logged so far."""
        return self.log.read_text(encoding="utf-8")

    def wait_until_ready(self) -> None:
        """Wait until /readyz says ready; AssertionError with the log if it ends before."""
        end = monotonic() + START_SECONDS
        while monotonic() < end:
            with suppress(httpx2.TransportError):
                if httpx2.get(f"{self.address}/readyz", trust_env=False).status_code == httpx2.codes.OK:
                    return
            assert not self.ended_within(PAUSE_SECONDS), self.logged
        raise AssertionError(f"not ready in time: {self.logged}")

    def ended_within(self, seconds: float) -> bool:
        """Whether the process ends within so many seconds."""
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def kill(self) -> None:
        """As a power cut does."""
        self.process.kill()
        self.process.wait()

    def terminate(self) -> int:
        """Ask it to stop, as an operator does; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(START_SECONDS)


@dataclass
class Machine:
    """Where the product is installed: its folder, its settings, and the Slack it speaks to."""

    folder: Path
    standin: SlackStandIn
    settings: dict[str, str]

    @contextmanager
    def running(self, **changed: str) -> Iterator[Program]:
        """The product, ready to serve; killed at the end if it still runs."""
        port = free_port()
        log = self.folder / f"log-{port}.txt"
        with log.open("wb") as stderr:
            process = subprocess.Popen(
                [sys.executable, "-m", "bot", "run"],
                cwd=self.folder,
                env=self.environment(PORT=str(port), **changed),
                stdout=stderr,
                stderr=stderr,
            )
        program = Program(process=process, address=f"http://127.0.0.1:{port}", log=log)
        try:
            program.wait_until_ready()
            yield program
        finally:
            program.kill()

    def refused(self, **changed: str) -> list[str]:
        """The lines said by a `run` that must end at once with exit code 1."""
        ended = subprocess.run(
            [sys.executable, "-m", "bot", "run"],
            cwd=self.folder,
            env=self.environment(PORT=str(free_port()), **changed),
            capture_output=True,
            timeout=START_SECONDS,
            check=False,
        )
        assert ended.returncode == 1, ended.stderr.decode()
        assert ended.stdout == b""
        return ended.stderr.decode().splitlines()

    def environment(self, **changed: str) -> Mapping[str, str]:
        """The environment of the process: nothing of ours but these settings."""
        ours = {name.upper() for name in Settings.model_fields}
        kept = {name: value for name, value in os.environ.items() if name not in ours}
        return kept | {"PYTHONPATH": str(ROOT)} | self.settings | changed

    def person(self, login: str, program: Program) -> SlackPerson:
        """A member of the cast at their screen, connected to this program."""
        return SlackPerson(self.standin, program.address, SIGNING_SECRET, WORKSPACE, slack_id(login))


@contextmanager
def machine(engine: Engine, folder: Path, clock: Callable[[], float] = time) -> Iterator[Machine]:
    """A machine with settings for this database, and everybody in Slack, whose clock may be another."""
    keys = Fernet.generate_key().decode()
    use_keyring(Keyring(keys))
    with SlackStandIn(clock=clock) as standin:
        for login, name, *_ in STAFF:
            standin.add_user(slack_id(login), name, f"{login}@anyshire.example")
        settings = {
            "DATABASE_URL": engine.url.render_as_string(hide_password=False),
            "ENCRYPTION_KEYS": keys,
            "AUTHORITY": AUTHORITY,
            "SLACK_SIGNING_SECRET": SIGNING_SECRET,
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_API_BASE_URL": standin.base_url,
            "TICK_SECONDS": "1",
            "LOG_LEVEL": "DEBUG",
        }
        yield Machine(folder=folder, standin=standin, settings=settings)
        assert standin.violations == []


def at_any_hour(engine: Engine) -> None:
    """Let no message wait for working hours: programs go by the machine's clock, and tests run at night too."""
    with engine.begin() as connection:
        for statement in AT_ANY_HOUR[engine.dialect.name]:
            connection.exec_driver_sql(statement)


AT_ANY_HOUR = {
    "sqlite": (
        "CREATE TRIGGER at_any_hour AFTER INSERT ON outbox WHEN NEW.held_until IS NOT NULL "
        "BEGIN UPDATE outbox SET held_until = NULL WHERE id = NEW.id; END",
    ),
    "postgresql": (
        "CREATE FUNCTION at_any_hour() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN NEW.held_until := NULL; RETURN NEW; END $$",
        "CREATE TRIGGER at_any_hour BEFORE INSERT ON outbox FOR EACH ROW EXECUTE FUNCTION at_any_hour()",
    ),
}


@contextmanager
def own_database(kind: str, folder: Path) -> Iterator[Engine]:
    """A database nobody else uses, as `migrate` leaves it: a SQLite file, or one on the PostgreSQL server."""
    name = f"{WORKER}_run"
    if kind == "postgresql" and not make_scratch_database(name):
        without_server()
    on_server = make_url(SERVER).set(database=name).render_as_string(hide_password=False)
    engine = make_engine(f"sqlite:///{folder}/iro-bot.db" if kind == "sqlite" else on_server)
    try:
        migrate(engine, real_clock())
        at_any_hour(engine)
        yield engine
    finally:
        engine.dispose()
        if kind == "postgresql":
            drop_scratch_database(name)


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


def wait_until(program: Program, seen: Callable[[], bool]) -> None:
    """Wait for something the program does on its own."""
    end = monotonic() + 20
    while not seen():
        assert monotonic() < end, program.logged
        assert not program.ended_within(PAUSE_SECONDS), program.logged
