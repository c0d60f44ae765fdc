"""`doctor`: what a running bot needs, checked one thing a line; each failure says its mend."""

import asyncio
from collections.abc import Generator, Iterator, Mapping
from datetime import datetime, timedelta

import typer
from sqlalchemy import Engine, text
from sqlmodel import select

from bot.clock import real_clock
from bot.command_line import command
from bot.commands.refusing import set_keys
from bot.doctor_people import examine_people
from bot.doctor_rows import examine_rows
from bot.doctor_workspaces import examine_workspaces
from bot.examining import Examiner
from bot.findings import Finding
from bot.platforms import platforms
from bot.procedures_named import procedures_text
from bot.settings import Settings, WrongSetting, read_settings
from scheduling.procedures import ProceduresInvalid, parse_procedures
from storage import connections
from storage.database import Misconfigured, check_reach, database_url, is_there, make_engine, transaction
from storage.encrypted import KeyCheck, Keyring, KeysMissing, KeysWrong, use_keyring
from storage.revisions import pending
from storage.tables import all_tables

CLOCK_MAY_DIFFER = timedelta(seconds=5)


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
    except WrongSetting as wrong:
        yield Finding(about="settings", said=str(wrong), mend="Put it right in .env or the environment.")
        return
    yield Finding(about="settings", said="every value can be used.")
    yield from _keys_missing(settings)
    yield _procedures(settings)
    examiners = {one.called.name: one.examiner(settings) for one in platforms()}
    for examiner in examiners.values():
        yield from asyncio.run(examiner.reach())
    yield from _data(settings, authority or settings.authority, examiners)


def _procedures(settings: Settings) -> Finding:
    name = settings.procedures
    try:
        file, words = procedures_text(name)
        rules = parse_procedures(words, file)
    except ProceduresInvalid as invalid:
        line = str(invalid).splitlines()[0]
        return Finding(
            about="procedures", said=line, mend=f"See all of it with `{command(f'procedures check {name}')}`."
        )
    return Finding(about="procedures", said=f"{rules.name}, {len(rules.stages)} stages.")


def _data(settings: Settings, authority: str, examiners: Mapping[str, Examiner]) -> Iterator[Finding]:
    all_tables()
    if not is_there(settings.database_url):
        place = database_url(settings.database_url).render_as_string(hide_password=True)
        yield Finding(about="database", said=f"{place} is not there yet: the first start makes it.")
        return
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
        fit = yield from _keys(engine, settings)
        if fit:
            yield from examine_workspaces(engine, authority, settings, examiners)
            yield from _connected(engine, authority, examiners)
        yield from examine_people(engine, authority, real_clock(), examiners)
        if fit:
            yield from examine_rows(engine, authority, real_clock())
    except Misconfigured as wrong:
        yield Finding(about="database", said=str(wrong), mend="Check DATABASE_URL and that the server runs.")
    finally:
        use_keyring(None)
        engine.dispose()


def _connected(engine: Engine, authority: str, examiners: Mapping[str, Examiner]) -> Iterator[Finding]:
    """What each platform says of the authority's workspaces on it."""
    with transaction(engine, authority, writes=False) as session:
        found = connections.in_use(session)
    for name, examiner in examiners.items():
        yield from asyncio.run(examiner.connected([one for one in found if one.platform == name]))


def _behind(engine: Engine) -> Finding:
    if engine.dialect.name == "sqlite":
        return Finding(about="migrations", said="the next command brings the schema up to date.")
    said = "the database is not at the schema of this version."
    return Finding(about="migrations", said=said, mend=f"Run `{command('migrate')}`.")


def _keys_missing(settings: Settings) -> Iterator[Finding]:
    """Asked before anything is opened: on the first day there is no database yet, and `run` would refuse."""
    if not settings.encryption_keys.get_secret_value().strip():
        yield Finding(about="keys", said="ENCRYPTION_KEYS is not set.", mend=set_keys())


def _keys(engine: Engine, settings: Settings) -> Generator[Finding, None, bool]:
    """A line for keys that are set; whether what is stored can be read."""
    try:
        use_keyring(Keyring(settings.encryption_keys.get_secret_value()))
        with transaction(engine, None, writes=False) as session:
            first = session.exec(select(KeyCheck.canary)).first() is None
    except KeysMissing:
        return False
    except KeysWrong as wrong:
        yield Finding(about="keys", said=str(wrong), mend="Look for them where the backups' keys are kept.")
        return False
    yield Finding(about="keys", said="nothing is stored under them yet." if first else "they fit what is stored.")
    return True


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
