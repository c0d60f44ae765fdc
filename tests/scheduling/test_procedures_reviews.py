"""The review rules of a procedures file as values, and what the file may not say about reviews."""

from datetime import date

import pytest

from scheduling.duration import parse_duration
from scheduling.procedures import (
    Procedures,
    check_procedures,
    explain,
    load_procedures,
    parse_procedures,
    shipped_names,
)
from scheduling.procedures.review_values import ReviewValues, review_values
from scheduling.timetable import next_due
from scheduling.track_changes import TRACKS
from scheduling.working_days import WorkingCalendar

HEAD = 'extends = "handbook"\nkey = "small"\nname = "Small"\nsource = "Small procedures, 2026"\n'
RULE = """
[[reviews.rules]]
key = "own"
track = "looked_after"
review = "later"
within = "5 months"
from = 2026-04-01
source = "Minute 1"
"""
TASK = """
[[reviews.tasks]]
key = "own"
label = "Own task"
owner = "iro"
within = "3 working days"
from = 2026-04-01
source = "Minute 2"
"""
TARGET = """
[[reviews.targets]]
key = "own"
label = "Book early"
review = "later"
within = "20 weeks"
from = 2026-04-01
source = "Minute 3"
"""


def small(more: str) -> Procedures:
    return parse_procedures(HEAD + more, "small.toml")


def values(more: str) -> ReviewValues:
    return review_values(small(more))


def test_an_own_rule_is_read_beside_the_law() -> None:
    rules = {rule.key: rule for rule in values(RULE + "to = 2027-03-31\n").rules}
    own = rules["own"]
    assert (own.track, own.order, own.within) == ("looked_after", "later", parse_duration("5 months"))
    assert (own.from_on, own.to_on, own.law) == (date(2026, 4, 1), date(2027, 3, 31), False)
    assert own.counted_from == "previous review"
    assert rules["later_reviews"].law


def test_a_first_review_counts_from_the_start_of_its_track_where_nothing_else_is_said() -> None:
    rules = values(RULE.replace('"later"', '"first"').replace("5 months", "15 working days")).rules
    found = next_due(
        rules, track="looked_after", track_from=date(2026, 12, 7), held=(), born=None, calendar=WorkingCalendar(),
        on=date(2026, 12, 7),
    )  # fmt: skip
    assert found is not None
    assert (found.rule, found.due_on) == ("own", date(2026, 12, 30))


def test_under_fives_three_monthly_is_there_and_off_until_an_authority_switches_it_on() -> None:
    assert "under_fives_reviews" not in {rule.key for rule in review_values(load_procedures("handbook")).rules}
    switched_on = small('[[reviews.rules]]\nkey = "under_fives_reviews"\non = true\nsource = "Minute 4"\n')
    (rule,) = [rule for rule in review_values(switched_on).rules if rule.key == "under_fives_reviews"]
    assert (rule.under_age, rule.within, rule.law) == (5, parse_duration("3 months"), False)
    assert "later: within 3 months of previous review (local" in explain(switched_on)
    assert "Under fives reviews" in explain(load_procedures("handbook"))
    assert "Under fives reviews" not in explain(switched_on)


@pytest.mark.parametrize("name", shipped_names())
def test_every_shipped_file_has_the_whole_law_of_every_track(name: str) -> None:
    law = [rule for rule in review_values(load_procedures(name)).rules if rule.law]
    orders = {track: sorted(rule.order for rule in law if rule.track == track) for track in TRACKS}
    assert orders == {
        "looked_after": ["first", "later", "second"],
        "short_breaks": ["first", "later"],
        "adoption_authorised": ["first", "later"],
        "adoption_placed": ["first", "later", "second"],
    }


@pytest.mark.parametrize("name", shipped_names())
def test_every_shipped_file_has_lists_grades_and_one_adjournment(name: str) -> None:
    found = review_values(load_procedures(name))
    assert found.late_reasons
    assert found.moved_reasons
    assert found.grades == ("Outstanding", "Good", "Requires improvement", "Inadequate")
    assert (found.adjournment.times, str(found.adjournment.within)) == (1, "20 working days")
    assert (found.counting, str(found.at_risk_within)) == ("completion", "10 working days")
    assert {"iro_requests", "child_requests"} <= {reason.key for reason in found.early}


def test_the_shipped_differences_between_authorities() -> None:
    rotherham, notts, southwark = (
        review_values(load_procedures(name)) for name in ("rotherham", "nottinghamshire", "southwark")
    )
    assert [str(target.within) for target in rotherham.targets] == ["10 weeks", "5 months"]
    assert [share.per_cent for share in (*rotherham.shares, *notts.shares)] == [95, 90]
    assert notts.targets == ()
    assert rotherham.switched_on("child_seen")
    assert notts.switched_on("child_spoken_to")
    assert southwark.switched_on("letter_to_child")
    assert not notts.switched_on("letter_to_child")
    assert not southwark.switched_on("no_such_task")
    assert southwark.early[-1].label == "A significant event in the child's life (the IRO decides)"


def test_tasks_on_by_default_are_those_of_the_surface() -> None:
    on = [task.key for task in review_values(load_procedures("handbook")).tasks if task.on]
    assert on == [
        "book", "papers_in", "decisions", "decisions_agreed", "record_written", "record_sent", "midway",
    ]  # fmt: skip


def test_a_series_may_be_counted_by_its_start_and_an_adjournment_be_shorter() -> None:
    found = values(
        '[reviews]\nat_risk_within = "15 working days"\ngrades = ["Good", "Poor"]\n'
        '[reviews.counting]\nseries_in_time_by = "start"\nsource = "Minute 5"\n'
        '[reviews.adjournment]\nwithin = "10 working days"\nsource = "Minute 6"\n'
    )
    assert (found.counting, found.grades, str(found.at_risk_within)) == ("start", ("Good", "Poor"), "15 working days")
    assert (found.adjournment.times, str(found.adjournment.within)) == (1, "10 working days")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (RULE + "law = true\n", "Only handbook says what is the law"),
        (RULE.replace('track = "looked_after"\n', ""), '"track" is missing'),
        (RULE.replace('review = "later"\n', ""), '"review" is missing'),
        (RULE.replace("5 months", "24 hours"), "due on a day, not at an hour"),
        (RULE + 'counted_from = "birth"\n', '"counted_from" cannot be "birth"'),
        (RULE.replace('"later"', '"first"') + 'counted_from = "previous review"\n', "no previous one to count from"),
        (RULE + "under_age = 0\n", '"under_age" cannot be 0'),
        (RULE + 'owner = "iro"\n', '"owner" is not known in [reviews.rules]'),
        (TASK + 'before = "3 working days"\n', '"within" and "before" cannot both'),
        (TASK + 'counted_from = "full moon"\n', '"counted_from" cannot be "full moon"'),
        (TASK.replace('owner = "iro"\n', ""), '"owner" is missing'),
        (TASK.replace('label = "Own task"\n', ""), '"label" is missing'),
        (TASK + "under_age = 5\n", '"under_age" is not known in [reviews.tasks]'),
        (
            '[[reviews.tasks]]\nkey = "papers_in"\nwithin = "1 week"\nsource = "S"\n',
            '"within" and "before" cannot both',
        ),
        (TARGET.replace('within = "20 weeks"\n', ""), '"within" is missing'),
        (TARGET.replace("20 weeks", "24 hours"), "booked for a day"),
        (TARGET + "share = 101\n", '"share" cannot be 101'),
        ('[reviews.counting]\nseries_in_time_by = "luck"\nsource = "S"\n', '"series_in_time_by" cannot be "luck"'),
        ('[reviews.adjournment]\ntimes = 2\nsource = "S"\n', '"times" cannot be 2'),
        ('[reviews.adjournment]\nwithin = "21 working days"\nsource = "S"\n', "once, up to 20 working days"),
        ('[reviews.adjournment]\nwithin = "2 weeks"\nsource = "S"\n', "once, up to 20 working days"),
        ('[reviews]\nat_risk_within = "10 days"\n', "counted in working days"),
        ('[[reviews.early]]\nkey = "own"\nsource = "S"\n', '"label" is missing'),
    ],
)
def test_what_a_file_may_not_say_about_reviews(text: str, what: str) -> None:
    problems = [problem for problem in check_procedures(HEAD + text, "small.toml") if problem.severity == "error"]
    assert any(what in problem.what for problem in problems), problems


@pytest.mark.parametrize(
    "text", [RULE, TASK, TARGET, TARGET.replace('review = "later"\nwithin = "20 weeks"', "share = 95")]
)
def test_the_samples_themselves_are_right(text: str) -> None:
    assert check_procedures(HEAD + text, "small.toml") == []


def test_a_second_review_later_than_the_laws_later_ones_is_a_warning_with_a_day() -> None:
    own = RULE.replace('"looked_after"', '"short_breaks"').replace('"later"', '"second"')
    assert check_procedures(HEAD + own, "small.toml") == []
    (problem,) = check_procedures(HEAD + own.replace("5 months", "7 months"), "small.toml")
    assert problem.severity == "warning"
    assert "counted from Wed 1 Apr 2026 it ends on Sun 1 Nov 2026, the law on Thu 1 Oct 2026" in problem.what
