"""Shows an App Home as it is drawn, for tests of Slack's edge that have no database behind it."""

from bot.homes import Drawn
from bot.slack.app import OpenHome
from bot.slack.clients import SlackClients
from bot.slack.home import publish_home


def shown_home(clients: SlackClients, token: str = "") -> OpenHome:
    """Publishes it with that token."""

    async def open_home(_workspace: str, account: str, drawn: Drawn) -> None:
        found = await drawn()
        if found is not None:
            await publish_home(clients.client(token), account, found[1])

    return open_home
