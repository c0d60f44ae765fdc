"""The doctor at Slack: whether it takes the token, what the app may do there, and whose accounts it knows."""

from collections.abc import Iterable

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.findings import Finding
from bot.settings import Settings
from bot.slack.clients import SlackClients
from bot.slack.install import bot_scopes
from bot.slack.recognising import confirmed_account

WITHOUT = {"files:write": "reports cannot be sent as files"}
REINSTALL = "Install the app again with the scopes of the manifest (docs/install-slack.md)."
UNREACHED = (aiohttp.ClientError, TimeoutError, SlackClientError, OSError)


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


async def unknown_to_slack(settings: Settings, workspace: str, emails: list[str]) -> list[str]:
    """Those of the addresses that Slack does not know for certain, or cannot be asked about."""
    token = settings.slack_bot_token.get_secret_value()
    if not token:
        return emails
    clients = SlackClients(settings.slack_api_base_url)
    try:
        return [email for email in emails if not await _known(clients.client(token), workspace, email)]
    finally:
        await clients.stop()


async def _known(client: AsyncWebClient, workspace: str, email: str) -> bool:
    try:
        user = (await client.users_lookupByEmail(email=email))["user"]
    except UNREACHED:
        return False
    return confirmed_account(user, workspace or str(user.get("team_id")), email) is not None
