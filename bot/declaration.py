"""What a platform says of itself to the rest of the bot, so that nothing else has to know which platforms there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # what a command does not need is loaded with the platform alone
    from sqlalchemy import Engine

    from bot.called import Called
    from bot.examining import Examiner
    from bot.running import House, Running
    from bot.settings import Settings
    from scheduling.clock import Clock
    from storage.connections import Connection


class Declaration:
    """One platform. It inherits what it has no use for; `begin` and `examiner` load what it is made of.

    `set_up`: which settings connect it, and where that is explained.
    """

    called: Called
    set_up = ""

    def is_given(self, settings: Settings) -> bool:
        """Whether there are credentials with which it is connected."""
        return False

    def half(self, settings: Settings) -> tuple[str, str] | None:
        """The setting that is given and what is missing beside it, where it is not connected for want of that."""
        return None

    def is_own(self, settings: Settings, found: Connection) -> bool:
        """Whether it is the workspace of the settings' own credentials, which may name anybody."""
        return False

    def allowed(self, settings: Settings) -> str:
        """The other workspaces that the settings allow to be connected, separated by spaces."""
        return ""

    def names(self, settings: Settings, workspace: str) -> bool:
        """Whether the settings allow that workspace to be connected."""
        return workspace in self.allowed(settings).split()

    def day(self, settings: Settings, engine: Engine, machine: Clock) -> Clock | None:
        """The service's day, where this platform keeps one of its own and is served."""
        return None

    def begin(self, house: House) -> Running | None:
        """The platform at work; None where it is not served with these settings."""
        raise NotImplementedError

    def examiner(self, settings: Settings) -> Examiner:
        """Looks at it for the doctor."""
        from bot.examining import Examiner  # noqa: PLC0415 - heavy

        return Examiner(self, settings)
