"""Opening the data for one command: settings, database, schema, keys and authority."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime

import typer
from sqlalchemy import Engine
from sqlmodel import Session

from bot.authority import establish
from bot.clock import real_clock
from bot.command_line import command
from bot.settings import Settings, read_settings
from handlers.office import Scene, rules_in_force
from handlers.refusals import Refused
from storage import authorities
from storage.database import Misconfigured, check_reach, make_engine, single_run_lock, transaction
from storage.encrypted import Keyring, KeysMissing, check_keys, use_keyring
from storage.revisions import current_revision, known_revisions, pending
from storage.tables import all_tables


@dataclass(frozen=True, kw_only=True)
class Opened:
    """The data of one authority, open for one command at one moment."""

    engine: Engine
    settings: Settings
    authority: str
    now: datetime

    @contextmanager
    def scene(self, *, writes: bool = True) -> Iterator[Scene]:
        """One transaction under the authority's rules."""
        with transaction(self.engine, self.authority, writes=writes) as session:
            yield self.scene_in(session)

    def scene_in(self, session: Session) -> Scene:
        """The scene of a session that is open already."""
        rules = rules_in_force(session, self.authority)
        return Scene(session=session, now=self.now, authority=self.authority, rules=rules)


@contextmanager
def opened(authority: str = "", *, narrative: bool = False) -> Iterator[Opened]:
    """The data of the authority named, or of AUTHORITY; `narrative` insists on keys that fit."""
    settings = read_settings()
    now = real_clock()
    all_tables()
    engine = make_engine(settings.database_url)
    try:
        check_reach(engine)
        with single_run_lock(settings.database_url) if pending(engine) else nullcontext():
            bring_up_to_date(engine, now)
        use_keys(engine, settings, needed=narrative)
        key = chosen(engine, authority, establish(engine, settings, now))
        data = Opened(engine=engine, settings=settings, authority=key, now=now)
        with _in_own_words(data):
            yield data
    finally:
        use_keyring(None)
        engine.dispose()


@contextmanager
def _in_own_words(data: Opened) -> Iterator[None]:
    """What is refused is said as the authority says it."""
    try:
        yield
    except Refused as refusal:
        with data.scene(writes=False) as scene:
            raise refusal.said_by(scene.rules) from None


def bring_up_to_date(engine: Engine, now: datetime) -> None:
    """Migrate SQLite; on PostgreSQL only `migrate` does, and everything else refuses when behind."""
    refuse_newer(engine)
    if not pending(engine):
        return
    if engine.dialect.name != "sqlite":
        raise Misconfigured(f"The database is not at the schema of this version: run `{command('migrate')}` once.")
    from storage.migrating import migrate  # noqa: PLC0415 - heavy

    if (copy := migrate(engine, now)) is not None:
        typer.echo(f"The database was brought up to date; as it was before it is kept in {copy}.", err=True)


def refuse_newer(engine: Engine) -> None:
    """Misconfigured where a newer version has changed the schema, which this one would not understand."""
    with engine.connect() as connection:
        if current_revision(connection) not in (None, *known_revisions()):
            raise Misconfigured("A newer version of iro-bot has changed the database: run that version.")


def use_keys(engine: Engine, settings: Settings, *, needed: bool) -> None:
    """Take the keys of the settings into use; where they are needed, prove that they fit what is stored."""
    keys = settings.encryption_keys.get_secret_value()
    if keys.strip():
        use_keyring(Keyring(keys))
    elif needed:
        raise KeysMissing
    if needed:
        with transaction(engine, None) as session:
            check_keys(session)


def chosen(engine: Engine, asked: str, usual: str) -> str:
    """The authority to work for; Refused for one that does not exist."""
    if asked in ("", usual):
        return usual
    with transaction(engine, None, writes=False) as session:
        keys = authorities.every_key(session)
    if asked not in keys:
        raise Refused(f"There is no authority called {asked}: choose one of {', '.join(keys)}.")
    return asked
