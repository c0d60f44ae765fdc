"""Reads the rules that stand alone: total limit, Cafcass, legal advice, reminders, caseload, references."""

import re
from dataclasses import fields

from scheduling.duration import Duration, Unit
from scheduling.procedures.child_reference import EXAMPLE, matches_a_person_number, wrong_with
from scheduling.procedures.stages import Roles, from_handbook, source_of
from scheduling.procedures.table import Table
from scheduling.procedures.terms import AN_IRO_FIRST
from scheduling.procedures.types import LadderRules, Source

IN_WORKING_DAYS = ("before", "manager_again", "draft_named_after", "limit_warning")
"""What is counted back from a deadline or again and again, and so needs one unit."""
MOST_DAYS = 60
CAFCASS_ROLES = ("iro", "iro_manager")
# Texts of handbook that were stored before say to readers what is meant for the writer of the file.
_SAYS_NO_WAY = ("", "An IRO may take independent legal advice at any time. The service writes here how to reach it.")
_DEFAULT_PATTERN = re.compile(r"[A-Z]{2,4}-\d{2,8}")


def _sourced(top: Table, name: str, keys: tuple[str, ...], sources: dict[str, Source]) -> Table:
    table = top.table(name)
    sources[name] = source_of(table, from_handbook(table, keys), keys)
    return table


def read_total_limit(top: Table, sources: dict[str, Source]) -> Duration:
    """The time that all formal stages may take together."""
    table = _sourced(top, "total_limit", ("limit",), sources)
    limit = table.duration("limit", required=True)
    table.close()
    return limit or Duration(20, Unit.WORKING_DAYS)


def read_cafcass(top: Table, roles: Roles, sources: dict[str, Source]) -> tuple[str, ...]:
    """The roles that may refer to Cafcass."""
    table = _sourced(top, "cafcass", ("open_to",), sources)
    open_to = roles.take(table, "open_to", CAFCASS_ROLES, "only an IRO can refer to Cafcass (Children Act 1989, s.25B)")
    table.close()
    return open_to


def read_legal_advice(top: Table, sources: dict[str, Source]) -> str:
    """The line that says how an IRO comes by legal advice; only that they can where no way is stated."""
    table = _sourced(top, "legal_advice", ("line",), sources)
    line = table.text("line", required=False)
    table.close()
    return f"{AN_IRO_FIRST} may take independent legal advice at any time." if line in _SAYS_NO_WAY else line


def read_ladder(top: Table, sources: dict[str, Source]) -> LadderRules:
    """When reminders are sent and the IRO is asked; what is not stated is as usual."""
    keys = tuple(rule.name for rule in fields(LadderRules))
    table = _sourced(top, "ladder", keys, sources)
    usual = LadderRules()

    def taken(key: str, default: Duration) -> Duration:
        duration = table.duration(key, default) or default
        countable = duration.unit is Unit.WORKING_DAYS and duration.number <= MOST_DAYS
        if key in IN_WORKING_DAYS and not countable:
            right = f'Write {key} = "{default}", or another number up to {MOST_DAYS}.'
            table.note(key, f'"{key}" must be given in working days, not {duration}.', right)
        return duration

    ladder = LadderRules(
        before=taken("before", usual.before),
        manager_again=taken("manager_again", usual.manager_again),
        next_senior_after=table.number("next_senior_after", usual.next_senior_after, most=12),
        informal_asked_after=taken("informal_asked_after", usual.informal_asked_after),
        decision_within=taken("decision_within", usual.decision_within),
        verdict_within=taken("verdict_within", usual.verdict_within),
        draft_named_after=taken("draft_named_after", usual.draft_named_after),
        limit_warning=taken("limit_warning", usual.limit_warning),
        lasted_after=taken("lasted_after", usual.lasted_after),
    )
    table.close()
    return ladder


def read_caseload(top: Table, sources: dict[str, Source]) -> tuple[int, int]:
    """The fewest and the most children of a full-time IRO."""
    table = _sourced(top, "caseload", ("per_full_time",), sources)
    value = table.take("per_full_time")
    table.close()
    match value:
        case [int(least), int(most)] if 0 < least <= most <= 500:
            return least, most
    right = "Write the least and the most children, for example per_full_time = [50, 70]."
    table.note("per_full_time", '"per_full_time" is no range.', right)
    return 50, 70


def read_child_reference(top: Table) -> tuple[re.Pattern[str], bool]:
    """What a child's reference looks like, and whether messages show it."""
    table = top.table("child_reference")
    pattern = table.text("pattern")
    show = table.yes("show", True)
    table.close(("source", "checked_by", "from_handbook"))
    if not pattern:
        return _DEFAULT_PATTERN, show
    if wrong := wrong_with(pattern):
        table.note("pattern", wrong, f"Write a pattern such as {EXAMPLE[len('for example ') :]}.")
        return _DEFAULT_PATTERN, show
    compiled = re.compile(pattern)
    if number := matches_a_person_number(compiled):
        what = f"The pattern also matches {number}, which may never be written here."
        table.note("pattern", what, f"Narrow it, {EXAMPLE}.", "warning")
    return compiled, show
