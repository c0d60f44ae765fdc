"""What a person is to a concern at this moment: its IRO, cover, addressee, manager in the line, or nobody."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from handlers.holding import parts_of
from handlers.lifecycle import Act, possible
from handlers.office import Desk, Scene
from handlers.rights.standing import Standing
from handlers.rights.table import May, Place, When
from handlers.standing import iro_of, place_of
from storage import children, people, stage_runs
from storage.concerns import Concern, ConcernState
from storage.stage_runs import Addressee, Part


@dataclass(frozen=True, kw_only=True)
class ConcernStanding(Standing):
    """The facts about one person and one concern."""

    concern: Concern
    iro_id: int

    def whose(self, place: Place) -> Sequence[int | None]:
        """The places on a concern, beside those of every child."""
        actor_id = self.desk.actor_id
        found: Sequence[int | None]
        match place:
            case Place.IRO_ASKED:
                found = [actor_id] if actor_id == self.iro_id and self.was_asked else []
            case Place.DRAFTER:
                found = [actor_id] if self._is_draft and self._steers_own_draft else []
            case Place.MANAGER_BY_OWN_WORD:
                found = self._managers_by_own_word
            case Place.ASKED | Place.ASKED_TO_ADD:
                part = self.addressed_now if place is Place.ASKED else self.asked_to_add
                found = [part.person_id] if part is not None and not self.is_iro else []
            case Place.PART:
                found = [part.person_id for part in self.parts]
            case _:
                found = super().whose(place)
        return found

    def meets(self, when: When) -> bool:
        """Whether what binds a place is met, as the concern stands now."""
        match when:
            case When.ALWAYS:
                return True
            case When.LOGGED:
                return not self._is_draft
            case When.SHARED:
                return self.concern.notes_shared
            case When.TIME_OVER:
                return is_time_over(self.desk, self.concern)
            case When.FILED:
                return goes_on_file(self.concern)
            case When.EMPTY_FOR_LONG:
                return not self._is_draft and self.iro_place.is_empty_for_long

    @property
    def acts_for(self) -> int | None:
        """Whom the person acts for: the IRO covered, or the IRO manager covered."""
        places = (Place.IRO, Place.COVER, Place.IRO_MANAGER)
        return next((self.held_for(place) for place in places if self.holds(place)), None)

    @property
    def iro_is_told(self) -> bool:
        """Whether the IRO is told of what the person does in their place: always but for the IRO's own cover."""
        vacancy = self.iro_place.vacancy
        if self.holds(Place.IRO) or (vacancy is not None and vacancy.is_for_good):
            return False
        return self._steers_own_draft or self.holds(Place.COVER, Place.DEPUTY)

    @property
    def _is_draft(self) -> bool:
        return self.concern.state in (ConcernState.DRAFT, ConcernState.DISCARDED)

    @property
    def _steers_own_draft(self) -> bool:
        """Whether the person drafted it, and is the IRO's cover or an IRO manager still."""
        return self.concern.drafted_by_id == self.desk.actor_id and (self.is_iro or self.holds(Place.IRO_MANAGER))

    @cached_property
    def _managers_by_own_word(self) -> list[int]:
        """The IRO managers by whose right the person acts who are no cover's, or entered their absence themselves."""
        desk, managers = self.desk, self._with_role("iro_manager")
        if desk.actor_id in managers:
            return [desk.actor_id]
        away = (people.absence_on(desk.session, one, desk.today) for one in managers)
        return [one.person_id for one in away if one is not None and one.set_by_id == one.person_id]

    @cached_property
    def parts(self) -> tuple[Addressee, ...]:
        """The person's parts in the concern, and those they stand in for."""
        if self.concern.id is None:
            return ()
        found = stage_runs.parts_in_concern(self.desk.session, self.concern.id)
        mine = parts_of(self.desk, self.concern, self.child, self.iro_id, self.desk.actor_id, self.acting, found)
        return tuple(part for part in mine if part.person_id != self.iro_id or self.iro_place.vacancy is not None)

    @property
    def _addressed(self) -> list[Addressee]:
        """The person's own, and covered, places among those addressed at the present stage; their own first."""
        present = [p for p in self.parts if p.run_id == self.concern.run_id and p.part == Part.ADDRESSED]
        return sorted(present, key=lambda part: (part.person_id != self.desk.actor_id, part.id or 0))

    @property
    def awaited(self) -> list[Addressee]:
        """Those of these places that have neither replied nor passed it on."""
        return [part for part in self._addressed if part.is_awaited]

    @property
    def answered(self) -> Addressee | None:
        """The place from which there is a reply to add to."""
        return next((part for part in self._addressed if part.replied_at is not None), None)

    @property
    def asked_to_add(self) -> Addressee | None:
        """The place from which the person, or somebody they stand in for, is asked to add to their manager's reply."""
        asked = [p for p in self.parts if p.run_id == self.concern.run_id and p.adds_for_id is not None]
        return min(asked, key=lambda part: (part.person_id != self.desk.actor_id, part.id or 0), default=None)

    @property
    def addressed_now(self) -> Addressee | None:
        """The place from which the person acts: one that is awaited, if there is one."""
        return next(iter((*self.awaited, *self._addressed)), None)


def standing(desk: Desk, concern: Concern) -> ConcernStanding:
    """What the person at the desk is to this concern."""
    child = children.get(desk.session, concern.child_id) if concern.child_id is not None else None
    return ConcernStanding(
        desk=desk,
        ref=concern.reference,
        seeing=May.SEE_IT_EXISTS,
        concern=concern,
        child=child,
        iro_id=iro_of(concern, child),
        iro_place=place_of(desk, concern, child),
    )


def goes_on_file(concern: Concern) -> bool:
    """Whether its copy belongs on a child's record now: there is a reply or an end to it, and it is about a child."""
    return not concern.about_service and possible(concern.state, Act.NOTE_ON_RECORD)


def is_time_over(scene: Scene, concern: Concern) -> bool:
    """Whether the time to reply at the present stage is over, and no reply waits for a word."""
    if concern.state is ConcernState.ASKED:
        return True
    run = stage_runs.get(scene.session, concern.run_id) if concern.run_id is not None else None
    is_late = run is not None and run.due_at is not None and run.due_at <= scene.now
    return concern.state is ConcernState.WAITING and is_late
