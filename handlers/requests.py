"""Who asks, and for what: the one shape in which every platform hands a person's act to the handlers."""

from collections.abc import Mapping
from dataclasses import dataclass, field

Value = str | tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Request:
    """One act of one person.

    `key` is the platform's own key of the act: the same key gets the same answer and has no second effect.
    `deed` is a key of the dispatch table ("command" for typed words, "search" for a search field).
    """

    authority: str
    person_id: int
    platform: str
    key: str
    deed: str
    workspace: str = ""  # where on the platform: ids of colleagues who are mentioned mean something there alone
    words: str = ""  # what was typed after the command, or into a search
    command: str = ""  # "concern" or "iro", for typed commands
    subject: str = ""
    run: int | None = None
    values: Mapping[str, Value] = field(default_factory=dict)
    context: Mapping[str, str] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """The field's text without surrounding space; nothing where it was left empty."""
        value = self.values.get(name, "")
        return value.strip() if isinstance(value, str) else ""

    def many(self, name: str) -> tuple[str, ...]:
        """The ticked values of the field."""
        value = self.values.get(name, ())
        return value if isinstance(value, tuple) else ((value,) if value else ())
