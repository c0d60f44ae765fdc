"""One act of one person, as far as it is the same on every platform; what else a platform knows of it, it adds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from bot.called import Called
from bot.offering import typed_again
from handlers.cards import Button
from handlers.requests import Request, Value


@dataclass(frozen=True, kw_only=True)
class Act:
    """`workspace` is where the bot is installed, `account` who acts there; `key` is the platform's own of this act.

    `foreign`: the person who acts is of another workspace than that, and nobody here.
    """

    called: ClassVar[Called]

    workspace: str
    account: str
    key: str
    deed: str
    foreign: bool = False
    command: str = ""
    words: str = ""
    subject: str = ""
    run: int | None = None
    values: Mapping[str, Value] = field(default_factory=dict)
    context: Mapping[str, str] = field(default_factory=dict)

    @property
    def opens_forms(self) -> bool:
        """Whether a form opens by this act; else it is only offered, and opening it is yet to have its effect."""
        return True

    @property
    def is_press(self) -> bool:
        """Whether it is a press of the kind that opens what was ready too late."""
        return False

    @property
    def filled_in(self) -> bool:
        """Whether it was done in a form, with what is typed into it."""
        return False

    @property
    def thing(self) -> tuple[object, ...]:
        """Whose act it is and what it asks for: the same for a command and the button that repeats it."""
        if self.command:
            return self.whose("command", f"{self.command} {self.words}".strip())
        return self.whose(self.deed, self.subject, self.run)

    @property
    def again(self) -> Button:
        """The same act once more, as a press."""
        if self.command:
            return typed_again(self.command, self.words)
        return Button(label="Open", deed=self.deed, subject=self.subject, run=self.run, weight="primary")

    def whose(self, deed: str, subject: str, run: int | None = None) -> tuple[object, ...]:
        """The name of something that is this person's alone."""
        return self.called.name, self.workspace, self.account, deed, subject, run

    def key_of_words(self, token: str) -> str:
        """The key under which what was typed is stored by that token. It leads nobody else anywhere."""
        return f"{self.called.name}:kept:{self.workspace}:{self.account}:{token}"

    def request(self, authority: str, person_id: int) -> Request:
        """The act as the handlers take it."""
        return Request(
            authority=authority,
            person_id=person_id,
            platform=self.called.name,
            workspace=self.workspace,
            key=self.key,
            deed=self.deed,
            words=self.words,
            command=self.command,
            subject=self.subject,
            run=self.run,
            values=self.values,
            context=self.context,
        )
