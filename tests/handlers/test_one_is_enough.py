"""Where one reply of several is enough: the others read who gave it, and what they send all the same adds to it."""

from datetime import date

import pytest

from handlers.cards import Card
from handlers.messages.sending import shrunk
from scheduling.ladder import Rung
from scheduling.procedures import shipped_text
from storage.concerns import ConcernState
from storage.database import transaction
from storage.stage_runs import Part
from tests.bench import Bench, buttons, utc, words
from tests.cast import AUTHORITY, IRO, SOCIAL_WORKER, TEAM_MANAGER
from tests.handlers.steps import (
    DONE,
    NOT_AGREED,
    PLAN,
    act,
    concern,
    form,
    logged,
    people_asked,
    planned,
    put_in_force,
    reply,
    run,
    said,
)

EACH = shipped_text("handbook").replace('answer = "any"', 'answer = "each"')


@pytest.fixture
def asked(bench: Bench) -> Bench:
    """Informal, to the social worker and the team manager: the reply of one is enough."""
    assert logged(bench, 0) == "C-1"
    addressed = [one for one in people_asked(bench, "C-1") if one.part is Part.ADDRESSED]
    assert {bench.logins[one.person_id] for one in addressed} == {SOCIAL_WORKER, TEAM_MANAGER}
    return bench


def left(bench: Bench, who: str) -> list[Card]:
    """What the earlier messages of a person have shrunk to."""
    with transaction(bench.engine, AUTHORITY, writes=False) as session:
        mine = [one for one in bench.lives() if one.person_id == bench.cast.people[who]]
        return [shrunk(session, one) for one in mine if one.overtaken_at is not None]


def test_the_others_message_shrinks_to_who_answered(asked: Bench) -> None:
    reply(asked, SOCIAL_WORKER, "C-1", DONE)
    (card,) = left(asked, TEAM_MANAGER)
    assert words(card) == "Sam Okoro has replied to C-1"
    assert [one.label for one in buttons(card)] == ["Open"]
    (own,) = left(asked, SOCIAL_WORKER)
    assert words(own).startswith("Earlier: Please reply to C-1")


def test_where_each_must_answer_the_other_stays_asked(bench: Bench) -> None:
    put_in_force(bench, EACH)
    logged(bench, 0)
    reply(bench, SOCIAL_WORKER, "C-1", DONE)
    assert concern(bench, "C-1").state is ConcernState.WAITING
    assert left(bench, TEAM_MANAGER) == []
    assert "has replied: no answer" not in words(bench.command(TEAM_MANAGER, "/concern C-1 reply"))


def test_pressing_reply_all_the_same_shows_that_answer_first(asked: Bench) -> None:
    act(asked, SOCIAL_WORKER, "/concern C-1 reply", answer=DONE, words="Osprey.")
    opened = form(asked.command(TEAM_MANAGER, "/concern C-1 reply"))
    read = words(opened)
    assert "Sam Okoro has replied: no answer is needed from you." in read
    assert read.index("Osprey.") < read.index("Answer")
    labels = [one.label for one in buttons(form(asked.command(TEAM_MANAGER, "/concern C-1")))]
    assert labels[:2] == ["Reply", "History"]  # nothing is to be passed on any more
    assert "Tess Hill (Team manager) · no answer needed any more" in words(asked.command(IRO, "/concern C-1"))


def test_a_second_answer_adds_to_the_first_and_the_five_days_run_on(asked: Bench) -> None:
    reply(asked, SOCIAL_WORKER, "C-1", DONE)
    (verdict,) = [one for one in planned(asked, "C-1") if one.rung == Rung.VERDICT]
    since = concern(asked, "C-1").state_since
    asked.go_to_day(date(2026, 12, 9))
    asked.forget()
    assert "is with the IRO" in said(reply(asked, TEAM_MANAGER, "C-1", NOT_AGREED))
    assert concern(asked, "C-1").state is ConcernState.REPLIED
    assert concern(asked, "C-1").state_since == since
    assert [one.due_at for one in planned(asked, "C-1") if one.rung == Rung.VERDICT] == [verdict.due_at]
    told = words(asked.last(IRO))
    assert told.startswith("Tess Hill has replied to C-1")
    assert "say by Mon 14 Dec" in told
    assert "It adds to the reply of Sam Okoro, and the day to decide by stays." in told
    both = words(asked.command(IRO, "/concern C-1"))
    assert both.index("Sam Okoro: agreed and done") < both.index("Tess Hill: not agreed")


def test_who_does_not_agree_to_what_another_promised_puts_it_before_the_iro(asked: Bench) -> None:
    reply(asked, SOCIAL_WORKER, "C-1", PLAN, plan_by="2027-01-29")
    reply(asked, TEAM_MANAGER, "C-1", NOT_AGREED)
    assert concern(asked, "C-1").state is ConcernState.REPLIED
    assert [one.rung for one in planned(asked, "C-1")] == [Rung.VERDICT]


def test_a_second_plan_is_the_later_one_and_one_that_agrees_changes_nothing(asked: Bench) -> None:
    reply(asked, SOCIAL_WORKER, "C-1", PLAN, plan_by="2026-12-18")
    reply(asked, TEAM_MANAGER, "C-1", PLAN, plan_by="2026-12-21")
    assert concern(asked, "C-1").state is ConcernState.PLANNED
    assert run(asked, "C-1").plan_by == date(2026, 12, 21)
    assert [one.due_at for one in planned(asked, "C-1")] == [utc("2026-12-21", "17:00")]


@pytest.mark.slow
def test_your_day_names_nobody_who_need_answer_no_more(bench: Bench) -> None:
    timed = shipped_text("handbook").replace(
        'addressees = ["team_manager"]', 'addressees = ["team_manager", "social_worker"]', 1
    )
    put_in_force(bench, timed)
    logged(bench, 1)
    bench.go_to_day(date(2026, 12, 17))
    assert "C-1" in words(bench.last(SOCIAL_WORKER))
    assert "C-1" in words(bench.last(TEAM_MANAGER))
    reply(bench, SOCIAL_WORKER, "C-1", DONE)
    bench.forget()
    bench.go_to_day(date(2026, 12, 23))
    assert bench.inbox(TEAM_MANAGER) == bench.inbox(SOCIAL_WORKER) == []
    assert all("late" not in one.title for one in bench.told)


def test_a_reply_recorded_for_one_is_told_to_them_and_to_the_others(asked: Bench) -> None:
    asked.forget()
    given = act(asked, IRO, "/concern C-1 record", answer=DONE, words="By telephone.", person=_id(asked, SOCIAL_WORKER))
    assert "Sam Okoro is told, and can add to it." in said(given)
    assert asked.titles(SOCIAL_WORKER) == ["Ann Lee has recorded your reply to C-1"]
    assert [one.label for one in buttons(asked.last(SOCIAL_WORKER))] == ["Add to my reply", "Open"]
    assert "By telephone." in words(asked.command(SOCIAL_WORKER, "/concern C-1"))
    adding = form(asked.press(SOCIAL_WORKER, buttons(asked.last(SOCIAL_WORKER))[0]))
    assert "the IRO is told" in said(asked.submit(SOCIAL_WORKER, adding, {"words": "Not on Monday: on Tuesday."}))
    assert asked.titles(IRO)[-1] == "Sam Okoro has added to their reply to C-1"
    assert "Sam Okoro has replied to C-1" in words(left(asked, TEAM_MANAGER)[0])


def _id(bench: Bench, who: str) -> str:
    return str(bench.cast.people[who])
