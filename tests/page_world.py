"""The same product with its people at the built-in page: what they do goes through its HTML, over real HTTP."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine

from bot.settings import Settings, Workspace
from storage.database import transaction
from storage.page_messages import changed_since
from tests.at_work import page_of
from tests.cast import AUTHORITY, STAFF, settle
from tests.conftest import KEY
from tests.page import PageForm, PageMessage, PagePerson, Seen
from tests.page.person import message_of
from tests.page.reading import written_in
from tests.world import UNHURRIED, Scene, Shown, Versions


@dataclass(kw_only=True)
class PageWorld(Scene[Seen, PageMessage]):
    """The scene at the page."""

    people: dict[str, PagePerson] = field(default_factory=dict)
    passphrase: str = ""
    _chats: dict[str, dict[str, PageMessage]] = field(default_factory=dict)
    _version: int = 0

    def start(self, stack: ExitStack) -> None:
        """Serve the product and seat everyone at their screen."""
        settings = Settings(
            authority=AUTHORITY,
            workspace=Workspace.TRAINING if self.passphrase else Workspace.ON,
            workspace_passphrase=SecretStr(self.passphrase),
            encryption_keys=SecretStr(KEY),
            public_url="https://concerns.anyshire.example",
        )
        address = self.serve(stack, settings)
        self._watch_the_chats()
        for login, *_ in STAFF:
            person = PagePerson(address, f"{login}@anyshire.example", self._messages)
            stack.callback(person.leave)
            self.people[login] = person

    def inbox(self, who: str) -> list[PageMessage]:
        """Every message a person got, in order."""
        return self.people[who].messages

    def shown(self) -> Iterator[Shown]:
        """Messages stand, unless they answer somebody who asked; forms do not."""
        for person in self.people.values():
            yield from ((message, _words_of, True) for message in person.messages)
            yield from ((one, _words_of, False) for one in person.answers)
            yield from ((one, _words_of, False) for one in person.forms)

    def _watch_the_chats(self) -> None:
        """Look at every state of every message, as an open page would, had somebody all of them open."""
        hub = page_of(self.service).hub
        changed = hub.changed

        def looked() -> None:
            self._look()
            changed()

        hub.changed = looked  # type: ignore[method-assign]  # the test listens in

    def _messages(self, account: str) -> list[PageMessage]:
        self._look()
        return list(self._chats.get(account, {}).values())

    def _look(self) -> None:
        with transaction(self.engine, AUTHORITY, writes=False) as session:
            for row in changed_since(session, self._version, 10_000):
                self._version = row.version
                chat = self._chats.setdefault(row.account, {})
                number = str(row.id)
                known = chat.setdefault(number, PageMessage(number=number, account=row.account, versions=[]))
                known.versions.append(message_of(row))

    def close_account(self, who: str) -> None:
        """The page writes to everybody who is listed."""
        pytest.skip(f"nobody can be out of reach at the built-in page, nor can {who}")


def _words_of(shown: Versions, number: int) -> list[str]:
    if isinstance(shown, PageForm):
        return [written_in(shown.element), *shown.problems]
    assert isinstance(shown, PageMessage)
    return [str(shown.versions[number]["text"]), written_in(shown.element(number))]


@contextmanager
def page_world(
    engine: Engine, now: datetime, procedures: str = "handbook", patience: float = UNHURRIED, passphrase: str = ""
) -> Iterator[PageWorld]:
    """The product at work, with the page alone."""
    cast = settle(engine, procedures, platform="page")
    with ExitStack() as stack:
        made = PageWorld(engine=engine, now=now, cast=cast, patience=patience, passphrase=passphrase)
        made.start(stack)
        made.beat()
        yield made
