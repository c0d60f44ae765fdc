"""The doctor at Slack: whether it takes the token, what the app may do there, and whose accounts it knows."""

from collections.abc import Iterable, Sequence

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.delivery.lanes import Lane
from bot.domains import own_domains
from bot.examining import Examiner, named
from bot.findings import Finding
from bot.settings import Settings
from bot.slack.clients import SlackClients
from bot.slack.install import bot_scopes
from bot.slack.recognising import confirmed_account
from storage import connections
from storage.connections import Connection

WITHOUT = {"files:write": "reports cannot be sent as files"}
REINSTALL = "Install the app again with the scopes of the manifest (docs/install-slack.md)."
UNREACHED = (aiohttp.ClientError, TimeoutError, SlackClientError, OSError)
LOOKED_UP_AT_MOST = 20
MEND = "Give slack_id in the staff file, or the same e-mail address in Slack."
UNASKED = "Name it in SLACK_ALLOWED_TEAMS if it is yours; if not, have the app removed there."


class SlackExaminer(Examiner):
    """Asks Slack itself, as long as it takes the token."""

    _answers = True

    async def reach(self) -> list[Finding]:
        """Whether Slack takes the token, and what the app may not do with it."""
        slack = await examine_slack(self._settings)
        self._answers = not slack.mend
        own = self._own
        return [slack, *(await examine_scopes(self._settings, [own] if own and self._answers else []))]

    async def connected(self, found: Sequence[Connection]) -> list[Finding]:
        """What the app may not do with the tokens that came through the install page."""
        stored = [one.bot_token for one in found if one.bot_token and one.bot_token != self._own]
        return await examine_scopes(self._settings, stored)

    def unasked(self, workspace: str) -> Finding | None:
        """Nobody asked for it."""
        return Finding(about="Slack", said=f"the workspace {workspace} was connected without a link.", mend=UNASKED)

    def to_come(self) -> str | None:
        """That of the token, which only Slack can tell."""
        return "" if self._own else None

    async def unreached(self, missed: Sequence[tuple[str, Lane]]) -> Finding | None:
        """Those whose accounts Slack does not know either."""
        emails = [email for email, _ in missed]
        if self._answers:
            asked = missed[:LOOKED_UP_AT_MOST]
            known = [(email, lane.workspace) for email, lane in asked if self._is_believed(email, lane)]
            unknown = await unknown_to_slack(self._settings, known)
            believed = [email for email, _ in known]
            emails = [email for email, _ in asked if email in unknown or email not in believed]
        if not emails:
            return None
        return Finding(about="people", said=f"no chat account is known of {named(emails)}.", mend=MEND)

    @property
    def _own(self) -> str:
        return self._settings.slack_bot_token.get_secret_value()

    def _is_believed(self, email: str, lane: Lane) -> bool:
        return connections.is_of(own_domains(self._settings, lane.workspace), email)


async def examine_slack(settings: Settings) -> Finding:
    """Whether Slack takes the token."""
    token = settings.slack_bot_token.get_secret_value()
    if not token:
        if settings.slack_client_id:
            return Finding(about="Slack", said="each workspace has its own token, from the install page.")
        if settings.teams_given and not settings.slack_given:
            return Finding(about="Slack", said="not used here.")
        mend = "Set SLACK_BOT_TOKEN as docs/install-slack.md says."
        return Finding(about="Slack", said="there is no bot token.", mend=mend)
    clients = SlackClients(settings.slack_api_base_url)
    try:
        answer = await clients.client(token).auth_test()
    except SlackApiError as refused:
        mend = "Copy the token again from the app's page, or install the app again."
        return Finding(about="Slack", said=f"it refuses the token ({refused.response.get('error')}).", mend=mend)
    except UNREACHED:
        mend = "Check the way out to the internet (proxy, firewall) and SLACK_API_BASE_URL."
        return Finding(about="Slack", said=f"{settings.slack_api_base_url} does not answer.", mend=mend)
    finally:
        await clients.stop()
    return Finding(about="Slack", said=f"connected to {answer.get('team') or 'the workspace'}.")


async def examine_scopes(settings: Settings, tokens: Iterable[str]) -> list[Finding]:
    """What the app lacks in each workspace, by what Slack says beside its answer; nothing where it lacks nothing."""
    clients = SlackClients(settings.slack_api_base_url)
    try:
        return [found for token in tokens if (found := await _lacking(clients.client(token))) is not None]
    finally:
        await clients.stop()


async def _lacking(client: AsyncWebClient) -> Finding | None:
    try:
        answer = await client.auth_test()
    except UNREACHED:
        return None
    told = {name.lower(): value for name, value in answer.headers.items()}.get("x-oauth-scopes")
    if told is None:
        return None
    has = {scope.strip() for scope in str(told).split(",")}
    lacks = [scope for scope in bot_scopes() if scope not in has]
    if not lacks:
        return None
    follows = "; ".join(WITHOUT[scope] for scope in lacks if scope in WITHOUT) or "some things fail"
    where = answer.get("team") or "the workspace"
    return Finding(about="Slack", said=f"the app in {where} lacks {', '.join(lacks)}: {follows}.", mend=REINSTALL)


async def unknown_to_slack(settings: Settings, people: Sequence[tuple[str, str]]) -> list[str]:
    """Those of the addresses, with their workspaces, that Slack does not know for certain or cannot be asked about."""
    token = settings.slack_bot_token.get_secret_value()
    if not token:
        return [email for email, _ in people]
    clients = SlackClients(settings.slack_api_base_url)
    try:
        return [email for email, workspace in people if not await _known(clients.client(token), workspace, email)]
    finally:
        await clients.stop()


async def _known(client: AsyncWebClient, workspace: str, email: str) -> bool:
    try:
        user = (await client.users_lookupByEmail(email=email))["user"]
    except UNREACHED:
        return False
    return confirmed_account(user, workspace or str(user.get("team_id")), email) is not None
