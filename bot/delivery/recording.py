"""Writes down what became of a message. Each function is one short transaction's work.

Every change asks first whether the row still stands as the sender last saw it, so that of two senders one gives way.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlmodel import Session, col, select

from bot.delivery import lease
from bot.delivery.job import Job, Part
from bot.delivery.lanes import Lane
from bot.delivery.port import Posted
from bot.delivery.timing import Timing
from bot.delivery.works import Broken, Works, all_or_none
from handlers.cards import Card
from handlers.messages.letters import all_buttons
from handlers.messages.of_reports import offered, placed
from handlers.messages.sending import subject_of
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


def as_seen(session: Session, job: Job, attempt: Attempt | None = None) -> list[Outbox]:
    """The rows of a message, locked, if they still stand as they were seen; none when another sender was there."""
    return each_as_seen(session, [(job, attempt)])[0]


def each_as_seen(session: Session, seen: Sequence[tuple[Job, Attempt | None]]) -> list[list[Outbox]]:
    """The same of several messages, in two statements.

    None either where one more has joined since. The first rows are locked before the others are read: on PostgreSQL
    what joined while we waited for that lock is seen by the next statement only.
    """
    ids = [job.outbox_id for job, _ in seen]
    query = select(Outbox).where(col(Outbox.id).in_(ids), col(Outbox.bundle_id).is_(None)).order_by(col(Outbox.id))
    leaders = {row.id: row for row in session.exec(query.with_for_update())}
    members = outbox.members_of(session, ids, for_change=True)
    return [_standing(job, attempt, leaders.get(job.outbox_id), members[job.outbox_id]) for job, attempt in seen]


def _standing(job: Job, attempt: Attempt | None, leader: Outbox | None, members: Sequence[Outbox]) -> list[Outbox]:
    state, attempts = (OutboxState.ATTEMPTED, attempt.number) if attempt else (job.state, job.attempts)
    if leader is None or (leader.state, leader.attempts) != (state, attempts):
        return []
    rows = [leader, *members]
    return rows if [row.id for row in rows] == [part.outbox_id for part in job.parts] else []


def begin(session: Session, job: Job, lane: Lane, token: str, now: datetime, timing: Timing) -> Attempt | None:
    """Mark an attempt before it is made, with the lease renewed. None: another sender was there; or LeaseLost.

    A sender that finds the rows afterwards leaves them alone until the attempt has settled.
    """
    lease.renew(session, lane, token, now, timing.lease)
    rows = as_seen(session, job)
    for row in rows:
        row.state = OutboxState.ATTEMPTED
        row.attempts += 1
        row.attempted_at = now
        row.not_before = now + timedelta(seconds=timing.settle_file if job.file else timing.settle)
        row.platform, row.workspace = lane.platform, lane.workspace
        row.repeated = job.repeated
        session.add(row)
    return Attempt(number=rows[0].attempts, at=now) if rows else None


def begin_all(
    session: Session, jobs: Sequence[Job], lane: Lane, token: str, now: datetime, timing: Timing
) -> dict[int, Attempt]:
    """The same for several messages without a file that were not attempted before; by their outbox ids."""
    lease.renew(session, lane, token, now, timing.lease)
    each = each_as_seen(session, [(job, None) for job in jobs])
    marked = update(Outbox).where(col(Outbox.id).in_([row.id for rows in each for row in rows]))
    values = {
        "state": OutboxState.ATTEMPTED,
        "attempts": col(Outbox.attempts) + 1,
        "attempted_at": now,
        "not_before": now + timedelta(seconds=timing.settle),
        "platform": lane.platform,
        "workspace": lane.workspace,
    }
    session.exec(marked.values(values), execution_options={"synchronize_session": False})
    return {
        rows[0].id or 0: Attempt(number=job.attempts + 1, at=now) for job, rows in zip(jobs, each, strict=True) if rows
    }


def sent(
    session: Session, job: Job, attempt: Attempt | None, posted: Posted, at: datetime, works: Works
) -> list[timedelta]:
    """The message stands since `at`; without an attempt it was found. How late each row is that this settles.

    Nothing where another sender was there. Broken never leaves a row unmarked.
    """
    return _sent(session, [(job, attempt, posted)], at, works)


def all_sent(
    session: Session, landed: Sequence[tuple[Job, Attempt, Posted]], at: datetime, works: Works
) -> list[timedelta]:
    """The same of several. Whatever fails over one of them is raised: then each is written down alone."""
    with all_or_none(session):
        return _sent(session, landed, at, works)


def _sent(
    session: Session, landed: Sequence[tuple[Job, Attempt | None, Posted]], at: datetime, works: Works
) -> list[timedelta]:
    each = each_as_seen(session, [(job, attempt) for job, attempt, _ in landed])
    late = [at - row.due_at for rows in each for row in rows]  # before they stand: that takes away what is asked here
    for (_, _, posted), rows in zip(landed, each, strict=True):
        for row in rows:
            _stands(row, posted, at)
            session.add(row)
    session.flush()
    works.know_arrived(session, [row for rows in each for row in rows])
    keep = _Keeping(session, works, {job.person_id for job, *_ in landed})
    for (job, attempt, _), rows in zip(landed, each, strict=True):
        for row, part in zip(rows, job.parts, strict=False):
            _arrived(session, row, at, works)
            keep.live(row, part, at, found=attempt is None)
    return late


def _stands(row: Outbox, posted: Posted, at: datetime) -> None:
    row.state, row.sent_at, row.not_before, row.failure = OutboxState.SENT, at, None, None
    row.look_again_at = None
    row.channel, row.message = posted.channel, posted.message
    if posted.file:
        placed(row, posted.file)
    if posted.offers:
        offered(row)


def _arrived(session: Session, row: Outbox, at: datetime, works: Works) -> None:
    try:
        works.handled(session, "what follows a delivery", lambda: works.delivered(session, row, at))
    except Broken:
        row.failure = "Delivered, but what follows a delivery failed."
        session.add(row)


class _Keeping:
    """What is live from now on. Of several messages what stands beside them is read at once."""

    def __init__(self, session: Session, works: Works, people: Collection[int]) -> None:
        self._session = session
        self._works = works
        self._standing = live_messages.standing_by(session, people) if len(people) > 1 else None

    def live(self, row: Outbox, part: Part, at: datetime, *, found: bool) -> None:
        """Remember it, where it has buttons that something may overtake."""
        card, subject = part.card, subject_of(row)
        if card is None or subject is None or not all_buttons(card):
            return
        live = _live(row, subject, card, at)
        if self._standing is None or part.overtakes is None or found:
            keep_live(self._session, live, card, self._works, found=found)
        else:
            live_messages.post_among(self._session, live, self._standing, overtaking=part.overtakes)


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
        return works.handled(session, "overtaking", asked)
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
    for row in as_seen(session, job, attempt):
        row.state = OutboxState.OWED
        row.attempts = job.attempts + 1
        row.repeated = job.repeated
        row.not_before, row.failure = until, reason[:REASON_LENGTH]
        session.add(row)


def owed_again(session: Session, *begun: tuple[Job, Attempt]) -> None:
    """Certainly not posted, through no fault of the messages: owed as before, each at its old place."""
    for (job, _), rows in zip(begun, each_as_seen(session, begun), strict=True):
        for row in rows:
            row.state, row.attempts, row.not_before = OutboxState.OWED, job.attempts, None
            row.repeated = job.repeated
            session.add(row)


def still_doubtful(session: Session, job: Job, until: datetime, reason: str) -> None:
    """It could not be looked up: again from `until` on."""
    for row in as_seen(session, job):
        row.attempts += 1
        row.not_before, row.failure = until, reason[:REASON_LENGTH]
        session.add(row)


def failed(
    session: Session, job: Job, attempt: Attempt | None, reason: str, works: Works, *, unreached: bool = False
) -> int:
    """Given up, and those who have to know are told of each row in the same transaction. How many of them.

    `unreached`: its reader cannot be written to as things are, so that they are looked for again. Who was told of a
    message once is not told again.
    """
    rows, now = as_seen(session, job, attempt), works.day()
    fresh = [row for row in rows if row.look_again_at is None]
    for row in rows:
        row.state, row.failure, row.not_before = OutboxState.FAILED, reason[:REASON_LENGTH], None
        row.repeated = job.repeated
        row.look_again_at = works.look_again(session, row, now) if unreached else None
        session.add(row)
    session.flush()
    for row in fresh:
        _told_of(session, row, reason, now, works)
    return len(fresh)


def look_again(session: Session, now: datetime) -> None:
    """Owe again what could not reach a reader who is to be looked for again by now, with all else they missed."""
    for row in outbox.to_look_again(session, now):
        row.state, row.attempts = OutboxState.OWED, 0
        session.add(row)


def _told_of(session: Session, row: Outbox, reason: str, now: datetime, works: Works) -> None:
    told = reason[:REASON_LENGTH]
    try:
        works.handled(session, "telling of a failure", lambda: works.undeliverable(session, row, told, now))
    except Broken:
        row.failure = f"{reason} Nobody could be told of it."[:REASON_LENGTH]
        session.add(row)


def dropped(session: Session, job: Job) -> int:
    """No longer needed when its turn came. How many rows."""
    rows = as_seen(session, job)
    for row in rows:
        _drop(session, row)
    return len(rows)


def sorted_out(session: Session, job: Job) -> int:
    """Drop those of a message that are no longer needed, and give how many; the others may go next.

    What cannot be rendered goes by itself from now on, so that nothing else waits for it.
    """
    rows, parts = as_seen(session, job), job.parts
    pairs = list(zip(rows, parts, strict=False))
    for row in (row for row, part in pairs if part.broken):
        outbox.regroup(session, [row])
    gone = [row for row, part in pairs if part.card is None and not part.broken]
    for row in gone:
        _drop(session, row)
    outbox.regroup(session, [row for row, part in pairs if part.card is not None])
    return len(gone)


def _drop(session: Session, row: Outbox) -> None:
    row.state, row.not_before, row.look_again_at = OutboxState.DROPPED, None, None
    session.add(row)
