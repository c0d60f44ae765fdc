"""What an authority's procedures say, as values: stages, immediate route, categories, reminders, wording."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from functools import cached_property
from types import MappingProxyType
from typing import Literal

from scheduling.deadlines import HoursRule
from scheduling.duration import Duration, Unit
from scheduling.working_days import FIRST_YEAR, LAST_YEAR, WorkingCalendar

Answer = Literal["any", "each"]
RaisedBy = Literal["iro", "iro_manager"]
OnNoReply = Literal["prompt", "escalate"]
CategoryKind = Literal["informal", "formal", "both"]
Severity = Literal["error", "warning"]

_HOUR = Duration(1, Unit.HOURS)
_TWO_DAYS = Duration(2, Unit.WORKING_DAYS)
_FIVE_DAYS = Duration(5, Unit.WORKING_DAYS)
_TEN_DAYS = Duration(10, Unit.WORKING_DAYS)
_THREE_MONTHS = Duration(3, Unit.MONTHS)

UNCHECKED = "to be checked by a practitioner"
BUILT_IN_ROLES = ("iro", "iro_manager", "social_worker", "support", "admin")
REVIEW_DECISIONS_NOT_DONE = "review_decisions_not_done"
"""The category of the concern that a review decision not done by the next review readies, everywhere."""


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One thing wrong with a procedures file: where (line from 1), what is wrong and what would be right.

    An error keeps the file from being used; a warning does not.
    """

    file: str
    line: int
    severity: Severity
    what: str
    right: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.severity}: {self.what} {self.right}".rstrip()


class ProceduresInvalid(Exception):
    """A procedures file that cannot be used; `problems` names every place, the sentence the errors."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(p) for p in self.problems if p.severity == "error"))


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where a rule comes from and who checked it; `from_handbook` when the authority does not state it."""

    source: str
    checked_by: str = UNCHECKED
    from_handbook: bool = False


@dataclass(frozen=True, kw_only=True)
class Stage:
    """One stage of a concern: who must answer and within what time. Number 0 is the informal stage.

    No `reply_within` means no clock. `from_handbook_keys`: what the authority's document does not state.
    """

    number: int
    name: str
    addressees: tuple[str, ...]
    key: str = ""
    answer: Answer = "any"
    copied: tuple[str, ...] = ()
    raised_by: RaisedBy = "iro"
    reply_within: Duration | None = None
    hours_rule: HoursRule = HoursRule.WORKING
    on_no_reply: OnNoReply = "prompt"
    source: str = ""
    checked_by: str = UNCHECKED
    from_handbook: bool = False
    from_handbook_keys: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.key:
            object.__setattr__(self, "key", f"stage_{self.number}" if self.number else "informal")

    @property
    def title(self) -> str:
        """ "Stage 2: Service manager"; the name alone where it says the number, as "Formal process, stage 2" does."""
        number = f"Stage {self.number}" if self.number else "Informal"
        says_it = re.search(rf"\b{number}\b", self.name, re.IGNORECASE)
        return self.name if says_it else f"{number}: {self.name}"


@dataclass(frozen=True, kw_only=True)
class Telephone:
    """The line to ring when the immediate route is not seen in time."""

    name: str
    number: str


@dataclass(frozen=True, kw_only=True)
class ImmediateRoute:
    """Where a risk of significant harm is told at once, past every stage. `seen_within` is clock time."""

    addressees: tuple[str, ...]
    answer: Answer = "each"
    seen_within: Duration = _HOUR
    reply_within: Duration | None = None
    hours_rule: HoursRule = HoursRule.WORKING
    telephone: Telephone | None = None
    source: str = ""
    checked_by: str = UNCHECKED


@dataclass(frozen=True, kw_only=True)
class Category:
    """A reason for a concern, in the authority's own words.

    `short` is the wording for lists, which show 75 characters; `handbook` its handbook category.
    """

    key: str
    label: str
    kind: CategoryKind = "both"
    handbook: str | None = None
    short: str = ""
    note: str = ""

    @property
    def choice_label(self) -> str:
        """The wording for a list to choose from, never above 75 characters."""
        return self.short or self.label

    def used_at(self, stage: int) -> bool:
        """Whether the category is offered for a concern at that stage (0 is informal)."""
        return self.kind in ("both", "formal" if stage else "informal")


@dataclass(frozen=True, kw_only=True)
class LadderRules:
    """When reminders are sent and when the IRO is asked; `next_senior_after` counts weekly reminders."""

    before: Duration = _TWO_DAYS
    manager_again: Duration = _FIVE_DAYS
    next_senior_after: int = 2
    informal_asked_after: Duration = _TEN_DAYS
    decision_within: Duration = _FIVE_DAYS
    verdict_within: Duration = _FIVE_DAYS
    draft_named_after: Duration = _FIVE_DAYS
    limit_warning: Duration = _FIVE_DAYS
    lasted_after: Duration = _THREE_MONTHS


@dataclass(frozen=True, kw_only=True)
class Closure:
    """Days on which the authority is closed: first to last, both included, once or (`yearly`) every year."""

    first: date
    last: date
    yearly: bool = False

    def days(self, years: Iterable[int]) -> frozenset[date]:
        """The days of it; a yearly closure that starts in one of those years is followed into the next."""
        if not self.yearly:
            return _days(self.first, self.last)
        starts = (_in_year(self.first, year) for year in years)
        length = self.last - self.first
        return frozenset(day for first in starts if first for day in _days(first, first + length))


def _days(first: date, last: date) -> frozenset[date]:
    return frozenset(first + timedelta(days=n) for n in range((last - first).days + 1))


def _in_year(day: date, year: int) -> date | None:
    try:
        return day.replace(year=year)
    except ValueError:  # 29 February in a year without one
        return None


@dataclass(frozen=True, kw_only=True, eq=False)
class Procedures:
    """The rules of one authority, read from one text; `digest` is the SHA-256 of that text in hexadecimal."""

    key: str
    name: str
    digest: str
    labels: Mapping[str, str]
    opens: time
    closes: time
    your_day_at: time
    closure_days: frozenset[date]
    yearly_closures: tuple[Closure, ...]
    extra_working_days: frozenset[date]
    child_reference: re.Pattern[str]
    show_child_reference: bool
    line_roles: tuple[str, ...]
    role_labels: Mapping[str, str]
    other_roles: tuple[str, ...]
    informal: Stage | None
    stages: tuple[Stage, ...]
    immediate: ImmediateRoute | None
    total_limit: Duration
    cafcass_for: tuple[str, ...]
    legal_advice: str
    agencies: tuple[str, ...]
    categories: tuple[Category, ...]
    duties: Mapping[str, str]
    ladder: LadderRules
    service_concern_roles: tuple[str, ...]
    caseload_range: tuple[int, int]
    reviews: Mapping[str, object]
    sources: Mapping[str, Source] = field(default_factory=lambda: MappingProxyType({}))

    def stage(self, number: int) -> Stage:
        """The stage of that number, 0 being informal; KeyError where the procedures have none."""
        if number == 0 and self.informal:
            return self.informal
        for stage in self.stages:
            if stage.number == number:
                return stage
        raise KeyError(number)

    @property
    def top_stage(self) -> Stage:
        """The last formal stage: beyond it there is Cafcass, legal advice or asking again."""
        return self.stages[-1]

    def role_label(self, key: str) -> str:
        """The role as people know it; a key the procedures do not name is spelled out."""
        return self.role_labels.get(key) or key.replace("_", " ").capitalize()

    def category(self, key_or_label: str) -> Category | None:
        """The category of that key, or of that label in any case and spacing; None where there is none."""
        return self._categories.get(_folded(key_or_label))

    @cached_property
    def _categories(self) -> Mapping[str, Category]:
        by_label = {_folded(text): c for c in self.categories for text in (c.short, c.label) if text}
        return by_label | {_folded(c.key): c for c in self.categories}

    def closures(self, years: Iterable[int]) -> frozenset[date]:
        """The one-off closure days, and the yearly ones of those years."""
        wanted = tuple(years)
        return self.closure_days.union(*(closure.days(wanted) for closure in self.yearly_closures))

    def calendar(self) -> WorkingCalendar:
        """The authority's working days and hours, over every year the calendar knows."""
        return self._calendar

    @cached_property
    def _calendar(self) -> WorkingCalendar:
        return WorkingCalendar(
            opens=self.opens,
            closes=self.closes,
            closures=self.closures(range(FIRST_YEAR, LAST_YEAR)),
            extra_working=self.extra_working_days,
        )


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
