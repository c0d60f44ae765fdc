"""Refusals: sentences a person can act on, raised where a rule says no."""

from handlers.cards import Button


class Refused(Exception):
    """A rule says no. Its text is one clear sentence for the person who asked; `buttons` offer what can be done."""

    def __init__(self, sentence: str, *buttons: Button) -> None:
        super().__init__(sentence)
        self.buttons = buttons

    @property
    def sentence(self) -> str:
        """What the person reads."""
        return str(self)


class NotFound(Refused):
    """There is no such thing, or not for this person: the two must sound exactly alike."""


class Stale(Refused):
    """Something happened in between: the sentence says what, and what can be done now."""


def no_such_concern(words: str) -> NotFound:
    """The answer for a concern that does not exist and for one the person may know nothing of."""
    return NotFound(f"There is no {words} here that you can open. Check the reference, or ask the child's IRO.")


def no_such_child(words: str) -> NotFound:
    """The answer for a child who is not listed and for one the person may know nothing of."""
    return NotFound(f"There is no {words} here that you can open. Check the reference, or ask the child's IRO.")
