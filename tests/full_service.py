"""A service in which somebody can do every act of the table: concerns and reviews at every stand, early one morning."""

from collections.abc import Mapping
from datetime import date, time

from handlers.cards import Answer, Button, Card, Errors, Form, Notice
from handlers.requests import Value
from handlers.starts import start
from scheduling.procedures import shipped_text
from storage.children import Capacity, Child, allocate
from storage.database import transaction
from tests.bench import Bench, button, utc
from tests.cast import (
    AUTHORITY,
    BEGINNING,
    CHILD,
    IRO,
    OTHER_CHILD,
    OTHER_MANAGER,
    OTHER_WORKER,
    SOCIAL_WORKER,
    TEAM_MANAGER,
)
from tests.handlers.reviews.decided import HELD
from tests.handlers.reviews.steps import in_care, scene_of
from tests.handlers.steps import NOT_AGREED, PLAN, act, brought_in, close, form, logged, reply

BOOKED, DECIDED, SENT, AGREED, SERIES = "AB-3001", "AB-3002", "AB-3003", "AB-3004", "AB-3005"
CHILDREN = (CHILD, OTHER_CHILD, BOOKED, DECIDED, SENT, AGREED, SERIES)
CONCERNS = 10
BEGINS, MORNING = utc("2026-11-16"), utc("2026-12-07", "08:32")
"""Before the office opens: what was logged that day waits."""
PROCEDURES = f"""{shipped_text("handbook").replace("on = false", "on = true")}
[immediate]
addressees = ["service_manager", "iro_manager"]
answer = "each"
seen_within = "1 hour"
reply_within = "24 hours"
hours_rule = "next working day, same time"
source = "This test"
"""
PAST = f"OLD-8,{CHILD},2026-11-09,{IRO}@anyshire.example,2026-11-09,2026-11-16,,,"


def everything_open(bench: Bench) -> None:
    """From the day it begins to a Monday three weeks later."""
    _start(bench, "", BEGINS.date())
    for reference in CHILDREN[2:]:
        _in_the_north(bench, reference)
    close(bench, logged(bench, worries="Worry 1."))
    logged(bench, worries="Worry 2.")  # nobody replies
    bench.wake_on_day(date(2026, 11, 20))
    _held(bench, AGREED, "2026-10-26")
    bench.press(TEAM_MANAGER, button(_card(press(bench, TEAM_MANAGER, "review.decisions.open", AGREED)), "Agree"))
    bench.wake_on_day(date(2026, 12, 1))
    _held(bench, SENT, "2026-11-05")
    _take_out(bench, SENT)
    _concerns(bench)
    _reviews(bench)
    _people(bench)
    bench.wake_on_day(MORNING.date(), time(8, 30))
    logged(bench, worries="Worry 10.")
    bench.go_to(MORNING)


def _in_the_north(bench: Bench, reference: str) -> None:
    with transaction(bench.engine, AUTHORITY) as session:
        child = Child(reference=reference)
        session.add(child)
        session.flush()
        allocate(session, child, Capacity.IRO, bench.cast.people[IRO], BEGINNING)
        allocate(session, child, Capacity.HOLDER, bench.cast.people[SOCIAL_WORKER], BEGINNING)
        bench.cast.children[reference] = child.id or 0


def _held(bench: Bench, reference: str, since: str) -> None:
    """A review held today, with a decision that is with the manager."""
    in_care(bench, since, reference)
    _hold(bench, reference)
    _decide(bench, reference)
    press(bench, IRO, "review.decisions.send", reference)


def _hold(bench: Bench, reference: str, **typed: Value) -> None:
    given = {"held_on": bench.now.date().isoformat(), **HELD, **typed}
    _send(bench, IRO, form(press(bench, IRO, "review.hold", reference)), given)


def _decide(bench: Bench, reference: str) -> None:
    opened = form(press(bench, IRO, "review.decisions", reference))
    _send(bench, IRO, opened, {"what": "To swim.", "owner_role": "social_worker", "due_on": "2026-12-08"})


def _take_out(bench: Bench, reference: str) -> None:
    """It stands as it was sent until the decisions are sent again."""
    _decide(bench, reference)
    out = button(form(press(bench, IRO, "review.decisions", reference)), "Take out")
    _send(bench, IRO, form(bench.press(IRO, out)), {"because": "Words."})


def _concerns(bench: Bench) -> None:
    """One at every stand."""
    bench.wake_on_day(date(2026, 12, 2))
    waiting, more_time, planned, replied, passed = (logged(bench, worries=f"Worry {one}.") for one in range(3, 8))
    _by_manager(bench, "concern.ask_time", more_time, until="2026-12-22", reason="Leave.")
    _by_manager(bench, "concern.pass", passed, person=str(bench.cast.people[SOCIAL_WORKER]))
    reply(bench, TEAM_MANAGER, planned, PLAN, plan_by="2026-12-09")
    reply(bench, TEAM_MANAGER, replied, NOT_AGREED)
    act(bench, IRO, f"/concern {waiting} legal", words="Advice.")
    opened = form(bench.command(IRO, f"/concern {CHILD}"))
    draft = {"child": str(bench.cast.children[CHILD]), "worries": "Worry 8."}
    bench.press(IRO, button(opened, "Save draft"), draft)
    brought_in(bench, PAST)


def _by_manager(bench: Bench, deed: str, ref: str, **typed: Value) -> None:
    _send(bench, TEAM_MANAGER, form(press(bench, TEAM_MANAGER, deed, ref)), typed)


def _reviews(bench: Bench) -> None:
    """One due, with news; one booked for the last day, one begun in a series, one held with its decision not sent."""
    for since, reference in (("2026-12-01", CHILD), ("2026-11-10", BOOKED), ("2026-11-12", DECIDED)):
        in_care(bench, since, reference)
    in_care(bench, "2026-11-12", SERIES)
    booking = {"booked_for": MORNING.date().isoformat(), "time": "2 pm", "place": "School"}
    _send(bench, SOCIAL_WORKER, form(press(bench, SOCIAL_WORKER, "review.book", BOOKED)), booking)
    bench.wake_on_day(date(2026, 12, 4))
    _hold(bench, SERIES, series=("yes",))
    _hold(bench, DECIDED)
    _decide(bench, DECIDED)
    told = form(press(bench, SOCIAL_WORKER, "review.tell", CHILD))
    _send(bench, SOCIAL_WORKER, told, {"kind": "school", "words": "Words."})


def _people(bench: Bench) -> None:
    """Somebody is away by another's word, and will be again; a team has not started."""
    for first, last in (("2026-12-04", "2026-12-18"), ("2026-12-22", "2026-12-23")):
        absence = {"person": str(bench.cast.people[OTHER_WORKER]), "from": first, "to": last}
        _send(bench, OTHER_MANAGER, form(bench.command(OTHER_MANAGER, "/iro away")), absence)
    _start(bench, "South team", date(2026, 12, 14))


def _start(bench: Bench, team: str, on: date) -> None:
    with transaction(bench.engine, AUTHORITY) as session:
        start(scene_of(bench, session), team, on)


def press(bench: Bench, who: str, deed: str, subject: str) -> Answer:
    """A press on a button with that deed."""
    return bench.press(who, Button(label="", deed=deed, subject=subject))


def _send(bench: Bench, who: str, opened: Form, typed: Mapping[str, Value]) -> None:
    given = bench.submit(who, opened, typed)
    assert not isinstance(given, Errors), given
    assert not (isinstance(given, Notice) and given.refused), given


def _card(given: Answer) -> Card | Form:
    assert isinstance(given, Card | Form), given
    return given
