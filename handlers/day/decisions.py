"""What waits for the IRO: a decision after no reply, a word on a reply, a draft, whether a change lasted."""

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
from storage import children, concern_lists, day_lists, replies, stage_runs
from storage.children import Child
from storage.concerns import Concern, ConcernState
from storage.rare import Rare, may_be
from storage.stage_runs import Part, StageRun


def decisions(scene: Scene, person_id: int, mine: list[int]) -> list[Entry]:
    """What waits for the IRO, or for those who hear in the place of one who is away or has left."""
    states = (ConcernState.ASKED, ConcernState.REPLIED)
    waiting = concern_lists.with_part_of(scene.session, mine, states, iro_ids=mine)
    acting = acting_roles(scene.session, scene.rules, person_id, scene.today)
    if any("iro_manager" in roles for roles in acting.values()):
        waiting = concern_lists.of_service(scene.session, states)
    return [entry for one in waiting for entry in entry_of(scene, one, partial(_decision, scene, person_id, one))]


def _decision(scene: Scene, person_id: int, concern: Concern) -> Entry | None:
    child = children.get(scene.session, concern.child_id) if concern.child_id else None
    run = stage_runs.get(scene.session, concern.run_id) if concern.run_id else None
    if run is None or person_id not in for_iro(scene, concern, child):
        return None
    draw = _replied if concern.state is ConcernState.REPLIED else _unanswered
    return draw(scene, person_id, concern, child, run)


def _replied(scene: Scene, person_id: int, concern: Concern, child: Child | None, run: StageRun) -> Entry:
    """ "C-28 (AB-1107): Sam Okoro replied on Wed 25 Nov. Are you satisfied? By Wed 2 Dec."."""
    by = day_due(
        concern.state_since, scene.frozen_rules(concern.procedures_digest).ladder.verdict_within, scene.calendar
    )
    given = [one for one in replies.of_run(scene.session, run.id or 0) if one.person_id is not None]
    who = say_list(list(dict.fromkeys(name_of(scene, one.person_id) for one in given))) or "Somebody"
    since = say_day(local(concern.state_since).date(), scene.today)
    text = f"{ref(scene, concern, child)}: {who} replied on {since}, {run_words(run)}. Are you satisfied?"
    text += f" By {say_day(by, scene.today)}{for_whom(scene, person_id, iro_of(concern, child))}."
    line = Line(text=text, buttons=(button_about(concern, "Read the reply", "concern.open"),))
    return Entry(line=line, on=by, kind=Kind.CONCERN, owed_by=by)


def _unanswered(scene: Scene, person_id: int, concern: Concern, child: Child | None, run: StageRun) -> Entry:
    """ "C-31 (AB-1042): no reply from Tess Hill by Fri 27 Nov, stage 1. What next? Please decide by Fri 4 Dec."."""
    within = scene.frozen_rules(concern.procedures_digest).ladder.decision_within
    by = day_due(concern.state_since, within, scene.calendar)
    asked = stage_runs.people_of(scene.session, run.id or 0, Part.ADDRESSED)
    names = say_list([name_of(scene, one.person_id) for one in asked if one.is_awaited])
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
