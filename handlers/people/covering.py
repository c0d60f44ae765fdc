"""Who covers for whom on a day: the one rule of who may hold another's place, asked when it is entered and each day.

What an absence names is not enough: roles end, people move, and nobody covers by their own entry.
"""

from collections.abc import Collection
from datetime import date

from sqlmodel import Session

from handlers.folding import plain_name
from handlers.people.line import id_of, line_above
from scheduling.procedures import Procedures
from scheduling.procedures.terms import AN_IRO, IRO, IRO_MANAGER
from storage import people
from storage.people import Absence, Person

NEVER_COVER = frozenset({"admin", "support"})
"""Roles that qualify nobody as cover, and that are never passed on to one."""


def proper(roles: Collection[str]) -> frozenset[str]:
    """The roles by which somebody may cover, and that pass to their cover."""
    return frozenset(roles) - NEVER_COVER


def cover_of(session: Session, rules: Procedures, absence: Absence, on: date) -> int | None:
    """Who covers in this absence on that day; nobody where none is named, or the one named may not hold the place."""
    person, cover = people.get(session, absence.person_id), _named(session, absence)
    if person is None or cover is None or person.has_left(on) or cover.has_left(on):
        return None
    if absence.set_by_id == cover.id or _acts_as_manager(session, absence, cover, on):
        return None
    return cover.id if not place_refused(session, rules, person, cover, absence.set_by_id, on) else None


def covered_by(session: Session, rules: Procedures, person_id: int, on: date) -> list[int]:
    """The people for whom this person covers on that day."""
    absences = people.absences_covered_by(session, person_id, on)
    return sorted({one.person_id for one in absences if cover_of(session, rules, one, on) == person_id})


def to_be_covered_by(session: Session, rules: Procedures, person_id: int, on: date) -> set[int]:
    """The people for whom this person covers on that day, or is to on a later one."""
    absences = people.absences_to_be_covered_by(session, person_id, on)
    found = (one for one in absences if cover_of(session, rules, one, max(one.from_on, on)) == person_id)
    return {one.person_id for one in found}


def acting_roles(session: Session, rules: Procedures, person_id: int, on: date) -> dict[int, frozenset[str]]:
    """The person and those they cover that day, each with the roles they act by: their own, and what covers hold."""
    acting = {person_id: frozenset(people.roles_on(session, person_id, on))}
    for one in covered_by(session, rules, person_id, on):
        acting[one] = proper(people.roles_on(session, one, on))
    return acting


def _named(session: Session, absence: Absence) -> Person | None:
    return people.get(session, absence.cover_id) if absence.cover_id is not None else None


def _acts_as_manager(session: Session, absence: Absence, cover: Person, on: date) -> bool:
    """Whether this is an IRO manager named for an IRO by somebody else: she acts openly, as IRO manager, or not at all.

    As a cover she would need no reason and the IRO would not be told.
    """
    if absence.set_by_id == absence.person_id or "iro" not in people.roles_on(session, absence.person_id, on):
        return False
    return "iro_manager" in people.roles_on(session, id_of(cover), on)


def place_refused(
    session: Session, rules: Procedures, person: Person, cover: Person, named_by: int | None, on: date
) -> str:
    """The sentence that says why the cover cannot hold this person's place on that day; empty when they can.

    `named_by` is who named them: a direct report, or the IRO of an IRO manager, covers only by the right word.
    """
    held = proper(people.roles_on(session, id_of(person), on))
    can = proper(people.roles_on(session, id_of(cover), on))
    name, other = cover.name, person.name
    if not held:
        return f"{other} needs no cover: anyone with the same role does the same work. Leave it empty."
    if "iro_manager" in held and "iro_manager" not in can and not ("iro" in can and named_by == person.id):
        return f"{name} is no {IRO_MANAGER}: name another, or let {other} name {AN_IRO} themself."
    if "iro" in held and not can & {"iro", "iro_manager"}:
        return f"{name} is no {IRO}: only {AN_IRO} or {IRO_MANAGER} can cover for {AN_IRO}."
    rest = held - {"iro", "iro_manager"}
    if rest & {*rules.line_roles, *rules.other_roles}:
        return _not_a_manager(rules, person, cover, rest, can, named_by)
    if rest and not (_works_beside(session, person, cover) and can & _case_roles(rules)):
        return f"{name} is neither of {other}'s team nor in their line: name somebody who is."
    return ""


def _not_a_manager(
    rules: Procedures, person: Person, cover: Person, held: frozenset[str], can: frozenset[str], named_by: int | None
) -> str:
    """For a manager: the same level or a senior, or a direct report whom that manager or theirs named."""
    ranks = [rules.line_roles.index(role) for role in held if role in rules.line_roles]
    wanted = max(ranks, default=-1)
    if any(rules.line_roles.index(role) >= max(wanted, 0) for role in can if role in rules.line_roles):
        return ""
    if wanted < 0 and can & held:  # a role beside the line has no level: anyone of the same role will do
        return ""
    if cover.manager_id == person.id and can & _case_roles(rules):
        by_right = named_by is not None and named_by in (person.id, person.manager_id)
        return "" if by_right else _not_named(person, cover)
    return f"{cover.name} cannot stand in for {person.name}: name a manager of the same level or above."


def _not_named(person: Person, cover: Person) -> str:
    return f"{cover.name} reports to {person.name}: only {person.name} or their manager can name them as cover."


def _works_beside(session: Session, person: Person, cover: Person) -> bool:
    """Whether the cover is of the person's team or line."""
    team = plain_name(person.team)
    if team and team == plain_name(cover.team):
        return True
    if person.manager_id is not None and person.manager_id == cover.manager_id:
        return True
    return any(one.id == cover.id for one in line_above(session, person.id))


def _case_roles(rules: Procedures) -> frozenset[str]:
    return frozenset({"social_worker", *rules.line_roles, *rules.other_roles})
