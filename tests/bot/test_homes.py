"""App Homes stay true: after each kind of act, newest state only, at the platform's pace, for who opened theirs."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from freezegun import freeze_time
from sqlalchemy import Engine
from typer.testing import CliRunner

from bot import homes as drawing
from bot.cli import app
from bot.homes import Homes, NotTaken
from bot.settings import Settings
from bot.threads import WorkerThreads
from handlers import homes as marking
from handlers.cards import Button, Card
from handlers.dispatch import answer
from scheduling.working_days import local
from storage import authorities, history, homes
from storage.database import transaction
from storage.encrypted import Keyring, use_keyring
from storage.homes import Seen
from storage.revisions import head_revision
from tests.bench import Bench, utc, words
from tests.cast import (
    AUTHORITY,
    CHILD,
    IRO,
    IRO_MANAGER,
    OTHER_CHILD,
    OTHER_IRO,
    OTHER_MANAGER,
    OTHER_WORKER,
    OUTSIDER,
    SERVICE_MANAGER,
    SOCIAL_WORKER,
    SUPPORT,
    TEAM_MANAGER,
    WORKSPACE,
    known_as,
    slack_id,
)
from tests.conftest import KEY
from tests.databases import sqlite_engine
from tests.handlers.reviews.steps import do, in_care
from tests.handlers.steps import NOT_AGREED, act, close, logged, move, reply

ELSEWHERE = "T0ELSEWHERE"


@dataclass
class Screens:
    """What each account's App Home shows, in order; `takes` says whether the platform takes the next one."""

    bench: Bench
    seconds: float = 0.0
    takes: Callable[[str], bool] = lambda _: True
    on_the_way: Callable[[str], Awaitable[None]] = field(default_factory=lambda: _at_once)
    published: list[tuple[str, Card]] = field(default_factory=list)
    tried: int = 0

    def __post_init__(self) -> None:
        self.threads = WorkerThreads(2)
        self.homes = Homes(self.bench.office, self.threads, "slack", self._publish, lambda: self.seconds)

    async def _publish(self, workspace: str, account: str, card: Card) -> NotTaken | None:
        assert workspace in (WORKSPACE, ELSEWHERE)
        self.tried += 1
        await self.on_the_way(account)
        if self.takes(account):
            self.published.append((account, card))
            return None
        return NotTaken()

    def open(self, *logins: str) -> None:
        """These people open theirs."""
        for who in logins:
            _run(self.opening(who))

    async def opening(self, who: str) -> None:
        """Somebody opens theirs, as Slack says it."""

        async def drawn() -> tuple[str, Card]:
            asked = replace(self.bench.request(who, "home", workspace=WORKSPACE), platform="slack")
            card = answer(self.bench.office, asked)
            assert isinstance(card, Card)
            return AUTHORITY, card

        await self.homes.open(WORKSPACE, slack_id(who), drawn)

    def seen(self, who: str) -> str:
        """What somebody's home shows: what was published last."""
        return [words(card) for account, card in self.published if account == slack_id(who)][-1]

    def beat(self) -> list[str]:
        """One beat, and whose home was shown anew in it."""
        self.published.clear()
        _run(self.homes.refresh())
        return [account for account, _ in self.published]


async def _at_once(_account: str) -> None:
    """Nothing holds it up."""


def _run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(work)


@pytest.fixture
def screens(tmp_path: Path) -> Iterator[Screens]:
    """The cast's, none opened yet."""
    for engine in sqlite_engine(tmp_path):
        yield Screens(Bench(engine, utc("2026-12-07")))


def _accounts(*logins: str) -> set[str]:
    return {slack_id(one) for one in logins}


Act = Callable[[Bench], object]
ACTS: dict[str, tuple[Act, set[str]]] = {
    "book": (
        lambda bench: do(bench, "Book", SOCIAL_WORKER, booked_for="2026-12-21", time="2 pm", place="School"),
        {IRO, SOCIAL_WORKER, TEAM_MANAGER, SERVICE_MANAGER, IRO_MANAGER, SUPPORT},
    ),
    "reply": (lambda bench: reply(bench, TEAM_MANAGER, "C-1", NOT_AGREED), {IRO, TEAM_MANAGER}),
    "move": (lambda bench: move(bench, "C-1", 2), {IRO, TEAM_MANAGER, SERVICE_MANAGER, IRO_MANAGER}),
    "another child": (
        lambda bench: act(bench, IRO, "/concern C-1 correct", child=str(bench.cast.children[OTHER_CHILD])),
        {IRO, TEAM_MANAGER, OTHER_MANAGER},
    ),
    "wrong worker": (
        lambda bench: bench.press(TEAM_MANAGER, Button(label="", deed="iro.check.wrong_worker", subject=CHILD)),
        {IRO_MANAGER},
    ),
    "close": (lambda bench: close(bench, "C-1"), {IRO, SERVICE_MANAGER, IRO_MANAGER}),
    "another worker": (
        lambda bench: act(bench, TEAM_MANAGER, f"/iro allocate {CHILD}", holder=str(bench.cast.people[OTHER_WORKER])),
        {SOCIAL_WORKER, OTHER_WORKER, OTHER_MANAGER, TEAM_MANAGER},
    ),
    "another IRO": (
        lambda bench: act(bench, IRO_MANAGER, f"/iro allocate {CHILD}", iro=str(bench.cast.people[OTHER_IRO])),
        {IRO, OTHER_IRO},
    ),
    "away": (lambda bench: bench.command(IRO, "/iro away 7 Dec to 11 Dec cover @olu.ade"), {OTHER_IRO}),
}
OPENERS = (
    *(IRO, OTHER_IRO, IRO_MANAGER, SOCIAL_WORKER, OTHER_WORKER),
    *(TEAM_MANAGER, OTHER_MANAGER, SERVICE_MANAGER, SUPPORT),
)


@pytest.mark.slow
def test_one_beat_after_each_act_of_another_the_homes_are_true_again(screens: Screens) -> None:
    bench = screens.bench
    in_care(bench, "2026-12-01")  # due Tue 29 Dec
    logged(bench)
    screens.open(*OPENERS)
    seen: dict[str, str] = {}
    for name, (does, change) in ACTS.items():
        bench.wait(timedelta(minutes=1))
        does(bench)
        shown = screens.beat()
        assert len(shown) == len(set(shown)), "the newest state alone"
        now = {account: words(card) for account, card in screens.published}
        wrong = {who for who in change if now.get(slack_id(who), "") in ("", seen.get(slack_id(who)))}
        assert not wrong, name
        assert screens.beat() == [], "and nothing again"
        seen |= now
    true = {slack_id(who): words(bench.command(who, "/iro day")) for who in OPENERS}
    assert seen == true


def test_what_shows_the_same_is_not_published_again(screens: Screens) -> None:
    logged(screens.bench)
    screens.open(IRO)
    move(screens.bench, "C-1", 2)
    assert screens.beat() == [slack_id(IRO)]
    screens.bench.wait(timedelta(minutes=1))
    with transaction(screens.bench.engine, AUTHORITY) as session:
        homes.mark(session, {screens.bench.cast.people[IRO]}, on=date(2026, 12, 7), at=screens.bench.now, by_act=True)
    assert screens.beat() == []
    assert screens.tried == 2, "the opening, and the move"


def test_who_has_not_opened_theirs_today_gets_none(screens: Screens) -> None:
    bench = screens.bench
    logged(bench)
    move(bench, "C-1", 2)
    assert screens.beat() == []
    screens.open(IRO)
    bench.go_to_day(date(2026, 12, 8))
    reply(bench, SERVICE_MANAGER, "C-1", NOT_AGREED)
    assert screens.beat() == [], "opened yesterday"


@pytest.mark.slow
def test_at_most_a_hundred_a_minute_and_the_rest_in_the_next_with_their_newest_state(
    screens: Screens, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawing, "A_MINUTE", 3)
    logged(screens.bench)
    screens.open(*OPENERS)
    move(screens.bench, "C-1", 2)
    assert len(screens.beat()) == 3
    assert screens.beat() == [], "this minute is full"
    screens.bench.wait(timedelta(minutes=1))
    close(screens.bench, "C-1")
    shown: list[str] = []
    for _ in range(3):
        screens.seconds += 61
        shown += screens.beat()
        assert not any("stage" in words(card) for _, card in screens.published), "closed: the state of before is gone"
    assert set(shown) >= _accounts(IRO, TEAM_MANAGER, SERVICE_MANAGER, IRO_MANAGER)


def test_what_the_platform_refuses_comes_later_and_stands_in_nobodys_way(screens: Screens) -> None:
    logged(screens.bench)
    screens.open(TEAM_MANAGER, IRO)
    screens.takes = lambda account: account != slack_id(TEAM_MANAGER)
    screens.bench.wait(timedelta(minutes=1))
    move(screens.bench, "C-1", 2)
    assert screens.beat() == [slack_id(IRO)]
    screens.takes = lambda _: True
    assert screens.beat() == [slack_id(TEAM_MANAGER)]
    assert screens.beat() == []


def test_a_workspace_that_does_not_answer_holds_up_no_other(screens: Screens) -> None:
    bench, silent = screens.bench, slack_id(TEAM_MANAGER)
    with transaction(bench.engine, AUTHORITY) as session:
        known_as(session, bench.cast.people[SERVICE_MANAGER], ELSEWHERE, slack="U0FAR")
        far = bench.cast.people[SERVICE_MANAGER]
        homes.opened(session, person_id=far, platform="slack", workspace=ELSEWHERE, on=date(2026, 12, 7))
    logged(bench)
    screens.open(TEAM_MANAGER)

    async def told() -> None:
        answers = asyncio.Event()

        async def on_the_way(account: str) -> None:
            if account == silent:
                await answers.wait()

        screens.on_the_way = on_the_way
        begun = []
        for stage in (2, 3):
            bench.wait(timedelta(minutes=1))
            move(bench, "C-1", stage)
            screens.published.clear()
            while not screens.published:
                begun.append(asyncio.create_task(screens.homes.refresh()))
                await asyncio.sleep(0.05)
            assert [account for account, _ in screens.published] == ["U0FAR"]
        answers.set()
        await asyncio.gather(*begun)

    _run(told())
    _run(screens.homes.refresh())
    assert screens.seen(TEAM_MANAGER) == words(bench.command(TEAM_MANAGER, "/iro day"))


def test_a_day_that_cannot_be_drawn_takes_no_other_with_it(screens: Screens, monkeypatch: pytest.MonkeyPatch) -> None:
    def odd(scene: object, person_id: int) -> Card:
        if person_id == screens.bench.cast.people[TEAM_MANAGER]:
            raise ValueError
        return Card(title="A day")

    logged(screens.bench)
    screens.open(TEAM_MANAGER, IRO)
    monkeypatch.setattr(drawing, "day_card", odd)
    move(screens.bench, "C-1", 2)
    assert screens.beat() == [slack_id(IRO)]


def test_where_much_changes_at_once_everybodys_is_looked_at(screens: Screens, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(marking, "FEW", 0)
    logged(screens.bench)
    screens.open(OUTSIDER)
    move(screens.bench, "C-1", 2)
    assert screens.beat() == [], "looked at, and it shows the same as when it was opened"
    assert screens.tried == 1, "the opening"


def test_where_the_procedures_cannot_be_read_a_change_is_kept_and_every_home_is_said_to_be_stale(
    screens: Screens,
) -> None:
    logged(screens.bench)
    screens.open(OUTSIDER)
    engine, now = screens.bench.engine, screens.bench.now
    with transaction(engine, AUTHORITY) as session:
        found = authorities.find(session, AUTHORITY)
        assert found is not None
        found.procedures_digest = "gone"
    with transaction(engine, AUTHORITY) as session:
        history.record(session, chain="authority", at=now, actor_id=None, what="set up", details={})
    with transaction(engine, AUTHORITY, writes=False) as session:
        stale = homes.stale(session, "slack", local(now).date(), 20)
        assert [one.person_id for one in stale] == [screens.bench.cast.people[OUTSIDER]]


def test_which_homes_are_stale_is_kept_alike_on_both_databases(engine: Engine) -> None:
    bench = Bench(engine, utc("2026-12-07"))
    iro, manager = bench.cast.people[IRO], bench.cast.people[TEAM_MANAGER]
    today, first, then = date(2026, 12, 7), utc("2026-12-07", "10:00"), utc("2026-12-07", "10:01")
    with transaction(engine, AUTHORITY) as session:
        for one in (iro, manager):
            homes.opened(session, person_id=one, platform="slack", workspace=WORKSPACE, on=today)
    with transaction(engine, AUTHORITY) as session:
        homes.mark(session, {iro, manager}, on=today, at=first, by_act=False)
        homes.mark(session, {manager}, on=today, at=then, by_act=True)
    with transaction(engine, None, writes=False) as session:
        assert homes.with_stale(session, "slack", today) == [AUTHORITY]
        assert homes.with_stale(session, "slack", date(2026, 12, 8)) == homes.with_stale(session, "teams", today) == []
    with transaction(engine, AUTHORITY) as session:
        found = homes.stale(session, "slack", today, 20)
        assert [one.person_id for one in found] == [manager, iro], "what a person's act changed comes first"
        homes.shown(session, found[0].id or 0, Seen(stale_since=first, shown=""), "a", then)  # changed since
        homes.shown(session, found[1].id or 0, Seen(stale_since=first, shown=""), "b", then)
    with transaction(engine, AUTHORITY) as session:
        assert [one.person_id for one in homes.stale(session, "slack", today, 20)] == [manager]
        homes.opened(session, person_id=manager, platform="slack", workspace=WORKSPACE, on=today)
        assert homes.stale(session, "slack", today, 20) == []
        assert homes.opened_by(session, today) == {iro, manager}
        opened = homes.of(session, manager, "slack", WORKSPACE)
        assert opened is not None
        homes.shown(session, opened.id or 0, Seen(stale_since=then, shown="a"), "old", then)  # drawn before the opening
        assert [one.person_id for one in homes.stale(session, "slack", today, 20)] == [manager], "shown once more"
        assert opened.shown == ""


@dataclass
class Held:
    """Holds up what is published first for one person until it is let go."""

    account: str
    came: asyncio.Event = field(default_factory=asyncio.Event)
    go: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, account: str) -> None:
        if account == self.account and not self.came.is_set():
            self.came.set()
            await self.go.wait()


def test_an_opening_waits_for_what_is_being_shown_and_comes_last(screens: Screens) -> None:
    logged(screens.bench)
    screens.open(IRO)
    move(screens.bench, "C-1", 2)
    screens.published.clear()

    async def meanwhile() -> None:
        screens.on_the_way = held = Held(slack_id(IRO))
        beat = asyncio.create_task(screens.homes.refresh())
        await held.came.wait()
        await asyncio.to_thread(screens.bench.wait, timedelta(minutes=1))
        await asyncio.to_thread(close, screens.bench, "C-1")
        opening = asyncio.create_task(screens.opening(IRO))
        await asyncio.sleep(0.05)
        assert screens.published == [], "in turn"
        held.go.set()
        await asyncio.gather(beat, opening)

    _run(meanwhile())
    assert screens.seen(IRO) == words(screens.bench.command(IRO, "/iro day"))
    assert len(screens.published) == 2
    assert screens.beat() == []


def test_what_was_drawn_before_an_opening_is_not_shown_after_it(screens: Screens) -> None:
    logged(screens.bench)
    screens.open(IRO, TEAM_MANAGER)
    move(screens.bench, "C-1", 2)
    screens.published.clear()

    async def meanwhile() -> None:
        first, then = (IRO, TEAM_MANAGER) if _stale_first(screens.bench) == IRO else (TEAM_MANAGER, IRO)
        screens.on_the_way = held = Held(slack_id(first))
        beat = asyncio.create_task(screens.homes.refresh())
        await held.came.wait()  # both are drawn
        await asyncio.to_thread(screens.bench.wait, timedelta(minutes=1))
        await asyncio.to_thread(close, screens.bench, "C-1")
        await screens.opening(then)
        held.go.set()
        await beat
        assert screens.seen(then) == words(await asyncio.to_thread(screens.bench.command, then, "/iro day"))

    _run(meanwhile())
    assert len(screens.published) == 2, "the one that was held up, and the opening"
    _run(screens.homes.refresh())
    for who in (IRO, TEAM_MANAGER):
        assert screens.seen(who) == words(screens.bench.command(who, "/iro day"))


def test_what_could_not_be_shown_on_opening_is_shown_at_the_next_beat(screens: Screens) -> None:
    logged(screens.bench)
    screens.takes = lambda _: False
    screens.open(OUTSIDER)
    screens.takes = lambda _: True
    assert screens.beat() == [slack_id(OUTSIDER)]
    assert screens.beat() == []


def _stale_first(bench: Bench) -> str:
    with transaction(bench.engine, AUTHORITY, writes=False) as session:
        return bench.logins[homes.stale(session, "slack", date(2026, 12, 7), 1)[0].person_id]


STAFF_FILE = """email,name,roles,manager_email,team
nora.new@anyshire.example,Nora New,social_worker,tess.hill@anyshire.example,North team
"""
CHILDREN_FILE = f"""reference,looked_after_from,iro_email,holder_email
{CHILD},2026-11-30,ann.lee@anyshire.example,will.dean@anyshire.example
"""
ABSENCES_FILE = "email,from,to,cover_email\nann.lee@anyshire.example,2026-12-07,2026-12-11,olu.ade@anyshire.example\n"
REVIEWS_FILE = f"child,kind,due_on,held_on\n{CHILD},first,2026-12-01,2026-12-01\n"
CONCERNS_FILE = (
    f"reference,child,raised_on,raised_by,stage_1_on\nOLD-1,{CHILD},2026-11-02,ann.lee@anyshire.example,2026-11-02\n"
)
FILES = {
    "staff": STAFF_FILE,
    "children": CHILDREN_FILE,
    "reviews": REVIEWS_FILE,
    "absences": ABSENCES_FILE,
    "concerns": CONCERNS_FILE,
}
REFUSED = "people rename nobody@anyshire.example nora@anyshire.example"
COMMANDS = (
    *(f"import {name} {name}.csv" for name in FILES),
    "people rename olu.ade@anyshire.example olu.new@anyshire.example",
    "people admin otto.gray@anyshire.example",
    "golive 2026-12-14",
)


@pytest.mark.slow
def test_what_the_command_line_changes_is_shown_and_what_it_only_tries_is_not(
    screens: Screens, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    bench = screens.bench
    _stamped(bench.engine)
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("DATABASE_URL", bench.engine.url.render_as_string())
    monkeypatch.setenv("AUTHORITY", AUTHORITY)
    monkeypatch.setenv("ENCRYPTION_KEYS", KEY)
    for name, text in FILES.items():
        Path(f"{name}.csv").write_text(text, encoding="utf-8")
    screens.open(IRO, OTHER_WORKER)
    for line in (f"{COMMANDS[0]} --dry-run", "people show ann.lee@anyshire.example", REFUSED):
        _typed(bench, line)
        assert not _stale(bench), line
    for line in COMMANDS:
        bench.wait(timedelta(minutes=1))
        code, said = _typed(bench, line)
        assert code == 0, said
        assert _stale(bench) == _accounts(IRO, OTHER_WORKER), line
        screens.beat()
        assert not _stale(bench), line


def _stamped(engine: Engine) -> None:
    """Say that the database stands at the newest schema, as it does."""
    with engine.execution_options(writes=True).begin() as connection:
        connection.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        connection.exec_driver_sql("INSERT INTO alembic_version VALUES (?)", (head_revision(),))


def _typed(bench: Bench, line: str) -> tuple[int, str]:
    with freeze_time(bench.now, real_asyncio=True):
        result = CliRunner().invoke(app, line.split(), prog_name="iro-bot")
    use_keyring(Keyring(KEY))  # a command leaves none behind
    return result.exit_code, result.output


def _stale(bench: Bench) -> set[str]:
    """Whose homes are said to be stale."""
    with transaction(bench.engine, AUTHORITY, writes=False) as session:
        found = homes.stale(session, "slack", date(2026, 12, 7), 20)
        return {slack_id(bench.logins[one.person_id]) for one in found}
