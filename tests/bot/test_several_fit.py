"""As many as may go together fit into one message of each platform, with every button."""

import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlmodel import Session

from bot.slack import blocks
from bot.teams import cards
from handlers.cards import Button, Card, Line
from handlers.messages.bundling import MOST
from handlers.messages.letters import Told, together
from storage.outbox import Outbox

AT_THE_TOP = ("Note a Cafcass referral", "Legal advice", "Ask again", "Agree an extension", "Record a reply", "Open")
"""What an IRO is offered where no reply came at the last stage: no message offers more."""
LINES = (
    "Bartholomew Featherstonehaugh was asked on Mon 14 Dec 2026, stage 3, and opened it on Wed 16 Dec 2026.",
    "It stays where it is until you decide. Please decide by Thu 7 Jan 2027.",
    "All stages end on Thu 14 Jan 2027.",
)


def fullest(number: int) -> Told:
    ref = f"C-{number}"
    deeds = [Button(label=label, deed="concern.ask_again", subject=ref, run=number) for label in AT_THE_TOP]
    lines = tuple(Line(text=line) for line in LINES)
    card = Card(title=f"No reply to {ref} by Wed 30 Dec 2026. What next?", lines=lines, buttons=tuple(deeds))
    # A row that is never stored needs no more.
    return Told(row=Outbox(id=number, kind="test", concern_id=number, authority="a"), card=card)  # type: ignore[call-arg]


@pytest.mark.parametrize("drawn", [blocks.message, cards.message], ids=["slack", "teams"])
def test_the_fullest_fit(drawn: Callable[[Card], object]) -> None:
    card = together(Session(), [fullest(number) for number in range(2001, 2001 + MOST)], datetime.now(UTC))
    words = json.dumps(drawn(card))
    drawn_with_it = [number for number in range(2001, 2001 + MOST) if f"Record a reply, C-{number}" in words]
    assert len(drawn_with_it) == MOST
    assert "more than fits" not in words
