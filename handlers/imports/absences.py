"""The import of absences: who is away from when to when, and who covers."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from handlers.day_windows import DayOf
from handlers.imports.outcome import Findings, ImportResult, Progress, silent
from handlers.imports.rows import Columns, Row, read_rows
from handlers.imports.staff_known import KnownStaff, known_staff
from handlers.imports.staff_rows import email_of
from handlers.people.cover import cover_refused
from handlers.people.line import id_of
from scheduling.procedures import Procedures
from storage import history
from storage.people import Absence, Person

COLUMNS = Columns(required=("email", "from", "to"), optional=("cover_email",))


@dataclass(frozen=True, kw_only=True)
class _Away:
    row: Row
    person: Person
    from_on: date
    to_on: date | None
    cover: Person | None


def import_absences(
    session: Session,
    rules: Procedures,
    text: str,
    today: date,
    now: datetime,
    *,
    progress: Progress | None = None,
) -> ImportResult:
    """Add absences, and change the end or the cover of those known by person and first day.

    One whose first day is corrected is known by the days it shares with the row, and by its end or its cover.
    An empty `to` is an open end. Raises ImportRefused with every wrong row.
    """
    findings = Findings()
    known = known_staff(session, today)
    read = [_away(row, known, today) for row in read_rows(text, COLUMNS, findings)]
    rows = [one for one in read if one is not None]
    _check_overlaps(rows)
    before = _known_before(session, rows)
    for one in rows:
        _check_cover(session, rules, one, before.get(one.row.line), today)
    findings.refuse_if_any()
    added = changed = 0
    for place, one in enumerate(rows, start=1):
        known_before = before.get(one.row.line)
        covered = known_before.cover_id if known_before is not None else None
        is_changed = _written(session, one, known_before)
        added += known_before is None
        changed += is_changed
        if is_changed or known_before is None:
            _record(session, one, covered, today, now)
        (progress or silent)(place, len(rows))
    session.flush()
    if added or changed:
        details = {"added": added, "changed": changed}
        history.record(session, chain="authority", at=now, actor_id=None, what="absences imported", details=details)
    return ImportResult(added=added, changed=changed, unchanged=len(rows) - added - changed)


def _record(session: Session, one: _Away, covered: int | None, today: date, now: datetime) -> None:
    """Write it into the person's history: it stands in the next "Your day". What is over concerns nobody."""
    if one.to_on is not None and one.to_on < today:
        return
    details = {
        "from": one.from_on.isoformat(),
        "to": one.to_on.isoformat() if one.to_on is not None else None,
        "cover": one.cover.id if one.cover is not None else None,
        "covered": covered,
    }
    history.record(session, chain=f"person:{one.person.id}", at=now, actor_id=None, what="away set", details=details)


def _away(row: Row, known: KnownStaff, today: date) -> _Away | None:
    person = _known(row, "email", known, needed=True)
    cover = _known(row, "cover_email", known, needed=False)
    row.needed("from")
    from_on, to_on = row.day("from", DayOf.AN_ABSENCE, today), row.day("to", DayOf.AN_ABSENCE, today)
    if from_on is not None and to_on is not None and to_on < from_on:
        row.wrong("to", f"{to_on} lies before {from_on}, the first day away")
        return None
    if person is None or from_on is None:
        return None
    return _Away(row=row, person=person, from_on=from_on, to_on=to_on, cover=cover)


def _known(row: Row, column: str, known: KnownStaff, *, needed: bool) -> Person | None:
    email = email_of(row, column, needed=needed)
    if email and email not in known.by_email:
        row.wrong(column, f"nobody here has the address {email}: import the staff first")
    return known.by_email.get(email)


def _check_overlaps(rows: list[_Away]) -> None:
    of_person: defaultdict[int, list[_Away]] = defaultdict(list)
    for one in sorted(rows, key=lambda away: (away.from_on, away.row.line)):
        for earlier in of_person[id_of(one.person)]:
            if earlier.to_on is None or earlier.to_on >= one.from_on:
                one.row.wrong("from", f"overlaps the absence in line {earlier.row.line}")
                break
        of_person[id_of(one.person)].append(one)


def _known_before(session: Session, rows: list[_Away]) -> dict[int, Absence]:
    """The absence that each row says anew, by the row's line: no row takes one that another names by its first day."""
    stored: defaultdict[int, list[Absence]] = defaultdict(list)
    for absence in session.exec(select(Absence).order_by(col(Absence.from_on), col(Absence.id))):
        stored[absence.person_id].append(absence)
    found: dict[int, Absence] = {}
    for one in rows:
        known = stored[id_of(one.person)]
        same = next((absence for absence in known if absence.from_on == one.from_on), None)
        if same is not None:
            found[one.row.line] = same
    taken = {absence.id for absence in found.values()}
    for one in rows:
        left = (absence for absence in stored[id_of(one.person)] if absence.id not in taken)
        corrected = next((absence for absence in left if _is_corrected(one, absence)), None)
        if one.row.line not in found and corrected is not None:
            found[one.row.line] = corrected
            taken.add(corrected.id)
    return found


def _is_corrected(one: _Away, absence: Absence) -> bool:
    """Whether the row is this absence with its first day put right: they share days, and the end or who covers."""
    share = (one.to_on is None or absence.from_on <= one.to_on) and (
        absence.to_on is None or one.from_on <= absence.to_on
    )
    cover_id = one.cover.id if one.cover is not None else None
    return share and (absence.to_on == one.to_on or (cover_id is not None and absence.cover_id == cover_id))


def _check_cover(session: Session, rules: Procedures, one: _Away, before: Absence | None, today: date) -> None:
    """Whether the cover can cover; what is over is history, and is not judged."""
    if one.cover is None or (one.to_on is not None and one.to_on < today):
        return
    named_by = before.set_by_id if before is not None and not _is_files_word(one, before) else None
    sentence = cover_refused(session, rules, one.person, one.cover, max(one.from_on, today), named_by=named_by)
    if sentence is not None:
        one.row.wrong("cover_email", sentence)


def _is_files_word(one: _Away, before: Absence) -> bool:
    """Whether the file names another cover or more days than were entered: then nobody's own word stands."""
    cover_id = one.cover.id if one.cover is not None else None
    longer = before.to_on is not None and (one.to_on is None or one.to_on > before.to_on)
    return longer or one.from_on < before.from_on or before.cover_id != cover_id


def _written(session: Session, one: _Away, before: Absence | None) -> bool:
    """Store the absence; True when one known before was changed."""
    cover_id = one.cover.id if one.cover is not None else None
    if before is None:
        row = Absence(person_id=id_of(one.person), from_on=one.from_on, to_on=one.to_on, cover_id=cover_id)
        session.add(row)
        return False
    if (before.from_on, before.to_on, before.cover_id) == (one.from_on, one.to_on, cover_id):
        return False
    if _is_files_word(one, before):
        before.set_by_id = None
    before.from_on, before.to_on, before.cover_id = one.from_on, one.to_on, cover_id
    session.add(before)
    return True
