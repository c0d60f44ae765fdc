"""Reads a procedures text into an authority's rules; what the text does not state comes from handbook."""

import hashlib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType

from scheduling.procedures.checking import check_together
from scheduling.procedures.locating import Lines
from scheduling.procedures.office import OfficeHours, read_hours
from scheduling.procedures.review_rules import read_reviews
from scheduling.procedures.shipped import HANDBOOK, shipped_names, shipped_text
from scheduling.procedures.stages import (
    Roles,
    checked_by,
    read_immediate,
    read_informal,
    read_stages,
)
from scheduling.procedures.standing_rules import (
    read_cafcass,
    read_caseload,
    read_child_reference,
    read_ladder,
    read_legal_advice,
    read_total_limit,
)
from scheduling.procedures.table import Findings, Raw, Table
from scheduling.procedures.toml_text import read_toml
from scheduling.procedures.types import (
    ImmediateRoute,
    Problem,
    Procedures,
    ProceduresInvalid,
    Source,
    Stage,
)
from scheduling.procedures.wording import (
    read_categories,
    read_duties,
    read_labels,
    read_role_labels,
    read_roles,
    read_service_roles,
)

EXAMPLES_FROM = date(2026, 4, 1)
"""The year in which examples are looked for when nobody says which: 2026-27."""


def load_procedures(name_or_path: str | Path) -> Procedures:
    """The procedures of a shipped name or of a file; ProceduresInvalid names all that is wrong with it."""
    name = str(name_or_path)
    if name in shipped_names():
        return parse_procedures(shipped_text(name), f"{name}.toml")
    return parse_procedures(file_text(name), name)


def file_text(path: str) -> str:
    """The text of a procedures file; ProceduresInvalid when it cannot be read."""
    right = f"Give the path of a .toml file in UTF-8, or one of: {', '.join(shipped_names())}."
    try:
        return Path(path).read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        what = f"Byte {wrong.start} is not UTF-8."
    except (OSError, ValueError) as wrong:
        what = f"The file cannot be read: {getattr(wrong, 'strerror', None) or wrong}."
    raise ProceduresInvalid([Problem(file=path, line=1, severity="error", what=what, right=right)])


def parse_procedures(text: str, name: str) -> Procedures:
    """The procedures of a text; `name` is the file's, for messages. ProceduresInvalid lists every fault."""
    procedures, problems = examine(text, name, EXAMPLES_FROM)
    if procedures is None or any(problem.severity == "error" for problem in problems):
        raise ProceduresInvalid(problems)
    return procedures


def check_procedures(text: str, name: str, *, example_from: date = EXAMPLES_FROM) -> list[Problem]:
    """Everything wrong with the text, errors and warnings, in the order of its lines.

    A local review rule later than the law is shown with a date of the year after `example_from`.
    """
    return sorted(examine(text, name, example_from)[1], key=lambda problem: problem.line)


def examine(text: str, name: str, example_from: date) -> tuple[Procedures | None, list[Problem]]:
    """The procedures, usable only where no problem is an error, and all problems."""
    text = text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")
    try:
        raw = read_toml(text, name)
    except ProceduresInvalid as invalid:
        return None, list(invalid.problems)
    findings = Findings(file=name, lines=Lines(text))
    top = Table(findings, (), raw, _inherited(raw, findings))
    return _read(top, hashlib.sha256(text.encode()).hexdigest(), example_from), findings.problems


@cache
def _handbook() -> Raw:
    return read_toml(shipped_text(HANDBOOK), f"{HANDBOOK}.toml")


def _inherited(raw: Raw, findings: Findings) -> Raw:
    """What the file inherits: handbook, which alone may stand by itself."""
    extends = raw.get("extends")
    if extends == HANDBOOK or (extends is None and raw.get("key") == HANDBOOK):
        return _handbook() if extends else {}
    if extends is None:
        what = 'The file does not say extends = "handbook".'
        findings.note((), what, f'Write extends = "{HANDBOOK}" above the first table.')
    else:
        what = f'A file can extend "{HANDBOOK}" and nothing else.'
        findings.note(("extends",), what, f'Write extends = "{HANDBOOK}".')
    return _handbook()


@dataclass(frozen=True, kw_only=True)
class _Steps:
    informal: Stage | None
    stages: tuple[Stage, ...]
    immediate: ImmediateRoute | None
    sources: dict[str, Source]


def _read(top: Table, digest: str, example_from: date) -> Procedures:
    sources: dict[str, Source] = {}
    top.taken.add("extends")
    own = top.alone
    key, name = own.key(), own.text("name", longest=60)
    sources["file"] = Source(source=own.text("source"), checked_by=checked_by(own))
    labels = read_labels(top)
    roles, role_table = read_roles(top)
    hours = _hours(top, sources)
    steps = _steps(top, roles)
    pattern, show = read_child_reference(top)
    procedures = Procedures(
        key=key,
        name=name,
        digest=digest,
        labels=labels,
        opens=hours.opens,
        closes=hours.closes,
        your_day_at=hours.your_day_at,
        closure_days=hours.one_off,
        yearly_closures=hours.yearly,
        extra_working_days=hours.extra_working,
        child_reference=pattern,
        show_child_reference=show,
        line_roles=roles.line,
        role_labels=read_role_labels(role_table, roles, labels),
        other_roles=roles.other,
        informal=steps.informal,
        stages=steps.stages,
        immediate=steps.immediate,
        total_limit=read_total_limit(top, sources),
        cafcass_for=read_cafcass(top, roles, sources),
        legal_advice=read_legal_advice(top, sources),
        agencies=top.words("agencies"),
        categories=read_categories(top, top.inherited),
        duties=read_duties(top),
        ladder=read_ladder(top, sources),
        service_concern_roles=read_service_roles(role_table, roles),
        caseload_range=read_caseload(top, sources),
        reviews=read_reviews(top, example_from),
        sources=MappingProxyType(steps.sources | sources),
    )
    role_table.close()
    top.close()
    check_together(procedures, top.findings)
    return procedures


def _steps(top: Table, roles: Roles) -> _Steps:
    informal, immediate = read_informal(top, roles), read_immediate(top, roles)
    formal = read_stages(top, top.inherited, roles)
    sources = {stage.key: source for stage, source in ([informal] if informal else []) + formal}
    if immediate:
        sources["immediate"] = immediate[1]
    return _Steps(
        informal=informal[0] if informal else None,
        stages=tuple(stage for stage, _ in formal),
        immediate=immediate[0] if immediate else None,
        sources=sources,
    )


def _hours(top: Table, sources: dict[str, Source]) -> OfficeHours:
    hours = read_hours(top)
    sources["hours"] = hours.source
    return hours
