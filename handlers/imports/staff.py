"""The import of staff: who works here, with which roles, under whom, and with `leavers` who has left.

Roles are dated. A person met for the first time has held theirs for as long as is known (from 1900), so that past
concerns find them; later a role that appears begins today and one that disappears ended yesterday. The last
administrator stays one, whatever the file says: otherwise nobody could put it right.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlmodel import Session

from handlers.absences.from_staff_file import DAYS_WORKED, LAST_DAY
from handlers.imports.outcome import Findings, ImportResult, Progress, silent
from handlers.imports.staff_checks import check_staff, new_conflicts
from handlers.imports.staff_known import KnownStaff, known_staff
from handlers.imports.staff_rows import ID_COLUMNS, StaffRow, read_staff
from handlers.imports.staff_same import ask_who_is_meant, take_over
from handlers.imports.staff_waiting import Lost, waiting_on
from handlers.messages.subjects import of_person
from handlers.messages.unreached import reachable
from handlers.office import Scene
from handlers.people.independence import find_conflicts
from handlers.people.line import id_of
from handlers.people.lost_line import asked_in_line, mark_lost
from handlers.people.renaming import rename
from handlers.starts import teams_waiting, without_day
from scheduling.procedures import Procedures
from storage import history
from storage.addresses import UNBOUND, Address, unlink
from storage.people import Person, PersonRole
from storage.scope import own_authority

AS_LONG_AS_KNOWN = date(1900, 1, 1)


@dataclass
class _Work:
    """One import under way."""

    session: Session
    now: datetime
    today: date
    known: KnownStaff
    stay_admin: frozenset[int]
    serving: frozenset[int]
    added: set[str] = field(default_factory=set)
    changed: set[str] = field(default_factory=set)
    days: dict[int, tuple[str | None, date | None]] = field(default_factory=dict)
    lost: list[Lost] = field(default_factory=list)

    @property
    def yesterday(self) -> date:
        return self.today - timedelta(days=1)


def import_staff(
    session: Session,
    rules: Procedures,
    text: str,
    today: date,
    now: datetime,
    *,
    leavers: bool = False,
    progress: Progress | None = None,
) -> ImportResult:
    """Add and change the people of a file; with `leavers` mark those in service and missing from it as left.

    Raises ImportRefused with every wrong row. Run in a transaction of its own: a refusal must roll back.
    """
    findings = Findings()
    staff = read_staff(rules, text, findings, today)
    known = known_staff(session, today)
    renamed = take_over(session, staff, known, now)
    ask_who_is_meant(staff, known, leavers=leavers)
    check_staff(staff, known, leavers=leavers)
    findings.refuse_if_any()
    before = {conflict.child_id for conflict in find_conflicts(session)}
    asked = asked_in_line(session)
    gone = known.missing_from(one.email for one in staff) if leavers else []
    stay = _stay_admin(known, staff, gone)
    scene = Scene(session=session, now=now, authority=own_authority(session), rules=rules)
    waited = teams_waiting(scene)
    serving = frozenset(one for one, person in known.by_id.items() if known.in_service(person))
    work = _Work(
        session=session, now=now, today=today, known=known, stay_admin=stay, serving=serving, changed=set(renamed)
    )
    left = [_leave(work, person) for person in gone if person.id not in stay]
    _write(work, staff, progress or silent)
    new_conflicts(find_conflicts(session), before, staff, known, findings)
    findings.refuse_if_any()
    mark_lost(session, asked - asked_in_line(session), now)
    still = [one for one in teams_waiting(scene) if one not in waited]
    notes = (*waiting_on(session, rules, work.lost), *filter(None, [without_day(still)]))
    result = _result(work, staff, left, tuple(renamed.values()), notes)
    _record(session, now, result)
    return result


def _result(
    work: _Work, staff: Sequence[StaffRow], left: Sequence[str], renamed: tuple[str, ...], notes: Iterable[str]
) -> ImportResult:
    staying = (f"{work.known.by_id[one].name} stays administrator: there is no other." for one in work.stay_admin)
    return ImportResult(
        added=len(work.added),
        changed=len(work.changed),
        unchanged=len(staff) - len(work.added | work.changed),
        left=tuple(left),
        renamed=renamed,
        notes=(*staying, *notes),
    )


def _stay_admin(known: KnownStaff, staff: Iterable[StaffRow], gone: Iterable[Person]) -> frozenset[int]:
    """The administrators who stay because otherwise there would be none."""
    present = known.holders("admin")
    named = {one.email for one in staff}
    leaving = {person.id for person in gone}
    others = {one for one in present if known.by_id[one].email not in named and one not in leaving}
    if others or any("admin" in one.roles for one in staff):
        return frozenset()
    return frozenset(present)


def _leave(work: _Work, person: Person) -> str:
    person.left_on = work.yesterday
    held = {role.role for role in work.known.roles_of(person)}
    _end_roles(work, person, held)
    work.lost.append(Lost(person=person, ended=frozenset(held), left=True))
    work.session.add(person)
    return f"{person.name} ({person.email})"


def _write(work: _Work, staff: list[StaffRow], progress: Progress) -> None:
    """People first, so that all have an id, then their ids on the platforms, their managers and their roles."""
    work.days = {one: (person.works, person.serves_until) for one, person in work.known.by_id.items()}
    for one in staff:
        _release_accounts(work, one)
    people = [_person(work, one) for one in staff]
    work.session.flush()
    for person in people:
        work.known.add(person)
    for place, (one, person) in enumerate(zip(staff, people, strict=True), start=1):
        _set_accounts(work, one, person)
        manager = work.known.by_email[one.manager_email].id if one.manager_email else None
        _set(work, one, person, "manager_id", manager)
        _record_days(work, person)
        _set_roles(work, one, person)
        progress(place, len(staff))
    work.session.flush()


def _person(work: _Work, one: StaffRow) -> Person:
    person = work.known.by_email.get(one.email)
    if person is None:
        work.added.add(one.email)
        person = Person(email=one.email, name=str(one.kept["name"]))
    if person.name != one.kept["name"]:
        rename(work.session, person, str(one.kept["name"]), work.now, where="staff file")
        work.changed.add(one.email)
    for column in ("team", "fte", "prefers", "works", "serves_until"):
        if column in one.kept:
            _set(work, one, person, column, one.kept[column])
    if "serves_until" not in one.kept and person.serves_until is not None and person.serves_until < work.today:
        _set(work, one, person, "serves_until", None)  # a file without that column, which lists them, says they serve
    _set(work, one, person, "left_on", None)
    work.session.add(person)
    return person


def _record_days(work: _Work, person: Person) -> None:
    """Write days worked and a last day into the person's history: they stand in the next "Your day"."""
    works, until = work.days.get(id_of(person), (person.works, None))
    if person.works != works:
        _record_of(work, person, DAYS_WORKED, {"before": works, "works": person.works})
    if person.serves_until not in (until, None):
        _record_of(work, person, LAST_DAY, {"until": str(person.serves_until)})


def _record_of(work: _Work, person: Person, what: str, details: history.Details) -> None:
    history.record(work.session, chain=of_person(person.id), at=work.now, actor_id=None, what=what, details=details)


def _release_accounts(work: _Work, one: StaffRow) -> None:
    """Take away what changes, before anything is given: an id may pass from one person to another within the file."""
    person = work.known.by_email.get(one.email)
    for platform, account in _told_accounts(work, one):
        if person is not None and work.known.account(person, platform) not in ("", account):
            unlink(work.session, id_of(person), platform, work.known.workspace(platform) or UNBOUND)


def _set_accounts(work: _Work, one: StaffRow, person: Person) -> None:
    for platform, account in _told_accounts(work, one):
        if work.known.account(person, platform) == account:
            continue
        if one.email not in work.added:
            work.changed.add(one.email)
        if account:
            workspace = work.known.workspace(platform) or UNBOUND
            work.session.add(Address(person_id=id_of(person), platform=platform, workspace=workspace, account=account))
            reachable(work.session, person, work.now)


def _told_accounts(work: _Work, one: StaffRow) -> list[tuple[str, str]]:
    """What the file says by platform; an empty cell says nothing where several workspaces are connected."""
    told = [(ID_COLUMNS[column], account) for column, account in one.accounts.items()]
    return [(platform, account) for platform, account in told if work.known.workspace(platform) is not None]


def _set(work: _Work, one: StaffRow, person: Person, column: str, value: object) -> None:
    if getattr(person, column) != value:
        setattr(person, column, value)
        if one.email not in work.added:
            work.changed.add(one.email)


def _set_roles(work: _Work, one: StaffRow, person: Person) -> None:
    wanted = one.roles | ({"admin"} if person.id in work.stay_admin else set())
    held = {role.role for role in work.known.roles_of(person)}
    from_on = AS_LONG_AS_KNOWN if one.email in work.added else work.today
    for role in sorted(wanted - held):
        work.session.add(PersonRole(person_id=id_of(person), role=role, from_on=from_on))
    _end_roles(work, person, held - wanted)
    left = person.id in work.serving and person.has_left(work.today)
    if left or held - wanted:
        work.lost.append(Lost(person=person, ended=frozenset(held - wanted), kept=frozenset(wanted), left=left))
    if wanted != held and one.email not in work.added:
        work.changed.add(one.email)


def _end_roles(work: _Work, person: Person, ended: set[str]) -> None:
    for role in work.known.roles_of(person):
        if role.role not in ended:
            continue
        if role.from_on > work.yesterday:
            work.session.delete(role)
        else:
            role.to_on = work.yesterday
            work.session.add(role)


def _record(session: Session, now: datetime, result: ImportResult) -> None:
    if result.added or result.changed or result.left:
        details = {"added": result.added, "changed": result.changed, "left": len(result.left)}
        details |= {"renamed": len(result.renamed)} if result.renamed else {}
        history.record(session, chain="authority", at=now, actor_id=None, what="staff imported", details=details)
