"""Somebody known under another address from now on: the same person, with everything that is theirs, on record."""

import re
from datetime import datetime

from sqlmodel import Session

from handlers.office import Scene
from handlers.people.line import id_of
from handlers.refusals import Refused
from storage import history, people
from storage.history import History
from storage.people import Person

_EMAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\"]+")
_ADDRESS = "address changed"
_NAME = "name changed"
_TO = " -> "


def is_address(text: str) -> bool:
    """Whether it is written like an e-mail address, and is not longer than one is kept."""
    return _EMAIL.fullmatch(text) is not None and len(text) <= 254


def readdress(session: Session, person: Person, email: str, at: datetime, *, where: str) -> None:
    """Give the person another address; both stand in their history, encrypted. `where`: how it came to be known."""
    _record(session, person, at, _ADDRESS, f"{person.email}{_TO}{email}", where)
    person.email = email
    session.add(person)


def rename(session: Session, person: Person, name: str, at: datetime, *, where: str) -> None:
    """Give the person another name; both stand in their history."""
    _record(session, person, at, _NAME, f"{person.name}{_TO}{name}", where)
    person.name = name
    session.add(person)


def changes_of_address(session: Session, person: Person) -> list[tuple[str, History]]:
    """The addresses the person had before, with the entries that ended them, oldest first."""
    found = (one for one in history.entries(session, f"person:{person.id}") if one.what == _ADDRESS and one.words)
    return [((one.words or "").partition(_TO)[0], one) for one in found]


def had_address(session: Session, person: Person, email: str) -> bool:
    """Whether the person was known under that address before."""
    return any(former == email for former, _ in changes_of_address(session, person))


def rename_by_command(scene: Scene, old: str, new: str) -> str:
    """`people rename OLD NEW`; returns what was done. Done again it changes nothing."""
    before, after = old.strip().lower(), new.strip().lower()
    if not is_address(after):
        raise Refused(f"{new} is no e-mail address: give one like name@authority.gov.uk.")
    person, holder = people.by_email(scene.session, before), people.by_email(scene.session, after)
    if holder is not None and (before == after or (person is None and had_address(scene.session, holder, before))):
        return f"{holder.name} has the address {after} already."
    if person is None:
        raise Refused(f"Nobody has the address {before}: check it, or import the staff.")
    if holder is not None:
        raise Refused(f"{after} is the address of {holder.name} already: two people cannot have one.")
    readdress(scene.session, person, after, scene.now, where="command line")
    return f"{person.name} is now known as {after}. Everything that is theirs stays theirs."


def _record(session: Session, person: Person, at: datetime, what: str, words: str, where: str) -> None:
    ident = id_of(person)
    details: dict[str, str | int | None] = {"person": ident, "where": where}
    history.record(session, chain=f"person:{ident}", at=at, actor_id=None, what=what, details=details, words=words)
