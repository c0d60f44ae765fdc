"""When "Your day" is owed, and to whom: once, on the morning of each working day."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import TypeVar

from handlers.absences.from_staff_file import told_of_weekdays
from handlers.absences.leaving import told_of_leaving
from handlers.absences.lines import marked_away_by_file, told_of_absences
from handlers.absences.returning import told_on_return
from handlers.day.carrying import told_to_carry_on
from handlers.day.checked import told_of_checks
from handlers.day.limits import limits_until, told_in_place_of_iros
from handlers.day.on_record import told_of_records
from handlers.day.vacancies import told_of_vacancies
from handlers.days_off import at_work, back_today, furthest_named
from handlers.figures.quarter_offer import people_to_offer
from handlers.handed_lines import tell_of_handovers, tell_of_losses, told_of_handovers, untold_losses
from handlers.hearing import present
from handlers.lengthened import told_of_lengthening
from handlers.messages.of_mornings import about_morning, your_day
from handlers.messages.owing import owe, welcome
from handlers.messages.subjects import DAY
from handlers.office import Scene
from handlers.places import AtRun, changed_overnight, see_to
from handlers.reviews.clock import ask_elsewhere, asked_elsewhere
from handlers.reviews.day_lines import people_with_lines
from handlers.standing import place_of
from handlers.starts import has_started, starting_next
from handlers.undrawn import drawn
from scheduling import ladder
from scheduling.duration import Unit, add_months
from scheduling.working_days import at_local, local
from storage import children, concerns, day_lists, nudges, people
from storage.concerns import Concern, ConcernState
from storage.rare import Rare, may_be
from storage.scope import hold_all

T = TypeVar("T")
Piece = Callable[[Scene], None]
"""What is written in one transaction."""

AT_A_TIME = 100
"""So many rows keep the lock for some 20 milliseconds (decision 7)."""


def next_morning(scene: Scene) -> None:
    """Plan the next working day's morning, if none is planned."""
    if nudges.planned_about(scene.session, DAY):
        return
    day = scene.today
    while True:
        day = scene.calendar.next_working(day)
        opening = _morning(scene, day)
        if opening > scene.now:
            break
        day += timedelta(days=1)
    nudges.plan(scene.session, subject=DAY, rung=ladder.Rung.DAY, due_at=opening)


def _morning(scene: Scene, day: date) -> datetime:
    return at_local(day, scene.rules.your_day_at)


def morning_has_come(scene: Scene) -> bool:
    """Whether this is a working day after the hour of "Your day": waking at night or on a Sunday sends none."""
    return scene.calendar.is_working(scene.today) and _morning(scene, scene.today) <= scene.now


@dataclass(frozen=True, kw_only=True)
class Overnight:
    """What a morning finds changed, and has seen to before it tells anybody: by their ids.

    `lost` are places whose line lost the child; `starting` are the people who start on the next working day.
    """

    places: Sequence[AtRun]
    lost: Sequence[int]
    lasted: Sequence[int]
    decisions: Sequence[int]
    starting: Sequence[int]


def overnight(scene: Scene) -> Overnight:
    """Look what changed since the last morning; nothing is written."""
    return Overnight(
        places=changed_overnight(scene),
        lost=untold_losses(scene),
        lasted=[*_lasted(scene)],
        decisions=asked_elsewhere(scene),
        starting=starting_next(scene),
    )


def begin_day(found: Overnight) -> Iterator[Piece]:
    """Let the clock see to places that changed, and this morning tell what changed hands and ask what has lasted.

    In pieces, each of which is written in a short transaction; done again after a stop they change nothing twice.
    """
    yield tell_of_handovers
    yield from _in_pieces(see_to, found.places)
    yield from _in_pieces(tell_of_losses, found.lost)
    yield from _in_pieces(_ask_whether_it_lasted, found.lasted)
    yield from _in_pieces(welcome, found.starting)
    yield from _in_pieces(_ask_elsewhere, found.decisions, 1)


def _in_pieces(
    write: Callable[[Scene, Sequence[T]], None], rows: Sequence[T], number: int = AT_A_TIME
) -> Iterator[Piece]:
    for at in range(0, len(rows), number):
        yield partial(_written, write, rows[at : at + number])


def _written(write: Callable[[Scene, Sequence[T]], None], rows: Sequence[T], scene: Scene) -> None:
    write(scene, rows)


def _ask_whether_it_lasted(scene: Scene, concern_ids: Sequence[int]) -> None:
    hold_all(scene.session, Concern, concern_ids)
    for concern in filter(None, (concerns.get(scene.session, one) for one in concern_ids)):
        concern.lasted_asked_on = concern.lasted_asked_on or scene.today
        scene.session.add(concern)


def _ask_elsewhere(scene: Scene, review_ids: Sequence[int]) -> None:
    for review_id in review_ids:
        ask_elsewhere(scene, review_id)


def people_to_tell(scene: Scene) -> list[int]:
    """Everyone who may have something today; nothing is written.

    Whether they do is found when it is sent, each in a transaction of its own; with nothing to say it is dropped.
    """
    people.know_everyone(scene.session, scene.today)
    of_handovers = told_of_handovers(scene)
    limits = limits_until(scene)
    named = {
        *day_lists.people_with_something(scene.session, scene.today, scene.now, _named_until(scene), limits),
        *told_in_place_of_iros(scene, limits),
    }
    named |= people_with_lines(scene)
    if any(not present(scene, one) for one in named):  # what nobody here can see to comes to the IRO managers
        managers = people.holders_of(scene.session, "iro_manager", scene.today)
        named |= {one.id for one in managers if one.id is not None}
    named |= people_to_offer(scene) | told_of_vacancies(scene) | of_handovers
    named |= told_to_carry_on(scene) | told_of_checks(scene) | told_of_records(scene)
    named |= (
        told_of_lengthening(scene)
        | told_of_weekdays(scene)
        | told_of_absences(scene)
        | told_of_leaving(scene)
        | told_on_return(scene)
        | back_today(scene)
    )
    here = [one for one in sorted(named) if at_work(scene, one) and has_started(scene, one)]
    return here + sorted(one for one in marked_away_by_file(scene) if not present(scene, one))


def owe_day(scene: Scene, readers: Sequence[int]) -> None:
    """Owe these people "Your day": once, on the morning of each working day."""
    owe(scene, your_day, readers, about_morning(scene.today))


def whole_morning(scene: Scene) -> None:
    """All of a morning, in one transaction: for a day that is rehearsed, and for few."""
    if morning_has_come(scene):
        found = overnight(scene)
        for write in begin_day(found):
            write(scene)
        owe_day(scene, people_to_tell(scene))
    end_morning(scene)


def end_morning(scene: Scene) -> None:
    """The morning is over: the next is planned."""
    nudges.forget(scene.session, DAY)
    next_morning(scene)


def _named_until(scene: Scene) -> datetime:
    """The latest deadline of a reply that can be named today, under any rules by which somebody is asked."""
    digests = day_lists.rules_of(scene.session, (ConcernState.WAITING, ConcernState.ASKED, ConcernState.PLANNED))
    days = max((_days_before(scene, digest) for digest in digests), default=0)
    return at_local(scene.calendar.add(furthest_named(scene), days + 1), time.max)


def _days_before(scene: Scene, digest: str) -> int:
    """How many working days ahead these procedures name a reply; none where they cannot be read any more."""
    return drawn(scene, f"procedures {digest[:8]}", lambda: scene.frozen_rules(digest).ladder.before.number, lambda: 0)


def _lasted(scene: Scene) -> Iterator[int]:
    """The concerns closed long enough ago, of which a person is asked today, once, whether the change lasted."""
    closed = day_lists.never_asked_whether_it_lasted(scene.session) if may_be(scene.session, Rare.CHANGED) else ()
    for concern in closed:
        if drawn(scene, concern.reference, partial(_long_closed, scene, concern), lambda: False):
            assert concern.id is not None
            yield concern.id


def _long_closed(scene: Scene, concern: Concern) -> bool:
    """Whether it was closed long enough ago, and somebody is there to be asked."""
    assert concern.closed_at is not None
    after = scene.frozen_rules(concern.procedures_digest).ladder.lasted_after
    if after.unit is not Unit.MONTHS or not _someone_to_ask(scene, concern):
        return False
    return add_months(local(concern.closed_at).date(), after.number) <= scene.today


def _someone_to_ask(scene: Scene, concern: Concern) -> bool:
    """Whether the IRO or a cover is there today; a question asked once is not asked of an empty chair."""
    child = children.get(scene.session, concern.child_id) if concern.child_id else None
    place = place_of(scene, concern, child)
    if place.vacancy is not None:
        return False
    return any(at_work(scene, one) for one in (place.iro_id, place.cover_id) if one is not None)
