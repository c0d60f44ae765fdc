"""What IROs and managers found wrong before a start: lines in the day of the IRO managers until it is settled."""

from collections.abc import Sequence

from handlers.cards import Button, Line
from handlers.day.vacancies import iro_managers_here
from handlers.day_entry import Entry, Kind
from handlers.office import Scene
from handlers.people.covering import acting_roles
from handlers.wording import name_of, whom
from scheduling.procedures.terms import IRO
from storage import child_checks
from storage.child_checks import Checked, ChildCheck
from storage.children import Capacity, Child
from storage.rare import Rare, may_be


def told_of_checks(scene: Scene) -> set[int]:
    """Who reads of it today: every IRO manager who is here, else their cover; nobody where nothing is wrong."""
    return iro_managers_here(scene) if _not_right(scene) else set()


def checked(scene: Scene, person_id: int) -> list[Entry]:
    """A line for each child of whom somebody says so: until another has the place, or they answer anew."""
    acting = acting_roles(scene.session, scene.rules, person_id, scene.today)
    if not any("iro_manager" in roles for roles in acting.values()):
        return []
    return [_entry(scene, one, child) for one, child in _not_right(scene)]


def _not_right(scene: Scene) -> Sequence[tuple[ChildCheck, Child]]:
    return child_checks.not_right(scene.session) if may_be(scene.session, Rare.WRONG_CHILDREN) else ()


def _entry(scene: Scene, one: ChildCheck, child: Child) -> Entry:
    """ "AB-1042: Tess Hill says that Sam Okoro is the wrong worker."."""
    said = whom(scene, child)
    text = f"{said[:1].upper()}{said[1:]}: {name_of(scene, one.person_id)} says that {_what(scene, one)}."
    allocate = Button(label="Allocate", deed="iro.allocate", subject=child.reference)
    return Entry(line=Line(text=text, buttons=(allocate,)), on=scene.today, kind=Kind.CONCERN)


def _what(scene: Scene, one: ChildCheck) -> str:
    holder = name_of(scene, one.held_by_id) if one.held_by_id is not None else "nobody"
    if one.answer is Checked.WRONG_WORKER:
        return f"{holder} is the wrong worker" if one.held_by_id is not None else "it needs a worker"
    if one.capacity is Capacity.IRO:
        return f"the child has another {IRO}"
    return f"the child is not of their team (worker: {holder})"
