"""All kinds of message, by the name the outbox keeps. A kind is declared beside its writer, and found here."""

from collections.abc import Mapping
from types import MappingProxyType, ModuleType
from typing import Any

from handlers.messages import (
    asking,
    deciding,
    informing,
    of_absences,
    of_days_worked,
    of_decisions,
    of_handovers,
    of_mornings,
    of_news,
    of_people,
    of_places,
    of_praise,
    of_reports,
    of_welcome,
    urgent,
)
from handlers.messages.message import Message

AnyMessage = Message[Any]  # each topic has a matter of its own; only the message itself knows which

ROOMS: tuple[ModuleType, ...] = (
    asking,
    urgent,
    informing,
    deciding,
    of_decisions,
    of_news,
    of_handovers,
    of_people,
    of_places,
    of_absences,
    of_days_worked,
    of_praise,
    of_reports,
    of_mornings,
    of_welcome,
)


def _declared() -> dict[str, AnyMessage]:
    every = [one for room in ROOMS for one in vars(room).values() if isinstance(one, Message)]
    return {one.name: one for one in every}


MESSAGES: Mapping[str, AnyMessage] = MappingProxyType(_declared())
ASKING = tuple(one.name for one in MESSAGES.values() if one.asks)
"""The kinds that ask for a reply: day 0 of a stage is the day the first of them is delivered."""


def message_table() -> str:
    """The table in the guide, as Markdown."""
    rows = [
        f"| {one.title} | {one.to} | {', '.join(one.buttons) or 'none'} | {one.hours.value} |"
        for one in MESSAGES.values()
    ]
    head = ("| first line, for example | to | buttons, in order | when |", "| --- | --- | --- | --- |")
    return "\n".join([*head, *rows])
