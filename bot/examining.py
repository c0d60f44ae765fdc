"""How the doctor looks at a platform: whether it can be reached, and who cannot be reached on it."""

from collections.abc import Sequence

from sqlmodel import Session

from bot.declaration import Declaration
from bot.delivery.lanes import Lane
from bot.findings import Finding
from bot.settings import Settings
from scheduling.deadline_wording import say_first
from storage.connections import Connection

NAMED_AT_MOST = 5


class Examiner:
    """One for each platform and examination."""

    def __init__(self, platform: Declaration, settings: Settings) -> None:
        self.platform = platform
        self.called = platform.called
        self._settings = settings

    async def reach(self) -> list[Finding]:
        """Whether the platform can be reached with the settings; asked before the database is."""
        return []

    async def connected(self, found: Sequence[Connection]) -> list[Finding]:
        """What is to be said of its connected workspaces."""
        return []

    def unasked(self, workspace: str) -> Finding | None:
        """What is to be said of a connected workspace that neither a link nor the settings name."""
        return None

    def to_come(self) -> str | None:
        """The workspace that the settings will connect at the first start; empty where only the platform can tell."""
        return None

    def is_reached(self, session: Session, lane: Lane, account: str | None) -> bool:
        """Whether somebody with that account can be written to there."""
        return account is not None

    async def unreached(self, missed: Sequence[tuple[str, Lane]]) -> Finding | None:
        """What is to be said of those, by e-mail address, who cannot be written to where they would be."""
        said = f"no account in {self.called.label} is known of {named([email for email, _ in missed])}."
        return Finding(about="people", said=said, mend="Give the e-mail address they have there in the staff file.")


def named(emails: Sequence[str]) -> str:
    """The first few, and how many more."""
    return say_first(emails, NAMED_AT_MOST)
