"""A procedures text becomes an authority's rules: its own words, and handbook's where it is silent."""

import hashlib
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest

from scheduling.deadlines import HoursRule, deadline
from scheduling.duration import Duration, Unit
from scheduling.procedures import (
    ProceduresInvalid,
    Telephone,
    check_procedures,
    load_procedures,
    parse_procedures,
    shipped_text,
)

SHORTEST = """\
extends = "handbook"
key = "small"
name = "Small"
source = "Nothing written yet"
"""


def small(more: str = "") -> str:
    return SHORTEST + more


def test_four_lines_are_a_whole_authority_and_the_rest_is_handbooks() -> None:
    authority, handbook = parse_procedures(SHORTEST, "small.toml"), load_procedures("handbook")
    assert check_procedures(SHORTEST, "small.toml") == []
    assert [s.addressees for s in authority.stages] == [s.addressees for s in handbook.stages]
    assert [s.reply_within for s in authority.stages] == [s.reply_within for s in handbook.stages]
    assert authority.categories == handbook.categories
    assert authority.ladder == handbook.ladder
    assert authority.labels == handbook.labels
    assert authority.duties == handbook.duties
    assert all(stage.from_handbook for stage in authority.stages)
    assert all(source.from_handbook for rule, source in authority.sources.items() if rule != "file")


def test_a_stage_may_state_one_thing_and_take_the_others_from_handbook() -> None:
    authority = parse_procedures(
        small('[[stages]]\nnumber = 1\nreply_within = "7 working days"\nsource = "Minute 4"\n'), "small.toml"
    )
    (stage,) = authority.stages
    assert stage.reply_within == Duration(7, Unit.WORKING_DAYS)
    assert stage.addressees == ("team_manager",)
    assert stage.source == "Minute 4"
    assert "addressees" in stage.from_handbook_keys
    assert "reply_within" not in stage.from_handbook_keys


def test_the_digest_is_that_of_the_text() -> None:
    assert parse_procedures(SHORTEST, "a").digest == hashlib.sha256(SHORTEST.encode()).hexdigest()
    assert parse_procedures(SHORTEST, "a").digest != parse_procedures(SHORTEST + "\n", "a").digest


def test_an_authority_may_have_no_informal_stage() -> None:
    authority = parse_procedures(small("[informal]\nused = false\n"), "small.toml")
    assert authority.informal is None
    with pytest.raises(KeyError):
        authority.stage(0)


def test_closure_days_are_days_ranges_and_every_years_range_over_new_year() -> None:
    authority = parse_procedures(
        small(
            '[hours]\nsource = "Council calendar"\nclosure_days = ["2026-12-24", 2026-08-03, '
            '"12-29 to 01-02"]\n'
            'extra_working_days = ["2027-05-01"]\n'
        ),
        "small.toml",
    )
    assert authority.closure_days == {date(2026, 12, 24), date(2026, 8, 3)}
    closed = authority.closures([2026])
    assert {date(2026, 12, 29), date(2026, 12, 31), date(2027, 1, 2), date(2026, 12, 24)} <= closed
    assert date(2027, 1, 3) not in closed
    assert date(2027, 12, 29) not in closed
    calendar = authority.calendar()
    assert not calendar.is_working(date(2030, 12, 30))
    assert not calendar.is_working(date(2026, 12, 24))
    assert calendar.is_working(date(2026, 12, 23))
    assert calendar.is_working(date(2027, 5, 1))


def test_29_february_is_a_closure_day_only_where_there_is_one() -> None:
    authority = parse_procedures(small('[hours]\nsource = "x"\nclosure_days = ["02-29"]\n'), "small.toml")
    assert authority.closures([2027, 2028]) == {date(2028, 2, 29)}


@pytest.mark.parametrize(
    "entry", ['"2026-02-30"', '"soon"', "7", '"12-29 to 2026-12-31"', '"2026-12-31 to 2026-12-29"', '"13-01"']
)
def test_a_closure_day_that_is_none_is_refused(entry: str) -> None:
    text = small(f'[hours]\nsource = "x"\nclosure_days = [{entry}]\n')
    (problem,) = check_procedures(text, "small.toml")
    assert "is no day" in problem.what
    assert problem.line == 7


def test_working_hours_are_the_authoritys_and_a_reply_is_due_when_it_closes() -> None:
    authority = parse_procedures(small('[hours]\nopens = "08:30"\ncloses = 16:30:00\nsource = "x"\n'), "small.toml")
    assert (authority.opens, authority.closes, authority.your_day_at) == (time(8, 30), time(16, 30), time(9))
    due = deadline(datetime(2026, 12, 24, 10, tzinfo=UTC), Duration(10, Unit.WORKING_DAYS), authority.calendar())
    assert due.at == datetime(2027, 1, 12, 16, 30, tzinfo=UTC)


def test_an_office_that_closes_before_it_opens_is_refused() -> None:
    (problem,) = check_procedures(small('[hours]\nopens = "18:00"\nsource = "x"\n'), "small.toml")
    assert "closes (17:00) before it opens" in problem.what


def test_an_immediate_route_is_read_with_its_telephone() -> None:
    authority = parse_procedures(
        small(
            '[immediate]\naddressees = ["service_manager", "iro_manager"]\nreply_within = "4 hours"\n'
            'hours_rule = "clock hours"\nsource = "Protocol 3"\n'
            '[immediate.telephone]\nname = "Duty manager"\nnumber = "01234 567890"\n'
        ),
        "small.toml",
    )
    route = authority.immediate
    assert route is not None
    assert route.answer == "each"
    assert route.seen_within == Duration(1, Unit.HOURS)
    assert route.hours_rule is HoursRule.CLOCK
    assert route.telephone == Telephone(name="Duty manager", number="01234 567890")


def test_a_telephone_that_cannot_be_rung_is_refused() -> None:
    text = small(
        '[immediate]\naddressees = ["service_manager"]\nsource = "x"\n'
        '[immediate.telephone]\nname = "Duty"\nnumber = "ask reception"\n'
    )
    (problem,) = check_procedures(text, "small.toml")
    assert "no telephone number" in problem.what
    assert problem.line == 10


def test_an_authoritys_own_line_and_roles_have_their_names() -> None:
    authority = parse_procedures(
        small(
            '[roles]\nline = ["team_manager", "service_manager", "assistant_director", "chief"]\n'
            'other = ["virtual_head"]\nservice_concerns = ["chief"]\n'
            '[roles.labels]\nchief = "Chief Officer"\n[labels]\nsocial_worker = "Practitioner"\n'
        ),
        "small.toml",
    )
    assert authority.line_roles[-1] == "chief"
    assert authority.other_roles == ("virtual_head",)
    assert authority.service_concern_roles == ("chief",)
    assert authority.role_label("chief") == "Chief Officer"
    assert authority.role_label("virtual_head") == "Virtual head"
    assert authority.role_label("social_worker") == "Practitioner"
    assert authority.role_label("unheard_of") == "Unheard of"


def test_a_task_is_switched_on_and_keeps_handbooks_time() -> None:
    authority = parse_procedures(
        small('[[reviews.tasks]]\nkey = "plan_updated"\non = true\nfrom = 2026-04-01\nsource = "Minute 9"\n'),
        "small.toml",
    )
    tasks = authority.reviews["tasks"]
    assert isinstance(tasks, tuple)
    (task,) = [task for task in tasks if task["key"] == "plan_updated"]
    assert task["on"] is True
    assert task["within"] == "10 working days"
    assert task["from_handbook"] is False
    assert sum(1 for task in tasks if task["from_handbook"]) == len(tasks) - 1


def test_a_local_review_rule_stands_beside_the_law_and_never_in_its_place() -> None:
    authority = parse_procedures(
        small(
            '[[reviews.rules]]\nkey = "early_first"\ntrack = "looked_after"\nreview = "first"\n'
            'within = "15 working days"\nfrom = 2026-04-01\nsource = "Minute 2"\n'
        ),
        "small.toml",
    )
    rules = authority.reviews["rules"]
    assert isinstance(rules, tuple)
    firsts = [r["within"] for r in rules if r["track"] == "looked_after" and r["review"] == "first"]
    assert firsts == ["20 working days", "15 working days"]
    assert all(isinstance(rule["from"], date) for rule in rules)


def test_a_file_is_loaded_by_its_path(tmp_path: Path) -> None:
    file = tmp_path / "ours.toml"
    file.write_bytes(b"\xef\xbb\xbf" + SHORTEST.replace("\n", "\r\n").encode())
    assert load_procedures(file).key == "small"
    assert load_procedures(str(file)).name == "Small"


@pytest.mark.parametrize("name", ["nowhere.toml", "", "a\0b"])
def test_a_file_that_cannot_be_read_is_refused_with_the_shipped_names(name: str) -> None:
    with pytest.raises(ProceduresInvalid, match="cannot be read") as refusal:
        load_procedures(name)
    assert "rotherham" in refusal.value.problems[0].right


def test_a_file_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "ours.toml"
    file.write_bytes(b'name = "Caf\xe9"')
    with pytest.raises(ProceduresInvalid, match="not UTF-8"):
        load_procedures(file)


def test_a_name_that_is_not_shipped_has_no_text() -> None:
    with pytest.raises(KeyError):
        shipped_text("../types")
