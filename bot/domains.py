"""Which e-mail domains the settings bind to which workspace: about other addresses its word does not count.

A workspace's administrators give its accounts whatever addresses they like, so those of a foreign one could say of
anybody that they are our people.
"""

from collections.abc import Sequence

from sqlalchemy import Engine

from bot.declaration import Declaration
from bot.settings import Settings
from storage import connections
from storage.connections import ANY_DOMAIN, Connection
from storage.database import transaction


def bind_domains(engine: Engine, settings: Settings, platforms: Sequence[Declaration]) -> None:
    """Bring the connections of the authority to what the settings say of them now."""
    by_name = {one.called.name: one for one in platforms}
    with transaction(engine, settings.authority) as session:
        for found in connections.in_use(session):
            platform = by_name.get(found.platform)
            domains = domains_for(settings, found, platform) if platform is not None else ""
            if found.set_domains != domains:
                found.set_domains = domains
                session.add(found)


def domains_for(settings: Settings, found: Connection, platform: Declaration) -> str:
    """The domains of one connection, separated by spaces.

    What is said of no workspace in particular is for those that the settings name.
    """
    if platform.is_own(settings, found):
        return own_domains(settings, found.workspace)
    return " ".join(_meant(settings, found.workspace, named=platform.names(settings, found.workspace)))


def own_domains(settings: Settings, workspace: str) -> str:
    """Those of the workspace of the bot's own token, or its own tenant: it may name anybody where none are given.

    All of them as long as it is not known which workspace that is.
    """
    return " ".join(_meant(settings, workspace, named=True)) if settings.email_domains else ANY_DOMAIN


def _meant(settings: Settings, workspace: str, *, named: bool) -> list[str]:
    entries = [entry.rpartition(":") for entry in settings.email_domains.split()]
    return sorted({domain for only, _, domain in entries if only == workspace or (named and not only) or not workspace})
