"""The doctor and the connected workspaces: whose word is taken about e-mail addresses, and which nobody asked for."""

from collections.abc import Iterator

from sqlalchemy import Engine

from bot.delivery.addresses import CALLED
from bot.delivery.lanes import Lane
from bot.domains import domains_for, is_named, is_own
from bot.findings import Finding
from bot.settings import Settings
from storage import connections
from storage.connections import ANY_DOMAIN, Connection
from storage.database import transaction

WIDE = "Set EMAIL_DOMAINS to your own domains to narrow that."
NONE_THERE = "Set EMAIL_DOMAINS for it, or give the people's ids in the staff file."
UNASKED = "Name it in SLACK_ALLOWED_TEAMS if it is yours; if not, have the app removed there."

UNNAMED = "Name it in TEAMS_ALLOWED_TENANTS if it is yours; if not, have the app removed there."


def examine_workspaces(engine: Engine, authority: str, settings: Settings) -> Iterator[Finding]:
    """A line for each connected workspace about which there is something to look at."""
    with transaction(engine, authority, writes=False) as session:
        found = connections.in_use(session)
    for one in found:
        if one.platform in CALLED:
            yield from _about(one, settings)


def _about(one: Connection, settings: Settings) -> Iterator[Finding]:
    called, workspace = CALLED[one.platform], one.workspace
    lane = Lane(authority=one.authority, platform=one.platform, workspace=workspace)
    asked_for = one.link_domains is not None or is_own(settings, one) or is_named(settings, lane)
    domains = f"{one.link_domains or ''} {domains_for(settings, one)}".split()
    if not asked_for and one.platform == "slack":
        yield Finding(about=called, said=f"the workspace {workspace} was connected without a link.", mend=UNASKED)
    elif not asked_for:
        said = f"the tenant {workspace} is connected and no longer named in the settings: its people are not answered."
        yield Finding(about=called, said=said, mend=UNNAMED)
    elif ANY_DOMAIN in domains:
        said = f"{workspace} is believed about every address on the staff list."
        yield Finding(about=called, said=said, advice=WIDE)
    elif not domains:
        yield Finding(about=called, said=f"nobody is recognised by e-mail in {workspace}.", advice=NONE_THERE)
