"""A made-up history of concerns whose entries to each stage in each month are those Rotherham printed for 2015/16.

`python -m tests.rotherham_year > year.csv` writes it to a file for `import concerns`.
"""

import csv
import io
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import cycle
from pathlib import Path

from scheduling.procedures import load_procedures

CELLS = Path(__file__).parent / "data" / "rotherham-2015-16-stages.csv"
IRO = "iro@rotherham.example"
STAGES = ("informal", "stage_1", "stage_2", "stage_3")
FIRST_DAY = {"informal": 1, "stage_1": 8, "stage_2": 15, "stage_3": 22}
COLUMNS = (
    "reference", "child", "raised_on", "raised_by", "team", "main_reason", "other_reasons", "agency",
    "significant_harm", "informal_on", "stage_1_on", "stage_2_on", "stage_3_on", "cafcass_on", "replied_on",
    "closed_on", "outcome",
)  # fmt: skip


@dataclass(kw_only=True)
class Made:
    """One made-up concern: the day it came to each stage."""

    number: int
    days: dict[str, date] = field(default_factory=dict)

    @property
    def highest(self) -> str:
        """The last stage it came to."""
        return [stage for stage in STAGES if stage in self.days][-1]


def printed_cells() -> list[dict[str, str]]:
    """The cells as printed, a row for each month."""
    with CELLS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def made_concerns() -> list[Made]:
    """Concerns that enter each stage as often as printed; stage 2 and above come from the stage below."""
    made: list[Made] = []
    for month in printed_cells():
        for stage in STAGES:
            for place in range(int(month[stage])):
                day = date.fromisoformat(f"{month['month']}-01") + timedelta(FIRST_DAY[stage] + place % 6)
                _from_below(made, stage, place, day).days[stage] = day
    return made


def _from_below(made: list[Made], stage: str, place: int, day: date) -> Made:
    """A concern at the stage below for every other stage 1 and all above it; else a new one."""
    if stage not in ("informal", "stage_1") or (stage == "stage_1" and place % 2):
        below = STAGES[STAGES.index(stage) - 1]
        for one in made:
            if one.highest == below and one.days[below] <= day:
                return one
    made.append(Made(number=len(made) + 1))
    return made[-1]


def rows() -> Iterator[Mapping[str, str]]:
    """The concerns as rows of an import file: three in four are closed, every twentieth is with another agency."""
    categories = load_procedures("rotherham").categories
    formal = cycle([one.label for one in categories if one.used_at(1)])
    informal = cycle([one.key for one in categories if one.used_at(0)])
    for one in made_concerns():
        last = max(one.days.values())
        closed = one.number % 4 != 0
        yield {
            "reference": f"ROTH-{one.number:04}",
            "child": f"RO-{1000 + one.number % 120}",
            "raised_on": min(one.days.values()).strftime("%d/%m/%Y"),
            "raised_by": IRO,
            "team": "Looked after children",
            "main_reason": next(informal if one.highest == "informal" else formal),
            "agency": "Health" if one.number % 20 == 0 else "",
            "significant_harm": "no",
            **{f"{stage}_on": day.isoformat() for stage, day in one.days.items()},
            "replied_on": (last + timedelta(9)).isoformat() if closed else "",
            "closed_on": (last + timedelta(20)).isoformat() if closed else "",
            "outcome": ("resolved", "partly resolved", "not resolved")[one.number % 3] if closed else "",
        }


def rotherham_year() -> str:
    """The whole file."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="")
    writer.writeheader()
    writer.writerows(rows())
    return text.getvalue()


if __name__ == "__main__":
    sys.stdout.write(rotherham_year())
