"""The stand-in's memory, without any network."""

import threading
from collections import Counter
from collections.abc import Callable
from itertools import count
from uuid import NAMESPACE_URL, uuid5

from tests.slack_standin.jsontypes import Json, Problems
from tests.teams_standin.records import Call, Conversation, Dialog, Exchange, TeamsMessage, TeamsUser, Upload, Violation

APP_ID = "11111111-2222-4333-8444-555555555555"
TENANT = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee"


class Refused(Exception):
    """The connector's refusal: an HTTP status and its word for the error."""

    def __init__(self, status: int, code: str, problems: Problems | None = None) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.problems = problems or []


class TeamsState:
    """Everything recorded. Tests read it freely; writers hold `changed`, which also wakes those who wait."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock = clock
        self.changed = threading.Condition()
        self.app_id = APP_ID
        self.users: dict[str, TeamsUser] = {}
        self.conversations: dict[str, Conversation] = {}
        self.messages: list[TeamsMessage] = []
        self.dialogs: list[Dialog] = []
        self.uploads: dict[str, Upload] = {}
        self.calls: list[Call] = []
        self.exchanges: list[Exchange] = []
        self.violations: list[Violation] = []
        self._numbers = count(1)
        self._chats_lost: Counter[str] = Counter()

    def add_user(self, login: str, name: str, email: str | None = None, *, tenant: str = TENANT) -> TeamsUser:
        """Add a person; the bot is installed for them unless `installed` is taken away."""
        address = email or f"{login}@anyshire.example"
        user = TeamsUser(
            id=f"29:{login}-{tenant[:8]}",
            aad_object_id=aad_id(login, tenant),
            name=name,
            email=address,
            tenant=tenant,
        )
        self.users[user.aad_object_id] = user
        return user

    def user(self, any_id: str) -> TeamsUser | None:
        """A person by any of the ids by which the connector knows them."""
        for user in self.users.values():
            if any_id in (user.id, user.aad_object_id, user.email) and not user.gone:
                return user
        return None

    def personal_chat(self, user: TeamsUser) -> Conversation:
        """The chat between the bot and one person, which has the same id until Teams loses it."""
        lost = self._chats_lost[user.aad_object_id]
        known_by = f"{user.tenant} {user.aad_object_id}{f' {lost}' if lost else ''}"
        name = f"a:{uuid5(NAMESPACE_URL, known_by).hex}"
        if name not in self.conversations:
            self.conversations[name] = Conversation(id=name, tenant=user.tenant, user=user.aad_object_id)
        return self.conversations[name]

    def lose_chat(self, user: TeamsUser) -> None:
        """Teams has no such conversation any more; the next that is opened with this person is another."""
        self.conversations.pop(self.personal_chat(user).id)
        self._chats_lost[user.aad_object_id] += 1

    def channel(self, tenant: str = TENANT) -> Conversation:
        """A channel of a team in which the bot may be mentioned."""
        name = "19:everybody@thread.tacv2"
        if name not in self.conversations:
            self.conversations[name] = Conversation(id=name, tenant=tenant, kind="channel")
        return self.conversations[name]

    @staticmethod
    def colleagues_chat(tenant: str) -> Conversation:
        """The chat of two colleagues, which Teams calls personal too. The bot is not in it and knows nothing of it."""
        return Conversation(id="19:8f1c_5d2a@unq.gbl.spaces", tenant=tenant)

    def number(self) -> int:
        """The next of the numbers that ids are made from."""
        return next(self._numbers)

    def new_id(self) -> str:
        """An activity's id, which no other has."""
        return str(1_700_000_000_000 + self.number())

    def wait_until(self, seen: Callable[[], bool], timeout: float = 5.0) -> None:
        """Wait, without polling, until `seen()`; raise TimeoutError after `timeout` seconds."""
        with self.changed:
            if not self.changed.wait_for(seen, timeout):
                raise TimeoutError("What was waited for did not happen.")

    def chat_of(self, user: TeamsUser) -> list[TeamsMessage]:
        """All that the bot ever wrote to a person, oldest first, answers too."""
        return [message for message in self.messages if message.user == user.aad_object_id]

    def messages_to(self, user: TeamsUser) -> list[TeamsMessage]:
        """What the bot wrote to a person unasked, oldest first."""
        return [message for message in self.chat_of(user) if not message.answer]

    def files_of(self, user: TeamsUser) -> dict[str, bytes]:
        """What lies in a person's OneDrive, by name."""
        mine = [one for one in self.uploads.values() if one.user == user.aad_object_id]
        return {one.name: one.content for one in mine if one.content is not None}

    def calls_of(self, operation: str) -> list[Call]:
        """The calls of one operation, oldest first."""
        return [call for call in self.calls if call.operation == operation]

    def violation(self, where: str, problems: Problems, payload: Json) -> None:
        """Remember something that Teams would refuse."""
        with self.changed:
            self.violations.append(Violation(where=where, problems=problems, payload=payload))

    def dialog_of(self, user: TeamsUser) -> Dialog | None:
        """The dialog a person has before them."""
        mine = [one for one in self.dialogs if one.open and one.user == user.aad_object_id]
        return mine[-1] if mine else None


def aad_id(login: str, tenant: str = TENANT) -> str:
    """The Entra object id of a person."""
    return str(uuid5(NAMESPACE_URL, f"{tenant}/{login}"))
