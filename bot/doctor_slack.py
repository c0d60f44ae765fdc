"""The doctor at Slack: whether it takes the token, and whose accounts it knows."""

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.findings import Finding
from bot.settings import Settings
from bot.slack.clients import SlackClients

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


async def unknown_to_slack(settings: Settings, emails: list[str]) -> list[str]:
    """Those of the addresses that Slack does not know, or cannot be asked about."""
    token = settings.slack_bot_token.get_secret_value()
    if not token:
        return emails
    clients = SlackClients(settings.slack_api_base_url)
    try:
        return [email for email in emails if not await _known(clients.client(token), email)]
    finally:
        await clients.stop()


async def _known(client: AsyncWebClient, email: str) -> bool:
    try:
        await client.users_lookupByEmail(email=email)
    except UNREACHED:
        return False
    return True
