"""Writes down what became of a message. Each function is one short transaction's work.

Every change asks first whether the row still stands as the sender last saw it, so that of two senders one gives way.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from bot.delivery import lease
from bot.delivery.job import Job
from bot.delivery.lanes import Lane
from bot.delivery.port import Posted
from bot.delivery.timing import Timing
from bot.delivery.works import Broken, Delivered, Failed, handled
from handlers.cards import Card
from handlers.messages.subjects import subject_of
from handlers.report.message import offered, placed
from storage import live_messages
from storage.live_messages import LiveMessage
from storage.outbox import Outbox, OutboxState

REASON_LENGTH = 300
TITLE_LENGTH = 300


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """An attempt begun: how many there have been with it, and when."""

    number: int
    at: datetime


def as_seen(session: Session, job: Job, attempt: Attempt | None = None) -> Outbox | None:
    """The row, locked, if it still stands as it was seen; None when another sender was there."""
    state = OutboxState.ATTEMPTED if attempt else job.state
    return session.exec(
        select(Outbox)
        .where(
            Outbox.id == job.outbox_id,
            Outbox.state == state,
            Outbox.attempts == (attempt.number if attempt else job.attempts),
        )
        .with_for_update()
    ).one_or_none()


def begin(session: Session, job: Job, lane: Lane, token: str, now: datetime, timing: Timing) -> Attempt | None:
    """Mark an attempt before it is made, with the lease renewed. None: another sender was there; or LeaseLost.

    Whoever finds the row afterwards leaves it alone until the attempt has settled.
    """
    lease.renew(session, lane, token, now, timing.lease)
    row = as_seen(session, job)
    if row is None:
        return None
    row.state = OutboxState.ATTEMPTED
    row.attempts += 1
    row.attempted_at = now
    row.not_before = now + timedelta(seconds=timing.settle_file if job.file else timing.settle)
    row.platform, row.workspace = lane.platform, lane.workspace
    row.repeated = job.repeated
    session.add(row)
    return Attempt(number=row.attempts, at=now)


def sent(
    session: Session, job: Job, attempt: Attempt | None, posted: Posted, at: datetime, delivered: Delivered
) -> bool:
    """The message stands since `at`. False when another sender was there; Broken never leaves the row unmarked."""
    row = as_seen(session, job, attempt)
    if row is None:
        return False
    row.state, row.sent_at, row.not_before, row.failure = OutboxState.SENT, at, None, None
    row.channel, row.message = posted.channel, posted.message
    if posted.file:
        placed(row, posted.file)
    if posted.offers:
        offered(row)
    session.add(row)
    session.flush()
    try:
        handled(session, "what follows a delivery", lambda: delivered(session, row, at))
    except Broken:
        row.failure = "Delivered, but what follows a delivery failed."
        session.add(row)
    subject = subject_of(row)
    if job.card is not None and subject is not None and has_buttons(job.card):
        keep_live(session, row, subject, job.card.title, at)
    return True


def has_buttons(card: Card) -> bool:
    """Whether there is anything to press in it."""
    return bool(card.buttons) or any(line.buttons for line in card.lines)


def keep_live(session: Session, row: Outbox, subject: str, title: str, at: datetime) -> None:
    """Remember the live message; one found late is itself overtaken by what was posted after it."""
    assert row.id is not None
    live = LiveMessage(
        subject=subject,
        person_id=row.person_id,
        outbox_id=row.id,
        platform=row.platform or "",
        workspace=row.workspace or "",
        channel=row.channel or "",
        message=row.message or "",
        title=title[:TITLE_LENGTH],
        posted_at=at,
    )
    later = session.exec(
        select(LiveMessage.posted_at).where(
            LiveMessage.subject == subject,
            LiveMessage.person_id == row.person_id,
            col(LiveMessage.posted_at) > at,
        )
    ).first()
    if later is None:
        live_messages.post(session, live)
    else:
        live.overtaken_at = later
        session.add(live)


def postponed(session: Session, job: Job, attempt: Attempt | None, until: datetime, reason: str) -> None:
    """Certainly not posted: owed again, from `until` on; it counts as a try."""
    row = as_seen(session, job, attempt)
    if row is None:
        return
    row.state = OutboxState.OWED
    row.attempts = job.attempts + 1
    row.repeated = job.repeated
    row.not_before, row.failure = until, reason[:REASON_LENGTH]
    session.add(row)


def owed_again(session: Session, job: Job, attempt: Attempt) -> None:
    """Certainly not posted, through no fault of the message: owed as before, at its old place."""
    row = as_seen(session, job, attempt)
    if row is None:
        return
    row.state, row.attempts, row.not_before = OutboxState.OWED, job.attempts, None
    row.repeated = job.repeated
    session.add(row)


def still_doubtful(session: Session, job: Job, until: datetime, reason: str) -> None:
    """It could not be looked up: again from `until` on."""
    row = as_seen(session, job)
    if row is None:
        return
    row.attempts += 1
    row.not_before, row.failure = until, reason[:REASON_LENGTH]
    session.add(row)


def failed(
    session: Session, job: Job, attempt: Attempt | None, reason: str, now: datetime, undeliverable: Failed
) -> bool:
    """Given up for good, and whoever has to know is told in the same transaction."""
    row = as_seen(session, job, attempt)
    if row is None:
        return False
    row.state, row.failure, row.not_before = OutboxState.FAILED, reason[:REASON_LENGTH], None
    session.add(row)
    session.flush()
    told = row.failure
    try:
        handled(session, "telling of a failure", lambda: undeliverable(session, row, told, now))
    except Broken:
        row.failure = f"{reason} Nobody could be told of it."[:REASON_LENGTH]
        session.add(row)
    return True


def dropped(session: Session, job: Job) -> bool:
    """No longer needed when its turn came."""
    row = as_seen(session, job)
    if row is None:
        return False
    row.state, row.not_before = OutboxState.DROPPED, None
    session.add(row)
    return True
