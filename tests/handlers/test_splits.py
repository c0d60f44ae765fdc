"""Figures by team and by officer come to the whole: whoever is in no team, or no officer any more, has a row too."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime

import pytest
from sqlmodel import Session, col, select

from handlers.figures.making import printed_tables
from handlers.figures.period import Period
from handlers.figures.splitting import By
from handlers.figures.tables import Kind, PrintedTable
from handlers.office import Scene, rules_in_force
from storage.children import Allocation, Child
from storage.database import transaction
from storage.encrypted import Keyring, use_keyring
from storage.people import Person, PersonRole
from tests.cast import AUTHORITY, OTHER_IRO, SOCIAL_WORKER, Cast, settle
from tests.conftest import KEY
from tests.databases import sqlite_engine
from tests.generated_rows import Generated

NOW = datetime(2026, 6, 1, 10, tzinfo=UTC)
YEAR = Period(first=date(2025, 4, 1), last=date(2026, 3, 31))
Tables = Mapping[str, PrintedTable]
NEVER_ADDED_UP = {
    (By.TEAM, "concerns_and_children", "children"),
    (By.IRO, "concerns_and_children", "children"),
    (By.IRO, "reviews_by_year", "children"),
    (By.IRO, "reviews_by_year", "children_in_time"),
}
"""A child is counted once in each part it is in; under each of these tables a note says so."""


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """A year in which an officer has left, a holder has no team, and some children have neither."""
    use_keyring(Keyring(KEY))  # each test does so too, and this comes before the first
    (engine,) = sqlite_engine(tmp_path_factory.mktemp("splits"))
    cast = settle(engine)
    Generated(engine, cast, seed=5).fill()
    with transaction(engine, AUTHORITY) as session:
        part_with(session, cast)
    with transaction(engine, AUTHORITY, writes=False) as session:
        yield Scene(session=session, now=NOW, authority=AUTHORITY, rules=rules_in_force(session, AUTHORITY))


def part_with(session: Session, cast: Cast) -> None:
    left, worker = (session.get(Person, cast.people[login]) for login in (OTHER_IRO, SOCIAL_WORKER))
    assert left is not None
    assert worker is not None
    left.left_on, worker.team = date(2025, 12, 1), ""
    for role in session.exec(select(PersonRole).where(PersonRole.person_id == left.id)):
        role.to_on = left.left_on
    for child in session.exec(select(Child).where(col(Child.reference).in_(["GE-1001", "GE-1002", "GE-1003"]))):
        child.iro_id = child.holder_id = None
        for one in session.exec(select(Allocation).where(Allocation.child_id == child.id)):
            session.delete(one)


def not_adding_up(made: Tables, by: By) -> list[tuple[str, str, str]]:
    """Counts of which the parts do not come to the whole, but for those that a note is about."""
    return [
        (name, key, label)
        for name, table in made.items()
        for (label, key), (parts, whole) in compared(table, by).items()
        if parts != whole and (by, name, key) not in NEVER_ADDED_UP
    ]


def compared(table: PrintedTable, by: By) -> dict[tuple[str, str], tuple[int, int]]:
    """Each count of each kind of row: what the parts come to, and what stands in the whole."""
    if table.totals == tuple(range(len(table.rows))):
        return {}
    found: dict[bool, Counter[tuple[str, str]]] = defaultdict(Counter)
    others = [one.key for one in table.columns if one.kind is Kind.TEXT and one.key != by.value]
    for place, row in enumerate(table.rows):
        label = ", ".join(str(row[key]) for key in others)
        for column in (one for one in table.columns if one.kind is Kind.COUNT):
            cell = row[column.key]
            found[place in table.totals][label, column.key] += cell if isinstance(cell, int) else 0
    return {key: (found[False][key], found[True][key]) for key in {*found[False], *found[True]}}


@pytest.mark.parametrize(("by", "rest"), [(By.TEAM, "No team"), (By.IRO, "Others or nobody")])
def test_the_parts_come_to_the_whole_or_a_note_says_why_not(scene: Scene, by: By, rest: str) -> None:
    made = printed_tables(scene, YEAR, by)

    assert not_adding_up(made, by) == []
    named = [row[by.value] for row in made["concerns_and_children"].rows]
    assert named[-2:] == [rest, "total"]
    assert all("do not add up" in " ".join(made[name].notes) for split, name, _ in NEVER_ADDED_UP if split is by)
    assert any(note.startswith(f"{rest}: ") for note in made["concerns_and_children"].notes)


def test_the_children_of_an_officer_at_the_end_of_each_part_are_not_to_be_added_up(scene: Scene) -> None:
    notes = printed_tables(scene, YEAR, By.QUARTER, only=("caseload",))["caseload"].notes

    assert any("at the end of each part" in note for note in notes)


def test_what_one_officer_did_for_another_is_said_to_count_with_both(scene: Scene) -> None:
    made = printed_tables(scene, YEAR, By.IRO, only=("contacts", "good_practice"))

    assert all("counts with both" in " ".join(table.notes) for table in made.values())
