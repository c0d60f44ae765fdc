"""What each role adds to a person's whole day: its parts, the reviews it sees ahead, and the line and deeds below."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from sqlmodel import col, true

from handlers.day import ahead, foot, on_record, service, team
from handlers.day.ahead import Pairs
from handlers.day.foot import Foot
from handlers.day.part import Part
from handlers.day.waiting import with_others
from handlers.day_entry import Entry
from handlers.office import Scene
from handlers.people.covering import acting_roles
from handlers.standing import is_manager_in
from storage.children import Child


@dataclass(frozen=True, kw_only=True)
class Share:
    """That of one role."""

    parts: Sequence[Part]
    reviews: Pairs = ()
    foot: Foot = field(default_factory=Foot)


def shares(scene: Scene, person_id: int, later: Sequence[Entry]) -> Iterator[Share]:
    """Those of all the roles of the person and of those they cover; `later` is what falls due after a reminder looks.

    A manager's own children are few, and stand with those of their team.
    """
    acting = acting_roles(scene.session, scene.rules, person_id, scene.today)
    roles = frozenset().union(*acting.values())
    managers = managers_of(scene, person_id)
    if "iro" in roles:
        yield _of_iro(scene, person_id, [one for one, held in acting.items() if "iro" in held])
    if "iro_manager" in roles:
        yield _of_iro_manager(scene)
    if managers:
        yield _of_manager(scene, managers)
    if "social_worker" in roles or managers:
        yield _of_worker(scene, person_id, later, is_worker="social_worker" in roles, is_manager=bool(managers))
    if "support" in roles:
        found = ahead.reviews_of(scene, true())
        yield Share(parts=[ahead.summed_up(scene, found), on_record.for_support(scene)], reviews=found)


def managers_of(scene: Scene, person_id: int) -> list[int]:
    """The person and those they cover who manage in the line."""
    acting = acting_roles(scene.session, scene.rules, person_id, scene.today)
    return [one for one, roles in acting.items() if is_manager_in(scene.rules, roles)]


def _of_iro(scene: Scene, person_id: int, iros: Collection[int]) -> Share:
    found = ahead.reviews_of(scene, col(Child.iro_id).in_(iros))
    parts = [with_others(scene, person_id), ahead.summed_up(scene, found)]
    return Share(parts=parts, reviews=found, foot=foot.of_iro(scene, person_id))


def _of_iro_manager(scene: Scene) -> Share:
    found = ahead.reviews_of(scene, true())
    parts = [service.ageing(scene), service.reviews(scene, found)]
    parts += [on_record.in_service(scene), service.against_the_range(scene)]
    return Share(parts=parts, reviews=found, foot=Foot(buttons=(foot.LISTED, foot.FIGURES)))


def _of_manager(scene: Scene, managers: Collection[int]) -> Share:
    found = ahead.reviews_of(scene, ahead.held_by({*managers, *team.below(scene, managers)}))
    parts = [team.open_in_line(scene, managers), ahead.summed_up(scene, found), team.away(scene, managers)]
    page = (foot.ONE_PAGE,) if team.reports_to(scene, managers) else ()
    return Share(parts=parts, reviews=found, foot=Foot(buttons=page))


def _of_worker(scene: Scene, person_id: int, later: Sequence[Entry], *, is_worker: bool, is_manager: bool) -> Share:
    found = ahead.reviews_of(scene, ahead.held_by([person_id])) if is_worker else ()
    below = foot.of_worker(scene, person_id, {child.id for _, child in found}) if not is_manager else Foot()
    return Share(parts=[ahead.coming(scene, later, found)], reviews=found, foot=below)
