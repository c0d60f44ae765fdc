"""The doctor at Teams: whether the keys that sign its requests can be read, and whether it gives the bot a token."""

from bot.findings import Finding
from bot.settings import Settings
from bot.teams.clouds import cloud_of
from bot.teams.connector import Connector, Credentials, NotLoggedIn
from bot.teams.keys import SigningKeys


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
