"""Owing messages: the only maker of rows in the outbox, for many people at once.

Each row has a permanent key, so that the same cause never owes twice.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from handlers.messages import entering
from handlers.messages.entering import Owed
from handlers.messages.message import Hours, Message
from handlers.office import Desk, Scene
from handlers.starts import has_started
from scheduling.working_days import at_local
from storage import people, stage_runs
from storage.children import Child
from storage.concerns import Concern
from storage.outbox import Outbox
from storage.reviews import Review
from storage.scope import settle

M = TypeVar("M")
Detail = str | int | None
WELCOME = "welcome"
"""The kind of the first message anybody gets: of_welcome.py has its words."""

AFTER_CLOSE = timedelta(hours=1)
"""What the clock does at close of business is still told on the day."""


@dataclass(frozen=True, kw_only=True)
class Cause:
    """What a message is owed for: the ids on its row, and its key, in which "{person}" stands for the reader."""

    key: str
    concern_id: int | None = None
    run_id: int | None = None
    review_id: int | None = None
    details: Mapping[str, Detail] = field(default_factory=dict)
    not_before: datetime | None = None


def about_concern(concern: Concern, because: str = "") -> Cause:
    """A concern at its present stage run; `because` tells apart what may happen several times in a run."""
    key = f"{concern.id}:{concern.run_id or 0}:{because}:{{person}}"
    return Cause(key=key, concern_id=concern.id, run_id=concern.run_id)


def about_child(child: Child, review: Review | None, because: str) -> Cause:
    """A child's review, or news of the child; `because` tells one cause from another."""
    review_id = review.id if review is not None else None
    return Cause(key=f"child {child.id}:{because}:{{person}}", review_id=review_id, details={"child": child.id})


def owe(
    scene: Scene,
    message: Message[M],
    whom: int | Iterable[int],
    cause: Cause,
    **details: Detail,
) -> Owed:
    """Owe each of these people one message, once for the same cause; written with all that the transaction owes.

    Details hold ids, dates and numbers only. What is no reader's own wish and not urgent waits for working hours, and
    goes with what waits for its reader already.
    """
    readers = [whom] if isinstance(whom, int) else list(dict.fromkeys(whom))
    readers = _hearing(scene, message, cause, readers)
    held = _held_until(scene, message, cause)
    welcome(scene, readers, held=held, urgent=message.is_urgent)
    kept = json.dumps({**cause.details, **details})
    rows = [
        Outbox(
            authority=scene.authority,
            key=f"{message.name}:{cause.key.replace('{person}', str(reader))}",
            kind=message.name,
            person_id=reader,
            concern_id=cause.concern_id,
            run_id=cause.run_id,
            review_id=cause.review_id,
            urgent=message.is_urgent,
            details=kept,
            owed_at=scene.now,
            fell_due_at=scene.fell_due_at,
            not_before=cause.not_before,
            held_until=held,
        )
        for reader in readers
    ]
    return entering.enter(Owed(scene=scene, message=message, rows=rows))


def newly_owed(scene: Scene, owed: Owed) -> list[int]:
    """Those of its readers to whom it was not owed before; what the transaction owes is written for it."""
    settle(scene.session, {Outbox.__tablename__})
    return [row.person_id for row in owed.rows]


def _hearing(scene: Scene, message: Message[M], cause: Cause, readers: list[int]) -> list[int]:
    """Those who are told: who has not started hears what a person does and what a concern brings, and nothing else."""
    if isinstance(scene, Desk) or cause.concern_id is not None or message.hours is not Hours.WORKING:
        return readers
    return [one for one in readers if has_started(scene, one)]


def welcome(scene: Scene, readers: Iterable[int], *, held: datetime | None = None, urgent: bool = False) -> None:
    """Owe each of these people the welcome, once for good: before the first thing they are sent.

    Of what is urgent nothing stands in the way: then it comes the next morning.
    """
    new = people.not_welcomed(scene.session, scene.today) & {*readers}
    if not new:
        return
    morning = at_local(scene.calendar.add(scene.today, 1), scene.rules.your_day_at)
    rows = [
        Outbox(
            authority=scene.authority,
            key=f"{WELCOME}:{reader}",
            kind=WELCOME,
            person_id=reader,
            owed_at=scene.now,
            held_until=morning if urgent else held,
        )
        for reader in sorted(new)
    ]
    entering.greet(scene, rows)


def _held_until(scene: Scene, message: Message[M], cause: Cause) -> datetime | None:
    """The next opening, where the message has to wait for it. Nothing about what is urgent waits."""
    if message.hours is not Hours.WORKING or scene.calendar.is_open(scene.now):
        return None
    run = stage_runs.get(scene.session, cause.run_id) if cause.run_id is not None else None
    if run is not None and run.kind.is_immediate:
        return None
    at_close = not isinstance(scene, Desk) and scene.calendar.is_open(scene.now - AFTER_CLOSE)
    return None if at_close else scene.calendar.next_opening(scene.now)


def details_of(row: Outbox) -> Mapping[str, Detail]:
    """The ids, dates and numbers a message was owed with."""
    kept: dict[str, Detail] = json.loads(row.details)
    return kept


def number_of(row: Outbox, name: str) -> int | None:
    """A detail that is a whole number."""
    value = details_of(row).get(name)
    return value if isinstance(value, int) else None
