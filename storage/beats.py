"""That the database takes what is written: one row, written again and again, and read by nobody but a person."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.engine import CursorResult
from sqlalchemy.exc import IntegrityError
from sqlmodel import Field, Session, SQLModel, col

NAME = "bot"


class Beat(SQLModel, table=True):
    """When something was last written to see whether it can be. Belongs to no authority."""

    __tablename__ = "beats"

    name: str = Field(primary_key=True, max_length=20)
    at: datetime


def beat(session: Session, at: datetime) -> None:
    """Write the moment; raises as the database does where it takes nothing."""
    statement = update(Beat).where(col(Beat.name) == NAME).values(at=at)
    written = session.execute(statement.execution_options(synchronize_session=False))
    assert isinstance(written, CursorResult)
    if written.rowcount:
        return
    try:
        with session.begin_nested():
            session.add(Beat(name=NAME, at=at))
    except IntegrityError:
        return  # another process made the row at this moment: it was written
