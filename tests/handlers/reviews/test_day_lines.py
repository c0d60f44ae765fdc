""" "Your day": what is due around reviews, to whoever owns it, in one morning message; silent when empty."""

from datetime import date, timedelta
from typing import cast

import pytest

from handlers.cards import Form
from handlers.dispatch import DEEDS
from handlers.timetable.tasks import DEED_OF_TASK
from scheduling.procedures import shipped_text
from storage import children
from storage.children import Capacity, Child
from storage.database import transaction
from storage.review_tasks import TaskRest
from tests.bench import Bench, button, buttons, words
from tests.cast import (
    AUTHORITY,
    BEGINNING,
    CHILD,
    IRO,
    IRO_MANAGER,
    OTHER_IRO,
    OTHER_MANAGER,
    OTHER_WORKER,
    OUTSIDER,
    SERVICE_MANAGER,
    SOCIAL_WORKER,
    SUPPORT,
    TEAM_MANAGER,
    away,
)
from tests.handlers.reviews.conftest import MakeBench
from tests.handlers.reviews.decided import as_notice, decide, held_review, rows, send, sent
from tests.handlers.reviews.steps import in_care, last_held_of, open_review_of, story, tasks_of


def morning(bench: Bench, who: str, day: date) -> str:
    """What the person read that morning; nothing where no message came."""
    bench.forget()
    bench.wake_on_day(day)
    here = [one for one in bench.inbox(who) if one.title.startswith("Your day")]
    return words(here[-1].card) if here else ""


def test_every_task_leads_to_a_deed_there_is() -> None:
    assert {*DEED_OF_TASK.values(), "review.task", "review.rest", "review.open"} <= DEEDS.keys()


def test_each_owner_is_told_of_their_own(bench: Bench) -> None:
    in_care(bench, "2026-12-07")  # due Thu 7 Jan 2027
    review = open_review_of(bench)
    papers = tasks_of(bench, review)["papers_in"].due_on
    assert papers is not None
    text = morning(bench, SOCIAL_WORKER, papers)
    assert f"{CHILD}: papers to Ann Lee by today" in text
    assert [one.label for one in buttons(bench.last(SOCIAL_WORKER))] == ["Do", "Open", "Not today"]
    assert "papers to the IRO" not in "\n".join(words(one.card) for one in bench.inbox(SUPPORT))
    assert bench.inbox(OTHER_WORKER) == bench.inbox(OUTSIDER) == []


def test_business_support_books_and_the_iro_sees_the_risk(bench: Bench) -> None:
    in_care(bench, "2026-12-07")
    book = tasks_of(bench, open_review_of(bench))["book"].due_on
    assert book is not None
    assert f"{CHILD}: book the review" in morning(bench, SUPPORT, book)
    risk = morning(bench, IRO, date(2026, 12, 23))
    assert f"{CHILD}: the review due Thu 7 Jan 2027 is not booked." in risk


def test_do_opens_the_form_that_does_it(bench: Bench) -> None:
    held_review(bench)
    assert "decisions to the manager" in morning(bench, IRO, date(2026, 12, 10))
    opened = bench.press(IRO, button(bench.last(IRO), "Do"))
    assert words(opened).startswith("Decisions of the review")


def test_not_today_rests_the_day_and_never_the_deadline(bench: Bench) -> None:
    held_review(bench)
    before = morning(bench, IRO, date(2026, 12, 14))
    assert "decisions to the manager by today" in before
    line = next(one for one in bench.last(IRO).lines if "decisions to the manager" in one.text)
    rest = next(one for one in line.buttons if one.label == "Not today")
    assert "It stays due today" in as_notice(bench.press(IRO, rest))
    as_notice(bench.press(IRO, rest))
    assert len(rows(bench, TaskRest)) == 1
    assert "decisions to the manager late since Mon 14 Dec" in morning(bench, IRO, date(2026, 12, 15))


def test_a_rest_before_the_morning_silences_that_task_alone(bench: Bench) -> None:
    held_review(bench)
    morning(bench, IRO, date(2026, 12, 14))
    line = next(one for one in bench.last(IRO).lines if "decisions to the manager" in one.text)
    bench.go_to_day(date(2026, 12, 15), (bench.now - timedelta(hours=2)).time())
    bench.press(IRO, next(one for one in line.buttons if one.label == "Not today"))
    assert "decisions to the manager" not in morning(bench, IRO, date(2026, 12, 15))
    assert "decisions to the manager" in morning(bench, IRO, date(2026, 12, 16))


def test_an_outsider_can_rest_nothing(bench: Bench) -> None:
    held_review(bench)
    morning(bench, IRO, date(2026, 12, 14))
    line = next(one for one in bench.last(IRO).lines if "decisions to the manager" in one.text)
    said = as_notice(bench.press(OUTSIDER, line.buttons[-1]))
    assert "There is no AB-1042" in said
    assert rows(bench, TaskRest) == []


def test_a_worker_with_five_children_gets_one_message(bench: Bench) -> None:
    others = [f"AB-30{number}" for number in range(4)]
    with transaction(bench.engine, AUTHORITY) as session:
        for reference in others:
            child = Child(authority=AUTHORITY, reference=reference)
            session.add(child)
            session.flush()
            children.allocate(session, child, Capacity.IRO, bench.cast.people[IRO], BEGINNING)
            children.allocate(session, child, Capacity.HOLDER, bench.cast.people[SOCIAL_WORKER], BEGINNING)
    for reference in (CHILD, *others):
        in_care(bench, "2026-12-07", reference)
    papers = tasks_of(bench, open_review_of(bench))["papers_in"].due_on
    assert papers is not None
    text = morning(bench, SOCIAL_WORKER, papers)
    assert all(reference in text for reference in (CHILD, *others))
    today = [one for one in bench.inbox(SOCIAL_WORKER) if one.at.date() == bench.now.date()]
    assert len(today) == 1


def test_nothing_to_do_says_nothing(bench: Bench) -> None:
    in_care(bench, "2026-12-07")
    bench.forget()
    bench.go_to_day(date(2026, 12, 9))
    assert bench.told == []


def test_a_cover_is_told_and_for_whom(bench: Bench) -> None:
    held_review(bench)
    away(bench.engine, bench.cast, IRO, date(2026, 12, 8), None, OTHER_IRO)
    text = morning(bench, OTHER_IRO, date(2026, 12, 14))
    assert "decisions to the manager by today (review of Mon 7 Dec) (for Ann Lee)." in text
    assert bench.inbox(IRO) == []


def test_away_without_cover_the_iro_manager_is_told(bench: Bench) -> None:
    held_review(bench)
    away(bench.engine, bench.cast, IRO, date(2026, 12, 8), None)
    assert "(for Ann Lee)" in morning(bench, IRO_MANAGER, date(2026, 12, 14))


def test_a_worker_away_without_cover_is_stood_in_for(bench: Bench) -> None:
    in_care(bench, "2026-12-07")
    papers = tasks_of(bench, open_review_of(bench))["papers_in"].due_on
    assert papers is not None
    away(bench.engine, bench.cast, SOCIAL_WORKER, date(2026, 12, 8), None)
    assert "papers to Ann Lee by today" in morning(bench, TEAM_MANAGER, papers)


def test_who_stands_in_for_a_worker_can_do_what_they_are_reminded_of(bench: Bench) -> None:
    in_care(bench, "2026-12-07")
    papers = tasks_of(bench, open_review_of(bench))["papers_in"].due_on
    assert papers is not None
    away(bench.engine, bench.cast, SOCIAL_WORKER, date(2026, 12, 8), None)
    morning(bench, TEAM_MANAGER, papers)
    opened = bench.press(TEAM_MANAGER, button(bench.last(TEAM_MANAGER), "Do"))
    assert "Noted" in words(bench.submit(TEAM_MANAGER, cast(Form, opened), {}))
    (entry,) = [one for one in story(bench) if one.what == "papers in"]
    assert (entry.actor_id, entry.for_id) == (bench.cast.people[TEAM_MANAGER], bench.cast.people[SOCIAL_WORKER])
    assert "noted by the social worker" in words(bench.command(SERVICE_MANAGER, f"/review {CHILD} papers"))


TASK = """
[[reviews.tasks]]
key = "plan_read"
label = "Read the plan"
within = "3 working days"
counted_from = "review"
owner = "{owner}"
on = true
from = 2011-04-01
source = "Made up"
"""


@pytest.mark.parametrize(("owner", "who"), [("team_manager", TEAM_MANAGER), ("iro_manager", IRO_MANAGER)])
def test_whoever_the_procedures_give_a_task_to_can_do_it(under: MakeBench, owner: str, who: str) -> None:
    text = shipped_text("handbook")
    bench = under(**{text[-200:]: text[-200:] + TASK.format(owner=owner)})
    held_review(bench)
    assert "read the plan by today" in morning(bench, who, date(2026, 12, 10))
    opened = bench.press(who, button(bench.last(who), "Do"))
    refused = bench.submit(SERVICE_MANAGER, cast(Form, opened), {})
    assert "noted by the social worker" in words(refused)
    assert "Noted" in words(bench.submit(who, cast(Form, opened), {}))
    assert tasks_of(bench, last_held_of(bench))["plan_read"].done_by_id == bench.cast.people[who]


def test_while_the_owner_of_a_decision_is_away_without_cover_their_manager_sees_to_it(bench: Bench) -> None:
    held_review(bench)
    decide(bench, role="", owner=str(bench.cast.people[OTHER_WORKER]))
    send(bench)
    away(bench.engine, bench.cast, OTHER_WORKER, date(2027, 1, 25), None)
    text = morning(bench, OTHER_MANAGER, date(2027, 1, 29))
    assert f"{CHILD}: a decision of the review is yours to see to by today (for Will Dean)." in text
    opened = bench.press(OTHER_MANAGER, button(bench.last(OTHER_MANAGER), "Do"))
    assert words(opened).startswith("Mark decisions")


def test_the_manager_is_reminded_of_the_answer_until_it_comes(bench: Bench) -> None:
    held_review(bench)
    decide(bench)
    send(bench)
    agree = button(sent(bench, TEAM_MANAGER), "Agree")
    assert "Agree or dispute by 5 pm, Mon 14 Dec" in morning(bench, TEAM_MANAGER, date(2026, 12, 10))
    bench.press(TEAM_MANAGER, agree)
    assert "Agree or dispute" not in morning(bench, TEAM_MANAGER, date(2026, 12, 14))


def test_the_owner_of_a_decision_is_reminded_without_its_words(bench: Bench) -> None:
    held_review(bench)
    decide(bench, role="", owner=str(bench.cast.people[OTHER_WORKER]))
    send(bench)
    text = morning(bench, OTHER_WORKER, date(2027, 1, 29))
    assert f"{CHILD}: a decision of the review is yours to see to by today." in text
    assert "canary" not in text
    assert "a decision of the review" not in morning(bench, OTHER_WORKER, date(2027, 2, 1))
    assert "late since Fri 29 Jan" in morning(bench, OTHER_WORKER, date(2027, 2, 5))
    opened = bench.press(OTHER_WORKER, button(bench.last(OTHER_WORKER), "Do"))
    assert words(opened).startswith("Mark decisions")
