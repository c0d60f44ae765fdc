"""`doctor`: what a running bot needs, checked one thing a line; each failure says its mend."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import aiohttp
import typer
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import Engine, text
from sqlmodel import select

from bot.authority import procedures_text
from bot.clock import real_clock
from bot.settings import Settings, read_settings
from bot.slack.clients import SlackClients
from scheduling.procedures import ProceduresInvalid, parse_procedures
from scheduling.working_days import local
from storage import authorities, people
from storage.database import Misconfigured, check_reach, make_engine, transaction
from storage.encrypted import KeyCheck, Keyring, KeysMissing, KeysWrong, use_keyring
from storage.migrating import pending
from storage.tables import all_tables

CLOCK_MAY_DIFFER = timedelta(seconds=5)
NAMED_AT_MOST = 5
LOOKED_UP_AT_MOST = 20
UNREACHED = (aiohttp.ClientError, TimeoutError, SlackClientError, OSError)


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One line of the examination; `mend` says what to do where something is wrong."""

    about: str
    said: str
    mend: str = ""

    def __str__(self) -> str:
        return f"{'FAIL' if self.mend else 'ok'}  {self.about}: {' '.join(filter(None, (self.said, self.mend)))}"


def examine(authority: str) -> None:
    """Check everything and print a line for each; exit 1 where anything is wrong."""
    findings = []
    for finding in findings_of(authority):
        findings.append(finding)
        typer.echo(str(finding))
    if any(finding.mend for finding in findings):
        raise typer.Exit(1)


def findings_of(authority: str) -> Iterator[Finding]:
    """Each check in turn; what rests on a failed one is left out."""
    try:
        settings = read_settings()
    except Misconfigured as wrong:
        yield Finding(about="settings", said=str(wrong), mend="Put it right in .env or the environment.")
        return
    yield Finding(about="settings", said="every value can be used.")
    yield _procedures(settings)
    slack = asyncio.run(_slack(settings))
    yield slack
    yield from _data(settings, authority or settings.authority, ask_slack=not slack.mend)


def _procedures(settings: Settings) -> Finding:
    name = settings.procedures
    try:
        file, words = procedures_text(name)
        rules = parse_procedures(words, file)
    except ProceduresInvalid as invalid:
        line = str(invalid).splitlines()[0]
        return Finding(about="procedures", said=line, mend=f"See all of it with `iro-bot procedures check {name}`.")
    return Finding(about="procedures", said=f"{rules.name}, {len(rules.stages)} stages.")


def _data(settings: Settings, authority: str, *, ask_slack: bool) -> Iterator[Finding]:
    all_tables()
    engine = make_engine(settings.database_url)
    try:
        place = engine.url.render_as_string(hide_password=True)
        check_reach(engine)
        yield Finding(about="database", said=f"{place} answers.")
        yield _clock(engine, real_clock())
        if pending(engine):
            yield _behind(engine)
            return
        yield Finding(about="migrations", said="the schema is this version's.")
        yield _keys(engine, settings)
        yield _people(engine, authority, real_clock(), settings if ask_slack else None)
    except Misconfigured as wrong:
        yield Finding(about="database", said=str(wrong), mend="Check DATABASE_URL and that the server runs.")
    finally:
        use_keyring(None)
        engine.dispose()


def _behind(engine: Engine) -> Finding:
    if engine.dialect.name == "sqlite":
        return Finding(about="migrations", said="the next command brings the schema up to date.")
    said = "the database is not at the schema of this version."
    return Finding(about="migrations", said=said, mend="Run `iro-bot migrate`.")


def _keys(engine: Engine, settings: Settings) -> Finding:
    try:
        use_keyring(Keyring(settings.encryption_keys.get_secret_value()))
        with transaction(engine, None, writes=False) as session:
            first = session.exec(select(KeyCheck.canary)).first() is None
    except KeysMissing:
        mend = "Set it to the keys the data was written with, or to a new one for a new database (.env.example)."
        return Finding(about="keys", said="ENCRYPTION_KEYS is not set.", mend=mend)
    except KeysWrong as wrong:
        return Finding(about="keys", said=str(wrong), mend="Look for them where the backups' keys are kept.")
    return Finding(about="keys", said="nothing is stored under them yet." if first else "they fit what is stored.")


def _clock(engine: Engine, now: datetime) -> Finding:
    if engine.dialect.name == "sqlite":
        return Finding(about="clock", said=f"{now:%Y-%m-%d %H:%M:%S} UTC; compare it with a clock you trust.")
    with engine.connect() as connection:
        there: datetime = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
    differ = abs(real_clock() - there)
    if differ > CLOCK_MAY_DIFFER:
        mend = "Let both machines keep time by NTP."
        said = f"this machine and the database differ by {differ.total_seconds():.0f} seconds."
        return Finding(about="clock", said=said, mend=mend)
    return Finding(about="clock", said="this machine and the database agree.")


def _people(engine: Engine, authority: str, now: datetime, settings: Settings | None) -> Finding:
    with transaction(engine, authority, writes=False) as session:
        if authorities.find(session, authority) is None:
            said = f"the authority {authority} is not set up yet."
            return Finding(about="people", said=said, mend="Run `iro-bot migrate` or import the staff.")
        staff = people.in_service(session, local(now).date())
    if not staff:
        return Finding(about="people", said="nobody is known yet.", mend="Run `iro-bot import staff FILE`.")
    missed = [one.email for one in staff if not one.slack_id and not one.teams_id]
    unknown = asyncio.run(_unknown_to_slack(settings, missed[:LOOKED_UP_AT_MOST])) if settings else missed
    if not unknown:
        return Finding(about="people", said=f"{len(staff)} in service, and no one who cannot be reached.")
    named = ", ".join(unknown[:NAMED_AT_MOST])
    more = f" and {len(unknown) - NAMED_AT_MOST} more" if len(unknown) > NAMED_AT_MOST else ""
    mend = "Give slack_id in the staff file, or the same e-mail address in Slack."
    return Finding(about="people", said=f"no chat account is known of {named}{more}.", mend=mend)


async def _unknown_to_slack(settings: Settings, emails: list[str]) -> list[str]:
    """Those of the addresses that Slack does not know, or cannot be asked about."""
    token = settings.slack_bot_token.get_secret_value()
    if not token:
        return emails
    clients = SlackClients(settings.slack_api_base_url)
    try:
        return [email for email in emails if not await _known(clients.client(token), email)]
    finally:
        await clients.stop()


async def _known(client: AsyncWebClient, email: str) -> bool:
    try:
        await client.users_lookupByEmail(email=email)
    except UNREACHED:
        return False
    return True


async def _slack(settings: Settings) -> Finding:
    token = settings.slack_bot_token.get_secret_value()
    if not token:
        if settings.slack_client_id:
            return Finding(about="Slack", said="each workspace has its own token, from the install page.")
        mend = "Set SLACK_BOT_TOKEN as docs/install-slack.md says."
        return Finding(about="Slack", said="there is no bot token.", mend=mend)
    clients = SlackClients(settings.slack_api_base_url)
    try:
        answer = await clients.client(token).auth_test()
    except SlackApiError as refused:
        mend = "Copy the token again from the app's page, or install the app again."
        return Finding(about="Slack", said=f"it refuses the token ({refused.response.get('error')}).", mend=mend)
    except UNREACHED:
        mend = "Check the way out to the internet (proxy, firewall) and SLACK_API_BASE_URL."
        return Finding(about="Slack", said=f"{settings.slack_api_base_url} does not answer.", mend=mend)
    finally:
        await clients.stop()
    return Finding(about="Slack", said=f"connected to {answer.get('team') or 'the workspace'}.")
