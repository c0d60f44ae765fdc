"""The replies a person owes, and those of others that are overdue and of which they were told as a manager."""

from collections.abc import Callable
from functools import partial

from handlers.cards import Line
from handlers.concern_buttons import button_about
from handlers.day_entry import Entry, Kind
from handlers.day_words import opened, ref, until
from handlers.days_off import named_to
from handlers.holding import parts_of
from handlers.office import Scene
from handlers.standing import iro_of
from handlers.undrawn import drawn, instead_of_line
from handlers.wording import for_whom, name_of, run_words
from scheduling import ladder
from scheduling.deadline_wording import say_day, say_list
from scheduling.duration import Unit, say_count
from scheduling.working_days import local
from storage import children, concern_pages, concerns, day_lists, stage_runs
from storage.children import Child
from storage.concerns import Concern, ConcernState
from storage.rare import Rare, may_be
from storage.stage_runs import Addressee, StageRun


def owed_replies(scene: Scene, person_id: int, mine: list[int], *, named_only: bool = True) -> list[Entry]:
    """The replies of the person and of those they cover; all of them, or those of which they are reminded today."""
    entries = []
    asked = stage_runs.open_for(scene.session, mine)
    concern_pages.know(scene.session, (run.concern_id for run, _ in asked))
    for run, part in asked:
        concern = concerns.get(scene.session, run.concern_id)
        if concern is None or concern.run_id != run.id:
            continue
        if concern.state not in (ConcernState.WAITING, ConcernState.ASKED):
            continue
        child = children.get(scene.session, concern.child_id) if concern.child_id else None
        if _is_theirs(scene, concern, child, person_id, mine, part):
            draw = partial(_reply, scene, person_id, concern, child, run, part, named_only)
            entries += entry_of(scene, concern, draw)
    return entries


def entry_of(scene: Scene, concern: Concern, draw: Callable[[], Entry | None]) -> list[Entry]:
    """The entry, if there is one; the sentence in its place where it cannot be drawn."""
    odd = Entry(line=instead_of_line(concern), on=scene.today, kind=Kind.CONCERN)
    found = drawn(scene, concern.reference, draw, lambda: odd)
    return [found] if found is not None else []


def _is_theirs(
    scene: Scene, concern: Concern, child: Child | None, person_id: int, mine: list[int], part: Addressee
) -> bool:
    """Whether the part is the person's today; where that cannot be told, what they were asked themselves is."""
    own = [part] if part.person_id == person_id else []
    ask = partial(parts_of, scene, concern, child, iro_of(concern, child), person_id, mine, [part])
    return bool(drawn(scene, concern.reference, ask, lambda: own))


def _reply(
    scene: Scene,
    person_id: int,
    concern: Concern,
    child: Child | None,
    run: StageRun,
    part: Addressee,
    named_only: bool,
) -> Entry | None:
    if named_only and not _is_named(scene, person_id, concern, run, part):
        return None
    text = f"{ref(scene, concern, child)}: {_reply_words(scene, concern, child, run)}"
    meant = for_whom(scene, person_id, part.person_id)
    line = Line(text=f"{text}{meant}.", buttons=(button_about(concern, "Reply", "concern.reply"), opened(concern)))
    on = local(run.due_at).date() if run.due_at is not None else scene.calendar.add(scene.today, FAR)
    return Entry(line=line, on=on, kind=Kind.CONCERN, owed_by=run.due_at, about=f"run {run.id}")


FAR = 60
"""Working days: what has no set time stands after all that has."""


def _reply_words(scene: Scene, concern: Concern, child: Child | None, run: StageRun) -> str:
    iro = name_of(scene, iro_of(concern, child))
    if run.due_at is None:
        return f"reply to {iro}, no set time, {run_words(run)}"
    if run.due_at > scene.now:
        return f"reply to {iro} {until(scene, run.due_at)}, {run_words(run)}"
    day = local(run.due_at).date()
    number = scene.calendar.count(day, scene.today)
    late = f"{say_count(number, Unit.WORKING_DAYS)} late" if number else "late"
    return f"your reply is {late} ({say_day(day, scene.today)}), {run_words(run)}; you can still answer"


def _is_named(scene: Scene, person_id: int, concern: Concern, run: StageRun, part: Addressee) -> bool:
    """Two working days before, on the day and each day after; nobody is reminded on the day they are asked."""
    if run.due_at is None:
        return False
    due_on, before = local(run.due_at).date(), scene.frozen_rules(concern.procedures_digest).ladder.before
    if not any(ladder.named_today(due_on, day, before, scene.calendar) for day in named_to(scene, person_id)):
        return False
    return part.standing_for_id is None or local(part.added_at).date() != scene.today


def overdue_below(scene: Scene, person_id: int, mine: list[int]) -> list[Entry]:
    """The overdue replies of others of which the person was told as their manager."""
    entries = []
    alerted = day_lists.overdue_told_to(scene.session, mine, scene.now) if may_be(scene.session, Rare.ALERTS) else ()
    concern_pages.know(scene.session, (run.concern_id for run, _ in alerted))
    waiting = stage_runs.awaited_at(scene.session, [run.id for run, _ in alerted if run.id is not None])
    for run, part in alerted:
        concern = concerns.get(scene.session, run.concern_id)
        if concern is None or concern.run_id != run.id or concern.state is not ConcernState.ASKED or run.due_at is None:
            continue
        names = say_list([name_of(scene, one) for one in waiting.get(run.id or 0, ())])
        entries += entry_of(scene, concern, partial(_overdue, scene, person_id, concern, run, part, names))
    return entries


def _overdue(
    scene: Scene, person_id: int, concern: Concern, run: StageRun, part: Addressee, waiting: str
) -> Entry | None:
    assert run.due_at is not None
    rules = scene.frozen_rules(concern.procedures_digest).ladder
    due_on = local(run.due_at).date()
    days = named_to(scene, person_id)
    if not any(ladder.manager_named_today(due_on, day, rules.manager_again, scene.calendar) for day in days):
        return None
    if not waiting:
        return None
    child = children.get(scene.session, concern.child_id) if concern.child_id else None
    text = f"{ref(scene, concern, child)}: the reply of {waiting} is late since {say_day(due_on, scene.today)}"
    line = Line(text=f"{text}{for_whom(scene, person_id, part.person_id)}.", buttons=(opened(concern),))
    return Entry(line=line, on=due_on, kind=Kind.CONCERN, about=f"run {run.id}")
