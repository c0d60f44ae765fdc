"""The time rules stay pure, and nobody but bot/clock.py reads a clock."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FLOORS = ("bot", "handlers", "scheduling", "storage")
TIME_RULES = (
    "duration", "working_days", "deadlines", "deadline_wording", "ladder",
    "timetable", "track_changes", "booking", "review_tasks", "review_wording",
)  # fmt: skip
ALLOWED = sys.stdlib_module_names | {"holidays"}
READS_A_CLOCK = {
    "datetime.datetime.now",
    "datetime.datetime.utcnow",
    "datetime.datetime.today",
    "datetime.date.today",
    "time.time",
    "time.time_ns",
}
WHERE_THE_CLOCK_IS_MADE = Path("bot/clock.py")


def imported(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Every import as (the name it binds, the dotted thing it means)."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.asname or alias.name.split(".")[0], alias.name
        elif isinstance(node, ast.ImportFrom):
            source = ".".join(filter(None, ("scheduling" if node.level else "", node.module)))
            for alias in node.names:
                yield alias.asname or alias.name, f"{source}.{alias.name}"


def foreign_imports(source: str) -> list[str]:
    """What a time rule may not import."""
    siblings = {f"scheduling.{rule}" for rule in TIME_RULES}
    return [
        name
        for _, name in imported(ast.parse(source))
        if name.split(".")[0] not in ALLOWED and ".".join(name.split(".")[:2]) not in siblings
    ]


def dotted(node: ast.expr) -> str | None:
    """ "a.b.c" of an attribute chain that starts at a name."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (start := dotted(node.value)):
        return f"{start}.{node.attr}"
    return None


def clock_readings(source: str) -> list[tuple[int, str]]:
    """Line and meaning of every mention of a function that reads the wall clock, called or handed on."""
    tree = ast.parse(source)
    imports = set(imported(tree))
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Attribute) and (name := dotted(node)):
            first, _, rest = name.partition(".")
            meant = {f"{thing}.{rest}".rstrip(".") for bound, thing in imports if bound == first}
            found += [(node.lineno, reading) for reading in meant & READS_A_CLOCK]
    return found


@pytest.mark.parametrize("rule", [r for r in TIME_RULES if (ROOT / f"scheduling/{r}.py").exists()])
def test_a_time_rule_imports_the_standard_library_the_holidays_and_other_time_rules(rule: str) -> None:
    assert foreign_imports((ROOT / f"scheduling/{rule}.py").read_text(encoding="utf-8")) == []


@pytest.mark.slow
def test_the_clock_is_read_in_one_place_alone() -> None:
    modules = [path for floor in FLOORS for path in (ROOT / floor).rglob("*.py")]
    assert modules
    assert [
        f"{path.relative_to(ROOT)}:{line} {name}"
        for path in modules
        if path.relative_to(ROOT) != WHERE_THE_CLOCK_IS_MADE
        for line, name in clock_readings(path.read_text(encoding="utf-8"))
    ] == []


@pytest.mark.parametrize(
    "source",
    [
        "import sqlmodel",
        "from storage import concerns",
        "from storage.concerns import Concern",
        "from scheduling.sweep import Sweep",
        "from scheduling import procedures",
        "from . import procedures",
        "def late():\n    import numpy.linalg",
    ],
)
def test_the_import_test_sees(source: str) -> None:
    assert foreign_imports(source)


@pytest.mark.parametrize(
    "source",
    [
        "from datetime import date",
        "import zoneinfo, holidays",
        "from scheduling.duration import Duration",
        "from scheduling import working_days",
        "from .duration import Duration",
        "import scheduling.deadlines",
    ],
)
def test_the_import_test_passes_over(source: str) -> None:
    assert foreign_imports(source) == []


@pytest.mark.parametrize(
    "source",
    [
        "from datetime import UTC, datetime\nat = datetime.now(UTC)",
        "from datetime import datetime as dt\nat = dt.utcnow()",
        "import datetime\nat = datetime.datetime.now()",
        "import datetime as d\nat = d.date.today()",
        "from datetime import date\nmake = date.today",
        "import time\nat = time.time()",
        "import time as t\nat = t.time_ns()",
        "from time import time\nat = time()",
        "from datetime import datetime\ndef f(now=field(default_factory=datetime.now)): ...",
    ],
)
def test_the_clock_test_sees(source: str) -> None:
    assert len(clock_readings(source)) == 1


@pytest.mark.parametrize(
    "source",
    [
        "import time\nat = time.monotonic()",
        "from time import monotonic\nat = monotonic()",
        "from datetime import datetime, time\nat = datetime.combine(day, time(9))",
        "def f(clock):\n    return clock.now()",
        "from datetime import datetime\nat = datetime.fromisoformat(text)",
        "def f(time):\n    return time.time",
    ],
)
def test_the_clock_test_passes_over(source: str) -> None:
    assert clock_readings(source) == []
