"""The terminal as a platform: a message is printed as the person would read it."""

from collections.abc import Callable, Sequence
from itertools import count
from textwrap import fill

from bot.called import Called
from bot.delivery.port import Posted
from handlers.cards import Answer, Button, Card, Errors, Form, Notice

WIDTH = 96
TERMINAL = "terminal"


class Terminal:
    """Implements `bot.delivery.port.Platform`; `called` says who it is that has an address."""

    called = Called(name=TERMINAL, label="Terminal", has_accounts=False)

    def __init__(self, called: Callable[[str], str]) -> None:
        self._called = called
        self._numbers = count(1)

    async def post(self, *, workspace: str, address: str, card: Card, key: str) -> Posted:
        """Print it."""
        show(f"to {self._called(address)}", card_lines(card), bar="|")
        return Posted(channel=address, message=f"{workspace}-{next(self._numbers)}")

    async def update(self, *, workspace: str, posted: Posted, card: Card) -> None:
        """On a screen the earlier message shrinks to a line; on paper it stays."""

    async def find(self, *, workspace: str, address: str, key: str) -> Posted | None:
        """Nothing is ever in doubt here."""
        return None


def show(head: str, lines: Sequence[str], *, bar: str) -> None:
    """Print a block with a bar on its left."""
    say(f"    {head}")
    for line in lines:
        say(fill(line, WIDTH, initial_indent=f"    {bar} ", subsequent_indent=f"    {bar}   "))
    say("")


def say(line: str) -> None:
    """One line on the terminal, at once."""
    print(line, flush=True)  # noqa: T201 -- telling is what this module is for


def card_lines(card: Card) -> list[str]:
    """The lines of a message, its buttons in brackets."""
    lines = [card.title]
    for line in card.lines:
        lines += [*line.text.splitlines(), *_buttons(line.buttons)]
    return [*lines, *_buttons(card.buttons)]


def answer_lines(answer: Answer) -> list[str]:
    """What somebody reads in answer to what they did."""
    if isinstance(answer, Notice):
        return [answer.text, *_buttons(answer.buttons)]
    if isinstance(answer, Card):
        return card_lines(answer)
    if isinstance(answer, Form):
        return [f"(form) {answer.title}"]
    return list(answer.by_field.values()) if isinstance(answer, Errors) else []


def _buttons(buttons: Sequence[Button]) -> list[str]:
    return [" ".join(f"[{button.label}]" for button in buttons)] if buttons else []
