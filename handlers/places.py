"""Keeping a concern with people who are here: who fills its places is worked out each day, and told.

The deadline stays, no matter who is asked. Nothing is lost on the way: the part somebody had is kept, and gave way.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from handlers.hearing import for_iro, iro_managers, reached
from handlers.holding import AtStage, fillings
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
from storage import concern_lists, history, live_messages, nudges, people, stage_runs
from storage.children import Child
from storage.concerns import OPEN_STATES, Concern, ConcernState
from storage.stage_runs import Addressee, Part, StageRun

AtRun = tuple[str, int | None]
"""The subject of a concern, and the run at which it stands."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """A part that is to have another person today, or nobody: and why its owner does not fill it, where so."""

    part: Addressee
    found: Found | None
    why: Gone | None


@dataclass(frozen=True, kw_only=True)
class Stage:
    """The stage at which a concern stands, all parts in it, and the question of who fills its places."""

    scene: Scene
    concern: Concern
    child: Child | None
    run: StageRun
    parts: Sequence[Addressee]
    filling: Filling

    def moves(self) -> Iterator[Change]:
        """The parts that are to go to another, or whose owner is gone with nobody to ask."""
        for part in self.parts:
            if part.gave_way_at is not None or not _may_change(part):
                continue
            found, why = self.filling.fills(part)
            if found is None and not part.is_awaited:
                continue
            if found is not None and (found.person.id == part.person_id or (why is not None and not part.is_awaited)):
                continue
            yield Change(part=part, found=found, why=why)

    def returns(self) -> Iterator[Change]:
        """Of places that went to one who was asked beside their owner: those whose owner is back.

        Nobody stands in who could give them.
        """
        held = {(one.part, who) for one in self.parts if one.gave_way_at is None for who in _whose(one)}
        for part in self.parts:
            if part.gave_way_at is None or part.standing_for_id is not None or part.replied_at is not None:
                continue
            if (part.part, part.person_id) in held:
                continue
            found, why = self.filling.fills(part)
            if found is not None and why is None and found.person.id == part.person_id:
                yield Change(part=part, found=found, why=None)


def _may_change(part: Addressee) -> bool:
    """What is awaited goes to who is here; what was replied, copied or told goes back to its owner, and no further."""
    return part.is_awaited or (part.standing_for_id is not None and part.passed_to_id is None)


def _whose(part: Addressee) -> set[int]:
    return {part.person_id, part.standing_for_id or part.person_id}


def stages_of(scene: Scene, several: Sequence[tuple[Concern, Child | None, StageRun]]) -> list[Stage]:
    """These concerns at their stages, with who fills their places today: in as many statements for fifty as for two."""
    if len(several) > 1:
        people.know_everyone(scene.session, scene.today)
    parts: dict[int, list[Addressee]] = {}
    for part in stage_runs.ever_of(scene.session, *(run.id for _, _, run in several if run.id is not None)):
        parts.setdefault(part.run_id, []).append(part)
    asked = [
        AtStage(concern=concern, child=child, iro_id=iro_of(concern, child), run=run) for concern, child, run in several
    ]
    return [
        Stage(scene=scene, concern=concern, child=child, run=run, parts=parts.get(run.id or 0, ()), filling=filling)
        for (concern, child, run), filling in zip(several, fillings(scene, asked), strict=True)
    ]


def settle(scene: Scene, concern: Concern, child: Child | None, run: StageRun | None) -> None:
    """Give each part at the present stage to who is to have it today; who is asked now and the IRO are told."""
    if run is None or run.id is None or concern.state not in OPEN_STATES:
        return
    (stage,) = stages_of(scene, [(concern, child, run)])
    for change in stage.moves():
        _move(stage, change)
    now = replace(stage, parts=stage_runs.ever_of(scene.session, run.id))
    for change in now.returns():
        _take_back(now, change.part, change.found)
    for promise, left_id in _promises_left(stage):
        _hand_on_promise(stage, promise, left_id)


def _promises_left(stage: Stage) -> Iterator[tuple[Promise, int]]:
    """The promises still to be kept of people who have left."""
    if not any(part.replied_at is not None for part in stage.parts):
        return
    for promise in open_promises(stage.scene, stage.concern, stage.run):
        if promise.left_id is not None:
            yield promise, promise.left_id


def _hand_on_promise(stage: Stage, promise: Promise, left_id: int) -> None:
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


def _move(stage: Stage, change: Change) -> None:
    if change.found is None:
        _tell_of_nobody(stage, change.part, change.why)
    else:
        _give(stage, change.part, change.found, change.why)


def _take_back(stage: Stage, part: Addressee, found: Found | None) -> None:
    assert found is not None
    scene = stage.scene
    now = add_person(scene, stage.run, found, part.part)
    _record(stage, part, now.person_id, None)
    if now.is_awaited and stage.concern.state in (ConcernState.WAITING, ConcernState.ASKED):
        cause = about_concern(stage.concern, f"place {part.id}:{scene.now.isoformat()}")
        owe(scene, of_places.yours_again, reached(scene, now.person_id), cause)


def _give(stage: Stage, part: Addressee, found: Found, why: Gone | None) -> None:
    """The part goes to that person; what was done for its owner meanwhile stays done."""
    scene, owner = stage.scene, part.standing_for_id or part.person_id
    awaited = part.is_awaited
    part.gave_way_at = scene.now
    scene.session.add(part)
    already = _is_asked(stage, id_of(found.person))
    now = add_person(scene, stage.run, found, part.part)
    now.replied_at = now.replied_at or part.replied_at
    if now.passed_to_id is not None and awaited:
        now.passed_to_id = None  # what comes back to someone who passed it on is theirs again
    scene.session.add(now)
    _record(stage, part, now.person_id, why)
    _shrink(stage, part.person_id)
    if awaited and now.is_awaited:
        _tell(stage, part, now, owner, why, already=already)


def _is_asked(stage: Stage, person_id: int) -> bool:
    """Whether a reply is awaited from that person already; who passed it on is told anew when it comes back to them."""
    assert stage.run.id is not None
    asked = stage_runs.people_of(stage.scene.session, stage.run.id, Part.ADDRESSED)
    return any(one.person_id == person_id and one.is_awaited for one in asked)


def _record(stage: Stage, part: Addressee, person_id: int, why: Gone | None) -> None:
    history.record(
        stage.scene.session,
        chain=of_concern(stage.concern.id),
        at=stage.scene.now,
        actor_id=None,
        what="asked in another's place" if why is not None else "back in their place",
        details={"person": person_id, "before": part.person_id, "why": why.value if why is not None else None},
    )


def _shrink(stage: Stage, person_id: int) -> None:
    """What the one before had of it with buttons becomes a line, unless they are asked there in another place too."""
    matter = matter_for(stage.scene, stage.concern, stage.child, stage.run, person_id)
    if not still_asked(matter):
        live_messages.overtake(stage.scene.session, of_concern(stage.concern.id), stage.scene.now, person_id)


def _tell(stage: Stage, part: Addressee, now: Addressee, owner: int, why: Gone | None, *, already: bool) -> None:
    scene = stage.scene
    cause = about_concern(stage.concern, f"place {part.id}:{scene.now.isoformat()}")
    if why is None:
        owe(scene, of_places.yours_again, reached(scene, now.person_id), cause, before=part.person_id)
        return
    details = _gone_details(stage, owner, part.role, why)
    if not already:
        _ask(stage, part, now, details)
    iro = for_iro(scene, stage.concern, stage.child)
    owe(scene, of_places.now_with, iro, cause, now=now.person_id, **details)


def _ask(stage: Stage, part: Addressee, now: Addressee, details: dict[str, str | int | None]) -> None:
    """As the run asks: on the immediate route urgently, with a time to press Seen."""
    scene, cause = stage.scene, about_concern(stage.concern, f"place {part.id}:{stage.scene.now.isoformat()}")
    if not stage.run.kind.is_immediate:
        owe(scene, of_places.asked_instead, now.person_id, cause, **details)
        return
    owe(scene, urgent, now.person_id, cause)
    due = seen_by(scene, scene.frozen_rules(stage.concern.procedures_digest), scene.now)
    if due is not None:
        subject = of_concern(stage.concern.id)
        nudges.plan(scene.session, subject=subject, rung=Rung.UNSEEN, due_at=due, run_id=stage.run.id)


def _gone_details(stage: Stage, owner: int, role: str, why: Gone) -> dict[str, str | int | None]:
    absence = people.absence_on(stage.scene.session, owner, stage.scene.today) if why is Gone.AWAY else None
    until = absence.to_on if absence is not None else None
    if why is Gone.OFF:
        until = stage.filling.reach.worked
    return {"before": owner, "why": why.value, "until": until.isoformat() if until is not None else None, "role": role}


def _tell_of_nobody(stage: Stage, part: Addressee, why: Gone | None) -> None:
    """Once for each who is gone: the IRO and the IRO managers know that nobody is told."""
    assert why is not None
    scene, owner = stage.scene, part.standing_for_id or part.person_id
    told = [*for_iro(scene, stage.concern, stage.child), *iro_managers(scene, stage.concern, stage.child)]
    cause = about_concern(stage.concern, f"nobody for {part.id}")
    owe(scene, of_places.with_nobody, told, cause, **_gone_details(stage, owner, part.role, why))


def look_again(scene: Scene, *person_ids: int) -> None:
    """Ask at once who fills the places of these people in open concerns."""
    theirs = concern_lists.at_stages(scene.session, stage_runs.concerns_with(scene.session, person_ids))
    see_to(scene, _changed(scene, theirs))


def changed_overnight(scene: Scene) -> list[AtRun]:
    """The open concerns of which somebody else is to fill a place today; nothing is written."""
    return _changed(scene, concern_lists.at_stages(scene.session))


def see_to(scene: Scene, changed: Iterable[AtRun]) -> None:
    """Let the clock see at once to who fills the places of these, one concern after the other."""
    for subject, run_id in changed:
        nudges.plan(scene.session, subject=subject, rung=Rung.PLACES, due_at=scene.now, run_id=run_id)


def _changed(scene: Scene, several: Sequence[tuple[Concern, Child | None, StageRun]]) -> list[AtRun]:
    return [
        (of_concern(stage.concern.id), stage.run.id)
        for stage in stages_of(scene, several)
        if any(True for _ in chain(stage.moves(), stage.returns())) or any(_promises_left(stage))
    ]
