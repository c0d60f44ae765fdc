"""The six shipped procedures files say what their sources say, and mark what they take from handbook."""

import tomllib

import pytest

from scheduling.deadlines import HoursRule
from scheduling.duration import Duration, Unit
from scheduling.procedures import (
    REVIEW_DECISIONS_NOT_DONE,
    Procedures,
    Stage,
    check_procedures,
    explain,
    load_procedures,
    shipped_names,
    shipped_text,
)

NAMES = ("handbook", "lancashire", "leicestershire", "nottinghamshire", "rotherham", "southwark")
TEN = Duration(10, Unit.WORKING_DAYS)
FIVE = Duration(5, Unit.WORKING_DAYS)
DAY = Duration(24, Unit.HOURS)
SOURCES_KEYS = ("addressees", "reply_within")

ROTHERHAM_REASONS = {
    "informal": """Care plan not being associated
Statutory visits not being completed
Chronologies not being updated
Concerns about management oversight of plans
PEP documents not being on file after meetings have been completed""".splitlines(),
    "formal": """Statutory visit records not containing details of visits
Concerns about care planning - drift and delay
Supervision gaps
Concern about decision making including safeguarding and risk management in placement
Delay in health assessment taking place
Missed PEP
Delay in application to revoke placement orders
Delay in permanence planning in respect of SGOs
Lack of updated care plan
Delay in progressing adoption
Transition to adult care services and delay in ACS assessments
Lack of available PAs in leaving care and impact on independence
Delays in finding appropriate therapeutic resources (when approval given)
Lack of assessment regarding contact arrangements
Robustness of viability assessments for care or rehabilitation to family members""".splitlines(),
}


def steps(procedures: Procedures) -> list[tuple[tuple[str, ...], Duration | None]]:
    return [(stage.addressees, stage.reply_within) for stage in procedures.stages]


def test_six_files_are_shipped_handbook_first() -> None:
    assert shipped_names() == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_every_shipped_file_can_be_used_and_says_its_own_name(name: str) -> None:
    procedures = load_procedures(name)
    assert procedures.key == name
    assert [stage.number for stage in procedures.stages] == list(range(1, len(procedures.stages) + 1))
    assert [p for p in check_procedures(shipped_text(name), name) if p.severity == "error"] == []


@pytest.mark.parametrize("name", [name for name in NAMES if name != "southwark"])
def test_no_shipped_file_but_southwark_is_later_than_the_law_or_odd_in_any_way(name: str) -> None:
    assert check_procedures(shipped_text(name), name) == []


@pytest.mark.parametrize("name", NAMES)
def test_every_authority_has_the_category_that_reviews_need(name: str) -> None:
    category = load_procedures(name).category(REVIEW_DECISIONS_NOT_DONE)
    assert category is not None
    assert category.label == "Non completion of review decisions"
    assert category.kind == "both"


@pytest.mark.parametrize("name", NAMES)
def test_every_stage_and_rule_of_a_shipped_file_names_its_source(name: str) -> None:
    procedures = load_procedures(name)
    for stage in procedures.stages:
        assert stage.source
        assert stage.checked_by
    for rule, source in procedures.sources.items():
        assert source.source, rule


@pytest.mark.parametrize("name", [name for name in NAMES if name != "handbook"])
def test_what_a_shipped_file_takes_from_handbook_is_said_on_its_line_and_has_handbooks_value(
    name: str,
) -> None:
    handbook = {stage.number: stage for stage in load_procedures("handbook").stages}
    lines = shipped_text(name).splitlines()
    for stage in load_procedures(name).stages:
        for key in stage.from_handbook_keys:
            assert getattr(stage, key) == getattr(handbook[stage.number], key)
    for row in tomllib.loads(shipped_text(name))["stages"]:
        for key in row["from_handbook"]:
            written = [line for line in lines if line.startswith(f"{key} =") and "taken from handbook" in line]
            assert written, f"{key} of stage {row['number']}"


def test_the_handbook_goes_up_the_line_in_ten_days_five_days_and_24_hours_twenty_in_all() -> None:
    handbook = load_procedures("handbook")
    assert steps(handbook) == [
        (("team_manager",), TEN),
        (("service_manager",), FIVE),
        (("assistant_director",), DAY),
    ]
    assert handbook.informal is not None
    assert handbook.informal.addressees == ("social_worker", "team_manager")
    assert handbook.informal.reply_within is None
    assert handbook.ladder.informal_asked_after == TEN
    assert handbook.total_limit == Duration(20, Unit.WORKING_DAYS)
    assert {stage.on_no_reply for stage in handbook.stages} == {"prompt"}
    assert {stage.hours_rule for stage in handbook.stages} == {HoursRule.WORKING}
    assert {stage.copied for stage in handbook.stages} == {("social_worker",)}
    assert not any(stage.from_handbook for stage in handbook.stages)
    assert handbook.caseload_range == (50, 70)
    assert len(handbook.duties) == 4


def test_rotherham_has_the_stages_and_times_of_its_report_15_3_to_15_6() -> None:
    rotherham = load_procedures("rotherham")
    assert steps(rotherham) == [
        (("team_manager",), TEN),
        (("service_manager",), FIVE),
        (("assistant_director",), DAY),
    ]
    assert rotherham.role_label("assistant_director") == "Assistant Director"
    assert rotherham.total_limit == Duration(20, Unit.WORKING_DAYS)
    assert not rotherham.sources["total_limit"].from_handbook
    for stage in rotherham.stages:
        assert "Rotherham IRO annual report 2015/16, 15.3-15.6" in stage.source
        assert not set(SOURCES_KEYS) & set(stage.from_handbook_keys)
        assert "on_no_reply" in stage.from_handbook_keys
    assert rotherham.sources["ladder"].from_handbook


@pytest.mark.parametrize("kind", ["informal", "formal"])
def test_rotherham_has_the_reasons_its_report_prints_word_for_word_and_in_order(kind: str) -> None:
    labels = [c.label for c in load_procedures("rotherham").categories if c.kind == kind]
    assert labels == ROTHERHAM_REASONS[kind]


def test_rotherhams_reasons_fit_a_list_and_are_found_by_label() -> None:
    rotherham = load_procedures("rotherham")
    assert all(len(category.choice_label) <= 75 for category in rotherham.categories)
    missed = rotherham.category("  missed pep ")
    assert missed is not None
    assert missed.used_at(1)
    assert not missed.used_at(0)


def test_nottinghamshire_begins_with_the_social_worker() -> None:
    nottinghamshire = load_procedures("nottinghamshire")
    assert [stage.addressees for stage in nottinghamshire.stages] == [
        ("social_worker",),
        ("team_manager",),
        ("service_manager",),
    ]
    assert all("reply_within" in stage.from_handbook_keys for stage in nottinghamshire.stages)
    assert nottinghamshire.labels["process"] == "Concerns resolution process"
    assert "Care Planning Support and Assurance Panel" in nottinghamshire.legal_advice
    assert nottinghamshire.agencies


def test_nottinghamshires_immediate_route_asks_each_of_two_managers_at_once() -> None:
    nottinghamshire = load_procedures("nottinghamshire")
    route = nottinghamshire.immediate
    assert route is not None
    assert [nottinghamshire.role_label(role) for role in route.addressees] == [
        "Children's Service Manager",
        "ICS Service Manager",
    ]
    assert route.answer == "each"
    assert route.seen_within == Duration(1, Unit.HOURS)


@pytest.mark.parametrize("name", [name for name in NAMES if name != "nottinghamshire"])
def test_no_immediate_route_is_made_up_where_no_source_has_one(name: str) -> None:
    assert load_procedures(name).immediate is None


def test_southwark_is_informal_with_the_team_manager_and_has_its_own_line() -> None:
    southwark = load_procedures("southwark")
    assert southwark.informal is not None
    assert southwark.informal.addressees == ("team_manager",)
    assert southwark.line_roles == (
        "team_manager",
        "service_manager",
        "head_of_service",
        "assistant_director",
        "director",
    )
    assert southwark.labels["concern"] == "escalation"
    assert steps(southwark) == steps(load_procedures("handbook"))
    assert all(set(SOURCES_KEYS) <= set(stage.from_handbook_keys) for stage in southwark.stages)


def test_southwark_has_eleven_categories_and_a_note_on_the_lost_twelfth() -> None:
    categories = load_procedures("southwark").categories
    assert len(categories) == 11
    assert [c.key for c in categories if "rights and participation" in c.note] == ["safeguarding"]


def test_southwarks_local_review_times_are_shown_to_be_later_than_the_law_with_a_day() -> None:
    problems = check_procedures(shipped_text("southwark"), "southwark.toml")
    assert [problem.severity for problem in problems] == ["warning", "warning"]
    first, second = (problem.what for problem in problems)
    assert "28 days is later than the law (20 working days" in first
    assert "counted from Sat 30 May 2026 it ends on Sat 27 Jun 2026, the law on Fri 26 Jun 2026" in first
    assert "90 days is later than the law (3 months" in second
    lines = shipped_text("southwark").splitlines()
    assert [lines[problem.line - 1] for problem in problems] == ['within = "28 days"', 'within = "90 days"']


@pytest.mark.parametrize("name", ["leicestershire", "lancashire"])
def test_where_a_report_gives_no_times_all_of_them_are_marked_as_handbooks(name: str) -> None:
    procedures = load_procedures(name)
    assert steps(procedures) == steps(load_procedures("handbook"))
    assert all("reply_within" in stage.from_handbook_keys for stage in procedures.stages)
    assert procedures.sources["total_limit"].from_handbook


def test_leicestershire_calls_them_quality_assurance_alerts() -> None:
    leicestershire = load_procedures("leicestershire")
    assert leicestershire.labels["process"] == "Quality Assurance Alerts"
    assert leicestershire.informal is not None
    assert leicestershire.informal.name == "Informal QA process"


def test_lancashire_goes_to_team_managers_then_senior_managers_and_has_no_starred_recommendation() -> None:
    lancashire = load_procedures("lancashire")
    asked = [lancashire.role_label(stage.addressees[0]) for stage in lancashire.stages[:2]]
    assert asked == ["Team manager", "Senior manager"]
    assert lancashire.labels["child_plural"] == "children in our care"
    assert "tarred" not in explain(lancashire)


@pytest.mark.parametrize("name", NAMES)
def test_form_titles_fit_the_24_characters_slack_shows(name: str) -> None:
    assert len(f"Log an {load_procedures(name).labels['concern']}") <= 25
    assert all(len(stage.name) <= 40 for stage in load_procedures(name).stages)


def test_the_top_stage_and_stage_by_number_are_found() -> None:
    handbook = load_procedures("handbook")
    assert handbook.top_stage is handbook.stage(3)
    assert handbook.stage(0) is handbook.informal
    assert (handbook.stage(0).key, handbook.stage(2).key) == ("informal", "stage_2")
    with pytest.raises(KeyError):
        handbook.stage(4)
    assert Stage(number=4, name="Fourth", addressees=("director",)).key == "stage_4"
