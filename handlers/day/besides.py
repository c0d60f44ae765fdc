"""What "Your day" says somebody owes on a concern besides a reply: a plan they promised, words a manager asked for."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from functools import partial

from handlers.cards import Line
from handlers.concern_buttons import button_about
from handlers.day.replies import entry_of
from handlers.day_entry import Entry, Kind
from handlers.day_words import by, opened
from handlers.days_off import named_to
from handlers.office import Scene
from handlers.parts import wanted_from
from handlers.promises import Promise, open_promises, promised_of
from handlers.set_aside import stands_in_for
from handlers.undrawn import drawn
from handlers.wording import for_whom, name_of, run_words
from scheduling import ladder
from scheduling.deadline_wording import say_due
from scheduling.duration import Duration
from scheduling.working_days import local
from storage import children, concerns, day_lists, stage_runs
from storage.concerns import Concern
from storage.rare import Rare, may_be
from storage.stage_runs import Addressee, StageRun


def owed_besides(scene: Scene, person_id: int, mine: Collection[int], *, named_only: bool = True) -> list[Entry]:
    """Those of the person, and of those they cover and may stand in for; all, or what they are reminded of today."""
    whose = Whose(person_id=person_id, mine=mine, named_only=named_only)
    entries = []
    if may_be(scene.session, Rare.PROMISES):
        for run in day_lists.with_promises_of(scene.session, mine):
            entries += _entries(scene, run, partial(_promised, scene, whose))
    if may_be(scene.session, Rare.ADDITIONS):
        for run, part in day_lists.asked_to_add(scene.session, mine):
            entries += _entries(scene, run, partial(_to_add, scene, whose, part))
    return entries


@dataclass(frozen=True, kw_only=True)
class Whose:
    """Whose lines they are: the person's, and of `mine`, them and those they cover."""

    person_id: int
    mine: Collection[int]
    named_only: bool

    def names(self, scene: Scene, due_on: date, before: Duration) -> bool:
        """Whether there is a line today; what falls on a day off is named on the last day worked before it."""
        days = named_to(scene, self.person_id)
        return not self.named_only or any(ladder.named_today(due_on, day, before, scene.calendar) for day in days)


Draw = Callable[[Concern, StageRun], Entry | None]


def _entries(scene: Scene, run: StageRun, draw: Draw) -> list[Entry]:
    """The line about a stage run at which the concern stands, if there is one today."""
    concern = concerns.get(scene.session, run.concern_id)
    if concern is None or concern.run_id != run.id:
        return []
    return entry_of(scene, concern, partial(draw, concern, run))


def _promised(scene: Scene, whose: Whose, concern: Concern, run: StageRun) -> Entry | None:
    """Two working days before the day of the plan, on the day, and each day after, until it is done or decided on."""
    person_id = whose.person_id
    promises = promised_of(open_promises(scene, concern, run), whose.mine)
    theirs = [one for one in promises if _stands_in(scene, concern, person_id, run, one)]
    promise = min(theirs, key=lambda one: (one.person_id != person_id, one.by), default=None)
    before = scene.frozen_rules(concern.procedures_digest).ladder.before
    if promise is None or not whose.names(scene, promise.by, before):
        return None
    who = name_of(scene, promise.left_id) if promise.left_id is not None else "you"
    text = f"{concern.reference}: what {who} promised is {say_due(promise.by, scene.today)}"
    line = Line(
        text=f"{text}{for_whom(scene, person_id, promise.person_id)}.",
        buttons=(button_about(concern, "Done", "concern.done"), opened(concern)),
    )
    return Entry(line=line, on=promise.by, kind=Kind.CONCERN, owed_by=promise.by)


def _stands_in(scene: Scene, concern: Concern, person_id: int, run: StageRun, promise: Promise) -> bool:
    parts = [one for one in stage_runs.people_of(scene.session, run.id or 0) if one.person_id == promise.person_id]
    return person_id == promise.person_id or _may_stand_in(scene, concern, person_id, parts)


def _may_stand_in(scene: Scene, concern: Concern, person_id: int, parts: list[Addressee]) -> bool:
    child = children.get(scene.session, concern.child_id) if concern.child_id else None
    nobody: list[Addressee] = []
    found = drawn(
        scene, concern.reference, partial(stands_in_for, scene, concern, child, person_id, parts), lambda: nobody
    )
    return bool(found)


def _to_add(scene: Scene, whose: Whose, part: Addressee, concern: Concern, run: StageRun) -> Entry | None:
    """Up to the day by which the manager has to reply; from then on it is the manager who is late."""
    person_id = whose.person_id
    if run.due_at is None or run.due_at <= scene.now or not wanted_from(scene, concern, part):
        return None
    if part.person_id != person_id and not _may_stand_in(scene, concern, person_id, [part]):
        return None
    due_on, before = local(run.due_at).date(), scene.frozen_rules(concern.procedures_digest).ladder.before
    if not whose.names(scene, due_on, before):
        return None
    text = f"{concern.reference}: {name_of(scene, part.adds_for_id)} asks you to add to their reply"
    line = Line(
        text=f"{text} {by(scene, due_on)}, {run_words(run)}{for_whom(scene, person_id, part.person_id)}.",
        buttons=(button_about(concern, "Add", "concern.add"), opened(concern)),
    )
    return Entry(line=line, on=due_on, kind=Kind.CONCERN, owed_by=run.due_at)
