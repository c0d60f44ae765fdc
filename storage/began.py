"""From which day rows are counted as in time or late: what fell due before their team began is neither."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, case, false, func, literal
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from storage.children import Child
from storage.concerns import Concern
from storage.people import Person
from storage.reviews import Review


@dataclass(frozen=True, kw_only=True)
class FirstDay:
    """The day on which somebody began, and its first moment, UTC."""

    on: date
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Began:
    """The first day of teams by the name rows have, and of everybody else; without it everything is counted."""

    rest: FirstDay | None = None
    of_teams: tuple[tuple[str, FirstDay], ...] = ()

    def is_before_of_concern(self, moment: datetime | None) -> ColumnElement[bool]:
        """Whether a column's moment came before the team of the concern began."""
        return self._is_before(moment, col(Concern.team), lambda first: first.at)

    def is_before_of_review(self, day: date | None) -> ColumnElement[bool]:
        """Whether a column's day came before the team that holds the review's child began."""
        child, holder = aliased(Child), aliased(Person)
        held = select(holder.team).join(child, col(child.holder_id) == col(holder.id))
        team = held.where(col(child.id) == col(Review.child_id)).correlate(Review).scalar_subquery()
        return self._is_before(day, team, lambda first: first.on)

    def _is_before(
        self, day: date | None, team: SQLColumnExpression[str], value: Callable[[FirstDay], date]
    ) -> ColumnElement[bool]:
        """Never where nothing is due, and never where no day was set."""
        if self.rest is None:
            return false()
        # The caller gives a column, typed as what it holds, as SQLModel has them.
        column: ColumnElement[Any] = col(day)  # type: ignore[assignment]
        since: ColumnElement[Any] = literal(value(self.rest), column.type)
        if self.of_teams:
            own = {name: literal(value(first), column.type) for name, first in self.of_teams}
            since = case(own, value=team, else_=since)
        return func.coalesce(column < since, false())


EVER = Began()
"""Where no day was set, rows are counted whenever they fell due."""
