"""Which e-mail domains the settings bind to which workspace: about other addresses its word does not count.

A workspace's administrators give its accounts whatever addresses they like, so those of a foreign one could say of
anybody that they are our people.
"""

from sqlalchemy import Engine

from bot.delivery.lanes import Lane
from bot.settings import Settings
from storage import connections
from storage.connections import ANY_DOMAIN, Connection
from storage.database import transaction

SLACK, TEAMS = "slack", "teams"


def bind_domains(engine: Engine, settings: Settings) -> None:
    """Bring the connections of the authority to what the settings say of them now."""
    with transaction(engine, settings.authority) as session:
        for found in connections.in_use(session):
            domains = domains_for(settings, found)
            if found.set_domains != domains:
                found.set_domains = domains
                session.add(found)


def domains_for(settings: Settings, found: Connection) -> str:
    """The domains of one connection, separated by spaces.

    What is said of no workspace in particular is for those that the settings name.
    """
    lane = Lane(authority=found.authority, platform=found.platform, workspace=found.workspace)
    if is_own(settings, found):
        return own_domains(settings, found.workspace)
    return " ".join(_meant(settings, found.workspace, named=is_named(settings, lane)))


def own_domains(settings: Settings, workspace: str) -> str:
    """Those of the workspace of the bot's own token, or its own tenant: it may name anybody where none are given.

    All of them as long as it is not known which workspace that is.
    """
    return " ".join(_meant(settings, workspace, named=True)) if settings.email_domains else ANY_DOMAIN


def _meant(settings: Settings, workspace: str, *, named: bool) -> list[str]:
    entries = [entry.rpartition(":") for entry in settings.email_domains.split()]
    return sorted({domain for only, _, domain in entries if only == workspace or (named and not only) or not workspace})


def is_own(settings: Settings, found: Connection) -> bool:
    """Whether it is the workspace of the settings' token, or their tenant; in a trial the tenant that came first."""
    if found.platform == SLACK:
        token = settings.slack_bot_token.get_secret_value()
        return bool(token) and found.bot_token == token
    if found.platform != TEAMS:
        return False
    trial = settings.teams_allow_unauthenticated and not settings.teams_tenant_id
    return trial or found.workspace == settings.teams_tenant_id


def named_tenants(settings: Settings) -> list[str]:
    """The tenants whose people the settings have answered."""
    return [tenant for tenant in (settings.teams_tenant_id, *settings.teams_allowed_tenants.split()) if tenant]


def is_named(settings: Settings, lane: Lane) -> bool:
    """Whether the settings allow that workspace or tenant to be connected."""
    allowed = settings.slack_allowed_teams if lane.platform == SLACK else settings.teams_allowed_tenants
    return lane.workspace in allowed.split()
