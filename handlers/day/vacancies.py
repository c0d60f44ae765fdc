"""Children in care without an IRO: the IRO managers are reminded of them in "Your day" until they are allocated."""

from collections.abc import Iterator

from sqlmodel import and_, col, or_, select

from handlers.cards import Button, Line
from handlers.day_entry import Entry, Kind
from handlers.iro_place import Vacancy, present, vacancy_of
from handlers.office import Scene
from handlers.people.covering import acting_roles, cover_of
from handlers.people.line import id_of
from handlers.wording import name_of
from scheduling.deadline_wording import say_first
from scheduling.procedures.terms import AN_IRO, CONCERNS
from storage import people
from storage.children import Child
from storage.concerns import OPEN_STATES, Concern

_WHY = {Vacancy.LEFT: "has left", Vacancy.NO_IRO: f"is {AN_IRO} no more"}


def told_of_vacancies(scene: Scene) -> set[int]:
    """Who is reminded today: every IRO manager who is here, else their cover; nobody where no child waits."""
    return iro_managers_here(scene) if next(_vacant(scene), None) is not None else set()


def iro_managers_here(scene: Scene) -> set[int]:
    """Every IRO manager who is here, else their cover."""
    managers = people.holders_of(scene.session, "iro_manager", scene.today)
    found = (_reached(scene, id_of(one)) for one in managers)
    return {one for one in found if one is not None and present(scene, one)}


def vacancies(scene: Scene, person_id: int) -> list[Entry]:
    """A line for each IRO who is one no more, with their children and what is open about them."""
    acting = acting_roles(scene.session, scene.rules, person_id, scene.today)
    if not any("iro_manager" in roles for roles in acting.values()):
        return []
    return [_entry(scene, iro_id, vacancy) for iro_id, vacancy in _vacant(scene)]


def _reached(scene: Scene, person_id: int) -> int | None:
    absence = people.absence_on(scene.session, person_id, scene.today)
    return person_id if absence is None else cover_of(scene.session, scene.rules, absence, scene.today)


def _vacant(scene: Scene) -> Iterator[tuple[int | None, Vacancy]]:
    """Those who are named as a child's IRO and are none, with why; None for nobody."""
    named = select(Child.iro_id).where(col(Child.left_care_on).is_(None), col(Child.historical).is_(False))
    for iro_id in sorted(scene.session.exec(named.distinct()), key=lambda one: one or 0):
        vacancy = vacancy_of(scene, iro_id)
        if vacancy is not None:
            yield iro_id, vacancy


def _entry(scene: Scene, iro_id: int | None, vacancy: Vacancy) -> Entry:
    theirs = (col(Child.iro_id) == iro_id) if iro_id is not None else col(Child.iro_id).is_(None)
    in_care = (theirs, col(Child.left_care_on).is_(None), col(Child.historical).is_(False))
    found = list(scene.session.exec(select(Child.reference).where(*in_care).order_by(Child.reference)))
    about = select(Concern.number).outerjoin(Child, col(Child.id) == col(Concern.child_id))
    of_service = and_(col(Concern.child_id).is_(None), col(Concern.iro_id) == iro_id)
    about = about.where(or_(and_(*in_care), of_service), col(Concern.state).in_(OPEN_STATES))
    about = about.order_by(col(Concern.number))
    concerns = [f"C-{number}" for number in scene.session.exec(about)]
    children = f"{len(found)} {'child waits' if len(found) == 1 else 'children wait'} for {AN_IRO}"
    named = f" ({say_first(found)})" if scene.rules.show_child_reference else ""
    why = f"{name_of(scene, iro_id)} {_WHY[vacancy]}: " if vacancy in _WHY else ""
    text = f"{why}{children}{named}." + (f" Open {CONCERNS}: {say_first(concerns)}." if concerns else "")
    allocate = Button(label="Allocate", deed="iro.allocate", subject=found[0])
    return Entry(line=Line(text=text, buttons=(allocate,)), on=scene.today, kind=Kind.CONCERN)
