"""The standing cast of the stories: one service, its people, and a child in care known by reference."""

import sqlite3
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import Engine, inspect
from sqlmodel import Session, select

from scheduling.procedures import parse_procedures, shipped_text
from storage import children, procedure_texts
from storage.addresses import Address
from storage.authorities import Authority
from storage.children import Capacity, Child
from storage.connections import Connection
from storage.database import transaction
from storage.people import Absence, Person, PersonRole
from storage.scope import every_authority
from tests.databases import copied, paste
from tests.teams_standin.state import TENANT, aad_id

AUTHORITY = "anyshire"
CHILD = "AB-1042"
OTHER_CHILD = "AB-2077"
WORKSPACE = "T0ANYSHIRE"
BOT_TOKEN = "xoxb-standin"
BEGINNING = date(2000, 1, 1)

IRO = "ann.lee"
OTHER_IRO = "olu.ade"
IRO_MANAGER = "iris.moss"
SOCIAL_WORKER = "sam.okoro"
TEAM_MANAGER = "tess.hill"
SERVICE_MANAGER = "sunil.rao"
ASSISTANT_DIRECTOR = "ada.frost"
DIRECTOR = "dora.king"
OTHER_WORKER = "will.dean"
OTHER_MANAGER = "mona.ruiz"
SUPPORT = "bea.shaw"
ADMIN = "adam.poole"
OUTSIDER = "otto.gray"

# login, name, roles, manager, team
STAFF = (
    (DIRECTOR, "Dora King", ("director",), None, ""),
    (ASSISTANT_DIRECTOR, "Ada Frost", ("assistant_director",), DIRECTOR, ""),
    (SERVICE_MANAGER, "Sunil Rao", ("service_manager",), ASSISTANT_DIRECTOR, "Children in care"),
    (TEAM_MANAGER, "Tess Hill", ("team_manager",), SERVICE_MANAGER, "North team"),
    (SOCIAL_WORKER, "Sam Okoro", ("social_worker",), TEAM_MANAGER, "North team"),
    (OTHER_MANAGER, "Mona Ruiz", ("team_manager",), SERVICE_MANAGER, "South team"),
    (OTHER_WORKER, "Will Dean", ("social_worker",), OTHER_MANAGER, "South team"),
    (IRO_MANAGER, "Iris Moss", ("iro_manager",), DIRECTOR, "IRO service"),
    (IRO, "Ann Lee", ("iro",), IRO_MANAGER, "IRO service"),
    (OTHER_IRO, "Olu Ade", ("iro",), IRO_MANAGER, "IRO service"),
    (SUPPORT, "Bea Shaw", ("support",), IRO_MANAGER, "IRO service"),
    (ADMIN, "Adam Poole", ("admin",), DIRECTOR, ""),
    (OUTSIDER, "Otto Gray", ("social_worker",), None, "Another service"),
)


@dataclass(frozen=True)
class Cast:
    """The ids of the people by login, and of the children by reference."""

    people: dict[str, int]
    children: dict[str, int]


def slack_id(login: str) -> str:
    """The Slack user id of a member of the cast."""
    return "U0" + "".join(letter for letter in login.upper() if letter.isalpha())


def settle(
    engine: Engine, procedures: str = "handbook", *, now: datetime | None = None, platform: str = "slack"
) -> Cast:
    """Put the whole cast, two children and the procedures into an empty database.

    `platform` is where they all are: Slack, Teams, or both, and then on Slack unless they prefer Teams. Those whom
    the command line has brought in already stay as they are.
    """
    if _is_brought_in(engine):
        return _brought_in(engine, platform)
    key = (procedures, now, platform)
    if engine.dialect.name != "sqlite" or not _is_bare(engine):
        return _settle(engine, *key)
    if key not in _SETTLED:
        _SETTLED[key] = _settle(engine, *key), copied(engine)
    else:
        paste(_SETTLED[key][1], engine)
    cast = _SETTLED[key][0]
    return Cast(people={**cast.people}, children={**cast.children})


_SETTLED: dict[tuple[str, datetime | None, str], tuple[Cast, sqlite3.Connection]] = {}
"""Databases in which a cast has settled: the next test that wants the same takes a copy."""


def _is_bare(engine: Engine) -> bool:
    if inspect(engine).has_table("alembic_version"):
        return False  # made by migrations, and to be kept as they made it
    with transaction(engine, None, writes=False) as session, every_authority(session):
        return session.exec(select(Authority).limit(1)).first() is None


def _is_brought_in(engine: Engine) -> bool:
    if not inspect(engine).has_table("alembic_version"):
        return False  # the command line migrates what it opens
    with transaction(engine, AUTHORITY, writes=False) as session:
        return session.exec(select(Person).limit(1)).first() is not None


def _brought_in(engine: Engine, platform: str) -> Cast:
    """Those who are there, connected."""
    with transaction(engine, AUTHORITY) as session:
        session.add_all(_connections(platform, datetime(2026, 1, 5, 9, tzinfo=UTC)))
        people = {one.email.partition("@")[0]: one.id or 0 for one in session.exec(select(Person))}
        return Cast(people=people, children={one.reference: one.id or 0 for one in session.exec(select(Child))})


def _settle(engine: Engine, procedures: str, now: datetime | None, platform: str) -> Cast:
    at = now or datetime(2026, 1, 5, 9, tzinfo=UTC)
    text = procedures if "\n" in procedures else shipped_text(procedures)
    rules = parse_procedures(text, "procedures.toml")
    with transaction(engine, AUTHORITY) as session:
        session.add(
            Authority(
                key=AUTHORITY,
                name="Anyshire",
                procedures_name="procedures.toml",
                procedures_digest=rules.digest,
                created_at=at,
            )
        )
        session.flush()
        procedure_texts.keep(session, name="procedures.toml", text=text, digest=rules.digest, at=at)
        people = _people(session, platform)
        session.add_all(_connections(platform, at))
        found = {
            CHILD: _child(session, CHILD, people[IRO], people[SOCIAL_WORKER]),
            OTHER_CHILD: _child(session, OTHER_CHILD, people[IRO], people[OTHER_WORKER]),
        }
    return Cast(people=people, children=found)


def _connections(platform: str, at: datetime) -> list[Connection]:
    slack = Connection(authority=AUTHORITY, platform="slack", workspace=WORKSPACE, bot_token=BOT_TOKEN, installed_at=at)
    teams = Connection(authority=AUTHORITY, platform="teams", workspace=TENANT, installed_at=at)
    return {"slack": [slack], "teams": [teams], "both": [slack, teams], "page": []}[platform]


def _people(session: Session, platform: str) -> dict[str, int]:
    people = {
        login: Person(
            authority=AUTHORITY,
            email=f"{login}@anyshire.example",
            name=name,
            team=team,
            welcomed_on=date(2026, 1, 5),
        )
        for login, name, _, _, team in STAFF
    }
    session.add_all(people.values())
    session.flush()
    ids = {login: person.id for login, person in people.items() if person.id is not None}
    for login, ident in ids.items():
        if platform != "teams":
            known_as(session, ident, slack=slack_id(login))
        if platform != "slack":
            known_as(session, ident, teams=aad_id(login))
    for login, _, roles, manager, _ in STAFF:
        people[login].manager_id = ids[manager] if manager else None
        session.add_all(
            PersonRole(authority=AUTHORITY, person_id=ids[login], role=role, from_on=BEGINNING) for role in roles
        )
    session.flush()
    return ids


def known_as(session: Session, person_id: int, workspace: str = "", **accounts: str) -> None:
    """Give somebody an account by platform (`slack="U1"`), in the cast's own workspace unless one is named."""
    for platform, account in accounts.items():
        where = workspace or {"slack": WORKSPACE, "teams": TENANT}[platform]
        session.add(Address(person_id=person_id, platform=platform, workspace=where, account=account))
    session.flush()


def forget_account(engine: Engine, cast: Cast, login: str) -> None:
    """Nobody knows any more which account a member of the cast has."""
    with transaction(engine, AUTHORITY) as session:
        for row in session.exec(select(Address).where(Address.person_id == cast.people[login])):
            session.delete(row)


def _child(session: Session, reference: str, iro_id: int, holder_id: int) -> int:
    child = Child(authority=AUTHORITY, reference=reference)
    session.add(child)
    session.flush()
    children.allocate(session, child, Capacity.IRO, iro_id, BEGINNING)
    children.allocate(session, child, Capacity.HOLDER, holder_id, BEGINNING)
    assert child.id is not None
    return child.id


def away(
    engine: Engine,
    cast: Cast,
    login: str,
    first: date,
    last: date | None,
    cover: str | None = None,
    *,
    by: str | None = None,
) -> None:
    """Put an absence into the database, entered by the person themself unless somebody is named."""
    with transaction(engine, AUTHORITY) as session:
        session.add(
            Absence(
                authority=AUTHORITY,
                person_id=cast.people[login],
                from_on=first,
                to_on=last,
                cover_id=cast.people[cover] if cover else None,
                set_by_id=cast.people[by or login],
            )
        )


def take_role(engine: Engine, cast: Cast, login: str, role: str) -> None:
    """A member of the cast holds another role as well."""
    with transaction(engine, AUTHORITY) as session:
        session.add(PersonRole(authority=AUTHORITY, person_id=cast.people[login], role=role, from_on=BEGINNING))


def end_role(engine: Engine, cast: Cast, login: str, role: str, last: date) -> None:
    """A member of the cast holds a role no more after that day, and stays."""
    with transaction(engine, AUTHORITY) as session:
        held = select(PersonRole).where(PersonRole.person_id == cast.people[login], PersonRole.role == role)
        for row in session.exec(held):
            row.to_on = last
            session.add(row)


def join_team(engine: Engine, cast: Cast, login: str, team: str) -> None:
    """A member of the cast is of another team."""
    with transaction(engine, AUTHORITY) as session:
        person = session.get(Person, cast.people[login])
        assert person is not None
        person.team = team
        session.add(person)


def leave(engine: Engine, cast: Cast, login: str, on: date) -> None:
    """A member of the cast leaves: `on` is their last day."""
    with transaction(engine, AUTHORITY) as session:
        person = session.get(Person, cast.people[login])
        assert person is not None
        person.left_on = on
        session.add(person)
