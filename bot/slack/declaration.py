"""What Slack says of itself to the rest of the bot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.called import Called, Takes
from bot.declaration import Declaration

if TYPE_CHECKING:
    from bot.examining import Examiner
    from bot.running import House, Running
    from bot.settings import Settings
    from storage.connections import Connection

# docs.slack.dev, rate limits, names no number for a workspace: 300 a minute is what was seen to pass.
TAKES = Takes(most=300, seconds=60, kept=15, at_once=40)
# The same page: a method of tier 4, as users.info is, 100 times a minute.
LOOKS = Takes(most=100, seconds=60, kept=10, at_once=40)
SLACK = Called(
    name="slack",
    label="Slack",
    has_tokens=True,
    takes_for_closed=True,
    account_id="Slack user id",
    takes=TAKES,
    looks=LOOKS,
)


class SlackDeclaration(Declaration):
    """Always at work: workspaces of the install page have tokens of their own, whatever the settings say."""

    called = SLACK
    set_up = "SLACK_BOT_TOKEN with SLACK_SIGNING_SECRET (or SLACK_APP_TOKEN) in .env as docs/install-slack.md says"

    def is_given(self, settings: Settings) -> bool:
        """Whether there is a token or an app, and a proof of who sends."""
        return settings.slack_given

    def half(self, settings: Settings) -> tuple[str, str] | None:
        """Half of a token with its proof, or of an app with its proof."""
        token, secret = settings.slack_bot_token.get_secret_value(), settings.slack_signing_secret.get_secret_value()
        halves = (
            (token, "SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET (or, for Socket Mode, SLACK_APP_TOKEN)"),
            (settings.slack_client_id, "SLACK_CLIENT_ID", "SLACK_SIGNING_SECRET"),
            (secret, "SLACK_SIGNING_SECRET", "SLACK_BOT_TOKEN"),
            (settings.slack_app_token.get_secret_value(), "SLACK_APP_TOKEN", "SLACK_BOT_TOKEN"),
        )
        return next(((given, missing) for held, given, missing in halves if held), None)

    def is_own(self, settings: Settings, found: Connection) -> bool:
        """Whether it is the workspace of the settings' token."""
        token = settings.slack_bot_token.get_secret_value()
        return bool(token) and found.bot_token == token

    def allowed(self, settings: Settings) -> str:
        """Those of SLACK_ALLOWED_TEAMS."""
        return settings.slack_allowed_teams

    def begin(self, house: House) -> Running:
        """Slack at work."""
        from bot.slack.running import Slack  # noqa: PLC0415 - heavy

        return Slack(house)

    def examiner(self, settings: Settings) -> Examiner:
        """Looks at it for the doctor."""
        from bot.slack.examining import SlackExaminer  # noqa: PLC0415 - heavy

        return SlackExaminer(self, settings)
