"""`run`: connects to the platforms whose credentials are given, or serves the built-in page where none are."""

from bot.command_line import command
from bot.settings import Settings, read_settings
from bot.workspace.own_data import with_own_data
from handlers.refusals import Refused
from storage.encrypted import KeysMissing

NOTHING_TO_CONNECT = (
    "There are no credentials of a platform, and the built-in page is off (by WORKSPACE, or as HOST is not this "
    "machine): set SLACK_BOT_TOKEN with SLACK_SIGNING_SECRET (or SLACK_APP_TOKEN) in .env as docs/install-slack.md "
    "says, or TEAMS_APP_ID with TEAMS_APP_PASSWORD and TEAMS_TENANT_ID as docs/install-teams.md says, or try `{demo}`, "
    "which needs none."
)
HALF = (
    "{given} is set, but {missing} is missing: put it into .env as docs/install-{platform}.md says, or take {given} "
    "out to try the bot in a browser with made-up people."
)


def ready() -> Settings:
    """The settings to start with.

    Refused with half of a platform's credentials, or where nothing is to be served; KeysMissing without a key for what
    real people write.
    """
    settings = read_settings()
    if settings.slack_given or settings.teams_given:
        if not settings.encryption_keys.get_secret_value().strip():
            raise KeysMissing
        return settings
    if half := _half(settings):
        raise Refused(half)
    if settings.workspace_on:
        return with_own_data(settings)
    raise Refused(NOTHING_TO_CONNECT.format(demo=command("demo")))


def _half(settings: Settings) -> str:
    """The sentence that names what is missing of a platform of which something is given."""
    token = settings.slack_bot_token.get_secret_value()
    secret, app = settings.slack_signing_secret.get_secret_value(), settings.slack_app_token.get_secret_value()
    halves = (
        (token, "SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET (or, for Socket Mode, SLACK_APP_TOKEN)", "slack"),
        (settings.slack_client_id, "SLACK_CLIENT_ID", "SLACK_SIGNING_SECRET", "slack"),
        (secret, "SLACK_SIGNING_SECRET", "SLACK_BOT_TOKEN", "slack"),
        (app, "SLACK_APP_TOKEN", "SLACK_BOT_TOKEN", "slack"),
        (settings.teams_tenant_id, "TEAMS_TENANT_ID", "TEAMS_APP_ID", "teams"),
        (settings.teams_token_file, "TEAMS_TOKEN_FILE", "TEAMS_APP_ID", "teams"),
    )
    for held, given, missing, platform in halves:
        if held:
            return HALF.format(given=given, missing=missing, platform=platform)
    return ""
