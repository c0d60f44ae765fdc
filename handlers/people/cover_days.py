"""The days of a person's absences that are not over, and on which of them somebody is named as cover."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session, col, or_, select

from scheduling.deadline_wording import say_day, say_list
from storage import people
from storage.people import Absence

Days = tuple[date, date | None]
"""First and last day, both included; no last where the end is open."""


@dataclass(frozen=True, kw_only=True)
class Ahead:
    """A person's absences from a day on: all their days, and those of each cover named; what touches is one."""

    away: tuple[Days, ...]
    covers: Mapping[int, tuple[Days, ...]]


def absences_from(session: Session, person_id: int, today: date) -> list[Absence]:
    """The absences of a person that are not over, the next one first."""
    query = select(Absence).where(
        Absence.person_id == person_id, or_(col(Absence.to_on).is_(None), col(Absence.to_on) >= today)
    )
    return list(session.exec(query.order_by(col(Absence.from_on))))


def ahead_of(session: Session, person_id: int, today: date) -> Ahead:
    """What lies ahead of a person, from that day on: of what has begun, the days that are left."""
    found = absences_from(session, person_id, today)
    named = {one.cover_id for one in found if one.cover_id is not None}
    return Ahead(
        away=_joined(found, today),
        covers={cover: _joined((one for one in found if one.cover_id == cover), today) for cover in named},
    )


def _joined(absences: Iterable[Absence], today: date) -> tuple[Days, ...]:
    joined: list[Days] = []
    for one in absences:
        first = max(one.from_on, today)
        if joined and (joined[-1][1] is None or first <= joined[-1][1] + timedelta(days=1)):
            earlier, last = joined.pop()
            joined.append((earlier, None if last is None or one.to_on is None else max(last, one.to_on)))
        else:
            joined.append((first, one.to_on))
    return tuple(joined)


def without(days: Iterable[Days], others: Iterable[Days]) -> tuple[Days, ...]:
    """The days that are not among the others."""
    left = list(days)
    for other in others:
        left = [part for one in left for part in _outside(one, other)]
    return tuple(left)


def _outside(one: Days, other: Days) -> Iterator[Days]:
    (first, last), (begins, ends) = one, other
    if first < begins:
        before = begins - timedelta(days=1)
        yield first, before if last is None else min(last, before)
    if ends is not None and (last is None or last > ends):
        yield max(first, ends + timedelta(days=1)), last


def as_kept(days: Iterable[Days]) -> str:
    """Days as a message keeps them: "2026-12-21/2027-01-04 2027-02-01/"."""
    return " ".join(f"{first}/{last or ''}" for first, last in days)


def kept(written: object) -> tuple[Days, ...]:
    """The days that were kept so."""
    spans = (one.split("/") for one in str(written or "").split())
    return tuple((date.fromisoformat(first), date.fromisoformat(last) if last else None) for first, last in spans)


def who_named(session: Session, actor_id: int | None, for_id: int | None, on: date) -> dict[str, int | str | None]:
    """By whom an act done for a person as their cover was made possible, for its history; nothing of other acts."""
    if actor_id is None or for_id is None or actor_id == for_id:
        return {}
    named = (one for one in people.absences_covered_by(session, actor_id, on) if one.person_id == for_id)
    absence = next(named, None)
    return {} if absence is None else {"cover_named_by": absence.set_by_id or BY_FILE}


BY_FILE = "the absences file"


def say_days(days: Iterable[Days], today: date, who: str = "they") -> str:
    """ "from Mon 21 Dec to Mon 4 Jan 2027"; "on Tue 22 Dec"; "from Mon 21 Dec until they are back"."""
    return say_list([_span(first, last, today, who) for first, last in days])


def _span(first: date, last: date | None, today: date, who: str) -> str:
    if last is None:
        return f"from {say_day(first, today)} until {who} are back"
    if first == last:
        return f"on {say_day(first, today)}"
    return f"from {say_day(first, today)} to {say_day(last, today)}"
