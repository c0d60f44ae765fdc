"""Keeping a concern with people who are here: who fills its places is worked out each day, and told.

The deadline stays, no matter who is asked. Nothing is lost on the way: the part somebody had is kept, and gave way.
"""

from dataclasses import dataclass

from handlers.days_off import at_work
from handlers.hearing import for_iro, iro_managers, reached
from handlers.holding import filling_of
from handlers.messages import of_places
from handlers.messages.matter import matter_for
from handlers.messages.owed import still_asked
from handlers.messages.owing import about_concern, owe
from handlers.messages.subjects import of_concern
from handlers.messages.urgent import urgent
from handlers.office import Scene
from handlers.parts import add_person, seen_by
from handlers.people.addressees import Found
from handlers.people.filling import Filling, Gone
from handlers.people.line import id_of
from handlers.promises import Promise, open_promises
from handlers.standing import iro_of
from scheduling.ladder import Rung
from scheduling.procedures import Procedures
from storage import history, live_messages, nudges, people, stage_runs
from storage.children import Child
from storage.concerns import OPEN_STATES, Concern, ConcernState
from storage.stage_runs import Addressee, Part, StageRun


@dataclass(frozen=True, kw_only=True)
class _Stage:
    """The stage at which a concern stands, and the question of who fills its places."""

    scene: Scene
    concern: Concern
    child: Child | None
    run: StageRun
    rules: Procedures
    filling: Filling


def settle(scene: Scene, concern: Concern, child: Child | None, run: StageRun | None, rules: Procedures) -> None:
    """Give each part at the present stage to who is to have it today; who is asked now and the IRO are told."""
    if run is None or run.id is None or concern.state not in OPEN_STATES:
        return
    parts = stage_runs.ever_of(scene.session, run.id)
    filling = filling_of(scene, concern, child, iro_of(concern, child), run)
    stage = _Stage(scene=scene, concern=concern, child=child, run=run, rules=rules, filling=filling)
    for part in parts:
        if part.gave_way_at is None and _may_change(part):
            _settle(stage, part)
    for part in parts:
        if part.gave_way_at is not None and part.standing_for_id is None:
            _take_back(stage, part)
    for promise in open_promises(scene, concern, run):
        if promise.left_id is not None:
            _hand_on_promise(stage, promise, promise.left_id)


def _hand_on_promise(stage: _Stage, promise: Promise, left_id: int) -> None:
    """What somebody promised who has left is told once to who fills their place, and to the IRO."""
    scene, run = stage.scene, stage.run
    assert run.id is not None
    iro = for_iro(scene, stage.concern, stage.child)
    if promise.is_nobodys:
        cause = about_concern(stage.concern, f"nobody for promise {promise.reply.id}")
        told = [*iro, *iro_managers(scene, stage.concern, stage.child)]
        owe(scene, of_places.with_nobody, told, cause, before=left_id, why=Gone.LEFT.value)
        return
    present = {one.person_id for one in stage_runs.people_of(scene.session, run.id)}
    person = people.get(scene.session, promise.person_id)
    if person is not None and promise.person_id not in present:
        asked = next(one for one in stage_runs.ever_of(scene.session, run.id) if one.person_id == left_id)
        add_person(scene, run, Found(person=person, role=asked.role, standing_for_id=left_id), Part.COPIED)
        _record(stage, asked, promise.person_id, Gone.LEFT)
    cause = about_concern(stage.concern, f"promise {promise.reply.id} of {promise.person_id}")
    told, until = [promise.person_id, *iro], promise.by.isoformat()
    owe(scene, of_places.promise_now_with, told, cause, before=left_id, now=promise.person_id, until=until)


def _may_change(part: Addressee) -> bool:
    """What is awaited goes to who is here; what was replied, copied or told goes back to its owner, and no further."""
    return part.is_awaited or (part.standing_for_id is not None and part.passed_to_id is None)


def _settle(stage: _Stage, part: Addressee) -> None:
    found, why = stage.filling.fills(part)
    if found is None:
        if part.is_awaited:
            _tell_of_nobody(stage, part, why)
        return
    if found.person.id == part.person_id or (why is not None and not part.is_awaited):
        return
    _give(stage, part, found, why)


def _take_back(stage: _Stage, part: Addressee) -> None:
    """Somebody whose place went to one who was asked beside them is back: nobody stands in who could give it."""
    scene, run_id = stage.scene, part.run_id
    live = [one for one in stage_runs.people_of(scene.session, run_id, part.part) if one.gave_way_at is None]
    if part.replied_at is not None or any(part.person_id in (one.person_id, one.standing_for_id) for one in live):
        return
    found, why = stage.filling.fills(part)
    if found is None or why is not None or found.person.id != part.person_id:
        return
    now = add_person(scene, stage.run, found, part.part)
    _record(stage, part, now.person_id, None)
    if now.is_awaited and stage.concern.state in (ConcernState.WAITING, ConcernState.ASKED):
        cause = about_concern(stage.concern, f"place {part.id}:{scene.now.isoformat()}")
        owe(scene, of_places.yours_again, reached(scene, now.person_id), cause)


def _give(stage: _Stage, part: Addressee, found: Found, why: Gone | None) -> None:
    """The part goes to that person; what was done for its owner meanwhile stays done."""
    scene, owner = stage.scene, part.standing_for_id or part.person_id
    awaited = part.is_awaited
    part.gave_way_at = scene.now
    scene.session.add(part)
    scene.session.flush()
    already = _has(stage, id_of(found.person), part.part)
    now = add_person(scene, stage.run, found, part.part)
    now.replied_at = now.replied_at or part.replied_at
    if now.passed_to_id is not None and awaited:
        now.passed_to_id = None  # what comes back to someone who passed it on is theirs again
    scene.session.add(now)
    _record(stage, part, now.person_id, why)
    _shrink(stage, part.person_id)
    if awaited and now.is_awaited:
        _tell(stage, part, now, owner, why, already=already)


def _has(stage: _Stage, person_id: int, part: Part) -> bool:
    assert stage.run.id is not None
    return any(one.person_id == person_id for one in stage_runs.people_of(stage.scene.session, stage.run.id, part))


def _record(stage: _Stage, part: Addressee, person_id: int, why: Gone | None) -> None:
    history.record(
        stage.scene.session,
        chain=of_concern(stage.concern.id),
        at=stage.scene.now,
        actor_id=None,
        what="asked in another's place" if why is not None else "back in their place",
        details={"person": person_id, "before": part.person_id, "why": why.value if why is not None else None},
    )


def _shrink(stage: _Stage, person_id: int) -> None:
    """What the one before had of it with buttons becomes a line, unless they are asked there in another place too."""
    matter = matter_for(stage.scene, stage.concern, stage.child, stage.run, person_id)
    if not still_asked(matter):
        live_messages.overtake(stage.scene.session, of_concern(stage.concern.id), stage.scene.now, person_id)


def _tell(stage: _Stage, part: Addressee, now: Addressee, owner: int, why: Gone | None, *, already: bool) -> None:
    scene = stage.scene
    cause = about_concern(stage.concern, f"place {part.id}:{scene.now.isoformat()}")
    if why is None:
        owe(scene, of_places.yours_again, reached(scene, now.person_id), cause, before=part.person_id)
        return
    details = _gone_details(stage, owner, part.role, why)
    if not already:
        _ask(stage, now, details)
    iro = for_iro(scene, stage.concern, stage.child)
    owe(scene, of_places.now_with, iro, cause, now=now.person_id, **details)


def _ask(stage: _Stage, now: Addressee, details: dict[str, str | int | None]) -> None:
    """As the run asks: on the immediate route urgently, with a time to press Seen."""
    scene, cause = stage.scene, about_concern(stage.concern, f"place {now.id}:{stage.scene.now.isoformat()}")
    if not stage.run.kind.is_immediate:
        owe(scene, of_places.asked_instead, now.person_id, cause, **details)
        return
    owe(scene, urgent, now.person_id, cause)
    due = seen_by(scene, stage.rules, scene.now)
    if due is not None:
        subject = of_concern(stage.concern.id)
        nudges.plan(scene.session, subject=subject, rung=Rung.UNSEEN, due_at=due, run_id=stage.run.id)


def _gone_details(stage: _Stage, owner: int, role: str, why: Gone) -> dict[str, str | int | None]:
    absence = people.absence_on(stage.scene.session, owner, stage.scene.today) if why is Gone.AWAY else None
    until = absence.to_on if absence is not None else None
    if why is Gone.OFF:
        until = stage.filling.reach.worked
    return {"before": owner, "why": why.value, "until": until.isoformat() if until is not None else None, "role": role}


def _tell_of_nobody(stage: _Stage, part: Addressee, why: Gone | None) -> None:
    """Once for each who is gone: the IRO and the IRO managers know that nobody is told."""
    assert why is not None
    scene, owner = stage.scene, part.standing_for_id or part.person_id
    told = [*for_iro(scene, stage.concern, stage.child), *iro_managers(scene, stage.concern, stage.child)]
    cause = about_concern(stage.concern, f"nobody for {part.id}")
    owe(scene, of_places.with_nobody, told, cause, **_gone_details(stage, owner, part.role, why))


def look_again(scene: Scene, *person_ids: int) -> None:
    """Ask at once who fills the places of these people in open concerns."""
    parts = stage_runs.open_parts(scene.session)
    _plan(scene, [one for one in parts if one.person_id in person_ids or one.standing_for_id in person_ids])


def look_at_all(scene: Scene) -> None:
    """Ask it of every open concern in which somebody is asked who is not plainly at work today and in the role."""
    _plan(scene, [one for one in stage_runs.open_parts(scene.session) if _may_have_changed(scene, one)])


def _may_have_changed(scene: Scene, part: Addressee) -> bool:
    """Whether a part is held by somebody who is not plainly there, or was given away by somebody who is."""
    there = part.standing_for_id is None and at_work(scene, part.person_id)
    there = there and part.role in people.roles_on(scene.session, part.person_id, scene.today)
    return there if part.gave_way_at is not None else not there


def _plan(scene: Scene, parts: list[Addressee]) -> None:
    for run_id, concern_id in {one.run_id: one.concern_id for one in parts}.items():
        subject = of_concern(concern_id)
        nudges.plan(scene.session, subject=subject, rung=Rung.PLACES, due_at=scene.now, run_id=run_id)
