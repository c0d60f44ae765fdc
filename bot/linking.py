"""Whose account an act comes from: by the account's id, or, the first time, by an address the platform vouches for."""

from sqlalchemy import Engine

from bot.delivery.addresses import CALLED, known_address, of_address
from handlers.office import Office
from storage import history, people
from storage.database import transaction


def person_of(engine: Engine, authority: str, platform: str, account: str) -> int | None:
    """The person of that account on a platform."""
    with transaction(engine, authority, writes=False) as session:
        found = of_address(session, platform, account)
        return found.id if found is not None else None


def link_by_email(office: Office, authority: str, platform: str, account: str, email: str) -> int | None:
    """Give the person of a confirmed address their account; None where nobody, or another account, is listed."""
    with transaction(office.engine, authority) as session:
        person = people.by_email(session, email)
        if person is None or person.id is None:
            return None
        session.refresh(person, with_for_update=True)  # their next act may be under way already
        known = known_address(person, platform)
        if known is not None:
            return person.id if known == account else None
        setattr(person, f"{platform}_id", account)
        session.add(person)
        history.record(
            session,
            chain="authority",
            at=office.clock(),
            actor_id=person.id,
            what=f"linked to {CALLED[platform]}",
            details={"person": person.id},
        )
        return person.id
