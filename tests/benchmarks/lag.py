"""How long people wait while thousands of nudges are swept: for an answer, and until what they said has arrived.

The whole product at work in this process, in real time, its clock set to the moment at which all are late. Targets:
while 10,000 due are swept nobody waits over 3 s; the last of 2,400 due has left the sweep within 6 s; what a person
causes is in Slack within 1 s at any time.
"""

import sys
import threading
import time
from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from statistics import median

from sqlmodel import col, func, select

from scheduling.ladder import Rung
from storage.concerns import Concern, ConcernState
from storage.database import transaction
from storage.nudges import Nudge
from tests.benchmarks.crash import everybody_at_slack
from tests.benchmarks.durable import durable
from tests.benchmarks.late_council import LATER, Council, late_council
from tests.benchmarks.method import Sheet, arguments, sheet
from tests.cast import AUTHORITY, CHILD, IRO, STAFF, slack_id
from tests.slack_standin import SlackStandIn
from tests.stories.repeats import LOGGED
from tests.stories.test_loops import Running

LONGEST = 600.0
SHOWS_NOT = (
    "what Slack adds: it takes 300 messages a minute, so that thousands arrive over many minutes; here it takes all.",
    "a machine of its own for those who ask: they share this process with the product, which makes both slower.",
)


def main(asked: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = arguments(__doc__ or "", rounds=1)
    parser.add_argument("--due", type=int, default=2400, help="how many fall due at once")
    parser.add_argument("--logged", type=int, default=3, help="how many concerns are logged meanwhile")
    given = parser.parse_args(asked)
    with sheet("lag", given, shows_not=SHOWS_NOT) as found:
        for kind in given.on:
            for _ in range(given.rounds):
                with durable(kind) as engine:
                    council = late_council(engine, given.due, children=max(60, given.due // 3))
                    busy(found, kind, council, given)


def busy(found: Sheet, kind: str, council: Council, given: Namespace) -> None:
    """All fall due as the service starts; somebody types and logs until the sweep is done."""
    council.plan(council.take(given.due, ConcernState.WAITING), Rung.DEADLINE)
    with ExitStack() as stack:
        standin = stack.enter_context(SlackStandIn(hurry=False))
        for login, name, *_ in STAFF:
            standin.add_user(slack_id(login), name, f"{login}@anyshire.example")
        everybody_at_slack(council.engine, standin)
        service = Running(engine=council.engine, standin=standin, now=LATER + timedelta(seconds=1), cast=council.cast)
        service.start(stack)
        swept = stack.enter_context(watched(council))
        helped: list[float] = []
        listed: list[float] = []
        logged: list[float] = []
        arrived: list[float] = []
        while not swept or len(logged) < given.logged:
            helped.append(waited(service, "/iro help"))
            listed.append(waited(service, "/concern list"))
            if len(logged) < given.logged:
                submitted, in_slack = one_logged(service)
                logged.append(submitted)
                arrived.append(in_slack)
        found.counted(
            f"{kind}: {given.due:,} due at once",
            the_last_was_fired_after=f"{swept[0]:.1f} s",
            help_took=span_of(helped),
            a_list_took=span_of(listed),
            logging_took=span_of(logged),
            what_was_logged_was_in_Slack_after=span_of(arrived),
        )


@contextmanager
def watched(council: Council) -> Iterator[list[float]]:
    """Holds the seconds after which nothing was due any more, once that is so."""
    swept: list[float] = []
    began, stop = time.monotonic(), threading.Event()

    def look() -> None:
        while not swept and not stop.wait(0.1):
            assert time.monotonic() - began < LONGEST, "the sweep does not end"
            if not due_left(council):
                swept.append(time.monotonic() - began)

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield swept
    finally:
        stop.set()
        thread.join()


def waited(service: Running, line: str) -> float:
    """Seconds until a command was answered."""
    began = time.monotonic()
    service.people[IRO].command(line)
    return time.monotonic() - began


def one_logged(service: Running) -> tuple[float, float]:
    """Seconds until a concern was logged, and until whoever has to reply had it."""
    person = service.people[IRO]
    form = person.command(f"/concern {CHILD}")
    known = len(service.standin.messages)
    began = time.monotonic()
    seen = person.submit(form, LOGGED)
    if "Press Log again" in seen.text:
        seen = person.submit(seen, {})
    said = time.monotonic() - began
    reference = _newest(service)
    service.standin.wait_until(
        lambda: any(f"reply to {reference}" in one.text for one in list(service.standin.messages)[known:]), LONGEST
    )
    return said, time.monotonic() - began


def _newest(service: Running) -> str:
    with transaction(service.engine, AUTHORITY, writes=False) as session:
        return f"C-{session.exec(select(func.max(Concern.number))).one()}"


def due_left(council: Council) -> int:
    """How many are due still."""
    with transaction(council.engine, AUTHORITY, writes=False) as session:
        due = select(func.count()).select_from(Nudge).where(col(Nudge.due_at) <= council.later)
        return session.exec(due).one()


def span_of(seconds: Sequence[float]) -> str:
    """Median and most."""
    return f"{median(seconds):.2f} s, at most {max(seconds):.2f} s ({len(seconds)} times)"


if __name__ == "__main__":
    main(sys.argv[1:])
