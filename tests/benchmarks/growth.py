"""Whether the sweep grows with what is planned: an empty turn, and a thousand due, among 100,000 and a million.

All sizes stand ready at once and are tried in turn. Target (T2): with 10 million an empty turn takes at most twice what
it takes with 100,000, and so does a claim by the row with a million.
"""

import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import timedelta
from functools import partial
from statistics import median

from sqlalchemy import Engine

from scheduling.sweep import Sweep
from tests.benchmarks.durable import durable
from tests.benchmarks.late_council import LATER
from tests.benchmarks.many_nudges import put_due, put_pending, service
from tests.benchmarks.method import Sheet, arguments, interleaved, say, sheet

SIZES = (100_000, 1_000_000)
AUTHORITIES = 153
TURNS = 20
DUE = 1000
BEFORE = LATER - timedelta(days=1)
NOW = LATER + timedelta(seconds=1)
SHOWS_NOT = (
    "a table that does not fit into memory: a million nudges are some 300 MB.",
    "how the tables beside it grow: messages and history do, and no sweep goes through them.",
)


def main(asked: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES), help="how many nudges are planned")
    given = parser.parse_args(asked)
    with sheet("growth", given, shows_not=SHOWS_NOT) as found:
        for kind in given.on:
            grown(found, kind, given.sizes, given.rounds)


def grown(found: Sheet, kind: str, sizes: Sequence[int], rounds: int) -> dict[str, float]:
    """How many times the smallest size the largest takes, in the middle: an empty turn, and a claim by the row."""
    with ExitStack() as stack:
        engines = {size: stack.enter_context(durable(kind)) for size in sizes}
        for size, engine in engines.items():
            service(engine, AUTHORITIES)
            put_pending(engine, size, AUTHORITIES)
        empty = interleaved({f"{size:,}": partial(empty_turn, engine) for size, engine in engines.items()}, rounds)
        sweeps = {size: Sweep(engine, lambda _session, _due, _now: ()) for size, engine in engines.items()}
        claims = {f"{size:,}": partial(claimed, engine, sweeps[size]) for size, engine in engines.items()}
        claim = interleaved(claims, rounds)
    found.times(f"{kind}: an empty turn, by what is planned for {AUTHORITIES} authorities", "ms", empty)
    found.times(f"{kind}: {DUE:,} due, claimed and gone, each", "us", claim)
    least, most = f"{min(sizes):,}", f"{max(sizes):,}"
    grew = {
        "an empty turn": median(empty[most]) / median(empty[least]),
        "a claim by the row": median(claim[most]) / median(claim[least]),
    }
    say(f"   {most} beside {least}: " + ", ".join(f"{name} {times:.2f} times" for name, times in grew.items()))
    found.rows.append({"title": f"{kind}: {most} beside {least}", **grew})
    return grew


def empty_turn(engine: Engine) -> float:
    """Milliseconds of a turn that finds nothing due."""
    sweep = Sweep(engine, lambda _session, _due, _now: ())
    began = time.perf_counter()
    for _ in range(TURNS):
        assert not sweep.turn(BEFORE)
    return 1000 * (time.perf_counter() - began) / TURNS


def claimed(engine: Engine, sweep: Sweep) -> float:
    """Microseconds for each of a thousand that are due."""
    put_due(engine, DUE)
    before, began = sweep.counters.fired, time.perf_counter()
    while sweep.turn(NOW):
        pass
    took = time.perf_counter() - began
    assert sweep.counters.fired - before == DUE
    return 1e6 * took / DUE


if __name__ == "__main__":
    main(sys.argv[1:])
