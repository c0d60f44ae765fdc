"""Reads how the authority calls things: labels, roles, categories, legal duties, agencies."""

from collections.abc import Mapping
from types import MappingProxyType

from scheduling.procedures.stages import Roles
from scheduling.procedures.table import KEY, SELECT_LIMIT, Raw, Table
from scheduling.procedures.types import (
    BUILT_IN_ROLES,
    REVIEW_DECISIONS_NOT_DONE,
    Category,
    CategoryKind,
)

LABEL_LIMITS: Mapping[str, int] = {
    "process": 60,
    "concern": 18,  # "Log a ..." is a form's title, of which Slack shows 24 characters
    "concern_plural": 24,
    "child": 40,
    "child_plural": 40,
    "review": 40,
    "review_plural": 40,
    **dict.fromkeys(BUILT_IN_ROLES, 40),
}
CALLED_OTHERWISE = ("concern", "iro")
"""What may besides have an article and a plural of its own: "an SQA alert", "Heads of QA"."""
PLURAL_LIMIT = 42
ARTICLES = {"a": "a", "an": "an"}
ROLE_LIMIT = 40
CATEGORY_LIMIT = 150
MOST_CATEGORIES = 100  # entries of a Slack list
KINDS: Mapping[str, CategoryKind] = {"informal": "informal", "formal": "formal", "both": "both"}


def read_labels(top: Table) -> Mapping[str, str]:
    """The words on the screen, every one that the screen needs."""
    table = top.table("labels")
    labels = {key: table.text(key, longest=limit, default=key) for key, limit in LABEL_LIMITS.items()}
    for key in CALLED_OTHERWISE:
        labels |= _forms(table.alone, key, labels[key])
    table.close()
    return MappingProxyType(labels)


def _forms(own: Table, key: str, label: str) -> dict[str, str]:
    """The article and the plural that the file states: those of another word are never inherited."""
    article = own.choice(f"{key}_article", ARTICLES, "")
    plural = own.text(f"{key}_plural", longest=PLURAL_LIMIT, required=False)
    if not plural and key in own.own and f"{key}_plural" in LABEL_LIMITS:  # or handbook's would be taken
        plural = f"{label}s"
    return {name: word for name, word in ((f"{key}_article", article), (f"{key}_plural", plural)) if word}


def read_roles(top: Table) -> tuple[Roles, Table]:
    """The management line and other roles, with the table they stand in, whose labels are read next."""
    table = top.table("roles")
    line, other = (_role_keys(table, key) for key in ("line", "other"))
    if not line:
        table.note("line", "There is no management line.", 'For example line = ["team_manager", "director"].')
    for role in line:
        if role in other:
            table.note("other", f'"{role}" stands in the line and outside it.', "Keep it in one of them.")
    return Roles(line=line, other=other), table


def _role_keys(table: Table, key: str) -> tuple[str, ...]:
    roles = table.words(key)
    for role in roles:
        if role in BUILT_IN_ROLES:
            table.note(key, f'"{role}" is built in and cannot be named in "{key}".', "Remove it.")
        elif not KEY.fullmatch(role):
            right = 'Use small letters, digits and "_", for example "head_of_service".'
            table.note(key, f'"{role[:60]}" cannot be used as a role.', right)
    return tuple(role for role in roles if role not in BUILT_IN_ROLES and KEY.fullmatch(role))


def read_role_labels(table: Table, roles: Roles, labels: Mapping[str, str]) -> Mapping[str, str]:
    """Every role's name on the screen; a role without one is spelled out from its key."""
    below = table.table("labels")
    named = {role: labels[role] for role in BUILT_IN_ROLES}
    for role in (*roles.line, *roles.other):
        spelled = role.replace("_", " ").capitalize()
        named[role] = below.text(role, longest=ROLE_LIMIT, required=False, default=spelled)
    below.close(BUILT_IN_ROLES if not below.own.keys() & set(BUILT_IN_ROLES) else ())
    return MappingProxyType(named)


def read_service_roles(table: Table, roles: Roles) -> tuple[str, ...]:
    """The senior managers who hear of a concern about the service; all above the first by default."""
    stated = roles.take(table, "service_concerns", roles.line, "only the management line can be told")
    if not stated:
        table.note("service_concerns", "Nobody hears of a concern about the service.", "Name a senior manager.")
    return stated


def read_categories(top: Table, inherited: Raw) -> tuple[Category, ...]:
    """The file's categories, else handbook's; the one that reviews need is always there."""
    stated = top.tables("categories")
    rows = inherited.get("categories")
    theirs = [Table(top.findings, ("categories",), row) for row in rows] if isinstance(rows, list) else []
    known = frozenset(str(row.own.get("key")) for row in theirs)
    categories = [_category(row, known) for row in stated or theirs]
    if stated and not any(category.key == REVIEW_DECISIONS_NOT_DONE for category in categories):
        needed = [row for row in theirs if row.own.get("key") == REVIEW_DECISIONS_NOT_DONE]
        if not needed:
            what = f'The category "{REVIEW_DECISIONS_NOT_DONE}" is missing; reviews need it.'
            top.note("categories", what, f'Add a [[categories]] with key = "{REVIEW_DECISIONS_NOT_DONE}".')
        categories += [_category(row, known) for row in needed]
    _note_duplicates(top, categories)
    return tuple(categories)


def _category(table: Table, known: frozenset[str]) -> Category:
    category = Category(
        key=table.key(),
        label=table.text("label", longest=CATEGORY_LIMIT),
        kind=table.choice("kind", KINDS, "both"),
        handbook=table.text("handbook", required=False) or None,
        short=table.text("short", longest=SELECT_LIMIT, required=False),
        note=table.text("note", required=False),
    )
    if len(category.label) > SELECT_LIMIT and not category.short:
        what = f"The label has {len(category.label)} characters; a list shows {SELECT_LIMIT}."
        table.note("label", what, f'Add short = "..." with {SELECT_LIMIT} characters or fewer for lists.')
    if category.handbook and known and category.handbook not in known:
        right = "Known: " + ", ".join(sorted(known)) + "."
        table.note("handbook", f'"{category.handbook[:60]}" is no category of handbook.', right)
    table.close(("source", "checked_by"))
    return category


def _note_duplicates(top: Table, categories: list[Category]) -> None:
    if len(categories) > MOST_CATEGORIES:
        what = f"There are {len(categories)} categories; a list shows {MOST_CATEGORIES}."
        top.note("categories", what, "Join some of them.")
    seen: set[str] = set()
    for place, category in enumerate(categories):
        words = {" ".join(word.split()).casefold() for word in (category.key, category.label) if word}
        if seen & words:
            what = f'The category "{category.label[:60]}" stands there twice (its key or label).'
            right = 'Keep one; for informal and formal use write kind = "both".'
            top.findings.note(("categories", place), what, right)
        seen |= words


def read_duties(top: Table) -> Mapping[str, str]:
    """The legal limbs that the Cafcass test asks about, key to wording."""
    table = top.table("duties")
    source = table.own or table.inherited
    duties = {}
    for key in source:
        if KEY.fullmatch(key):
            duties[key] = table.text(key, longest=SELECT_LIMIT)
    table.close(("key_of_the_duty",))
    return MappingProxyType(duties)
