"""The App Home: a person's day, shown by views.publish."""

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.delivery.port import Unanswered, Undeliverable
from bot.homes import AGAIN_SECONDS, NotTaken
from bot.slack import views
from bot.slack.faults import RETRY_AFTER_SECONDS, lost, refusal
from handlers.cards import Card

NOT_CONNECTED = NotTaken(seconds=RETRY_AFTER_SECONDS)


async def publish_home(client: AsyncWebClient, account: str, card: Card) -> NotTaken | None:
    """Show the card as that account's App Home; why Slack did not take it, if it did not."""
    try:
        await client.views_publish(user_id=account, view=views.home(card))
    except SlackApiError as error:
        return _not_taken(refusal(error))
    except (aiohttp.ClientError, TimeoutError) as error:
        return _not_taken(lost(error))
    return None


def _not_taken(fault: Undeliverable | Unanswered) -> NotTaken:
    """Showing it a second time does no harm: what went unanswered is shown again."""
    if isinstance(fault, Unanswered):
        return NotTaken(seconds=AGAIN_SECONDS)
    if fault.workspace:
        return NotTaken(seconds=fault.retry_after or RETRY_AFTER_SECONDS)
    return NotTaken(seconds=fault.retry_after)
