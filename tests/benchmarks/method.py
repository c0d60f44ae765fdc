"""How every benchmark measures: arms in turn within each round, least, median and most, the worst round's ratio.

What it found is printed as tables, with the machine's floor beside it, and written as JSON where a folder is given.
"""

import argparse
import gc
import json
import os
import platform
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from cryptography.fernet import Fernet

from storage.encrypted import Keyring, use_keyring
from tests.benchmarks.floor import Floor, floor

DATABASES = ("sqlite", "postgresql")
FEWEST_ROUNDS = 5
"""With fewer the worst round says nothing."""
MOST_LOAD = 0.6 * (os.cpu_count() or 1)
"""Of what ran before, one benchmark among them, some is left."""
Arm = Callable[[], float]
"""Does the work of one arm once, and gives what it took."""
Row = dict[str, object]


def arguments(words: str, *, rounds: int = FEWEST_ROUNDS) -> argparse.ArgumentParser:
    """The arguments that all share; a benchmark adds its own."""
    parser = argparse.ArgumentParser(description=words, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=rounds, help=f"how often each arm is tried in turn ({rounds})")
    parser.add_argument("--on", nargs="+", choices=DATABASES, default=list(DATABASES), help="which databases")
    parser.add_argument("--out", type=Path, default=_folder_asked_for(), help="a folder for JSON (else BENCH_OUT)")
    return parser


def _folder_asked_for() -> Path | None:
    asked = os.environ.get("BENCH_OUT", "")
    return Path(asked) if asked else None


def interleaved(arms: Mapping[str, Arm], rounds: int) -> dict[str, list[float]]:
    """Each arm once a round, in turn and in turned order, after one round that is not counted."""
    took: dict[str, list[float]] = {name: [] for name in arms}
    for number in range(rounds + 1):
        for name in list(arms) if number % 2 else reversed(list(arms)):
            gc.collect()
            took[name].append(arms[name]())
    return {name: each[1:] for name, each in took.items()}


@dataclass(kw_only=True)
class Sheet:
    """What one benchmark found. `shows_not`: what nobody should read out of it."""

    name: str
    shows_not: Sequence[str]
    out: Path | None = None
    floor: Floor | None = None
    load_before: float = 0.0
    rows: list[Row] = field(default_factory=list)

    def times(self, title: str, unit: str, took: Mapping[str, Sequence[float]], *, against: str = "") -> None:
        """A table of arms; beside each how many times faster than the arm `against` it was, and in the worst round."""
        say(f"\n{title} ({unit})")
        for name, each in took.items():
            row: Row = {"title": title, "arm": name, "unit": unit, **span(each), "values": list(each)}
            beside = ""
            if against and name != against:
                ratios = [theirs / ours for theirs, ours in zip(took[against], each, strict=True)]
                row |= {"against": against, "times_faster": median(ratios), "times_faster_worst": min(ratios)}
                beside = f"   {median(ratios):6.2f}x {against} (worst round {min(ratios):.2f}x)"
            self.rows.append(row)
            low, middle, high = min(each), median(each), max(each)
            say(f"  {name:<44} {low:10.3f} {middle:10.3f} {high:10.3f}{beside}")

    def counted(self, title: str, **counts: object) -> None:
        """What was counted rather than timed."""
        self.rows.append({"title": title, **counts})
        say(f"\n{title}: " + ", ".join(f"{name.replace('_', ' ')} {count}" for name, count in counts.items()))

    def written(self) -> dict[str, object]:
        """As JSON has it."""
        return {
            "benchmark": self.name,
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "python": sys.version.split()[0],
            "machine": f"{platform.machine()}, {os.cpu_count()} cores",
            "load_before": self.load_before,
            "load_after": os.getloadavg()[0],
            "floor": self.floor.written() if self.floor else {},
            "rows": self.rows,
            "shows_not": list(self.shows_not),
        }


@contextmanager
def sheet(name: str, given: argparse.Namespace, *, shows_not: Sequence[str]) -> Iterator[Sheet]:
    """The benchmark's sheet: the floor first, then what it does, what it does not show, and the file at the end."""
    use_keyring(Keyring(Fernet.generate_key().decode()))
    made = Sheet(name=name, shows_not=shows_not, out=given.out, load_before=os.getloadavg()[0])
    say(f"== {name}: least, median and most of {given.rounds} rounds; load {made.load_before:.2f}")
    if made.load_before > MOST_LOAD:
        say("   SOMETHING ELSE IS AT WORK on this machine, or was a minute ago: times are not worth keeping.")
    made.floor = floor(given.on)
    say(f"   this machine: {made.floor}")
    yield made
    for one in shows_not:
        say(f"   It does not show {one}")
    if made.out is not None:
        made.out.mkdir(parents=True, exist_ok=True)
        (made.out / f"{name}.json").write_text(json.dumps(made.written(), indent=1), encoding="utf-8")


def span(each: Sequence[float]) -> Row:
    """Least, median and most."""
    return {"least": min(each), "median": median(each), "most": max(each), "number": len(each)}


def at_percent(values: Sequence[float], percent: float) -> float:
    """The value that so many percent do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def say(words: str) -> None:
    """Print a line at once."""
    print(words, flush=True)  # noqa: T201 - a benchmark prints
