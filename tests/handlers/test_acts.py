"""The forms and buttons of a concern: what is checked beside the field, what is kept, and what happens in between."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Engine

from handlers.cards import Answer, Button, Errors, FieldKind, Form, Notice
from handlers.dispatch import answer
from handlers.requests import Value
from scheduling.procedures import shipped_text
from storage.children import Child
from storage.concerns import Concern, ConcernState, Lasted, Outcome
from storage.history import History
from storage.outbox import Outbox
from storage.replies import AnswerKind, Reply
from storage.stage_runs import StageRun
from tests.bench import Bench, button, buttons, utc, words
from tests.cast import (
    ASSISTANT_DIRECTOR,
    CHILD,
    DIRECTOR,
    IRO,
    IRO_MANAGER,
    OTHER_CHILD,
    OTHER_IRO,
    OTHER_MANAGER,
    OTHER_WORKER,
    SERVICE_MANAGER,
    SOCIAL_WORKER,
    TEAM_MANAGER,
    away,
)
from tests.handlers.steps import (
    CLOSED,
    DONE,
    NOT_AGREED,
    PLAN,
    act,
    close,
    concern,
    entries,
    field,
    form,
    happened,
    leave_to_manager,
    logged,
    move,
    people_asked,
    put_in_force,
    reason,
    reference,
    reply,
    rows,
    run,
    said,
)

NHS_NUMBER = "943 476 5919"
POSTCODE = "S60 1AE"


@pytest.fixture
def twin(engine: Engine) -> Bench:
    """A bench on SQLite, and again on PostgreSQL."""
    return Bench(engine, utc("2026-12-07"))


def _log_form(bench: Bench, about: str = CHILD) -> tuple[Form, dict[str, Value]]:
    opened = form(bench.command(IRO, f"/concern {about}"))
    return opened, {"worries": "Worry.", "main_reason": reason(opened), "start_at": "1"}


# the form "Log a concern"


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"worries": "  "}, "worries"),
        ({"main_reason": ""}, "main_reason"),
        ({"main_reason": "no such reason"}, "main_reason"),
        ({"needed_by": "soon"}, "needed_by"),
        ({"spoken_on": "2026-12-08"}, "spoken_on"),
        ({"child": ""}, "child"),
        ({"child": "4711"}, "child"),
        ({"start_at": "9"}, "start_at"),
        ({"start_at": "first"}, "start_at"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(wrong: dict[str, Value], where: str, bench: Bench) -> None:
    opened, typed = _log_form(bench)
    problem = bench.submit(IRO, opened, {**typed, **wrong})
    assert isinstance(problem, Errors), problem
    assert set(problem.by_field) == {where}
    assert rows(bench, Concern) == []


def test_save_draft_in_a_form_with_something_wrong_says_so_and_keeps_what_was_typed(bench: Bench) -> None:
    opened, typed = _log_form(bench)
    again = form(bench.press(IRO, button(opened, "Save draft"), {**typed, "needed_by": "soon", "worries": "Kept"}))
    assert field(again, "wrong").text == "Give a date, such as 2027-01-12."
    assert field(again, "worries").initial == "Kept"


@pytest.mark.parametrize("key", ["worries", "working_well", "impact", "needs", "spoken_to", "start_reason"])
def test_an_nhs_number_is_refused_in_every_field(key: str, bench: Bench) -> None:
    opened, typed = _log_form(bench)
    problem = bench.submit(IRO, opened, {**typed, key: f"Number {NHS_NUMBER}"})
    assert isinstance(problem, Errors)
    assert "NHS number" in problem.by_field[key]
    assert NHS_NUMBER not in problem.by_field[key]


def test_a_postcode_is_asked_about_and_kept_with_a_reason(bench: Bench) -> None:
    opened, typed = _log_form(bench)
    asked = form(bench.submit(IRO, opened, {**typed, "worries": f"At {POSTCODE}"}))
    assert "looks like personal detail" in field(asked, "keep_about").text
    assert field(asked, "worries").initial == f"At {POSTCODE}"
    assert rows(bench, Concern) == []
    ref = reference(said(bench.submit(IRO, asked, {"kept_because": "The placement is a school."})))
    assert concern(bench, ref).kept_because == "The placement is a school."


def test_a_postcode_taken_out_again_needs_no_reason(bench: Bench) -> None:
    opened, typed = _log_form(bench)
    asked = form(bench.submit(IRO, opened, {**typed, "worries": f"At {POSTCODE}"}))
    assert "is logged" in said(bench.submit(IRO, asked, {"worries": "At school"}))


def test_an_agencys_contact_is_exempt(bench: Bench) -> None:
    opened, typed = _log_form(bench)
    contact = {"agency": "Health", "agency_contact": "jo@health.example, 01709 123456"}
    assert "is logged" in said(bench.submit(IRO, opened, {**typed, **contact}))


@pytest.mark.parametrize(
    ("line", "typed", "key"),
    [
        ("stage 2", {}, "reason"),
        ("extend", {"until": "2027-01-29"}, "reason"),
        ("close", {**CLOSED}, "what_changed"),
        ("cafcass", {}, "words"),
        ("legal", {}, "words"),
        ("record", {"answer": DONE}, "words"),
    ],
)
def test_every_forms_words_are_looked_through(line: str, typed: dict[str, Value], key: str, bench: Bench) -> None:
    ref = logged(bench)
    before = _acts(bench, ref)
    refused = act(bench, IRO, f"/concern {ref} {line}", **{**typed, key: NHS_NUMBER})
    assert isinstance(refused, Errors)
    assert "NHS number" in refused.by_field[key]
    asked = form(act(bench, IRO, f"/concern {ref} {line}", **{**typed, key: POSTCODE}))
    assert _acts(bench, ref) == before
    assert isinstance(bench.submit(IRO, asked, {"kept_because": "Needed."}), Notice)
    assert len(_acts(bench, ref)) > len(before)


def _acts(bench: Bench, ref: str) -> list[str]:
    """What was done, but for who read it."""
    return [one for one in happened(bench, ref) if one != "read"]


def test_an_iro_manager_who_keeps_a_detail_is_not_asked_in_a_ring(bench: Bench) -> None:
    away(bench.engine, bench.cast, IRO, date(2026, 12, 7), None)
    opened = form(bench.command(IRO_MANAGER, f"/concern {CHILD}"))
    given: Answer = opened
    typed: dict[str, Value] = {
        "worries": POSTCODE,
        "main_reason": reason(opened),
        "kept_because": "Needed.",
        "manager_reason": "Away.",
    }
    for _ in range(3):
        if not isinstance(given, Form):
            break
        shown = {one.key for one in given.fields}
        given = bench.submit(IRO_MANAGER, given, {key: value for key, value in typed.items() if key in shown})
    assert "is logged" in said(given)


@pytest.mark.slow
def test_an_act_that_was_asked_about_first_is_recorded_once(bench: Bench) -> None:
    ref = logged(bench)
    away(bench.engine, bench.cast, IRO, date(2026, 11, 2), None)
    for line, typed in (
        ("stage 2", {"reason": POSTCODE}),
        ("extend", {"until": "2027-01-29", "reason": POSTCODE}),
        ("legal", {"words": POSTCODE}),
        ("close", {**CLOSED, "what_changed": POSTCODE}),
        ("reopen", {"reason": POSTCODE}),
    ):
        before = happened(bench, ref).count("acted for the IRO")
        asked = form(act(bench, IRO_MANAGER, f"/concern {ref} {line}", manager_reason="Away.", **typed))
        bench.submit(IRO_MANAGER, asked, {"kept_because": "Needed."})
        assert happened(bench, ref).count("acted for the IRO") == before + 1, line


# drafts


def test_a_draft_is_edited_and_logged_with_all_it_held(bench: Bench) -> None:
    opened, typed = _log_form(bench)
    saved = bench.press(
        IRO,
        button(opened, "Save draft"),
        {**typed, "child": field(opened, "child").initial, "impact": "Impact", "child_voice": ("told", "wishes")},
    )
    ref = reference(said(saved))
    again = form(bench.command(IRO, f"/concern {ref}"))
    assert field(again, "impact").initial == "Impact"
    assert field(again, "child_voice").initial == ("told", "wishes")
    assert "is logged" in said(bench.submit(IRO, again, {"needs": "Needs"}))
    kept = concern(bench, ref)
    assert (kept.worries, kept.impact, kept.needs, kept.state) == ("Worry.", "Impact", "Needs", ConcernState.WAITING)
    assert bench.titles(TEAM_MANAGER) == [f"Please reply to {ref}"]


def test_an_empty_draft_is_kept_without_a_child_and_told_to_nobody(bench: Bench) -> None:
    opened = form(bench.command(IRO, "/concern"))
    ref = reference(said(bench.press(IRO, button(opened, "Save draft"), {"worries": "Half a sentence"})))
    assert concern(bench, ref).child_id is None
    assert bench.told == []


def test_a_logged_draft_cannot_be_logged_again(bench: Bench) -> None:
    opened, typed = _log_form(bench)
    child = {"child": field(opened, "child").initial}
    ref = reference(said(bench.press(IRO, button(opened, "Save draft"), {**typed, **child})))
    first, second = (form(bench.command(IRO, f"/concern {ref}")) for _ in range(2))
    bench.submit(IRO, first, {})
    assert f"{ref} has been logged already" in said(bench.submit(IRO, second, {}))
    assert bench.titles(TEAM_MANAGER) == [f"Please reply to {ref}"]


def test_a_discarded_draft_keeps_no_words(bench: Bench) -> None:
    opened, typed = _log_form(bench)
    child = {"child": field(opened, "child").initial}
    ref = reference(said(bench.press(IRO, button(opened, "Save draft"), {**typed, **child})))
    bench.press(IRO, button(form(bench.command(IRO, f"/concern {ref}")), "Discard draft"))
    assert concern(bench, ref).worries is None


# where it starts, and about whom


@pytest.mark.parametrize("why", ["", "The first stage was tried by telephone."])
def test_skipping_a_stage_is_recorded_and_never_refused(why: str, bench: Bench) -> None:
    ref = logged(bench, 2, start_reason=why)
    assert run(bench, ref).skipped
    assert (run(bench, ref).reason or "") == why


def test_the_move_form_says_what_it_skips_and_whom_it_asks(bench: Bench) -> None:
    ref = logged(bench, 1)
    shown = words(bench.command(IRO, f"/concern {ref} stage 3"))
    assert "This skips Stage 2" in shown
    assert "Ada Frost (Assistant director)" in shown
    move(bench, ref, 3)
    assert run(bench, ref).skipped
    assert people_asked(bench, ref)[0].person_id == bench.cast.people[ASSISTANT_DIRECTOR]


def test_a_stage_the_procedures_do_not_have_is_refused(bench: Bench) -> None:
    ref = logged(bench, 1)
    assert said(bench.command(IRO, f"/concern {ref} stage 7")) == "These procedures have no stage 7; there is 1, 2, 3."
    assert "ask again there" in said(bench.command(IRO, f"/concern {ref} stage 1"))


def test_moving_down_asks_the_lower_stage(bench: Bench) -> None:
    ref = logged(bench, 2)
    bench.forget()
    move(bench, ref, 1)
    assert bench.titles(TEAM_MANAGER) == [f"{ref} is now with you: reply"]
    assert bench.titles(SERVICE_MANAGER) == [f"For information: {ref} is at stage 1 (nothing to do)"]
    assert concern(bench, ref).highest_stage == 2


def test_at_the_top_moving_up_offers_what_is_left(bench: Bench) -> None:
    ref = logged(bench, 3)
    reply(bench, ASSISTANT_DIRECTOR, ref, NOT_AGREED)
    top = form(bench.command(IRO, f"/concern {ref} stage"))
    assert [one.label for one in buttons(top)] == ["Ask again", "Note a Cafcass referral", "Legal advice"]
    bench.forget()
    again = form(bench.press(IRO, button(top, "Ask again")))
    bench.submit(IRO, again, {"reason": "Still open."})
    assert bench.titles(ASSISTANT_DIRECTOR) == [f"{ref}, asked again: please reply"]
    assert concern(bench, ref).state is ConcernState.WAITING


def test_a_concern_about_the_service_goes_to_senior_managers_and_no_further_down(bench: Bench) -> None:
    opened = form(bench.command(IRO, "/concern service"))
    main = reason(opened)
    assert "child" not in {one.key for one in opened.fields}
    wrong = bench.submit(IRO, opened, {"worries": "Worry.", "main_reason": main, "start_at": "0"})
    assert isinstance(wrong, Errors), "a social worker is never asked about the service"
    ref = reference(said(bench.submit(IRO, opened, {"worries": "Worry.", "main_reason": main})))
    assert bench.titles(ASSISTANT_DIRECTOR) == bench.titles(DIRECTOR) == [f"Please reply to {ref}"]
    assert "about the service" in words(bench.last(DIRECTOR)).lower()
    assert isinstance(bench.command(IRO, f"/concern {ref} stage 1"), Notice)
    assert "no one child" in said(bench.command(IRO, f"/concern {ref} cafcass"))
    assert "no one child" in said(bench.command(IRO, f"/concern {ref} correct"))
    bench.forget()
    reply(bench, DIRECTOR, ref)
    close(bench, ref)
    refused = act(bench, IRO, f"/concern {ref} reopen", stage="1", reason="X")
    assert isinstance(refused, Errors)
    assert concern(bench, ref).state is ConcernState.CLOSED


def test_a_child_not_listed_is_added_with_a_holder(bench: Bench) -> None:
    opened = form(bench.command(IRO, "/concern AB-9001"))
    typed: dict[str, Value] = {"worries": "Worry.", "main_reason": reason(opened), "start_at": "0"}
    again = form(bench.submit(IRO, opened, typed))
    assert "holder" in {one.key for one in again.fields}
    conflict = bench.submit(IRO, again, {**typed, "holder": str(bench.cast.people[IRO])})
    assert isinstance(conflict, Errors), "an IRO never holds the case"
    bench.submit(IRO, again, {**typed, "holder": str(bench.cast.people[OTHER_WORKER])})
    added = next(one for one in rows(bench, Child) if one.reference == "AB-9001")
    assert (added.iro_id, added.holder_id) == (bench.cast.people[IRO], bench.cast.people[OTHER_WORKER])
    assert bench.titles(OTHER_WORKER) == bench.titles(OTHER_MANAGER) == ["Please reply to C-1"]


def test_correcting_the_child_takes_it_from_those_wrongly_asked_at_once(bench: Bench) -> None:
    ref = logged(bench, worries="Kestrel")
    limit = concern(bench, ref).limit_at
    live = button(bench.last(TEAM_MANAGER), "Reply")
    bench.wait(utc("2026-12-08") - utc("2026-12-07"))
    bench.forget()
    opened = form(bench.command(IRO, f"/concern {ref} correct"))
    told = said(bench.submit(IRO, opened, {"child": str(bench.cast.children[OTHER_CHILD])}))
    assert "now about AB-2077" in told
    for who in (TEAM_MANAGER, SOCIAL_WORKER):
        assert bench.titles(who) == [f"{ref} is no longer with you"]
        assert buttons(bench.last(who)) == []
        assert "There is no" in said(bench.command(who, f"/concern {ref}"))
    assert "There is no" in said(bench.press(TEAM_MANAGER, live))
    assert bench.titles(OTHER_MANAGER) == [f"Please reply to {ref}"]
    assert concern(bench, ref).limit_at == limit
    assert concern(bench, ref).state is ConcernState.WAITING


def test_a_reply_of_someone_wrongly_asked_is_hidden_from_those_rightly_asked(bench: Bench) -> None:
    ref = logged(bench)
    act(bench, TEAM_MANAGER, f"/concern {ref} reply", answer=DONE, words="Kestrel")
    opened = form(bench.command(IRO, f"/concern {ref} correct"))
    bench.submit(IRO, opened, {"child": str(bench.cast.children[OTHER_CHILD])})
    assert "Kestrel" in words(bench.command(IRO, f"/concern {ref}"))
    assert "Kestrel" not in words(bench.command(OTHER_MANAGER, f"/concern {ref}"))


# replying


@pytest.mark.parametrize(
    ("typed", "where"),
    [
        ({"answer": "", "words": "X"}, "answer"),
        ({"answer": "maybe", "words": "X"}, "answer"),
        ({"answer": DONE, "words": " "}, "words"),
        ({"answer": PLAN, "words": "X"}, "plan_by"),
        ({"answer": PLAN, "words": "X", "plan_by": "2026-12-06"}, "plan_by"),
        ({"answer": PLAN, "words": "X", "plan_by": "tomorrow"}, "plan_by"),
        ({"answer": DONE, "words": NHS_NUMBER}, "words"),
    ],
)
def test_a_reply_is_checked_beside_the_field(typed: dict[str, Value], where: str, bench: Bench) -> None:
    ref = logged(bench)
    problem = act(bench, TEAM_MANAGER, f"/concern {ref} reply", **typed)
    assert isinstance(problem, Errors)
    assert set(problem.by_field) == {where}
    assert rows(bench, Reply) == []


def test_reply_shows_what_it_answers_and_that_it_was_read_is_on_record(bench: Bench) -> None:
    ref = logged(bench, worries="No school place since half-term.")
    opened = form(bench.command(TEAM_MANAGER, f"/concern {ref} reply"))
    shown = field(opened, "worry")
    assert (shown.label, shown.text) == ("What are we worried about?", "No school place since half-term.")
    assert happened(bench, ref)[-2:] == ["seen", "read"]


def test_opening_is_seen_and_seen_is_not_answered(bench: Bench) -> None:
    ref = logged(bench)
    bench.command(TEAM_MANAGER, f"/concern {ref}")
    bench.command(TEAM_MANAGER, f"/concern {ref}")
    assert happened(bench, ref).count("seen") == 1
    assert concern(bench, ref).state is ConcernState.WAITING
    assert "seen at" in words(bench.command(IRO, f"/concern {ref}"))


def test_who_replies_reads_in_the_form_what_they_answer_and_nobody_else_does(bench: Bench) -> None:
    ref = logged(bench, worries="He has no key worker.")
    worry = field(bench.command(TEAM_MANAGER, f"/concern {ref} reply"), "worry")
    assert (worry.label, worry.text) == ("What are we worried about?", "He has no key worker.")
    for other in (SERVICE_MANAGER, OTHER_MANAGER):
        assert "key worker" not in words(bench.command(other, f"/concern {ref} reply"))


def test_a_second_reply_becomes_an_addition(bench: Bench) -> None:
    ref = logged(bench)
    first, second = (form(bench.command(TEAM_MANAGER, f"/concern {ref} reply")) for _ in range(2))
    bench.submit(TEAM_MANAGER, first, {"answer": DONE, "words": "First."})
    refused = bench.submit(TEAM_MANAGER, second, {"answer": NOT_AGREED, "words": "Second."})
    assert "already replied" in said(refused)
    adding = form(bench.press(TEAM_MANAGER, button(_notice(refused), "Add to my reply")))
    assert "Added" in said(bench.submit(TEAM_MANAGER, adding, {"words": "More."}))
    assert [(one.answer, one.words) for one in rows(bench, Reply)] == [(AnswerKind.DONE, "First."), (None, "More.")]
    assert bench.titles(IRO)[-1] == f"Tess Hill has added to their reply to {ref}"
    assert form(bench.command(TEAM_MANAGER, f"/concern {ref} reply")).title == "Add to my reply"


@pytest.mark.slow
def test_a_reply_after_the_deadline_is_taken_and_said_to_be_late(bench: Bench) -> None:
    ref = logged(bench)
    bench.go_to_day(date(2026, 12, 22))
    bench.forget()
    assert "with the IRO" in said(reply(bench, TEAM_MANAGER, ref))
    assert "It came after the deadline." in words(bench.last(IRO))
    assert concern(bench, ref).state is ConcernState.REPLIED


def test_the_word_that_a_plan_is_done_hands_it_to_the_iro(bench: Bench) -> None:
    ref = logged(bench)
    reply(bench, TEAM_MANAGER, ref, PLAN, plan_by="2026-12-18")
    assert concern(bench, ref).state is ConcernState.PLANNED
    act(bench, TEAM_MANAGER, f"/concern {ref} reply", words="Done on Monday.", done=("done",))
    assert concern(bench, ref).state is ConcernState.REPLIED
    assert bench.last(IRO).title == f"Tess Hill says the plan for {ref} is done"


@pytest.mark.slow
def test_a_reply_given_elsewhere_is_recorded_on_the_day_it_was_given(bench: Bench) -> None:
    ref = logged(bench)
    bench.go_to_day(date(2026, 12, 23))
    wrong = act(bench, IRO, f"/concern {ref} record", answer=DONE, words="X", given_on="2026-12-24")
    assert isinstance(wrong, Errors)
    act(bench, IRO, f"/concern {ref} record", answer=DONE, words="By telephone.", given_on="2026-12-17")
    kept = rows(bench, Reply)[0]
    assert kept.given_at == utc("2026-12-17", "17:00")
    assert kept.recorded_by_id == bench.cast.people[IRO]
    assert kept.person_id == bench.cast.people[TEAM_MANAGER]
    assert concern(bench, ref).state is ConcernState.REPLIED
    assert "after the deadline" not in words(bench.last(IRO))


def test_a_reply_of_the_day_on_which_24_hours_end_was_not_late(bench: Bench) -> None:
    ref = logged(bench, 3)
    due = run(bench, ref).due_at
    assert due == utc("2026-12-08", "09:30")
    bench.go_to_day(date(2026, 12, 9))
    act(bench, IRO, f"/concern {ref} record", answer=DONE, words="By telephone.", given_on="2026-12-08")
    assert rows(bench, Reply)[0].given_at == due
    assert "after the deadline" not in words(bench.last(IRO))


# passing on


def test_this_needs_my_manager_asks_the_next_senior_at_the_same_time(bench: Bench) -> None:
    ref = logged(bench)
    due = run(bench, ref).due_at
    bench.wait(utc("2026-12-09") - bench.now)
    bench.forget()
    told = said(leave_to_manager(bench, TEAM_MANAGER, ref))
    assert told == f"Sunil Rao has been asked to reply to {ref} instead. The deadline stays."
    assert run(bench, ref).due_at == due
    assert "Tess Hill passed it to you." in words(bench.last(SERVICE_MANAGER))
    assert bench.titles(IRO) == [f"{ref} is now with Sunil Rao"]
    assert "You passed" in said(bench.command(TEAM_MANAGER, f"/concern {ref} reply"))
    assert "with the IRO" in said(reply(bench, SERVICE_MANAGER, ref))


def _pass_to(bench: Bench, who: str, ref: str, to: str) -> Answer:
    opened = form(bench.press(who, Button(label="", deed="concern.pass", subject=ref)))
    return bench.submit(who, opened, {"person": str(bench.cast.people[to])})


def test_a_manager_passes_it_to_a_worker_of_theirs_and_to_nobody_else(bench: Bench) -> None:
    ref = logged(bench, 0)
    for wrong in (OTHER_WORKER, IRO, SERVICE_MANAGER, TEAM_MANAGER):
        assert isinstance(_pass_to(bench, TEAM_MANAGER, ref, wrong), Errors), wrong
    assert "Sam Okoro has been asked" in said(_pass_to(bench, TEAM_MANAGER, ref, SOCIAL_WORKER))
    assert bench.titles(SOCIAL_WORKER)[-1] == f"{ref} is now yours: reply"
    assert "with the IRO" in said(reply(bench, SOCIAL_WORKER, ref))


def test_what_is_passed_down_and_back_up_never_ends_with_nobody(bench: Bench) -> None:
    ref = logged(bench, 0)
    for _ in range(2):
        bench.wait(utc("2026-12-08", "10:00") - utc("2026-12-08", "09:00"))
        bench.forget()
        _pass_to(bench, TEAM_MANAGER, ref, SOCIAL_WORKER)
        assert bench.titles(SOCIAL_WORKER) == [f"{ref} is now yours: reply"]
        leave_to_manager(bench, SOCIAL_WORKER, ref)
        assert bench.titles(TEAM_MANAGER) == [f"{ref} is now yours: reply"]
    assert "with the IRO" in said(reply(bench, TEAM_MANAGER, ref))


def test_a_wish_for_more_time_moves_nothing_until_the_iro_agrees(bench: Bench) -> None:
    ref = logged(bench)
    due, limit = run(bench, ref).due_at, concern(bench, ref).limit_at
    asking = Button(label="", deed="concern.ask_time", subject=ref)
    opened = form(bench.press(TEAM_MANAGER, asking))
    early = bench.submit(TEAM_MANAGER, opened, {"until": "2026-12-20", "reason": "X"})
    assert isinstance(early, Errors)
    bench.submit(TEAM_MANAGER, opened, {"until": "2027-01-15", "reason": "Leave."})
    assert run(bench, ref).due_at == due
    assert bench.titles(IRO) == [f"Tess Hill asks for more time for {ref}"]
    agreeing = form(bench.press(IRO, button(bench.last(IRO), "Agree an extension")))
    assert field(agreeing, "until").initial == "2027-01-15"
    bench.forget()
    bench.submit(IRO, agreeing, {"reason": "Agreed."})
    assert run(bench, ref).due_at == utc("2027-01-15", "17:00")
    assert run(bench, ref).extensions == 1
    assert concern(bench, ref).limit_at == limit
    assert bench.titles(TEAM_MANAGER) == [f"More time for {ref}: reply"]


# what happened in between


def test_a_button_of_an_earlier_stage_says_what_happened_since(bench: Bench) -> None:
    ref = logged(bench)
    old = button(bench.last(TEAM_MANAGER), "Reply")
    move(bench, ref, 2)
    told = bench.press(TEAM_MANAGER, old)
    assert "has moved on since: it was taken to stage 2 by Ann Lee at 9:30 am, Mon 7 Dec 2026" in said(told)
    assert [one.label for one in buttons(_notice(told))] == ["Open"]


def test_a_button_of_a_closed_concern_says_so(bench: Bench) -> None:
    ref = logged(bench)
    old = button(bench.last(TEAM_MANAGER), "Reply")
    close(bench, ref)
    assert f"{ref} was closed at 9:30 am, Mon 7 Dec 2026" in said(bench.press(TEAM_MANAGER, old))


def test_a_form_opened_before_a_reply_came_decides_nothing(bench: Bench) -> None:
    ref = logged(bench)
    opened = form(bench.command(IRO, f"/concern {ref} stage 2"))
    bench.wait(utc("2026-12-08") - bench.now)
    reply(bench, TEAM_MANAGER, ref)
    told = said(bench.submit(IRO, opened, {"reason": "No reply."}))
    assert "a reply came" in told
    assert "Nothing was done" in told
    assert concern(bench, ref).state is ConcernState.REPLIED


@pytest.mark.slow
@pytest.mark.parametrize("second", ["close", "stage 2", "again", "extend"])
def test_of_two_who_decide_at_once_the_second_gets_a_sentence(second: str, twin: Bench) -> None:
    ref = logged(twin)
    twin.go_to_day(date(2026, 12, 22))
    away(twin.engine, twin.cast, IRO, date(2026, 12, 22), date(2026, 12, 22), OTHER_IRO)
    mine = form(twin.command(IRO, f"/concern {ref} stage 2"))
    theirs = form(twin.command(OTHER_IRO, f"/concern {ref} {second}"))
    twin.now = utc("2026-12-22", "09:31")
    twin.submit(IRO, mine, {"reason": "X"})
    twin.now = utc("2026-12-22", "09:32")
    before = len(entries(twin, ref))
    lost = twin.submit(OTHER_IRO, theirs, {"reason": "X", "until": "2027-01-29", **CLOSED})
    assert "has moved on since: it was taken to stage 2 by Ann Lee" in said(lost)
    assert len(entries(twin, ref)) == before
    assert concern(twin, ref).state is ConcernState.WAITING


def test_the_same_request_twice_has_one_effect_and_one_answer(twin: Bench) -> None:
    opened, typed = _log_form(twin)
    values = {"child": field(opened, "child").initial, **typed}
    asked = twin.request(IRO, "concern.log", values=values, context=opened.context, key="twice")
    first = answer(twin.office, asked)
    assert answer(twin.office, asked) == first
    assert answer(twin.office, replace(asked, values={})) == first
    twin.deliver()
    assert len(rows(twin, Concern)) == 1
    assert twin.titles(TEAM_MANAGER) == ["Please reply to C-1"]


def test_a_reply_sent_twice_is_one_reply(twin: Bench) -> None:
    ref = logged(twin)
    opened = form(twin.command(TEAM_MANAGER, f"/concern {ref} reply"))
    asked = twin.request(
        TEAM_MANAGER,
        opened.deed,
        subject=ref,
        run=opened.run,
        values={"answer": DONE, "words": "X"},
        key="once",
    )
    assert answer(twin.office, asked) == answer(twin.office, asked)
    assert len(rows(twin, Reply)) == 1


def test_a_refused_request_can_be_tried_again_under_the_same_key(bench: Bench) -> None:
    opened, typed = _log_form(bench)
    values = {"child": field(opened, "child").initial, **typed}
    wrong = bench.request(IRO, "concern.log", values={**values, "worries": ""}, key="again")
    assert isinstance(answer(bench.office, wrong), Errors)
    assert "is logged" in said(answer(bench.office, replace(wrong, values=values)))


# closing and after


@pytest.mark.parametrize("outcome", list(Outcome))
def test_a_concern_closes_with_an_outcome_and_tells_who_was_asked(outcome: Outcome, bench: Bench) -> None:
    ref = logged(bench)
    bench.forget()
    missing = act(bench, IRO, f"/concern {ref} close", outcome=outcome.value)
    assert isinstance(missing, Errors)
    close(bench, ref, outcome=outcome.value)
    assert concern(bench, ref).outcome is outcome
    word = "has been withdrawn" if outcome is Outcome.WITHDRAWN else "is closed"
    assert bench.titles(TEAM_MANAGER) == [f"{ref} {word}"]
    assert bench.titles(SOCIAL_WORKER) == []


def test_reopening_keeps_the_earlier_round_and_tells_who_took_part(bench: Bench) -> None:
    ref = logged(bench)
    move(bench, ref, 2)
    close(bench, ref)
    bench.forget()
    act(bench, IRO, f"/concern {ref} reopen", stage="1", reason="It came back.")
    assert concern(bench, ref).cycle == 2
    assert bench.titles(TEAM_MANAGER) == [f"{ref} is reopened: please reply"]
    assert bench.titles(SERVICE_MANAGER) == [f"{ref} has been reopened"]
    assert sorted(one.cycle for one in rows(bench, StageRun)) == [1, 1, 2]


def test_whether_it_lasted_is_kept(bench: Bench) -> None:
    ref = logged(bench)
    close(bench, ref, what_changed="Kestrel")
    assert "Kestrel" in words(bench.command(IRO, f"/concern {ref} lasted"))
    act(bench, IRO, f"/concern {ref} lasted", lasted="no")
    assert concern(bench, ref).lasted is Lasted.NO


@pytest.mark.parametrize("word", ["cafcass", "legal"])
def test_cafcass_and_legal_advice_stand_beside_the_stage(word: str, bench: Bench) -> None:
    ref = logged(bench)
    before = (concern(bench, ref).state, run(bench, ref).id, run(bench, ref).due_at)
    bench.forget()
    late = act(bench, IRO, f"/concern {ref} {word}", happened_on="2026-12-08")
    assert isinstance(late, Errors)
    act(bench, IRO, f"/concern {ref} {word}")
    assert (concern(bench, ref).state, run(bench, ref).id, run(bench, ref).due_at) == before
    assert bench.told == [], "never sent to Cafcass, nor to anybody"


def test_ask_again_on_the_immediate_route_says_whom_it_really_asks(bench: Bench) -> None:
    other = put_in_force(bench, shipped_text("nottinghamshire"))
    opened, typed = _log_form(other)
    confirm = form(other.submit(IRO, opened, {**typed, "significant_harm": ("yes",)}))
    assert {one.kind for one in confirm.fields} == {FieldKind.STATEMENT}
    other.submit(IRO, confirm, {})
    asking = form(other.command(IRO, "/concern C-1 again"))
    other.submit(IRO, asking, {"reason": "X"})
    asked = [one.person_id for one in people_asked(other, "C-1") if one.part == "addressed"]
    names = {other.cast.people[SERVICE_MANAGER]: "Sunil Rao", other.cast.people[IRO_MANAGER]: "Iris Moss"}
    for person_id, name in names.items():
        assert (name in field(asking, "said0").text) is (person_id in asked)


def _notice(given: Answer) -> Notice:
    assert isinstance(given, Notice)
    return given


def test_nothing_is_owed_twice(bench: Bench) -> None:
    ref = logged(bench)
    move(bench, ref, 2)
    reply(bench, SERVICE_MANAGER, ref)
    close(bench, ref)
    keys = [one.key for one in rows(bench, Outbox)]
    assert len(keys) == len(set(keys))
    assert len(rows(bench, History)) > 0


# live messages


def test_what_asked_the_iro_to_decide_is_overtaken_by_their_own_act(bench: Bench) -> None:
    ref = logged(bench)
    reply(bench, TEAM_MANAGER, ref, NOT_AGREED)
    asked = [one.title for one in bench.lives() if one.overtaken_at is None and one.person_id == bench.cast.people[IRO]]
    assert asked == [f"Tess Hill has replied to {ref}"]
    act(bench, IRO, f"/concern {ref} stage 2", reason="X")
    assert [one for one in bench.lives() if one.overtaken_at is None and one.person_id == bench.cast.people[IRO]] == []
