"""The doctor at Teams: whether the keys that sign its requests can be read, and whether it gives the bot a token."""

from collections.abc import Sequence

from sqlmodel import Session

from bot.declaration import Declaration
from bot.delivery.lanes import Lane
from bot.examining import Examiner, named
from bot.findings import Finding
from bot.settings import Settings
from bot.teams.clouds import cloud_of
from bot.teams.connector import Connector, Credentials, NotLoggedIn
from bot.teams.keys import SigningKeys
from storage import conversations

MEND = "Install the app for them (docs/install-teams.md), with the e-mail address of the staff file."
UNNAMED = "Name it in TEAMS_ALLOWED_TENANTS if it is yours; if not, have the app removed there."


class TeamsExaminer(Examiner):
    """Asks Teams itself, and what Teams has told."""

    def __init__(self, platform: Declaration, settings: Settings) -> None:
        super().__init__(platform, settings)
        self._with_chat: dict[Lane, set[str]] = {}

    async def reach(self) -> list[Finding]:
        """Whether Teams' keys can be read and the bot can log in."""
        return await examine_teams(self._settings)

    def unasked(self, workspace: str) -> Finding | None:
        """The settings named it once."""
        said = f"the tenant {workspace} is connected and no longer named in the settings: its people are not answered."
        return Finding(about="Teams", said=said, mend=UNNAMED)

    def to_come(self) -> str | None:
        """The settings' tenant."""
        return self._settings.teams_tenant_id if self._settings.teams_given else None

    def is_reached(self, session: Session, lane: Lane, account: str | None) -> bool:
        """Whether Teams has told of a chat with that account."""
        if lane not in self._with_chat:
            self._with_chat[lane] = conversations.reached(session, lane.platform, lane.workspace)
        return account in self._with_chat[lane]

    async def unreached(self, missed: Sequence[tuple[str, Lane]]) -> Finding | None:
        """Those with whom there is no chat."""
        said = f"no chat in Teams is known with {named([email for email, _ in missed])}."
        return Finding(about="people", said=said, mend=MEND)


async def examine_teams(settings: Settings) -> list[Finding]:
    """A line for the keys and one for the token; nothing where Teams is not served."""
    if not settings.teams_given:
        return []
    cloud = cloud_of(settings.teams_openid_url)
    credentials = Credentials(
        app_id=settings.teams_app_id,
        password=settings.teams_app_password.get_secret_value(),
        tenant=settings.teams_tenant_id,
        token_file=settings.teams_token_file,
        cloud=cloud,
        trial=settings.teams_allow_unauthenticated,
    )
    connector = Connector(credentials)
    try:
        keys = SigningKeys(cloud, lambda: connector.http)
        return [await _keys(settings, keys, cloud.openid_metadata_url), await _token(settings, connector)]
    finally:
        await connector.stop()


async def _keys(settings: Settings, keys: SigningKeys, address: str) -> Finding:
    if settings.teams_allow_unauthenticated:
        said = "requests without a signature are taken, from this machine alone."
        return Finding(about="Teams keys", said=said)
    await keys.warm()
    if keys.count:
        return Finding(about="Teams keys", said="the keys that sign its requests can be read.")
    mend = "Check the way out to the internet (proxy, firewall) and TEAMS_OPENID_URL."
    return Finding(about="Teams keys", said=f"{address} gives none.", mend=mend)


async def _token(settings: Settings, connector: Connector) -> Finding:
    if not settings.teams_app_password.get_secret_value() and settings.teams_token_file is None:
        return Finding(about="Teams token", said="none is needed in a trial on this machine.")
    try:
        await connector.log_in()
    except NotLoggedIn:
        mend = "Renew the client secret in Entra, check TEAMS_APP_ID and TEAMS_TENANT_ID, and the way out to it."
        if settings.teams_token_file is not None:
            mend = "Check that TEAMS_TOKEN_FILE names a file that can be read."
        return Finding(about="Teams token", said="there is none to be had.", mend=mend)
    return Finding(about="Teams token", said="the bot can log in.")
