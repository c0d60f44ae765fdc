"""Once the child of a concern is corrected it counts for the right team, and who was asked in error is not counted."""

from collections.abc import Sequence
from datetime import date

from handlers.figures.making import figures
from handlers.figures.period import Period
from handlers.figures.tables import Row
from handlers.office import Scene, rules_in_force
from storage.database import transaction
from tests.bench import Bench
from tests.cast import AUTHORITY, IRO, OTHER_CHILD, OTHER_MANAGER, TEAM_MANAGER
from tests.handlers.steps import act, concern, logged, reply

YEAR = Period(first=date(2026, 4, 1), last=date(2027, 3, 31))


def replies(bench: Bench) -> Sequence[Row]:
    with transaction(bench.engine, AUTHORITY, writes=False) as session:
        scene = Scene(session=session, now=bench.now, authority=AUTHORITY, rules=rules_in_force(session, AUTHORITY))
        return figures(scene, YEAR).tables["replies"]


def counted(bench: Bench) -> list[tuple[object, ...]]:
    return [tuple(row[key] for key in ("stage", "role", "asked", "replied", "extensions")) for row in replies(bench)]


def correct(bench: Bench, ref: str) -> None:
    act(bench, IRO, f"/concern {ref} correct", child=str(bench.cast.children[OTHER_CHILD]))


def test_who_was_asked_in_error_does_not_count_as_never_having_replied(bench: Bench) -> None:
    ref = logged(bench)
    act(bench, IRO, f"/concern {ref} extend", until="2027-01-08", reason="Ill.")
    assert concern(bench, ref).team == "North team"
    correct(bench, ref)
    assert concern(bench, ref).team == "South team"
    assert counted(bench) == [("stage_1", "team_manager", 1, 0, 0)]
    reply(bench, OTHER_MANAGER, ref)
    assert counted(bench) == [("stage_1", "team_manager", 1, 1, 0)]


def test_the_reply_of_who_was_asked_in_error_counts_no_more(bench: Bench) -> None:
    ref = logged(bench)
    reply(bench, TEAM_MANAGER, ref)
    correct(bench, ref)
    assert counted(bench) == [("stage_1", "team_manager", 1, 0, 0)]
