"""How concerns ended, whether what changed was recorded and lasted, the child was told, and the copy is on record."""

from handlers.figures.period import Period
from handlers.figures.tables import Row
from handlers.office import Scene
from storage import concern_statistics
from storage.concern_statistics import OutcomeCounts
from storage.concerns import Outcome

NOT_RECORDED = "not recorded"


def outcomes(scene: Scene, period: Period) -> list[Row]:
    """Concerns closed in the period by outcome; closed ones that came by import may name none."""
    counted = {one.outcome: one for one in concern_statistics.outcomes(scene.session, period.within)}
    listed: list[Outcome | None] = [*Outcome, *([None] if None in counted else [])]
    return [_row(outcome, counted.get(outcome)) for outcome in listed]


def _row(outcome: Outcome | None, counts: OutcomeCounts | None) -> Row:
    return {
        "outcome": outcome.value if outcome else NOT_RECORDED,
        "concerns": counts.concerns if counts else 0,
        "change_recorded": counts.change_recorded if counts else 0,
        "lasted": counts.lasted if counts else 0,
        "child_told": counts.child_told if counts else 0,
        "on_record": counts.on_record if counts else 0,
    }
