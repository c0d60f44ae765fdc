"""What "Your day" says of absences with cover entered, changed or ended since: to who leads the person, once.

A file tells nobody by itself: what it brought stands here for the cover and for the person too.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from handlers.cards import Line
from handlers.days_off import last_morning
from handlers.iro_place import iro_managers_for
from handlers.messages.of_absences import HERE
from handlers.messages.subjects import number_in
from handlers.office import Scene
from handlers.people.addressees import line_manager
from handlers.people.cover_days import say_days
from handlers.people.line import id_of
from handlers.wording import name_of
from scheduling.working_days import at_local
from storage import history, people

SET, BACK, CANCELLED, HERE_SAID = "away set", "back", "away cancelled", "said they are here"
KINDS = (SET, BACK, CANCELLED, HERE_SAID)


@dataclass(frozen=True, kw_only=True)
class Change:
    """The last that was done to a person's absences: what, when, by whom (nobody: a file), the days, who covers."""

    scene: Scene
    person_id: int
    at: datetime
    by_id: int | None
    what: str
    days: tuple[date, date | None] | None
    cover_id: int | None
    covered_id: int | None

    @property
    def by_file(self) -> bool:
        """Whether it came in a file."""
        return self.by_id is None

    @property
    def is_stale(self) -> bool:
        """Whether the days are over, and a morning has told of them: nothing for who only reads it now."""
        last = self.days[1] if self.days is not None else None
        is_over = last is not None and last < self.scene.today
        return is_over and self.at <= _morning(self.scene, _day_before(self.scene))

    def told_to(self) -> set[int]:
        """Who reads of it: who leads the person, but for who did it or is the cover; of a file all it is about."""
        about = {one for one in (self.cover_id, self.covered_id) if one is not None}
        leading = set(leading_today(self.scene, self.person_id)) - about - {self.person_id, self.by_id}
        return leading | about | {self.person_id} if self.by_file else leading

    def line(self, reader_id: int) -> Line:
        """As this reader reads it."""
        if reader_id == self.person_id:
            return Line(text=f"{self._away('You are')}{self._by}.", buttons=(HERE,))
        if reader_id == self.cover_id and self.days is not None:
            return Line(text=f"You cover for {self._name} {say_days([self.days], self.scene.today)}{self._by}.")
        if reader_id == self.covered_id and self.by_file:
            return Line(text=f"You no longer cover for {self._name}{self._by}.")
        return Line(text=f"{self._what}{self._by}.")

    @property
    def _name(self) -> str:
        return name_of(self.scene, self.person_id)

    @property
    def _what(self) -> str:
        if self.what == SET:
            return self._away(f"{self._name} is")
        if self.what == CANCELLED and self.days is not None:
            return f"{self._name} is not away {say_days([self.days], self.scene.today)} after all"
        return f"{self._name} is here again"

    def _away(self, who: str) -> str:
        span = [self.days] if self.days is not None else []
        days = say_days(span, self.scene.today, "you" if who == "You are" else "they")
        cover = (
            f"{name_of(self.scene, self.cover_id)} covers" if self.cover_id is not None else "nobody covers any more"
        )
        return f"{who} away {days}; {cover}"

    @property
    def _by(self) -> str:
        if self.by_file:
            return " (from the absences file)"
        return f" (entered by {name_of(self.scene, self.by_id)})" if self.by_id != self.person_id else ""


def leading_today(scene: Scene, person_id: int) -> list[int]:
    """Who leads a person today: of an IRO or IRO manager the IRO manager, else the line manager, or who stands in."""
    if people.roles_on(scene.session, person_id, scene.today) & {"iro", "iro_manager"}:
        managers = [one for one in iro_managers_for(scene, person_id) if one != person_id]
        if managers:
            return managers
    found = line_manager(scene.session, scene.rules, person_id, 0, scene.today)
    return [id_of(found.person)] if found is not None else []


def absence_lines(scene: Scene, person_id: int) -> list[Line]:
    """The person's lines this morning."""
    found = _changes(scene, last_morning(scene, person_id))
    return [one.line(person_id) for one in found if not one.is_stale and person_id in one.told_to()]


def told_of_absences(scene: Scene) -> set[int]:
    """Who may have such a line this morning, but for who was not at work on the day before."""
    return {reader for change in _changes(scene, _day_before(scene)) for reader in change.told_to()}


def marked_away_by_file(scene: Scene) -> set[int]:
    """Those whom a file marked as away since the last morning: they read it on a day away too."""
    return {one.person_id for one in _changes(scene, _day_before(scene)) if one.by_file}


def _day_before(scene: Scene) -> date:
    return scene.calendar.add(scene.today, -1)


def _changes(scene: Scene, since: date) -> Iterator[Change]:
    """The last change of each person's absences with cover, from the morning of that day to this morning."""
    kept = history.of_people_between(scene.session, _morning(scene, since), _morning(scene, scene.today), KINDS)
    last = {entry.chain: entry for entry in kept}
    for chain, entry in last.items():
        details = json.loads(entry.details)
        cover_id, covered_id = details.get("cover"), details.get("covered")
        if cover_id is None and covered_id is None and entry.actor_id is not None:
            continue
        yield Change(
            scene=scene,
            person_id=number_in(chain),
            at=entry.at,
            by_id=entry.actor_id,
            what=entry.what,
            days=_days(details),
            cover_id=cover_id,
            covered_id=covered_id,
        )


def _days(details: dict[str, str | int | None]) -> tuple[date, date | None] | None:
    first, last = details.get("from"), details.get("to")
    if not first:
        return None
    return date.fromisoformat(str(first)), date.fromisoformat(str(last)) if last else None


def _morning(scene: Scene, day: date) -> datetime:
    return at_local(day, scene.rules.your_day_at)
