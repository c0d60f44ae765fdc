"""What figures are split by: parts of the period, teams or reviewing officers, in the order of time or the alphabet."""

from collections.abc import Iterator
from dataclasses import replace
from enum import StrEnum

from handlers.figures.period import Period
from handlers.figures.reporting_years import quarter_name, year_of
from handlers.office import Scene
from handlers.refusals import Refused
from storage import caseload, people

MOST_PARTS = 60


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
    """The period with what one team has, named in any case. Refused where no team is so called."""
    teams = caseload.teams(scene.session)
    called = [one for one in teams if one == name] or [one for one in teams if one.casefold() == name.casefold()]
    if not called:
        there = f"There are: {', '.join(teams)}." if teams else "Nobody and no concern has a team yet."
        raise Refused(f"There is no team {name}. {there}")
    return replace(period, whose=replace(period.whose, team=called[0]))


def parts(scene: Scene, period: Period, by: By) -> list[tuple[str, Period]]:
    """The parts by name; never in the order of a count. Refused where there are too many to read."""
    if by.is_time:
        found = list(_times(period, by))
    elif by is By.TEAM:
        found = [(one, replace(period, whose=replace(period.whose, team=one))) for one in caseload.teams(scene.session)]
    else:
        found = list(_officers(scene, period))
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


def _officers(scene: Scene, period: Period) -> Iterator[tuple[str, Period]]:
    """Everyone who is an officer at the end of the period; an officer who sees their own figures, alone."""
    whose = period.whose
    own = whose.iro_ids if whose.holder_ids is None else None
    for one in people.holders_of(scene.session, "iro", min(period.last, scene.today)):
        if one.id is not None and (own is None or one.id in own):
            yield one.name, replace(period, whose=replace(whose, iro_id=one.id))
