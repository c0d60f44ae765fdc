"""What is known of conversations at Teams, kept in the database: where people and teams are reached."""

from collections.abc import Sequence

from sqlalchemy.exc import IntegrityError

from bot.connecting import connection_of, lift_wait
from bot.delivery.lanes import Lane
from bot.teams.connector import Chat
from bot.teams.declaration import TEAMS
from bot.teams.parsing import digest
from handlers.messages.unreached import reachable
from handlers.office import Office
from storage import addresses, conversations
from storage.conversations import Conversation
from storage.database import transaction
from storage.scope import every_authority

PLATFORM = TEAMS.name
TEAMS_ASKED = 5
"""In how many teams a colleague is looked up, the latest first."""


class Chats:
    """The conversations of every tenant. `first` is the service URL to begin with. In worker threads."""

    def __init__(self, office: Office, first: str) -> None:
        self._office = office
        self._engine = office.engine
        self._first = first

    def known_by(self, authority: str, chat: Chat, account: str, addresses: Sequence[str]) -> None:
        """Keep the addresses of somebody who is not on the staff list yet, by their digests."""
        with transaction(self._engine, authority) as session:
            known = conversations.of_id(session, PLATFORM, chat.tenant, chat.conversation)
            if known is not None and known.account == account:
                known.sign_in, known.mail = digest(chat.tenant, addresses[0]), digest(chat.tenant, addresses[-1])
                session.add(known)

    def account_of(self, tenant: str, email: str) -> str | None:
        """The account with that address, of somebody who got the app before they were on the staff list."""
        named = digest(tenant, email.strip().lower())
        with transaction(self._engine, None, writes=False) as session, every_authority(session):
            found = conversations.with_address(session, PLATFORM, tenant, named)
            return found.account if found is not None else None

    def chat_of(self, tenant: str, account: str) -> Chat | None:
        """The person's own chat with the bot."""
        with transaction(self._engine, None, writes=False) as session, every_authority(session):
            found = conversations.with_account(session, PLATFORM, tenant, account)
            return _chat(found) if found is not None else None

    def chat_called(self, tenant: str, conversation: str) -> Chat | None:
        """That conversation, removed or not."""
        with transaction(self._engine, None, writes=False) as session, every_authority(session):
            found = conversations.of_id(session, PLATFORM, tenant, conversation)
            return _chat(found) if found is not None else None

    def shared_chats(self, tenant: str) -> list[Chat]:
        """Teams and groups with the app, in which colleagues can be looked up."""
        with transaction(self._engine, None, writes=False) as session, every_authority(session):
            return [_chat(one) for one in conversations.shared(session, PLATFORM, tenant, TEAMS_ASKED)]

    def tenants_address(self, tenant: str) -> str:
        """The service URL under which a tenant is served, or else the one to begin with."""
        with transaction(self._engine, None, writes=False) as session, every_authority(session):
            found = conversations.latest(session, PLATFORM, tenant)
            return found.service_url if found is not None else self._first

    def opened(self, chat: Chat, *, by_us: bool = False) -> None:
        """A conversation with a person, or with a team. One that we opened proves nothing yet."""
        connected = connection_of(self._engine, TEAMS, chat.tenant)
        if connected is None:
            return
        authority = connected.authority
        with transaction(self._engine, authority, writes=False) as session:
            known = conversations.of_id(session, PLATFORM, chat.tenant, chat.conversation)
            if known is not None and known.removed_at is None and _chat(known) == chat:
                return
        try:
            self._keep(authority, chat, by_us)
        except IntegrityError:  # told of by another activity between our look and our write
            self._keep(authority, chat, by_us)

    def closed(self, chat: Chat) -> None:
        """The app is no longer in that conversation."""
        with transaction(self._engine, None) as session, every_authority(session):
            conversations.remove(session, PLATFORM, chat.tenant, chat.conversation, self._office.clock())

    def _keep(self, authority: str, chat: Chat, by_us: bool) -> None:
        told = Conversation(
            platform=PLATFORM,
            workspace=chat.tenant,
            account=chat.account,
            conversation=chat.conversation,
            service_url=chat.service_url,
            bot=chat.bot,
            member=chat.member,
            told_at=self._office.clock(),
        )
        with transaction(self._engine, authority) as session:
            if conversations.keep(session, told) and chat.account and not by_us:
                person = addresses.person_at(session, PLATFORM, chat.tenant, chat.account)
                if person is not None:
                    reachable(session, person, self._office.clock())
            lift_wait(session, Lane(authority=authority, platform=PLATFORM, workspace=chat.tenant))


def _chat(found: Conversation) -> Chat:
    return Chat(
        tenant=found.workspace,
        conversation=found.conversation,
        service_url=found.service_url,
        bot=found.bot,
        member=found.member,
        account=found.account,
    )
