"""One message about several children: each has its line, with its own first line, words and buttons."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from handlers.cards import Button, Card, Line
from handlers.messages.table import MESSAGES
from handlers.office import Scene, rules_in_force
from storage import outbox
from storage.outbox import Outbox


@dataclass(frozen=True, kw_only=True)
class Told:
    """One of those that stand in a message together; `earlier`: it is overtaken, and only its first line is shown."""

    row: Outbox
    card: Card
    earlier: bool = False


def with_it(session: Session, row: Outbox) -> list[Outbox]:
    """All that goes as one message with this one, which comes first."""
    return [row, *(outbox.members(session, row.id) if row.id is not None else ())]


def with_each(session: Session, rows: Sequence[Outbox]) -> list[list[Outbox]]:
    """The same of several messages, each with its own."""
    members = outbox.members_of(session, [row.id for row in rows if row.id is not None])
    return [[row, *members.get(row.id or 0, ())] for row in rows]


def together(session: Session, told: Sequence[Told], now: datetime) -> Card:
    """The one card of all of these, in the order of their concerns; of a single one its own."""
    told = sorted(told, key=lambda one: (one.row.concern_id or 0, one.row.id or 0))
    live = [one for one in told if not one.earlier]
    if len(told) == 1:
        return told[0].card
    if not live:
        first, *others = (one.card.title for one in told)
        return Card(title=first, lines=tuple(Line(text=title) for title in others))
    if len(live) == 1:
        lines = (_line(live[0], head=False), *(_line(one) for one in told if one.earlier))
        return Card(title=live[0].card.title, lines=lines)
    return Card(title=_first_line(session, live, now), lines=tuple(_line(one) for one in told))


def _first_line(session: Session, live: Sequence[Told], now: datetime) -> str:
    message, first = MESSAGES.get(live[0].row.kind), live[0].card.title
    if message is None or message.together is None:
        return first
    authority = live[0].row.authority
    scene = Scene(session=session, now=now, authority=authority, rules=rules_in_force(session, authority))
    matters = [message.topic.read(scene, one.row) for one in live]
    known = [one for one in matters if one is not None]
    return message.together(known) if len(known) > 1 else first


def _line(told: Told, *, head: bool = True) -> Line:
    card = told.card
    words = (card.title if head else "", *(line.text for line in card.lines))
    return Line(text="\n".join(word for word in words if word), buttons=all_buttons(card))


def all_buttons(card: Card) -> tuple[Button, ...]:
    """Every button in it."""
    return (*card.buttons, *(one for line in card.lines for one in line.buttons))
