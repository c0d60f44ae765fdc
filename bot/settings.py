"""Every setting of the bot (surface 11), from the environment and from `.env` in the working directory.

A wrong value raises WrongSetting with one line that names it; secrets never appear in it. What only a set value needs
is imported with it, so that commands without a database start at once.
"""

import re
from enum import StrEnum
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.command_line import command

NOTHING = SecretStr("")
UNREADABLE = "The file .env cannot be read: make it UTF-8 text that you may read."
DATABASE = "sqlite:///iro-bot.db"


class WrongSetting(Exception):
    """A setting cannot be used; the message is one sentence for the operator."""


class LogLevel(StrEnum):
    """How much is logged."""

    DEBUG = "DEBUG"
    INFO = "INFO"
    WARNING = "WARNING"
    ERROR = "ERROR"


class Workspace(StrEnum):
    """Whether the built-in page is served, and to whom: on this machine alone, or in a training."""

    ON = "true"
    OFF = "false"
    TRAINING = "training"


class LogFormat(StrEnum):
    """How it is logged: for people or for machines."""

    TEXT = "text"
    JSON = "json"


def _database(url: str) -> str:
    if url == DATABASE:
        return url
    from storage.database import Misconfigured, database_url  # noqa: PLC0415 - heavy

    try:
        database_url(url)
    except Misconfigured as wrong:
        raise ValueError(str(wrong)) from None
    return url


def _workspace(given: str | None) -> str | None:
    """Yes and no in the ways in which people write them."""
    if given is None:
        return None
    words = {"1": "true", "yes": "true", "on": "true", "0": "false", "no": "false", "off": "false"}
    return words.get(str(given).strip().lower(), str(given).strip().lower())


def _keys(keys: SecretStr) -> SecretStr:
    if keys.get_secret_value().strip():
        from storage.encrypted import Keyring, KeysWrong  # noqa: PLC0415 - heavy

        try:
            Keyring(keys.get_secret_value())
        except KeysWrong as wrong:
            raise ValueError(f"{wrong} `{command('keys make')}` makes one.") from None
    return keys


def _web_address(address: str) -> str:
    try:
        parts = urlsplit(address)
        usable = parts.scheme in ("http", "https") and parts.hostname and (parts.port or 1)
    except ValueError:
        usable = False
    if address and not usable:
        raise ValueError("it must be a web address that starts with https:// (or http:// for local use)")
    return address


def _addresses(given: str) -> str:
    try:
        for one in filter(None, given.split(",")):
            ip_network(one.strip(), strict=False)
    except ValueError:
        raise ValueError("give IP addresses or networks, separated by commas, such as 10.0.0.5,172.17.0.0/16") from None
    return given


def _directory_id(given: str) -> str:
    """Entra's ids are read in any case and compared in small letters."""
    try:
        return str(UUID(given)) if given else ""
    except ValueError:
        raise ValueError("it must be an id of 32 digits and letters, as Entra shows it") from None


TEAM = re.compile(r"[TE][A-Z0-9]{2,20}")
DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")


def _teams(given: str) -> str:
    """The ids of workspaces and organisations, one space between them."""
    for one in listed(given):
        if not TEAM.fullmatch(one):
            raise ValueError("give ids of Slack workspaces (T...) or organisations (E...), with commas between them")
    return " ".join(listed(given))


def _directory_ids(given: str) -> str:
    return " ".join(map(_directory_id, listed(given)))


def _domains(given: str) -> str:
    """The domains in small letters, where wanted behind the id of the only workspace or tenant they are for."""
    found = []
    for one in listed(given):
        workspace, _, domain = one.rpartition(":")
        if not DOMAIN.fullmatch(domain.lower()):
            raise ValueError("give domains like council.gov.uk or T0123ABC:council.gov.uk, with commas between them")
        if workspace:
            workspace = workspace if TEAM.fullmatch(workspace) else _directory_id(workspace)
        found.append(f"{workspace}:{domain.lower()}")
    return " ".join(found)


def listed(given: str) -> list[str]:
    """What stands between commas or spaces."""
    return given.replace(",", " ").split()


WebAddress = Annotated[str, AfterValidator(_web_address)]
DirectoryId = Annotated[str, AfterValidator(_directory_id)]
DirectoryIds = Annotated[str, AfterValidator(_directory_ids)]
TeamIds = Annotated[str, AfterValidator(_teams)]
Domains = Annotated[str, AfterValidator(_domains)]


class Settings(BaseSettings):
    """The settings as read once at the start; an empty value counts as not set."""

    model_config = SettingsConfigDict(
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    database_url: Annotated[str, AfterValidator(_database)] = Field(default=DATABASE, repr=False)
    encryption_keys: Annotated[SecretStr, AfterValidator(_keys)] = NOTHING

    authority: str = Field(default="local", pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")
    procedures: str = "handbook"

    host: str = Field(default="127.0.0.1", pattern=r"^\S+$")
    port: int = Field(default=3000, ge=0, le=65535)
    trusted_proxies: Annotated[str, AfterValidator(_addresses)] = ""
    public_url: WebAddress = ""
    workspace: Annotated[Workspace | None, BeforeValidator(_workspace)] = None
    workspace_passphrase: SecretStr = NOTHING

    slack_signing_secret: SecretStr = NOTHING
    slack_bot_token: SecretStr = NOTHING
    slack_app_token: SecretStr = NOTHING
    slack_client_id: str = ""
    slack_client_secret: SecretStr = NOTHING
    slack_allowed_teams: TeamIds = ""
    slack_api_base_url: WebAddress = "https://slack.com/api/"

    teams_app_id: DirectoryId = ""
    teams_app_password: SecretStr = NOTHING
    teams_tenant_id: DirectoryId = ""
    teams_allowed_tenants: DirectoryIds = ""
    teams_openid_url: WebAddress = ""
    teams_token_file: Path | None = None
    teams_allow_unauthenticated: bool = False

    email_domains: Domains = ""

    tick_seconds: float = Field(default=5, gt=0, le=3600)
    heartbeat_url: WebAddress = ""
    late_after_seconds: float = Field(default=120, ge=10, le=86400)
    unsent_after_minutes: float = Field(default=15, ge=1, le=1440)
    metrics_token: SecretStr = NOTHING
    log_level: Annotated[LogLevel, BeforeValidator(str.upper)] = LogLevel.INFO
    log_format: Annotated[LogFormat, BeforeValidator(str.lower)] = LogFormat.TEXT

    @property
    def loopback(self) -> bool:
        """Whether HOST is this machine itself."""
        try:
            return self.host == "localhost" or ip_address(self.host.strip("[]")).is_loopback
        except ValueError:
            return False

    @property
    def address(self) -> str:
        """Where the bot is found from this machine; one that listens on every address has none of that name."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104 - looked up, not bound
        host = f"[{host}]" if ":" in host else host
        return f"http://{host}:{self.port}"

    @property
    def proxies(self) -> tuple[str, ...]:
        """The proxies on other machines, as addresses and networks."""
        return tuple(str(ip_network(one.strip(), strict=False)) for one in self.trusted_proxies.split(",") if one)

    @property
    def slack_given(self) -> bool:
        """Whether there are credentials with which Slack can be served."""
        proof = self.slack_signing_secret.get_secret_value() or self.slack_app_token.get_secret_value()
        token = self.slack_bot_token.get_secret_value() or self.slack_client_id
        return bool(proof and token)

    @property
    def teams_given(self) -> bool:
        """Whether there are credentials with which Teams can be served."""
        return bool(self.teams_app_id) or self.teams_allow_unauthenticated

    @property
    def credentials(self) -> bool:
        """Whether anything of a platform is given, enough to connect or not."""
        given = (
            *(self.slack_signing_secret, self.slack_bot_token, self.slack_app_token, self.slack_client_secret),
            self.teams_app_password,
        )
        names = (self.slack_client_id, self.teams_app_id, self.teams_tenant_id, self.teams_token_file)
        return any(one.get_secret_value() for one in given) or any(names) or self.teams_allow_unauthenticated

    @property
    def workspace_on(self) -> bool:
        """Whether the built-in page is served: as set, else only without credentials and on this machine."""
        if self.workspace is not None:
            return self.workspace is not Workspace.OFF
        return self.loopback and not self.credentials


def read_settings(**given: str) -> Settings:
    """The settings; `given` wins over the environment. WrongSetting names what is wrong in one line."""
    try:
        settings = Settings(**given)  # type: ignore[arg-type]  # pydantic reads each from its text
    except ValidationError as wrong:
        raise WrongSetting(_first(wrong)) from None
    except (UnicodeDecodeError, OSError):
        raise WrongSetting(UNREADABLE) from None
    for check in (_slack_fits, _teams_fits, _workspace_fits):
        if sentence := check(settings):
            raise WrongSetting(sentence)
    return settings


_RIGHT = {
    "authority": "use small letters, digits, - and _, at most 40",
    "host": "give an address to listen on, such as 127.0.0.1",
    "port": "give a number from 0 to 65535",
    "workspace": "write true, false or training",
    "teams_allow_unauthenticated": "write true or false",
    "tick_seconds": "give a number of seconds above 0, at most 3600",
    "late_after_seconds": "give a number of seconds from 10 to 86400",
    "unsent_after_minutes": "give a number of minutes from 1 to 1440",
    "log_level": "write DEBUG, INFO, WARNING or ERROR",
    "log_format": "write text or json",
}


def _first(wrong: ValidationError) -> str:
    """The first wrong setting in one line, without the value that was given."""
    error = wrong.errors(include_input=False, include_url=False)[0]
    key = str(error["loc"][0]) if error["loc"] else ""
    said = _RIGHT.get(key) or error["msg"].removeprefix("Value error, ")
    name = key.upper()
    said = said.rstrip(".") + "."
    return said if said.startswith(name) else f"{name} is wrong: {said}"


def _slack_fits(settings: Settings) -> str:
    bot, app = settings.slack_bot_token.get_secret_value(), settings.slack_app_token.get_secret_value()
    if bot.startswith("xapp-"):
        return "SLACK_BOT_TOKEN is wrong: it holds an app-level token (xapp-...); give the bot's (xoxb-...)."
    if app.startswith("xoxb-"):
        return "SLACK_APP_TOKEN is wrong: it holds a bot's token (xoxb-...); give the app's (xapp-...)."
    if bool(settings.slack_client_id) != bool(settings.slack_client_secret.get_secret_value()):
        missing = "SLACK_CLIENT_SECRET" if settings.slack_client_id else "SLACK_CLIENT_ID"
        return f"{missing} is missing: the client id and the client secret belong together."
    return ""


def _teams_fits(settings: Settings) -> str:
    trial = settings.teams_allow_unauthenticated
    if trial and not settings.loopback:
        return "TEAMS_ALLOW_UNAUTHENTICATED is wrong: it is refused unless HOST is this machine (127.0.0.1)."
    secret = settings.teams_app_password.get_secret_value() or settings.teams_token_file
    if settings.teams_app_id and not secret and not trial:
        return "TEAMS_APP_PASSWORD is missing: the bot's application id and its client secret belong together."
    if settings.teams_app_password.get_secret_value() and not settings.teams_app_id:
        return "TEAMS_APP_ID is missing: the bot's application id and its client secret belong together."
    if settings.teams_app_id and not settings.teams_tenant_id and not trial:
        return "TEAMS_TENANT_ID is missing: the bot answers the people of one Microsoft 365 tenant only."
    if settings.teams_openid_url.startswith("http://") and not _is_loopback(settings.teams_openid_url):
        return "TEAMS_OPENID_URL is wrong: keys are read over https:// (or http:// from this machine, for tests)."
    return ""


def _workspace_fits(settings: Settings) -> str:
    if settings.workspace in (None, Workspace.OFF):
        return ""
    if settings.credentials:
        return (
            "WORKSPACE is wrong: the built-in page has made-up people alone and is never served beside the credentials "
            "of a platform; take one or the other out."
        )
    if settings.workspace is Workspace.ON and not settings.loopback:
        return (
            "WORKSPACE is wrong: anyone who reaches the page may use it, so HOST must be this machine (or: training)."
        )
    if settings.workspace is Workspace.TRAINING and len(settings.workspace_passphrase.get_secret_value().strip()) < 8:
        return "WORKSPACE_PASSPHRASE is missing: a training is held behind one passphrase of at least 8 letters."
    return ""


def _is_loopback(address: str) -> bool:
    host = urlsplit(address).hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
