"""`migrate`: the database brought to the schema of this version, and the authority set up."""

from contextlib import nullcontext

import typer

from bot.authority import establish
from bot.clock import real_clock
from bot.commands.opening import refuse_newer
from bot.settings import read_settings
from storage import migrating, revisions
from storage.database import check_reach, make_engine, single_run_lock
from storage.tables import all_tables


def bring_up() -> None:
    """Migrate, and say what was done."""
    settings = read_settings()
    now = real_clock()
    all_tables()
    engine = make_engine(settings.database_url)
    try:
        check_reach(engine)
        refuse_newer(engine)
        behind = revisions.pending(engine)
        with single_run_lock(settings.database_url) if behind else nullcontext():
            copy = migrating.migrate(engine, now)
        establish(engine, settings, now)
    finally:
        engine.dispose()
    done = "The database was brought up to date." if behind else "The database was up to date already."
    typer.echo(f"{done} As it was before it is kept in {copy}." if copy else done)
