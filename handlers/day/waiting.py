"""What a person waits for: concerns of an IRO that are with others, and those a person replied to and the IRO has."""

from collections.abc import Collection, Iterator, Sequence
from functools import partial

from handlers.cards import Line
from handlers.concerns.first_raised import first_raised_words
from handlers.day.part import Part
from handlers.day_words import opened, ref, stages_end, until
from handlers.office import Scene
from handlers.people.covering import acting_roles
from handlers.standing import iro_of
from handlers.undrawn import drawn, instead_of_line
from handlers.wording import name_of, run_words
from scheduling.deadline_wording import say_day, say_list
from scheduling.working_days import local
from storage import concern_lists, stage_runs
from storage.children import Child
from storage.concern_lists import Standing
from storage.concerns import Concern, ConcernState
from storage.stage_runs import Addressee, StageRun


def with_others(scene: Scene, person_id: int) -> Part:
    """The IRO's concerns that wait for somebody's reply or plan, the clock that runs out first on top."""
    acting = acting_roles(scene.session, scene.rules, person_id, scene.today)
    iros = [one for one, roles in acting.items() if "iro" in roles]
    states = (ConcernState.WAITING, ConcernState.PLANNED)
    found = concern_lists.standing_at(scene.session, states, iro_ids=iros) if iros else []
    without_clock = (
        {run.id for _, _, run in concern_lists.to_be_carried_on(scene.session, iro_ids=iros)} if iros else ()
    )
    found = [one for one in found if one[2].id not in without_clock]  # nobody has them yet: they wait for the IRO
    asked = stage_runs.asked_at_runs(scene.session, [run.id for _, _, run in found if run.id is not None])
    found.sort(key=lambda one: (one[2].due_at is None, one[2].due_at or one[2].started_at, one[0].number))
    lines = [_drawn(scene, concern, partial(_with, scene, concern, child, run, asked)) for concern, child, run in found]
    return Part(key="waiting", heading="Waiting for others", lines=lines)


def _drawn(scene: Scene, concern: Concern, draw: "partial[Line]") -> Line:
    return drawn(scene, concern.reference, draw, lambda: instead_of_line(concern))


def _with(
    scene: Scene, concern: Concern, child: Child | None, run: StageRun, asked: dict[int, list[Addressee]]
) -> Line:
    """ "C-22 (AB-1144): Sunil Rao, stage 2, by Tue 1 Dec. All stages end Wed 2 Dec. First raised Wed 4 Nov."."""
    parts = [one for one in asked.get(run.id or 0, []) if one.is_awaited]
    names = say_list([name_of(scene, one.person_id) for one in parts]) or "nobody"
    head = f"{ref(scene, concern, child)}: {names}, {run_words(run)}, {_how_long(scene, concern, run)}"
    said = [
        f"{head}{_opened_it(scene, parts)}.",
        stages_end(scene, concern),
        first_raised_words(concern.first_raised, scene.today),
    ]
    return Line(text=" ".join(filter(None, said)), buttons=(opened(concern),))


def _how_long(scene: Scene, concern: Concern, run: StageRun) -> str:
    if concern.state is ConcernState.PLANNED and run.plan_by is not None:
        return f"a plan by {say_day(run.plan_by, scene.today)}"
    if run.due_at is None:
        return f"asked {say_day(local(run.started_at).date(), scene.today)}, no set time"
    return until(scene, run.due_at)


def _opened_it(scene: Scene, parts: Sequence[Addressee]) -> str:
    if len(parts) != 1 or parts[0].seen_at is None:
        return ""
    return f"; opened it {say_day(local(parts[0].seen_at).date(), scene.today)}"


def with_the_iro(scene: Scene, person_id: int, mine: Collection[int]) -> Part:
    """The concerns to which the person has replied and which wait for the IRO: nothing for them."""
    lines = []
    for concern, child, _ in _answered(scene, mine):
        iro, since = name_of(scene, iro_of(concern, child)), say_day(local(concern.state_since).date(), scene.today)
        text = f"{ref(scene, concern, child)} is with {iro} since {since}. Nothing for you."
        lines.append(Line(text=text, buttons=(opened(concern),)))
    return Part(key="elsewhere", heading="With somebody else", lines=lines)


def _answered(scene: Scene, mine: Collection[int]) -> Iterator[Standing]:
    found = concern_lists.standing_at(scene.session, (ConcernState.REPLIED,), asked=mine)
    asked = stage_runs.asked_at_runs(scene.session, [run.id for _, _, run in found if run.id is not None])
    for concern, child, run in found:
        replied = {one.person_id for one in asked.get(run.id or 0, []) if one.replied_at is not None}
        if replied & set(mine):
            yield concern, child, run
