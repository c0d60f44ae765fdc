"""Refusals: sentences a person can act on, raised where a rule says no."""

from collections.abc import Mapping

from handlers.cards import Button
from handlers.terms import in_words
from scheduling.procedures import Procedures
from scheduling.procedures.terms import IRO, said


class Refused(Exception):
    """A rule says no. Its text is one clear sentence for the person who asked; `buttons` offer what can be done."""

    def __init__(self, sentence: str, *buttons: Button) -> None:
        super().__init__(sentence)
        self.sentence = sentence  # what the person reads, once `said_by` has put their authority's words in
        self.buttons = buttons

    def __str__(self) -> str:
        """The sentence in our own words, for a log or where no authority is known."""
        return said(self.sentence)

    def said_by(self, rules: Procedures) -> "Refused":
        """The same refusal in the words of the authority whose rules these are."""
        return type(self)(said(self.sentence, rules), *in_words(self.buttons, rules))


class NotFound(Refused):
    """There is no such thing, or not for this person: the two must sound exactly alike."""


class Stale(Refused):
    """Something happened in between: the sentence says what, and what can be done now."""


class Unfit(Exception):
    """A form holds what cannot be given in it: a sentence beside each field, and nothing of it is taken."""

    def __init__(self, by_field: Mapping[str, str]) -> None:
        super().__init__(", ".join(by_field))
        self.by_field = by_field


def no_such(words: str) -> NotFound:
    """The answer for a concern or a child that there is not, and for one the person may know nothing of."""
    return NotFound(f"There is no {words} here that you can open. Check the reference, or ask the child's {IRO}.")
