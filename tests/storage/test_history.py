"""History is appended to, stands as it was written, and lets words be erased."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, delete, select, update

from storage.append_only import drop_guards, make_guards
from storage.audit import anchor, heads_of, keep_anchor, moved, verify, verify_all
from storage.database import transaction
from storage.history import GENESIS, History, HistoryChain, entries, erase_words, record
from storage.scope import OutOfScope

MOMENT = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = date(2026, 3, 2)
WORDS = "He was moved without a review."


def note(session: Session, chain: str = "concern:1", what: str = "logged", words: str | None = None) -> None:
    record(session, chain=chain, at=MOMENT, actor_id=7, what=what, details={"stage": 1}, words=words)


def write(engine: Engine, *whats: str, chain: str = "concern:1", words: str | None = None) -> None:
    for what in whats:
        with transaction(engine, "northshire") as session:
            note(session, chain, what, words)


def problems(engine: Engine) -> list[str]:
    with transaction(engine, "northshire", writes=False) as session:
        return verify_all(session)


@contextmanager
def tampering(engine: Engine) -> Iterator[Connection]:
    """A connection for which the triggers are out of the way."""
    with engine.execution_options(writes=True).begin() as connection:
        for table in ("history", "history_anchors"):
            drop_guards(connection, table)
        yield connection
        for table in ("history", "history_anchors"):
            make_guards(connection, table)


def test_entries_follow_each_other_from_the_first(engine: Engine) -> None:
    write(engine, "logged", "moved", words=WORDS)
    write(engine, "read", chain="child:5")
    with transaction(engine, "northshire", writes=False) as session:
        first, second = entries(session, "concern:1")
        assert (first.position, first.previous, first.what, first.words) == (1, GENESIS, "logged", WORDS)
        assert (second.position, second.previous, second.what) == (2, first.digest, "moved")
        assert (first.at, first.actor_id, first.details) == (MOMENT, 7, '{"stage":1}')
        assert verify(session, "concern:1") == []
    assert problems(engine) == []


def test_several_entries_of_one_transaction_keep_their_order(engine: Engine) -> None:
    with transaction(engine, "northshire") as session:
        for chain, what in (("b", "one"), ("a", "two"), ("b", "three"), ("a", "four")):
            note(session, chain, what)
    with transaction(engine, "northshire", writes=False) as session:
        assert [row.what for row in entries(session, "b")] == ["one", "three"]
        assert [row.what for row in entries(session, "a")] == ["two", "four"]
    assert problems(engine) == []


def test_what_was_recorded_goes_with_a_rolled_back_transaction(engine: Engine) -> None:
    with pytest.raises(ZeroDivisionError), transaction(engine, "northshire") as session:
        note(session, what=str(1 / 0))
    with transaction(engine, "northshire") as session:
        note(session, what="kept")
        with session.begin_nested() as savepoint:
            note(session, what="lost")
            savepoint.rollback()
        with session.begin_nested():
            note(session, what="kept too")
    with transaction(engine, "northshire", writes=False) as session:
        assert [row.what for row in entries(session, "concern:1")] == ["kept", "kept too"]


def test_a_released_savepoint_does_not_lock_the_chain_yet(engine: Engine) -> None:
    with transaction(engine, "northshire") as session:
        with session.begin_nested():
            note(session)
        assert session.exec(select(HistoryChain)).all() == []


def test_a_reading_transaction_records_nothing(engine: Engine) -> None:
    with pytest.raises(OutOfScope), transaction(engine, "northshire", writes=False) as session:
        note(session)


def test_six_writers_at_once_do_not_fork_a_chain(engine: Engine) -> None:
    start = Barrier(6)

    def deed(writer: int) -> None:
        start.wait()
        for turn in range(10):
            with transaction(engine, "northshire") as session:
                chains = ["concern:1", "child:5", f"concern:{turn + 2}"]
                for chain in chains if writer % 2 else reversed(chains):
                    note(session, chain, f"{writer}-{turn}")

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(deed, range(6)))
    with transaction(engine, "northshire", writes=False) as session:
        assert [row.position for row in entries(session, "concern:1")] == list(range(1, 61))
        assert len(entries(session, "child:5")) == 60
    assert problems(engine) == []


@pytest.mark.parametrize("table", ["history", "history_anchors"])
def test_the_database_itself_refuses_to_delete_or_alter(engine: Engine, table: str) -> None:
    write(engine, "logged")
    with transaction(engine, "northshire") as session:
        anchor(session, DAY)
    # Names of our own tables.
    for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET previous = 'x'"):  # noqa: S608
        writing = engine.execution_options(writes=True)
        with pytest.raises(DBAPIError, match=f"{table} is append-only"), writing.begin() as connection:
            connection.exec_driver_sql(statement)
    with pytest.raises(DBAPIError), transaction(engine, "northshire") as session:
        session.exec(update(History).values(what="x"))
    with pytest.raises(DBAPIError), transaction(engine, "northshire") as session:
        session.exec(delete(History))


TAMPERINGS = {
    "UPDATE history SET what = 'closed' WHERE position = 2": "concern:1, entry 2: it was altered.",
    "UPDATE history SET actor_id = NULL WHERE position = 1": "concern:1, entry 1: it was altered.",
    "UPDATE history SET at = '2026-01-01 00:00:00' WHERE position = 2": "concern:1, entry 2: it was altered.",
    "UPDATE history SET salt = 'x' WHERE position = 3": "concern:1, entry 3: its words were altered.",
    "UPDATE history SET commitment = 'x' WHERE position = 3": "concern:1, entry 3: it was altered.",
    "DELETE FROM history WHERE position = 2": "concern:1, entry 3: entry 2 is missing before it.",
    "DELETE FROM history WHERE position = 3": "concern:1: 2 entries stand, and its head was set for 3.",
    "DELETE FROM history_chains": "concern:1: its head is missing.",
    "UPDATE history_chains SET head = 'x'": "concern:1: 3 entries stand, and its head was set for 3.",
    "UPDATE history_anchors SET heads=''": "The anchor of 2026-03-02 was altered, or one before is missing.",
}


@pytest.mark.parametrize("statement", TAMPERINGS)
def test_tampering_past_the_triggers_is_found(engine: Engine, statement: str) -> None:
    write(engine, "logged", "moved", "replied", words=WORDS)
    with transaction(engine, "northshire") as session:
        anchor(session, DAY)
    with tampering(engine) as connection:
        connection.exec_driver_sql(statement)
    assert TAMPERINGS[statement] in problems(engine)


def test_a_chain_cut_short_together_with_its_head_is_found_by_the_anchor(engine: Engine) -> None:
    write(engine, "logged", "moved")
    with transaction(engine, "northshire") as session:
        anchor(session, DAY)
    with tampering(engine) as connection:
        first = connection.exec_driver_sql("SELECT digest FROM history WHERE position = 1").scalar_one()
        connection.exec_driver_sql("DELETE FROM history WHERE position = 2")
        # A digest that was just read.
        connection.exec_driver_sql(f"UPDATE history_chains SET length = 1, head = '{first}'")  # noqa: S608
    assert problems(engine) == ["concern:1: it is not what was anchored on 2026-03-02."]


def test_a_missing_anchor_is_found_by_the_next(engine: Engine) -> None:
    for days in range(3):
        write(engine, "logged")
        with transaction(engine, "northshire") as session:
            anchor(session, DAY + timedelta(days=days))
    with tampering(engine) as connection:
        connection.exec_driver_sql("DELETE FROM history_anchors WHERE day = '2026-03-03'")
    assert problems(engine) == ["The anchor of 2026-03-04 was altered, or one before is missing."]


def test_a_day_is_anchored_once_and_history_goes_on_after_it(engine: Engine) -> None:
    write(engine, "logged")
    with transaction(engine, "northshire") as session:
        first = anchor(session, DAY)
    write(engine, "moved")
    with transaction(engine, "northshire") as session:
        assert anchor(session, DAY) == first
        assert anchor(session, DAY + timedelta(days=1)) != first
    assert problems(engine) == []


def test_erased_words_are_gone_and_the_chain_still_holds(engine: Engine) -> None:
    write(engine, "logged", "moved", words=WORDS)
    with transaction(engine, "northshire") as session:
        anchor(session, DAY)
        ident = session.exec(select(History.id).where(History.position == 1)).one()
        assert ident is not None
        erase_words(session, ident)
    with transaction(engine, "northshire", writes=False) as session:
        first, second = session.exec(select(History).order_by(col(History.position))).all()
        assert (first.words, first.salt, second.words) == (None, None, WORDS)
    assert problems(engine) == []


def test_one_authority_neither_reads_nor_verifies_the_chains_of_another(engine: Engine) -> None:
    write(engine, "logged")
    with transaction(engine, "southmoor") as session:
        note(session, what="theirs")
    with transaction(engine, "southmoor", writes=False) as session:
        assert [(row.what, row.position) for row in entries(session, "concern:1")] == [("theirs", 1)]
        assert verify_all(session) == []


def test_of_two_who_anchor_a_day_the_second_notes_nothing_that_the_first_does_not_hold(engine: Engine) -> None:
    write(engine, "logged")
    with transaction(engine, "northshire", writes=False) as session:
        heads = heads_of(moved(session))
    write(engine, "closed")
    with transaction(engine, "northshire") as session:
        assert keep_anchor(session, DAY, heads)
    with transaction(engine, "northshire") as session:
        assert not keep_anchor(session, DAY, heads_of(moved(session)))
    with transaction(engine, "northshire", writes=False) as session:
        assert [chain for _, chain, _, _ in moved(session)] == ["concern:1"], "the next day's anchor holds it"
