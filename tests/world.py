"""The whole product behind real HTTP: signed requests in, a stand-in Slack out, and a clock that the story moves."""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Generic, Protocol, TypeVar

from pydantic import SecretStr
from sqlalchemy import Engine

from bot.compose import Service
from bot.delivery.timing import Timing
from bot.settings import Settings
from bot.slack.declaration import SlackDeclaration
from bot.teams.declaration import TeamsDeclaration
from bot.teams.rates import Rates
from bot.threads import ANSWER_WITHIN_SECONDS
from bot.workspace.declaration import PageDeclaration
from scheduling.working_days import at_local, local
from storage import nudges, outbox
from storage.database import transaction
from tests import screens
from tests.cast import AUTHORITY, BOT_TOKEN, STAFF, WORKSPACE, Cast, settle, slack_id
from tests.first_lines import undated
from tests.screens import Filled, Message, Person
from tests.slack_standin import PostedMessage, Seen, SlackPerson, SlackStandIn
from tests.slack_standin.jsontypes import Json
from tests.slack_standin.rendering import words_in
from tests.slack_standin.serving import served
from tests.what_is_read import refuse_faults

S_co = TypeVar("S_co", bound=screens.Seen, covariant=True)
M_co = TypeVar("M_co", bound=Message, covariant=True)
SIGNING_SECRET = "a made-up signing secret"
UNHURRIED = 20.0
"""Seconds until the product says "still working", where a story is not about that: the machine may be busy."""


class Versions(Protocol):
    """A message or form, with each state it was shown in."""

    @property
    def versions(self) -> list[Json]:
        """Each state, the present one last."""


Words = Callable[[Versions, int], list[str]]
Shown = tuple[Versions, Words, bool]
"""A message or form, what the product says in one of its states (a notification first), and whether it stands."""


@dataclass(kw_only=True)
class Scene(Generic[S_co, M_co]):
    """A service, its people at the screens of any platform, and the clock on the wall."""

    engine: Engine
    now: datetime
    cast: Cast
    patience: float = UNHURRIED
    leap: timedelta = timedelta()
    """How far the machine's clock is ahead, though no time has passed."""
    service: Service = field(init=False)
    people: Mapping[str, Person] = field(init=False)
    _read: dict[int, int] = field(default_factory=dict)

    def inbox(self, who: str) -> Sequence[M_co]:
        """Every message a person got, in order."""
        raise NotImplementedError

    def close_account(self, who: str) -> None:
        """The platform lets nobody write to this person any more."""
        raise NotImplementedError

    def open_account(self, who: str) -> None:
        """It does again."""
        raise NotImplementedError

    def shown(self) -> Iterator[Shown]:
        """All that was ever shown to anybody."""
        raise NotImplementedError

    def serve(self, stack: ExitStack, settings: Settings, rates: Rates | None = None) -> str:
        """Serve the product; gives its address. `rates`: how fast it may speak to Teams, else as Teams asks."""
        self.service = Service(
            settings,
            self.engine,
            clock=lambda: self.now + self.leap,
            monotonic=self._seconds,
            ticking=False,
            timing=Timing(pace=0),
            served=(SlackDeclaration(), TeamsDeclaration(rates), PageDeclaration()),
            patience=self.patience,
            fresh_seconds=0,
        )
        return stack.enter_context(served(self.service.web))

    # people

    def command(self, who: str, line: str) -> S_co:
        """Somebody types a command; whatever it owes is sent."""
        seen = self._seen(self.people[who].command(line))
        self.beat()
        return seen  # type: ignore[return-value] # the people of a scene see what its platform shows

    def write(self, who: str, text: str, under: Message | None = None) -> S_co:
        """Somebody writes back, under a message of theirs if one is given; whatever it owes is sent."""
        seen = self._seen(self.people[who].write(text, under))
        self.beat()
        return seen  # type: ignore[return-value]  # the people of a scene see what its platform shows

    def press(self, who: str, label: str, message: Message | None = None) -> S_co:
        """Somebody presses a button of their last message, or of the one given."""
        seen = self._seen(self.people[who].press(message or self.last(who), label))
        self.beat()
        return seen  # type: ignore[return-value]  # the people of a scene see what its platform shows

    def submit(self, who: str, seen: screens.Seen, values: Mapping[str, Filled]) -> S_co:
        """Somebody sends the form they see, filled in by its labels."""
        assert seen.view is not None, seen.text
        after = self._seen(self.people[who].submit(seen.view, dict(values)))
        self.beat()
        return after  # type: ignore[return-value]  # the people of a scene see what its platform shows

    # messages

    def last(self, who: str) -> M_co:
        """The last message a person got."""
        return self.inbox(who)[-1]

    def titles(self, who: str) -> list[str]:
        """The first lines of what a person got, in order."""
        return [undated(message.text) for message in self.inbox(who)]

    # the clock

    def beat(self) -> None:
        """One tick of the service."""
        assert self.service.loop is not None
        asyncio.run_coroutine_threadsafe(self.service.beat(), self.service.loop).result(30)
        self._read_what_came()

    def go_to(self, moment: datetime) -> None:
        """Move the clock forward, waking wherever something falls due or may go."""
        while (due := self._next_due()) is not None and due <= moment:
            self.now = max(self.now, due)
            self.beat()
        self.now = moment
        self.beat()

    def go_to_day(self, day: date, wall: time = time(9, 30)) -> None:
        """Move the clock to a day, half past nine in London unless another time is given."""
        self.go_to(at_local(day, wall))

    def sleep_until(self, moment: datetime) -> None:
        """Be switched off until then."""
        self.now = moment
        self.beat()

    def wait(self, span: timedelta) -> None:
        """Let time pass."""
        self.go_to(self.now + span)

    # what every story keeps to

    def _read_what_came(self) -> None:
        """Every state of every message and form is read on the day it comes."""
        today = local(self.now).date()
        for shown, words_of, stands in self.shown():
            for number in range(self._read.get(id(shown), 0), len(shown.versions)):
                words = words_of(shown, number)
                refuse_faults(words, today, stands=stands and not words[0].startswith("Your day"))
            self._read[id(shown)] = len(shown.versions)

    def _seen(self, seen: screens.Seen) -> screens.Seen:
        """So is what is said beside a field, or in a sentence."""
        said = [*seen.errors.values(), "" if seen.view or seen.message else seen.text]
        refuse_faults(said, local(self.now).date())
        return seen

    def _seconds(self) -> float:
        return self.now.timestamp()

    def _next_due(self) -> datetime | None:
        with transaction(self.engine, AUTHORITY, writes=False) as session:
            moments = (nudges.next_due(session), outbox.next_held(session, self.now))
            return min((one for one in moments if one is not None), default=None)


@dataclass(kw_only=True)
class World(Scene[Seen, PostedMessage]):
    """The scene at Slack."""

    standin: SlackStandIn
    people: dict[str, SlackPerson] = field(default_factory=dict)

    def start(self, stack: ExitStack) -> None:
        """Serve the product and seat everyone at their screen."""
        settings = Settings(
            authority=AUTHORITY,
            slack_signing_secret=SecretStr(SIGNING_SECRET),
            slack_bot_token=SecretStr(BOT_TOKEN),
            slack_api_base_url=self.standin.base_url,
            public_url="https://concerns.anyshire.example",
        )
        address = self.serve(stack, settings)
        for login, *_ in STAFF:
            self.people[login] = SlackPerson(self.standin, address, SIGNING_SECRET, WORKSPACE, slack_id(login))

    def inbox(self, who: str) -> list[PostedMessage]:
        """Every message a person got, in order."""
        return list(self.standin.messages_to(slack_id(who)))

    def shown(self) -> Iterator[Shown]:
        """All that was ever shown to anybody."""
        return shown_at_slack(self.standin)

    def close_account(self, who: str) -> None:
        """The person's account is deactivated."""
        user = self.people[who].user
        self.standin.add_user(user.id, user.name, user.email, deactivated=True)

    def open_account(self, who: str) -> None:
        """The person's account is active again."""
        user = self.people[who].user
        self.standin.add_user(user.id, user.name, user.email)


def shown_at_slack(standin: SlackStandIn) -> Iterator[Shown]:
    """Messages stand, unless their reader alone sees them, until they look away; forms and App Homes do not."""
    yield from ((message, _words_of, True) for message in standin.messages)
    for passing in (standin.ephemerals, standin.views, standin.homes.values()):
        yield from ((one, _words_of, False) for one in passing)


def _words_of(shown: Versions, number: int) -> list[str]:
    return list(words_in(shown.versions[number]))


AnyWorld = Scene[screens.Seen, Message]


@contextmanager
def world(
    engine: Engine,
    now: datetime,
    procedures: str = "handbook",
    patience: float = UNHURRIED,
    cast: Cast | None = None,
) -> Iterator[World]:
    """The product at work; at the end nothing may have been sent that Slack would refuse.

    `cast`: who has settled in the database already.
    """
    cast = cast or settle(engine, procedures)
    with ExitStack() as stack:
        standin = SlackStandIn(hurry=patience == ANSWER_WITHIN_SECONDS)
        standin.start()
        stack.callback(standin.stop)
        for login, name, *_ in STAFF:
            standin.add_user(slack_id(login), name, f"{login}@anyshire.example")
        made = World(engine=engine, standin=standin, now=now, cast=cast, patience=patience)
        made.start(stack)
        made.beat()
        yield made
        assert standin.violations == []
