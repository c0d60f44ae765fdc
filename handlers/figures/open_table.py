"""What is open, by age: the older, the more pressing the colour; how many there are has none."""

from collections import Counter, defaultdict
from enum import StrEnum

from handlers.figures.concern_tables import stage_numbers
from handlers.figures.period import Period
from handlers.figures.tables import Place, Row, Tone, stage_column
from handlers.office import Scene
from scheduling.duration import Unit
from scheduling.working_days import local
from storage import caseload
from storage.caseload import OpenConcern
from storage.concerns import ConcernState


class Age(StrEnum):
    """How an open concern stands against its clocks."""

    WITHIN_TIME = "within_time"
    OVERDUE = "overdue"
    OVER_LIMIT = "over_limit"
    NO_CLOCK = "no_clock"


TONES = {Age.OVERDUE: Tone.AGEING, Age.OVER_LIMIT: Tone.OLD}


def age_of(scene: Scene, one: OpenConcern) -> Age:
    """Past the limit of all stages, else late with a reply or a plan, else in time or without a clock."""
    if one.limit_at is not None and one.limit_at <= scene.now:
        return Age.OVER_LIMIT
    waits = one.state in (ConcernState.WAITING, ConcernState.ASKED)
    late_reply = waits and one.due_at is not None and one.due_at <= scene.now
    late_plan = one.state is ConcernState.PLANNED and one.plan_by is not None and one.plan_by < scene.today
    if late_reply or late_plan or (one.state is ConcernState.ASKED and one.due_at is not None):
        return Age.OVERDUE
    return Age.NO_CLOCK if waits and one.due_at is None else Age.WITHIN_TIME


def open_by_age(scene: Scene, period: Period) -> tuple[list[Row], dict[Place, Tone]]:
    """Concerns open now by stage and age, with the tones of the cells that tell of age."""
    counted: defaultdict[int, Counter[Age]] = defaultdict(Counter)
    oldest: dict[int, int] = {}
    for one in caseload.open_concerns(scene.session, period.whose):
        counted[one.stage][age_of(scene, one)] += 1
        oldest[one.stage] = max(oldest.get(one.stage, 0), days_open(scene, one))
    rows: list[Row] = []
    tones: dict[Place, Tone] = {}
    for number in stage_numbers(scene.rules, counted):
        ages = counted[number]
        tones |= {(len(rows), age.value): tone for age, tone in TONES.items() if ages[age]}
        if number in oldest:
            tones[len(rows), "oldest_days"] = tone_of_days(scene, oldest[number])
        rows.append(
            {
                "stage": stage_column(number),
                **{age.value: ages[age] for age in Age},
                "open": ages.total(),
                "oldest_days": oldest.get(number),
            }
        )
    return rows, tones


def days_open(scene: Scene, one: OpenConcern) -> int:
    """Working days since it, or the concern whose place it took, was first raised."""
    return scene.calendar.count(local(one.first_raised_at).date(), scene.today)


def tone_of_days(scene: Scene, days: int) -> Tone:
    """Old past the limit of all stages, ageing past half of it (20 working days in the IRO Handbook, 6.2)."""
    limit = scene.rules.total_limit
    longest = limit.number if limit.unit is Unit.WORKING_DAYS else 20
    if days > longest:
        return Tone.OLD
    return Tone.AGEING if 2 * days > longest else Tone.FRESH
