"""A made-up history of reviews whose participation in each quarter is that which Nottinghamshire printed for 2022/23.

`python -m tests.nottinghamshire_year > reviews.csv` writes it to a file for `import reviews`.
"""

import csv
import io
import sys
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import count
from pathlib import Path

CELLS = Path(__file__).parent / "data" / "nottinghamshire-2022-23-participation.csv"
QUARTERS = {"q1": date(2022, 4, 1), "q2": date(2022, 7, 1), "q3": date(2022, 10, 1), "q4": date(2023, 1, 1)}
DAYS_IN_QUARTER = 90
LATE_EVERY = 29
COLUMNS = (
    "child", "kind", "due_on", "held_on", "completed_on", "participation", "chaired_by_child", "late_reason",
)  # fmt: skip


def printed_cells() -> list[dict[str, str]]:
    """The cells as printed, a row for each code."""
    with CELLS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def rows() -> Iterator[Mapping[str, str]]:
    """The reviews as rows of an import file, each of another child; every twenty-ninth a week late.

    A quarter's first and last days have reviews; dates are written both ways, and codes as code or as label.
    """
    number = count(1)
    for cell in printed_cells():
        for quarter, first in QUARTERS.items():
            for place in range(int(cell[quarter])):
                one = next(number)
                held_on = first + timedelta(place % DAYS_IN_QUARTER)
                late = one % LATE_EVERY == 0
                yield {
                    "child": f"NT-{10_000 + one}",
                    "kind": ("first", "second", "later")[one % 3],
                    "due_on": (held_on - timedelta(7) if late else held_on + timedelta(one % 5)).isoformat(),
                    "held_on": held_on.strftime("%d/%m/%Y") if one % 2 else held_on.isoformat(),
                    "participation": cell["code"] if one % 2 else cell["label"],
                    "chaired_by_child": "yes" if cell["code"] == "PN1" and one % 10 == 0 else "no",
                    "late_reason": "Lack of documents" if late else "",
                }


def nottinghamshire_year() -> str:
    """The whole file."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="")
    writer.writeheader()
    writer.writerows(rows())
    return text.getvalue()


if __name__ == "__main__":
    sys.stdout.write(nottinghamshire_year())
