"""What all messages about a concern share: what a writer works with, whom they may reach, and their fate."""

from datetime import date, datetime

from handlers.cards import Card
from handlers.hearing import for_iro, iro_managers
from handlers.messages import subjects
from handlers.messages.matter import Matter, asked_parts, matter_for
from handlers.messages.message import Topic
from handlers.messages.owed import owed
from handlers.messages.owing import details_of
from handlers.messages.undelivered import on_record
from handlers.office import Scene
from handlers.people.addressees import in_line
from handlers.people.covering import acting_roles
from handlers.standing import place_of
from handlers.wording import allowed, name_of, one_is_enough
from scheduling import ladder
from scheduling.deadlines import deadline
from scheduling.working_days import local
from storage import children, concerns, history, live_messages, nudges, outbox, people, stage_runs
from storage.concerns import Concern, ConcernState
from storage.outbox import Outbox
from storage.stage_runs import Part, StageRun


def matter_of(scene: Scene, row: Outbox) -> Matter | None:
    """What a message about a concern works with; None where the concern is not there any more."""
    concern = concerns.get(scene.session, row.concern_id) if row.concern_id is not None else None
    run = stage_runs.get(scene.session, row.run_id) if row.run_id is not None else None
    if concern is None or run is None:
        return None
    stage_runs.know(scene.session, [run.concern_id])
    child = children.get(scene.session, concern.child_id) if concern.child_id is not None else None
    return matter_for(scene, concern, child, run, row.person_id, details_of(row))


def as_delivered(scene: Scene, row: Outbox) -> Matter | None:
    """The same for a message that asks: it says the deadline that its own delivery will set."""
    matter = matter_of(scene, row)
    due_at = due_if_delivered_now(scene, matter.concern, matter.run) if matter is not None else None
    if matter is None or due_at is None:
        return matter
    run = StageRun(**{**matter.run.model_dump(), "due_at": due_at, "counted_from": scene.now})
    return matter.at(run)


def subject_of(row: Outbox) -> str | None:
    """The concern itself: of all that a person reads about it one message is live."""
    return subjects.of_concern(row.concern_id)


def lost(scene: Scene, row: Outbox) -> list[int]:
    """Put it on record that it could not be delivered; the IRO and the IRO managers hear of it."""
    concern = concerns.get(scene.session, row.concern_id) if row.concern_id is not None else None
    if concern is None:
        return []
    on_record(scene, row, subjects.of_concern(row.concern_id))
    child = children.get(scene.session, concern.child_id) if concern.child_id is not None else None
    return [*for_iro(scene, concern, child), *iro_managers(scene, concern, child)]


def answered_by_another(scene: Scene, row: Outbox) -> Card | None:
    """To who was asked and need not answer any more: who has replied. Where each must reply, nothing is."""
    matter = matter_of(scene, row)
    part = matter.part if matter is not None else None
    if matter is None or part is None or not part.is_awaited or not one_is_enough(matter.rules, matter.run):
        return None
    replied = [one for one in asked_parts(matter) if one.replied_at is not None]
    if not replied:
        return None
    first = min(replied, key=lambda one: one.replied_at or scene.now)
    title = f"{name_of(scene, first.person_id)} has replied to {matter.ref}"
    return Card(title=title, buttons=(matter.open_button,))


def what_stands(scene: Scene, row: Outbox) -> Card | None:
    """In the place of an overtaken message: who has replied, and to who was never asked that it is closed."""
    return answered_by_another(scene, row) or _closed_meanwhile(scene, row)


def _closed_meanwhile(scene: Scene, row: Outbox) -> Card | None:
    matter = matter_of(scene, row)
    if matter is None or matter.concern.state is not ConcernState.CLOSED:
        return None
    every = stage_runs.parts_in_concern(scene.session, matter.concern.id or 0)
    if any(one.part is Part.ADDRESSED for one in matter.parts(every)):
        return None
    return Card(title=f"{matter.ref} is closed", buttons=(matter.open_button,))


def takes_part(matter: Matter) -> bool:
    """Whether the reader may still know of the concern: people change posts between owing and sending."""
    scene, concern = matter.scene, matter.concern
    person = people.get(scene.session, matter.reader_id)
    if person is None or person.has_left(scene.today):
        return True  # delivery fails for good with that reason, and the IRO manager hears of it
    place = place_of(scene, concern, matter.child)
    if place.is_filled_by(matter.reader_id) or place.is_named(matter.reader_id):
        return True
    assert concern.id is not None
    if matter.parts(stage_runs.parts_in_concern(scene.session, concern.id)) or matter.reader_id in place.heard_by:
        return True
    acting = acting_roles(scene.session, scene.rules, matter.reader_id, scene.today)
    if any("iro_manager" in roles for roles in acting.values()):
        return True
    return matter.child is not None and any(in_line(scene.session, matter.child, one) for one in acting)


CONCERN = Topic(
    name="concern",
    read=matter_of,
    reach=takes_part,
    subject=subject_of,
    owed=owed,
    lost=lost,
    instead=what_stands,
)
ASKING = Topic(
    name="concern",
    read=as_delivered,
    reach=takes_part,
    subject=subject_of,
    owed=owed,
    lost=lost,
    instead=what_stands,
)


def was_told(matter: Matter) -> bool:
    """Whether the reader was ever sent anything about the concern: what nobody heard of needs no word of its end."""
    return outbox.was_told(matter.scene.session, matter.concern.id or 0, matter.reader_id)


def heard_of_it(matter: Matter) -> bool:
    """Whether the reader may know of it, and knows: the IRO and who covers them do, others by a message."""
    place = place_of(matter.scene, matter.concern, matter.child)
    return takes_part(matter) and (place.is_filled_by(matter.reader_id) or was_told(matter))


def asked_in_error(matter: Matter) -> bool:
    """Whether the reader was sent it in error, and has no part in it again meanwhile."""
    parts = stage_runs.parts_in_concern(matter.scene.session, matter.concern.id or 0)
    return was_told(matter) and not matter.parts(parts)


def proves_asked(scene: Scene, row: Outbox) -> None:
    """Keep the proof of delivery; a stage whose first message came on a later day counts from that day."""
    run = stage_runs.get(scene.session, row.run_id) if row.run_id is not None else None
    concern = concerns.get(scene.session, row.concern_id) if row.concern_id is not None else None
    if run is None or concern is None or run.id is None:
        return
    if concern.run_id == run.id:
        _count_from_delivery(scene, concern, run)
    for part in stage_runs.people_of(scene.session, run.id, Part.ADDRESSED):
        if part.person_id == row.person_id and part.delivered_at is None:
            part.delivered_at = scene.now
            scene.session.add(part)


def takes_all_away(scene: Scene, row: Outbox) -> None:
    """It was sent to this person in error: nothing they have of it stays."""
    live_messages.overtake(scene.session, subjects.of_concern(row.concern_id), scene.now, row.person_id)


def _count_from_delivery(scene: Scene, concern: Concern, run: StageRun) -> None:
    due_at = due_if_delivered_now(scene, concern, run)
    if due_at is None:
        return
    run.counted_from, run.due_at = scene.now, due_at
    scene.session.add(run)
    subject = subjects.of_concern(concern.id)
    nudges.forget(scene.session, subject, ladder.Rung.DEADLINE)
    nudges.plan(scene.session, subject=subject, rung=ladder.Rung.DEADLINE, due_at=due_at, run_id=run.id)
    history.record(
        scene.session,
        chain=subject,
        at=scene.now,
        actor_id=None,
        for_id=None,
        what="counts from the day its message was delivered",
        details={"stage": run.number, "until": local(due_at).date().isoformat()},
        words=None,
    )


def due_if_delivered_now(scene: Scene, concern: Concern, run: StageRun) -> datetime | None:
    """The later deadline of a stage whose first message is delivered only now; None where its deadline stands.

    What waited for working hours is not late: day 0 stays the day of the event at any hour.
    """
    assert run.id is not None
    within, hours_rule = allowed(scene.frozen_rules(concern.procedures_digest), run)
    if within is None or run.due_at is None or run.is_by_date or run.ended_at is not None:
        return None
    if run.deadline_told_at is not None or local(scene.now).date() <= _day_to_be_sent(scene, run):
        return None
    if stage_runs.was_delivered(scene.session, run.id):
        return None
    due_at = deadline(scene.now, within, scene.calendar, hours_rule).at
    return due_at if due_at > run.due_at else None


def _day_to_be_sent(scene: Scene, run: StageRun) -> date:
    """The day on which the message of a stage is to go: that of the event, or of the opening after it."""
    if run.kind.is_immediate or scene.calendar.is_open(run.counted_from):
        return local(run.counted_from).date()
    return max(local(run.counted_from).date(), local(scene.calendar.next_opening(run.counted_from)).date())
