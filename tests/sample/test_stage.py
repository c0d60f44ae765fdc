"""A stage: acts go through the real handlers, time stops wherever something falls due, and messages are delivered."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from bot.delivery.port import Posted
from bot.sample.collecting import Workspace
from bot.sample.shown import said
from bot.sample.stage import Audience, NotPlayable, Stage
from bot.workspace.declaration import PAGE
from handlers.cards import Answer, Card, Form
from handlers.tick import wake
from storage import audit
from storage.connections import Connection
from storage.database import transaction
from storage.outbox import Outbox, OutboxState
from tests.bench import utc
from tests.cast import AUTHORITY, CHILD, settle

IRO, MANAGER, SENIOR = "Ann Lee", "Tess Hill", "Sunil Rao"
MONDAY = utc("2026-11-30")


class Heard(Audience):
    def __init__(self) -> None:
        self.lines: list[str] = []

    def acts(self, at: datetime, who: str, did: str) -> None:
        self.lines.append(f"{at:%d %H:%M} {who} {did}")

    def reads(self, given: Answer) -> None:
        self.lines.append(said(given))


@pytest.fixture
def stage(engine: Engine) -> Iterator[Stage]:
    """The cast of the stories on the page."""
    settle(engine, "handbook", now=MONDAY)
    with transaction(engine, AUTHORITY) as session:
        for one in session.exec(select(Connection)):
            session.delete(one)
        session.add(Connection(platform="page", workspace="page", installed_at=MONDAY))
        wake(session, AUTHORITY, MONDAY)
    with Stage(engine, AUTHORITY, MONDAY) as stage:
        yield stage


def logged(stage: Stage) -> str:
    form = stage.command(IRO, f"/concern {CHILD}")
    assert isinstance(form, Form)
    reason = next(field.choices[0].value for field in form.fields if field.key == "main_reason")
    given = stage.send(IRO, form, worries="A worry.", main_reason=reason, start_at="1", start_reason="At once.")
    return next(word for word in said(given).split() if word.startswith("C-"))


@pytest.mark.slow
def test_a_case_is_played_to_its_end_and_every_message_stands_delivered_in_a_history_that_holds(stage: Stage) -> None:
    reference = logged(stage)
    assert [one.card.title for one in stage.inbox(MANAGER)] == [f"Please reply to {reference} by Mon 14 Dec"]

    stage.until(utc("2026-12-14", "17:30"))
    overdue = stage.inbox(MANAGER)[-1]
    assert (overdue.card.title, overdue.at) == (
        f"Your reply to {reference} is late (Mon 14 Dec)",
        utc("2026-12-14", "17:00"),
    )

    stage.until(utc("2026-12-15", "09:30"))
    form = stage.press(MANAGER, "Reply", about=reference)
    stage.send(MANAGER, form, answer="agreed and done", words="It is done.")
    stage.fill(
        IRO, f"/concern {reference} close", outcome="resolved", what_changed="It was put right.", child_told="yes"
    )
    assert stage.inbox(MANAGER)[-1].card.title == f"{reference} is closed"
    assert not stage.inbox("Otto Gray")

    with transaction(stage.engine, AUTHORITY, writes=False) as session:
        assert audit.verify_all(session) == []
        rows = session.exec(select(Outbox).where(col(Outbox.state) != OutboxState.DROPPED)).all()
    assert {row.state for row in rows} == {OutboxState.SENT}
    assert len(rows) == len(stage.told)


@pytest.mark.slow
def test_mornings_come_on_working_days_alone_and_a_moment_that_has_passed_moves_no_clock_back(stage: Stage) -> None:
    logged(stage)
    stage.until(utc("2026-12-14", "12:00"))
    mornings = {one.at for one in stage.inbox(MANAGER) if one.card.title.startswith("Your day")}
    assert mornings == {utc("2026-12-10", "09:00"), utc("2026-12-14", "09:00")}
    stage.until(utc("2026-12-01"))
    assert stage.now == utc("2026-12-14", "12:00")


def test_what_cannot_be_done_stops_the_play_with_what_the_person_reads_instead(stage: Stage) -> None:
    reference = logged(stage)
    with pytest.raises(NotPlayable, match="Otto Gray could not do command C-1: There is no C-1 here"):
        stage.command("Otto Gray", f"/concern {reference}")
    with pytest.raises(NotPlayable, match=r"Ann Lee has no button \[Dance\] for C-1"):
        stage.press(IRO, "Dance", about="C-1")
    with pytest.raises(NotPlayable, match="nobody called Nobody"):
        stage.command("Nobody", "/concern")
    form = stage.command(MANAGER, f"/concern {reference} reply")
    with pytest.raises(NotPlayable, match="Say what will happen"):
        stage.send(MANAGER, form, answer="agreed and done")
    with pytest.raises(NotPlayable, match="has no form to send"):
        stage.send(IRO, stage.command(IRO, f"/concern {reference}"))


def test_the_audience_hears_who_did_what_and_what_they_read(stage: Stage, engine: Engine) -> None:
    heard = Heard()
    with Stage(engine, AUTHORITY, MONDAY, audience=heard) as told:
        logged(told)
    assert heard.lines[0] == f"30 09:30 Ann Lee types /concern {CHILD}"
    assert heard.lines[1].startswith(
        '30 09:30 Ann Lee sends "Log a concern" (What are we worried about? A worry.; Main'
    )
    assert heard.lines[2].startswith("C-1 is logged at stage 1.")
    assert stage.told == []


def test_messages_go_on_to_the_platform_of_the_workspace(stage: Stage, engine: Engine) -> None:
    posted: list[tuple[str, str]] = []

    class Onward:
        called = PAGE

        async def post(self, *, workspace: str, address: str, card: Card, key: str) -> Posted:
            posted.append((address, card.title))
            return Posted(channel=address, message=key)

        async def update(self, *, workspace: str, posted: Posted, card: Card) -> None:
            raise AssertionError("nothing is overtaken")

        async def find(self, *, workspace: str, address: str, key: str) -> Posted | None:
            return None

    workspace = Workspace(opens=lambda engine, authority, clock: Onward())
    with Stage(engine, AUTHORITY, MONDAY, workspace=workspace) as onward:
        logged(onward)
    assert ("tess.hill@anyshire.example", "Please reply to C-1 by Mon 14 Dec") in posted
    with transaction(engine, AUTHORITY, writes=False) as session:
        row = session.exec(select(Outbox).where(Outbox.kind == "needs reply")).one()
    assert (row.channel, row.message, row.platform) == ("tess.hill@anyshire.example", row.key, "page")
    assert stage.inbox(MANAGER) == []
