"""`keys make`: a new key, as the line for .env."""

import typer
from cryptography.fernet import Fernet
from pydantic import SecretStr
from pydantic_settings import BaseSettings

from bot.settings import UNREADABLE, Settings, WrongSetting

FIRST = (
    "Put the line into .env, and keep a copy of the key apart from the backups: "
    "without it nobody can read what people wrote."
)
ANOTHER = (
    "ENCRYPTION_KEYS is set already: put this key in front of the others there, with a comma between, and take none "
    "away, since older words are read with them. Keep a copy apart from the backups."
)


class _Given(BaseSettings):
    """The keys as they are set, right or wrong: a new one is asked for most where the others cannot be used."""

    model_config = Settings.model_config

    encryption_keys: SecretStr = SecretStr("")


def make() -> None:
    """Print a new key: alone where there are keys, so that `>> .env` never puts one in the place of others."""
    key = Fernet.generate_key().decode()
    try:
        there = _Given().encryption_keys.get_secret_value().strip()
    except (UnicodeDecodeError, OSError):
        raise WrongSetting(UNREADABLE) from None
    typer.echo(key if there else f"ENCRYPTION_KEYS={key}")
    typer.echo(ANOTHER if there else FIRST, err=True)
