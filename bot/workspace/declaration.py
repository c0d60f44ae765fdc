"""What the built-in page says of itself to the rest of the bot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.called import Called
from bot.declaration import Declaration

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bot.running import House, Running
    from bot.settings import Settings
    from scheduling.clock import Clock

PAGE = Called(
    name="page",
    label="Built-in page",
    has_accounts=False,
    place="page",
    nobody="Nobody with this seat is on the staff list any more.",
)


class PageDeclaration(Declaration):
    """At work where no platform is connected, or the settings say so."""

    called = PAGE

    def day(self, settings: Settings, engine: Engine, machine: Clock) -> Clock | None:
        """The day that the page's clock moves on."""
        if not settings.workspace_on:
            return None
        from bot.workspace.day import ServiceDay  # noqa: PLC0415 - heavy

        return ServiceDay(engine, settings.authority, machine)

    def begin(self, house: House) -> Running | None:
        """The page at work."""
        if not house.settings.workspace_on:
            return None
        from bot.workspace.workspace import Workspace  # noqa: PLC0415 - heavy

        return Workspace(house)
