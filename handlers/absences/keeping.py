"""Keeping an absence: what it overlaps makes room, it is recorded, and said back with what follows from it."""

from datetime import date, timedelta

from sqlmodel import col, or_, select

from handlers.absences.telling import known_of, tell
from handlers.cards import Notice
from handlers.messages.subjects import of_person
from handlers.office import Desk
from handlers.people.cover_days import Ahead, Days, absences_from
from handlers.people.covering import cover_of
from handlers.people.line import id_of
from scheduling.deadline_wording import say_day
from scheduling.procedures.terms import IRO_MANAGER
from storage import history, people
from storage.people import Absence, Person


def keep_absence(desk: Desk, person: Person, from_on: date, to_on: date | None, cover: Person | None) -> Notice:
    """Store it in place of what it overlaps, and say so.

    Somebody else's begins today at the earliest: nobody can enter that a colleague was away for weeks.
    """
    if person.id != desk.actor_id:
        from_on = max(from_on, desk.today)
    if (same := _same(desk, person, from_on, to_on, cover)) is not None:
        return Notice(text=_said(desk, person, same, cover))
    before = known_of(desk, person)
    cut = _make_room(desk, person, from_on, to_on)
    absence = Absence(
        authority=desk.authority,
        person_id=id_of(person),
        from_on=from_on,
        to_on=to_on,
        cover_id=cover.id if cover is not None else None,
        set_by_id=desk.actor_id,
    )
    desk.session.add(absence)
    desk.session.flush()
    record_absence(desk, person, "away set", (from_on, to_on), absence.cover_id, before)
    tell(desk, person, before, absence)
    return Notice(text=" ".join((_said(desk, person, absence, cover), *_here_again(desk, person, to_on, cut))))


def _same(desk: Desk, person: Person, from_on: date, to_on: date | None, cover: Person | None) -> Absence | None:
    """What was entered like this before; a person's own word takes the place of another's, never the other way."""
    wanted = max(from_on, desk.today), to_on, cover.id if cover is not None else None
    for one in absences_from(desk.session, id_of(person), desk.today):
        own_word = person.id != desk.actor_id or one.set_by_id == person.id
        if own_word and (max(one.from_on, desk.today), one.to_on, one.cover_id) == wanted:
            return one
    return None


def _make_room(desk: Desk, person: Person, from_on: date, to_on: date | None) -> list[str]:
    """End or drop the absences the new one overlaps: the last word counts. Returns those that went on after it."""
    cut = []
    overlapping = select(Absence).where(
        Absence.person_id == person.id,
        or_(col(Absence.to_on).is_(None), col(Absence.to_on) >= from_on),
    )
    for absence in desk.session.exec(overlapping):
        if to_on is not None and absence.from_on > to_on:
            continue
        if to_on is not None and (absence.to_on is None or absence.to_on > to_on):
            cut.append(days_in_words(absence))
        end_absence(desk, absence, from_on - timedelta(days=1))
    return cut


def _here_again(desk: Desk, person: Person, to_on: date | None, cut: list[str]) -> list[str]:
    """What becomes of the days after, which an earlier entry had as days away."""
    if to_on is None or not cut:
        return []
    who = "you count" if person.id == desk.actor_id else f"{person.name} counts"
    back = say_day(to_on + timedelta(days=1))
    return [
        f"The earlier entry, {' and '.join(cut)}, gives way: {who} as here from {back}. "
        "If not, say /iro away for those days too."
    ]


def end_absence(desk: Desk, absence: Absence, last: date) -> None:
    """Make that the absence's last day; drop it where it had not begun."""
    if absence.from_on > last:
        desk.session.delete(absence)
    else:
        absence.to_on = last
        desk.session.add(absence)
    desk.session.flush()


def record_absence(
    desk: Desk, person: Person, what: str, days: Days | None, cover_id: int | None, before: Ahead
) -> None:
    """Write it into the person's history, with who covered before."""
    first, last = days if days is not None else (None, None)
    history.record(
        desk.session,
        chain=of_person(person.id),
        at=desk.now,
        actor_id=desk.actor_id,
        what=what,
        details={
            "from": first.isoformat() if first is not None else None,
            "to": last.isoformat() if last is not None else None,
            "cover": cover_id,
            "covered": min(before.covers, default=None),
        },
    )


def _said(desk: Desk, person: Person, absence: Absence, cover: Person | None) -> str:
    own = person.id == desk.actor_id
    parts = [f"{'You are' if own else f'{person.name} is'} away {days_in_words(absence)}."]
    if cover is None:
        parts.append("Nobody covers: the next senior person is asked instead.")
    else:
        parts.append(_covered_words(desk, person, absence, cover))
        if _is_away_later(desk, cover, absence):
            parts.append(f"{cover.name} is away themself on some of them.")
    was = "you were" if own else "they were"
    parts += [f"{one} then has no cover: {was} named." for one in _left_uncovered(desk, person, absence)]
    return " ".join(parts)


def _covered_words(desk: Desk, person: Person, absence: Absence, cover: Person) -> str:
    own = person.id == desk.actor_id
    on = max(absence.from_on, desk.today)
    if cover_of(desk.session, desk.rules, absence, on) is None:
        return f"{cover.name} acts as {IRO_MANAGER}: with a reason each time, and {person.name} is told."
    words = f"{cover.name} covers, and has {'your' if own else 'their'} rights on these days."
    if own:
        return words
    if "iro" not in people.roles_on(desk.session, id_of(person), on):
        return f"{words} {person.name} did not enter this, and is told."
    return (
        f"{words} {person.name} did not enter this, so drafts and notes stay closed, and {person.name} is told. "
        f"{cover.name} cannot close or withdraw."
    )


def days_in_words(absence: Absence) -> str:
    """ "from Mon 21 Dec 2026 to Mon 4 Jan 2027, both included"."""
    if absence.to_on is None:
        return f"from {say_day(absence.from_on)} until /iro back"
    if absence.to_on == absence.from_on:
        return f"on {say_day(absence.from_on)}"
    return f"from {say_day(absence.from_on)} to {say_day(absence.to_on)}, both included"


def _overlapping(desk: Desk, absence: Absence) -> list[Absence]:
    query = select(Absence).where(or_(col(Absence.to_on).is_(None), col(Absence.to_on) >= absence.from_on))
    if absence.to_on is not None:
        query = query.where(Absence.from_on <= absence.to_on)
    return list(desk.session.exec(query.order_by(col(Absence.from_on))))


def _is_away_later(desk: Desk, cover: Person, absence: Absence) -> bool:
    return any(other.person_id == cover.id for other in _overlapping(desk, absence))


def _left_uncovered(desk: Desk, person: Person, absence: Absence) -> list[str]:
    """The names of those whom this person was to cover on these days."""
    others = {other.person_id for other in _overlapping(desk, absence) if other.cover_id == person.id}
    return [one.name for one in people.everyone(desk.session) if one.id in others]
