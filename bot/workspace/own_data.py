"""The page's own database and keys: made-up people in files of their own, never mixed with anybody's real ones."""

import os
from importlib.resources import files
from pathlib import Path

from cryptography.fernet import Fernet
from pydantic import SecretStr
from sqlalchemy import Connection, inspect, make_url, text

from bot.sample.rules import NAME
from bot.sample.seed import SAMPLE
from bot.settings import DATABASE, Settings
from bot.workspace.declaration import PAGE
from scheduling.procedures.shipped import HANDBOOK
from storage.database import Misconfigured, check_reach, is_there, make_engine

SAMPLE_DATABASE = "sqlite:///iro-bot-sample.db"
OTHERS = (
    "This database holds {others}, and the built-in page keeps to a database of its own, with made-up people: set "
    "DATABASE_URL to another file, or leave it out."
)
NO_KEY = "The file {file} cannot be written ({why}): start the bot in a folder in which you may write."


def with_own_data(settings: Settings) -> Settings:
    """The settings for the page: its own database unless another is named, its own authority, its own keys."""
    url = SAMPLE_DATABASE if settings.database_url == DATABASE else settings.database_url
    given: dict[str, object] = {"database_url": url}
    if settings.authority == "local":
        given["authority"] = SAMPLE
        if settings.procedures == HANDBOOK:
            given["procedures"] = str(files("bot.sample").joinpath(NAME))
    refuse_real_people(url, str(given.get("authority", settings.authority)))
    if not settings.encryption_keys.get_secret_value():
        given["encryption_keys"] = SecretStr(_own_key(url))
    return settings.model_copy(update=given)


def refuse_real_people(url: str, authority: str) -> None:
    """Misconfigured where the database holds what the page has not made; nothing is written into it before.

    A person in it could be anybody on the page. It knows its own by its connection, which it makes before its people.
    """
    if not is_there(url):
        return
    engine = make_engine(url)
    try:
        check_reach(engine)
        with engine.connect() as connection:
            if others := _others(connection, authority):
                raise Misconfigured(OTHERS.format(others=others))
    finally:
        engine.dispose()


def _others(connection: Connection, authority: str) -> str:
    """What is in it that the page has not made, in words; nothing where all is its own. Read at any schema."""
    tables = inspect(connection).get_table_names()

    def values(column: str, table: str) -> set[str]:
        return set(connection.execute(text(f"SELECT DISTINCT {column} FROM {table}")).scalars())  # noqa: S608 - below

    if others := (values("key", "authorities") if "authorities" in tables else set()) - {authority}:
        return f"the authority {min(others)}"
    platforms = values("platform", "connections") if "connections" in tables else set()
    if platforms - {PAGE.name}:
        return "people of Slack or Teams"
    if "people" in tables and values("authority", "people") and not platforms:
        return "people that were not made here"
    return ""


def _own_key(url: str) -> str:
    """A key kept beside the SQLite file: what it hides is made up, and it has to outlive a restart."""
    place = make_url(url).database
    if make_url(url).get_backend_name() != "sqlite" or not place:
        return ""
    file = Path(f"{place}.key")
    try:
        return file.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return _new_key(file)
    except OSError as problem:
        raise Misconfigured(NO_KEY.format(file=file, why=problem.strerror)) from None


def _new_key(file: Path) -> str:
    key = Fernet.generate_key().decode()
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as written:
            written.write(f"{key}\n")
    except OSError as problem:
        raise Misconfigured(NO_KEY.format(file=file, why=problem.strerror)) from None
    return key
