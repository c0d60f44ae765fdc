"""A reminder deleted by hand comes back at its moment, once, and is named; what is as it should be is left alone."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from sqlmodel import col, delete, select

from handlers.missing_nudges import PLANNED_AGAIN, plan_missing
from handlers.requests import Value
from scheduling.ladder import Rung
from scheduling.procedures import shipped_text
from storage.database import transaction
from storage.nudges import Nudge
from storage.reviews import Review
from storage.statements import Statements
from tests.bench import Bench, utc
from tests.cast import AUTHORITY, CHILD, IRO, TEAM_MANAGER
from tests.handlers.reviews.decided import decide, held_review, send
from tests.handlers.reviews.steps import story
from tests.handlers.steps import PLAN, brought_in, form, happened, logged, move, put_in_force, reason, reply

ROUTE = shipped_text("nottinghamshire") + '\n[immediate.telephone]\nname = "Duty desk"\nnumber = "01709 000111"\n'
START = utc("2026-12-07", "10:00")
Stands = Callable[[Bench], None]
MONTHS = timedelta(days=90)
Planned = dict[tuple[str, str, int | None], datetime]


def every_planned(bench: Bench) -> Planned:
    """When what is planned, about what."""
    with transaction(bench.engine, AUTHORITY, writes=False) as session:
        return {(one.subject, one.rung, one.run_id): one.due_at for one in session.exec(select(Nudge))}


def walk(bench: Bench) -> int:
    return plan_missing(bench.engine, AUTHORITY, bench.now)


def lose(bench: Bench, *rungs: Rung) -> None:
    """Delete what is planned, or these rungs of it, by hand."""
    with transaction(bench.engine, AUTHORITY) as session:
        query = delete(Nudge)
        session.execute(query.where(Nudge.rung.in_(rungs)) if rungs else query)  # type: ignore[attr-defined]


def waiting(bench: Bench) -> None:
    logged(bench, 1)


def informal(bench: Bench) -> None:
    logged(bench, 0)


def asked(bench: Bench) -> None:
    logged(bench, 1)
    bench.wake_on_day(date(2026, 12, 22))


def quiet(bench: Bench) -> None:
    logged(bench, 0)
    bench.wake_on_day(date(2026, 12, 22))


def replied(bench: Bench) -> None:
    reply(bench, TEAM_MANAGER, logged(bench, 1))


def planned(bench: Bench) -> None:
    reply(bench, TEAM_MANAGER, logged(bench, 1), PLAN, plan_by="2026-12-18")


def plan_over(bench: Bench) -> None:
    planned(bench)
    bench.wake_on_day(date(2026, 12, 21))


def moved(bench: Bench) -> None:
    move(bench, logged(bench, 1), 2)


def urgent(bench: Bench) -> None:
    put_in_force(bench, ROUTE)
    opened = form(bench.command(IRO, f"/concern {CHILD}"))
    typed: dict[str, Value] = {
        "worries": "X",
        "main_reason": reason(opened),
        "significant_harm": ("yes",),
        "start_at": "0",
    }
    bench.submit(IRO, form(bench.submit(IRO, opened, {**typed, "start_at": "0"})), {})


STATES = (waiting, informal, asked, quiet, replied, planned, plan_over, moved, urgent)


def in_states(*always: Stands) -> pytest.MarkDecorator:
    """In these states each time, and in the others with THOROUGH=1."""
    return pytest.mark.parametrize(
        "stands",
        [pytest.param(one, id=one.__name__, marks=() if one in always else pytest.mark.slow) for one in STATES],
    )


@in_states(waiting, urgent)
def test_all_that_is_planned_comes_back_as_it_was(bench: Bench, stands: Stands) -> None:
    bench.sleep_until(START)
    stands(bench)
    before = every_planned(bench)
    assert walk(bench) == 0, "nothing is missing"
    assert every_planned(bench) == before
    lose(bench)
    assert walk(bench) == len(before)
    assert every_planned(bench) == before
    assert walk(bench) == 0
    about = [key for key in before if key[0] != "day"]
    assert happened(bench, "C-1").count(PLANNED_AGAIN) == len(about)


@in_states()
def test_what_was_done_once_is_not_asked_again(bench: Bench, stands: Stands) -> None:
    bench.sleep_until(START)
    stands(bench)
    for day in (date(2026, 12, 23), date(2027, 1, 6), date(2027, 1, 22), date(2027, 2, 15)):
        bench.wake_on_day(day)
        assert walk(bench) == 0
    assert PLANNED_AGAIN not in happened(bench, "C-1")


@pytest.mark.parametrize(
    ("stands", "span", "done"),
    [
        pytest.param(waiting, MONTHS, "no reply by the deadline", marks=pytest.mark.slow),
        pytest.param(informal, MONTHS, "quiet for long", marks=pytest.mark.slow),
        pytest.param(asked, MONTHS, "no decision by the IRO in time", marks=pytest.mark.slow),
        pytest.param(replied, MONTHS, "no decision by the IRO in time", marks=pytest.mark.slow),
        pytest.param(planned, MONTHS, "the plan's date has come", marks=pytest.mark.slow),
        (urgent, timedelta(hours=2), "not seen in time"),
    ],
)
def test_what_fell_due_meanwhile_is_done_at_once_and_once(
    bench: Bench, stands: Stands, span: timedelta, done: str
) -> None:
    bench.sleep_until(START)
    stands(bench)
    lose(bench)
    bench.sleep_until(bench.now + span)
    assert done not in happened(bench, "C-1")
    assert walk(bench) > 0
    bench.sleep_until(bench.now)
    assert happened(bench, "C-1").count(done) == 1
    assert walk(bench) == 0


def test_each_is_named_in_the_log_and_no_word_of_it(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    waiting(bench)
    lose(bench, Rung.DEADLINE)
    assert walk(bench) == 1
    assert caplog.messages == ["authority=anyshire C-1 had lost its next reminder (deadline): it is planned again."]


def test_a_morning_comes_back(bench: Bench) -> None:
    waiting(bench)
    bench.go_to_day(date(2026, 12, 9))
    before = every_planned(bench)
    lose(bench, Rung.DAY)
    assert walk(bench) == 1
    assert every_planned(bench) == before


def test_silence_about_decisions_comes_back(bench: Bench) -> None:
    held_review(bench)
    decide(bench)
    send(bench)
    before = every_planned(bench)
    assert Rung.DECISIONS_SILENT in {rung for _, rung, _ in before}
    assert walk(bench) == 0
    lose(bench, Rung.DECISIONS_SILENT)
    assert walk(bench) == 1
    assert every_planned(bench) == before
    assert [one.what for one in story(bench)].count(PLANNED_AGAIN) == 1


def test_so_does_the_question_whether_decisions_arrived(bench: Bench) -> None:
    held_review(bench)
    decide(bench)
    send(bench)
    with transaction(bench.engine, AUTHORITY) as session:
        review = session.exec(select(Review).where(col(Review.decisions_sent_at).is_not(None))).one()
        review.decisions_delivered_at = review.decisions_answer_due_at = None
        session.add(review)
    lose(bench, Rung.DECISIONS_SILENT)
    assert walk(bench) == 1
    assert [rung for _, rung, _ in every_planned(bench) if rung.startswith("decisions")] == ["decisions unproven"]
    bench.wake_on_day(date(2027, 1, 20))
    assert walk(bench) == 0


def test_decisions_that_cannot_be_counted_keep_no_other_from_its_reminder(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    held_review(bench)
    decide(bench)
    send(bench)
    waiting(bench)
    lose(bench, Rung.DEADLINE)
    with transaction(bench.engine, AUTHORITY) as session:
        review = session.exec(select(Review).where(col(Review.decisions_sent_at).is_not(None))).one()
        review.decisions_sent_at, number = utc("9999-12-31"), review.id
    assert walk(bench) == 1
    assert [line.partition(":")[0] for line in caplog.messages] == [
        f"review {number} of anyshire cannot be drawn",
        "authority=anyshire C-1 had lost its next reminder (deadline)",
    ]


def test_what_stands_elsewhere_or_is_over_has_no_clock_to_lose(bench: Bench) -> None:
    brought_in(bench, f"OLD-1,{CHILD},2026-09-01,ann.lee@anyshire.example,,2026-09-01,,,")
    assert walk(bench) == 0
    assert walk(bench) == 0


@pytest.mark.slow
def test_the_walk_asks_no_more_of_the_database_where_there_is_more(bench: Bench) -> None:
    counts, statements = [], Statements(bench.engine)
    for number in (2, 6):
        for _ in range(number):
            logged(bench, 1)
        before = statements.executed
        assert walk(bench) == 0
        counts.append(statements.executed - before)
    assert counts[0] == counts[1] <= 12
