"""Says an authority's rules in plain words, and of each where it comes from and who checked it."""

from collections.abc import Iterable, Iterator, Mapping

from scheduling.deadline_wording import say_day, say_every_year
from scheduling.deadlines import HoursRule
from scheduling.duration import Duration, Unit
from scheduling.procedures.terms import A_CONCERN, CONCERN, CONCERNS, CONCERNS_FIRST, IRO, said
from scheduling.procedures.types import (
    UNCHECKED,
    Category,
    ImmediateRoute,
    Procedures,
    Source,
    Stage,
)

ITEMS = {
    "name": "name",
    "addressees": "who answers",
    "answer": "how many must answer",
    "copied": "who is copied",
    "raised_by": "who raises it",
    "reply_within": "time to reply",
    "hours_rule": "how hours are counted",
    "on_no_reply": "what happens without a reply",
}


def explain(procedures: Procedures) -> str:
    """The rules as one text of short lines, a blank line between the parts."""
    parts = (
        _opening(procedures),
        _stages(procedures),
        _immediate(procedures),
        _limits(procedures),
        _office(procedures),
        _ladder(procedures),
        _reviews(procedures),
        _words(procedures),
    )
    return said("\n\n".join("\n".join(part) for part in parts) + "\n", procedures)


def _opening(procedures: Procedures) -> Iterator[str]:
    yield f"{procedures.labels.get('process', 'Procedures')}: {procedures.name}"
    if source := procedures.sources.get("file"):
        yield _origin(source)


def _stages(procedures: Procedures) -> Iterator[str]:
    if procedures.informal is None:
        yield "There is no informal stage."
    else:
        yield from _stage(procedures, procedures.informal)
    for stage in procedures.stages:
        yield from _stage(procedures, stage)
    yield f"The {IRO} may start at any stage and skip any: a reason is asked for, and nothing refused."
    yield f"Only the child's {IRO} closes {A_CONCERN}."


def _stage(procedures: Procedures, stage: Stage) -> Iterator[str]:
    yield f"{stage.name}: {_asked(procedures, stage.addressees, stage.answer)} {_time(stage)}"
    if stage.copied:
        yield f"  Copied for information: {_listed(_role(procedures, role) for role in stage.copied)}."
    if stage.raised_by == "iro_manager":
        yield f"  Raised by the {_role(procedures, 'iro_manager')}."
    if stage.reply_within:
        yield f"  {_no_reply(procedures, stage)}"
    if stage.from_handbook_keys:
        items = _listed(ITEMS[key] for key in stage.from_handbook_keys)
        yield f"  Taken from handbook, because the authority's document does not state it: {items}."
    yield f"  {_origin(Source(source=stage.source, checked_by=stage.checked_by))}"


def _asked(procedures: Procedures, roles: tuple[str, ...], answer: str) -> str:
    names = [_role(procedures, role) for role in roles]
    if len(names) == 1:
        return f"the {names[0]} replies"
    if answer == "each":
        return f"the {_listed(names)} must each reply"
    return f"the {_listed(names, 'or')} replies (any of them)"


def _time(stage: Stage) -> str:
    if stage.reply_within is None:
        return "and there is no clock."
    return f"within {_length(stage.reply_within, stage.hours_rule)}."


def _length(duration: Duration, hours_rule: HoursRule) -> str:
    if duration.unit is not Unit.HOURS:
        return str(duration)
    if hours_rule is HoursRule.CLOCK:
        return f"{duration} by the clock, weekends included"
    return f"{duration} ({hours_rule.value})" if duration.number == 24 else f"{duration} of working time"


def _no_reply(procedures: Procedures, stage: Stage) -> str:
    if stage.on_no_reply == "escalate" and stage is not procedures.top_stage:
        return "Without a reply it moves to the next stage by itself, and everyone is told."
    return f"Without a reply the {IRO} is asked what to do, and the addressee's line manager is told."


def _immediate(procedures: Procedures) -> Iterator[str]:
    route = procedures.immediate
    if route is None:
        yield f"Risk of significant harm: no immediate route is written down; the {IRO} starts where it fits."
        return
    asked = _asked(procedures, route.addressees, route.answer)
    yield f"Risk of significant harm: {asked}, told at once at any hour."
    yield f"  It must be seen within {_length(route.seen_within, HoursRule.CLOCK)}{_reply(route)}."
    if route.telephone:
        yield f"  Not seen in time: telephone {route.telephone.name}, {route.telephone.number}."
    else:
        yield "  Not seen in time: the next senior person is told. No telephone line is written down yet."
    yield f"  {_origin(Source(source=route.source, checked_by=route.checked_by))}"


def _reply(route: ImmediateRoute) -> str:
    return f", and answered within {_length(route.reply_within, route.hours_rule)}" if route.reply_within else ""


def _limits(procedures: Procedures) -> Iterator[str]:
    yield f"All formal stages together: {procedures.total_limit}. An extension never moves this limit."
    yield from _from(procedures, "total_limit")
    names = _listed((_role(procedures, role) for role in procedures.cafcass_for), "or")
    who = f"the {names}" if names else "nobody"
    yield f"Cafcass: {who} may refer at any point, beside an open stage."
    yield from _from(procedures, "cafcass")
    yield f"Legal advice: {procedures.legal_advice}"
    yield from _from(procedures, "legal_advice")


def _office(procedures: Procedures) -> Iterator[str]:
    yield f"Working hours: {procedures.opens:%H:%M} to {procedures.closes:%H:%M}."
    yield f'"Your day" comes at {procedures.your_day_at:%H:%M}.'
    closures = [say_day(day) for day in sorted(procedures.closure_days)]
    closures += [say_every_year(c.first, c.last) for c in procedures.yearly_closures]
    yield f"Closed besides bank holidays: {'; '.join(closures) or 'no day'}."
    yield from _from(procedures, "hours")


def _ladder(procedures: Procedures) -> Iterator[str]:
    rules = procedures.ladder
    yield f"Reminders to those who must reply: {rules.before} before, on the day, then daily."
    yield (
        f"The line manager is told at the deadline, then every {rules.manager_again}; after "
        f"{rules.next_senior_after} of those, the next senior person."
    )
    yield f"An informal {CONCERN} without an answer is asked about after {rules.informal_asked_after}."
    yield f"The {IRO} says within {rules.verdict_within} whether a reply is enough."
    yield f"Asked what comes next, the {IRO} decides within {rules.decision_within}."
    yield f"Drafts are named after {rules.draft_named_after}."
    yield f"The total limit is announced {rules.limit_warning} before it ends."
    yield f"Whether a change lasted is asked {rules.lasted_after} after closing."
    yield from _from(procedures, "ladder")


def _reviews(procedures: Procedures) -> Iterator[str]:
    yield "Reviews:"
    for rule in _rows(procedures.reviews, "rules"):
        if rule.get("on") is False:
            continue
        kind = "law" if rule.get("law") is True else "local, used only where earlier than the law"
        yield (
            f"  {_plain(rule.get('track'))}, {rule.get('review')}: within {rule.get('within')} of "
            f"{rule.get('counted_from', 'the previous review')} ({kind}; {rule.get('source')}; "
            f"{rule.get('checked_by', UNCHECKED)})."
        )
    tasks = _rows(procedures.reviews, "tasks")
    yield f"  Kept for every review: {_listed(_task(task) for task in tasks if task.get('on') is True)}."
    off = [str(task.get("label")) for task in tasks if task.get("on") is not True]
    off += [_plain(rule.get("key")) for rule in _rows(procedures.reviews, "rules") if rule.get("on") is False]
    yield f"  Not switched on: {_listed(off) or 'nothing'}."


def _task(task: Mapping[str, object]) -> str:
    label = str(task.get("label") or task.get("key"))
    if task.get("within"):
        return f"{label} (within {task['within']})"
    return f"{label} ({task['before']} before)" if task.get("before") else label


def _rows(reviews: Mapping[str, object], name: str) -> list[Mapping[str, object]]:
    rows = reviews.get(name)
    return [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, tuple) else []


def _words(procedures: Procedures) -> Iterator[str]:
    least, most = procedures.caseload_range
    yield f"Caseload of a full-time {IRO}: {least} to {most} children."
    yield from _from(procedures, "caseload")
    yield f"Child references look like {procedures.child_reference.pattern}."
    yield f"Other agencies: {_listed(procedures.agencies) or 'none named'}."
    senior = _listed(_role(procedures, role) for role in procedures.service_concern_roles)
    yield f"{CONCERNS_FIRST} about the service go to: {senior}."
    yield "Categories:"
    yield from (_category(category) for category in procedures.categories)
    yield "Duties at issue:"
    yield from (f"  {wording}" for wording in procedures.duties.values())


def _category(category: Category) -> str:
    kind = "" if category.kind == "both" else f" ({category.kind} {CONCERNS} only)"
    note = f" {category.note}" if category.note else ""
    return f"  {category.label}{kind}.{note}"


def _from(procedures: Procedures, rule: str) -> Iterator[str]:
    source = procedures.sources.get(rule)
    if source and source.from_handbook and procedures.key != "handbook":
        yield f"  Taken from handbook, because the authority's document does not state it. {_origin(source)}"
    elif source:
        yield f"  {_origin(source)}"


def _origin(source: Source) -> str:
    checked = "not yet checked by a practitioner" if source.checked_by == UNCHECKED else source.checked_by
    return f"Source: {source.source} ({checked})."


def _role(procedures: Procedures, role: str) -> str:
    return procedures.role_label(role)


def _plain(value: object) -> str:
    return str(value).replace("_", " ").capitalize()


def _listed(words: Iterable[str], last: str = "and") -> str:
    *most, end = [*words] or [""]
    return f"{', '.join(most)} {last} {end}" if most else end
