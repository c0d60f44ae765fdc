"""The six situations: the same for everybody in the room, played by what people and the clock do."""

import time
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from bot.sample.file import hasty_engine
from bot.sample.looking import asked_of, waiting_for_iro
from bot.sample.people import IRO, IRO_MANAGER, SERVICE_MANAGER, TEAM_MANAGER, email_of
from bot.sample.rules import anyshires_own
from bot.sample.seats import seats
from bot.sample.seed import SAMPLE
from bot.sample.shelf import Shelf, put_into
from bot.sample.situations import CHILD, SITUATIONS, situation
from scheduling.working_days import local
from storage import audit, people, reviews
from storage.concerns import ConcernState
from storage.database import transaction
from storage.history import History
from storage.outbox import Outbox, OutboxState
from tests.sample.conftest import Copies

pytestmark = pytest.mark.slow


def sent_to(session: Session, name: str) -> list[Outbox]:
    """What the person was sent, the last first."""
    found = people.by_email(session, email_of(name))
    assert found is not None
    query = select(Outbox).where(Outbox.person_id == found.id, Outbox.state == OutboxState.SENT)
    return list(session.exec(query.order_by(col(Outbox.sent_at).desc(), col(Outbox.id).desc())))


@pytest.mark.parametrize("key", [one.key for one in SITUATIONS])
def test_every_situation_ends_at_its_moment_with_everything_delivered(shelf: Shelf, copied: Copies, key: str) -> None:
    one = situation(key)
    known = {seat.key for seat in seats(anyshires_own().procedures)}
    assert set(one.seats) <= known
    with transaction(copied.of(shelf.in_situation(one)), SAMPLE, writes=False) as session:
        assert audit.verify_all(session) == []
        waiting = select(Outbox.id).where(col(Outbox.state).in_((OutboxState.OWED, OutboxState.ATTEMPTED)))
        assert session.exec(waiting).all() == []
        moments = session.exec(select(Outbox.sent_at).where(Outbox.state == OutboxState.SENT)).all()
        assert one.from_moment < max(moment for moment in moments if moment is not None) <= one.at


def test_late_the_manager_is_named_to_the_iro_who_has_to_decide(shelf: Shelf, copied: Copies) -> None:
    with transaction(copied.of(shelf.in_situation(situation("late"))), SAMPLE, writes=False) as session:
        concern = waiting_for_iro(session, email_of(IRO), ConcernState.ASKED)[0]
        assert local(concern.state_since).strftime("%a %H:%M") == "Mon 17:00"
        late = [one.kind for one in sent_to(session, TEAM_MANAGER) if one.concern_id == concern.id]
        assert "overdue" in late
        assert sent_to(session, IRO)[0].kind == "your day"


def test_urgent_two_managers_are_asked_at_night_and_have_not_seen_it(shelf: Shelf, copied: Copies) -> None:
    one = situation("urgent")
    with transaction(copied.of(shelf.in_situation(one)), SAMPLE, writes=False) as session:
        for name in (SERVICE_MANAGER, IRO_MANAGER):
            message = sent_to(session, name)[0]
            assert (message.kind, message.urgent) == ("urgent", True)
            assert message.sent_at is not None
            assert one.at - timedelta(minutes=5) < message.sent_at <= one.at
            concern, run = asked_of(session, email_of(name), immediate=True)[-1]
            assert concern.id == message.concern_id
            assert run.seen_due_at is not None


def test_left_the_manager_is_gone_and_her_people_have_another(shelf: Shelf, copied: Copies) -> None:
    with transaction(copied.of(shelf.in_situation(situation("left"))), SAMPLE, writes=False) as session:
        gone, above = (people.by_email(session, email_of(name)) for name in (TEAM_MANAGER, SERVICE_MANAGER))
        assert gone is not None
        assert above is not None
        assert gone.left_on is not None
        assert people.managed_by(session, gone.id or 0) == []
        assert "Sam Okoro" in {one.name for one in people.managed_by(session, above.id or 0)}
        lasting = [run for _, run in asked_of(session, email_of(TEAM_MANAGER))]
        assert lasting, "what she was asked is answered already"


def test_replied_the_iro_has_a_reply_to_judge(shelf: Shelf, copied: Copies) -> None:
    with transaction(copied.of(shelf.in_situation(situation("replied"))), SAMPLE, writes=False) as session:
        concern = waiting_for_iro(session, email_of(IRO), ConcernState.REPLIED)[0]
        assert (sent_to(session, IRO)[0].kind, sent_to(session, IRO)[0].concern_id) == ("replied", concern.id)


def test_not_booked_the_review_is_due_in_four_working_days(shelf: Shelf, copied: Copies) -> None:
    one = situation("not-booked")
    with transaction(copied.of(shelf.in_situation(one)), SAMPLE, writes=False) as session:
        review = next(row for row in reviews.open_due_by(session, one.at.date() + timedelta(days=30))
                      if row.booked_for is None and row.due_on >= one.at.date())  # fmt: skip
        calendar = anyshires_own().procedures.calendar()
        assert calendar.count(one.at.date(), review.due_on) == 4


def test_christmas_three_days_are_not_counted(shelf: Shelf, copied: Copies) -> None:
    with transaction(copied.of(shelf.in_situation(situation("christmas"))), SAMPLE, writes=False) as session:
        last = [run for one, run in asked_of(session, email_of(TEAM_MANAGER)) if one.child_id == CHILD - 1000]
        assert last[-1].due_at is not None
        calendar = anyshires_own().procedures.calendar()
        days = calendar.not_counted(local(last[-1].counted_from).date(), local(last[-1].due_at).date())
        assert [f"{day:%d %b}" for day in days] == ["25 Dec", "28 Dec", "01 Jan"]


def test_the_second_opening_is_a_copy_and_shows_the_same(shelf: Shelf, tmp_path: Path) -> None:
    late, replied = (situation(key) for key in ("late", "replied"))
    first = shelf.in_situation(late)
    shelf.in_situation(replied)
    engine = hasty_engine(tmp_path / "live.db")
    try:
        began = time.monotonic()
        for one in (late, replied, late):
            put_into(engine, shelf.in_situation(one))
        assert time.monotonic() - began < 9
        assert history_in(tmp_path / "live.db") == history_in(first)
    finally:
        engine.dispose()


def history_in(path: Path) -> list[str]:
    engine = hasty_engine(path)
    try:
        with transaction(engine, SAMPLE, writes=False) as session:
            return list(session.exec(select(History.digest).order_by(col(History.id))))
    finally:
        engine.dispose()
