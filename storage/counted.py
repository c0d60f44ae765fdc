"""Which concerns and stage runs a count covers: whose they are, within which moments, and since when.

Periods of moments are UTC, from the first moment up to but not including the last. Drafts are never counted.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case
from sqlmodel import col, func, select

from storage.began import EVER, Began
from storage.concerns import Concern, ConcernState
from storage.stage_runs import Addressee, RunKind, StageRun
from storage.whose import EVERYBODY, Whose

ENTRIES = (RunKind.ENTRY, RunKind.IMMEDIATE)
BEFORE_THE_START = "before the start"
"""Stands in the place of the role, where a reply fell due before the team began: nobody counted then who was late."""


@dataclass(frozen=True, kw_only=True)
class Within:
    """The moments a count covers, and whose rows; `began`: since when they are in time or late."""

    start: datetime
    end: datetime
    whose: Whose = EVERYBODY
    began: Began = EVER

    def holds(self, moment: datetime | None) -> ColumnElement[bool]:
        """Whether a column's moment lies within."""
        return and_(col(moment) >= self.start, col(moment) < self.end)


def logged(whose: Whose) -> ColumnElement[bool]:
    """Concerns of these people that are no drafts."""
    no_draft = col(Concern.state).not_in((ConcernState.DRAFT, ConcernState.DISCARDED))
    return no_draft if whose.is_everybody else and_(no_draft, whose.concerns())


def raised(within: Within) -> ColumnElement[bool]:
    """Raised within."""
    return and_(logged(within.whose), within.holds(Concern.raised_at))


def closed(within: Within) -> ColumnElement[bool]:
    """Closed within and not reopened since."""
    is_closed = col(Concern.state) == ConcernState.CLOSED
    return and_(logged(within.whose), within.holds(Concern.closed_at), is_closed)


def asked_as(within: Within) -> ColumnElement[str]:
    """In which role somebody was asked, or that the reply fell due before the start."""
    early = within.began.is_before_of_concern(StageRun.due_at)
    return case((early, BEFORE_THE_START), else_=col(Addressee.role))


def put_on_record(within: Within) -> ColumnElement[bool]:
    """Whether the copy is noted as on the child's record, of a concern that was closed since the start."""
    here = ~within.began.is_before_of_concern(Concern.closed_at)
    return and_(col(Concern.on_record_on).is_not(None), here)


def nobody_recorded() -> ColumnElement[bool]:
    """Of imported stage runs without anyone asked."""
    people = select(Addressee.id).where(col(Addressee.run_id) == col(StageRun.id)).exists()
    return and_(col(Concern.imported).is_(True), ~people)


def count_if(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """Of how many rows it is true."""
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
