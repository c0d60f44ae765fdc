"""App Homes opened this day: whose day is shown where, and whether it is still true."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import UniqueConstraint, update
from sqlmodel import Field, Session, col, select

from storage.committed import leave
from storage.scope import Scoped, every_authority


class Home(Scoped, table=True):
    """A person's day on a platform. `stale_since`: something in it may have changed; `by_act`: by a person's act."""

    __tablename__ = "homes"
    __table_args__ = (UniqueConstraint("authority", "platform", "workspace", "person_id"),)

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="people.id")
    platform: str = Field(max_length=20)
    workspace: str = Field(max_length=80)
    opened_on: date
    stale_since: datetime | None = None
    by_act: bool = False
    shown: str = Field(default="", max_length=64)


@dataclass(frozen=True, kw_only=True)
class Seen:
    """How a home stood when its day was drawn."""

    stale_since: datetime | None
    shown: str


def seen(home: Home) -> Seen:
    """How it stands."""
    return Seen(stale_since=home.stale_since, shown=home.shown)


def still(session: Session, home_id: int, drawn_from: Seen) -> bool:
    """Whether it stands as it did: neither opened, nor shown, nor changed since."""
    home = session.get(Home, home_id)
    return home is not None and seen(home) == drawn_from


def of(session: Session, person_id: int, platform: str, workspace: str) -> Home | None:
    """A person's home in a workspace, where they ever opened it."""
    where = (Home.person_id == person_id, Home.platform == platform, Home.workspace == workspace)
    return session.exec(select(Home).where(*where)).first()


def opened(session: Session, *, person_id: int, platform: str, workspace: str, on: date) -> None:
    """Somebody has opened theirs: from now on it is kept true for that day. What it shows is said once it is shown."""
    home = of(session, person_id, platform, workspace)
    home = home or Home(person_id=person_id, platform=platform, workspace=workspace, opened_on=on)
    home.opened_on, home.stale_since, home.by_act, home.shown = on, None, False, ""
    session.add(home)


def opened_by(session: Session, on: date) -> set[int]:
    """Everybody who has opened theirs on that day."""
    return set(session.exec(select(Home.person_id).where(Home.opened_on == on)))


def mark(session: Session, person_ids: Collection[int], *, on: date, at: datetime, by_act: bool) -> None:
    """Say of these people's, where they were opened on that day, that they may no longer be true."""
    theirs = (col(Home.person_id).in_(person_ids), col(Home.opened_on) == on)
    values = {"stale_since": at, "by_act": True} if by_act else {"stale_since": at}
    if session.exec(update(Home).where(*theirs).values(**values)).rowcount:
        leave(session, owes=True)


def stale(session: Session, platform: str, on: date, number: int, closed: Collection[str] = ()) -> list[Home]:
    """Those to be shown anew on a platform, but for these workspaces: what a person's act changed first, then the
    longest waiting.
    """
    query = select(Home).where(Home.platform == platform, Home.opened_on == on, col(Home.stale_since).is_not(None))
    query = query.where(col(Home.workspace).not_in(closed)) if closed else query
    query = query.order_by(col(Home.by_act).desc(), col(Home.stale_since), col(Home.id))
    return list(session.exec(query.limit(number)))


def with_stale(session: Session, platform: str, on: date) -> list[str]:
    """The authorities in which some opened on that day are to be shown anew; for a session that acts for none."""
    with every_authority(session):
        opened_then = (Home.platform == platform, Home.opened_on == on)
        waiting = select(Home.authority).where(*opened_then, col(Home.stale_since).is_not(None))
        return list(session.exec(waiting.distinct()))


def shown(session: Session, home_id: int, drawn_from: Seen, digest: str, at: datetime) -> None:
    """It shows what was drawn: true again unless something has changed since.

    Where another program has shown it meanwhile, nobody knows whose came last: it is shown once more.
    """
    home = session.get(Home, home_id, with_for_update=True)
    if home is None:
        return
    if home.shown != drawn_from.shown:
        home.shown, home.stale_since = "", home.stale_since or at
    else:
        home.shown = digest
        if home.stale_since == drawn_from.stale_since:
            home.stale_since, home.by_act = None, False
    session.add(home)


def put_back(session: Session, home_id: int, at: datetime) -> None:
    """The platform did not take it: it waits behind the others."""
    home = session.get(Home, home_id)
    if home is not None:
        home.stale_since, home.by_act = at, False
        session.add(home)
