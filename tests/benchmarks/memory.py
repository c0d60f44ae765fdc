"""Whether the process grows while people use it: its resident memory at four requests a second, and the slope.

Target (T8): under 4 MB an hour after the first ten minutes of an hour. A run of minutes says whether something leaks
by the request, and no more; `--minutes 60` is the measurement.
"""

import asyncio
import sys
import time
from argparse import Namespace
from collections.abc import Sequence
from contextlib import ExitStack
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks.commands import command, sent
from tests.benchmarks.method import Sheet, arguments, say, sheet
from tests.cast import CHILD, settle
from tests.stories.programs import machine, own_database

A_SECOND = 4.0
WARM = 1 / 3
"""The share of the run that is not counted: caches fill."""
LOOK = 2.0
SHOWS_NOT = ("memory over days, nor that of a council's size: here are two children, and the forms that are opened.",)


def main(asked: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = arguments(__doc__ or "", rounds=1)
    parser.add_argument("--minutes", type=float, default=3.0)
    given = parser.parse_args(asked)
    with sheet("memory", given, shows_not=SHOWS_NOT) as found:
        for kind in given.on:
            used(found, kind, given)


def used(found: Sheet, kind: str, given: Namespace) -> None:
    """One process asked for so many minutes."""
    with TemporaryDirectory() as made, own_database(kind, Path(made)) as engine, ExitStack() as stack:
        ours = stack.enter_context(machine(engine, Path(made)))
        settle(engine)
        program = stack.enter_context(ours.running(LOG_LEVEL="WARNING"))
        asked = cycle(
            [
                command(ours.standin, program.address, "/iro", "help"),
                command(ours.standin, program.address, "/concern", CHILD),
                command(ours.standin, program.address, "/concern", "list"),
                command(ours.standin, program.address, "/iro", "day"),
            ]
        )
        began = time.monotonic()
        looks: list[tuple[float, float]] = []
        seconds, number = 60 * given.minutes, 0
        while (now := time.monotonic() - began) < seconds:
            asyncio.run(sent(next(asked), 1, 1))
            number += 1
            if not looks or now - looks[-1][0] >= LOOK:
                looks.append((now, resident(program.process.pid)))
            time.sleep(max(0.0, began + number / A_SECOND - time.monotonic()))
    counted = [one for one in looks if one[0] >= WARM * seconds]
    found.counted(
        f"{kind}: {number} requests in {given.minutes:g} minutes",
        at_first=f"{looks[0][1]:.0f} MB",
        at_the_end=f"{looks[-1][1]:.0f} MB",
        most=f"{max(size for _, size in looks):.0f} MB",
        slope=f"{3600 * slope(counted):+.1f} MB an hour, over the last {len(counted) * LOOK / 60:.1f} minutes",
    )
    say("")


def resident(pid: int) -> float:
    """The resident memory of a process, in MB."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    line = next(one for one in status.splitlines() if one.startswith("VmRSS:"))
    return int(line.split()[1]) / 1024


def slope(points: Sequence[tuple[float, float]]) -> float:
    """By least squares; 0 of fewer than two."""
    if len(points) < 2:
        return 0.0
    x, y = (sum(each) / len(points) for each in zip(*points, strict=True))
    spread = sum((one - x) ** 2 for one, _ in points)
    return sum((one - x) * (other - y) for one, other in points) / spread if spread else 0.0


if __name__ == "__main__":
    main(sys.argv[1:])
