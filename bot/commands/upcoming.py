"""`upcoming`: what would be sent, to whom and when, without sending."""

from datetime import date, timedelta

import typer

from bot.commands.opening import opened
from handlers.day_windows import DayOf, outside
from handlers.refusals import Refused
from handlers.upcoming import Upcoming, rehearse
from handlers.wording import when
from scheduling.working_days import local
from storage.database import transaction

USUAL_DAYS = 14
BETWEEN = " \N{EN DASH} "


class Rehearsed(Exception):
    """The rehearsal is over: everything it did is rolled back."""


def _require_near(last: date, today: date) -> None:
    """Pass for a day that can be looked ahead to; else Refused."""
    if last < today:
        raise Refused(f"{last} lies in the past: give a day from today on.")
    if outside(DayOf.LOOKED_AHEAD, last, today):
        raise Refused(f"{last} is more than two years ahead, too far to rehearse: give an earlier day.")


def show_upcoming(until: date | None, authority: str) -> None:
    """Print what would be sent up to the day (two weeks, unless said): when, who, what."""
    with opened(authority) as data:
        today = local(data.now).date()
        last = until or today + timedelta(days=USUAL_DAYS)
        _require_near(last, today)
        coming: list[Upcoming] = []
        try:
            with transaction(data.engine, data.authority) as session:
                coming = list(rehearse(session, data.authority, data.now, last))
                raise Rehearsed
        except Rehearsed:
            pass
    for one in coming:
        typer.echo(BETWEEN.join((when(one.at), one.who, one.what)))
    if not coming:
        typer.echo(f"Nothing would be sent up to {last}.")
