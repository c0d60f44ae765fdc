"""Writes down what became of a message. Each function is one short transaction's work.

Every change asks first whether the row still stands as the sender last saw it, so that of two senders one gives way.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, select

from bot.delivery import lease
from bot.delivery.job import Job
from bot.delivery.lanes import Lane
from bot.delivery.port import Posted
from bot.delivery.timing import Timing
from bot.delivery.works import Broken, Failed, Works, handled
from handlers.cards import Card
from handlers.messages.of_reports import offered, placed
from handlers.messages.sending import all_buttons, subject_of
from storage import live_messages, outbox
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


def sent(session: Session, job: Job, attempt: Attempt | None, posted: Posted, at: datetime, works: Works) -> bool:
    """The message stands since `at`; without an attempt it was found. False when another sender was there.

    Broken never leaves the row unmarked.
    """
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
        handled(session, "what follows a delivery", lambda: works.delivered(session, row, at))
    except Broken:
        row.failure = "Delivered, but what follows a delivery failed."
        session.add(row)
    subject = subject_of(row)
    if job.card is not None and subject is not None and all_buttons(job.card):
        keep_live(session, _live(row, subject, job.card, at), job.card, works, found=attempt is None)
    return True


def keep_live(session: Session, live: LiveMessage, card: Card, works: Works, *, found: bool) -> None:
    """Remember the live message. One found late is itself overtaken by what was posted after it, if that carries all.

    Only then are moments compared: whatever was just posted is the newest, even where our clock was put back.
    """
    if found:
        after = live_messages.posted_after(session, live)
        taken = [one.posted_at for one in after if one.overtaken_at is not None or _takes(session, one, None, works)]
        live.overtaken_at = min(taken, default=None)
        live_messages.post(session, live, overtaking=not after and _takes(session, live, card, works))
    else:
        live_messages.post(session, live, overtaking=_takes(session, live, card, works))


def _takes(session: Session, live: LiveMessage, card: Card | None, works: Works) -> bool:
    """Whether the message, as this card or written anew, overtakes; where nobody can tell it takes no buttons away."""
    row, now = outbox.get(session, live.outbox_id), works.clock()
    if row is None:
        return False

    def asked() -> bool:
        shown = card or works.render(session, row, now)
        return shown is not None and works.overtakes(session, row, shown, now)

    try:
        return handled(session, "overtaking", asked)
    except Broken:
        return False


def _live(row: Outbox, subject: str, card: Card, at: datetime) -> LiveMessage:
    assert row.id is not None
    return LiveMessage(
        subject=subject,
        person_id=row.person_id,
        outbox_id=row.id,
        platform=row.platform or "",
        workspace=row.workspace or "",
        channel=row.channel or "",
        message=row.message or "",
        title=card.title[:TITLE_LENGTH],
        posted_at=at,
    )


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
