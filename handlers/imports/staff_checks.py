"""A staff file held against the people already known: managers, rings, ids in use, and IROs no longer independent."""

from collections.abc import Iterable, Sequence

from handlers.imports.outcome import Findings
from handlers.imports.rows import shown
from handlers.imports.staff_known import KnownStaff
from handlers.imports.staff_rows import ID_COLUMNS, StaffRow
from handlers.people.independence import Conflict

SEVERAL_WORKSPACES = (
    "an id means one workspace, and several are connected: leave the column out, people are recognised by their e-mail"
)


def check_staff(staff: Sequence[StaffRow], known: KnownStaff, *, leavers: bool) -> None:
    """Keep what is wrong between the rows, and between them and the people already known."""
    named = {one.email for one in staff}
    for one in staff:
        _check_manager(one, named, known, leavers)
    for column, platform in ID_COLUMNS.items():
        _check_ids([one for one in staff if one.accounts.get(column)], column, platform, named, known)
    _check_rings(staff, known)


def _check_manager(one: StaffRow, named: set[str], known: KnownStaff, leavers: bool) -> None:
    manager = known.by_email.get(one.manager_email)
    if not one.manager_email or one.manager_email in named:
        return
    if manager is None and one.manager_email in known.former:
        reason = f"{one.manager_email} is {known.former[one.manager_email]} in this file: write that"
        one.row.wrong("manager_email", reason)
    elif manager is None:
        one.row.wrong("manager_email", f"{shown(one.manager_email)} is neither in this file nor known")
    elif leavers and known.in_service(manager):
        reason = f"{shown(one.manager_email)} is not in this file, so would be marked as left"
        one.row.wrong("manager_email", reason)


def _check_ids(told: Sequence[StaffRow], column: str, platform: str, named: set[str], known: KnownStaff) -> None:
    """The ids of people who are known belong to nobody outside the file (of others, an id says who they are).

    Which workspace an id is of has to be clear, and is asked once.
    """
    if told and known.workspace(platform) is None:
        told[0].row.wrong(column, SEVERAL_WORKSPACES)
        return
    for one in told:
        account = one.accounts[column]
        own, holder = known.by_email.get(one.email), known.holder_of(platform, account)
        if own is not None and holder is not None and holder is not own and holder.email not in named:
            one.row.wrong(column, f"{shown(account)} belongs to {holder.email}, who is not in this file")


def _check_rings(staff: Sequence[StaffRow], known: KnownStaff) -> None:
    """Nobody may be their own manager's manager, however many steps it takes; each ring is told once."""
    rows = {one.email: one for one in staff}
    above = {person.email: known.manager_email(person) for person in known.by_id.values()}
    above |= {one.email: one.manager_email for one in staff}
    clear: set[str] = set()
    for start in rows:
        path: dict[str, int] = {}
        step = start
        while step and step not in path and step not in clear:
            path[step] = len(path)
            step = above.get(step, "")
        if step in path:
            ring = list(path)[path[step] :]
            row = min((rows[one].row for one in ring if one in rows), key=lambda found: found.line, default=None)
            if row is not None and len(ring) > 1:
                row.wrong("manager_email", f"the line runs in a ring: {' -> '.join([*ring[:5], step])}")
        clear.update(path)


def new_conflicts(
    after: Iterable[Conflict],
    before: set[int],
    staff: Sequence[StaffRow],
    known: KnownStaff,
    findings: Findings,
) -> None:
    """Keep each child whose IRO would no longer be independent, at the row that brings it about."""
    rows = {known.by_email[one.email].id: one.row for one in staff}
    for conflict in after:
        if conflict.child_id not in before:
            line = next((rows[one].line for one in conflict.line if one in rows), 1)
            findings.note(line, "manager_email", f"{conflict.reference}: {conflict.sentence}")
