"""The product as a process: killed between writing and sending it loses nothing and says nothing twice."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from storage.database import transaction
from storage.outbox import Outbox, OutboxState, SenderLease
from tests.cast import AUTHORITY, BOT_TOKEN, CHILD, IRO, IRO_MANAGER, SOCIAL_WORKER, TEAM_MANAGER, settle, slack_id
from tests.first_lines import undated
from tests.stories.programs import Machine, machine, own_database, wait_until
from tests.stories.repeats import LOGGED, REPLY, WORRY
from tests.world import SIGNING_SECRET

DOWNTIME = timedelta(minutes=3)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database with the cast in it."""
    with own_database(request.param, tmp_path) as engine:
        yield engine


@pytest.fixture
def anyshire(database: Engine, tmp_path: Path) -> Iterator[Machine]:
    """The service's machine."""
    with machine(database, tmp_path) as ours:
        settle(database)
        yield ours


@pytest.mark.slow
def test_killed_while_sending_it_loses_nothing_and_repeats_nothing_and_told_to_stop_it_ends_what_it_began(
    database: Engine, anyshire: Machine
) -> None:
    with anyshire.running() as first:
        form = anyshire.person(IRO, first).command(f"/concern {CHILD}")
        anyshire.standin.fail_next("chat.postMessage", delay=1)
        assert "is logged at stage 1" in anyshire.person(IRO, first).submit(form, LOGGED).text
        wait_until(first, lambda: not anyshire.standin.faults.left("chat.postMessage"))  # Slack has it
        assert OutboxState.ATTEMPTED in states(database)
        first.kill()
        logs = first.logged
    anyshire.standin.wait_until(lambda: titles(anyshire, TEAM_MANAGER) == ["Please reply to C-1"])
    assert states(database) == [OutboxState.ATTEMPTED, OutboxState.ATTEMPTED], "both were marked, and one was posted"
    be_down(database, DOWNTIME)

    with anyshire.running() as second:
        wait_until(second, lambda: states(database) == [OutboxState.SENT, OutboxState.SENT])
        assert titles(anyshire, TEAM_MANAGER) == ["Please reply to C-1"]
        assert titles(anyshire, SOCIAL_WORKER) == ["For information: C-1 (nothing to do)"]

        manager = anyshire.person(TEAM_MANAGER, second)
        reply = manager.press(manager.messages[-1], "Reply")
        anyshire.standin.fail_next("chat.postMessage", delay=1)
        assert "is with the IRO" in manager.submit(reply, REPLY).text
        wait_until(second, lambda: not anyshire.standin.faults.left("chat.postMessage"))
        assert states(database)[-1] is OutboxState.ATTEMPTED
        assert second.terminate() == 0
        assert "Stopped. Messages owed, for the next start: 0. Begun and left: 0" in second.logged
        logs += second.logged
    assert titles(anyshire, IRO) == ["Tess Hill has replied to C-1"]
    assert states(database) == [OutboxState.SENT] * 3
    for secret in (WORRY, CHILD, REPLY["What will happen"], BOT_TOKEN, SIGNING_SECRET):
        assert secret not in logs
    assert "Traceback" not in logs


@pytest.mark.slow
def test_killed_after_an_address_was_found_gone_it_sends_once_to_where_the_person_is(
    database: Engine, anyshire: Machine
) -> None:
    slack = anyshire.standin
    with anyshire.running() as first:
        form = anyshire.person(IRO, first).command(f"/concern {CHILD}")
        slack.fail_next("users.info")
        slack.fail_next("users.info", delay=30)  # asked a second time, once the conversation was refused
        slack.fail_next("chat.postMessage", error="channel_not_found")
        assert "is logged at stage 1" in anyshire.person(IRO, first).submit(form, LOGGED).text
        wait_until(first, lambda: not slack.faults.left("users.info"))
        first.kill()
    assert states(database) == [OutboxState.OWED, OutboxState.OWED]
    be_down(database, DOWNTIME)
    gone = slack.workspace().users.pop(slack_id(TEAM_MANAGER))
    slack.add_user("U0ANEW", gone.name, gone.email)
    with anyshire.running() as second:
        wait_until(second, lambda: states(database) == [OutboxState.SENT, OutboxState.SENT])
        assert second.terminate() == 0
    assert [undated(message.text) for message in slack.messages_to("U0ANEW")] == ["Please reply to C-1"]
    assert titles(anyshire, SOCIAL_WORKER) == ["For information: C-1 (nothing to do)"]


@pytest.mark.slow
@pytest.mark.parametrize("arrives", [True, False])
def test_killed_while_a_report_is_shown_there_is_one_file_afterwards(
    database: Engine, anyshire: Machine, arrives: bool
) -> None:
    slack = anyshire.standin
    with anyshire.running() as first:
        manager = anyshire.person(IRO_MANAGER, first)
        form = manager.command("/iro report 2025-26")
        slack.fail_next("files.completeUploadExternal", delay=1, drop_request=not arrives)
        manager.press_in_view(form, "Send me the workbook (XLSX)")
        wait_until(first, lambda: not slack.faults.left("files.completeUploadExternal"))  # Slack has it
        assert states(database) == [OutboxState.ATTEMPTED]
        first.kill()
    slack.wait_until(lambda: len(slack.calls_of("files.completeUploadExternal")) == 1)
    assert len(slack.files_of(slack_id(IRO_MANAGER))) == int(arrives)
    be_down(database, DOWNTIME)
    with anyshire.running() as second:
        wait_until(second, lambda: states(database) == [OutboxState.SENT])
        assert second.terminate() == 0
    (file,) = slack.files_of(slack_id(IRO_MANAGER))
    assert file.name.endswith(".xlsx")


def titles(ours: Machine, who: str) -> list[str]:
    """The first lines of what somebody was ever sent, as first posted."""
    return [undated(str(message.versions[0]["text"])) for message in ours.standin.messages_to(slack_id(who))]


def states(engine: Engine) -> list[OutboxState]:
    """How the messages owed so far stand."""
    with transaction(engine, AUTHORITY, writes=False) as session:
        return [row.state for row in session.exec(select(Outbox).order_by(col(Outbox.id)))]


def be_down(engine: Engine, span: timedelta) -> None:
    """Let time have passed while nothing ran: what the database knows of moments lies further back."""
    with transaction(engine, AUTHORITY) as session:
        for row in session.exec(select(Outbox)):
            row.attempted_at = row.attempted_at - span if row.attempted_at else None
            row.not_before = row.not_before - span if row.not_before else None
            session.add(row)
        for lease in session.exec(select(SenderLease)):
            lease.until = lease.until - span if lease.until else None
            session.add(lease)
