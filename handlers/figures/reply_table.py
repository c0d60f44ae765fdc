"""How people replied, by the stage and the role they were asked in."""

from collections import Counter, defaultdict

from handlers.figures.period import Period
from handlers.figures.spread import at_share, median
from handlers.figures.tables import Cell, Row, stage_column
from handlers.office import Scene
from scheduling.working_days import local
from storage import reply_statistics
from storage.reply_statistics import AskedCounts

NOT_RECORDED = "not recorded"
NINE_TENTHS = 0.9

Days = defaultdict[tuple[int, str], Counter[int]]


def replies(scene: Scene, period: Period) -> list[Row]:
    """Everyone asked in the period, how many replied, in time, in how many working days.

    Imported concerns stand under the role "not recorded": files say that a reply came, not who was asked.
    """
    counted = [*reply_statistics.asked(scene.session, period.within), *_imported(scene, period)]
    days = _working_days(scene, period)
    extended = reply_statistics.extensions(scene.session, period.within)
    seniority = {role: place for place, role in enumerate(("social_worker", *scene.rules.line_roles))}
    counted.sort(key=lambda one: (one.stage, seniority.get(one.role, len(seniority)), one.role))
    return [_row(one, days[one.stage, one.role], extended.get((one.stage, one.role), 0)) for one in counted]


def _row(one: AskedCounts, days: Counter[int], extended: int) -> Row:
    row: dict[str, Cell] = {
        "stage": stage_column(one.stage),
        "role": one.role,
        "asked": one.asked,
        "replied": days.total(),
        "in_time": one.in_time if one.timed else None,
        "median_days": median(days) if days else None,
        "p90_days": at_share(days, NINE_TENTHS) if days else None,
        "extensions": extended,
        "substitutions": one.substitutions,
    }
    return row


def _imported(scene: Scene, period: Period) -> list[AskedCounts]:
    return [
        AskedCounts(stage=stage, role=NOT_RECORDED, asked=runs, timed=0, in_time=0, substitutions=0)
        for stage, runs in reply_statistics.imported_runs(scene.session, period.within).items()
    ]


def _working_days(scene: Scene, period: Period) -> Days:
    days: Days = defaultdict(Counter)
    count = scene.calendar.count
    for stage, role, started_at, replied_at in reply_statistics.reply_times(scene.session, period.within):
        days[stage, role][count(local(started_at).date(), local(replied_at).date())] += 1
    for stage, started_at, given_at in reply_statistics.imported_reply_times(scene.session, period.within):
        days[stage, NOT_RECORDED][count(local(started_at).date(), local(given_at).date())] += 1
    return days
