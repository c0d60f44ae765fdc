"""`run`: refuses where there is nothing to connect to, or no key, before a database is made."""

from bot.command_line import command
from bot.settings import Settings, read_settings
from handlers.refusals import Refused
from storage.encrypted import KeysMissing

NOTHING_TO_CONNECT = (
    "There are no credentials of a platform: set SLACK_BOT_TOKEN with SLACK_SIGNING_SECRET (or SLACK_APP_TOKEN) "
    "in .env as docs/install-slack.md says, or TEAMS_APP_ID with TEAMS_APP_PASSWORD and TEAMS_TENANT_ID as "
    "docs/install-teams.md says, or try `{demo}`, which needs none."
)


def ready() -> Settings:
    """The settings to start with; Refused without any credentials, KeysMissing without a key."""
    settings = read_settings()
    if not settings.slack_given and not settings.teams_given:
        raise Refused(NOTHING_TO_CONNECT.format(demo=command("demo")))
    if not settings.encryption_keys.get_secret_value().strip():
        raise KeysMissing
    return settings
