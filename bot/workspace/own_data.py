"""The page's own database and keys: made-up people in files of their own, never mixed with anybody's real ones."""

import os
from importlib.resources import files
from pathlib import Path

from cryptography.fernet import Fernet
from pydantic import SecretStr
from sqlalchemy import make_url

from bot.sample.rules import NAME
from bot.sample.seed import SAMPLE
from bot.settings import DATABASE, Settings
from scheduling.procedures.shipped import HANDBOOK

SAMPLE_DATABASE = "sqlite:///iro-bot-sample.db"


def with_own_data(settings: Settings) -> Settings:
    """The settings for the page: its own database unless another is named, its own authority, its own keys."""
    url = SAMPLE_DATABASE if settings.database_url == DATABASE else settings.database_url
    given: dict[str, object] = {"database_url": url}
    if settings.authority == "local":
        given["authority"] = SAMPLE
        if settings.procedures == HANDBOOK:
            given["procedures"] = str(files("bot.sample").joinpath(NAME))
    if not settings.encryption_keys.get_secret_value():
        given["encryption_keys"] = SecretStr(_own_key(url))
    return settings.model_copy(update=given)


def _own_key(url: str) -> str:
    """A key kept beside the SQLite file: what it hides is made up, and it has to outlive a restart."""
    place = make_url(url).database
    if make_url(url).get_backend_name() != "sqlite" or not place:
        return ""
    file = Path(f"{place}.key")
    try:
        return file.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        key = Fernet.generate_key().decode()
        file.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as written:
            written.write(f"{key}\n")
        return key
