"""The IRO manager's whole service, by age alone: what is open, late, not booked, and who was asked and is gone."""

from collections import Counter

from handlers.cards import Line
from handlers.day.ahead import Pairs, late_now, until_words
from handlers.day.part import Part
from handlers.figures.caseload_table import caseload
from handlers.figures.open_table import Age, age_of, days_open
from handlers.figures.period import Period
from handlers.figures.reporting_years import year_of
from handlers.office import Scene
from handlers.reviews.day_line import whose
from handlers.wording import name_of, stage_words
from scheduling.deadline_wording import say_day
from scheduling.duration import Unit, say_count
from scheduling.procedures.terms import CONCERNS
from scheduling.working_days import local
from storage import caseload as counts
from storage.caseload import OpenConcern
from storage.reviews import ReviewState
from storage.whose import EVERYBODY


def ageing(scene: Scene) -> Part:
    """ "31: informal 12, stage 1 13, stage 2 5. Longest: C-9, first raised Thu 24 Sep, 47 working days."."""
    found = list(counts.open_concerns(scene.session))
    if not found:
        return Part(key="open", heading="", lines=())
    stages = Counter(one.stage for one in found)
    by_stage = ", ".join(f"{stage_words(number)} {stages[number]}" for number in sorted(stages))
    oldest = max(found, key=lambda one: (days_open(scene, one), -one.number))
    lines = [Line(text=f"{len(found)}: {by_stage}. Longest: {_longest(scene, oldest)}.")]
    lines += [Line(text=text) for text in _late(scene, found)]
    return Part(key="open", heading=f"Open {CONCERNS}", lines=lines, counted=False)


def _longest(scene: Scene, one: OpenConcern) -> str:
    raised = local(one.first_raised_at).date()
    days = say_count(days_open(scene, one), Unit.WORKING_DAYS)
    return f"C-{one.number}, first raised {say_day(raised, scene.today)}, {days}"


def _late(scene: Scene, found: list[OpenConcern]) -> list[str]:
    ages = Counter(age_of(scene, one) for one in found)
    late = [one for one in found if age_of(scene, one) is Age.OVERDUE and one.due_at is not None]
    if not late and not ages[Age.OVER_LIMIT]:
        return []
    longest = max(
        (scene.calendar.count(local(one.due_at).date(), scene.today) for one in late if one.due_at), default=0
    )
    replies = f"{len(late)} {'reply' if len(late) == 1 else 'replies'}"
    since = f", longest {say_count(longest, Unit.WORKING_DAYS)}" if longest else ""
    return [f"Late: {replies}{since}; {ages[Age.OVER_LIMIT]} past all stages."]


def reviews(scene: Scene, found: Pairs) -> Part:
    """ "24, of them 2 not booked; late: AB-1056, due Thu 26 Nov (Ben Okafor)."."""
    if not found:
        return Part(key="reviews", heading="", lines=())
    unbooked = sum(review.state is ReviewState.DUE for review, _ in found)
    text = f"{len(found)}, of them {unbooked} not booked"
    late = [
        f"{whose(scene, child)}, due {say_day(review.due_on, scene.today)} ({name_of(scene, child.iro_id)})"
        for review, child in found
        if late_now(scene, review)
    ]
    named, more = "; ".join(late[:3]), len(late) - 3
    text += f"; late: {named}{f' and {more} more' if more > 0 else ''}" if late else ""
    return Part(key="reviews", heading=until_words(scene), lines=(Line(text=f"{text}."),), counted=False)


def against_the_range(scene: Scene) -> Part:
    """Each IRO's children against the range for full time: never how many concerns they have."""
    period = Period(first=year_of(scene.today).days.first, last=scene.today, whose=EVERYBODY)
    rows = caseload(scene, period)
    if not rows:
        return Part(key="range", heading="", lines=())
    least, most = scene.rules.caseload_range
    named = [f"{row['iro']} {row['children'] or 0}{_at(row['fte'], row['children_per_fte'])}" for row in rows]
    return Part(
        key="range",
        heading=f"Full-time range {least} to {most}",
        lines=tuple(Line(text=one) for one in named),
        counted=False,
    )


def _at(fte: object, each: object) -> str:
    """ " (60 for full time)" of who works less."""
    if not isinstance(fte, int | float) or fte == 1 or not isinstance(each, int | float):
        return ""
    return f" ({each:g} for full time)"
