"""What figures are split by: parts of the period, teams or reviewing officers, in the order of time or the alphabet."""

from collections.abc import Iterator
from dataclasses import replace
from enum import StrEnum

from handlers.figures.period import Period
from handlers.figures.reporting_years import quarter_name, year_of
from handlers.folding import joined
from handlers.office import Scene
from handlers.refusals import Refused
from scheduling.procedures.terms import CONCERN
from storage import caseload, people
from storage.whose import Whose

MOST_PARTS = 60
NO_TEAM = "No team"
NO_OFFICER = "Others or nobody"
REST = (NO_TEAM, NO_OFFICER)
"""The parts of whatever has no part of its own, so that parts come to the whole."""


class By(StrEnum):
    """What figures are split by."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    TEAM = "team"
    IRO = "iro"

    @property
    def is_time(self) -> bool:
        """Whether the parts are parts of the period."""
        return self in (By.MONTH, By.QUARTER, By.YEAR)


def of_team(scene: Scene, period: Period, name: str) -> Period:
    """The period with what one team has, written as anybody types it. Refused where no team is so called."""
    teams = caseload.teams(scene.session)
    called = [one for one in teams if one == name] or [one for one in teams if joined(one) == joined(name)]
    if not called:
        there = f"There are: {', '.join(teams)}." if teams else f"Nobody and no {CONCERN} has a team yet."
        raise Refused(f"There is no team {name}. {there}")
    return replace(period, whose=replace(period.whose, team=called[0]))


def parts(scene: Scene, period: Period, by: By) -> list[tuple[str, Period]]:
    """The parts by name, the rest last; never in the order of a count. Refused where there are too many to read."""
    if by.is_time:
        found = list(_times(period, by))
    else:
        narrowed = _teams(scene, period.whose) if by is By.TEAM else _officers(scene, period)
        found = [(name, replace(period, whose=whose)) for name, whose in narrowed]
    if len(found) > MOST_PARTS:
        instead = "choose a shorter period, or split by quarter or by year" if by.is_time else "split otherwise"
        raise Refused(f"That makes {len(found)} parts, more than anybody reads: {instead}.")
    return found


def _times(period: Period, by: By) -> Iterator[tuple[str, Period]]:
    found: dict[str, Period] = {}
    for month_name, month in period.months():
        quarter = quarter_name(month.first.year, month.first.month)
        name = {By.MONTH: month_name, By.QUARTER: quarter, By.YEAR: year_of(month.first).name}[by]
        found[name] = replace(month, first=found[name].first) if name in found else month
    yield from found.items()


def _teams(scene: Scene, whose: Whose) -> Iterator[tuple[str, Whose]]:
    """Every team, and what belongs to none; of one team's figures that team alone."""
    if whose.team is not None:
        yield whose.team, whose
        return
    for name in caseload.teams(scene.session):
        yield name, replace(whose, team=name)
    yield NO_TEAM, replace(whose, team="")


def _officers(scene: Scene, period: Period) -> Iterator[tuple[str, Whose]]:
    """Everyone who is an officer at the end of the period, who sees their own figures alone; and the rest."""
    whose = period.whose
    own = whose.iro_ids if whose.holder_ids is None else None
    found = people.holders_of(scene.session, "iro", min(period.last, scene.today))
    officers = [(one.id, one.name) for one in found if one.id is not None and (own is None or one.id in own)]
    for ident, name in officers:
        yield name, replace(whose, iro_id=ident)
    yield NO_OFFICER, replace(whose, no_iro_of=tuple(ident for ident, _ in officers))
