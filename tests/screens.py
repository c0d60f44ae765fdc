"""What stories see and touch, whichever platform their people sit at."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Protocol

from tests.first_lines import undated
from tests.page import PageForm, PageMessage
from tests.page import plain_text_of as page_text_of
from tests.page.reading import plain_text, words_of_buttons
from tests.slack_standin import OpenView, PostedMessage
from tests.slack_standin import plain_text_of as slack_text_of
from tests.slack_standin.controls import controls as slack_controls
from tests.slack_standin.jsontypes import Json
from tests.teams_standin import Dialog, TeamsMessage
from tests.teams_standin import plain_text_of as teams_text_of
from tests.teams_standin.pressing import controls as teams_controls
from tests.teams_standin.records import card_of, shown_first

Filled = str | date | int | list[str] | None
Shown = Any  # a platform's own message or form, given back to the person who has it before them


class View(Protocol):
    """A form before somebody."""

    @property
    def title(self) -> str:
        """The words at the top."""


class Message(Protocol):
    """A message somebody got, with each earlier state of it, the present one last."""

    @property
    def text(self) -> str:
        """What its notification says."""

    @property
    def versions(self) -> list[Json]:
        """Each state of it."""


class Seen(Protocol):
    """What somebody sees after doing something."""

    @property
    def text(self) -> str:
        """All of it, as they read it."""

    @property
    def view(self) -> View | None:
        """The form that is now before them."""

    @property
    def message(self) -> Message | None:
        """The message that answers them."""

    @property
    def errors(self) -> Mapping[str, str]:
        """What is said beside a field, by its label."""

    @property
    def buttons(self) -> list[str]:
        """The words of the buttons in what is seen."""


class Person(Protocol):
    """Somebody at their screen."""

    @property
    def bot_url(self) -> str | None:
        """Where the product answers them."""

    def command(self, line: str) -> Seen:
        """Type a command."""

    def write(self, text: str, under: Shown | None = None) -> Seen:
        """Write something that is no command, under a message if one is given."""

    def press(self, message: Shown, wanted: str, *, near: str | None = None, version: int = -1) -> Seen:
        """Press a button of a message; `version` 0 presses it as first posted."""

    def press_in_view(
        self, shown: Shown, wanted: str, values: Mapping[str, Filled] | None = None, *, near: str | None = None
    ) -> Seen:
        """Press a button inside a form, after typing `values`."""

    def submit(self, shown: Shown, values: Mapping[str, Filled] | None = None) -> Seen:
        """Fill in and send a form."""

    def suggest(self, shown: Shown, label: str, query: str) -> list[str]:
        """Type into a searching field; gives the visible choices."""

    def choices(self, shown: Shown, label: str) -> list[str]:
        """The visible choices of a field."""


def plain_text_of(shown: Message | View) -> str:
    """A message or form as it is read."""
    if isinstance(shown, PostedMessage | OpenView):
        return slack_text_of(shown)
    if isinstance(shown, PageForm):
        return page_text_of(shown)
    if isinstance(shown, PageMessage):
        return plain_text(shown.element())
    assert isinstance(shown, TeamsMessage | Dialog)
    return teams_text_of(shown)


def first_line(message: Message) -> str:
    """A message's title as it was posted, whatever became of it since."""
    if isinstance(message, TeamsMessage):
        return undated(shown_first(message.versions[0]))
    return undated(str(message.versions[0]["text"]))


def labels(message: Message) -> list[str]:
    """The words of a message's buttons, in order."""
    if isinstance(message, TeamsMessage):
        return [one.words for one in teams_controls(card_of(message.activity))]
    if isinstance(message, PageMessage):
        return words_of_buttons(message.element())
    assert isinstance(message, PostedMessage)
    return [one.words for one in slack_controls(message.blocks)]


def readable(messages: Sequence[Message]) -> list[str]:
    """All of several messages, as they are read."""
    return [plain_text_of(message) for message in messages]
