"""The authority's procedure for resolving concerns, told from its procedures file."""

from collections.abc import Iterator

from handlers.paper import Paragraph, Part, Points
from handlers.report.sentences import an, listed, lower_first, sentence
from scheduling.deadlines import HoursRule
from scheduling.duration import Unit
from scheduling.procedures import Procedures
from scheduling.procedures.types import Stage


def procedure(rules: Procedures) -> list[Part]:
    """What the process is called, who is asked at each stage and for how long, and what all stages may take."""
    concern, many = rules.labels.get("concern", "concern"), rules.labels.get("concern_plural", "concerns")
    process = rules.labels.get("process", "Resolution process")
    iro = rules.role_label("iro")
    return [
        Paragraph(
            text=f"When the {iro} is worried about a child's care, the {lower_first(process)} "
            f"applies. {sentence(an(concern))} may start at any stage; only the child's {iro} closes it."
        ),
        Points(items=tuple(_stages(rules))),
        Paragraph(
            text=f"All formal stages together may take {rules.total_limit}. "
            f"The {iro} may refer {many} to Cafcass at any point."
        ),
    ]


def _stages(rules: Procedures) -> Iterator[str]:
    if rules.informal is not None:
        yield _stage(rules, rules.informal)
    for stage in rules.stages:
        yield _stage(rules, stage)
    if rules.immediate is not None:
        roles = listed([lower_first(rules.role_label(role)) for role in rules.immediate.addressees])
        yield f"Risk of significant harm: the {roles} are told at once, past every stage."


def _stage(rules: Procedures, stage: Stage) -> str:
    roles = [lower_first(rules.role_label(role)) for role in stage.addressees]
    joined = listed(roles) if stage.answer == "each" else " or ".join(roles)
    verb = "each reply" if stage.answer == "each" and len(roles) > 1 else "replies"
    within = stage.reply_within
    if within is None:
        return f"{stage.name}: the {joined} {verb}; no time is set."
    clock = ", weekends included" if within.unit is Unit.HOURS and stage.hours_rule is HoursRule.CLOCK else ""
    return f"{stage.name}: the {joined} {verb} within {within}{clock}."
