"""Naming a cover: someone else than who enters it, in service, there on the first day, who may hold the place."""

from datetime import date

from sqlmodel import Session, select

from handlers.people.covering import place_refused
from handlers.people.independence import check
from handlers.people.line import id_of, line_from
from scheduling.deadline_wording import say_day
from scheduling.procedures import Procedures
from scheduling.procedures.terms import IRO
from storage import people
from storage.children import Child, of_iros
from storage.people import Person


def cover_refused(
    session: Session, rules: Procedures, person: Person, cover: Person, from_on: date, *, named_by: int | None
) -> str | None:
    """The sentence that says why this person cannot cover from that day; None when they can.

    `named_by` is who enters the absence: nobody becomes the cover of another by their own entry.
    """
    if cover.id == person.id:
        return f"{person.name} cannot cover for themself: name a colleague."
    if cover.has_left(from_on):
        return f"{cover.name} has left: name a colleague who is here."
    away = people.absence_on(session, id_of(cover), from_on)
    if away is not None:
        until = f" until {say_day(away.to_on)}" if away.to_on is not None else ""
        return f"{cover.name} is away themself{until}: name a colleague who is here."
    if named_by == cover.id:
        return f"The person who enters {person.name}'s absence cannot be their cover: name another colleague."
    return (
        _reviews_what_they_would_hold(session, person, cover)
        or place_refused(session, rules, person, cover, named_by, from_on)
        or _not_independent(session, person, cover, from_on)
    )


def _not_independent(session: Session, person: Person, cover: Person, on: date) -> str | None:
    if "iro" not in people.roles_on(session, id_of(person), on):
        return None
    for child in of_iros(session, [id_of(person)]):
        if check(session, child.holder_id, cover.id) is not None:
            return f"{cover.name} is in the line of {child.reference}, so cannot act as its {IRO}."
    return None


def _reviews_what_they_would_hold(session: Session, person: Person, cover: Person) -> str | None:
    """An IRO may not stand in for the holder, or a manager in the line, of a child they review."""
    holders = session.exec(
        # SQL compares with None, and "is not" is Python's alone.
        select(Child.holder_id).where(Child.iro_id == cover.id, Child.holder_id != None).distinct()  # noqa: E711
    )
    for holder_id in holders:
        if any(one.id == person.id for one in line_from(session, holder_id)):
            return f"{cover.name} reviews children in {person.name}'s line, so cannot cover there."
    return None
