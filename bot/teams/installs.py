"""Where the app was put in or taken out: what Teams tells of conversations."""

from dataclasses import dataclass

from bot.teams.connector import Chat
from bot.teams.parsing import Body, Whereabouts, part, whereabouts, words_of


@dataclass(frozen=True, kw_only=True)
class Change:
    """The app stands in a conversation, or no longer."""

    chat: Chat
    removed: bool


def chat_of(where: Whereabouts) -> Chat:
    """The conversation in which somebody acts."""
    return Chat(
        tenant=where.tenant,
        conversation=where.conversation,
        service_url=where.service_url,
        bot=where.bot,
        member=where.member,
        account=where.account if where.personal else "",
    )


def change(activity: Body) -> Change | None:
    """What an installationUpdate or conversationUpdate says about the app; None where it says nothing."""
    where = whereabouts(activity)
    if not where.conversation:
        return None
    removed = _removed(activity, where.bot)
    if removed is None:
        return None
    return Change(chat=chat_of(where), removed=removed)


def _removed(activity: Body, bot: str) -> bool | None:
    if activity.get("type") == "installationUpdate":
        action = words_of(activity.get("action"))
        return action.startswith("remove") if action.startswith(("add", "remove")) else None
    if part(activity, "channelData").get("eventType") in ("teamDeleted", "teamHardDeleted"):
        return True
    if _named(activity, "membersRemoved", bot):
        return True
    return False if _named(activity, "membersAdded", bot) else None


def _named(activity: Body, list_name: str, bot: str) -> bool:
    members = activity.get(list_name)
    return isinstance(members, list) and any(part({"m": one}, "m").get("id") == bot for one in members)
