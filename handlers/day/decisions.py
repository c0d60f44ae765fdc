"""What waits for the IRO: a decision after no reply, a word on a reply, a draft, whether a change lasted."""

from collections.abc import Mapping, Sequence
from functools import partial

from handlers.cards import Line
from handlers.concern_buttons import button_about
from handlers.day.replies import entry_of
from handlers.day_entry import Entry, Kind
from handlers.day_words import opened, ref
from handlers.days_off import named_to
from handlers.hearing import for_iro
from handlers.office import Scene
from handlers.people.covering import acting_roles
from handlers.standing import drafts_of, iro_of, place_of
from handlers.wording import for_whom, name_of, run_words
from scheduling.deadline_wording import say_day, say_list
from scheduling.deadlines import day_due
from scheduling.working_days import local
from storage import children, concern_pages, day_lists, replies, stage_runs
from storage.concern_lists import Standing
from storage.concern_pages import Row
from storage.concerns import Concern, ConcernState
from storage.rare import Rare, may_be


def decisions(scene: Scene, person_id: int, mine: list[int]) -> list[Entry]:
    """What waits for the IRO, or for those who hear in the place of one who is away or has left."""
    states = (ConcernState.ASKED, ConcernState.REPLIED)
    acting = acting_roles(scene.session, scene.rules, person_id, scene.today)
    sees_all = any("iro_manager" in roles for roles in acting.values())
    theirs = concern_pages.of_everybody() if sees_all else concern_pages.with_part_of(mine, iro_ids=mine)
    waiting = concern_pages.every(scene.session, states, theirs)
    stage_runs.know_parts(scene.session, (concern.id for concern, *_ in waiting))
    run_ids = [run.id for *_, run in waiting if run is not None and run.id is not None]
    named = {
        ConcernState.REPLIED: replies.who_replied(scene.session, run_ids),
        ConcernState.ASKED: stage_runs.awaited_at(scene.session, run_ids),
    }
    return [
        entry
        for row in waiting
        for entry in entry_of(scene, row[0], partial(_decision, scene, person_id, row, named[row[0].state]))
    ]


def _decision(scene: Scene, person_id: int, row: Row, named: Mapping[int, Sequence[int]]) -> Entry | None:
    concern, child, run = row
    if run is None or person_id not in for_iro(scene, concern, child):
        return None
    draw = _replied if concern.state is ConcernState.REPLIED else _unanswered
    names = say_list([name_of(scene, one) for one in named.get(run.id or 0, ())])
    return draw(scene, person_id, (concern, child, run), names)


def _replied(scene: Scene, person_id: int, standing: Standing, names: str) -> Entry:
    """ "C-28 (AB-1107): Sam Okoro replied on Wed 25 Nov. Are you satisfied? By Wed 2 Dec."."""
    concern, child, run = standing
    by = day_due(
        concern.state_since, scene.frozen_rules(concern.procedures_digest).ladder.verdict_within, scene.calendar
    )
    since = say_day(local(concern.state_since).date(), scene.today)
    text = f"{ref(scene, concern, child)}: {names or 'Somebody'} replied on {since}, {run_words(run)}."
    text += f" Are you satisfied? By {say_day(by, scene.today)}{for_whom(scene, person_id, iro_of(concern, child))}."
    line = Line(text=text, buttons=(button_about(concern, "Read the reply", "concern.open"),))
    return Entry(line=line, on=by, kind=Kind.CONCERN, owed_by=by)


def _unanswered(scene: Scene, person_id: int, standing: Standing, names: str) -> Entry:
    """ "C-31 (AB-1042): no reply from Tess Hill by Fri 27 Nov, stage 1. What next? Please decide by Fri 4 Dec."."""
    concern, child, run = standing
    within = scene.frozen_rules(concern.procedures_digest).ladder.decision_within
    by = day_due(concern.state_since, within, scene.calendar)
    due_on = local(run.due_at if run.due_at is not None else concern.state_since).date()
    text = (
        f"{ref(scene, concern, child)}: no reply{f' from {names}' if names else ''} by {say_day(due_on, scene.today)}"
    )
    text += f", {run_words(run)}. What next? Please decide by {say_day(by, scene.today)}"
    text += f"{for_whom(scene, person_id, iro_of(concern, child))}."
    line = Line(text=text, buttons=(button_about(concern, "Decide", "concern.open"),))
    return Entry(line=line, on=due_on, kind=Kind.CONCERN, owed_by=by)


def drafts(scene: Scene, person_id: int) -> list[Entry]:
    """Drafts that have waited for some working days."""
    found = drafts_of(scene, person_id, [person_id])
    return [entry for one in found for entry in entry_of(scene, one, partial(_draft, scene, person_id, one))]


def _draft(scene: Scene, person_id: int, concern: Concern) -> Entry | None:
    after = scene.frozen_rules(concern.procedures_digest).ladder.draft_named_after
    drafted = local(concern.drafted_at).date()
    if scene.calendar.count(drafted, named_to(scene, person_id)[-1]) < after.number:
        return None
    text = f"Draft {concern.reference} of {say_day(drafted, scene.today)} is not logged yet: log it or discard it."
    return Entry(line=Line(text=text, buttons=(opened(concern),)), on=scene.today, kind=Kind.CONCERN)


def lasted(scene: Scene, person_id: int) -> list[Entry]:
    """Concerns closed three months ago, of which the IRO is asked today whether the change lasted."""
    entries = []
    asked = day_lists.asked_whether_it_lasted(scene.session, scene.today) if may_be(scene.session, Rare.CHANGED) else ()
    for concern in asked:
        child = children.get(scene.session, concern.child_id) if concern.child_id else None
        if place_of(scene, concern, child).is_filled_by(person_id) and concern.lasted is None:
            text = f"{concern.reference} was closed three months ago: did the change last?"
            line = Line(text=text, buttons=(button_about(concern, "Answer", "concern.lasted"),))
            entries.append(Entry(line=line, on=scene.today, kind=Kind.CONCERN))
    return entries
