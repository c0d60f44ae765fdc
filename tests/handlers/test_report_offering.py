"""An offered report on both databases: one answer counts, however many come at once, and only its person's."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from handlers.cards import Button
from handlers.messages.kinds import Kind
from handlers.messages.of_reports import TOLD_WITHIN, Stand, offered
from handlers.messages.sending import render
from handlers.refusals import Refused, Stale
from handlers.report import offering
from handlers.report.offering import NO_OFFER, OFFERED_FOR
from handlers.report.sending import COMING, COMING_ALREADY, JUST_OFFERED, JUST_SENT, ONCE_WITHIN
from storage import outbox
from storage.database import transaction
from storage.history import History
from storage.outbox import Outbox, OutboxState
from tests.bench import Bench, utc, words
from tests.cast import AUTHORITY, IRO, IRO_MANAGER
from tests.handlers.steps import rows, said

NAME = "2025-26 internal xlsx"


@pytest.fixture
def bench(engine: Engine) -> Bench:
    return Bench(engine, utc("2026-12-07"))


def asked(bench: Bench) -> None:
    """The IRO manager asks for the report, and a message offers it."""
    assert said(bench.press(IRO_MANAGER, Button(label="", deed="iro.report.send", subject=NAME))) == COMING
    bench.deliver()


def offer(bench: Bench) -> Outbox:
    (row,) = [one for one in rows(bench, Outbox) if one.kind == Kind.REPORT_FILE]
    return row


def write(bench: Bench, deed: Callable[[Session], object]) -> object:
    with transaction(bench.engine, AUTHORITY) as session:
        return deed(session)


def take(bench: Bench, act: str = "one", who: str = IRO_MANAGER, *, wanted: bool = True) -> str:
    """What an answer to the offer leads to: its stand, or the sentence that refuses it."""
    key, person = offer(bench).key, bench.cast.people[who]
    try:
        answered = write(
            bench, lambda session: offering.take_up(session, key, person, bench.now, wanted=wanted, act=act)
        )
    except Refused as refusal:
        return f"{type(refusal).__name__}: {refusal.sentence}"
    return answered.stand.value if isinstance(answered, offering.Answered) else str(answered)


def end(bench: Bench, stand: Stand, file: str = "") -> None:
    key = offer(bench).key
    write(bench, lambda session: offering.ended(session, key, stand, bench.now, file))


def outcome(bench: Bench) -> str:
    """What the message about the outcome would say now."""
    with transaction(bench.engine, AUTHORITY, writes=False) as session:
        row = outbox.by_key(session, f"{Kind.REPORT_OUTCOME.value}:{offer(bench).id}")
        assert row is not None
        card = render(session, row, bench.now)
    return words(card) if card is not None else "nothing"


def took(bench: Bench) -> list[str]:
    return [json.loads(one.details)["report"] for one in rows(bench, History) if one.what == "took a report"]


def test_of_many_answers_at_once_one_counts(bench: Bench) -> None:
    asked(bench)
    with ThreadPoolExecutor(4) as pool:
        came = sorted(pool.map(partial(take, bench), [f"act {number}" for number in range(4)]))
    assert came[3] == Stand.TAKEN
    assert all(
        one.startswith(f"{Stale.__name__}: You have answered this already. The annual report") for one in came[:3]
    )
    assert [one.kind for one in rows(bench, Outbox)].count(Kind.REPORT_OUTCOME) == 1


def test_the_same_act_again_is_known_and_leads_to_nothing(bench: Bench) -> None:
    asked(bench)
    assert [take(bench), take(bench)] == [Stand.TAKEN, "None"]


def test_it_is_recorded_as_taken_out_when_it_is_there_and_not_before(bench: Bench) -> None:
    asked(bench)
    take(bench)
    assert took(bench) == []
    end(bench, Stand.STORED, "report 1.xlsx")
    assert took(bench) == [NAME]
    assert "report 1.xlsx is in your OneDrive" in outcome(bench)
    write(bench, lambda session: offering.told(session, offer(bench).key))
    assert outcome(bench) == "nothing"


@pytest.mark.parametrize("who", [IRO, "olu.ade"])
def test_it_is_offered_to_one_person(bench: Bench, who: str) -> None:
    asked(bench)
    assert take(bench, who=who) == f"Refused: {NO_OFFER}"
    assert take(bench) == Stand.TAKEN


def test_it_is_offered_for_a_day_after_it_was_sent(bench: Bench) -> None:
    asked(bench)
    bench.now += OFFERED_FOR + timedelta(seconds=1)
    assert take(bench) == f"Refused: {NO_OFFER}"
    bench.now -= timedelta(seconds=1)
    assert take(bench) == Stand.TAKEN


def test_an_offer_without_a_receipt_may_stand_before_its_person_and_counts(bench: Bench) -> None:
    asked(bench)

    def without_receipt(session: Session) -> None:
        row = outbox.by_key(session, offer(bench).key)
        assert row is not None
        row.state, row.sent_at, row.attempted_at = OutboxState.ATTEMPTED, None, bench.now
        session.add(row)

    write(bench, without_receipt)
    assert take(bench) == Stand.TAKEN


def test_a_file_that_never_ended_is_in_doubt_after_a_while(bench: Bench) -> None:
    asked(bench)
    take(bench)
    bench.now += TOLD_WITHIN
    assert "Nobody can tell whether annual-report-2025-26-internal-20261207-093000.xlsx arrived" in outcome(bench)
    assert "Nobody can tell whether" in take(bench, "again")


def ask_again(bench: Bench) -> str:
    return said(bench.press(IRO_MANAGER, Button(label="", deed="iro.report.send", subject=NAME)))


def as_posted(bench: Bench, state: OutboxState = OutboxState.SENT) -> None:
    """The offer as Teams took it, with or without a receipt."""

    def mark(session: Session) -> None:
        row = outbox.by_key(session, offer(bench).key)
        assert row is not None
        row.state, row.attempted_at = state, bench.now
        offered(row)
        session.add(row)

    write(bench, mark)


def test_an_offer_that_stands_is_not_made_again_at_once(bench: Bench) -> None:
    asked(bench)
    as_posted(bench)
    assert ask_again(bench) == JUST_OFFERED
    take(bench)
    assert ask_again(bench) == COMING_ALREADY
    end(bench, Stand.STORED, "report.xlsx")
    assert ask_again(bench) == JUST_SENT
    bench.now += ONCE_WITHIN
    assert ask_again(bench) == COMING


@pytest.mark.parametrize("state", [OutboxState.SENT, OutboxState.ATTEMPTED])
@pytest.mark.parametrize("stand", [Stand.DECLINED, Stand.REFUSED, Stand.UNKNOWN])
def test_what_was_declined_or_did_not_arrive_can_be_asked_for_at_once(
    bench: Bench, stand: Stand, state: OutboxState
) -> None:
    asked(bench)
    as_posted(bench, state)
    assert take(bench, wanted=stand is not Stand.DECLINED) in (Stand.DECLINED, Stand.TAKEN)
    end(bench, stand)
    assert ask_again(bench) == COMING
