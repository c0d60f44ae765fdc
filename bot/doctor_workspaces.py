"""The doctor and the connected workspaces: whose word is taken about e-mail addresses, and which nobody asked for."""

from collections.abc import Iterator, Mapping

from sqlalchemy import Engine

from bot.domains import domains_for
from bot.examining import Examiner
from bot.findings import Finding
from bot.settings import Settings
from storage import connections
from storage.connections import ANY_DOMAIN, Connection
from storage.database import transaction

WIDE = "Set EMAIL_DOMAINS to your own domains to narrow that."
NONE_THERE = "Set EMAIL_DOMAINS for it, or give the people's ids in the staff file."


def examine_workspaces(
    engine: Engine, authority: str, settings: Settings, examiners: Mapping[str, Examiner]
) -> Iterator[Finding]:
    """A line for each connected workspace about which there is something to look at."""
    with transaction(engine, authority, writes=False) as session:
        found = connections.in_use(session)
    for one in found:
        examiner = examiners.get(one.platform)
        if examiner is not None and examiner.called.has_accounts:
            yield from _about(one, settings, examiner)


def _about(one: Connection, settings: Settings, examiner: Examiner) -> Iterator[Finding]:
    platform, called, workspace = examiner.platform, examiner.called.label, one.workspace
    named = platform.is_own(settings, one) or platform.names(settings, workspace)
    unasked = examiner.unasked(workspace) if one.link_domains is None and not named else None
    domains = f"{one.link_domains or ''} {domains_for(settings, one, platform)}".split()
    if unasked is not None:
        yield unasked
    elif ANY_DOMAIN in domains:
        said = f"{workspace} is believed about every address on the staff list."
        yield Finding(about=called, said=said, advice=WIDE)
    elif not domains:
        yield Finding(about=called, said=f"nobody is recognised by e-mail in {workspace}.", advice=NONE_THERE)
