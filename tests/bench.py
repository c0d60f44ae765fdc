"""Handlers at work without a platform: people ask, the clock ticks, and messages are written as they would be sent."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import TypeVar

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from handlers.cards import Answer, Button, Card, Errors, Form, Notice, Suggestions
from handlers.dispatch import answer
from handlers.messages.letters import Told as Part
from handlers.messages.sending import delivered, letter, overtakes, subject_of
from handlers.office import Office
from handlers.requests import Request, Value
from handlers.tick import fire, wake
from scheduling.working_days import at_local, local
from storage import live_messages, nudges, outbox, people
from storage.database import transaction
from storage.live_messages import LiveMessage
from storage.outbox import Outbox, OutboxState
from tests.cast import AUTHORITY, Cast, settle
from tests.first_lines import undated
from tests.what_is_read import refuse_faults

Written = TypeVar("Written", bound=Answer | Card)


@dataclass(frozen=True)
class Told:
    """A message as somebody read it, and when."""

    at: datetime
    to: str
    card: Card
    kind: str = ""

    @property
    def title(self) -> str:
        """Its first line."""
        return self.card.title


@dataclass
class Bench:
    """One authority at work under a clock that the test moves."""

    engine: Engine
    now: datetime
    procedures: str = "handbook"
    told: list[Told] = field(default_factory=list)
    cast: Cast = field(init=False)
    keys: "count[int]" = field(default_factory=count)

    def __post_init__(self) -> None:
        self.cast = settle(self.engine, self.procedures)
        self.logins = {person_id: login for login, person_id in self.cast.people.items()}
        with transaction(self.engine, AUTHORITY) as session:
            wake(session, AUTHORITY, self.now)

    @property
    def office(self) -> Office:
        """The office with the test's clock."""
        return Office(engine=self.engine, clock=lambda: self.now)

    # people

    def request(self, who: str, deed: str, **given: object) -> Request:
        """A request of this person under a new key, unless one is given."""
        parts: dict[str, object] = {"key": f"key-{next(self.keys)}", **given}
        return Request(
            authority=AUTHORITY,
            person_id=self.cast.people[who],
            platform="bench",
            deed=deed,
            **parts,  # type: ignore[arg-type]  # each is a field of a request
        )

    def command(self, who: str, line: str) -> Answer:
        """A typed command."""
        command, _, words = line.lstrip("/").partition(" ")
        return self.done(answer(self.office, self.request(who, "command", command=command, words=words)))

    def press(self, who: str, button: Button, values: Mapping[str, Value] | None = None) -> Answer:
        """A press on a button."""
        asked = self.request(who, button.deed, subject=button.subject, run=button.run, values=values or {})
        return self.done(answer(self.office, asked))

    def submit(self, who: str, form: Form, values: Mapping[str, Value]) -> Answer:
        """A submitted form: what is not given stays as the form was drawn."""
        kept = {one.key: one.initial for one in form.fields if one.initial}
        asked = self.request(
            who,
            form.deed,
            subject=form.subject,
            run=form.run,
            context=form.context,
            values={**kept, **values},
        )
        return self.done(answer(self.office, asked))

    def done(self, given: Answer) -> Answer:
        """Deliver what the act owed."""
        self.deliver()
        return self._read(given)

    def _read(self, shown: Written, *, stands: bool = False) -> Written:
        """What every test at the bench shows is read by the same eyes as in the stories."""
        refuse_faults(written_in(shown), local(self.now).date(), stands=stands)
        return shown

    # the clock

    def go_to(self, moment: datetime) -> None:
        """Move the clock forward, stopping wherever something falls due or may go, as the heartbeat would."""
        while True:
            due = self._next_stop()
            if due is None or due > moment:
                break
            self.now = max(due, self.now)
            self.tick()
        self.now = moment
        self.tick()

    def go_to_day(self, day: date, wall: time = time(9, 30)) -> None:
        """Move the clock to a day, half past nine in London unless another time is given."""
        self.go_to(at_local(day, wall))

    def wait(self, span: timedelta) -> None:
        """Let time pass."""
        self.go_to(self.now + span)

    def sleep_until(self, moment: datetime) -> None:
        """Be switched off until then: nothing fires meanwhile."""
        self.now = moment
        self.tick()

    def wake_on_day(self, day: date, wall: time = time(9, 30)) -> None:
        """Be switched off until a day: what fell due meanwhile fires once, at waking, without the mornings between."""
        self.sleep_until(at_local(day, wall))

    def next_due(self) -> datetime | None:
        """When the next nudge falls due."""
        with transaction(self.engine, AUTHORITY, writes=False) as session:
            return nudges.next_due(session)

    def _next_stop(self) -> datetime | None:
        """When the next nudge falls due, or something that is held may go."""
        with transaction(self.engine, AUTHORITY, writes=False) as session:
            moments = (nudges.next_due(session), outbox.next_held(session, self.now))
            return min((one for one in moments if one is not None), default=None)

    def tick(self) -> None:
        """Fire what is due, each nudge once, and deliver."""
        while True:
            with transaction(self.engine, AUTHORITY) as session:
                due = nudges.claim(session, self.now, 50).due
                if due:
                    fire(session, due, self.now)
                nudges.done(session, due)
            if not due:
                break
        self.deliver()

    # messages

    def deliver(self) -> None:
        """Write every message owed and keep it as read."""
        while True:
            with transaction(self.engine, AUTHORITY) as session:
                owed = outbox.waiting(session, self.now, 100)
                if owed:
                    people.know_day(session, local(self.now).date())
                for row in owed:
                    self._send(session, row)
            if not owed:
                break

    def _send(self, session: Session, row: Outbox) -> None:
        going = letter(session, row, self.now)
        for one in going.dropped:
            one.state = OutboxState.DROPPED
            session.add(one)
        if going.card is None:
            return
        stands = not going.card.title.startswith("Your day")
        read = self._read(going.card, stands=stands)
        self.told.append(Told(self.now, self.logins[row.person_id], read, str(row.kind)))
        for part in going.told:
            part.row.state, part.row.sent_at = OutboxState.SENT, self.now
            session.add(part.row)
            self._arrived(session, part, row)

    def _arrived(self, session: Session, part: Part, leader: Outbox) -> None:
        row, card = part.row, part.card
        delivered(session, row, self.now)
        subject = subject_of(row)
        if subject is not None and card.buttons:
            live = _live(row, subject, card, self.now, str(leader.id))
            live_messages.post(session, live, overtaking=overtakes(session, row, card, self.now))

    def inbox(self, who: str) -> list[Told]:
        """What a person was told, in order."""
        return [one for one in self.told if one.to == who]

    def titles(self, who: str) -> list[str]:
        """The first lines of what a person was told, in order."""
        return [undated(one.title) for one in self.inbox(who)]

    def last(self, who: str) -> Card:
        """The last message a person got."""
        return self.inbox(who)[-1].card

    def forget(self) -> None:
        """Forget what was told so far, to see only what comes."""
        self.told.clear()

    def lives(self) -> list[LiveMessage]:
        """All live messages."""
        with transaction(self.engine, AUTHORITY, writes=False) as session:
            return list(session.exec(select(LiveMessage).order_by(col(LiveMessage.id))))


def _live(row: Outbox, subject: str, card: Card, now: datetime, message: str) -> LiveMessage:
    assert row.id is not None
    return LiveMessage(
        authority=row.authority,
        subject=subject,
        person_id=row.person_id,
        outbox_id=row.id,
        platform="bench",
        workspace="bench",
        channel="bench",
        message=message,
        title=card.title,
        posted_at=now,
    )


def button(holder: Card | Form | Notice, label: str) -> Button:
    """The button of that label."""
    return next(one for one in buttons(holder) if one.label == label)


def buttons(holder: Card | Form | Notice) -> list[Button]:
    """All buttons of a message, a form or a notice."""
    if isinstance(holder, Card):
        return [*(one for line in holder.lines for one in line.buttons), *holder.buttons]
    if isinstance(holder, Form):
        return [one for each in holder.fields for one in each.buttons]
    return list(holder.buttons)


def words(answer: Answer | Card) -> str:
    """Everything a person reads in an answer or a message."""
    if isinstance(answer, Card):
        return "\n".join([answer.title, *(line.text for line in answer.lines)])
    if isinstance(answer, Form):
        return "\n".join(
            [answer.title, answer.on_top, *(f"{one.label} {one.text} {one.initial}" for one in answer.fields)]
        )
    if isinstance(answer, Errors):
        return "\n".join(answer.by_field.values())
    return answer.text if isinstance(answer, Notice) else ""


def written_in(shown: Answer | Card) -> Iterator[str]:
    """All that the product says there, with labels, hints, choices and buttons: not what a field holds."""
    if isinstance(shown, Form):
        yield from (shown.title, shown.on_top)
        for one in shown.fields:
            yield from (one.label, one.text, one.hint, *(choice.label for choice in one.choices))
        yield from (shown.submit, shown.cancel)
    elif isinstance(shown, Suggestions):
        yield from (choice.label for choice in shown.choices)
    else:
        yield words(shown)
    if isinstance(shown, Card | Form | Notice):
        yield from (one.label for one in buttons(shown))


def utc(day: str, wall: str = "09:30") -> datetime:
    """A moment by the clock in London: utc("2026-12-24", "16:00")."""
    return at_local(date.fromisoformat(day), time.fromisoformat(wall)).astimezone(UTC)
