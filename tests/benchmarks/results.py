"""Writes what a run of the benchmarks found into docs/performance.md, between its two marks.

BENCH_OUT=/tmp/bench make bench && .venv/bin/python -m tests.benchmarks.results /tmp/bench
"""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.benchmarks.method import say

PAGE = Path(__file__).parents[2] / "docs" / "performance.md"
BEGIN, END = "<!-- results: begin -->", "<!-- results: end -->"
ORDER = ("due", "growth", "crash", "skew", "honesty", "commands", "delivery", "deadlines", "lag", "outages", "memory")
Found = Mapping[str, Any]


def main(asked: Sequence[str]) -> None:
    """Put the tables of every file in the folder into the page."""
    folder = Path(asked[0])
    files = [folder / f"{name}.json" for name in ORDER]
    found = [json.loads(file.read_text(encoding="utf-8")) for file in files if file.exists()]
    missing = [name for name, file in zip(ORDER, files, strict=True) if not file.exists()]
    lines = [line for one in found for line in tables(one)]
    if missing:
        lines += ["", f"Not measured in this run: {', '.join(missing)}."]
    text = PAGE.read_text(encoding="utf-8")
    before, after = text.partition(BEGIN)[0], text.partition(END)[2]
    PAGE.write_text(f"{before}{BEGIN}\n" + "\n".join(lines) + f"\n\n{END}{after}", encoding="utf-8")
    say(f"{PAGE.name}: {len(found)} of {len(ORDER)} benchmarks")


def tables(one: Found) -> Iterator[str]:
    """One benchmark: when and where, then its figures."""
    yield from ("", f"### {one['benchmark'].capitalize()}", "", said_of_the_run(one))
    title = ""
    for row in one["rows"]:
        if "arm" not in row:
            yield from ("", counted(row))
            title = ""
            continue
        if row["title"] != title:
            title = row["title"]
            yield from (
                "",
                f"{title}, in {row['unit']}:",
                "",
                "| | least | median | most | against |",
                "|---|---|---|---|---|",
            )
        figures = " | ".join(figure(row[name]) for name in ("least", "median", "most"))
        yield f"| {row['arm']} | {figures} | {beside(row)} |"


def said_of_the_run(one: Found) -> str:
    """When, on what, and what the machine could do at best."""
    floor = ", ".join(f"{name.replace('_', ' ')} {value:,.0f}" for name, value in one["floor"].items() if value)
    load = f"load {one['load_before']:.2f} before and {one['load_after']:.2f} after"
    return f"{one['at']}, Python {one['python']}, {one['machine']}, {load}; in a second: {floor}."


def beside(row: Found) -> str:
    """How many times faster than its peer."""
    if "against" not in row:
        return ""
    middle, worst = row["times_faster"], row["times_faster_worst"]
    return f"{middle:.2f} times as fast as {row['against']}, {worst:.2f} in the worst round"


def counted(row: Found) -> str:
    """What was counted, as a line."""
    parts = [f"{name.replace('_', ' ')} {figure(value)}" for name, value in row.items() if name != "title"]
    return f"- {row['title']}: {', '.join(parts)}"


def figure(value: object) -> str:
    """Three digits that count, of a number; else as it is."""
    if isinstance(value, bool) or not isinstance(value, float):
        return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


if __name__ == "__main__":
    main(sys.argv[1:])
