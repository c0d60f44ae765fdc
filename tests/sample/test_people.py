"""The staff and the children fit any authority's rules, and a seat exists for whoever the rules know."""

import re
from collections import Counter
from datetime import date
from random import Random

import pytest

from bot.sample.children import NoReferences, children_of, reference
from bot.sample.people import CHILDREN_OF, NORTH, SOUTH, TEAM_MANAGER, WORKERS, line_of, staff
from bot.sample.rules import Rules, anyshires_own, rules_named
from bot.sample.seats import FIRST, SeatKey, seats
from scheduling.procedures import check_procedures, shipped_names

SHIPPED = [*shipped_names(), ""]


def rules_of(name: str) -> Rules:
    return rules_named(name) if name else anyshires_own()


def with_line(*levels: str) -> Rules:
    """Rules with a line of their own, every stage asking its lowest level."""
    line = ", ".join(f'"{one}"' for one in levels)
    stages = "".join(
        f'[[stages]]\nnumber = {n}\nname = "Stage {n}"\naddressees = ["{levels[0]}"]\nreply_within = "5 working days"\n'
        'source = "Made up"\n'
        for n in (1, 2)
    )
    labels = "".join(f'{one} = "{one}"\n' for one in levels)
    text = f"""extends = "handbook"
key = "own"
name = "Own"
source = "Made up"
[roles]
line = [{line}]
service_concerns = ["{levels[-1]}"]
[roles.labels]
{labels}
[informal]
addressees = ["social_worker"]
source = "Made up"
{stages}"""
    return Rules(name="own.toml", text=text)


@pytest.mark.parametrize("name", SHIPPED)
def test_the_line_has_every_level_and_everybody_has_a_manager_above_who_exists(name: str) -> None:
    rules = rules_of(name).procedures
    everybody = list(staff(rules))
    names = [one.name for one in everybody]
    assert len(set(names)) == len(names)
    assert {one.manager for one in everybody} - {""} <= set(names)
    assert tuple(line_of(rules)) == rules.line_roles
    assert Counter(one.manager for one in everybody if one.role == "social_worker")[TEAM_MANAGER] == 6
    assert {seat.name for seat in seats(rules)} <= set(names)


@pytest.mark.parametrize("levels", [("lead",), ("lead", "head"), ("a", "b", "c"), ("a", "b", "c", "d", "e", "f", "g")])
def test_a_line_of_any_length_is_filled_and_the_four_first_seats_are_always_there(levels: tuple[str, ...]) -> None:
    rules = with_line(*levels).procedures
    line = line_of(rules)
    assert tuple(line) == levels
    assert len(set(line.values())) == len(levels)
    assert [seat.key for seat in seats(rules) if seat.is_first] == list(FIRST)
    assert SeatKey.OUTSIDER in {seat.key for seat in seats(rules)}


def test_the_service_has_three_iros_ten_workers_and_a_hundred_and_fifty_children() -> None:
    rules = anyshires_own().procedures
    everyone = children_of(rules, date(2026, 11, 4), Random(1))  # noqa: S311 - chance of the sample
    present = [one for one in everyone if one.left_on is None]
    assert Counter(one.iro for one in present) == CHILDREN_OF
    held = Counter(one.holder for one in present)
    assert sum(len(WORKERS[team]) for team in (NORTH, SOUTH)) == 10
    assert held["Sam Okoro"] == 16
    assert all(held[worker] >= 14 for team in WORKERS.values() for worker in team)
    assert len({one.reference for one in everyone}) == len(everyone)
    assert all(one.born <= f"{one.since:%Y-%m}" for one in everyone)


def test_references_are_written_as_the_procedures_say_or_refused_in_a_sentence() -> None:
    assert reference(re.compile(r"[A-Z]{2,4}-\d{2,8}"), 1042) == "AB-1042"
    assert reference(re.compile(r"\d{6,8}"), 1042) == "1001042"
    with pytest.raises(NoReferences, match="try procedures with another one"):
        reference(re.compile("XYZ"), 1042)


def test_anyshires_own_rules_hold_nothing_wrong() -> None:
    own = anyshires_own()
    assert check_procedures(own.text, own.name) == []
