"""Passing it on: up with a reason that is read in forms alone, down at the informal stage; else a worker adds."""

from datetime import date

import pytest

from handlers.cards import Answer, Button, Errors
from storage.concerns import ConcernState
from storage.stage_runs import Addressee, Part
from tests.bench import Bench, button, buttons, utc, words
from tests.cast import (
    ASSISTANT_DIRECTOR,
    IRO,
    OTHER_WORKER,
    SERVICE_MANAGER,
    SOCIAL_WORKER,
    TEAM_MANAGER,
)
from tests.handlers.steps import (
    DONE,
    act,
    concern,
    field,
    form,
    leave_to_manager,
    logged,
    move,
    people_asked,
    reply,
    rows,
    said,
)


def ask_to_add(bench: Bench, who: str, ref: str, worker: str) -> Answer:
    opened = form(bench.press(who, Button(label="", deed="concern.pass", subject=ref)))
    return bench.submit(who, opened, {"person": str(bench.cast.people[worker])})


# up


def test_this_needs_my_manager_asks_why_before_anything_happens(bench: Bench) -> None:
    ref = logged(bench)
    bench.forget()
    opened = form(bench.press(TEAM_MANAGER, Button(label="", deed="concern.needs_manager", subject=ref)))
    assert "Sunil Rao (Service manager) is asked to reply instead, by the same time." in words(opened)
    assert bench.told == []
    assert isinstance(bench.submit(TEAM_MANAGER, opened, {"why": " "}), Errors)
    assert isinstance(bench.submit(TEAM_MANAGER, opened, {"why": "NHS 943 476 5919"}), Errors)
    assert {one.passed_to_id for one in people_asked(bench, ref)} == {None}
    assert "Sunil Rao has been asked" in said(bench.submit(TEAM_MANAGER, opened, {"why": "Osprey."}))


def test_the_reason_is_read_in_forms_and_never_in_the_chat(bench: Bench) -> None:
    ref = logged(bench)
    leave_to_manager(bench, TEAM_MANAGER, ref, "Osprey.")
    assert "Osprey" not in "".join(words(one.card) for one in bench.told)
    for who in (SERVICE_MANAGER, IRO):
        assert "Tess Hill: it needs Sunil Rao" in words(bench.command(who, f"/concern {ref}"))
    answering = words(bench.command(SERVICE_MANAGER, f"/concern {ref} reply"))
    assert "Tess Hill: it needs Sunil Rao Osprey." in answering
    assert "Osprey" not in words(bench.command(ASSISTANT_DIRECTOR, f"/concern {ref}"))


def test_moving_says_who_was_asked_already_and_offers_first_whom_nobody_asked(bench: Bench) -> None:
    ref = logged(bench)
    assert field(bench.command(IRO, f"/concern {ref} stage"), "stage").initial == "2"
    leave_to_manager(bench, TEAM_MANAGER, ref)
    reply(bench, SERVICE_MANAGER, ref, "not agreed")
    opened = form(bench.press(IRO, button(bench.last(IRO), "Not satisfied: move up")))
    assert "Sunil Rao has been asked already: Tess Hill said that it needs their manager." in words(opened)
    assert field(opened, "stage").initial == "3"
    assert "Asked to reply: Ada Frost" in words(opened)
    named = bench.command(IRO, f"/concern {ref} stage 2")
    assert field(named, "stage").initial == "2"
    assert "Sunil Rao has been asked already" in words(named)


# down, at the informal stage


def test_what_is_passed_back_still_says_why_it_went_up(bench: Bench) -> None:
    ref = logged(bench, 0)
    leave_to_manager(bench, SOCIAL_WORKER, ref, "Osprey.")
    passing = form(bench.press(TEAM_MANAGER, Button(label="", deed="concern.pass", subject=ref)))
    assert "Sam Okoro: it needs Tess Hill Osprey." in words(passing)
    bench.submit(TEAM_MANAGER, passing, {"person": str(bench.cast.people[SOCIAL_WORKER])})
    for line in (f"/concern {ref} reply", f"/concern {ref}"):
        shown = words(bench.command(SOCIAL_WORKER, line))
        assert "Sam Okoro: it needs their manager" in shown
        assert "Osprey." in shown
    assert "Osprey." in words(bench.command(IRO, f"/concern {ref}"))
    assert "asked already" not in words(bench.command(IRO, f"/concern {ref} stage 1"))
    assert "Osprey" not in "".join(words(one.card) for one in bench.told)


# down, at a formal stage


def test_at_a_formal_stage_a_worker_adds_and_the_manager_stays_asked(bench: Bench) -> None:
    ref = logged(bench)
    bench.forget()
    assert "You stay asked for the reply." in said(ask_to_add(bench, TEAM_MANAGER, ref, SOCIAL_WORKER))
    assert [one.title for one in bench.inbox(SOCIAL_WORKER)] == [f"Please add to {ref} by Mon 21 Dec"]
    assert "Tess Hill asks you to add what you know, and stays asked for the reply." in words(bench.last(SOCIAL_WORKER))
    assert [one.label for one in buttons(bench.last(SOCIAL_WORKER))] == ["Add", "Open"]
    assert bench.titles(IRO) == []  # nothing has changed for the IRO, who sees it on opening it
    assert "Sam Okoro, to add to the reply of Tess Hill · not added yet" in words(bench.command(IRO, f"/concern {ref}"))
    assert _awaited(bench, ref) == [TEAM_MANAGER]

    adding = form(bench.press(SOCIAL_WORKER, button(bench.last(SOCIAL_WORKER), "Add")))
    assert "Added" in said(bench.submit(SOCIAL_WORKER, adding, {"words": "Osprey."}))
    assert concern(bench, ref).state is ConcernState.WAITING
    assert _awaited(bench, ref) == [TEAM_MANAGER]
    assert bench.last(TEAM_MANAGER).title == f"Sam Okoro has added to {ref}"
    answering = form(bench.press(TEAM_MANAGER, button(bench.last(TEAM_MANAGER), "Reply")))
    assert "Sam Okoro: added" in words(answering)
    assert "Osprey." in words(answering)
    bench.submit(TEAM_MANAGER, answering, {"answer": DONE, "words": "Done."})
    assert concern(bench, ref).state is ConcernState.REPLIED
    assert "Osprey." in words(bench.command(IRO, f"/concern {ref}"))


def _awaited(bench: Bench, ref: str) -> list[str]:
    return [bench.logins[one.person_id] for one in people_asked(bench, ref) if one.is_awaited]


def test_typing_reply_adds_for_who_is_asked_to_add(bench: Bench) -> None:
    ref = logged(bench)
    ask_to_add(bench, TEAM_MANAGER, ref, SOCIAL_WORKER)
    assert form(bench.command(SOCIAL_WORKER, f"/concern {ref} reply")).title == f"Add to {ref}"
    reply(bench, TEAM_MANAGER, ref)
    late = said(bench.command(SOCIAL_WORKER, f"/concern {ref} reply"))
    assert late == f"Tess Hill does not have to reply to {ref} any more: tell them what you wanted to add."


@pytest.mark.slow
def test_who_is_asked_to_add_is_reminded_up_to_the_day_and_is_never_late(bench: Bench) -> None:
    ref = logged(bench, 2)
    ask_to_add(bench, SERVICE_MANAGER, ref, OTHER_WORKER)
    again = ask_to_add(bench, SERVICE_MANAGER, ref, OTHER_WORKER)
    assert words(again) == f"Will Dean has been asked to add to {ref} already."
    bench.forget()
    bench.go_to_day(date(2026, 12, 10))
    (line,) = bench.last(OTHER_WORKER).lines
    assert line.text == f"{ref}: Sunil Rao asks you to add to their reply by Mon 14 Dec, stage 2."
    assert [one.label for one in line.buttons] == ["Add", "Open"]
    bench.go_to(utc("2026-12-14", "17:00"))
    bench.forget()
    bench.go_to_day(date(2026, 12, 16))
    assert bench.titles(OTHER_WORKER) == []


def test_who_is_asked_to_add_reads_another_date(bench: Bench) -> None:
    ref = logged(bench)
    ask_to_add(bench, TEAM_MANAGER, ref, SOCIAL_WORKER)
    bench.forget()
    act(bench, IRO, f"/concern {ref} extend", until="2027-01-08", reason="Ill.")
    assert bench.last(SOCIAL_WORKER).title == f"Another date: please add to {ref} by Fri 8 Jan 2027"
    assert "Add" in [one.label for one in buttons(bench.last(SOCIAL_WORKER))]
    assert len(bench.inbox(SOCIAL_WORKER)) == 1


def test_who_was_asked_to_add_is_not_counted_as_asked_and_is_told_of_the_next_stage(bench: Bench) -> None:
    ref = logged(bench)
    ask_to_add(bench, TEAM_MANAGER, ref, SOCIAL_WORKER)
    asked = [one for one in rows(bench, Addressee) if one.part is Part.ADDRESSED]
    assert [bench.logins[one.person_id] for one in asked] == [TEAM_MANAGER]
    bench.forget()
    move(bench, ref, 2)
    assert bench.titles(SOCIAL_WORKER) == [f"For information: {ref} is at stage 2 (nothing to do)"]


def test_a_worker_adds_for_the_next_who_is_asked_once_the_first_gave_way(bench: Bench) -> None:
    """The manager who asked for it has left, or has said that it needs their own manager."""
    ref = logged(bench)
    ask_to_add(bench, TEAM_MANAGER, ref, SOCIAL_WORKER)
    adding = form(bench.press(SOCIAL_WORKER, button(bench.last(SOCIAL_WORKER), "Add")))
    bench.submit(SOCIAL_WORKER, adding, {"words": "Osprey."})
    leave_to_manager(bench, TEAM_MANAGER, ref)
    bench.forget()
    assert "You stay asked for the reply." in said(ask_to_add(bench, SERVICE_MANAGER, ref, SOCIAL_WORKER))
    assert [one.title for one in bench.inbox(SOCIAL_WORKER)] == [f"Please add to {ref} by Mon 21 Dec"]
    again = form(bench.press(SOCIAL_WORKER, button(bench.last(SOCIAL_WORKER), "Add")))
    said(bench.submit(SOCIAL_WORKER, again, {"words": "Kestrel."}))
    assert bench.last(SERVICE_MANAGER).title == f"Sam Okoro has added to {ref}"
    answering = words(bench.command(SERVICE_MANAGER, f"/concern {ref} reply"))
    assert "Osprey." in answering
    assert "Kestrel." in answering
    assert bench.titles(TEAM_MANAGER) == []
