"""A child's IRO may not hold the child's case nor manage the person who does (Walsall's IRO chapter).

The rule is checked where a child is added or allocated, and again over all children when managers change.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel import Session, col, select

from handlers.people.line import line_from
from scheduling.procedures.terms import IRO
from storage.children import Child
from storage.people import Person


@dataclass(frozen=True, kw_only=True)
class Conflict:
    """A child whose IRO is not independent; `line` is the holder and everyone above, by id."""

    child_id: int
    reference: str
    sentence: str
    line: tuple[int, ...]


def check(session: Session, child_holder_id: int | None, iro_id: int | None) -> str | None:
    """The sentence that says why this IRO is not independent of this holder; None when all is well."""
    if child_holder_id is None or iro_id is None:
        return None
    line = line_from(session, child_holder_id)
    for person in line:
        if person.id == iro_id:
            return not_independent(person.name, line[0].name, holds=person is line[0])
    return None


def find_conflicts(session: Session) -> list[Conflict]:
    """Every child in care whose IRO is not independent, by reference; two queries, however many children."""
    managers: dict[int, int | None] = {}
    names: dict[int, str] = {}
    for person_id, manager_id, name in session.exec(select(Person.id, Person.manager_id, Person.name)):
        if person_id is not None:
            managers[person_id], names[person_id] = manager_id, name
    rows = session.exec(
        select(Child.id, Child.reference, Child.holder_id, Child.iro_id)
        .where(
            col(Child.left_care_on).is_(None),
            col(Child.holder_id).is_not(None),
            col(Child.iro_id).is_not(None),
        )
        .order_by(Child.reference)
    )
    lines: dict[int, tuple[int, ...]] = {}
    found = []
    for child_id, reference, holder_id, iro_id in rows:
        if child_id is None or holder_id is None or iro_id is None:
            continue
        line = lines.get(holder_id) or lines.setdefault(holder_id, line_of_ids(managers, holder_id))
        if iro_id in line:
            sentence = not_independent(names[iro_id], names[holder_id], holds=iro_id == holder_id)
            found.append(Conflict(child_id=child_id, reference=reference, sentence=sentence, line=line))
    return found


def line_of_ids(managers: Mapping[int, int | None], start: int) -> tuple[int, ...]:
    """The person and everyone above by id, each once."""
    line: dict[int, None] = {}
    step: int | None = start
    while step is not None and step not in line:
        line[step] = None
        step = managers.get(step)
    return tuple(line)


def not_independent(iro: str, holder: str, *, holds: bool) -> str:
    """The sentence that refuses an IRO who holds the case, or manages the person who does."""
    if holds:
        return f"{iro} holds this case, so {iro} cannot be the child's {IRO}."
    return f"{iro} manages {holder}, who holds this case, so {iro} cannot be the child's {IRO}."
