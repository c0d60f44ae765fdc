"""All tables of figures, with notes on how each is counted and what in the data is odd."""

from handlers.figures.concern_tables import (
    concerns_and_children,
    concerns_by_highest_stage,
    concerns_by_month,
    senior_roles,
)
from handlers.figures.outcome_table import outcomes
from handlers.figures.period import Period
from handlers.figures.reason_table import reasons
from handlers.figures.reply_table import replies
from handlers.figures.review_tables import review_notes, review_tables
from handlers.figures.tables import Figures
from handlers.office import Scene
from storage import statistics

NAMED_AT_MOST = 10

COUNTING = (
    "Drafts and discarded drafts are never counted. Every total is added up here.",
    "concerns_by_month: entries to a stage in the month, so a concern that moved up counts at both "
    "stages; asked again and reopened are no entries; cafcass counts referrals.",
    "concerns_by_highest_stage, concerns_and_children, reasons: concerns raised in the period, by "
    "what they have reached by now; completed are those closed, agencies those that involve another "
    "agency.",
    "reasons: formal once stage 1 was reached; main counts the main reason, any every mention; a "
    "concern may name several, so the rows of any are never summed to 100 per cent of base.",
    "replies: people asked (not those copied) in stages begun in the period, each for themselves, "
    "also where one answer was enough; days are working days from the day the stage began; p90_days "
    "is the number within which nine of ten replies came; in_time is empty where no deadline was set;"
    ' an extension counts for every role asked; imported concerns stand under the role "not '
    'recorded".',
    "outcomes: concerns closed in the period and not reopened since; lasted counts those said to have lasted.",
)


def figures(scene: Scene, period: Period) -> Figures:
    """Every table for the period."""
    return Figures(
        tables={
            "concerns_by_month": concerns_by_month(scene, period),
            "concerns_by_highest_stage": concerns_by_highest_stage(scene, period),
            "concerns_and_children": concerns_and_children(scene, period),
            "reasons": reasons(scene, period),
            "replies": replies(scene, period),
            "outcomes": outcomes(scene, period),
            **review_tables(scene, period),
        },
        notes=(*_rules(scene, period), *_oddities(scene, period), *review_notes(scene, period)),
    )


def _rules(scene: Scene, period: Period) -> tuple[str, ...]:
    seniors = ", ".join(scene.rules.role_label(role) for role in senior_roles(scene.rules))
    return (
        f"{period}, both days included, by the London calendar, as of {scene.today.isoformat()}.",
        *COUNTING,
        f"reached_assistant_director: asked someone senior ({seniors}), or reached a stage that does.",
    )


def _oddities(scene: Scene, period: Period) -> list[str]:
    notes = []
    if odd := _named(statistics.without_reason(scene.session, period.within, NAMED_AT_MOST)):
        notes.append(f"Raised in the period without any reason: {odd}.")
    if odd := _named(statistics.without_outcome(scene.session, period.within, NAMED_AT_MOST)):
        notes.append(f"Closed in the period without an outcome: {odd}.")
    if withdrawn := statistics.withdrawn_among(scene.session, period.within):
        notes.append(f"Raised in the period and withdrawn later, and still counted: {withdrawn}.")
    return notes


def _named(found: tuple[int, list[int]]) -> str:
    """How many, and the references of the first few."""
    number, named = found
    if not number:
        return ""
    more = f" and {number - len(named)} more" if number > len(named) else ""
    return f"{number} ({', '.join(f'C-{one}' for one in named)}{more})"
