"""What follows when a message arrives, or cannot: proof of delivery, day 0, and the IRO manager told of a failure."""

import json
from datetime import datetime

from sqlmodel import Session

from handlers.messages.kinds import ASKING, Kind
from handlers.messages.owing import owe
from handlers.messages.recipients import iro_managers
from handlers.messages.subjects import of_concern
from handlers.office import Scene, rules_in_force
from handlers.report import message as report_message
from handlers.reviews import clock as reviews_clock
from handlers.reviews.message_cards import is_about_review
from handlers.wording import allowed
from scheduling import ladder
from scheduling.deadlines import deadline
from scheduling.working_days import local
from storage import children, concerns, history, live_messages, nudges, outbox, people, stage_runs
from storage.concerns import Concern
from storage.outbox import Outbox
from storage.stage_runs import Part, StageRun


def delivered(session: Session, row: Outbox, now: datetime) -> None:
    """Keep the proof of delivery; a stage whose message came on a later day counts from that day."""
    if is_about_review(row):
        reviews_clock.delivered(_scene(session, row, now), row)
        return
    if Kind(row.kind) is Kind.REPORT_FILE:
        report_message.delivered(session, row, now)
        return
    if row.concern_id is None or row.run_id is None:
        return
    if Kind(row.kind) is Kind.NOT_YOURS:
        live_messages.overtake(session, of_concern(row.concern_id), now, row.person_id)
    if Kind(row.kind) not in ASKING:
        return
    run = stage_runs.get(session, row.run_id)
    concern = concerns.get(session, row.concern_id)
    if run is None or concern is None or run.id is None:
        return
    if concern.run_id == run.id:
        _count_from_delivery(session, row.authority, concern, run, now)
    for part in stage_runs.people_of(session, run.id, Part.ADDRESSED):
        if part.person_id == row.person_id and part.delivered_at is None:
            part.delivered_at = now
            session.add(part)


def _scene(session: Session, row: Outbox, now: datetime) -> Scene:
    return Scene(session=session, now=now, authority=row.authority, rules=rules_in_force(session, row.authority))


def _count_from_delivery(session: Session, authority: str, concern: Concern, run: StageRun, now: datetime) -> None:
    scene = Scene(session=session, now=now, authority=authority, rules=rules_in_force(session, authority))
    due_at = due_if_delivered_now(scene, concern, run)
    if due_at is None:
        return
    run.counted_from, run.due_at = now, due_at
    session.add(run)
    subject = f"concern:{concern.id}"
    nudges.forget(session, subject, ladder.Rung.DEADLINE)
    nudges.plan(session, subject=subject, rung=ladder.Rung.DEADLINE, due_at=due_at, run_id=run.id)
    history.record(
        session,
        chain=subject,
        at=now,
        actor_id=None,
        for_id=None,
        what="counts from the day its message was delivered",
        details={"stage": run.number, "until": local(due_at).date().isoformat()},
        words=None,
    )


def due_if_delivered_now(scene: Scene, concern: Concern, run: StageRun) -> datetime | None:
    """The later deadline of a stage whose first message is delivered only now; None where its deadline stands."""
    assert run.id is not None
    within, hours_rule = allowed(scene.frozen_rules(concern.procedures_digest), run)
    if within is None or run.due_at is None or run.extensions or run.ended_at is not None:
        return None
    if run.deadline_told_at is not None or local(scene.now).date() <= local(run.counted_from).date():
        return None
    if any(part.delivered_at for part in stage_runs.people_of(scene.session, run.id, Part.ADDRESSED)):
        return None
    due_at = deadline(scene.now, within, scene.calendar, hours_rule).at
    return due_at if due_at > run.due_at else None


def undeliverable(session: Session, row: Outbox, reason: str, now: datetime) -> None:
    """Put a permanent failure on record and tell the IRO managers why; never about such a telling itself."""
    scene = _scene(session, row, now)
    if is_about_review(row):
        reviews_clock.undeliverable(scene, row, reason)
        return
    if Kind(row.kind) in report_message.KINDS:
        report_message.undeliverable(session, row, now)
        return
    concern = concerns.get(session, row.concern_id) if row.concern_id is not None else None
    if concern is not None:
        history.record(
            session,
            chain=f"concern:{concern.id}",
            at=now,
            actor_id=None,
            for_id=None,
            what="could not be delivered",
            details={"person": row.person_id, "message": row.kind},
            words=None,
        )
    if Kind(row.kind) is Kind.UNDELIVERED:
        return
    if concern is not None:
        child = children.get(session, concern.child_id) if concern.child_id is not None else None
        for manager_id in iro_managers(scene, concern, child):
            if manager_id != row.person_id:
                owe(
                    scene,
                    Kind.UNDELIVERED,
                    manager_id,
                    concern,
                    because=str(row.id),
                    person=row.person_id,
                    reason=reason,
                )
        return
    _tell_of_missed_day(scene, row, reason)


def _tell_of_missed_day(scene: Scene, row: Outbox, reason: str) -> None:
    for manager in people.holders_of(scene.session, "iro_manager", scene.today):
        if manager.id is None or manager.id == row.person_id:
            continue
        outbox.owe(
            scene.session,
            Outbox(
                authority=scene.authority,
                key=f"{Kind.UNDELIVERED.value}:day:{row.person_id}:{scene.today.isoformat()}:{manager.id}",
                kind=Kind.UNDELIVERED.value,
                person_id=manager.id,
                details=json.dumps({"person": row.person_id, "reason": reason}),
                owed_at=scene.now,
            ),
        )
