"""What is asked once before a concern is logged, and never refused: why it starts high, and what is open already."""

from handlers.concerns.listing import standing_words
from handlers.concerns.starting import lowest_for_service
from handlers.office import Desk
from handlers.rights import May, may, standing
from handlers.wording import run_words, stage_words
from scheduling.deadline_wording import say_list
from scheduling.procedures import Procedures
from storage import concerns, stage_runs
from storage.children import Child
from storage.concerns import Concern, ConcernState


def why_so_high(rules: Procedures, start: int, *, about_service: bool) -> dict[str, str]:
    """The question why formal stages are skipped; beginning at the first of them skips none."""
    first = lowest_for_service(rules) if about_service else rules.stages[0].number
    if start <= first:
        return {}
    skipped = say_list([stage_words(stage.number) for stage in rules.stages if first <= stage.number < start])
    text = (
        f'You start at {stage_words(start)} and skip {skipped}. Say why under "Reason for starting here", '
        "or press Log again to log it without a reason."
    )
    return {"start": text}


def open_already(desk: Desk, reason: str, child: Child | None, *, besides: str = "") -> dict[str, str]:
    """A sentence for each concern and draft on the same child, or the service, with the same main reason.

    Only what the person may know of; `besides` is the draft that is being logged.
    """
    found = concerns.with_main_reason(desk.session, reason, child.id if child is not None else None)
    on = "on this child" if child is not None else "about the service"
    return {
        f"open:{one.reference}": _stands(desk, one, on)
        for one in found
        if one.reference != besides and may(standing(desk, one), May.SEE_IT_EXISTS)
    }


def _stands(desk: Desk, one: Concern, on: str) -> str:
    shows = f"/concern {one.reference} shows it."
    if one.state is ConcernState.DRAFT:
        return f"{one.reference} is a draft {on} with this reason. {shows}"
    run = stage_runs.get(desk.session, one.run_id) if one.run_id is not None else None
    how = f": {run_words(run)}, {standing_words(desk, one, run)}" if run is not None else ""
    return f"{one.reference} is open {on} with this reason{how}. {shows}"
