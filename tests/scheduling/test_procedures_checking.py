"""A wrong procedures file is refused with the line, what is wrong and what would be right."""

from datetime import date

import pytest

from scheduling.procedures import (
    Problem,
    ProceduresInvalid,
    check_procedures,
    parse_procedures,
    shipped_text,
)

AUTHORITY = """\
extends = "handbook"
key = "sample"
name = "Sample"
source = "Sample procedures 2026"

[labels]
concern = "concern"

[child_reference]
pattern = '[A-Z]{2,4}-\\d{2,8}'

[roles]
line = ["team_manager", "service_manager", "assistant_director", "director"]
other = ["virtual_head"]

[informal]
addressees = ["social_worker"]
source = "Sample procedures 2026, 1"

[[stages]]
number = 1
name = "First"
addressees = ["team_manager"]
reply_within = "10 working days"
source = "Sample procedures 2026, 2"

[[stages]]
number = 2
name = "Second"
addressees = ["service_manager"]
reply_within = "5 working days"
source = "Sample procedures 2026, 3"

[total_limit]
limit = "20 working days"
source = "Sample procedures 2026, 4"

[[categories]]
key = "plan"
label = "Care planning"

[[reviews.rules]]
key = "own_first"
track = "looked_after"
review = "first"
within = "20 working days"
from = 2026-04-01
source = "Sample procedures 2026, 5"
"""


def check(old: str = "", new: str = "") -> list[Problem]:
    assert old in AUTHORITY
    return check_procedures(AUTHORITY.replace(old, new, 1) if old else AUTHORITY + new, "sample.toml")


def line_of(text: str, new: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), start=1) if new in line)


def test_the_sample_itself_is_right() -> None:
    assert check() == []


@pytest.mark.parametrize(
    ("old", "new", "what", "right"),
    [
        (
            "reply_within",
            "reply_witin",
            '"reply_witin" is not known in [stages]',
            'Did you mean "reply_within"?',
        ),
        ("[total_limit]", "[total_limits]", '"total_limits" is not known', 'Did you mean "total_limit"?'),
        (
            'addressees = ["team_manager"]',
            'addressees = ["team_manger"]',
            '"team_manger" in "addressees" is not a known role',
            'Did you mean "team_manager"?',
        ),
        (
            'addressees = ["team_manager"]',
            'addressees = ["virtual_head"]',
            "not in the child's management line",
            "team_manager",
        ),
        (
            'addressees = ["team_manager"]',
            'addressees = ["support"]',
            "not in the child's management line",
            "team_manager",
        ),
        (
            'addressees = ["team_manager"]',
            'addressees = ["team_manager"]\ncopied = ["support"]',
            "people copied read the narrative",
            "social_worker",
        ),
        ("number = 2", "number = 3", "3 where 2 is due", "number = 2"),
        ("number = 2", "number = 1", "1 where 2 is due", "number = 2"),
        ('"5 working days"', '"5 wd"', '"5 wd" is no length of time', ""),
        ('"5 working days"', "5", '"reply_within" must be a length of time', "10 working days"),
        ('"5 working days"', '"0 working days"', "the number must be 1 or more", ""),
        ('name = "Second"', f'name = "{"x" * 41}"', "41 characters", "40 characters or fewer"),
        ('name = "Second"', 'name = "First"', 'Two stages are called "First"', "its own name"),
        ('concern = "concern"', 'concern = "cause for concern raised"', "24 characters", "18 characters"),
        (
            '"Sample procedures 2026, 3"',
            '"Sample procedures 2026, 3"\nraised_by = "team_manager"',
            '"raised_by" cannot be "team_manager"',
            '"iro_manager"',
        ),
        (
            '"Sample procedures 2026, 3"',
            '"Sample procedures 2026, 3"\non_no_reply = "close"',
            '"on_no_reply" cannot be "close"',
            '"escalate"',
        ),
        (
            'track = "looked_after"',
            'track = "looked_afer"',
            '"track" cannot be "looked_afer"',
            "looked_after",
        ),
        ("from = 2026-04-01", "from = 2026-04-01\nto = 2026-03-01", "ends before it starts", "2026-04-01"),
        ('key = "own_first"', 'key = "first_review"', "is a rule of the law", "local_first_review"),
        ('line = ["team_manager"', 'line = ["social_worker"', '"social_worker" is built in', "Remove it"),
        ('extends = "handbook"', 'extends = "rotherham"', 'A file can extend "handbook"', "handbook"),
        ('key = "sample"', 'key = "Sample Borough"', "cannot be used as a key", "small letters"),
    ],
)
def test_a_fault_is_named_with_its_line_and_its_mend(old: str, new: str, what: str, right: str) -> None:
    errors = [problem for problem in check(old, new) if problem.severity == "error"]
    found = [problem for problem in errors if what in problem.what]
    assert found, errors
    assert right in found[0].right
    assert found[0].file == "sample.toml"
    assert found[0].line == AUTHORITY[: AUTHORITY.index(old)].count("\n") + new.count("\n") + 1


def test_a_missing_source_is_named_at_the_rules_table() -> None:
    (problem,) = check('source = "Sample procedures 2026, 3"\n')
    assert problem.what == "[stages] does not say where the rule comes from."
    assert problem.line == AUTHORITY.splitlines().index("[[stages]]", 20) + 1


def test_a_rule_without_a_first_day_is_refused() -> None:
    (problem,) = check("from = 2026-04-01\n")
    assert '"from" is missing in [reviews.rules]' in problem.what


def test_the_same_category_twice_is_refused_whatever_its_case() -> None:
    (problem,) = check(new='\n[[categories]]\nkey = "plan_2"\nlabel = "CARE  planning"\n')
    assert "stands there twice" in problem.what
    assert problem.line == len(AUTHORITY.splitlines()) + 2


def test_a_category_too_long_for_a_list_needs_a_short_wording() -> None:
    label = "w" * 76
    (problem,) = check('label = "Care planning"', f'label = "{label}"')
    assert "a list shows 75" in problem.what
    assert check('label = "Care planning"', f'label = "{label}"\nshort = "Planning"') == []


def test_the_review_category_comes_by_itself() -> None:
    assert parse_procedures(AUTHORITY, "sample").category("Non completion of review decisions") is not None


def test_stages_that_outlast_the_total_limit_are_a_warning_and_no_error() -> None:
    text = AUTHORITY.replace('"20 working days"', '"14 working days"', 1)
    (problem,) = check_procedures(text, "sample.toml")
    assert problem.severity == "warning"
    assert problem.what == "The stages together take 15 working days, more than 14 working days."
    assert text.splitlines()[problem.line - 1] == 'limit = "14 working days"'
    assert parse_procedures(text, "sample").total_limit.number == 14


def test_a_day_of_24_hours_counts_as_one_working_day_of_the_total() -> None:
    text = AUTHORITY.replace('"5 working days"', '"24 hours"', 1)
    assert check_procedures(text.replace('"20 working days"', '"11 working days"', 1), "x") == []
    assert check_procedures(text.replace('"20 working days"', '"10 working days"', 1), "x") != []


def test_a_stage_below_the_one_before_is_a_warning() -> None:
    (problem,) = check('addressees = ["service_manager"]', 'addressees = ["social_worker"]')
    assert problem.severity == "warning"
    assert problem.what == "Second goes to someone less senior than First."


def test_the_last_stage_cannot_move_up_by_itself() -> None:
    (problem,) = check('name = "Second"', 'name = "Second"\non_no_reply = "escalate"')
    assert problem.severity == "warning"
    assert "cannot move up by itself" in problem.what
    assert check('name = "First"', 'name = "First"\non_no_reply = "escalate"') == []


@pytest.mark.parametrize(
    "line",
    [
        'closed_by = ["team_manager"]',
        'may_close = "service_manager"',
        'close = ["iro"]',
        'edited_by = "admin"',
        "can_delete = true",
        'reopened_by = "team_manager"',
        'withdrawn_by = "team_manager"',
    ],
)
@pytest.mark.parametrize("place", ['name = "Second"', 'concern = "concern"', 'name = "Sample"', 'key = "own_first"'])
def test_no_file_can_give_closing_or_editing_to_anyone(line: str, place: str) -> None:
    (problem,) = check(place, f"{place}\n{line}")
    assert problem.severity == "error"
    assert "no procedures file can give closing or editing to anyone" in problem.what
    assert "Only the child's IRO closes" in problem.right
    with pytest.raises(ProceduresInvalid):
        parse_procedures(AUTHORITY.replace(place, f"{place}\n{line}", 1), "sample.toml")


@pytest.mark.parametrize(
    ("pattern", "what"),
    [
        (r"([A-Z]+)+-\d", "repeats a group"),
        (r"(\d{1,9}){1,9}", "repeats a group"),
        (r"(?:A|AA){2,9}", "repeats a group"),
        (r"((\d{1,3}))*", "repeats a group"),
        (r"\d+\d+\d+", "too many open repeats"),
        (r"\d{1,50}\d{1,50}\d{1,50}", "too many open repeats"),
        (r"([A-Z])\1-\d{2}", r"uses \1"),
        (r"(?=AB)AB-\d{2}", "looks ahead"),
        (r"(?P<x>AB)-\d{2}", "looks ahead"),
        (r"[A-Z]-\d{1,4}", 'matches "C-1"'),
        (r"[A-Z]{1,3}-\d{2,8}", 'matches "C-12"'),
        (r"(?:c)-\d{6}", 'matches "c-123456"'),
        (r".{3,9}", 'matches "C-1"'),
        (r"[a-z]{4}", 'matches "list"'),
        (r"\d{0,2}", "matches nothing at all"),
        (r"[A-Z-\d", "no regular expression"),
        (r"(AB", "no regular expression"),
        (r"A{99999999999}", "no regular expression"),
        ("A" * 81, "81 characters long"),
    ],
)
def test_a_child_reference_pattern_that_is_slow_or_takes_in_concerns_is_refused(pattern: str, what: str) -> None:
    text = AUTHORITY.replace(r"'[A-Z]{2,4}-\d{2,8}'", f"'''{pattern}'''", 1)
    (problem,) = check_procedures(text, "sample.toml")
    assert what in problem.what
    assert problem.severity == "error"
    assert "pattern" in text.splitlines()[problem.line - 1]
    assert r"[A-Z]{2,4}-\d{2,8}" in problem.right


@pytest.mark.parametrize(
    ("pattern", "reference"),
    [
        (r"[A-Z]{2,4}-\d{2,8}", "AB-1042"),
        (r"[A-Z]+-\d+X", "AB-1042X"),
        (r"\d{7}", "1234567"),
        (r"(?:LAC|CIC)\d{4,6}", "CIC12345"),
        (r"[A-Z]{2}\d{4}(-[A-Z]{1,2})?", "AB1234-C"),
        (r"[A-Z\]]{2}/\d{3}", "AB/123"),
    ],
)
def test_an_ordinary_pattern_is_taken(pattern: str, reference: str) -> None:
    text = AUTHORITY.replace(r"[A-Z]{2,4}-\d{2,8}", pattern, 1)
    assert check_procedures(text, "sample.toml") == []
    assert parse_procedures(text, "sample").child_reference.fullmatch(reference)


def test_a_pattern_that_takes_in_nhs_numbers_is_a_warning() -> None:
    (problem,) = check(r"[A-Z]{2,4}-\d{2,8}", r"\d{7,10}")
    assert problem.severity == "warning"
    assert "NHS number" in problem.what


def test_a_local_rule_later_than_the_law_is_told_with_a_day_on_which_it_is() -> None:
    text = AUTHORITY.replace('within = "20 working days"', 'within = "28 days"')
    (problem,) = check_procedures(text, "sample.toml")
    assert problem.severity == "warning"
    assert "counted from Sat 30 May 2026 it ends on Sat 27 Jun 2026, the law on Fri 26 Jun 2026" in problem.what


@pytest.mark.parametrize("within", ["25 days", "3 weeks", "20 working days", "15 working days"])
def test_a_local_rule_never_later_than_the_law_passes(within: str) -> None:
    assert check('within = "20 working days"', f'within = "{within}"') == []


def test_a_mark_of_handbook_beside_another_value_is_a_warning_and_a_wrong_mark_an_error() -> None:
    (problem,) = check('name = "First"', 'name = "First"\nanswer = "each"\nfrom_handbook = ["answer"]')
    assert problem.severity == "warning"
    assert "handbook says something else" in problem.what
    (problem,) = check('name = "First"', 'name = "First"\nfrom_handbook = ["answers"]')
    assert problem.severity == "error"
    assert problem.right == 'Did you mean "answer"?'


def test_a_stage_above_handbooks_must_say_its_time_and_its_people() -> None:
    third = '\n[[stages]]\nnumber = 3\n\n[[stages]]\nnumber = 4\nname = "Fourth"\nsource = "5"\n'
    what = " ".join(problem.what for problem in check(new=third))
    assert '"addressees" is missing in [stages]' in what
    assert '"reply_within" is missing in [stages]' in what


def test_a_role_taken_from_handbook_that_is_not_in_the_authoritys_line_is_said_to_be_so() -> None:
    text = shipped_text("lancashire").split("[[stages]]")[0] + '\n[roles]\nline = ["practice_lead"]\n'
    problems = check_procedures(text.replace("[roles.labels]\nservice_manager", "[roles.labels]\n#"), "x.toml")
    assert any('"team_manager" in "addressees" (taken from handbook)' in problem.what for problem in problems)


def test_broken_toml_is_named_with_the_line_on_which_it_breaks_off() -> None:
    (problem,) = check('name = "Second"', "name = Second")
    assert "no TOML" in problem.what
    assert problem.line == line_of(AUTHORITY.replace('name = "Second"', "name = Second"), "name = Second")


def test_all_errors_are_in_the_sentence_of_the_refusal() -> None:
    wrong = AUTHORITY.replace('"5 working days"', '"soon"').replace("number = 2", "number = 7")
    with pytest.raises(ProceduresInvalid) as refusal:
        parse_procedures(wrong, "sample.toml")
    assert str(refusal.value).count("sample.toml:") == 2
    assert "error:" in str(refusal.value)
    assert len(refusal.value.problems) == 2


def test_problems_come_in_the_order_of_the_lines() -> None:
    wrong = AUTHORITY.replace('"5 working days"', '"soon"').replace('key = "sample"', 'key = "S"')
    lines = [problem.line for problem in check_procedures(wrong, "sample.toml")]
    assert lines == sorted(lines)
    assert len(lines) == 2


def test_lines_are_right_below_texts_of_several_lines_and_comments_that_look_like_tables() -> None:
    before = '''# [[stages]]
# """
agencies = [
    "Health",  # ["""]
    "[[stages]]",
]
'''
    text = AUTHORITY.replace("\n[labels]", f"{before}\n[labels]", 1).replace('"5 working days"', '"soon"', 1)
    (problem,) = check_procedures(text, "sample.toml")
    assert text.split("\n")[problem.line - 1] == 'reply_within = "soon"'


def test_an_example_day_is_looked_for_from_the_day_asked() -> None:
    text = AUTHORITY.replace('within = "20 working days"', 'within = "28 days"')
    (problem,) = check_procedures(text, "sample.toml", example_from=date(2027, 9, 1))
    assert "counted from Sat 4 Sep 2027 it ends on Sat 2 Oct 2027, the law on Fri 1 Oct 2027" in problem.what


def test_a_misspelled_closing_time_is_no_attempt_to_give_closing_away() -> None:
    (problem,) = check(new='\n[hours]\nclosure_day = []\nsource = "x"\n')
    assert problem.right == 'Did you mean "closure_days"?'
    (problem,) = check(new='\n[hours]\nclosed_by = "support"\nsource = "x"\n')
    assert "cannot be set" in problem.what


@pytest.mark.parametrize("key", ["before", "manager_again", "draft_named_after", "limit_warning"])
@pytest.mark.parametrize("written", ["24 hours", "1 week", "61 working days"])
def test_reminders_are_counted_in_working_days(key: str, written: str) -> None:
    (problem,) = check(new=f'\n[ladder]\n{key} = "{written}"\nsource = "x"\n')
    assert problem.what == f'"{key}" must be given in working days, not {written}.'
    assert check(new=f'\n[ladder]\n{key} = "3 working days"\nsource = "x"\n') == []


@pytest.mark.parametrize(
    ("left_out", "named"),
    [
        ('at_risk_within = "10 working days"', '"at_risk_within" is missing in [reviews].'),
        ('series_in_time_by = "completion"', '"series_in_time_by" is missing in [reviews.counting].'),
        ("[reviews.counting]", '"counting" is missing in [reviews].'),
        ("[reviews.adjournment]", '"adjournment" is missing in [reviews].'),
    ],
)
def test_a_file_that_inherits_nothing_states_the_review_rules_itself(left_out: str, named: str) -> None:
    text = shipped_text("handbook")
    lines = text.splitlines()
    start = lines.index(left_out)
    end = start + 1
    while left_out.startswith("[") and lines[end]:
        end += 1
    problems = check_procedures("\n".join(lines[:start] + lines[end:]), "handbook.toml")
    assert [problem.what for problem in problems if problem.severity == "error"] == [named]
    with pytest.raises(ProceduresInvalid, match=r"handbook\.toml:\d+: error: "):
        parse_procedures("\n".join(lines[:start] + lines[end:]), "handbook.toml")
