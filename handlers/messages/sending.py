"""Messages from owed to seen: written when their turn comes, kept live or shrunk, proved, or told of as lost.

Every step is a look-up in the table of messages. A kind that this version does not know is not sent.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from handlers.cards import Button, Card
from handlers.messages.letters import Told, all_buttons, together, with_it
from handlers.messages.of_people import about_lost, undelivered
from handlers.messages.owing import owe
from handlers.messages.table import MESSAGES
from handlers.office import Scene, rules_in_force
from handlers.terms import in_words
from scheduling.deadline_wording import with_its_year
from scheduling.working_days import local
from storage import outbox
from storage.live_messages import LiveMessage
from storage.outbox import Outbox

Deed = tuple[str, str, int | None]


def render(session: Session, row: Outbox, now: datetime) -> Card | None:
    """The message as it reads now; None when it is no longer needed, or no longer this person's to have."""
    scene, message = _scene(session, row, now), MESSAGES.get(row.kind)
    card = message.card(scene, row) if message is not None else None
    return in_words(card, scene.rules) if card is not None else None


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What goes as one message: its card, those of its rows that stand in it, and those that are no longer needed."""

    card: Card | None
    told: tuple[Told, ...]
    dropped: tuple[Outbox, ...]


def letter(session: Session, row: Outbox, now: datetime) -> Letter:
    """A message with all that goes with it, as it reads now."""
    read = [(one, render(session, one, now)) for one in with_it(session, row)]
    told = tuple(Told(row=one, card=card) for one, card in read if card is not None)
    return Letter(
        card=together(session, told, now) if told else None,
        told=told,
        dropped=tuple(one for one, card in read if card is None),
    )


def subject_of(row: Outbox) -> str | None:
    """That of which a person has one live message at a time; None for a message that nothing overtakes."""
    message = MESSAGES.get(row.kind)
    return message.topic.subject(row) if message is not None else None


def overtakes(session: Session, row: Outbox, card: Card, now: datetime) -> bool:
    """Whether a message, posted as this card, shrinks what its reader has of the same subject to lines.

    Only one that carries every deed its reader still owes there.
    """
    message = MESSAGES.get(row.kind)
    owed = message.owed(_scene(session, row, now), row) if message is not None else ()
    return {_deed(one) for one in owed if not _only_shows(one)} <= {_deed(one) for one in all_buttons(card)}


def delivered(session: Session, row: Outbox, now: datetime) -> None:
    """What follows when it arrived: proof of delivery, and day 0 of a stage."""
    message = MESSAGES.get(row.kind)
    if message is not None and message.arrived is not None:
        message.arrived(_scene(session, row, now), row)


def undeliverable(session: Session, row: Outbox, reason: str, now: datetime) -> None:
    """What follows when it never can: it is put on record, and those who must know are told why."""
    scene, message = _scene(session, row, now), MESSAGES.get(row.kind)
    if message is None:
        return
    hearers = [one for one in message.topic.lost(scene, row) if one != row.person_id]
    owe(scene, undelivered, hearers, about_lost(row), person=row.person_id, reason=reason)


def shrunk(session: Session, live: LiveMessage) -> Card:
    """What an overtaken message shrinks to: one line, which says what the answer was where that ended it.

    Otherwise what stands now is in the message that overtook it.
    """
    row = outbox.get(session, live.outbox_id)
    message = MESSAGES.get(row.kind) if row is not None else None
    if row is None or message is None:
        return Card(title=f"Earlier: {_title_of(live)}")
    scene = _scene(session, row, live.overtaken_at or live.posted_at)
    answer = message.topic.ended(session, row)
    line = Card(title=f"{answer or 'Earlier'}: {_title_of(live)}")
    return in_words(message.topic.instead(scene, row) or line, scene.rules)


def _title_of(live: LiveMessage) -> str:
    """Its first line; a day in it that had no year has one, where it is another year by now."""
    posted_on, overtaken_at = local(live.posted_at).date(), live.overtaken_at or live.posted_at
    is_past = posted_on.year != local(overtaken_at).date().year
    return with_its_year(live.title, posted_on) if is_past else live.title


def _scene(session: Session, row: Outbox, now: datetime) -> Scene:
    return Scene(session=session, now=now, authority=row.authority, rules=rules_in_force(session, row.authority))


def _deed(button: Button) -> Deed:
    return button.deed, button.subject, button.run


def _only_shows(button: Button) -> bool:
    return button.deed.endswith(".open")
