"""Who fills the places of many concerns is one question: few statements, and the answers that each would get alone."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Engine, event
from sqlmodel import Session, select

from handlers.office import Scene, rules_in_force
from handlers.places import changed_overnight, see_to, stages_of
from scheduling.ladder import Rung
from storage import children, concern_lists
from storage.children import Capacity, Child
from storage.concerns import Concern, ConcernState
from storage.database import transaction
from storage.nudges import Nudge
from storage.people import Absence, Person, PersonRole
from storage.stage_runs import Addressee, Part, RunKind, StageRun
from tests.bench import Bench, utc
from tests.cast import (
    AUTHORITY,
    BEGINNING,
    CHILD,
    IRO,
    OTHER_MANAGER,
    OTHER_WORKER,
    SOCIAL_WORKER,
    TEAM_MANAGER,
    away,
)
from tests.handlers.steps import logged, people_asked

FIFTY = 50
ENOUGH = 8
DAY = date(2026, 12, 9)


def test_fifty_concerns_take_eight_statements_and_the_answers_are_those_of_each_alone(engine: Engine) -> None:
    bench = Bench(engine, utc("2026-12-07"))
    with transaction(engine, AUTHORITY) as session:
        _fifty(bench, session)
    bench.now = utc(str(DAY), "08:00")
    with transaction(engine, AUTHORITY, writes=False) as session:
        scene = _scene(bench, session)
        asked: list[str] = []
        event.listen(engine, "before_cursor_execute", lambda *given: asked.append(str(given[2])))
        together = _answers(scene, concern_lists.at_stages(session))
        assert len(asked) <= ENOUGH, asked
    with transaction(engine, AUTHORITY, writes=False) as session:
        several = concern_lists.at_stages(session)
        assert len(several) == FIFTY
        assert [one for each in several for one in _answers(_scene(bench, session), [each])] == together
    assert 0 < len(together) < 2 * FIFTY
    assert {why for *_, why in together} == {"left", "away", "no longer"}


def test_the_clock_looks_only_at_concerns_where_somebody_else_fills_a_place(engine: Engine) -> None:
    bench = Bench(engine, utc("2026-12-07"))
    with transaction(engine, AUTHORITY) as session:
        _fifty(bench, session)
    bench.now = utc(str(DAY), "08:00")
    with transaction(engine, AUTHORITY) as session:
        scene = _scene(bench, session)
        changed = {concern for concern, *_ in _answers(scene, concern_lists.at_stages(session))}
        see_to(scene, changed_overnight(scene))
        planned = session.exec(select(Nudge).where(Nudge.rung == Rung.PLACES)).all()
    assert 0 < len(planned) == len(changed) < FIFTY


def test_who_handed_the_case_on_is_not_asked_about_it_in_their_managers_place(bench: Bench) -> None:
    logged(bench, 1)
    with transaction(bench.engine, AUTHORITY) as session:
        child = children.by_reference(session, CHILD)
        assert child is not None
        children.allocate(session, child, Capacity.HOLDER, bench.cast.people[OTHER_WORKER], bench.now.date())
    away(bench.engine, bench.cast, TEAM_MANAGER, DAY, None, SOCIAL_WORKER)
    bench.go_to_day(DAY)
    asked = [bench.logins[one.person_id] for one in people_asked(bench, "C-1") if one.part is Part.ADDRESSED]
    assert asked == [OTHER_MANAGER]
    assert not any("yours" in one for one in bench.titles(SOCIAL_WORKER))


def _scene(bench: Bench, session: Session) -> Scene:
    return Scene(session=session, now=bench.now, authority=AUTHORITY, rules=rules_in_force(session, AUTHORITY))


def _answers(
    scene: Scene, several: Sequence[tuple[Concern, Child | None, StageRun]]
) -> list[tuple[int, int, int | None, str, str | None]]:
    """The concern, whose place, who is to have it, in whose stead, and why; of those alone that change hands."""
    return [
        (
            stage.concern.number,
            one.part.person_id,
            one.found.person.id if one.found else None,
            one.found.why if one.found else "",
            one.why.value if one.why else None,
        )
        for stage in stages_of(scene, several)
        for one in (*stage.moves(), *stage.returns())
    ]


def _fifty(bench: Bench, session: Session) -> None:
    """Fifty children of twenty-five workers in two teams, a concern about each: its worker and manager are asked."""
    who = bench.cast.people
    managers = [who[TEAM_MANAGER], who[OTHER_MANAGER]]
    workers = [
        Person(email=f"w{n}@x.example", name=f"W{n}", team=f"T{n % 2}", manager_id=managers[n % 2])
        for n in range(FIFTY // 2)
    ]
    session.add_all(workers)
    session.flush()
    rules = rules_in_force(session, AUTHORITY)
    held = [_child_of(bench, session, f"AB-9{n:03}", workers[n // 2]) for n in range(FIFTY)]
    found = [
        Concern(
            number=n + 1,
            child_id=child.id,
            iro_id=who[IRO],
            state=ConcernState.WAITING,
            procedures_digest=rules.digest,
            drafted_at=bench.now,
            state_since=bench.now,
        )
        for n, child in enumerate(held)
    ]
    session.add_all(found)
    session.flush()
    for concern, child in zip(found, held, strict=True):
        _asked(bench, session, concern, child.holder_id or 0, managers)
    session.add_all(_changes(bench, workers))


def _child_of(bench: Bench, session: Session, reference: str, worker: Person) -> Child:
    child = Child(reference=reference)
    session.add(child)
    session.flush()
    children.allocate_first(session, child, Capacity.IRO, bench.cast.people[IRO], BEGINNING)
    children.allocate_first(session, child, Capacity.HOLDER, worker.id or 0, BEGINNING)
    return child


def _asked(bench: Bench, session: Session, concern: Concern, worker: int, managers: list[int]) -> None:
    run = StageRun(
        concern_id=concern.id or 0, number=1, kind=RunKind.ENTRY, started_at=bench.now, counted_from=bench.now
    )
    session.add(run)
    session.flush()
    concern.run_id = run.id
    for person_id, role in ((worker, "social_worker"), (managers[concern.number % 2], "team_manager")):
        part = Addressee(
            run_id=run.id or 0,
            concern_id=concern.id or 0,
            person_id=person_id,
            part=Part.ADDRESSED,
            role=role,
            added_at=bench.now,
        )
        session.add(part)


def _changes(bench: Bench, workers: list[Person]) -> list[PersonRole | Absence]:
    """By Wednesday one worker has left, one is no worker any more, some are away, and so is one team manager."""
    workers[0].left_on = bench.now.date()
    until = {1: bench.now.date()}
    held = [
        PersonRole(person_id=one.id or 0, role="social_worker", from_on=BEGINNING, to_on=until.get(n))
        for n, one in enumerate(workers)
    ]
    off = [
        Absence(person_id=one.id or 0, from_on=DAY, cover_id=workers[9].id, set_by_id=one.id)
        for one in (workers[5], workers[7])
    ]
    who = bench.cast.people
    return [*held, *off, Absence(person_id=workers[3].id or 0, from_on=DAY), _manager_off(who[OTHER_MANAGER])]


def _manager_off(person_id: int) -> Absence:
    return Absence(person_id=person_id, from_on=DAY, set_by_id=person_id)
