"""The management line: a person, their manager, the manager's manager, and so on to the top."""

from collections.abc import Iterable

from sqlmodel import Session

from storage.children import Child
from storage.people import Person, get, managed, managed_by


def id_of(person: Person) -> int:
    """The id of a stored person."""
    if person.id is None:
        raise ValueError("This person is not stored yet.")
    return person.id


def line_from(session: Session, person_id: int | None) -> list[Person]:
    """The person and everyone above, nearest first, leavers included; each once, even in a ring."""
    line: dict[int, Person] = {}
    step = person_id
    while step is not None and step not in line:
        person = get(session, step)
        if person is None:
            break
        line[step] = person
        step = person.manager_id
    return list(line.values())


def line_above(session: Session, person_id: int | None) -> list[Person]:
    """Everyone above the person, nearest first."""
    return line_from(session, person_id)[1:]


def in_line(session: Session, child: Child, person_id: int) -> bool:
    """Whether the person manages in the child's line: above its holder, or a holder who has people."""
    if person_id == child.holder_id:
        return bool(managed_by(session, person_id))
    return any(person.id == person_id for person in line_above(session, child.holder_id))


def everyone_below(session: Session, person_ids: Iterable[int]) -> set[int]:
    """The ids of all whom these people manage, directly or through others; each once, even in a ring."""
    below_each = managed(session)
    below: set[int] = set()
    to_walk = list(person_ids)
    while to_walk:
        for one in below_each.get(to_walk.pop(), ()):
            if one not in below:
                below.add(one)
                to_walk.append(one)
    return below
