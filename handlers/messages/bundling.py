"""What one act or one hour brings to one person about several children is one message.

Each keeps its row, with its own key, proof and fate; a row that goes with an earlier one names it.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from handlers.messages.message import Hours, Message
from handlers.office import Scene
from storage import outbox, stage_runs
from storage.outbox import Outbox

M = TypeVar("M")
HOUR = timedelta(hours=1)
MOST = 7
"""So many go together: Teams, which takes less than Slack, has room for them with all buttons an IRO can be offered."""


Led = dict[str, Outbox]
"""By its key: the message with which a message goes."""


def join(scene: Scene, message: Message[M], rows: Sequence[Outbox]) -> Led:
    """Let each of these rows go with what waits for its reader already, and news of the same kind wait for it.

    Two statements at most, for however many people. What asks something of its reader waits for nothing, unless it is
    patient and its day comes later. Gives those that go with another, which may be one of these.
    """
    if message.together is None or message.is_urgent or not rows:
        return {}
    if message.can_wait and message.hours is Hours.WORKING:
        _let_the_hour_end(scene, message, rows)
    since, readers = scene.now - HOUR, {row.person_id for row in rows}
    bundles: dict[int, list[list[Outbox]]] = {}
    for bundle in _bundles(outbox.joinable(scene.session, message.name, readers, since, scene.now, MOST)):
        bundles.setdefault(bundle[0].person_id, []).append(bundle)
    led: Led = {}
    for row in rows:
        theirs = bundles.setdefault(row.person_id, [])
        found = next((one for one in theirs if _fits(scene, message, one, row)), None)
        if found is None:
            theirs.append([row])
            continue
        led[row.key], row.held_until = found[0], found[0].held_until
        found.append(row)
    return led


def _let_the_hour_end(scene: Scene, message: Message[M], rows: Sequence[Outbox]) -> None:
    sent = outbox.sent_since(scene.session, message.name, {row.person_id for row in rows}, scene.now - HOUR)
    for row in rows:
        about = message.topic.subject(row)
        before = [one for one in sent if one.person_id == row.person_id and message.topic.subject(one) != about]
        if before and before[-1].sent_at is not None:
            over = _within_hours(scene, before[-1].sent_at + HOUR)
            if not _is_due_by(scene, message, row, over):
                row.held_until = max(row.held_until or over, over)


def _is_due_by(scene: Scene, message: Message[M], row: Outbox, moment: datetime) -> bool:
    """Whether what is asked would be due before it is told."""
    run = stage_runs.get(scene.session, row.run_id) if message.asks and row.run_id is not None else None
    return run is not None and run.due_at is not None and scene.now < run.due_at <= moment


def _within_hours(scene: Scene, moment: datetime) -> datetime:
    return moment if scene.calendar.is_open(moment) else scene.calendar.next_opening(moment)


def _bundles(waiting: Sequence[Outbox]) -> list[list[Outbox]]:
    """Each message that waits, with what goes with it."""
    led = {row.id: [row] for row in waiting if row.bundle_id is None}
    for row in waiting:
        if row.bundle_id in led:
            led[row.bundle_id].append(row)
    return list(led.values())


def _fits(scene: Scene, message: Message[M], bundle: Sequence[Outbox], row: Outbox) -> bool:
    """Whether a message may go with these to the same person: about another child, and no later than by itself."""
    leader, subject = bundle[0], message.topic.subject
    if len(bundle) >= MOST or subject(row) in map(subject, bundle):
        return False
    return message.can_wait or leader.held_until in (None, row.held_until) or leader.held_until <= scene.now
