"""`/caseload`: children for each full-time equivalent against the range, and how old what is open has become.

Each sees their own part: an IRO their own, a manager what is open in their part of the line, an IRO manager the whole.
"""

from collections import Counter
from collections.abc import Iterator

from handlers.cards import Answer, Button, Card, Line
from handlers.figures.caseload_table import caseload
from handlers.figures.describing import for_each, sum_of
from handlers.figures.entitlement import entitled_to, whose_words
from handlers.figures.open_table import TONES, Age, age_of, days_open, open_by_age, tone_of_days
from handlers.figures.period import Period
from handlers.figures.reading import MARKS
from handlers.figures.reporting_years import year_of
from handlers.figures.tables import Row, Tone
from handlers.office import Desk
from handlers.requests import Request
from scheduling.deadline_wording import say_day
from scheduling.procedures.terms import CONCERN, CONCERNS
from scheduling.working_days import local
from storage import caseload as counts

MOST_OFFICERS = 20
MOST_OPEN = 5
_AGES = {
    Age.WITHIN_TIME: "within time",
    Age.OVERDUE: "overdue",
    Age.OVER_LIMIT: "past the limit of all stages",
    Age.NO_CLOCK: "without a clock",
}


def show_caseload(desk: Desk, _request: Request) -> Answer:
    """One screen: the load, what is open by age, and the oldest of it."""
    whose = entitled_to(desk)
    period = Period(first=year_of(desk.today).days.first, last=desk.today, whose=whose)
    lines = [*_load(desk, period), *_ages(desk, period), *_oldest(desk, period)]
    more = Button(label="Figures", deed="iro.figures", subject="this quarter")
    return Card(
        title=f"Caseload, {whose_words(whose)}", lines=tuple(Line(text=text) for text in lines), buttons=(more,)
    )


def _load(desk: Desk, period: Period) -> Iterator[str]:
    """Officers by name, never by how many they have; a manager in the line sees their part's children alone."""
    rows = caseload(desk, period)
    if period.whose.holder_ids is not None and period.whose.iro_ids is None:
        number = int(sum_of(rows, "children"))
        many = f"{_children(number)} in care" if number else "No child is in care"
        yield f"{many} in your part of the line."
        return
    for row in rows[:MOST_OFFICERS]:
        yield _officer(row)
    if len(rows) > MOST_OFFICERS:
        yield f"And {len(rows) - MOST_OFFICERS} more: the table Caseload in /iro figures names them all."
    if len(rows) > 1:
        yield _together(rows)


def _officer(row: Row) -> str:
    changes = row["changes_of_iro"]
    came = f"; {changes} came from another this year" if changes else ""
    fte = f", {row['fte']:g} full-time" if row["fte"] is not None else ""
    children = int(row["children"] or 0)
    return f"{row['iro']}: {_children(children)}{fte}{_each(row['children_per_fte'], row)}{came}."


def _together(rows: list[Row]) -> str:
    """Everyone's; their working time only where it is said of each, a measure where all with children have any."""
    children = int(sum_of(rows, "children"))
    if any(row["fte"] is None for row in rows):
        return f"Together: {_children(children)}."
    fte = sum_of(rows, "fte")
    is_measured = all(row["fte"] or not row["children"] for row in rows)
    each = _each(for_each(children, fte), rows[0]) if is_measured else ""
    return f"Together: {_children(children)}, {fte:g} full-time equivalent{'' if fte == 1 else 's'}{each}."


def _children(number: int) -> str:
    return f"{number or 'no'} {'child' if number == 1 else 'children'}"


def _each(each: object, row: Row) -> str:
    """How it stands against the range, in words: the number itself has no colour, and no children are no load."""
    if not isinstance(each, int | float) or not each:
        return ""
    least, _, most = str(row["range"]).partition(" to ")
    stands = "above" if each > float(most) else "below" if each < float(least) else "within"
    return f", {each:g} for each ({stands} the range of {row['range']})"


def _ages(desk: Desk, period: Period) -> Iterator[str]:
    rows, _ = open_by_age(desk, period)
    ages = {age: int(sum_of(rows, age.value)) for age in Age}
    total = sum(ages.values())
    if not total:
        yield f"No {CONCERN} is open."
        return
    parts = [f"{MARKS[TONES.get(age, Tone.FRESH)]}{number} {_AGES[age]}" for age, number in ages.items() if number]
    yield f"Open {CONCERNS}: {total}. {', '.join(parts)}."


def _oldest(desk: Desk, period: Period) -> Iterator[str]:
    """The oldest open concerns by reference, which everyone who sees this part may know of."""
    found = [(days_open(desk, one), one) for one in counts.open_concerns(desk.session, period.whose)]
    found.sort(key=lambda pair: (-pair[0], pair[1].number))
    if len(found) > 1:
        tones = Counter(tone_of_days(desk, days) for days, _ in found)
        old = tones[Tone.OLD]
        yield f"Oldest of them{f'; {old} past the working days of all stages' if old else ''}:"
    for days, one in found[:MOST_OPEN]:
        mark, age = MARKS[tone_of_days(desk, days)], _AGES[age_of(desk, one)]
        raised = say_day(local(one.first_raised_at).date(), desk.today)
        yield f"{mark}C-{one.number}: first raised {raised}, {days} working day{'' if days == 1 else 's'}, {age}."
