"""What it costs that something falls due: nothing but the firing, and the whole deed, beside APScheduler.

Targets: a deed that does nothing at least 5 times APScheduler in the worst round; a deadline that passes (three
messages, history, two nudges) at most 2 ms on SQLite and 2.5 ms on PostgreSQL; one message with history 765 a second.
"""

import sys
import time
from argparse import Namespace
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import timedelta
from functools import partial
from importlib.util import find_spec
from statistics import median

from sqlalchemy import Engine
from sqlmodel import Session

from handlers.tick import fire
from scheduling.ladder import Rung
from scheduling.sweep import Sweep
from storage import nudges
from storage.concerns import ConcernState
from storage.database import transaction
from storage.nudges import Due
from tests.benchmarks.apscheduler_arm import Peer
from tests.benchmarks.durable import durable
from tests.benchmarks.late_council import LATER, PENDING, Council, Late, late_council, settled
from tests.benchmarks.many_nudges import put_due, put_pending, service
from tests.benchmarks.method import Sheet, arguments, interleaved, say, sheet
from tests.cast import AUTHORITY

PEER = "APScheduler"
NOW = LATER + timedelta(seconds=1)
SHOWS_NOT = (
    "that both promise the same. APScheduler forgets a job before it has run, so that a crash loses it; a nudge goes "
    "in the transaction of what it does, and comes again after a crash.",
    "what a disk costs that needs a millisecond to flush: then whoever commits less often gains more.",
    "how soon anything arrives: Slack takes 300 messages a minute in a workspace.",
)


def main(asked: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--due", type=int, default=1000, help="how many do nothing in each round")
    parser.add_argument("--pending", type=int, default=100_000, help="how many are due later")
    parser.add_argument("--deeds", type=int, default=200, help="how many whole deeds in each round")
    given = parser.parse_args(asked)
    with sheet("due", given, shows_not=SHOWS_NOT) as found:
        for kind in given.on:
            nothing_but_the_firing(found, kind, given)
            whole_deeds(found, kind, given)
        if "postgresql" in given.on:
            procrastinate_too(found, given)


def nothing_but_the_firing(found: Sheet, kind: str, given: Namespace) -> None:
    """So many due among those pending; each does nothing, and is durably done."""
    with ExitStack() as stack:
        ours, theirs = stack.enter_context(durable(kind)), stack.enter_context(durable(kind))
        service(ours, 1)
        put_pending(ours, given.pending, 1)
        peer = Peer(theirs)
        stack.callback(peer.stop)
        peer.add([(f"p{one}", PENDING + timedelta(minutes=one)) for one in range(given.pending)])
        sweep = Sweep(ours, lambda _session, _due, _now: ())
        arms = {
            PEER: lambda: of_peer(peer, given.due),
            "the sweep": lambda: swept(ours, sweep, given.due),
            "the sweep, just started": lambda: swept(ours, Sweep(ours, lambda _session, _due, _now: ()), given.due),
        }
        title = f"{kind}: {given.due:,} due among {given.pending:,} pending, doing nothing"
        found.times(title, "us each", interleaved(arms, given.rounds), against=PEER)


def of_peer(peer: Peer, number: int) -> float:
    """Microseconds each."""
    past = LATER - timedelta(days=365)
    peer.add([(f"d{one}", past) for one in range(number)])
    return 1e6 * peer.run(number, lambda _subject: None) / number


def swept(engine: Engine, sweep: Sweep, number: int) -> float:
    """Microseconds each."""
    put_due(engine, number)
    before, began = sweep.counters.fired, time.perf_counter()
    while sweep.turn(NOW):
        pass
    took = time.perf_counter() - began
    assert sweep.counters.fired - before == number, "not all of them were fired"
    return 1e6 * took / number


def whole_deeds(found: Sheet, kind: str, given: Namespace) -> None:
    """A deadline passes, and a decision is late: by the sweep, and a job for each."""
    for title, rung, state in (
        ("a deadline passes", Rung.DEADLINE, ConcernState.WAITING),
        ("a decision is late", Rung.DECISION, ConcernState.ASKED),
    ):
        with ExitStack() as stack:
            engine, store = stack.enter_context(durable(kind)), stack.enter_context(durable(kind))
            council = late_council(engine, 2 * given.deeds * (given.rounds + 1), children=max(60, 3 * given.deeds))
            peer = Peer(store)
            stack.callback(peer.stop)
            sweep = Sweep(engine, fire)
            before = council.owed()
            arms = {
                f"{PEER}, the same deed": partial(deeds_of_peer, council, peer, given.deeds, rung, state),
                "the sweep": partial(deeds_swept, council, sweep, given.deeds, rung, state),
            }
            took = interleaved(arms, given.rounds)
            found.times(f"{kind}: {title}", "ms each", took, against=f"{PEER}, the same deed")
            number = 2 * given.deeds * (given.rounds + 1)
            each = [(now - then) / number for then, now in zip(before, council.owed(), strict=True)]
            found.counted(f"{kind}: {title}, of each", messages=each[0], history=each[1], nudges_planned=each[2])
            say(f"   {1000 / median(took['the sweep']):,.0f} a second by the sweep")


def deeds_swept(council: Council, sweep: Sweep, number: int, rung: Rung, state: ConcernState) -> float:
    """Milliseconds each."""
    council.plan(council.take(number, state), rung)
    settled(council.engine)
    fired, began = sweep.counters.fired, time.perf_counter()
    while sweep.turn(NOW):
        pass
    took = time.perf_counter() - began
    assert (sweep.counters.fired - fired, sweep.counters.failed) == (number, 0)
    return 1000 * took / number


def deeds_of_peer(council: Council, peer: Peer, number: int, rung: Rung, state: ConcernState) -> float:
    """Milliseconds each. Its nudges are planned as ours are, so that each job finds the same to do."""
    taken = council.take(number, state)
    council.plan(taken, rung)
    by_subject = {one.subject: _due(one, rung) for one in taken}
    peer.add([(subject, LATER - timedelta(days=365)) for subject in by_subject])
    settled(council.engine)

    def deed(subject: str) -> None:
        with transaction(council.engine, AUTHORITY) as session:
            _alone(session, by_subject[subject])

    return 1000 * peer.run(number, deed) / number


def _alone(session: Session, due: Due) -> None:
    fire(session, [due], NOW)
    nudges.done(session, [due])


def _due(one: Late, rung: Rung) -> Due:
    return Due(LATER, f"{one.run_id:032}", one.subject, one.run_id, rung, None, 0)


def procrastinate_too(found: Sheet, given: Namespace) -> None:
    """A queue on PostgreSQL, where it is installed: its cost goes by where the due ones lie among the later ones."""
    if find_spec("procrastinate") is None:
        say("\nprocrastinate is not installed: pip install --require-hashes -r requirements-bench.txt")
        return
    from tests.benchmarks.procrastinate_arm import measured  # noqa: PLC0415 - only where it is installed

    found.times(
        f"postgresql: procrastinate, 300 due among {given.pending:,} pending, doing nothing",
        "us each",
        measured(given.pending, 300, given.rounds),
    )


if __name__ == "__main__":
    main(sys.argv[1:])
