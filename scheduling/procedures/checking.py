"""Faults that show when rules are held side by side: times against the limit, stages against seniority."""

from math import ceil

from scheduling.duration import Duration, Unit
from scheduling.procedures.table import Findings
from scheduling.procedures.types import Procedures

_WORKING_DAYS = {
    Unit.WORKING_DAYS: 1.0,
    Unit.HOURS: 1 / 24,
    Unit.DAYS: 5 / 7,
    Unit.WEEKS: 5.0,
    Unit.MONTHS: 21.0,
}


def in_working_days(duration: Duration) -> int:
    """About how many working days that is: exact for working days and for 24 hours, which is one."""
    return ceil(round(duration.number * _WORKING_DAYS[duration.unit], 6))


def check_together(procedures: Procedures, findings: Findings) -> None:
    """Notes what does not fit together."""
    _check_total(procedures, findings)
    _check_seniority(procedures, findings)
    _check_names(procedures, findings)
    if len(procedures.stages) > 1 and procedures.stages[-1].on_no_reply == "escalate":
        what = f"{procedures.top_stage.name} is the last stage and cannot move up by itself."
        right = 'Write on_no_reply = "prompt": beyond it the IRO decides.'
        findings.note(("stages", len(procedures.stages) - 1, "on_no_reply"), what, right, "warning")


def _check_total(procedures: Procedures, findings: Findings) -> None:
    together = sum(in_working_days(stage.reply_within) for stage in procedures.stages if stage.reply_within)
    if together > in_working_days(procedures.total_limit):
        what = f"The stages together take {together} working days, more than {procedures.total_limit}."
        right = f'Shorten a stage, or write limit = "{together} working days" if the procedures say so.'
        findings.note(("total_limit", "limit"), what, right, "warning")


def _check_seniority(procedures: Procedures, findings: Findings) -> None:
    order = {role: rank for rank, role in enumerate(("social_worker", *procedures.line_roles))}
    highest, before = -1, ""
    for place, stage in enumerate(procedures.stages):
        rank = max((order[role] for role in stage.addressees if role in order), default=highest)
        if rank < highest:
            what = f"{stage.name} goes to someone less senior than {before}."
            right = "Order the stages by seniority, or the roles in [roles] line."
            findings.note(("stages", place, "addressees"), what, right, "warning")
        if rank >= highest:
            highest, before = rank, stage.name


def _check_names(procedures: Procedures, findings: Findings) -> None:
    names: set[str] = set()
    for place, stage in enumerate(procedures.stages):
        if stage.name.casefold() in names:
            what = f'Two stages are called "{stage.name}".'
            findings.note(("stages", place, "name"), what, "Give each its own name.")
        names.add(stage.name.casefold())
