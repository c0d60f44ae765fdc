"""The stages of the procedures as people choose and read them."""

from handlers.cards import Choice
from handlers.concerns.starting import lowest_for_service
from scheduling.procedures import Procedures


def stage_choices(rules: Procedures, *, about_service: bool = False, above: int = -1) -> tuple[Choice, ...]:
    """The stages to choose from, each by number and name."""
    lowest = lowest_for_service(rules) if about_service else 0
    stages = (*((rules.informal,) if rules.informal else ()), *rules.stages)
    return tuple(
        Choice(value=str(stage.number), label=stage.title)
        for stage in stages
        if stage.number >= lowest and stage.number > above
    )
