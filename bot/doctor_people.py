"""The doctor and the staff list: who cannot be reached on the platform they would be written to on."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Engine
from sqlmodel import Session

from bot.command_line import command
from bot.delivery.addresses import known_address, lane_of
from bot.delivery.lanes import Lane, lanes_in_use
from bot.examining import Examiner
from bot.findings import Finding
from scheduling.working_days import local
from storage import addresses, authorities, people
from storage.database import transaction
from storage.scope import every_authority

Missed = Mapping[str, Sequence[tuple[str, Lane]]]
"""By platform, the e-mail addresses of those who cannot be reached there, and the lane of each."""


def examine_people(engine: Engine, authority: str, now: datetime, examiners: Mapping[str, Examiner]) -> list[Finding]:
    """One line when everybody can be reached; else one for each platform on which somebody cannot."""
    asked = {name: one for name, one in examiners.items() if one.called.has_accounts}
    with transaction(engine, authority, writes=False) as session:
        if authorities.find(session, authority) is None:
            said = f"the authority {authority} is not set up yet."
            return [Finding(about="people", said=said, mend=f"Run `{command('migrate')}` or import the staff.")]
        staff, missed = _missed(session, _lanes(session, authority, asked), asked, now)
    if not staff:
        return [Finding(about="people", said="nobody is known yet.", mend=f"Run `{command('import staff FILE')}`.")]
    told = [asyncio.run(one.unreached(missed[name])) for name, one in asked.items() if name in missed]
    found = [one for one in told if one is not None]
    return found or [Finding(about="people", said=f"{staff} in service, and no one who cannot be reached.")]


def _lanes(session: Session, authority: str, examiners: Mapping[str, Examiner]) -> list[Lane]:
    """The connected workspaces; before the first start, those that the settings will connect."""
    with every_authority(session):
        lanes = [lane for lane in lanes_in_use(session, examiners) if lane.authority == authority]
    known = {lane.platform for lane in lanes}
    for name, examiner in examiners.items():
        workspace = examiner.to_come()
        if name not in known and workspace is not None:
            lanes.append(Lane(authority=authority, platform=name, workspace=workspace))
    return lanes or [Lane(authority=authority, platform=next(iter(examiners)), workspace="")]


def _missed(
    session: Session, lanes: Sequence[Lane], examiners: Mapping[str, Examiner], now: datetime
) -> tuple[int, Missed]:
    """How many there are in service, and those of them who cannot be reached."""
    missed: dict[str, list[tuple[str, Lane]]] = {}
    accounts = addresses.of_everyone(session)
    called = {name: one.called for name, one in examiners.items()}
    staff = people.in_service(session, local(now).date())
    for one in staff:
        theirs = accounts.get(one.id or 0, {})
        lane = lane_of(one, theirs, lanes, called)
        account = known_address(one, theirs, lane, called[lane.platform])
        if not examiners[lane.platform].is_reached(session, lane, account):
            missed.setdefault(lane.platform, []).append((one.email, lane))
    return len(staff), missed
