"""Which message takes the buttons of those before it: only one that carries every deed its reader still owes there."""

from datetime import datetime

from sqlmodel import Session

from handlers.cards import Button, Card
from handlers.messages.owed import owed
from handlers.messages.rendering import matter_of, render
from handlers.messages.subjects import subject_of
from handlers.office import Scene, rules_in_force
from storage import live_messages, outbox
from storage.outbox import Outbox

Deed = tuple[str, str, int | None]


def overtakes(session: Session, row: Outbox, card: Card, now: datetime) -> bool:
    """Whether a message, posted as this card, shrinks what its reader has of the same subject to lines."""
    return _owed_there(session, row, now) <= {_deed(one) for one in all_buttons(card)}


def all_buttons(card: Card) -> tuple[Button, ...]:
    """Whatever there is to press in it."""
    return (*card.buttons, *(one for line in card.lines for one in line.buttons))


def _deed(button: Button) -> Deed:
    return button.deed, button.subject, button.run


def _owed_there(session: Session, row: Outbox, now: datetime) -> set[Deed]:
    """On a concern by how it now stands; elsewhere whatever the earlier messages, written anew, would ask."""
    if row.concern_id is not None:
        scene = Scene(session=session, now=now, authority=row.authority, rules=rules_in_force(session, row.authority))
        matter = matter_of(scene, row)
        return {_deed(one) for one in owed(matter)} if matter is not None else set()
    return {_deed(one) for card in _earlier(session, row, now) for one in all_buttons(card) if not _only_shows(one)}


def _earlier(session: Session, row: Outbox, now: datetime) -> list[Card]:
    subject = subject_of(row)
    lives = live_messages.standing(session, subject, row.person_id) if subject is not None else []
    rows = [outbox.get(session, live.outbox_id) for live in lives if live.outbox_id != row.id]
    cards = [render(session, earlier, now) for earlier in rows if earlier is not None]
    return [card for card in cards if card is not None]


def _only_shows(button: Button) -> bool:
    return button.deed.endswith(".open")
