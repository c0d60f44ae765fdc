"""The stage machine walked at random through the real deeds and the real clock: what holds after every step."""

import os
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import Engine

from handlers.cards import Button, Form
from handlers.lifecycle import Act, advance, possible
from handlers.refusals import Refused
from scheduling.procedures import shipped_text
from storage import audit, nudges, stage_runs
from storage.concerns import OPEN_STATES, Concern, ConcernState
from storage.database import transaction
from storage.encrypted import Keyring, use_keyring
from storage.history import History
from storage.outbox import Outbox
from storage.stage_runs import StageRun
from tests.bench import Bench, utc
from tests.cast import (
    ASSISTANT_DIRECTOR,
    AUTHORITY,
    IRO,
    IRO_MANAGER,
    OTHER_CHILD,
    SERVICE_MANAGER,
    SOCIAL_WORKER,
    TEAM_MANAGER,
)
from tests.databases import sqlite_engine
from tests.handlers.steps import act, leave_to_manager, logged, rows

PROMPT = shipped_text("handbook")
ESCALATE = PROMPT.replace('on_no_reply = "prompt"', 'on_no_reply = "escalate"')
EVERYBODY = (IRO, IRO_MANAGER, SOCIAL_WORKER, TEAM_MANAGER, SERVICE_MANAGER, ASSISTANT_DIRECTOR)

people = st.sampled_from(EVERYBODY)
hours = st.integers(1, 24 * 12)
plans = st.integers(0, 20)


class Walk(RuleBasedStateMachine):
    """One concern, everybody pressing everything, and time passing."""

    bench: Bench
    engines: Iterator[Engine]
    limits: dict[int, object]
    known: dict[int, object]

    @initialize(text=st.sampled_from((PROMPT, ESCALATE)), stage=st.integers(0, 3))
    def begin(self, text: str, stage: int) -> None:
        use_keyring(Keyring(Fernet.generate_key().decode()))
        self.engines = sqlite_engine(Path(tempfile.mkdtemp()))
        self.bench = Bench(next(self.engines), utc("2026-12-07"), text)
        self.limits, self.known = {}, {}
        logged(self.bench, stage)

    def _act(self, who: str, word: str, **typed: str) -> None:
        self.bench.now += timedelta(minutes=1)
        act(self.bench, who, f"/concern C-1 {word}", **typed)

    @rule(span=hours)
    def time_passes(self, span: int) -> None:
        self.bench.wait(timedelta(hours=span))

    @rule(span=hours)
    def switched_off(self, span: int) -> None:
        self.bench.sleep_until(self.bench.now + timedelta(hours=span))

    @rule(who=people, answer=st.sampled_from(("agreed and done", "partly agreed", "not agreed")))
    def reply(self, who: str, answer: str) -> None:
        self._act(who, "reply", answer=answer, words="X")

    @rule(who=people, ahead=plans)
    def reply_with_a_plan(self, who: str, ahead: int) -> None:
        day = (self.bench.now + timedelta(days=ahead)).date().isoformat()
        self._act(who, "reply", answer="agreed, with a plan by date", words="X", plan_by=day)

    @rule(who=people, stage=st.integers(0, 4))
    def move(self, who: str, stage: int) -> None:
        self._act(who, f"stage {stage}", reason="X")

    @rule(who=people)
    def ask_again(self, who: str) -> None:
        self._act(who, "again", reason="X")

    @rule(who=people, ahead=st.integers(1, 40))
    def extend(self, who: str, ahead: int) -> None:
        day = (self.bench.now + timedelta(days=ahead)).date().isoformat()
        self._act(who, "extend", until=day, reason="X")

    @rule(who=people, outcome=st.sampled_from(("resolved", "withdrawn")))
    def close(self, who: str, outcome: str) -> None:
        before = self.concern.state
        self._act(who, "close", outcome=outcome, what_changed="X", child_told="not yet")
        if before is not ConcernState.CLOSED and self.concern.state is ConcernState.CLOSED:
            assert who == IRO, "only the IRO closes"

    @rule(who=people, stage=st.integers(0, 3))
    def reopen(self, who: str, stage: int) -> None:
        self._act(who, "reopen", stage=str(stage), reason="X")

    @rule(who=people, ahead=plans)
    def new_date(self, who: str, ahead: int) -> None:
        opened = self.bench.press(who, Button(label="", deed="concern.new_date", subject="C-1"))
        if isinstance(opened, Form):
            self.bench.now += timedelta(minutes=1)
            day = (self.bench.now + timedelta(days=ahead)).date().isoformat()
            self.bench.submit(who, opened, {"until": day, "reason": "X"})

    @rule(who=people)
    def pass_up(self, who: str) -> None:
        self.bench.now += timedelta(minutes=1)
        leave_to_manager(self.bench, who, "C-1")

    @rule(who=people)
    def done(self, who: str) -> None:
        self.bench.now += timedelta(minutes=1)
        self.bench.press(who, Button(label="", deed="concern.done", subject="C-1"))

    @rule(who=people)
    def record(self, who: str) -> None:
        self._act(who, "record", answer="agreed and done", words="X")

    @rule()
    def correct(self) -> None:
        self._act(IRO, "correct", child=str(self.bench.cast.children[OTHER_CHILD]))

    @property
    def concern(self) -> Concern:
        """The concern as it is kept."""
        return rows(self.bench, Concern)[0]

    @property
    def runs(self) -> list[StageRun]:
        """Its stage runs, oldest first."""
        with transaction(self.bench.engine, AUTHORITY, writes=False) as session:
            return stage_runs.of_concern(session, self.concern.id or 0)

    @invariant()
    def one_run_stands_and_all_others_have_ended(self) -> None:
        concern = self.concern
        standing = [one for one in self.runs if one.ended_at is None]
        if concern.state is ConcernState.CLOSED:
            assert standing == []
        else:
            assert concern.state in OPEN_STATES
            assert [one.id for one in standing] == [concern.run_id]
        assert (concern.closed_at is not None) is (concern.state is ConcernState.CLOSED)
        assert (concern.outcome is not None) is (concern.state is ConcernState.CLOSED)

    @invariant()
    def the_limit_is_set_once_in_a_cycle(self) -> None:
        concern = self.concern
        formal = [one for one in self.runs if one.cycle == concern.cycle and one.number > 0]
        assert (concern.limit_at is not None) is bool(formal)
        if concern.limit_at is not None:
            assert self.limits.setdefault(concern.cycle, concern.limit_at) == concern.limit_at

    @invariant()
    def what_is_planned_fits_the_state(self) -> None:
        concern, runs = self.concern, self.runs
        with transaction(self.bench.engine, AUTHORITY, writes=False) as session:
            planned = nudges.planned_about(session, f"concern:{concern.id}")
        rungs = [one.rung for one in planned]
        if concern.state is ConcernState.CLOSED:
            assert rungs == []
        run = next((one for one in runs if one.id == concern.run_id and one.ended_at is None), None)
        clocked = run is not None and run.due_at is not None and concern.state is ConcernState.WAITING
        assert rungs.count("deadline") == (1 if clocked else 0)
        assert rungs.count("plan") == (1 if concern.state is ConcernState.PLANNED else 0)
        assert all(one.run_id in (None, concern.run_id) for one in planned)
        assert all(one.due_at > self.bench.now for one in planned)
        assert len(rungs) == len(set(rungs))

    @invariant()
    def history_stands_as_written(self) -> None:
        entries = {one.position: one.digest for one in rows(self.bench, History) if one.chain == "concern:1"}
        assert {place: entries.get(place) for place in self.known} == self.known
        self.known = dict(entries)
        with transaction(self.bench.engine, AUTHORITY, writes=False) as session:
            assert audit.verify(session, "concern:1") == []

    @invariant()
    def nothing_is_owed_twice(self) -> None:
        keys = [one.key for one in rows(self.bench, Outbox)]
        assert len(keys) == len(set(keys))

    def teardown(self) -> None:
        """Close the database."""
        for _ in getattr(self, "engines", ()):
            raise AssertionError("one database is one engine")


TestWalk = Walk.TestCase
TestWalk.settings = settings(
    max_examples=12 if os.environ.get("THOROUGH") == "1" else 5,
    stateful_step_count=14,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


_ALWAYS = {Act.CLOSE, Act.WITHDRAW, Act.MOVE, Act.ASK_AGAIN, Act.REFER, Act.CORRECT_CHILD}


@pytest.mark.parametrize("state", OPEN_STATES)
def test_the_iro_can_always_close_move_ask_again_and_refer(state: ConcernState) -> None:
    assert all(possible(state, one) for one in _ALWAYS)


_AFTER_THE_END = {Act.SAY_LASTED, Act.REFER, Act.NOTE_ON_RECORD}


@pytest.mark.parametrize("act_", [one for one in Act if one is not Act.REOPEN and one not in _AFTER_THE_END])
def test_a_closed_concern_is_only_reopened_or_noted_on(act_: Act) -> None:
    with pytest.raises(Refused, match=r"C-1 is closed: the IRO can reopen it, so you cannot"):
        advance("C-1", ConcernState.CLOSED, act_)


@pytest.mark.parametrize("state", list(ConcernState))
def test_silence_never_closes(state: ConcernState) -> None:
    for silent in (Act.NO_REPLY, Act.PLAN_DUE):
        if possible(state, silent):
            assert advance("C-1", state, silent) is not ConcernState.CLOSED


@pytest.mark.parametrize("state", list(ConcernState))
def test_only_closing_and_withdrawing_close(state: ConcernState) -> None:
    closing = {one for one in Act if possible(state, one) and advance("C-1", state, one) is ConcernState.CLOSED}
    assert closing - _AFTER_THE_END <= {Act.CLOSE, Act.WITHDRAW}
