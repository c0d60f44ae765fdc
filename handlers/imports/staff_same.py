"""Who in a staff file is somebody known already under another address, and who may be: that is asked, never guessed.

The id on a platform is the person, and `previous_email` says it in words. A new address of somebody who is named alike,
and whose own address is missing from the file, is asked about: added as somebody else, they would leave all that is
theirs with a person whom nobody reaches any more.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from sqlmodel import Session

from handlers.folding import plain_name
from handlers.imports.staff_known import KnownStaff
from handlers.imports.staff_rows import ID_COLUMNS, NEW, PREVIOUS, StaffRow
from handlers.people.line import id_of
from handlers.people.renaming import had_address, readdress
from scheduling.deadline_wording import say_list
from storage.people import Person

MOST_NAMED = 3
_SAYS = {PREVIOUS: f"{PREVIOUS} says so", "slack_id": "the same Slack account", "teams_id": "the same Teams account"}


def take_over(session: Session, staff: Sequence[StaffRow], known: KnownStaff, now: datetime) -> dict[str, str]:
    """Give those who are known under another address the one of their row; a sentence on each, by that address."""
    taken = {}
    for one, column, person in _taken_over(session, staff, known):
        taken[one.email] = f"{called(person)} is {one.kept['name']} ({one.email}) now: {_SAYS[column]}."
        known.readdressed(person, one.email)
        readdress(session, person, one.email, now, where="staff file")
    return taken


def _taken_over(session: Session, staff: Sequence[StaffRow], known: KnownStaff) -> list[tuple[StaffRow, str, Person]]:
    """The rows of people known under another address, with the column that says so; what cannot be is kept as wrong."""
    lines = {one.email: one.row.line for one in staff}
    found: list[tuple[StaffRow, str, Person]] = []
    first: dict[int, int] = {}
    for one in staff:
        if one.email in known.by_email:
            _check_said_before(session, one, known)
            continue
        claims = dict(_claims(one, known, lines)) if one.email else {}
        if len({id_of(person) for person in claims.values()}) > 1 or (claims and one.is_new):
            one.row.wrong(*_torn(claims))
            continue
        for column, person in list(claims.items())[:1]:
            if first.setdefault(id_of(person), one.row.line) == one.row.line:
                found.append((one, column, person))
            else:
                one.row.wrong(column, f"{called(person)} is the person of line {first[id_of(person)]} already")
    return found


def _check_said_before(session: Session, one: StaffRow, known: KnownStaff) -> None:
    """An address that is known took over long ago; it takes nothing from a second person."""
    holder, other = known.by_email[one.email], known.by_email.get(one.previous_email)
    if other is None or other is holder or had_address(session, holder, one.previous_email):
        return
    reason = f"{one.email} and {one.previous_email} are two people here already: {holder.name} and {other.name}"
    one.row.wrong(PREVIOUS, reason)


def _claims(one: StaffRow, known: KnownStaff, lines: Mapping[str, int]) -> Iterator[tuple[str, Person]]:
    """Whom the row says it is, by the columns that say so; somebody who has a row of their own is not taken over."""
    if one.previous_email:
        person = known.by_email.get(one.previous_email)
        if one.previous_email in lines:
            place = lines[one.previous_email]
            one.row.wrong(PREVIOUS, f"{one.previous_email} stands in line {place} too, as somebody's present address")
        elif person is None:
            reason = f"nobody here has the address {one.previous_email}: check it, or write {NEW} for somebody new"
            one.row.wrong(PREVIOUS, reason)
        else:
            yield PREVIOUS, person
    for column, platform in ID_COLUMNS.items():
        account = one.accounts.get(column, "")
        holder = known.holder_of(platform, account) if account else None
        if holder is not None and holder.email not in lines:
            yield column, holder


def _torn(claims: Mapping[str, Person]) -> tuple[str, str]:
    said = [f"{column} is that of {called(person)}" for column, person in claims.items()]
    column = list(claims)[-1]
    if len(said) == 1:
        return column, f"{said[0]}, and {PREVIOUS} says {NEW}: take one of them out"
    return column, f"{say_list(said)}: a row is one person"


def ask_who_is_meant(staff: Sequence[StaffRow], known: KnownStaff, *, leavers: bool) -> None:
    """Keep each new address of whom somebody missing from the file may be the same person."""
    alike = _Alike(known.missing_from(one.email for one in staff), known, leavers=leavers)
    for one in staff:
        if one.email in known.by_email or one.is_new:
            continue
        found = alike.to(one)[:MOST_NAMED]
        if found:
            one.row.wrong("email", _question(one, found))


def _question(one: StaffRow, found: Sequence[Person]) -> str:
    missing = (
        f"{say_list([called(person) for person in found])} {'is' if len(found) == 1 else 'are'} missing from this file"
    )
    old = found[0].email if len(found) == 1 else "the old address"
    return (
        f"{one.kept['name']} ({one.email}) is new here, and {missing}. If that is one person, write {old} under "
        f"{PREVIOUS}, or run iro-bot people rename {old if len(found) == 1 else 'OLD'} {one.email}. If not, "
        f"write {NEW} under {PREVIOUS}"
    )


class _Alike:
    """Those missing from the file, by what makes them like a row of it.

    Always the same name in the same team. Where they would be marked as left, so that their cases stay behind, also
    the same name in any team, and a part of it, as after a wedding, in the same team and role.
    """

    def __init__(self, missing: Iterable[Person], known: KnownStaff, *, leavers: bool) -> None:
        self._known = known
        self._leavers = leavers
        self._by_name: defaultdict[str, list[Person]] = defaultdict(list)
        self._by_place: defaultdict[tuple[str, str], list[Person]] = defaultdict(list)
        for person in missing:
            self._by_name[plain_name(person.name)].append(person)
            for place in _places(person.team, known.manager_email(person)):
                self._by_place[place].append(person)

    def to(self, one: StaffRow) -> list[Person]:
        """Who may be the person of this row, likeliest first."""
        name, team = plain_name(str(one.kept["name"])), one.kept.get("team")
        named = self._by_name.get(name, [])
        if not self._leavers:
            return [person for person in named if team is None or plain_name(str(team)) == plain_name(person.team)]
        place = next(_places(str(team or ""), one.manager_email))
        near = [person for person in self._by_place.get(place, []) if self._shares(person, name, one)]
        return [*named, *(person for person in near if person not in named)]

    def _shares(self, person: Person, name: str, one: StaffRow) -> bool:
        words = {word for word in name.split() if len(word) > 1}
        return bool(words & set(plain_name(person.name).split())) and self._known.holds(person, one.roles)


def _places(team: str, manager_email: str) -> Iterator[tuple[str, str]]:
    """The places by which somebody is found: their team where they have one, and below whom they work."""
    if team:
        yield "team", plain_name(team)
    yield "below", manager_email


def called(person: Person) -> str:
    """ "Tess Hill (tess.hill@anyshire.example)"."""
    return f"{person.name} ({person.email})"
