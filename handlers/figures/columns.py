"""The columns of each table with their titles in plain words, in the order they are printed."""

from collections.abc import Callable, Mapping

from handlers.figures.reporting_years import QUARTERS
from handlers.figures.tables import Column, Kind, stage_column
from handlers.wording import role_in_words
from scheduling.procedures import Procedures
from scheduling.procedures.terms import CONCERNS_FIRST

Columns = tuple[Column, ...]


def columns_of(name: str, rules: Procedures, present: tuple[str, ...]) -> Columns:
    """The columns of a table; `present` are the keys its rows have, of which stages differ by the procedures."""
    return _by_month(rules, present) if name == "concerns_by_month" else _FIXED[name](rules)


def stage_name(rules: Procedures, key: str) -> str:
    """ "Stage 2: Service manager" for "stage_2", by the procedures in force; the bare number where they have none."""
    stages = (*((rules.informal,) if rules.informal else ()), *rules.stages)
    return next((stage.title for stage in stages if stage_column(stage.number) == key), stage_number(key))


def stage_number(key: str) -> str:
    """ "Stage 2" for "stage_2"."""
    return key.replace("_", " ").capitalize()


def _text(key: str, title: str) -> Column:
    return Column(key=key, title=title, kind=Kind.TEXT)


def _count(key: str, title: str) -> Column:
    return Column(key=key, title=title)


def _share(key: str, title: str, part: str, base: str) -> Column:
    return Column(key=key, title=title, kind=Kind.SHARE, part=part, base=base)


def _by_month(rules: Procedures, present: tuple[str, ...]) -> Columns:
    stages = (key for key in present if key not in ("month", "cafcass"))
    return (
        Column(key="month", title="Month", kind=Kind.MONTH),
        *(_count(key, stage_name(rules, key)) for key in stages),
        _count("cafcass", "Referred to Cafcass"),
    )


def _highest_stage(_rules: Procedures) -> Columns:
    return (
        _text("stage", "Highest stage reached"),
        _count("concerns", CONCERNS_FIRST),
        _count("completed", "Completed"),
        _count("open", "Open"),
        _count("agencies", "With another agency"),
    )


def _children(rules: Procedures) -> Columns:
    known = "assistant_director" in rules.line_roles
    seniors = role_in_words(rules, "assistant_director") if known else "senior manager"
    return (
        _count("concerns", CONCERNS_FIRST),
        _count("children", "Different children"),
        _count("reached_assistant_director", f"Reached {seniors} or above"),
        _count("service_concerns", "About the service"),
    )


def _reasons(_rules: Procedures) -> Columns:
    return (
        _text("kind", "Kind"),
        _text("reason", "Reason"),
        _count("main", "Main reason"),
        _count("any", "Any mention"),
        _count("base", f"{CONCERNS_FIRST} of this kind"),
    )


def _replies(_rules: Procedures) -> Columns:
    return (
        _text("stage", "Stage"),
        _text("role", "Asked as"),
        _count("asked", "Asked"),
        _count("replied", "Replied"),
        _count("in_time", "In time"),
        Column(key="median_days", title="Working days, middle", kind=Kind.DAYS),
        Column(key="p90_days", title="Working days, nine in ten", kind=Kind.DAYS),
        _count("extensions", "Extensions"),
        _count("substitutions", "Stand-ins"),
    )


def _outcomes(_rules: Procedures) -> Columns:
    return (
        _text("outcome", "Outcome"),
        _count("concerns", CONCERNS_FIRST),
        _count("change_recorded", "What changed is recorded"),
        _count("lasted", "The change lasted"),
        _count("child_told", "The child has been told"),
        _count("on_record", "On the record"),
    )


def _by_year(_rules: Procedures) -> Columns:
    return (
        _text("year", "Year"),
        _count("reviews", "Reviews held"),
        _count("in_time", "In time"),
        _share("in_time_share", "In time, per cent", "in_time", "reviews held"),
        _count("children", "Children reviewed or missed"),
        _count("children_in_time", "All of theirs in time"),
        _share("children_in_time_share", "All in time, per cent", "children_in_time", "children reviewed or missed"),
        _count("participated", "Child took part"),
        _share("participated_share", "Took part, per cent", "participated", "reviews with a code other than PN0"),
        _count("children_on_31_march", "Children on 31 March"),
    )


def _why(_rules: Procedures) -> Columns:
    return (_text("reason", "Reason"), _count("reviews", "Reviews"))


def _participation(_rules: Procedures) -> Columns:
    return _by_quarter("reviews with a code other than PN0")


def _parents(_rules: Procedures) -> Columns:
    return _by_quarter("reviews recorded here")


def _by_quarter(base: str) -> Columns:
    names = [*(f"q{quarter}" for quarter in QUARTERS), "total"]
    titles = [*(f"Q{quarter}" for quarter in QUARTERS), "Year"]
    return (
        _text("code", "Code"),
        _text("label", "How"),
        *(_count(name, title) for name, title in zip(names, titles, strict=True)),
        *(_share(f"share_{name}", f"{title}, per cent", name, base) for name, title in zip(names, titles, strict=True)),
    )


def _around(_rules: Procedures) -> Columns:
    return (
        _text("what", "What"),
        _count("due", "Due"),
        _count("done", "Done"),
        _share("share", "Done, per cent", "done", "those due"),
    )


def _caseload(rules: Procedures) -> Columns:
    return (
        _text("iro", rules.role_label("iro")),
        _count("children", "Children"),
        Column(key="fte", title="Full-time equivalents", kind=Kind.NUMBER),
        Column(key="children_per_fte", title="Children for each", kind=Kind.NUMBER),
        _text("range", "Range"),
        _count("changes_of_iro", f"Changes of {rules.role_label('iro')}"),
    )


def _team_quarter(_rules: Procedures) -> Columns:
    return (_text("team", "Team"), _text("quarter", "Quarter"), _count("number", "Number"))


def _open_by_age(_rules: Procedures) -> Columns:
    return (
        _text("stage", "Stage"),
        _count("within_time", "Within time"),
        _count("overdue", "Overdue"),
        _count("over_limit", "Past the limit of all stages"),
        _count("no_clock", "Without a clock"),
        _count("open", "Open"),
        Column(key="oldest_days", title="Oldest, working days", kind=Kind.DAYS),
    )


_FIXED: Mapping[str, Callable[[Procedures], Columns]] = {
    "concerns_by_highest_stage": _highest_stage,
    "concerns_and_children": _children,
    "reasons": _reasons,
    "replies": _replies,
    "outcomes": _outcomes,
    "reviews_by_year": _by_year,
    "review_late_reasons": _why,
    "review_moved_reasons": _why,
    "participation": _participation,
    "parents_and_carers": _parents,
    "around_reviews": _around,
    "caseload": _caseload,
    "good_practice": _team_quarter,
    "contacts": _team_quarter,
    "open_by_age": _open_by_age,
}
