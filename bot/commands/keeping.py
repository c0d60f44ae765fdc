"""`backup` and `restore`: the whole database kept in one proved file, and brought back from it."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer
from sqlalchemy import Engine

from bot.clock import real_clock
from bot.command_line import command
from bot.commands.progress import progress_bar
from bot.settings import Settings, read_settings
from storage.backup import BackupRefused
from storage.backup.proving import Proof, prove
from storage.backup.restoring import restore
from storage.backup.taking import take
from storage.database import check_reach, make_engine, single_run_lock
from storage.encrypted import Keyring, use_keyring
from storage.revisions import head_revision
from storage.tables import all_tables

KEYS_APART = "ENCRYPTION_KEYS is not in it: keep a copy elsewhere."


def back_up(folder: Path) -> None:
    """Write a proved backup into the folder; exit 1 where there is none afterwards."""
    with _database() as (_, engine):
        _reach(engine)
        with progress_bar("Backing up") as show, _stopping_tidily():
            taken = take(engine, folder, real_clock(), show)
    _refuse(taken.proof, f"What was written does not stand its proof: it is kept as {taken.path}, and is no backup.")
    typer.echo(f"{taken.path}: {_contents(taken.proof)}, proved. {KEYS_APART}")


def check(file: Path) -> None:
    """Prove a backup and say what it holds; exit 1 where it must not be restored."""
    with _keys(read_settings()):
        typer.echo(f"{file}: {_contents(_proved(file))}, proved.")


def bring_back(file: Path) -> None:
    """Put a backup into the database of the settings, which must hold nothing."""
    with _database() as (settings, engine), single_run_lock(settings.database_url):
        proof = _proved(file)
        _reach(engine)
        with progress_bar("Restoring") as show, _stopping_tidily():
            restore(file, proof.revision, engine, show)
        place = engine.url.render_as_string(hide_password=True)
    older = f" Now `{command('migrate')}` brings it to this version." if proof.revision != head_revision() else ""
    typer.echo(f"{place}: {_contents(proof)}, restored and compared.{older}")
    again = "What was sent since the backup was made may be sent again: see"
    typer.echo(f"{again} `{command('upcoming')}` before you start the bot.", err=True)


def _reach(engine: Engine) -> None:
    """Misconfigured where a server does not answer; a SQLite file would be made by looking."""
    if engine.dialect.name != "sqlite":
        check_reach(engine)


def _proved(file: Path) -> Proof:
    with progress_bar("Proving") as show:
        proof = prove(file, show)
    _refuse(proof, f"{file} must not be restored: take another backup.")
    return proof


def _refuse(proof: Proof, sentence: str) -> None:
    """Name each problem, the sentence that matters last."""
    for problem in proof.problems:
        typer.echo(problem, err=True)
    if proof.problems:
        raise BackupRefused(sentence)


def _contents(proof: Proof) -> str:
    """What a backup holds, in a few words."""
    made_otherwise = "" if proof.stamped else ", without the stamp that shows lost rows"
    return f"{proof.rows:,} rows, revision {proof.revision}{made_otherwise}"


@contextmanager
def _database() -> Iterator[tuple[Settings, Engine]]:
    """The database as it is: neither brought up to date nor set up, since what is kept is what is there."""
    settings = read_settings()
    with _keys(settings):
        engine = make_engine(settings.database_url)
        try:
            yield settings, engine
        finally:
            engine.dispose()


@contextmanager
def _keys(settings: Settings) -> Iterator[None]:
    """The keys of the settings in use, where there are any: where words need them, the proof says so."""
    all_tables()
    keys = settings.encryption_keys.get_secret_value().strip()
    use_keyring(Keyring(keys) if keys else None)
    try:
        yield
    finally:
        use_keyring(None)


@contextmanager
def _stopping_tidily() -> Iterator[None]:
    """Let a stop asked for by the system end as one by Ctrl-C does, so that nothing half written stays behind."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
