"""Totals as earlier reports printed them, kept to be compared with what the rows add up to."""

from datetime import date

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, Session, col, select

from storage.scope import Scoped


class PrintedTotal(Scoped, table=True):
    """One printed number: of a table, in a row (its first cell) and a column, for a period of days, both included."""

    __tablename__ = "printed_totals"
    __table_args__ = (
        UniqueConstraint(
            *("authority", "first_on", "last_on", "table_name", "row_name", "column_name", "source"),
            name="uq_printed_totals_cell",
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    first_on: date
    last_on: date
    table_name: str = Field(max_length=60)
    row_name: str = Field(max_length=120)
    column_name: str = Field(max_length=60)
    printed: float
    source: str = Field(default="", max_length=200)


def of_period(session: Session, first: date, last: date) -> list[PrintedTotal]:
    """What was printed for exactly these days, in the order it was taken in."""
    query = select(PrintedTotal).where(PrintedTotal.first_on == first, PrintedTotal.last_on == last)
    return list(session.exec(query.order_by(col(PrintedTotal.id))))
