"""Checks each row of the review rules: what it must say, and what no authority may say against the law."""

from collections.abc import Callable, Mapping

from scheduling.duration import Unit
from scheduling.procedures.stages import source_of
from scheduling.procedures.table import Table
from scheduling.review_tasks import COUNTED_FROM
from scheduling.timetable import PREVIOUS_REVIEW
from scheduling.track_changes import TRACKS

ORDERS = ("first", "second", "later")
STARTS = ("becoming looked after", "start of the first placement", "authority to place", "placement")
"""What a review may be counted from besides the previous one: the words for the start of each track."""
COUNTING = ("start", "completion")
SHARED = ("key", "source", "checked_by", "from_handbook")
LONGEST_ADJOURNMENT = 20  # working days, once: SI 2010/959, regulation 36(2)


def check_row(table: Table, name: str) -> None:
    """Notes whatever is wrong with one row of [reviews]; nothing where the file does not state it."""
    if not table.stated:
        return
    _CHECKS[name](table)
    source_of(table)
    table.close(SHARED)


def _check_rule(table: Table) -> None:
    _check_days(table)
    _one_of(table, "track", TRACKS, required=True)
    _one_of(table, "review", ORDERS, required=True)
    _one_of(table, "counted_from", (PREVIOUS_REVIEW, *STARTS))
    if table.take("review") == "first" and table.take("counted_from") == PREVIOUS_REVIEW:
        right = 'Write what the track begins with, for example counted_from = "becoming looked after".'
        table.note("counted_from", "A first review has no previous one to count from.", right)
    within = table.duration("within", required=True)
    if within and within.unit is Unit.HOURS:
        table.note("within", "A review is due on a day, not at an hour.", 'For example within = "28 days".')
    table.text("label", longest=75, required=False)
    table.number("under_age", 1, most=18)
    table.yes("on", True)
    table.yes("law", False)


def _check_task(table: Table) -> None:
    _check_days(table)
    table.text("label", longest=75)
    table.text("owner")
    table.yes("on", False)
    _one_of(table, "counted_from", COUNTED_FROM)
    within, before = table.duration("within"), table.duration("before")
    if within and before:
        what = '"within" and "before" cannot both say when the task is due.'
        table.note("before" if "before" in table.own else "within", what, "Keep one of them.")


def _check_target(table: Table) -> None:
    _check_days(table)
    table.text("label", longest=75)
    _one_of(table, "track", TRACKS)
    _one_of(table, "counted_from", (PREVIOUS_REVIEW, *STARTS))
    share = table.take("share") is not None
    table.number("share", 100, most=100)
    _one_of(table, "review", ORDERS, required=not share)
    within = table.duration("within", required=not share)
    if within and within.unit is Unit.HOURS:
        table.note("within", "A review is booked for a day.", 'For example within = "10 weeks".')


def _check_early(table: Table) -> None:
    table.text("label", longest=120)


def _check_counting(table: Table) -> None:
    _one_of(table, "series_in_time_by", COUNTING, required=True)


def _check_adjournment(table: Table) -> None:
    _check_days(table)
    table.number("times", 1, least=0, most=1)
    within = table.duration("within", required=True)
    if within and (within.unit is not Unit.WORKING_DAYS or within.number > LONGEST_ADJOURNMENT):
        what = f"The law lets a review be adjourned once, up to {LONGEST_ADJOURNMENT} working days."
        table.note("within", what, f'Write at most within = "{LONGEST_ADJOURNMENT} working days".')


def _check_days(table: Table) -> None:
    starts, ends = table.day("from"), table.day("to")
    if table.take("from") is None:
        table.missing("from", "Say from which day the rule is valid, for example from = 2026-04-01.")
    if starts and ends and ends < starts:
        table.note("to", "The rule ends before it starts.", f"Write a day after {starts}.")


def _one_of(table: Table, key: str, words: tuple[str, ...], *, required: bool = False) -> None:
    if required and table.take(key) is None:
        table.missing(key, f'Add {key} = "{words[0]}" (or {", ".join(words[1:])}).')
    table.choice(key, {word: word for word in words}, "")


_CHECKS: Mapping[str, Callable[[Table], None]] = {
    "rules": _check_rule,
    "tasks": _check_task,
    "targets": _check_target,
    "early": _check_early,
    "counting": _check_counting,
    "adjournment": _check_adjournment,
}
