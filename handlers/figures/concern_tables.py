"""How many concerns: entries by month, concerns by the highest stage reached, and the children concerned."""

from collections.abc import Iterable

from handlers.figures.period import Period
from handlers.figures.tables import Cell, Row, stage_column
from handlers.office import Scene
from handlers.undrawn import rules_known
from scheduling.procedures import Procedures
from storage import concern_statistics

SENIOR = "assistant_director"


def stage_numbers(rules: Procedures, found: Iterable[int]) -> list[int]:
    """Informal, every stage of the procedures in force, and any other that older procedures had."""
    return sorted({0, *(stage.number for stage in rules.stages), *found})


def concerns_by_month(scene: Scene, period: Period) -> list[Row]:
    """Entries to each stage in each month, and the total of the rows above it."""
    months = [
        (
            name,
            concern_statistics.entries_by_stage(scene.session, month.within),
            concern_statistics.cafcass_referrals(scene.session, month.first, month.last, month.whose),
        )
        for name, month in period.months()
    ]
    numbers = stage_numbers(scene.rules, (number for _, entries, _ in months for number in entries))
    rows: list[dict[str, Cell]] = [
        {
            "month": name,
            **{stage_column(number): entries.get(number, 0) for number in numbers},
            "cafcass": cafcass,
        }
        for name, entries, cafcass in months
    ]
    return [*rows, _total(rows)]


def _total(rows: list[dict[str, Cell]]) -> Row:
    counted = [column for column in rows[0] if column != "month"]
    return {"month": "total"} | {column: sum(int(row[column] or 0) for row in rows) for column in counted}


def concerns_by_highest_stage(scene: Scene, period: Period) -> list[Row]:
    """Concerns raised in the period by the highest stage they have reached."""
    counts = concern_statistics.by_highest_stage(scene.session, period.within)
    nothing = concern_statistics.StageCounts(concerns=0, completed=0, still_open=0, agencies=0)
    return [
        {
            "stage": stage_column(number),
            "concerns": counts.get(number, nothing).concerns,
            "completed": counts.get(number, nothing).completed,
            "open": counts.get(number, nothing).still_open,
            "agencies": counts.get(number, nothing).agencies,
        }
        for number in stage_numbers(scene.rules, counts)
    ]


def concerns_and_children(scene: Scene, period: Period) -> list[Row]:
    """One row: concerns raised, different children, how many reached someone senior, service concerns."""
    concerns, children, service = concern_statistics.concerns_raised(scene.session, period.within)
    known = rules_known(scene, concern_statistics.procedures_of(scene.session, period.within))
    from_stage = {digest: stage for digest, rules in known.items() if (stage := first_senior_stage(rules)) is not None}
    return [
        {
            "concerns": concerns,
            "children": children,
            "reached_assistant_director": concern_statistics.reached_seniors(
                scene.session, period.within, from_stage, senior_roles(scene.rules)
            ),
            "service_concerns": service,
        }
    ]


def senior_roles(rules: Procedures) -> tuple[str, ...]:
    """The assistant director and everyone above.

    Where an authority names its line otherwise: those whom service concerns go to, and all above.
    """
    line = rules.line_roles
    lowest = [line.index(role) for role in (SENIOR,) if role in line]
    lowest = lowest or [line.index(role) for role in rules.service_concern_roles if role in line]
    return line[min(lowest) :] if lowest else line[-1:]


def first_senior_stage(rules: Procedures) -> int | None:
    """The lowest stage that goes to the assistant director or above; None where no stage does."""
    seniors = senior_roles(rules)
    return min(
        (stage.number for stage in rules.stages if any(role in seniors for role in stage.addressees)),
        default=None,
    )
