"""What a newcomer tried: the immediate route when something about it turns out to be wrong, and who raised what."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from handlers.requests import Value
from scheduling.procedures import shipped_text
from storage.stage_runs import RunKind
from tests.bench import Bench, button, buttons, utc, words
from tests.cast import (
    ASSISTANT_DIRECTOR,
    CHILD,
    IRO,
    IRO_MANAGER,
    OTHER_CHILD,
    OTHER_IRO,
    OTHER_WORKER,
    SERVICE_MANAGER,
)
from tests.databases import sqlite_engine
from tests.handlers.steps import act, field, form, leave_to_manager, logged, reason, reply, run, said


@pytest.fixture
def urgent(tmp_path: Path) -> Iterator[Bench]:
    """A concern on Nottinghamshire's immediate route, on a Friday evening: two people asked, and nobody has seen it."""
    for engine in sqlite_engine(tmp_path):
        bench = Bench(engine, utc("2026-12-11", "18:30"), shipped_text("nottinghamshire"))
        opened = form(bench.command(IRO, f"/concern {CHILD}"))
        typed: dict[str, Value] = {"worries": "X", "main_reason": reason(opened), "significant_harm": ("yes",)}
        bench.submit(IRO, form(bench.submit(IRO, opened, typed)), {})
        yield bench


def test_the_right_childs_people_are_asked_on_the_immediate_route_too(urgent: Bench) -> None:
    urgent.forget()
    act(urgent, IRO, "/concern C-1 correct", child=str(urgent.cast.children[OTHER_CHILD]))
    for who in (SERVICE_MANAGER, IRO_MANAGER):
        assert urgent.titles(who) == ["Urgent C-1: press Seen"]
        assert urgent.last(who).title == "Urgent C-1: press Seen by 7:30 pm"
    urgent.wait(timedelta(hours=1))
    assert "C-1 not seen: telephone now" in urgent.titles(IRO)


def test_asking_again_on_the_immediate_route_stays_on_it_and_is_no_entry(urgent: Bench) -> None:
    reply(urgent, SERVICE_MANAGER, "C-1")
    urgent.forget()
    act(urgent, IRO, "/concern C-1 again", reason="X")
    assert {one.to for one in urgent.told} == {SERVICE_MANAGER, IRO_MANAGER}
    assert urgent.titles(IRO_MANAGER) == ["Urgent C-1: press Seen"]
    assert run(urgent, "C-1").kind is RunKind.IMMEDIATE_AGAIN


def test_whoever_it_is_passed_to_on_the_immediate_route_is_asked_urgently_and_watched_for_an_hour(
    urgent: Bench,
) -> None:
    for who in (SERVICE_MANAGER, IRO_MANAGER):
        urgent.press(who, button(urgent.last(who), "Seen"))
    urgent.wait(timedelta(minutes=50))
    urgent.forget()
    leave_to_manager(urgent, SERVICE_MANAGER, "C-1")
    assert urgent.titles(ASSISTANT_DIRECTOR) == ["Urgent C-1: press Seen"]
    assert "Sunil Rao passed it to you." in words(urgent.last(ASSISTANT_DIRECTOR))
    assert urgent.last(ASSISTANT_DIRECTOR).title == "Urgent C-1: press Seen by 8:20 pm"
    assert [one.label for one in buttons(urgent.last(ASSISTANT_DIRECTOR))] == ["Seen", "Reply", "Open"]
    urgent.wait(timedelta(minutes=59))
    assert "C-1 not seen: telephone now" not in urgent.titles(IRO)
    urgent.wait(timedelta(minutes=1))
    assert urgent.titles(IRO)[-1] == "C-1 not seen: telephone now"


def test_a_concern_stays_raised_by_whoever_raised_it_when_the_child_gets_another_iro(bench: Bench) -> None:
    ref = logged(bench)
    act(bench, IRO_MANAGER, f"/iro allocate {CHILD}", iro=str(bench.cast.people[OTHER_IRO]), iro_reason="Sick leave.")
    shown = form(bench.command(OTHER_IRO, f"/concern {ref}"))
    assert "Raised by Ann Lee at 9:30 am, Mon 7 Dec 2026." in field(shown, "state").text
    copied = form(bench.command(OTHER_IRO, f"/concern {ref} file"))
    assert "Raised by: Ann Lee at" in str(field(copied, "text0").initial)


def test_a_concern_about_the_service_offers_no_cafcass(bench: Bench) -> None:
    opened = form(bench.command(IRO, "/concern service"))
    bench.submit(IRO, opened, {"worries": "X", "main_reason": reason(opened)})
    bench.go_to_day(date(2026, 12, 8))
    asked = next(one.card for one in bench.inbox(IRO) if one.title.startswith("No reply to C-1"))
    assert "Note a Cafcass referral" not in [one.label for one in buttons(asked)]
    shown = form(bench.command(IRO, "/concern C-1"))
    assert "Note a Cafcass referral" not in [one.label for one in buttons(shown)]


def test_a_manager_who_asked_a_worker_to_add_is_late_themself(bench: Bench) -> None:
    ref = logged(bench, 2)
    shown = form(bench.command(SERVICE_MANAGER, f"/concern {ref}"))
    asking = form(bench.press(SERVICE_MANAGER, button(shown, "Ask a worker to add")))
    bench.submit(SERVICE_MANAGER, asking, {"person": str(bench.cast.people[OTHER_WORKER])})
    assert "not waiting for a reply from you" in said(leave_to_manager(bench, OTHER_WORKER, ref))
    bench.forget()
    bench.go_to(utc("2026-12-14", "17:00"))
    assert bench.last(SERVICE_MANAGER).title.startswith(f"Your reply to {ref} is late")
    assert [one for one in bench.titles(OTHER_WORKER) if "late" in one] == []


def test_a_shared_draft_without_a_child_is_not_said_to_be_about_the_service(bench: Bench) -> None:
    opened = form(bench.command(IRO, "/concern"))
    bench.press(IRO, button(opened, "Save draft"), {"worries": "X"})
    bench.press(IRO, button(form(bench.command(IRO, "/concern C-1")), "Share with IRO manager"))
    shown = field(form(bench.command(IRO_MANAGER, "/concern C-1")), "state").text
    assert shown.startswith("C-1 · no child chosen yet · Draft")


def test_an_extension_names_only_those_who_are_told_of_it(bench: Bench) -> None:
    ref = logged(bench, 2)
    leave_to_manager(bench, SERVICE_MANAGER, ref)
    agreed = said(act(bench, IRO, f"/concern {ref} extend", until="2026-12-18", reason="X"))
    assert agreed.endswith("Told: Ada Frost, Sam Okoro.")
