"""What is said to come is what comes when nobody does anything; and saying it changes nothing."""

from contextlib import suppress
from datetime import date

import pytest

from handlers.refusals import Refused
from handlers.upcoming import Upcoming, rehearse
from storage.database import transaction
from storage.nudges import Nudge
from storage.outbox import Outbox
from tests.bench import Bench
from tests.cast import AUTHORITY, IRO, SERVICE_MANAGER, TEAM_MANAGER
from tests.first_lines import undated
from tests.handlers.steps import close, logged, reply, rows

LAST = date(2026, 12, 29)


class Enough(Exception):
    """Rolls the rehearsal back."""


def rehearsed(bench: Bench, until: date = LAST, *, steps: int = 1000) -> list[Upcoming]:
    coming: list[Upcoming] = []
    with suppress(Enough), transaction(bench.engine, AUTHORITY) as session:
        coming = list(rehearse(session, AUTHORITY, bench.now, until, steps=steps))
        raise Enough
    return coming


@pytest.mark.slow
def test_what_is_said_to_come_is_what_comes(bench: Bench) -> None:
    logged(bench, 1)
    logged(bench, 0)
    reply(bench, SERVICE_MANAGER, logged(bench, 2))
    bench.forget()

    coming = {(one.at, one.who, one.what.partition(":")[0]) for one in rehearsed(bench)}
    bench.go_to_day(LAST)
    told = {(one.at, name_of(bench, one.to), one.title.partition(":")[0]) for one in bench.told}
    assert len(coming) > 10
    assert told == coming


def name_of(bench: Bench, login: str) -> str:
    """A member of the cast's name as messages say it."""
    first, _, last = login.partition(".")
    assert login in bench.cast.people
    return f"{first.title()} {last.title()}"


def test_the_deadline_is_told_to_the_iro_the_addressee_and_the_line_manager(bench: Bench) -> None:
    ref = logged(bench, 1)

    coming = rehearsed(bench, date(2026, 12, 21))
    at_deadline = sorted(
        (one.who, undated(one.what).partition(" by ")[0]) for one in coming if "Your day" not in one.what
    )
    assert at_deadline == [
        (name_of(bench, IRO), f"No reply to {ref}"),
        (name_of(bench, SERVICE_MANAGER), f"A reply to {ref} is late"),
        (name_of(bench, TEAM_MANAGER), f"A reply to {ref} is late"),
    ]


def test_your_day_is_said_with_its_lines(bench: Bench) -> None:
    ref = logged(bench, 1)

    mornings = [one for one in rehearsed(bench, date(2026, 12, 18)) if one.what.startswith("Your day")]
    assert [(one.who, one.at.date()) for one in mornings] == [(name_of(bench, TEAM_MANAGER), date(2026, 12, 17))]
    assert f"{ref} (AB-1042): reply to Ann Lee by" in mornings[0].what


def test_nothing_is_sent_and_nothing_stays_changed(bench: Bench) -> None:
    logged(bench, 1)
    before = (rows(bench, Outbox), rows(bench, Nudge))

    assert rehearsed(bench)
    assert (rows(bench, Outbox), rows(bench, Nudge)) == before


@pytest.mark.slow
def test_of_a_closed_concern_comes_its_copy_for_the_record_and_the_quarters_summary(bench: Bench) -> None:
    close(bench, logged(bench, 1))

    coming = rehearsed(bench, date(2027, 2, 1))
    assert [(one.who, one.what.partition(": ")[2]) for one in coming] == [
        ("Ann Lee", "1 for you: C-1 (AB-1042) was closed on Mon 7 Dec: is the copy on the child's record?"),
        ("Sunil Rao", "1 for you: The summary of 2026-27 Q3 is ready for your part of the service."),
    ]


def test_a_day_too_far_away_is_refused(bench: Bench) -> None:
    with pytest.raises(Refused, match="choose an earlier date"):
        rehearsed(bench, LAST, steps=2)
