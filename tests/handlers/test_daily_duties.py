"""The daily duties lock nothing where the calendar is the same; else a few rows at a time, and go on after a stop."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import Connection, Engine, event
from sqlmodel import col, select

from bot.housekeeping import Housekeeping
from handlers import calendar_changes
from handlers.calendar_changes import lengthen_open_clocks
from handlers.messages.subjects import DAY
from scheduling.procedures import shipped_text
from storage import inbound, nudges, procedure_texts
from storage.authorities import Authority
from storage.concerns import Concern
from storage.database import transaction
from storage.inbound import Inbound
from storage.reviews import Review
from storage.scope import WRITES
from tests.bench import Bench, utc
from tests.cast import AUTHORITY
from tests.handlers.reviews.decided import decide, held_review, send
from tests.handlers.steps import happened, logged, put_in_force, rows

A_HOLIDAY_MORE = shipped_text("handbook").replace("closure_days = []", 'closure_days = ["2026-12-18"]')
LENGTHENED = "lengthened by the calendar"
DUTIES = 4
"""Writing transactions of a day without anything new: the morning, old keys, the anchor, and one to spare."""
PIECES = 3
LATER = "zedshire"
"""An authority whose turn comes after the other's."""


@pytest.mark.slow
def test_a_day_on_which_the_calendar_is_the_same_writes_no_clock(engine: Engine) -> None:
    bench = Bench(engine, utc("2026-12-07", "10:00"))
    for _ in range(PIECES * calendar_changes.BATCH):
        logged(bench, 1)
    keeping = Housekeeping(engine)
    keeping.daily(bench.now)
    with written(engine) as pieces:
        keeping.daily(bench.now + timedelta(days=1))
    assert len(pieces) <= DUTIES


@pytest.mark.slow
def test_a_holiday_more_lengthens_every_clock_once_a_few_at_a_time(engine: Engine) -> None:
    bench = Bench(engine, utc("2026-12-07", "10:00"))
    refs = [logged(bench, 1) for _ in range(PIECES * calendar_changes.BATCH)]
    put_in_force(bench, A_HOLIDAY_MORE)
    with written(engine) as pieces:
        assert lengthen_open_clocks(engine, AUTHORITY, bench.now) == 2 * len(refs), (
            "the reply and the end of all stages"
        )
    assert len(pieces) == PIECES
    with written(engine) as pieces:
        assert lengthen_open_clocks(engine, AUTHORITY, bench.now) == 0
    assert not pieces
    assert all(happened(bench, ref).count(LENGTHENED) == 1 for ref in refs)


@pytest.mark.slow
def test_what_a_stop_left_is_done_by_the_next_start(bench: Bench) -> None:
    refs = [logged(bench, 1) for _ in range(2 * calendar_changes.BATCH)]
    put_in_force(bench, A_HOLIDAY_MORE)
    with pytest.raises(KeyboardInterrupt), stopped_after_one(bench.engine):
        lengthen_open_clocks(bench.engine, AUTHORITY, bench.now)
    assert sum(LENGTHENED in happened(bench, ref) for ref in refs) == calendar_changes.BATCH
    lengthen_open_clocks(bench.engine, AUTHORITY, bench.now)
    assert [happened(bench, ref).count(LENGTHENED) for ref in refs] == [1] * len(refs)


def test_one_that_cannot_be_counted_stops_no_other(bench: Bench) -> None:
    odd, sound = logged(bench, 1), logged(bench, 1)
    put_in_force(bench, A_HOLIDAY_MORE)
    with transaction(bench.engine, AUTHORITY) as session:
        rows_of = {one.reference: one for one in rows(bench, Concern)}
        session.get_one(Concern, rows_of[odd].id).procedures_digest = "gone"
    assert lengthen_open_clocks(bench.engine, AUTHORITY, bench.now) == 2
    assert LENGTHENED in happened(bench, sound)


def test_a_duty_that_fails_keeps_none_of_the_others_from_being_done(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither those of the same authority nor those of one that comes after it."""
    held_review(bench)
    decide(bench)
    send(bench)
    with transaction(bench.engine, AUTHORITY) as session:
        review = session.exec(select(Review).where(col(Review.decisions_sent_at).is_not(None))).one()
        review.decisions_delivered_at = review.decisions_answer_due_at = utc("9999-12-30")
        session.add(old_key(bench))
        first = session.get_one(Authority, AUTHORITY)
        text = procedure_texts.text_of(session, first.procedures_digest)
        assert text is not None
    with transaction(bench.engine, LATER) as session:
        digest = first.procedures_digest
        session.add(
            Authority(key=LATER, name=LATER, procedures_name=LATER, procedures_digest=digest, created_at=bench.now)
        )
        procedure_texts.keep(session, name=LATER, text=text, digest=digest, at=bench.now)
        session.add(old_key(bench))
    keeping = Housekeeping(bench.engine)
    keeping.daily(bench.now)
    (line,) = [one for one in caplog.messages if "left undone" in one]
    assert line.startswith(
        "The daily duties of the authority anyshire were left undone (longer clocks): ValueError at "
    )
    assert keeping.left_undone == 1
    for authority in (AUTHORITY, LATER):
        with transaction(bench.engine, authority, writes=False) as session:
            assert nudges.planned_about(session, DAY)
            assert not inbound.handled(session, "old")
    keeping.daily(bench.now + timedelta(seconds=5))
    assert keeping.left_undone == 1, "once a day"


def test_old_keys_go_a_thousand_at_a_time(bench: Bench) -> None:
    with transaction(bench.engine, AUTHORITY) as session:
        session.add_all(Inbound(key=f"old {at}", received_at=bench.now - timedelta(days=40)) for at in range(1_001))
    with written(bench.engine) as pieces:
        Housekeeping(bench.engine).daily(bench.now)
    assert not [one for one in rows(bench, Inbound) if one.key.startswith("old ")]
    assert len(pieces) > DUTIES


def old_key(bench: Bench) -> Inbound:
    """The key of a request that is forgotten by now."""
    return Inbound(key="old", received_at=bench.now - timedelta(days=40))


@contextmanager
def written(engine: Engine) -> Iterator[list[str]]:
    """Every writing transaction that is committed while it lasts."""
    found: list[str] = []

    def note(connection: Connection) -> None:
        if connection.get_execution_options().get(WRITES):
            found.append("committed")

    event.listen(engine, "commit", note)
    yield found
    event.remove(engine, "commit", note)


@contextmanager
def stopped_after_one(engine: Engine) -> Iterator[None]:
    """The process ends at the second writing transaction."""
    begun: list[Connection] = []

    def stop(connection: Connection) -> None:
        if connection.get_execution_options().get(WRITES):
            begun.append(connection)
            if len(begun) > 1:
                raise KeyboardInterrupt

    event.listen(engine, "begin", stop)
    try:
        yield
    finally:
        event.remove(engine, "begin", stop)
