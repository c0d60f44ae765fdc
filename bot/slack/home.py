"""The App Home: a person's day, shown by views.publish."""

from slack_sdk.web.async_client import AsyncWebClient

from bot.slack import views
from bot.slack.replies import accepted
from handlers.cards import Card


async def publish_home(client: AsyncWebClient, account: str, card: Card) -> bool:
    """Show the card as that account's App Home; whether Slack took it."""
    return await accepted(client.views_publish(user_id=account, view=views.home(card)))
