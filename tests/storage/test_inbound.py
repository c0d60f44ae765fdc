"""A request that comes twice has its effect once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from storage.database import transaction
from storage.history import History, record
from storage.inbound import AlreadyHandled, forget_older_than, handled, remember, stored_answer

MOMENT = datetime(2026, 3, 2, 9, tzinfo=UTC)


def log_concern(engine: Engine, key: str, answer: str | None, authority: str = "northshire") -> None:
    """An effect (one entry of history) and its key, in one transaction."""
    with transaction(engine, authority) as session:
        record(session, chain="concern:1", at=MOMENT, actor_id=1, what="logged")
        remember(session, key, answer, MOMENT)


def effects(engine: Engine, authority: str = "northshire") -> int:
    with transaction(engine, authority, writes=False) as session:
        return len(session.exec(select(History)).all())


def test_the_repeat_gets_the_stored_answer(engine: Engine) -> None:
    log_concern(engine, "T1:trigger", '{"notice":"C-1 logged"}')
    with transaction(engine, "northshire", writes=False) as session:
        assert handled(session, "T1:trigger")
        assert stored_answer(session, "T1:trigger") == '{"notice":"C-1 logged"}'
        assert not handled(session, "T1:other")
        assert stored_answer(session, "T1:other") is None


def test_a_request_without_an_answer_to_repeat_is_still_handled(engine: Engine) -> None:
    log_concern(engine, "T1:silent", None)
    with transaction(engine, "northshire", writes=False) as session:
        assert handled(session, "T1:silent")
        assert stored_answer(session, "T1:silent") is None


def test_a_second_effect_rolls_back_whole(engine: Engine) -> None:
    log_concern(engine, "T1:trigger", "{}")
    with pytest.raises(AlreadyHandled):
        log_concern(engine, "T1:trigger", "{}")
    assert effects(engine) == 1


def test_eight_copies_at_once_have_one_effect(engine: Engine) -> None:
    start = Barrier(8)

    def arrive(_: int) -> bool:
        start.wait()
        try:
            log_concern(engine, "T1:trigger", "{}")
        except AlreadyHandled:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(arrive, range(8))) == 1
    assert effects(engine) == 1


def test_the_same_key_of_another_authority_is_another_request(engine: Engine) -> None:
    log_concern(engine, "trigger", "{}")
    log_concern(engine, "trigger", "{}", authority="southmoor")
    assert (effects(engine), effects(engine, "southmoor")) == (1, 1)


def test_old_keys_are_forgotten_and_newer_ones_kept(engine: Engine) -> None:
    log_concern(engine, "old", "{}")
    with transaction(engine, "northshire") as session:
        remember(session, "new", "{}", MOMENT + timedelta(hours=2))
        forget_older_than(session, MOMENT + timedelta(hours=1))
    with transaction(engine, "northshire", writes=False) as session:
        assert (handled(session, "old"), handled(session, "new")) == (False, True)
