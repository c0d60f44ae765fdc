"""App Homes on people's screens at Slack: after every act of the table each one opened this day is true.

It reads as if it were opened anew; nobody else's is shown, and none twice. What Slack does not take is shown later, in
its newest state, and holds up nothing.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import delete, func, select

from bot.slack import views
from handlers.cards import Answer, Card, Notice
from storage import homes
from storage.database import transaction
from storage.history import History
from storage.live_messages import LiveMessage
from tests.bench import Bench, utc
from tests.cast import (
    ASSISTANT_DIRECTOR,
    AUTHORITY,
    CHILD,
    IRO,
    IRO_MANAGER,
    OTHER_CHILD,
    OTHER_IRO,
    OTHER_MANAGER,
    OTHER_WORKER,
    SERVICE_MANAGER,
    SOCIAL_WORKER,
    SUPPORT,
    TEAM_MANAGER,
    slack_id,
)
from tests.databases import copied, paste, sqlite_engine
from tests.filling import ACTS, Hands, Ways
from tests.full_service import BEGINS, CHILDREN, CONCERNS, MORNING, PROCEDURES, everything_open
from tests.slack_standin.jsontypes import Json
from tests.slack_standin.records import Call
from tests.stories.conftest import BeginAtSlack
from tests.stories.telling import log, type_and_fill
from tests.world import World, world

MONDAY = utc("2026-12-07")
PATIENCE = 20.0
ACTING = (IRO, TEAM_MANAGER)
BY_A_PRESS = (*ACTING, OTHER_WORKER, OTHER_MANAGER)
OPENERS = (
    *(IRO, OTHER_IRO, IRO_MANAGER, TEAM_MANAGER, OTHER_MANAGER, SERVICE_MANAGER, ASSISTANT_DIRECTOR),
    *(SOCIAL_WORKER, OTHER_WORKER, SUPPORT),
)
SUBJECTS = {
    "concern": [f"C-{number + 1}" for number in range(CONCERNS)],
    "review": CHILDREN,
    "iro": ("", CHILD, OTHER_CHILD, "2"),
}
UNWRITTEN = {"concern.file.done", "iro.report.send", *(one for one in ACTS if one.startswith("iro.check."))}
"""Acts that leave no entry in the history."""


@dataclass
class Screens:
    """What each person's App Home shows at Slack."""

    world: World
    hands: Hands
    shown: dict[str, Json] = field(default_factory=dict)
    _read: int = 0

    def open(self, *logins: str) -> None:
        """They open theirs."""
        awaited = {slack_id(one) for one in logins}
        for who in logins:
            self.shown.pop(slack_id(who), None)
            self.world.people[who].open_home()
        self.world.standin.wait_until(lambda: self._took() is not None and awaited <= {*self.shown}, PATIENCE)

    def beat(self) -> list[str]:
        """Five seconds later: whose homes were shown anew, in order."""
        self.world.now += timedelta(seconds=5)
        self.world.beat()
        return self._took()

    def untrue(self, *logins: str) -> list[str]:
        """Whose reads otherwise than if it were opened now."""
        return [who for who in logins if self.shown[slack_id(who)] != self._anew(who)]

    def _anew(self, who: str) -> Json:
        drawn = self.hands.ask(who, "iro.day")
        assert isinstance(drawn, Card)
        return views.home(drawn)

    def _took(self) -> list[str]:
        calls: list[Call] = self.world.standin.calls_of("views.publish")[self._read :]
        taken = [one.args for one in calls if one.answer is not None and one.answer.get("ok")]
        self._read += len(calls)
        self.shown |= {one["user_id"]: one["view"] for one in taken}
        return [one["user_id"] for one in taken]


def screens_of(world: World, *openers: str) -> Screens:
    """A concern is with the manager, and these people have theirs open."""
    log(world, {"Start at": "Stage 1"})
    screens = Screens(world, Hands(world.engine, world.cast.people, lambda: world.now))
    screens.open(*openers)
    return screens


def move(world: World, stage: int) -> None:
    """The IRO moves the concern to another stage."""
    type_and_fill(world, IRO, f"/concern C-1 stage {stage}", {"Reason": "It cannot wait."})


@contextmanager
def full_screens(engine: Engine) -> Iterator[tuple[Bench, Screens]]:
    """The full service at Slack, with the homes of the openers open."""
    bench = Bench(engine, BEGINS, PROCEDURES)
    everything_open(bench)
    with transaction(engine, AUTHORITY) as session:
        session.exec(delete(LiveMessage))  # they stand at the bench, which is no platform
    with world(engine, MORNING, cast=bench.cast) as made:
        screens = Screens(made, Hands(engine, bench.cast.people, lambda: made.now))
        screens.open(*OPENERS)
        yield bench, screens


def _does(bench: Bench, screens: Screens, ways: Ways, deed: str) -> bool:
    """Do the act as one of the people can do it; whether it had its effect."""
    before = _written(bench)
    for otherwise in (False, True):
        for way in ways.of(deed, BY_A_PRESS, SUBJECTS):
            given = screens.hands.go(way, otherwise=otherwise)
            if _written(bench) > before or (deed in UNWRITTEN and _is_done(given)):
                return True
    return False


def _written(bench: Bench) -> int:
    with transaction(bench.engine, AUTHORITY, writes=False) as session:
        return session.exec(select(func.count()).select_from(History).where(History.what != "read")).one()


def _is_done(given: Answer) -> bool:
    return isinstance(given, Card | Notice) and not (isinstance(given, Notice) and given.refused)


@pytest.mark.slow
def test_after_every_act_of_the_table_each_home_opened_today_reads_as_if_opened_anew(tmp_path: Path) -> None:
    for engine in sqlite_engine(tmp_path):
        with full_screens(engine) as (bench, screens):
            start, opened = copied(engine), {**screens.shown}
            ways = Ways(screens.hands)
            ways.look_round(ACTING, SUBJECTS)
            for deed in ACTS:
                paste(start, engine)
                screens.shown = {**opened}
                assert _does(bench, screens, ways, deed), deed
                anew = screens.beat()
                assert len(anew) == len({*anew}), deed
                assert {*anew} <= {slack_id(one) for one in OPENERS}, deed
                assert screens.untrue(*(one for one in OPENERS if slack_id(one) not in anew[2:])) == [], deed
                assert screens.beat() == [], deed


@pytest.mark.slow
@pytest.mark.slowly_on_postgres
def test_five_seconds_after_an_act_the_homes_of_those_it_concerns_are_true_and_no_others_shown(
    begin: BeginAtSlack,
) -> None:
    world = begin(MONDAY)
    concerned = (IRO, TEAM_MANAGER, SERVICE_MANAGER)
    screens = screens_of(world, *concerned)
    assert screens.untrue(*concerned) == []
    move(world, 2)
    screens.beat()
    assert screens.untrue(*concerned) == []
    assert world.people[IRO_MANAGER].home is None, "who has not opened theirs"
    assert screens.beat() == []
    world.go_to_day(MONDAY.date() + timedelta(days=1))
    move(world, 3)
    assert screens.beat() == [], "opened the day before"


REFUSALS: dict[str, tuple[dict[str, Any], int]] = {
    "the answer is lost": ({"drop_reply": True}, 5),
    "the call is lost": ({"drop_request": True}, 5),
    "a fault of Slack's": ({"status": 503}, 5),
    "that account alone": ({"error": "invalid_arguments"}, 0),
    "too many calls": ({"retry_after": 40}, 40),
    "the token is revoked": ({"error": "token_revoked"}, 30),
}
"""What goes wrong with one call, and after how many seconds it is made again."""


@pytest.mark.slow
@pytest.mark.slowly_on_postgres
def test_what_slack_does_not_take_is_shown_later_in_its_newest_state_and_messages_go_on(begin: BeginAtSlack) -> None:
    world = begin(MONDAY)
    screens = screens_of(world, SERVICE_MANAGER)
    for name, (fault, seconds) in REFUSALS.items():
        world.standin.fail_next("views.publish", **fault)
        before = len(world.inbox(SERVICE_MANAGER))
        move(world, 2)
        assert len(world.inbox(SERVICE_MANAGER)) == before + 1, name
        assert world.standin.faults.left("views.publish") == 0, name
        move(world, 1)
        tried = len(world.standin.calls_of("views.publish"))
        for _ in range(0, seconds - 5, 5):
            assert screens.beat() == [], name
        assert seconds == 0 or len(world.standin.calls_of("views.publish")) == tried, name
        screens.beat()
        assert screens.untrue(SERVICE_MANAGER) == [], name
        assert screens.beat() == [], name


@pytest.mark.slowly_on_postgres
def test_an_opening_that_slack_does_not_take_is_shown_five_seconds_later(begin: BeginAtSlack) -> None:
    world = begin(MONDAY)
    screens = screens_of(world)
    world.standin.fail_next("views.publish", status=500)
    world.people[TEAM_MANAGER].open_home()
    world.standin.wait_until(lambda: len(world.standin.calls_of("views.publish")) == 1, PATIENCE)
    while not _waits_to_be_shown(world):  # what Slack answered is taken in a moment later
        time.sleep(0.01)
    assert screens.beat() == [slack_id(TEAM_MANAGER)]
    assert screens.untrue(TEAM_MANAGER) == []


def _waits_to_be_shown(world: World) -> bool:
    with transaction(world.engine, None, writes=False) as session:
        return homes.with_stale(session, "slack", MONDAY.date()) != []
