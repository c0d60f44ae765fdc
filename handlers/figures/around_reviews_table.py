"""The work around reviews: how much of it fell due, and how much was done."""

from dataclasses import replace

from handlers.figures.period import Period
from handlers.figures.shares import share
from handlers.figures.tables import Row
from handlers.office import Scene
from handlers.timetable.counting import values_of
from handlers.timetable.tasks import MIDWAY, RECORD_SENT, SEEN, SPOKEN_TO, is_before
from storage import review_statistics

TASKS = {"midway done": MIDWAY, "child seen": SEEN, "child spoken to": SPOKEN_TO}


def around_reviews(scene: Scene, period: Period) -> list[Row]:
    """What fell due in the period and, where it runs on, by today."""
    days = replace(period.days, last=min(period.last, scene.today))
    values = values_of(scene)
    counted = {
        what: review_statistics.tasks(scene.session, days, task, before_review=is_before(values, task))
        for what, task in TASKS.items()
    }
    counted["record out in time"] = review_statistics.records_sent(scene.session, days, RECORD_SENT)
    counted["decisions done by the next review"] = review_statistics.decisions_settled(scene.session, days)
    return [
        {"what": what, "due": one.due, "done": one.done, "share": share(one.done, one.due)}
        for what, one in counted.items()
    ]
