"""What Teams says of itself to the rest of the bot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.called import Called, Takes
from bot.declaration import Declaration

if TYPE_CHECKING:
    from bot.examining import Examiner
    from bot.running import House, Running
    from bot.settings import Settings
    from bot.teams.rates import Rates
    from storage.connections import Connection

# learn.microsoft.com, rate limiting for bots: 30 calls a second in a tenant.
TAKES = Takes(most=30, seconds=1, kept=2, at_once=20)
TEAMS = Called(
    name="teams", label="Teams", place="organisation", place_id="tenant id", account_id="Teams object id", takes=TAKES
)


def named_tenants(settings: Settings) -> list[str]:
    """The tenants whose people the settings have answered."""
    return [tenant for tenant in (settings.teams_tenant_id, *settings.teams_allowed_tenants.split()) if tenant]


class TeamsDeclaration(Declaration):
    """At work where an app is given. `rates`: how fast it may speak to Teams, else as Teams asks."""

    called = TEAMS
    set_up = "TEAMS_APP_ID with TEAMS_APP_PASSWORD and TEAMS_TENANT_ID as docs/install-teams.md says"

    def __init__(self, rates: Rates | None = None) -> None:
        self._rates = rates

    def is_given(self, settings: Settings) -> bool:
        """Whether there is an app, or a trial on this machine."""
        return settings.teams_given

    def half(self, settings: Settings) -> tuple[str, str] | None:
        """What belongs to an app that is not named."""
        halves = (
            (settings.teams_tenant_id, "TEAMS_TENANT_ID"),
            (settings.teams_token_file, "TEAMS_TOKEN_FILE"),
        )
        return next(((given, "TEAMS_APP_ID") for held, given in halves if held), None)

    def is_own(self, settings: Settings, found: Connection) -> bool:
        """Whether it is the settings' tenant; in a trial the tenant that came first."""
        trial = settings.teams_allow_unauthenticated and not settings.teams_tenant_id
        return trial or found.workspace == settings.teams_tenant_id

    def allowed(self, settings: Settings) -> str:
        """Those of TEAMS_ALLOWED_TENANTS."""
        return settings.teams_allowed_tenants

    def begin(self, house: House) -> Running | None:
        """Teams at work."""
        if not house.settings.teams_given:
            return None
        from bot.teams.running import Teams  # noqa: PLC0415 - heavy

        return Teams(house, self._rates)

    def examiner(self, settings: Settings) -> Examiner:
        """Looks at it for the doctor."""
        from bot.teams.examining import TeamsExaminer  # noqa: PLC0415 - heavy

        return TeamsExaminer(self, settings)
