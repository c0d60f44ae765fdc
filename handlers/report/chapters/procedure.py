"""The authority's procedure for resolving concerns, told from its procedures file."""

from collections.abc import Iterator

from handlers.paper import Paragraph, Part, Points
from handlers.report.sentences import listed, lower_first
from handlers.wording import role_in_words
from scheduling.deadlines import HoursRule
from scheduling.duration import Unit
from scheduling.procedures import Procedures
from scheduling.procedures.terms import A_CONCERN_FIRST, CONCERNS, IRO
from scheduling.procedures.types import Stage


def procedure(rules: Procedures) -> list[Part]:
    """What the process is called, who is asked at each stage and for how long, and what all stages may take."""
    process = rules.labels.get("process", "Resolution process")
    return [
        Paragraph(
            text=f"When the {IRO} is worried about a child's care, the {lower_first(process)} "
            f"applies. {A_CONCERN_FIRST} may start at any stage; only the child's {IRO} closes it."
        ),
        Points(items=tuple(_stages(rules))),
        Paragraph(
            text=f"All formal stages together may take {rules.total_limit}. "
            f"The {IRO} may refer {CONCERNS} to Cafcass at any point."
        ),
    ]


def _stages(rules: Procedures) -> Iterator[str]:
    if rules.informal is not None:
        yield _stage(rules, rules.informal)
    for stage in rules.stages:
        yield _stage(rules, stage)
    if rules.immediate is not None:
        roles = listed([role_in_words(rules, role) for role in rules.immediate.addressees])
        yield f"Risk of significant harm: the {roles} are told at once, past every stage."


def _stage(rules: Procedures, stage: Stage) -> str:
    roles = [role_in_words(rules, role) for role in stage.addressees]
    joined = listed(roles) if stage.answer == "each" else " or ".join(roles)
    verb = "each reply" if stage.answer == "each" and len(roles) > 1 else "replies"
    within = stage.reply_within
    if within is None:
        return f"{stage.name}: the {joined} {verb}; no time is set."
    clock = ", weekends included" if within.unit is Unit.HOURS and stage.hours_rule is HoursRule.CLOCK else ""
    return f"{stage.name}: the {joined} {verb} within {within}{clock}."
