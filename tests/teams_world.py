"""The same product with its people at Teams: proved activities in, a stand-in connector out."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import SecretStr
from sqlalchemy import Engine

from bot.settings import Settings
from bot.teams.rates import Rates
from storage.conversations import Conversation
from storage.database import transaction
from tests.cast import AUTHORITY, STAFF, settle
from tests.teams_standin import TENANT, Seen, TeamsMessage, TeamsPerson, TeamsStandIn
from tests.teams_standin.rendering import words_in
from tests.world import UNHURRIED, Scene, Shown, Versions

UNPACED = ((100_000, 1.0),)
APP_PASSWORD = "a made-up client secret"


@dataclass(kw_only=True)
class TeamsWorld(Scene[Seen, TeamsMessage]):
    """The scene at Teams, where an organisation has installed the bot for everybody."""

    standin: TeamsStandIn
    people: dict[str, TeamsPerson] = field(default_factory=dict)

    def start(self, stack: ExitStack, settings: Settings, rates: Rates | None) -> None:
        """Serve the product and seat everyone at their screen."""
        address = self.serve(stack, settings, rates)
        for login, name, *_ in STAFF:
            self.people[login] = TeamsPerson(self.standin, address, self.standin.add_user(login, name))

    def installed(self) -> None:
        """The bot was installed for everybody before the story begins: what Teams told then is known."""
        bot = f"28:{self.standin.app_id}"
        with transaction(self.engine, AUTHORITY) as session:
            session.add_all(
                Conversation(
                    authority=AUTHORITY,
                    platform="teams",
                    workspace=person.user.tenant,
                    account=person.user.aad_object_id,
                    conversation=person.chat.id,
                    service_url=self.standin.service_url,
                    bot=bot,
                    member=person.user.id,
                    told_at=self.now,
                )
                for person in self.people.values()
            )

    def inbox(self, who: str) -> list[TeamsMessage]:
        """Every message a person got, in order; not what they were answered."""
        return self.people[who].messages

    def shown(self) -> Iterator[Shown]:
        """All that was ever shown to anybody."""
        return shown_at_teams(self.standin)

    def close_account(self, who: str) -> None:
        """The bot is blocked for this person, which Teams tells nobody."""
        self.people[who].user.installed = False

    def open_account(self, who: str) -> None:
        """The bot is installed for this person again."""
        self.people[who].install()


def shown_at_teams(standin: TeamsStandIn) -> Iterator[Shown]:
    """Messages stand, unless they answer somebody who asked; dialogs do not."""
    yield from ((message, _words_of, not message.answer) for message in standin.messages)
    yield from ((dialog, _words_of, False) for dialog in standin.dialogs)


def _words_of(shown: Versions, number: int) -> list[str]:
    return list(words_in(shown.versions[number]))


def teams_settings(standin: TeamsStandIn, token_file: Path) -> Settings:
    """The settings of a product that speaks to the stand-in; its own token lies in the file."""
    token_file.write_text(standin.outbound_token, encoding="ascii")
    return Settings(
        authority=AUTHORITY,
        teams_app_id=standin.app_id,
        teams_app_password=SecretStr(APP_PASSWORD),
        teams_tenant_id=TENANT,
        teams_openid_url=standin.openid_url,
        teams_token_file=token_file,
        public_url="https://concerns.anyshire.example",
    )


@contextmanager
def teams_world(
    engine: Engine, now: datetime, procedures: str = "handbook", patience: float = UNHURRIED
) -> Iterator[TeamsWorld]:
    """The product at work; at the end nothing may have been sent that Teams would refuse."""
    with TeamsStandIn() as standin, world_beside(standin, engine, now, procedures, patience=patience) as made:
        made.installed()
        made.beat()
        yield made


@contextmanager
def world_beside(
    standin: TeamsStandIn,
    engine: Engine,
    now: datetime,
    procedures: str = "handbook",
    *,
    at_pace: bool = False,
    patience: float = UNHURRIED,
) -> Iterator[TeamsWorld]:
    """The product beside a stand-in that runs already, installed for nobody yet.

    `at_pace`: it speaks no faster than Teams asks, in real seconds.
    """
    cast = settle(engine, procedures, platform="teams")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        made = TeamsWorld(engine=engine, standin=standin, now=now, cast=cast, patience=patience)
        rates = None if at_pace else Rates(UNPACED, UNPACED)
        made.start(stack, teams_settings(standin, folder / "token"), rates)
        yield made
        assert standin.violations == []
