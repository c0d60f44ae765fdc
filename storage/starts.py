"""From when a council uses this: one day for everybody, or days of their own for teams."""

from datetime import date

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, Session, col, select

from storage.scope import Scoped

EVERYBODY = ""
"""The team of those who have no day of their own."""


class Start(Scoped, table=True):
    """The day on which a team starts; of no team, everybody else."""

    __tablename__ = "starts"
    __table_args__ = (UniqueConstraint("authority", "team"),)

    id: int | None = Field(default=None, primary_key=True)
    team: str = Field(default=EVERYBODY, max_length=120)
    on: date


def every(session: Session) -> list[Start]:
    """All of them, the first to start first."""
    return list(session.exec(select(Start).order_by(col(Start.on), col(Start.id))))


def set_for(session: Session, team: str, on: date) -> date | None:
    """Let a team start on that day; gives the day it had before."""
    found = session.exec(select(Start).where(Start.team == team)).first()
    before = found.on if found is not None else None
    start = found or Start(team=team, on=on)
    start.on = on
    session.add(start)
    return before
