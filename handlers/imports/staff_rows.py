"""What each row of a staff file says of one person, checked cell by cell and then side by side."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from handlers.day_windows import DayOf
from handlers.imports.outcome import Findings
from handlers.imports.rows import Columns, Row, read_rows, shown
from handlers.people.days_worked import as_kept, weekdays_in, wrong_weekdays
from handlers.people.renaming import is_address
from scheduling.procedures import BUILT_IN_ROLES, Procedures

COLUMNS = Columns(
    required=("email", "name", "roles", "manager_email"),
    optional=("team", "fte", "slack_id", "teams_id", "prefers", "works", "until", "previous_email"),
)
PLATFORMS = ("slack", "teams")
ID_COLUMNS = {"slack_id": "slack", "teams_id": "teams"}
"""The columns that hold a person's account, by the platform it is on."""
PREVIOUS = "previous_email"
NEW = "new"
"""Stands under `previous_email` of somebody who is nobody known, however like them they are called."""
_SHARE = re.compile(r"\d?\.?\d{1,4}")


Kept = str | float | date | None


@dataclass(frozen=True, kw_only=True)
class StaffRow:
    """A person as the file has them; `kept` are the columns it gives, by their name in the people table.

    `accounts` are the ids it gives by column, nothing where the cell is empty. `previous_email` is the address under
    which they were known before; `is_new` says that they were under none.
    """

    row: Row
    email: str
    roles: frozenset[str]
    manager_email: str
    kept: Mapping[str, Kept]
    accounts: Mapping[str, str]
    previous_email: str = ""
    is_new: bool = False


def read_staff(rules: Procedures, text: str, findings: Findings, today: date) -> list[StaffRow]:
    """The people of a file; each wrong cell, address given twice and id given twice is kept in `findings`."""
    known_roles = roles_by_word(rules)
    staff = [_staff_row(row, known_roles, today) for row in read_rows(text, COLUMNS, findings)]
    _once(staff, "email", ((one, one.email) for one in staff))
    _once(staff, PREVIOUS, ((one, one.previous_email) for one in staff))
    for column in ID_COLUMNS:
        _once(staff, column, ((one, one.accounts.get(column, "")) for one in staff))
    return staff


def roles_by_word(rules: Procedures) -> dict[str, str]:
    """Every role by its key and by its label, both in lower case."""
    keys = (*BUILT_IN_ROLES, *rules.line_roles, *rules.other_roles)
    return {rules.role_label(key).casefold(): key for key in keys} | {key.casefold(): key for key in keys}


def email_of(row: Row, column: str, *, needed: bool) -> str:
    """An e-mail address in lower case; a cell that holds none is kept as wrong."""
    text = (row.needed(column) if needed else row[column]).lower()
    if text and not is_address(text):
        row.wrong(column, f"{shown(text)} is no e-mail address")
    return text


def _staff_row(row: Row, known_roles: Mapping[str, str], today: date) -> StaffRow:
    email = email_of(row, "email", needed=True)
    manager = email_of(row, "manager_email", needed=False)
    if manager and manager == email:
        row.wrong("manager_email", "is the person's own address: leave it empty for someone without a manager")
    row.needed("name")
    is_new = row[PREVIOUS].lower() == NEW
    previous = "" if is_new else email_of(row, PREVIOUS, needed=False)
    return StaffRow(
        row=row,
        email=email,
        roles=_roles(row, known_roles),
        manager_email=manager,
        kept=_kept(row, today),
        accounts=_accounts(row),
        previous_email=previous if previous != email and is_address(previous) else "",
        is_new=is_new,
    )


def _roles(row: Row, known_roles: Mapping[str, str]) -> frozenset[str]:
    found = set()
    for word in filter(None, (part.strip() for part in row["roles"].split(";"))):
        key = known_roles.get(word.casefold()) or known_roles.get(word.casefold().replace(" ", "_"))
        if key is not None:
            found.add(key)
            continue
        near = get_close_matches(word.casefold(), list(known_roles), n=1)
        hint = f"did you mean {known_roles[near[0]]}?" if near else f"there is {', '.join(known_roles.values())}"
        comma = " (several roles are separated by ;)" if "," in word else ""
        row.wrong("roles", f"{shown(word)} is no role{comma}; {hint}")
    return frozenset(found)


def _kept(row: Row, today: date) -> dict[str, Kept]:
    kept: dict[str, Kept] = {"name": row.short("name", 120)}
    if row.has("team"):
        kept["team"] = row.short("team", 120)
    if row.has("fte"):
        kept["fte"] = _share(row)
    if row.has("prefers"):
        kept["prefers"] = row["prefers"].lower()
        if row["prefers"].lower() not in ("", *PLATFORMS):
            row.wrong("prefers", f"{shown(row['prefers'])} is no platform: write slack, teams or nothing")
    if row.has("works"):
        kept["works"] = _works(row)
    if row.has("until"):
        kept["serves_until"] = row.day("until", DayOf.SERVES_UNTIL, today)
    return kept


def _works(row: Row) -> str | None:
    days = weekdays_in(row["works"])
    if row["works"] and (wrong := wrong_weekdays(days)):
        row.wrong("works", f"{shown(row['works'])}: {wrong[:1].lower()}{wrong[1:].rstrip('.')}")
    return as_kept(days or ())


def _accounts(row: Row) -> dict[str, str]:
    accounts = {}
    if row.has("slack_id"):
        accounts["slack_id"] = row.short("slack_id", 80)
    if row.has("teams_id"):
        accounts["teams_id"] = row.short("teams_id", 120).lower()  # as Teams sends it
    return accounts


def _share(row: Row) -> float:
    text = row["fte"] or "1"
    if _SHARE.fullmatch(text) and 0 < float(text) <= 1:
        return float(text)
    row.wrong("fte", f"{shown(text)} is no share of full time: write 1 for full time, 0.5 for half")
    return 1.0


def _once(staff: Sequence[StaffRow], column: str, values: Iterable[tuple[StaffRow, str]]) -> None:
    first: dict[str, int] = {}
    for one, value in values:
        if value and first.setdefault(value, one.row.line) != one.row.line:
            one.row.wrong(column, f"{shown(value)} stands in line {first[value]} already")
