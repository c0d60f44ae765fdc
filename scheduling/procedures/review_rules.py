"""Reads the review rules as data, and finds the days on which a local rule is later than the law."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from types import MappingProxyType

from scheduling.deadline_wording import say_day
from scheduling.duration import Duration, Unit, parse_duration
from scheduling.procedures.review_rows import check_row
from scheduling.procedures.table import Raw, Table
from scheduling.timetable import LAW_DAYS, last_day

LISTS = ("rules", "tasks", "targets", "early")
TABLES = ("counting", "adjournment")
WORDS = ("late_reasons", "moved_reasons", "grades")


def read_reviews(top: Table, example_from: date) -> Mapping[str, object]:
    """All review rules, handbook's and the file's own, each row saying whether it is `from_handbook`.

    A file adds rules beside the law's and changes tasks by their key; it cannot repeal the law.
    """
    table = top.table("reviews")
    reviews: dict[str, object] = {}
    for name in WORDS:
        reviews[name] = table.words(name)
    reviews["at_risk_within"] = _at_risk_within(table)
    for name in TABLES:
        below = table.table(name)
        if not (below.own or below.inherited):
            table.missing(name, f"Add a table [reviews.{name}].")
        check_row(below, name)
        reviews[name] = _row(below.inherited, below.own, not below.stated)
    for name in LISTS:
        reviews[name] = _merged(table, name)
    table.close()
    law = [row for row in _as_rows(table.inherited.get("rules")) if row.get("law") is True]
    for below in table.tables("rules"):
        if below.own.get("law") is not True:
            _note_later_than_law(below, law, example_from)
    return MappingProxyType(reviews)


def _at_risk_within(table: Table) -> str:
    within = table.duration("at_risk_within", required=True)
    if within and within.unit is not Unit.WORKING_DAYS:
        table.note(
            "at_risk_within", "The days before a review is due are counted in working days.", '"10 working days"'
        )
    return str(within or "")


def _as_rows(raw: object) -> list[Raw]:
    return [row for row in raw if isinstance(row, dict)] if isinstance(raw, list) else []


def _row(inherited: Raw, own: Raw, from_handbook: bool) -> Mapping[str, object]:
    return MappingProxyType({**inherited, **own, "from_handbook": from_handbook})


def _merged(table: Table, name: str) -> tuple[Mapping[str, object], ...]:
    theirs = {str(row.get("key")): row for row in _as_rows(table.inherited.get(name))}
    own: dict[str, Raw] = {}
    for below in table.tables(name):
        key = below.key()
        if key in own:
            below.note("key", f'"{key}" stands twice in [[reviews.{name}]].', "Give each its own key.")
        if table.inherited and below.own.get("law") is True:
            what = "Only handbook says what is the law; an authority's rule counts where it is earlier."
            below.note("law", what, "Remove it.")
        if name == "rules" and theirs.get(key, {}).get("law") is True:
            what = f'"{key}" is a rule of the law, which a file can add to and not replace.'
            below.note("key", what, f'Choose another key, for example "local_{key}".')
        below.inherited = theirs.get(key, {})
        check_row(below, name)
        own[key] = below.own
    inherited = [_row(row, own.get(key, {}), key not in own) for key, row in theirs.items()]
    return (*inherited, *(_row({}, row, False) for key, row in own.items() if key not in theirs))


def _note_later_than_law(table: Table, law: Iterable[Raw], example_from: date) -> None:
    """Warns where a local rule is later than the law, with the first such day after `example_from`."""
    own = _within(table.own)
    for rule in _same_review(table.own, law):
        legal = _within(rule)
        if own is None or legal is None:
            continue
        if example := _later(own, legal, example_from):
            start, theirs, lawful = example
            what = (
                f"{own} is later than the law ({legal}, {rule.get('source')}): counted from "
                f"{say_day(start)} it ends on {say_day(theirs)}, the law on {say_day(lawful)}."
            )
            right = f'The law\'s date is used wherever it is earlier. within = "{legal}" would never be later.'
            table.note("within", what, right, "warning")


def _same_review(own: Raw, law: Iterable[Raw]) -> list[Raw]:
    """The law for the same review: where its track has none for the second, that for later ones."""
    on_track = [rule for rule in law if rule.get("track") == own.get("track")]
    same = [rule for rule in on_track if rule.get("review") == own.get("review")]
    if same or own.get("review") != "second":
        return same
    return [rule for rule in on_track if rule.get("review") == "later"]


def _later(own: Duration, legal: Duration, start: date) -> tuple[date, date, date] | None:
    for number in range(366):
        day = start + timedelta(days=number)
        theirs, lawful = last_day(day, own, LAW_DAYS), last_day(day, legal, LAW_DAYS)
        if theirs > lawful:
            return day, theirs, lawful
    return None


def _within(row: Raw) -> Duration | None:
    try:
        duration = parse_duration(str(row.get("within")))
    except ValueError:
        return None
    return None if duration.unit is Unit.HOURS else duration
