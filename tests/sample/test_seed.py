"""The sample as a whole, on any day: what is open, late, due and seen to, and that nothing in it is made by hand."""

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, func, select

from bot.sample import seed
from bot.sample.children import children_file, children_of
from bot.sample.days import Days
from bot.sample.file import make_file
from bot.sample.past_concerns import concerns_file
from bot.sample.past_reviews import reviews_file
from bot.sample.people import CHILDREN_OF, email_of, staff_file
from bot.sample.rules import Rules, anyshires_own, rules_named
from bot.sample.seed import SAMPLE, is_made, populate
from bot.sample.shelf import Shelf
from bot.sample.shown import said
from bot.sample.stage import Stage
from handlers.day.day import morning_card as day_card
from handlers.figures.making import figures
from handlers.figures.period import Period
from handlers.history_import import import_history
from handlers.imports import import_children, import_staff
from handlers.office import Scene, rules_in_force
from handlers.review_import import import_reviews
from scheduling.procedures import shipped_names
from storage import audit, people
from storage.authorities import Authority
from storage.children import Child
from storage.concerns import Concern, ConcernState
from storage.connections import Connection
from storage.database import transaction
from storage.history import History
from storage.outbox import Outbox, OutboxState
from storage.people import Absence, Person
from storage.reviews import Review, ReviewState
from storage.stage_runs import StageRun
from tests.bench import utc
from tests.sample.conftest import Copies

MOMENTS = (
    utc("2026-11-30", "09:30"),  # an ordinary Monday
    utc("2026-11-28", "15:00"),  # a Saturday
    utc("2026-11-29", "23:30"),  # a Sunday night
    utc("2026-12-24", "11:00"),
    utc("2026-12-25", "18:00"),
    utc("2027-01-01", "00:05"),
    utc("2027-03-28", "01:30"),  # the hour that does not exist
    utc("2026-10-25", "01:30"),  # the hour that comes twice
    utc("2027-04-01", "08:10"),  # the first morning of a reporting year, before anybody is in
    utc("2027-03-31", "17:30"),
    utc("2027-05-31", "12:00"),  # a bank holiday
    utc("2028-02-29", "16:59"),
)
PLAIN = MOMENTS[0]


def scene_of(session: Session, now: datetime) -> Scene:
    return Scene(session=session, now=now, authority=SAMPLE, rules=rules_in_force(session, SAMPLE))


def open_at(session: Session) -> Counter[tuple[int, bool]]:
    """How many concerns are open at each stage, those of the immediate route apart."""
    query = select(StageRun).join(Concern, col(Concern.run_id) == col(StageRun.id))
    standing = (ConcernState.CLOSED, ConcernState.DRAFT, ConcernState.DISCARDED)
    rows = session.exec(query.where(col(Concern.state).not_in(standing)))
    return Counter((run.number, run.kind.is_immediate) for run in rows)


@pytest.mark.slow
def test_the_past_is_taken_in_by_the_importers_without_a_word_against_it(engine: Engine) -> None:
    rules = anyshires_own().procedures
    days = Days(now=PLAIN, calendar=rules.calendar())
    chance = Random(7)  # noqa: S311 - chance of the sample
    children = children_of(rules, days.first, chance)
    since, until = days.year_before, days.first
    with transaction(engine, SAMPLE) as session:
        scene = Scene(session=session, now=days.begins, authority=SAMPLE, rules=rules)
        session.add(
            Authority(key=SAMPLE, name="A", procedures_name="a", procedures_digest=rules.digest, created_at=scene.now)
        )
        session.flush()
        people_in = import_staff(session, rules, staff_file(rules), scene.today, scene.now)
        children_in = import_children(session, rules, children_file(children), scene.today, scene.now)
        reviews = reviews_file(children, rules, since=since, until=until, due={}, chance=chance)
        reviews_in = import_reviews(scene, reviews)
        concerns_in = import_history(scene, concerns_file(children, rules, since, until, chance))
    assert (people_in.notes, children_in.notes, reviews_in.odd) == ((), (), ())
    assert (children_in.added, reviews_in.children, concerns_in.children) == (186, 0, 0)
    assert 140 <= reviews_in.planned <= 150  # who came into care lately has the review that was planned at once
    assert reviews_in.added > 400
    assert concerns_in.added > 90


@pytest.mark.slow
@pytest.mark.parametrize("now", MOMENTS, ids=str)
def test_on_any_day_everything_is_there(shelf: Shelf, copied: Copies, now: datetime) -> None:
    engine = copied.of(shelf.at(now))
    days = Days(now=now, calendar=anyshires_own().procedures.calendar())
    with transaction(engine, SAMPLE, writes=False) as session:
        assert is_made(session)
        assert audit.verify_all(session) == []
        states = Counter(session.exec(select(Outbox.state)))
        assert set(states) == {OutboxState.SENT, OutboxState.DROPPED}
        assert states[OutboxState.SENT] > 250
        assert session.exec(select(func.max(Outbox.owed_at))).one() <= now

        in_care = select(Person.name, func.count()).join(Child, col(Child.iro_id) == col(Person.id))
        counted = session.exec(in_care.where(col(Child.left_care_on).is_(None)).group_by(Person.name)).all()
        assert dict(counted) == CHILDREN_OF
        standing = open_at(session)
        for stage in range(4):
            assert standing[stage, False], f"nothing is open at stage {stage}"
        assert sum(count for (_, immediate), count in standing.items() if immediate) == 1
        assert {*session.exec(select(Concern.state))} >= {*ConcernState} - {ConcernState.DISCARDED}

        late = select(StageRun.due_at).join(Concern, col(Concern.run_id) == col(StageRun.id))
        due = session.exec(late.where(col(Concern.state).in_((ConcernState.WAITING, ConcernState.ASKED)))).all()
        soon = days.calendar.closing(days.on(2))
        assert any(one is not None and one <= now for one in due)
        assert any(one is not None and now < one <= soon for one in due)

        today = days.present
        away = session.exec(select(Absence).where(Absence.from_on <= today, col(Absence.to_on) >= today)).all()
        assert [one.cover_id is not None for one in away] == [True, True]
        holders = people.by_email(session, email_of("Tess Hill"))
        assert holders is not None
        assert session.exec(select(func.count()).select_from(Child).where(Child.holder_id == holders.id)).one() == 2

        reviews = Counter(session.exec(select(Review.state)))
        assert all(reviews[state] for state in ReviewState if state is not ReviewState.NOT_NEEDED)
        overdue = select(Child.reference).join(Review, col(Review.child_id) == col(Child.id))
        never = overdue.where(Review.state == ReviewState.DUE, col(Review.due_on) <= days.on(9)).order_by(
            Child.reference
        )
        assert session.exec(never).all() == ["AB-1056", "AB-1063"]


@pytest.mark.slow
@pytest.mark.parametrize("now", [MOMENTS[0], MOMENTS[8]], ids=str)
def test_the_last_two_years_read_like_those_of_a_real_service(shelf: Shelf, copied: Copies, now: datetime) -> None:
    engine = copied.of(shelf.at(now))
    begins = Days(now=now, calendar=anyshires_own().procedures.calendar()).year_before.year
    with transaction(engine, SAMPLE, writes=False) as session:
        made = figures(scene_of(session, now), Period(first=date(begins, 4, 1), last=date(begins + 1, 3, 31)))
    (year,) = made.tables["reviews_by_year"]
    assert 240 <= int(str(year["reviews"])) <= 360
    assert 90 <= float(str(year["in_time_share"])) < 99
    assert 80 <= float(str(year["participated_share"])) < 99
    months = made.tables["concerns_by_month"]
    assert sum(any(row[stage] for stage in ("informal", "stage_1")) for row in months[:-1]) >= 11
    by_stage = [int(str(row["concerns"])) for row in made.tables["concerns_by_highest_stage"]]
    assert by_stage == sorted(by_stage, reverse=True)
    assert by_stage[-1]
    outcomes = {row["outcome"]: int(str(row["concerns"])) for row in made.tables["outcomes"]}
    assert outcomes["resolved"] > sum(outcomes.values()) / 2
    late = made.tables["review_late_reasons"]
    assert 2 <= len(late) <= 7


@pytest.mark.slow
def test_everybody_finds_their_work_in_their_day_and_the_outsider_nothing_anywhere(
    shelf: Shelf, copied: Copies
) -> None:
    engine = copied.of(shelf.at(PLAIN))
    with transaction(engine, SAMPLE, writes=False) as session:
        scene = scene_of(session, PLAIN)
        cards = {one.name: day_card(scene, one.id or 0, scene.today) for one in people.everyone(session)}
    for name in ("Ann Lee", "Cat Rowe", "Sam Okoro", "Tess Hill", "Mary Cole", "Sunil Rao", "Ida Moss", "Bea Shaw"):
        assert cards[name] is not None, name
    assert cards["Otto Gray"] is None
    assert cards["Ben Okafor"] is None  # who is away
    with Stage(engine, SAMPLE, PLAIN) as stage:
        assert "AB-" not in said(stage.command("Otto Gray", "/concern list"))
        assert stage.inbox("Otto Gray") == []


@pytest.mark.slow
def test_the_same_moment_makes_the_same_service(tmp_path: Path, copied: Copies, shelf: Shelf) -> None:
    again = tmp_path / "again.db"
    make_file(again, now=PLAIN)
    first, second = (_told(copied.of(path)) for path in (shelf.at(PLAIN), again))
    assert first == second


def _told(engine: Engine) -> list[object]:
    with transaction(engine, SAMPLE, writes=False) as session:
        rows = session.exec(select(History).order_by(col(History.chain), col(History.position))).all()
        return [(row.chain, row.position, row.at, row.actor_id, row.what, row.words) for row in rows]


@pytest.mark.slow
@pytest.mark.parametrize("name", [*shipped_names()])
def test_under_other_rules_the_same_people_work_by_them(tmp_path: Path, copied: Copies, name: str) -> None:
    path = tmp_path / "other.db"
    rules = rules_named(name)
    make_file(path, now=PLAIN, rules=rules)
    with transaction(copied.of(path), SAMPLE, writes=False) as session:
        assert is_made(session)
        assert audit.verify_all(session) == []
        assert rules_in_force(session, SAMPLE).digest == rules.procedures.digest
        for stage in rules.procedures.stages:
            assert open_at(session)[stage.number, False], f"nothing is open at stage {stage.number}"


@pytest.mark.slow
@pytest.mark.postgres
def test_it_is_made_on_any_database_there_is(engine: Engine) -> None:
    if engine.dialect.name == "sqlite":
        pytest.skip("every other test makes it there")
    told: list[tuple[str, float]] = []
    populate(engine, now=PLAIN, progress=lambda words, share: told.append((words, share)))
    with transaction(engine, SAMPLE, writes=False) as session:
        assert is_made(session)
        assert audit.verify_all(session) == []
        assert session.exec(select(Connection.workspace)).all() == ["page"]
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)


class Pulled(Exception):
    """The plug."""


def pulled_at(share: float) -> Callable[[str, float], None]:
    def progress(_words: str, done: float) -> None:
        if done >= share:
            raise Pulled

    return progress


@pytest.mark.slow
def test_what_is_interrupted_leaves_no_file_under_its_name(tmp_path: Path) -> None:
    path = tmp_path / "sample.db"
    with pytest.raises(Pulled):
        make_file(path, now=PLAIN, progress=pulled_at(0.05))
    assert not path.exists()


@pytest.mark.slow
def test_a_database_filled_half_way_holds_the_past_and_does_not_say_that_it_is_made(engine: Engine) -> None:
    with pytest.raises(Pulled):
        populate(engine, now=PLAIN, progress=pulled_at(seed.LAST_WEEKS_FROM))
    with transaction(engine, SAMPLE, writes=False) as session:
        reviews = Counter(session.exec(select(Review.state)))
        concerns = Counter(session.exec(select(Concern.state)))
        children = session.exec(select(func.count()).select_from(Child)).one()
        assert not is_made(session)
    assert (reviews[ReviewState.DUE], children) == (150, 186)
    assert reviews[ReviewState.HELD] > 400
    assert concerns[ConcernState.CLOSED] > 90


def test_rules_that_write_references_in_a_way_nobody_can_guess_are_refused_before_anything_is_made(
    tmp_path: Path,
) -> None:
    text = anyshires_own().text + "\n[child_reference]\npattern = 'XYZ-\\d{3}'\n"
    with pytest.raises(ValueError, match="cannot be given references"):
        make_file(tmp_path / "sample.db", now=PLAIN, rules=Rules(name="odd.toml", text=text))
    assert not (tmp_path / "sample.db").exists()
