"""Under which account a person is known in which workspace: an id means nothing outside the workspace it is of."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from sqlalchemy import UniqueConstraint, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Field, Session, col, select

from storage.people import Person
from storage.scope import Scoped

Accounts = Mapping[tuple[str, str], str]
"""A person's accounts by platform and workspace."""
UNBOUND = ""
"""The workspace of accounts told before the authority had one: the first that is connected takes them over."""


class Address(Scoped, table=True):
    """One account of one person. `workspace` is what is installed: a team, a whole organisation, or a tenant.

    `open_at`: when the platform last said that the account is open, where it takes messages to closed ones too.
    """

    __tablename__ = "addresses"
    __table_args__ = (
        UniqueConstraint("authority", "platform", "workspace", "account"),
        UniqueConstraint("authority", "person_id", "platform", "workspace"),
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="people.id", index=True)
    platform: str = Field(max_length=20)
    workspace: str = Field(default=UNBOUND, max_length=80)
    account: str = Field(max_length=120)
    open_at: datetime | None = None


def person_at(session: Session, platform: str, workspace: str, account: str) -> Person | None:
    """The person of that account in that workspace."""
    return session.exec(
        select(Person)
        .join(Address, col(Address.person_id) == col(Person.id))
        .where(Address.platform == platform, Address.workspace == workspace, Address.account == account)
    ).one_or_none()


def held(session: Session, person_id: int, platform: str, workspace: str) -> Address | None:
    """The address of a person in that workspace."""
    return session.exec(
        select(Address).where(
            Address.person_id == person_id, Address.platform == platform, Address.workspace == workspace
        )
    ).one_or_none()


def held_by(session: Session, people: Collection[int], platform: str, workspace: str) -> dict[int, Address]:
    """The addresses of these people in that workspace."""
    query = select(Address).where(
        col(Address.person_id).in_(people), Address.platform == platform, Address.workspace == workspace
    )
    return {one.person_id: one for one in session.exec(query)}


def are_open(session: Session, accounts: Mapping[int, str], platform: str, workspace: str, at: datetime) -> None:
    """The platform has just said of these people's accounts that they are open."""
    found = update(Address).where(
        col(Address.person_id).in_(accounts.keys()),
        col(Address.account).in_(accounts.values()),
        col(Address.platform) == platform,
        col(Address.workspace) == workspace,
    )
    session.exec(found.values(open_at=at))


def account_of(session: Session, person_id: int, platform: str, workspace: str) -> str | None:
    """The account of a person in that workspace."""
    found = held(session, person_id, platform, workspace)
    return found.account if found is not None else None


def of_people(session: Session, people: Collection[int]) -> dict[int, Accounts]:
    """The accounts of these people; those without one are left out."""
    return _by_person(session.exec(select(Address).where(col(Address.person_id).in_(people))))


def of_everyone(session: Session) -> dict[int, Accounts]:
    """The accounts of all staff."""
    return _by_person(session.exec(select(Address).order_by(col(Address.id))))


def _by_person(rows: Iterable[Address]) -> dict[int, Accounts]:
    found: dict[int, dict[tuple[str, str], str]] = {}
    for row in rows:
        found.setdefault(row.person_id, {})[row.platform, row.workspace] = row.account
    return dict(found)


def link(
    session: Session, person_id: int, platform: str, workspace: str, account: str, open_at: datetime | None = None
) -> bool:
    """Keep an account of somebody who has none in that workspace; False when they have, or it is another's."""
    made = Address(person_id=person_id, platform=platform, workspace=workspace, account=account, open_at=open_at)
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError:
        return False
    return True


def relink(session: Session, address: Address, account: str, open_at: datetime | None) -> bool:
    """Put another account of the same person in its place; False when it is another's."""
    try:
        with session.begin_nested():
            address.account, address.open_at = account, open_at
            session.add(address)
    except IntegrityError:
        return False
    return True


def link_anew(session: Session, person_id: int, platform: str, workspace: str, account: str) -> bool:
    """The same for a person who has one in that workspace: whether the new one is open is not known yet."""
    kept = select(Address).where(
        Address.person_id == person_id, Address.platform == platform, Address.workspace == workspace
    )
    return relink(session, session.exec(kept).one(), account, None)


def unlink(session: Session, person_id: int, platform: str, workspace: str) -> None:
    """Forget the account of a person in that workspace."""
    for row in session.exec(
        select(Address).where(
            Address.person_id == person_id, Address.platform == platform, Address.workspace == workspace
        )
    ):
        session.delete(row)
    session.flush()


def bind(session: Session, platform: str, workspace: str) -> None:
    """Take over into a workspace what was told before there was one; what is known there already goes before it."""
    waiting = session.exec(select(Address).where(Address.platform == platform, Address.workspace == UNBOUND)).all()
    if not waiting:
        return
    there = session.exec(select(Address).where(Address.platform == platform, Address.workspace == workspace)).all()
    taken = {row.account for row in there} | {row.person_id for row in there}
    for row in waiting:
        if row.account in taken or row.person_id in taken:
            session.delete(row)
            continue
        row.workspace = workspace
        session.add(row)
    session.flush()
