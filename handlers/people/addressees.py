"""Whom a stage asks: the people who hold its roles in the child's line, and who stands in for them.

Every substitution is told in words (`Found.why`). The child's IRO is never asked, nor is
the IRO's cover.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from handlers.people.covering import covered_by
from handlers.people.line import id_of, in_line, line_above, line_from
from handlers.people.standing_in import Reach, joined, reach_about
from handlers.wording import role_in_words
from scheduling.procedures import Procedures
from storage import people
from storage.children import Child
from storage.people import Person

__all__ = ["Found", "find_addressees", "in_line", "line_manager", "next_senior", "role_in_words"]


@dataclass(frozen=True, kw_only=True)
class Found:
    """A person to ask; `role` is the role asked for. `why` is empty for those who hold it themselves."""

    person: Person
    role: str
    standing_for_id: int | None = None
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class _Search:
    reach: Reach
    rules: Procedures
    iro_id: int

    @property
    def session(self) -> Session:
        return self.reach.session


def find_addressees(  # noqa: PLR0913 - what is asked, of whom, on which day, and who is left out
    session: Session,
    rules: Procedures,
    *,
    roles: Sequence[str],
    child: Child | None,
    iro_id: int,
    on: date,
    aside: Collection[int] = (),
    worked: date | None = None,
) -> list[Found]:
    """The people to ask for these roles about this child (about the service where there is none), each once.

    "iro_manager" is the IRO's own manager, or every IRO manager. A role outside the line is all who hold it.
    A person who is set `aside` stands in for nobody. With `worked`, only who works on that day is asked.
    """
    search = _Search(reach=reach_about(session, rules, iro_id, on, aside, worked), rules=rules, iro_id=iro_id)
    line = line_from(session, child.holder_id) if child is not None else []
    found: dict[int, Found] = {}
    for role in roles:
        for one in _for_role(search, role, child, line):
            found.setdefault(id_of(one.person), one)
    return list(found.values())


def next_senior(  # noqa: PLR0913 - as above
    session: Session,
    rules: Procedures,
    *,
    person_id: int,
    child: Child | None,
    iro_id: int,
    on: date,
    aside: Collection[int] = (),
    worked: date | None = None,
) -> Found | None:
    """The next senior person above someone asked: their manager or the first above who can be reached.

    Someone who only covers a person of the child's line is followed up that line, not their own.
    """
    search = _Search(reach=reach_about(session, rules, iro_id, on, aside, worked), rules=rules, iro_id=iro_id)
    start = person_id if child is None else _place_in_line(search, child, person_id)
    above = [person for person in line_above(session, start) if person.id != person_id]
    missed: list[str] = []
    for person in above:
        if missed and person.id in search.reach.aside:
            continue
        reached = search.reach.of(person)
        if reached.person is not None and reached.person.id != person_id:
            stands_in = reached.person.id != person.id or bool(missed)
            return Found(
                person=reached.person,
                role=_role_of(search, person),
                standing_for_id=id_of(above[0]) if stands_in else None,
                why=joined([*missed[:1], reached.why]),
            )
        missed.append(reached.why)
    return None


def line_manager(session: Session, rules: Procedures, person_id: int, iro_id: int, on: date) -> Found | None:
    """The person's line manager, their cover, or the first above who can be reached; never the IRO."""
    return next_senior(session, rules, person_id=person_id, child=None, iro_id=iro_id, on=on)


def _for_role(search: _Search, role: str, child: Child | None, line: list[Person]) -> list[Found]:
    if role == "iro_manager":
        return _iro_managers(search)
    if child is None:
        return _in_the_service(search, role)
    if role == "social_worker":
        return _one(_holder(search, line))
    if role in search.rules.line_roles:
        return _one(_up_the_line(search, role, line))
    return _everyone(search, role)


def _one(found: Found | None) -> list[Found]:
    return [found] if found is not None else []


def _holder(search: _Search, line: list[Person]) -> Found | None:
    """The child's social worker; the holder where a manager holds the case."""
    if not line:
        return None
    holder = line[0]
    unallocated = "" if "social_worker" in search.reach.roles(holder) else "the child has no social worker"
    reached = search.reach.of(holder)
    if reached.person is None:
        return _climb(search, line[1:], "social_worker", holder, reached.why)
    covered = reached.person.id != holder.id
    return Found(
        person=reached.person,
        role="social_worker",
        standing_for_id=id_of(holder) if covered else None,
        why=joined([unallocated, reached.why]),
    )


def _up_the_line(search: _Search, role: str, line: list[Person]) -> Found | None:
    """The first in the line who holds the role and can be reached, else the next senior, with the reason."""
    missed: tuple[int, str] | None = None
    for place, person in enumerate(line):
        if person.id in search.reach.barred or role not in search.reach.roles(person):
            continue
        reached = search.reach.of(person)
        if reached.person is not None:
            covered = reached.person.id != person.id
            standing_for = id_of(person) if covered else None
            return Found(person=reached.person, role=role, standing_for_id=standing_for, why=reached.why)
        missed = missed or (place, reached.why)
        if not person.has_left(search.reach.on):
            break
    if missed is not None:
        place, why = missed
        return _climb(search, line[place + 1 :], role, line[place], why)
    why = f"no {role_in_words(search.rules, role)} in the line"
    return _climb(search, _more_senior(search, role, line), role, None, why)


def _more_senior(search: _Search, role: str, line: list[Person]) -> list[Person]:
    """The part of the line from the first who holds a role above this one."""
    order = search.rules.line_roles
    senior = set(order[order.index(role) + 1 :])
    for place, person in enumerate(line):
        if search.reach.roles(person) & senior:
            return line[place:]
    return []


def _climb(search: _Search, above: Iterable[Person], role: str, instead_of: Person | None, why: str) -> Found | None:
    """The first of these who can be reached, told instead of the person meant."""
    for person in above:
        if instead_of is not None and person.id in search.reach.aside:
            continue
        reached = search.reach.of(person)
        if reached.person is not None:
            meant = instead_of or (person if reached.person.id != person.id else None)
            standing_for = id_of(meant) if meant is not None else None
            return Found(person=reached.person, role=role, standing_for_id=standing_for, why=joined([why, reached.why]))
    return None


def _everyone(search: _Search, role: str, why: str = "") -> list[Found]:
    """All who hold the role; where none of them can be reached, those above them."""
    holders = people.holders_of(search.session, role, search.reach.on)
    found = [_climb(search, [person], role, None, why) for person in holders]
    reached = [one for one in found if one is not None]
    if reached:
        return reached
    above = [_climb_from(search, person, role) for person in holders if person.id not in search.reach.barred]
    return [one for one in above if one is not None]


def _climb_from(search: _Search, person: Person, role: str) -> Found | None:
    why = search.reach.of(person).why
    return _climb(search, line_above(search.session, person.id), role, person, why)


def _in_the_service(search: _Search, role: str) -> list[Found]:
    """All who hold the role; where nobody holds it, all who hold the next senior one."""
    order = search.rules.line_roles
    found = _everyone(search, role)
    seniors = order[order.index(role) + 1 :] if role in order else ()
    for senior in seniors:
        if found:
            break
        found = [
            Found(person=one.person, role=role, standing_for_id=one.standing_for_id, why=one.why)
            for one in _everyone(search, senior, f"no {role_in_words(search.rules, role)} in the service")
        ]
    return found


def _iro_managers(search: _Search) -> list[Found]:
    """The IRO's own manager where they hold the role and can be reached, else all who hold it."""
    for manager in line_above(search.session, search.iro_id)[:1]:
        if "iro_manager" in search.reach.roles(manager) and manager.id not in search.reach.barred:
            own = _climb(search, [manager], "iro_manager", None, "")
            if own is not None:
                return [own]
    return _everyone(search, "iro_manager")


def _place_in_line(search: _Search, child: Child, person_id: int) -> int:
    """The person, or whom they cover in the child's line where they are not in it themselves."""
    line = [id_of(person) for person in line_from(search.session, child.holder_id)]
    if person_id in line:
        return person_id
    covered = covered_by(search.session, search.rules, person_id, search.reach.on)
    return next((one for one in line if one in covered), person_id)


def _role_of(search: _Search, person: Person) -> str:
    """The most senior role of the line that the person holds, else any role, else "line_manager"."""
    held = search.reach.roles(person)
    in_order = [role for role in search.rules.line_roles if role in held]
    return in_order[-1] if in_order else min(held, default="line_manager")
