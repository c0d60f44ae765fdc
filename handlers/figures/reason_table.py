"""What concerns were about: each reason as the main one and as any, informal and formal concerns apart."""

from handlers.figures.period import Period
from handlers.figures.tables import Row
from handlers.office import Scene
from handlers.undrawn import rules_known
from storage import concern_statistics


def reasons(scene: Scene, period: Period) -> list[Row]:
    """The reasons of concerns raised in the period, most named first; `base` is the concerns of that kind.

    A concern with several reasons is in several rows, so that the rows do not add up to the base.
    """
    by_stage = concern_statistics.by_highest_stage(scene.session, period.within)
    informal = sum(counts.concerns for stage, counts in by_stage.items() if stage < 1)
    formal = sum(counts.concerns for stage, counts in by_stage.items() if stage >= 1)
    counted = concern_statistics.reasons(scene.session, period.within)
    labels = reason_labels(scene, period, {one.reason for one in counted})
    counted.sort(key=lambda one: (one.formal, -one.named, -one.main, labels[one.reason]))
    return [
        {
            "kind": "formal" if one.formal else "informal",
            "reason": labels[one.reason],
            "main": one.main,
            "any": one.named,
            "base": formal if one.formal else informal,
        }
        for one in counted
    ]


def reason_labels(scene: Scene, period: Period, keys: set[str]) -> dict[str, str]:
    """How reasons read: by the procedures in force, else by those the concerns began under, else the key."""
    labels: dict[str, str] = {}
    rules = [scene.rules]
    if any(scene.rules.category(key) is None for key in keys):
        rules += rules_known(scene, concern_statistics.procedures_of(scene.session, period.within)).values()
    for key in keys:
        found = next((category for one in rules if (category := one.category(key))), None)
        labels[key] = found.label if found else key
    return labels
