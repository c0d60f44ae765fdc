"""How often good practice was recognised, team by team and quarter by quarter."""

from collections import Counter

from sqlalchemy import true

from handlers.figures.period import Period
from handlers.figures.reporting_years import quarter_name
from handlers.figures.review_reason_tables import NOT_RECORDED
from handlers.figures.tables import Row
from handlers.office import Scene
from scheduling.working_days import local
from storage import praise


def good_practice(scene: Scene, period: Period) -> list[Row]:
    """Recognitions sent in the period by team and quarter; months are London's."""
    theirs = true() if period.whose.is_everybody else period.whose.praise()
    within = period.within
    counted: Counter[tuple[str, str]] = Counter()
    for team, sent_at in praise.sent(scene.session, within.start, within.end, theirs):
        day = local(sent_at).date()
        counted[team or NOT_RECORDED, quarter_name(day.year, day.month)] += 1
    return [{"team": team, "quarter": quarter, "number": counted[team, quarter]} for team, quarter in sorted(counted)]
