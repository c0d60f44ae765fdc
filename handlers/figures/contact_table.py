"""What IROs did between reviews, team by team: the footprint that nobody sees otherwise."""

from collections import Counter

from handlers.figures.period import Period
from handlers.figures.reporting_years import quarter_name
from handlers.figures.review_reason_tables import NOT_RECORDED
from handlers.figures.tables import Row
from handlers.office import Scene
from storage import review_statistics


def contacts(scene: Scene, period: Period) -> list[Row]:
    """Contacts of every kind by team and quarter."""
    counted: Counter[tuple[str, str]] = Counter()
    for team, year, month, number in review_statistics.contacts(scene.session, period.days):
        counted[team or NOT_RECORDED, quarter_name(year, month)] += number
    return [{"team": team, "quarter": quarter, "number": counted[team, quarter]} for team, quarter in sorted(counted)]
