"""Reads who must answer and by when: the informal stage, the formal stages and the immediate route."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from scheduling.deadlines import HoursRule
from scheduling.duration import Duration, Unit
from scheduling.procedures.table import Raw, Table
from scheduling.procedures.types import (
    BUILT_IN_ROLES,
    UNCHECKED,
    Answer,
    ImmediateRoute,
    OnNoReply,
    RaisedBy,
    Source,
    Stage,
    Telephone,
)

HOURS_RULES: Mapping[str, HoursRule] = {rule.value: rule for rule in HoursRule} | {
    "working": HoursRule.WORKING,
    "clock": HoursRule.CLOCK,
}
ANSWERS: Mapping[str, Answer] = {"any": "any", "each": "each"}
RAISERS: Mapping[str, RaisedBy] = {"iro": "iro", "iro_manager": "iro_manager"}
ON_NO_REPLY: Mapping[str, OnNoReply] = {"prompt": "prompt", "escalate": "escalate"}

STAGE_KEYS = (
    "name", "addressees", "answer", "copied", "raised_by", "reply_within", "hours_rule", "on_no_reply",
)  # fmt: skip
_SHARED = ("source", "checked_by", "from_handbook")
NAME_LIMIT = 40
ONE_HOUR = Duration(1, Unit.HOURS)


@dataclass(frozen=True, kw_only=True)
class Roles:
    """The roles that the file knows: the management line, the authority's others, and the built-in ones."""

    line: tuple[str, ...]
    other: tuple[str, ...]

    def take(self, table: Table, key: str, allowed: tuple[str, ...], why: str) -> tuple[str, ...]:
        """The roles listed under the key; each one that is unknown or not allowed there is noted."""
        known = {*BUILT_IN_ROLES, *self.line, *self.other}
        roles = table.words(key)
        whence = "" if key in table.own else " (taken from handbook)"
        for role in roles:
            if role not in known:
                near = get_close_matches(role[:60], sorted(known), n=1)
                right = f'Did you mean "{near[0]}"?' if near else "Known: " + ", ".join(sorted(known)) + "."
                table.note(key, f'"{role[:60]}" in "{key}"{whence} is not a known role.', right)
            elif role not in allowed:
                right = "Allowed here: " + ", ".join(allowed) + "."
                table.note(key, f'"{role}"{whence} cannot stand in "{key}": {why}.', right)
        return tuple(role for role in roles if role in allowed)

    @property
    def addressees(self) -> tuple[str, ...]:
        """Who is found by walking up from the child's holder."""
        return ("social_worker", *self.line)

    @property
    def immediate(self) -> tuple[str, ...]:
        """Whom the immediate route may reach: the line and the IRO manager."""
        return (*self.line, "iro_manager")

    @property
    def readers(self) -> tuple[str, ...]:
        """Who may be copied, and so read the narrative."""
        return ("social_worker", *self.line, "iro_manager", *self.other)


OUT_OF_LINE = "it is not in the child's management line"


def source_of(table: Table, taken: tuple[str, ...] = (), keys: Collection[str] = ()) -> Source:
    """The rule's source, which every rule must name; `taken` are those of its `keys` that handbook gives."""
    if not table.stated:
        inherited = Table(table.findings, table.path, table.inherited)
        source = inherited.text("source", required=False)
        return Source(source=source, checked_by=checked_by(inherited), from_handbook=True)
    source = table.alone.text("source", required=False)
    if "source" not in table.own:
        right = 'Add source = "the document and paragraph it comes from".'
        table.note((), f"[{table.name}] does not say where the rule comes from.", right)
    whole = bool(keys) and set(keys) <= set(taken)
    return Source(source=source, checked_by=checked_by(table.alone), from_handbook=whole)


def checked_by(table: Table) -> str:
    """Who checked the rule; without a word, it is still to be checked by a practitioner."""
    return table.text("checked_by", required=False, default=UNCHECKED)


def from_handbook(table: Table, keys: tuple[str, ...]) -> tuple[str, ...]:
    """The keys whose value the authority did not state: left out, or named in the table's `from_handbook`."""
    marked = table.alone.words("from_handbook")
    for key in marked:
        if key not in keys:
            near = get_close_matches(key[:60], keys, n=1)
            right = f'Did you mean "{near[0]}"?' if near else "Items here: " + ", ".join(keys) + "."
            table.note("from_handbook", f'"{key[:60]}" is no item of [{table.name}].', right)
        elif key in table.own and table.own[key] != table.inherited.get(key):
            what = f'"{key}" is marked as taken from handbook, but handbook says something else.'
            table.note(key, what, f'Remove "{key}" from from_handbook, or the line itself.', "warning")
    return tuple(key for key in keys if key in marked or (key not in table.own and key in table.inherited))


def read_stage(table: Table, number: int, roles: Roles) -> tuple[Stage, Source]:
    """One stage; a formal one must have a time to reply in, the informal one need not."""
    addressees = roles.take(table, "addressees", roles.addressees, OUT_OF_LINE)
    if not table.take("addressees"):
        table.missing("addressees", 'Say who must answer, for example addressees = ["team_manager"].')
    copied = roles.take(table, "copied", roles.readers, "people copied read the narrative")
    for role in sorted({*addressees}.intersection(copied)) if "copied" in table.own else ():
        table.note("copied", f'"{role}" must answer and is copied too.', 'Take it out of "copied".', "warning")
    default = f"Stage {number}" if number else "Informal"
    reply_within = table.duration("reply_within", required=number > 0)
    taken = from_handbook(table, STAGE_KEYS)
    source = source_of(table, taken, [key for key in STAGE_KEYS if key in table.inherited and key != "name"])
    stage = Stage(
        number=number,
        name=table.text("name", longest=NAME_LIMIT, required=False, default=default),
        addressees=addressees,
        answer=table.choice("answer", ANSWERS, "any"),
        copied=tuple(role for role in copied if role not in addressees),
        raised_by=table.choice("raised_by", RAISERS, "iro"),
        reply_within=reply_within,
        hours_rule=table.choice("hours_rule", HOURS_RULES, HoursRule.WORKING),
        on_no_reply=table.choice("on_no_reply", ON_NO_REPLY, "prompt"),
        source=source.source,
        checked_by=source.checked_by,
        from_handbook=bool(taken),
        from_handbook_keys=taken,
    )
    table.close(("number", "used"))
    return stage, source


def read_informal(top: Table, roles: Roles) -> tuple[Stage, Source] | None:
    """The informal stage; `used = false` below [informal] says that there is none."""
    table = top.table("informal")
    if not table.yes("used", True):
        table.close((*STAGE_KEYS, *_SHARED))
        return None
    return read_stage(table, 0, roles)


def read_stages(top: Table, inherited: Raw, roles: Roles) -> list[tuple[Stage, Source]]:
    """The formal stages, in order: the file's own, else all of handbook's."""
    theirs = {row.get("number"): row for row in _rows(inherited)}
    tables = top.tables("stages")
    if not tables and top.own.get("stages") in (None, []):
        if "stages" in top.own or not theirs:
            top.note("stages", "There is no formal stage.", "Write at least one [[stages]].")
        tables = [Table(top.findings, ("stages",), None, row) for row in theirs.values()]
    read, expected = [], 1
    for table in tables:
        number = table.number("number", expected, most=20)
        if number != expected:
            what = f"The stages are numbered with a gap or out of order: {number} where {expected} is due."
            table.note("number", what, f"Write number = {expected}.")
        if table.stated:
            table.inherited = {key: value for key, value in theirs.get(expected, {}).items() if key in STAGE_KEYS}
        read.append(read_stage(table, expected, roles))
        expected += 1
    return read


def _rows(inherited: Raw) -> list[Raw]:
    rows = inherited.get("stages")
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def read_immediate(top: Table, roles: Roles) -> tuple[ImmediateRoute, Source] | None:
    """The route for a risk of significant harm; none unless the file has one, or with `used = false`."""
    table = top.table("immediate")
    if not (table.own or table.inherited):
        return None
    used = table.yes("used", True)
    source = source_of(table) if used else Source(source="")
    addressees = roles.take(table, "addressees", roles.immediate, OUT_OF_LINE)
    if used and not table.take("addressees"):
        table.missing("addressees", 'Say who is told at once, for example addressees = ["service_manager"].')
    route = ImmediateRoute(
        addressees=addressees,
        answer=table.choice("answer", ANSWERS, "each"),
        seen_within=table.duration("seen_within", ONE_HOUR) or ONE_HOUR,
        reply_within=table.duration("reply_within"),
        hours_rule=table.choice("hours_rule", HOURS_RULES, HoursRule.WORKING),
        telephone=_telephone(table),
        source=source.source,
        checked_by=source.checked_by,
    )
    if route.seen_within.unit is not Unit.HOURS:
        table.note("seen_within", "A risk of harm must be seen within hours.", 'seen_within = "1 hour"')
    table.close(_SHARED)
    return (route, source) if used else None


def _telephone(above: Table) -> Telephone | None:
    table = above.table("telephone")
    if not (table.own or table.inherited):
        return None
    name = table.text("name", longest=60)
    number = table.text("number", longest=30)
    if number and not all(sign in "0123456789 +()-" for sign in number):
        table.note("number", f'"{number}" is no telephone number.', 'For example number = "01234 567890".')
    table.close()
    return Telephone(name=name, number=number) if name and number else None
