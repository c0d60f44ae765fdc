"""The doctor and the staff list: who cannot be reached on the platform they would be written to on."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Engine
from sqlmodel import Session

from bot.command_line import command
from bot.delivery.addresses import known_address, lane_of
from bot.delivery.lanes import Lane, lanes_in_use
from bot.doctor_slack import unknown_to_slack
from bot.domains import own_domains
from bot.findings import Finding
from bot.settings import Settings
from scheduling.working_days import local
from storage import addresses, authorities, connections, conversations, people
from storage.database import transaction
from storage.scope import every_authority

NAMED_AT_MOST = 5
LOOKED_UP_AT_MOST = 20
SLACK_MEND = "Give slack_id in the staff file, or the same e-mail address in Slack."
TEAMS_MEND = "Install the app for them (docs/install-teams.md), with the e-mail address of the staff file."


@dataclass(kw_only=True)
class _Missed:
    staff: int = 0
    workspace: str = ""
    on_slack: list[str] = field(default_factory=list)
    on_teams: list[str] = field(default_factory=list)


def examine_people(
    engine: Engine, authority: str, now: datetime, settings: Settings, *, ask_slack: bool
) -> list[Finding]:
    """One line when everybody can be reached; else one for each platform on which somebody cannot."""
    with transaction(engine, authority, writes=False) as session:
        if authorities.find(session, authority) is None:
            said = f"the authority {authority} is not set up yet."
            return [Finding(about="people", said=said, mend=f"Run `{command('migrate')}` or import the staff.")]
        missed = _missed(session, _lanes(session, authority, settings), now)
    if not missed.staff:
        return [Finding(about="people", said="nobody is known yet.", mend=f"Run `{command('import staff FILE')}`.")]
    if ask_slack:
        asked = missed.on_slack[:LOOKED_UP_AT_MOST]
        known = [email for email in asked if connections.is_of(own_domains(settings, missed.workspace), email)]
        unknown = asyncio.run(unknown_to_slack(settings, missed.workspace, known))
        missed.on_slack = [email for email in asked if email in unknown or email not in known]
    found = []
    if missed.on_slack:
        said = f"no chat account is known of {_named(missed.on_slack)}."
        found.append(Finding(about="people", said=said, mend=SLACK_MEND))
    if missed.on_teams:
        said = f"no chat in Teams is known with {_named(missed.on_teams)}."
        found.append(Finding(about="people", said=said, mend=TEAMS_MEND))
    return found or [Finding(about="people", said=f"{missed.staff} in service, and no one who cannot be reached.")]


def _lanes(session: Session, authority: str, settings: Settings) -> list[Lane]:
    """The connected workspaces; before the first start, those that the settings will connect."""
    with every_authority(session):
        lanes = [lane for lane in lanes_in_use(session, ("slack", "teams")) if lane.authority == authority]
    known = {lane.platform for lane in lanes}
    if settings.teams_given and "teams" not in known:
        lanes.append(Lane(authority=authority, platform="teams", workspace=settings.teams_tenant_id))
    if "slack" not in known and (settings.slack_bot_token.get_secret_value() or not lanes):
        lanes.append(Lane(authority=authority, platform="slack", workspace=""))
    return lanes


def _missed(session: Session, lanes: Sequence[Lane], now: datetime) -> _Missed:
    missed = _Missed()
    accounts = addresses.of_everyone(session)
    reached = {
        lane: conversations.reached(session, lane.platform, lane.workspace)
        for lane in lanes
        if lane.platform == "teams"
    }
    for one in people.in_service(session, local(now).date()):
        missed.staff += 1
        theirs = accounts.get(one.id or 0, {})
        lane = lane_of(one, theirs, lanes)
        account = known_address(one, theirs, lane)
        if lane.platform == "teams" and account not in reached[lane]:
            missed.on_teams.append(one.email)
        if lane.platform == "slack" and account is None:
            missed.workspace = lane.workspace
            missed.on_slack.append(one.email)
    return missed


def _named(emails: Sequence[str]) -> str:
    named = ", ".join(emails[:NAMED_AT_MOST])
    return f"{named} and {len(emails) - NAMED_AT_MOST} more" if len(emails) > NAMED_AT_MOST else named
