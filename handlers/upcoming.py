"""What would be sent, to whom and when: the clock's own rules rehearsed in a transaction that is then thrown away."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlmodel import Session

from handlers.messages.of_mornings import your_day
from handlers.messages.sending import letter
from handlers.named_subjects import named
from handlers.refusals import Refused
from handlers.tick import fire, wake
from handlers.undrawn import CANNOT
from scheduling.working_days import at_local
from storage import nudges, outbox, people
from storage.nudges import Due
from storage.outbox import Outbox, OutboxState
from storage.scope import settle

MOST_STEPS = 5000
OWED_NOW = 1000
ONE = 1


@dataclass(frozen=True, kw_only=True)
class Upcoming:
    """One message to come: when (UTC), to whom (a name), and its title with, for "Your day", its lines."""

    at: datetime
    who: str
    what: str


def rehearse(
    session: Session, authority: str, now: datetime, until: date, *, steps: int = MOST_STEPS
) -> Iterator[Upcoming]:
    """Everything to be sent up to the end of that day if nobody does anything.

    Acts on the session as the clock would: the caller opens it for writing and rolls it back. Refused where there
    are more steps to the day than that.
    """
    end = at_local(until + timedelta(days=1), time(0))
    wake(session, authority, now)
    at = now
    for _ in range(steps):
        due_at = nudges.next_due(session)
        until_then = end if due_at is None else min(due_at, end)
        if until_then > at:
            yield from _going_out(session, at, until_then)
        if due_at is None or due_at >= end:
            return
        at = max(due_at, now)
        due = nudges.claim(session, at, ONE).due
        nudges.done(session, due)
        if not _fired(session, due, at):
            said = f"{named(session, due[0].subject)} cannot be worked out: run doctor, which names what is wrong."
            yield Upcoming(at=at, who="nobody", what=said)
    raise Refused(f"There are more than {steps} steps up to {until}: choose an earlier date.")


def _fired(session: Session, due: Sequence[Due], at: datetime) -> bool:
    """Whether it could be worked out; one that cannot be leaves nothing behind, as in a sweep."""
    try:
        with session.begin_nested():
            fire(session, due, at)
            settle(session)
    except CANNOT:
        return False
    return True


def _going_out(session: Session, at: datetime, until: datetime) -> Iterator[Upcoming]:
    """What is owed at a moment, and what waits for another before `until`."""
    moment: datetime | None = at
    while moment is not None and moment < until:
        for row in outbox.waiting(session, moment, OWED_NOW):
            yield from _message(session, row, moment)
        moment = outbox.next_held(session, moment)


def _message(session: Session, row: Outbox, at: datetime) -> Iterator[Upcoming]:
    """The message as it would read at that moment; nothing where it would no longer be needed."""
    going = letter(session, row, at)
    card = going.card
    for one in (*(part.row for part in going.told), *going.dropped):
        one.state = OutboxState.SENT  # in rehearsal what is owed arrives, and the next deadline can pass
        session.add(one)
    session.flush()
    person = people.get(session, row.person_id)
    if card is None or person is None:
        return
    what = card.title
    if row.kind == your_day.name:
        what = f"{card.title}: {' '.join(line.text for line in card.lines)}"
    yield Upcoming(at=at, who=person.name, what=what)
