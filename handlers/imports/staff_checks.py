"""A staff file held against the people already known: managers, rings, ids in use, and IROs no longer independent."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from sqlmodel import Session, col, func, select

from handlers.imports.outcome import Findings
from handlers.imports.rows import shown
from handlers.imports.staff_known import KnownStaff
from handlers.imports.staff_rows import ID_COLUMNS, StaffRow
from handlers.people.independence import Conflict
from handlers.people.line import id_of
from scheduling.deadline_wording import say_list
from scheduling.procedures.terms import CONCERN, CONCERNS, IRO, IRO_MANAGER
from storage import concern_lists, concerns, decisions, stage_runs
from storage.children import Child
from storage.people import Person

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
    if manager is None:
        one.row.wrong("manager_email", f"{shown(one.manager_email)} is neither in this file nor known")
    elif leavers and known.in_service(manager):
        reason = f"{shown(one.manager_email)} is not in this file, so would be marked as left"
        one.row.wrong("manager_email", reason)


def _check_ids(told: Sequence[StaffRow], column: str, platform: str, named: set[str], known: KnownStaff) -> None:
    """Each id belongs to nobody outside the file; which workspace it is of has to be clear, and is asked once."""
    if told and known.workspace(platform) is None:
        told[0].row.wrong(column, SEVERAL_WORKSPACES)
        return
    for one in told:
        account = one.accounts[column]
        holder = known.holders_of_accounts.get((platform, account))
        if holder is not None and holder != one.email and holder not in named:
            one.row.wrong(column, f"{shown(account)} belongs to {holder}, who is not in this file")


def _check_rings(staff: Sequence[StaffRow], known: KnownStaff) -> None:
    """Nobody may be their own manager's manager, however many steps it takes; each ring is told once."""
    rows = {one.email: one for one in staff}
    above = {person.email: _manager_email(person, known) for person in known.by_id.values()}
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


def _manager_email(person: Person, known: KnownStaff) -> str:
    return known.by_id[person.manager_id].email if person.manager_id is not None else ""


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


def what_to_look_at(session: Session, lost: Iterable[Person], stay: Iterable[Person]) -> tuple[str, ...]:
    """Sentences on cases whose IRO or holder has gone, and on administrators who stay."""
    notes = [f"{person.name} stays administrator: there is no other." for person in stay]
    people = {id_of(person): person for person in lost}
    for column, words in ((Child.iro_id, f"is still the {IRO} of"), (Child.holder_id, "still holds the cases of")):
        counts = session.exec(
            select(column, func.count())
            .where(col(column).in_(people), col(Child.left_care_on).is_(None))
            .group_by(col(column))
            .order_by(col(column))
        )
        for person_id, number in counts:
            if person_id is not None:
                children = "1 child" if number == 1 else f"{number} children"
                notes.append(f"{people[person_id].name} {words} {children}: allocate them anew.")
    return (*notes, *_waiting(session, people))


def _waiting(session: Session, people: Mapping[int, Person]) -> Iterator[str]:
    """What waits on those who have gone: concerns of their own, replies, decisions of reviews, tasks by name."""
    for person_id, person in people.items():
        own = concern_lists.open_of_iro(session, person_id)
        if own:
            refs, one = say_list([each.reference for each in own]), len(own) == 1
            told = f"The {IRO_MANAGER} is told in the next morning's list."
            yield f"{person.name} has {len(own)} open {CONCERN if one else CONCERNS}: {refs}. {told}"
        asked = {run.concern_id for run, _ in stage_runs.open_for(session, [person_id])}
        found = [each.reference for one in sorted(asked) if (each := concerns.get(session, one)) is not None]
        if found:
            yield f"{person.name} is asked to reply to {say_list(found)}: the {IRO} can ask again."
        if due := decisions.waiting_on(session, person_id):
            yield f"{person.name} is to see to {due} {'decision' if due == 1 else 'decisions'} of reviews."
