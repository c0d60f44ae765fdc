"""Two processes on one PostgreSQL share the work: nothing is lost or doubled, and one goes on when the other is killed.

And an upgrade under way: the release before goes on serving while the schema is brought up to date and the new starts.
"""

import subprocess
import sys
import tarfile
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from shutil import which
from time import monotonic, sleep

import httpx2
import pytest
from sqlalchemy import Engine
from sqlmodel import select

from bot.clock import real_clock
from bot.slack.platform import carried
from scheduling.ladder import Rung
from storage.concerns import Concern, ConcernState
from storage.database import make_engine, transaction
from storage.history import History
from storage.migrating import migrate
from storage.outbox import Outbox, OutboxState
from storage.revisions import FOLDER, head_revision
from tests.benchmarks.big_council import CHILDREN_OF_AN_IRO
from tests.benchmarks.commands import logging
from tests.benchmarks.crash import STEP, all_told, be_down, everybody_at_slack
from tests.benchmarks.late_council import DAYS, late_council
from tests.cast import AUTHORITY, CHILD, IRO, OTHER_CHILD, STAFF, TEAM_MANAGER, WORKSPACE, settle, slack_id
from tests.databases import SERVER, WORKER, drop_scratch_database, make_scratch_database, without_server
from tests.first_lines import undated
from tests.slack_standin import SlackPerson
from tests.slack_standin.signing import signed_headers
from tests.stories.programs import ROOT, Machine, Program, at_any_hour, machine, own_database
from tests.stories.repeats import LOGGED
from tests.world import SIGNING_SECRET

pytestmark = [pytest.mark.slow, pytest.mark.postgres]
LATE = 12
SECONDS = 90.0
BOTH_ARE_UP = timedelta(seconds=45)
"""Until all falls due."""
APP_TOKEN = "xapp-1-standin"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Engine]:
    """A database on the server, migrated."""
    with own_database("postgresql", tmp_path) as engine:
        yield engine


@pytest.fixture
def anyshire(database: Engine, tmp_path: Path) -> Iterator[Machine]:
    """The service's machine. Nobody is settled in its database yet."""
    with machine(database, tmp_path) as ours:
        yield ours


def test_two_share_what_fell_due_and_one_goes_on_when_the_other_is_killed(database: Engine, anyshire: Machine) -> None:
    morning = real_clock() - DAYS + BOTH_ARE_UP
    council = late_council(database, LATE, children=CHILDREN_OF_AN_IRO * LATE, morning=morning)
    everybody_at_slack(database, anyshire.standin)
    council.plan(council.take(LATE, ConcernState.WAITING), Rung.DEADLINE)
    with anyshire.running() as first, anyshire.running() as second:
        until(lambda: len(anyshire.standin.messages) >= LATE // 2, first, second)
        first.kill()
        be_down(database)  # three minutes later
        until(lambda: all_told(database, LATE), second)
        assert second.terminate() == 0
    with transaction(database, AUTHORITY, writes=False) as session:
        owed = session.exec(select(Outbox)).all()
        steps = session.exec(select(History).where(History.what == STEP)).all()
    assert len(steps) == len({one.chain for one in steps}) == LATE
    assert [one.state for one in owed] == [OutboxState.SENT] * 3 * LATE
    assert set(posted(anyshire)) >= {carried(one.key) for one in owed if one.bundle_id is None}
    assert set(posted(anyshire).values()) == {1}


def test_what_slack_says_again_to_the_other_one_is_done_once(database: Engine, anyshire: Machine) -> None:
    settle(database)
    with anyshire.running() as first, anyshire.running() as second:
        said = logging(anyshire.standin, anyshire.person(IRO, first), iter([CHILD])).body()
        answers = [posted_to(program, said) for program in (first, second, first)]
        assert len(set(answers)) == 1
        form = anyshire.person(IRO, second).command(f"/concern {OTHER_CHILD}")
        assert "C-2 is logged" in anyshire.person(IRO, second).submit(form, LOGGED).text
        until(lambda: told(anyshire, TEAM_MANAGER) == ["Please reply to C-1"], first, second)
        assert [first.terminate(), second.terminate()] == [0, 0]
    with transaction(database, AUTHORITY, writes=False) as session:
        assert len(session.exec(select(Concern)).all()) == 2
    assert set(posted(anyshire).values()) == {1}


def test_over_socket_mode_the_one_that_is_left_serves(database: Engine, anyshire: Machine) -> None:
    settle(database)
    hub = anyshire.standin.socket
    iro = SlackPerson(anyshire.standin, None, "", WORKSPACE, slack_id(IRO))
    with anyshire.running(SLACK_APP_TOKEN=APP_TOKEN) as first:
        until(lambda: hub.connections == 1, first)
        with anyshire.running(SLACK_APP_TOKEN=APP_TOKEN) as second:
            until(lambda: hub.connections == 2, first, second)
            form = iro.command(f"/concern {CHILD}")
            second.kill()
            until(lambda: hub.connections == 1, first)
            assert "C-1 is logged" in iro.submit(form, LOGGED).text
            be_down(database)
            until(lambda: told(anyshire, TEAM_MANAGER) == ["Please reply to C-1"], first)
        assert first.terminate() == 0
    assert set(posted(anyshire).values()) == {1}


def test_the_release_before_serves_while_the_schema_is_brought_up_to_date(tmp_path: Path) -> None:
    before = release_before(tmp_path)
    name = f"{WORKER}_upgraded"
    if not make_scratch_database(name):
        without_server()
    url = SERVER.rpartition("/")[0] + f"/{name}"
    engine = make_engine(url)
    try:
        with machine(engine, tmp_path) as ours:
            old = {"PYTHONPATH": str(before)}
            ran(ours, "migrate", old)
            at_any_hour(engine)
            for kind, rows in (("staff", staff_file()), ("children", children_file())):
                (tmp_path / f"{kind}.csv").write_text(rows, encoding="utf-8")
                ran(ours, "import", old, kind, f"{kind}.csv")
            with ours.running(**old) as earlier:
                logged_by(ours, earlier, CHILD)
                migrate(engine, real_clock())
                logged_by(ours, earlier, OTHER_CHILD)
                with ours.running() as later:
                    assert "C-2" in ours.person(IRO, later).command("/concern list").text
                    until(lambda: states(engine) == {OutboxState.SENT}, earlier, later)
                    assert earlier.terminate() == 0
                    assert "C-1" in ours.person(IRO, later).command("/concern list").text
                    assert later.terminate() == 0
            assert set(posted(ours).values()) == {1}
            assert "Traceback" not in earlier.logged + later.logged
    finally:
        engine.dispose()
        drop_scratch_database(name)


def release_before(folder: Path) -> Path:
    """The code as it was before the newest revision of the schema; a skip where its past is not at hand."""
    newest = next(one for one in (FOLDER / "versions").glob(f"{head_revision()}_*.py"))
    if which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("no git, or no clone: the release before is not at hand")
    added = git("log", "--diff-filter=A", "--format=%H", "-1", "--", str(newest.relative_to(ROOT))).decode().strip()
    if not added or not git("rev-parse", "--verify", "--quiet", f"{added}^"):
        pytest.skip("a clone without its past: the release before is not at hand")
    there = folder / "before"
    with tarfile.open(fileobj=BytesIO(git("archive", f"{added}^"))) as archive:
        archive.extractall(there, filter="data")
    assert not list(there.glob(f"storage/migrations/versions/{head_revision()}_*.py"))
    return there


def git(*asked: str) -> bytes:
    """What git says; nothing where it fails."""
    return subprocess.run(["git", "-C", str(ROOT), *asked], capture_output=True, check=False).stdout


def ran(ours: Machine, command: str, changed: dict[str, str], *more: str) -> None:
    """A command of a release, ended well."""
    asked = [sys.executable, "-m", "bot", command, *more]
    environment = {**ours.environment(**changed)}
    ended = subprocess.run(asked, cwd=ours.folder, env=environment, capture_output=True, check=False)
    assert ended.returncode == 0, ended.stderr.decode() + ended.stdout.decode()


def staff_file() -> str:
    """The cast, as the staff file has it."""
    emails = {login: f"{login}@anyshire.example" for login, *_ in STAFF}
    lines = ["email,name,roles,manager_email,team,slack_id"]
    for login, name, roles, manager, team in STAFF:
        above = emails[manager] if manager else ""
        lines.append(f"{emails[login]},{name},{';'.join(roles)},{above},{team},{slack_id(login)}")
    return "\n".join(lines) + "\n"


def children_file() -> str:
    """Two children."""
    held = f"{IRO}@anyshire.example,sam.okoro@anyshire.example"
    rows = [f"{child},2025-01-06,{held}" for child in (CHILD, OTHER_CHILD)]
    return "\n".join(["reference,looked_after_from,iro_email,holder_email", *rows]) + "\n"


def logged_by(ours: Machine, program: Program, child: str) -> None:
    """The IRO logs a concern."""
    person = ours.person(IRO, program)
    assert "is logged" in person.submit(person.command(f"/concern {child}"), LOGGED).text


def posted_to(program: Program, body: str) -> str:
    """What a process answers to what Slack says."""
    headers = {"Content-Type": "application/x-www-form-urlencoded", **signed_headers(SIGNING_SECRET, body)}
    answer = httpx2.post(f"{program.address}/slack/events", content=body, headers=headers, trust_env=False, timeout=20)
    assert answer.status_code == httpx2.codes.OK
    return answer.text


def posted(ours: Machine) -> Counter[str]:
    """How often each message stands in Slack, by what its metadata carry."""
    return Counter(str(one.metadata["event_payload"]["key"]) for one in ours.standin.messages if one.metadata)


def told(ours: Machine, who: str) -> list[str]:
    """The first lines of what somebody was sent."""
    return [undated(one.text) for one in ours.standin.messages_to(slack_id(who))]


def states(engine: Engine) -> set[OutboxState]:
    """How the messages stand."""
    with transaction(engine, AUTHORITY, writes=False) as session:
        return {row.state for row in session.exec(select(Outbox))}


def until(seen: Callable[[], bool], *programs: Program) -> None:
    """Wait for something that the processes do on their own."""
    end = monotonic() + SECONDS
    while not seen():
        assert monotonic() < end, [one.logged[-3000:] for one in programs]
        sleep(0.05)
