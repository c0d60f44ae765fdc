"""Lists cost the same however long they are: 400 rows take as many statements as 20, and the order is as it was."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, time

import pytest
from sqlalchemy import Engine, event
from sqlmodel import col, select

from handlers.cards import Answer, Card, Suggestions
from handlers.dispatch import answer
from scheduling.working_days import at_local
from storage.concerns import OPEN_STATES, Concern, ConcernState
from storage.database import transaction
from storage.stage_runs import StageRun
from tests.bench import Bench, buttons, utc
from tests.benchmarks.big_council import Staff, grow
from tests.cast import AUTHORITY, IRO, IRO_MANAGER, SOCIAL_WORKER, SUPPORT, TEAM_MANAGER

A_PAGE = 12
"""Statements for a page of a list."""
A_DAY = 48
"""Statements for the whole of somebody's day, of some twenty parts."""
PAGES = (
    (IRO, "concern", "list"),
    (IRO, "concern", "list overdue"),
    (IRO, "concern", "list closed"),
    (IRO, "concern", "list drafts"),
    (SOCIAL_WORKER, "concern", "list"),
    (TEAM_MANAGER, "concern", "list team"),
    (IRO_MANAGER, "concern", "list team"),
    (TEAM_MANAGER, "concern", "list overdue"),
    (IRO_MANAGER, "caseload", ""),
    (IRO, "iro", "check"),
    (IRO_MANAGER, "search", "BC"),
)
MANY_PARTS = (
    (IRO, "review", "list"),
    (IRO_MANAGER, "review", "list"),
    (TEAM_MANAGER, "review", "list"),
    (SOCIAL_WORKER, "review", "list"),
    (IRO_MANAGER, "caseload", "@Ann Lee"),
    (TEAM_MANAGER, "caseload", "@Sam Okoro"),
    (IRO, "help", ""),
    (IRO, "iro", "day"),
    (SOCIAL_WORKER, "iro", "day"),
    (TEAM_MANAGER, "iro", "day"),
    (IRO_MANAGER, "iro", "day"),
    (SUPPORT, "iro", "day"),
)
Asked = tuple[str, str, str]


@pytest.mark.slow
def test_four_hundred_rows_take_as_many_statements_as_twenty(engine: Engine) -> None:
    bench = a_council(engine, 20)
    of_twenty = {one: statements(bench, one) for one in (*PAGES, *MANY_PARTS)}
    more(bench, 380)
    of_many = {one: statements(bench, one) for one in (*PAGES, *MANY_PARTS)}
    grown = {one: (of_twenty[one], number) for one, number in of_many.items() if number > of_twenty[one]}
    assert not grown
    assert {one: of_many[one] for one in PAGES if of_many[one] > A_PAGE} == {}
    assert {one: of_many[one] for one in MANY_PARTS if of_many[one] > A_DAY} == {}


@pytest.mark.parametrize("who", [IRO, IRO_MANAGER])
def test_the_pages_follow_each_other_by_what_is_waited_for(engine: Engine, who: str) -> None:
    bench = a_council(engine, 30)
    with transaction(engine, AUTHORITY, writes=False) as session:
        query = select(Concern, StageRun).join(StageRun, col(StageRun.id) == col(Concern.run_id))
        found = [(_clock(concern, run), concern.reference) for concern, run in session.exec(query)]
    assert [one for _, one in sorted(found, key=lambda pair: (pair[0], int(pair[1][2:])))] == list(walked(bench, who))


def test_what_has_no_time_to_reply_comes_last_and_what_is_overdue_is_only_what_is_waited_for(engine: Engine) -> None:
    bench = a_council(engine, 10)
    with transaction(engine, AUTHORITY) as session:
        first = session.exec(select(Concern).where(Concern.number == 1)).one()
        session.get_one(StageRun, first.run_id).due_at = None
        late = session.exec(
            select(Concern.number)
            .join(StageRun, col(StageRun.id) == col(Concern.run_id))
            .where(
                col(Concern.state).in_((ConcernState.WAITING, ConcernState.ASKED)), col(StageRun.due_at) <= bench.now
            )
        ).all()
    assert [*walked(bench, IRO)][-1] == "C-1"
    assert {*walked(bench, IRO, "list overdue")} == {f"C-{one}" for one in late} != set()


def a_council(engine: Engine, number: int) -> Bench:
    """So many children of one IRO and worker, and an open concern about each."""
    bench = Bench(engine, utc("2026-12-07", "10:00"))
    more(bench, number)
    return bench


def more(bench: Bench, number: int) -> None:
    """So many more."""
    who = bench.cast.people
    staff = Staff(iros=[who[IRO]], workers=[who[SOCIAL_WORKER]], manager_of=[who[TEAM_MANAGER]])
    with transaction(bench.engine, AUTHORITY) as session:
        grow(session, staff, bench.now, children=number, concerns=number)


def statements(bench: Bench, asked: Asked) -> int:
    """How many statements the answer takes, once a first one has welcomed whoever asks."""
    shown(bench, asked)
    with heard(bench.engine) as found:
        shown(bench, asked)
    return len(found)


def shown(bench: Bench, asked: Asked) -> Answer:
    """What the product shows."""
    who, command, words = asked
    if command == "search":
        given = answer(bench.office, bench.request(who, "search", subject="child", words=words))
        assert isinstance(given, Suggestions)
        return given
    return answer(bench.office, bench.request(who, "command", command=command, words=words))


@contextmanager
def heard(engine: Engine) -> Iterator[Sequence[str]]:
    """Every statement sent while it lasts."""
    found: list[str] = []

    def hear(*given: object) -> None:
        found.append(str(given[2]))

    event.listen(engine, "before_cursor_execute", hear)
    yield found
    event.remove(engine, "before_cursor_execute", hear)


def walked(bench: Bench, who: str, words: str = "list team") -> Iterator[str]:
    """The references of a list, page after page."""
    words = words if who == IRO_MANAGER else words.removesuffix(" team")
    card = shown(bench, (who, "concern", words))
    while isinstance(card, Card):
        yield from (line.text.split(" · ")[0] for line in card.lines)
        pressed = next((one for one in buttons(card) if one.label == "More"), None)
        if pressed is None:
            return
        card = answer(bench.office, bench.request(who, pressed.deed, subject=pressed.subject))


def _clock(concern: Concern, run: StageRun) -> datetime:
    """When what is waited for runs out."""
    assert concern.state in OPEN_STATES
    if concern.state is ConcernState.PLANNED and run.plan_by is not None:
        return at_local(run.plan_by, time.max)
    return run.due_at or datetime.max.replace(tzinfo=UTC)
