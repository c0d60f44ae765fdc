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
from tests.cast import AUTHORITY, STAFF, settle
from tests.teams_standin import TENANT, Seen, TeamsMessage, TeamsPerson, TeamsStandIn
from tests.world import Scene

APP_PASSWORD = "a made-up client secret"


@dataclass(kw_only=True)
class TeamsWorld(Scene[Seen, TeamsMessage]):
    """The scene at Teams, where an organisation installs the bot for everybody."""

    standin: TeamsStandIn
    people: dict[str, TeamsPerson] = field(default_factory=dict)

    def start(self, stack: ExitStack, settings: Settings) -> None:
        """Serve the product and seat everyone at their screen."""
        address = self.serve(stack, settings)
        for login, name, *_ in STAFF:
            self.people[login] = TeamsPerson(self.standin, address, self.standin.add_user(login, name))

    def install(self) -> None:
        """The bot is installed for everybody."""
        for person in self.people.values():
            person.install()

    def inbox(self, who: str) -> list[TeamsMessage]:
        """Every message a person got, in order; not what they were answered."""
        return self.people[who].messages

    def close_account(self, who: str) -> None:
        """The bot is blocked for this person, which Teams tells nobody."""
        self.people[who].user.installed = False

    def open_account(self, who: str) -> None:
        """The bot is installed for this person again."""
        self.people[who].install()


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
def teams_world(engine: Engine, now: datetime, procedures: str = "handbook") -> Iterator[TeamsWorld]:
    """The product at work; at the end nothing may have been sent that Teams would refuse."""
    with TeamsStandIn() as standin, world_beside(standin, engine, now, procedures) as made:
        made.install()
        made.beat()
        yield made


@contextmanager
def world_beside(
    standin: TeamsStandIn, engine: Engine, now: datetime, procedures: str = "handbook"
) -> Iterator[TeamsWorld]:
    """The product beside a stand-in that runs already, installed for nobody yet."""
    cast = settle(engine, procedures, platform="teams")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        made = TeamsWorld(engine=engine, standin=standin, now=now, cast=cast)
        made.start(stack, teams_settings(standin, folder / "token"))
        yield made
        assert standin.violations == []
