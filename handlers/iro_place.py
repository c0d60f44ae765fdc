"""The IRO's place of a child or a concern today: who fills it, whether it is empty, and who hears in it.

An IRO fills it while they serve and hold the role; away, a cover does. On a concern on which they were asked to reply
neither of them does: another fills it, for that concern alone.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property

from handlers.office import Scene
from handlers.people.addressees import find_addressees
from handlers.people.covering import cover_of, covered_by, proper
from handlers.people.independence import check
from handlers.people.line import id_of, line_above
from storage import people, stage_runs
from storage.children import Child
from storage.people import Absence

LONG = 20
"""Working days: away for more than these, the IRO manager may also close and withdraw."""


class Vacancy(StrEnum):
    """Why nobody holds the place."""

    NOBODY = "nobody is named"
    LEFT = "has left"
    NO_IRO = "is an IRO no more"
    ASKED = "was asked to reply"

    @property
    def is_for_good(self) -> bool:
        """Whether the children need another IRO, and not this one concern alone."""
        return self is not Vacancy.ASKED


@dataclass(frozen=True, kw_only=True)
class IroPlace:
    """The place as it is today. `concern_id` is None where it is about the child alone, or nothing was asked yet."""

    scene: Scene
    iro_id: int | None
    child: Child | None = None
    concern_id: int | None = None

    @cached_property
    def vacancy(self) -> Vacancy | None:
        """Why nobody holds it; None while somebody does, away or not."""
        vacancy = vacancy_of(self.scene, self.iro_id, of_child=self._is_childs)
        if vacancy is not None or self.concern_id is None or self.iro_id is None:
            return vacancy
        asked = stage_runs.was_asked(self.scene.session, self.concern_id, (self.iro_id,))
        return Vacancy.ASKED if asked else None

    @cached_property
    def absence(self) -> Absence | None:
        """The absence of the IRO who holds it."""
        if self.iro_id is None:
            return None
        found = people.absence_on(self.scene.session, self.iro_id, self.scene.today)
        return found if found is not None and self.vacancy is None else None

    @cached_property
    def cover_id(self) -> int | None:
        """Who covers for the IRO here: there today, independent of this child, never asked to reply to this concern."""
        if self.absence is None:
            return None
        cover_id = cover_of(self.scene.session, self.scene.rules, self.absence, self.scene.today)
        if cover_id is None or not present(self.scene, cover_id):
            return None
        if self._is_dependent(cover_id) or self.was_asked(cover_id):
            return None
        return cover_id

    def is_filled_by(self, person_id: int) -> bool:
        """Whether the person is the IRO, away or not, or covers for them."""
        return person_id == self.cover_id or (person_id == self.iro_id and self.vacancy is None)

    def is_named(self, person_id: int) -> bool:
        """Whether the person is the IRO, even where they were asked to reply to this one and so do not act on it."""
        return person_id == self.iro_id and (self.vacancy is None or not self.vacancy.is_for_good)

    def is_cover_by_another(self, person_id: int) -> bool:
        """Whether the person covers by somebody else's entry: more binds them than binds a cover whom the IRO named."""
        return person_id == self.cover_id and not self.entered_by_iro

    @property
    def is_empty(self) -> bool:
        """Whether the IRO is away or gone, so that the IRO manager may act."""
        return self.vacancy is not None or self.absence is not None

    @property
    def entered_by_iro(self) -> bool:
        """Whether the IRO entered the absence; one that somebody else entered opens no drafts and lifts no notice."""
        return self.absence is not None and self.absence.set_by_id == self.iro_id

    @cached_property
    def is_empty_for_long(self) -> bool:
        """Whether the IRO is gone, or away for more than twenty working days."""
        if self.vacancy is not None:
            return True
        return self.absence is not None and _working_days(self.scene, self.absence) > LONG

    def deputises(self, person_id: int, *, as_manager: bool) -> bool:
        """Whether the person may act in the empty place: an IRO manager who was not asked, else the next person."""
        if not self.is_empty or self.was_asked(person_id):
            return False
        by_own_entry = self.absence is not None and self.absence.set_by_id == person_id
        return as_manager or (person_id in self._next_up and not by_own_entry)

    def was_asked(self, person_id: int) -> bool:
        """Whether the person, or somebody they cover today, is or was asked to reply to this concern."""
        if self.concern_id is None:
            return False
        covered = covered_by(self.scene.session, self.scene.rules, person_id, self.scene.today)
        answering = {person_id, *covered} - {self.iro_id or 0}
        return stage_runs.was_asked(self.scene.session, self.concern_id, answering)

    @cached_property
    def heard_by(self) -> list[int]:
        """Who hears: the IRO; while away, their cover; without one or gone, who may act in the place."""
        if self.iro_id is not None and not self.is_empty:
            return [self.iro_id]
        if self.cover_id is not None:
            return [self.cover_id]
        found = iro_managers_for(self.scene, self.iro_id) or iro_managers_for(self.scene, None)
        managers = [one for one in found if not self.was_asked(one)]
        if managers or self._next_up:
            return managers or self._next_up
        return [self.iro_id] if self.iro_id is not None and self.vacancy is None else []

    @cached_property
    def _next_up(self) -> list[int]:
        """Where each IRO manager was asked: the next person up who is independent of the child, else another IRO."""
        managers = people.holders_of(self.scene.session, "iro_manager", self.scene.today)
        if self.concern_id is None or not managers or not all(self.was_asked(id_of(one)) for one in managers):
            return []
        on = self.scene.today
        line = (one for manager in managers for one in line_above(self.scene.session, manager.id))
        above = [one for one in line if not one.has_left(on)]
        iros = people.holders_of(self.scene.session, "iro", self.scene.today)
        return [id_of(one) for one in (*above, *iros) if self._is_free(id_of(one))][:1]

    def _is_free(self, person_id: int) -> bool:
        """Whether the person is independent of the child, was never asked to reply, and is not away by their own word.

        Away by another's word they keep their turn: nobody sends others away to be the next.
        """
        absence = people.absence_on(self.scene.session, person_id, self.scene.today)
        if person_id == self.iro_id or (absence is not None and absence.set_by_id == person_id):
            return False
        if not proper(people.roles_on(self.scene.session, person_id, self.scene.today)):
            return False
        return not self._is_dependent(person_id) and not self.was_asked(person_id)

    @property
    def _is_childs(self) -> bool:
        return self.child is not None and self.child.iro_id == self.iro_id

    def _is_dependent(self, person_id: int) -> bool:
        holder_id = self.child.holder_id if self.child is not None else None
        return check(self.scene.session, holder_id, person_id) is not None


def vacancy_of(scene: Scene, iro_id: int | None, *, of_child: bool = True) -> Vacancy | None:
    """Why this person holds nobody's place as IRO today; None while they serve and are an IRO.

    What is about the service, or was raised where a child had no IRO, may be an IRO manager's own.
    """
    iro = people.get(scene.session, iro_id) if iro_id is not None else None
    if iro is None or iro_id is None:
        return Vacancy.NOBODY
    if iro.has_left(scene.today):
        return Vacancy.LEFT
    holding = {"iro"} if of_child else {"iro", "iro_manager"}
    return None if people.roles_on(scene.session, iro_id, scene.today) & holding else Vacancy.NO_IRO


def iro_managers_for(scene: Scene, iro_id: int | None) -> list[int]:
    """The IRO managers who hear of what is this IRO's; of nobody's, all of them."""
    found = find_addressees(
        scene.session, scene.rules, roles=["iro_manager"], child=None, iro_id=iro_id or 0, on=scene.today
    )
    return [id_of(one.person) for one in found]


def present(scene: Scene, person_id: int) -> bool:
    """Whether a person is in service and not away today."""
    person = people.get(scene.session, person_id)
    if person is None or person.has_left(scene.today):
        return False
    return people.absence_on(scene.session, person_id, scene.today) is None


def _working_days(scene: Scene, absence: Absence) -> int:
    """The working days of an absence, with entries that follow each other taken as one.

    Of one that has no end, or that somebody else entered, the days gone by alone: nobody makes room for themselves
    by entering a long absence.
    """
    first = absence.from_on
    while before := people.absence_on(scene.session, absence.person_id, _working_day_before(scene, first)):
        first = before.from_on
    by_themself = absence.set_by_id == absence.person_id
    last = absence.to_on if absence.to_on is not None and by_themself else scene.today
    return scene.calendar.count(first - timedelta(days=1), last)


def _working_day_before(scene: Scene, day: date) -> date:
    before = day - timedelta(days=1)
    while not scene.calendar.is_working(before):
        before -= timedelta(days=1)
    return before


def place_of_child(scene: Scene, child: Child) -> IroPlace:
    """The IRO's place of a child."""
    return IroPlace(scene=scene, iro_id=child.iro_id, child=child)
