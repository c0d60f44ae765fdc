"""Decisions changed and taken out: freely before they are sent, with the next sending after."""

import pytest

from handlers.cards import Button, Errors, Form
from storage.decisions import Decision, DecisionState
from tests.bench import Bench, button, buttons, words
from tests.cast import CHILD, IRO, OTHER_IRO, OTHER_WORKER, SERVICE_MANAGER, SOCIAL_WORKER, SUPPORT, TEAM_MANAGER, away
from tests.handlers.reviews.decided import CANARY, as_form, as_notice, decide, held_review, rows, send, sent
from tests.handlers.reviews.steps import last_held_of, story, tasks_of


def form_of(bench: Bench, who: str = IRO) -> Form:
    return as_form(bench.command(who, f"/review {CHILD} decisions"))


def change(bench: Bench, who: str = IRO, **typed: str) -> Form:
    opened = as_form(bench.press(who, button(form_of(bench, who), "Change")))
    return as_form(bench.submit(who, opened, typed))


def labels(form: Form) -> list[str]:
    return [one.label for one in buttons(form)]


def test_before_they_are_sent_words_owner_and_day_change_at_once_and_history_keeps_the_old(bench: Bench) -> None:
    held_review(bench)
    decide(bench)
    opened = as_form(bench.press(IRO, button(form_of(bench), "Change")))
    assert {one.key: one.initial for one in opened.fields if one.initial} == {
        "what": CANARY,
        "owner_role": "social_worker",
        "due_on": "2027-01-29",
    }
    owner = str(bench.cast.people[OTHER_WORKER])
    bench.submit(IRO, opened, {"what": "Otherwise.", "owner": owner, "owner_role": "", "due_on": "2027-02-26"})
    (kept,) = rows(bench, Decision)
    assert (kept.words, kept.owner_id, kept.owner_role) == ("Otherwise.", bench.cast.people[OTHER_WORKER], "")
    told = [(one.what, one.words) for one in story(bench) if one.words]
    assert told == [("decided", CANARY), ("decision changed", "Otherwise.")]
    change(bench, owner_role="iro")
    assert (rows(bench, Decision)[0].owner_id, rows(bench, Decision)[0].owner_role) == (None, "iro")


def test_what_was_sent_stands_for_everybody_until_the_change_is_sent(bench: Bench) -> None:
    held_review(bench)
    decide(bench)
    send(bench)
    press = button(sent(bench, TEAM_MANAGER), "Read")
    bench.press(TEAM_MANAGER, button(sent(bench, TEAM_MANAGER), "Agree"))
    said = words(change(bench, what="Otherwise."))
    assert "It stands as it was sent until you send the decisions again." in said
    assert f"changed, not sent yet Otherwise.\n(As sent: {CANARY})" in said
    for who in (TEAM_MANAGER, SOCIAL_WORKER, SERVICE_MANAGER):
        shown = words(bench.press(who, press))
        assert CANARY in shown, who
        assert "Otherwise." not in shown, who
    send(bench)
    assert last_held_of(bench).decisions_answer is None, "what was agreed is put to the manager again"
    assert "Otherwise." in words(bench.press(SOCIAL_WORKER, press))
    assert CANARY not in words(bench.press(SOCIAL_WORKER, press))
    assert rows(bench, Decision)[0].words == "Otherwise."


def test_taken_out_before_sending_it_is_gone_at_once(bench: Bench) -> None:
    held_review(bench)
    decide(bench)
    opened = decide(bench, "Second.")
    left = as_form(bench.press(IRO, button(opened, "Take out"), {"what": "Half typed"}))
    assert "Taken out." in words(left)
    assert "Half typed" in words(left)
    assert CANARY not in words(left)
    send(bench)
    assert "1 decision " in words(sent(bench, TEAM_MANAGER))


def test_taken_out_after_sending_it_needs_a_reason_and_goes_with_the_next_sending(bench: Bench) -> None:
    held_review(bench)
    decide(bench)
    decide(bench, "Second.")
    send(bench)
    press = button(sent(bench, TEAM_MANAGER), "Read")
    opened = as_form(bench.press(IRO, button(form_of(bench), "Take out")))
    assert isinstance(bench.submit(IRO, opened, {"because": ""}), Errors)
    assert isinstance(bench.submit(IRO, opened, {"because": "NHS number 943 476 5919"}), Errors)
    said = as_form(bench.submit(IRO, opened, {"because": "Done by the school."}))
    assert labels(said)[:2] == ["Change", "Keep it"]
    assert CANARY in words(bench.press(TEAM_MANAGER, press))
    send(bench)
    assert CANARY not in words(bench.press(TEAM_MANAGER, press))
    assert [one.state for one in rows(bench, Decision)] == [DecisionState.OPEN] * 2
    marking = as_form(bench.command(IRO, f"/review {CHILD} decisions"))
    assert CANARY not in words(bench.press(IRO, button(marking, "Mark as done")))


def test_kept_in_after_all(bench: Bench) -> None:
    held_review(bench)
    decide(bench)
    send(bench)
    opened = as_form(bench.press(IRO, button(form_of(bench), "Take out")))
    said = as_form(bench.submit(IRO, opened, {"because": "No longer so."}))
    assert labels(as_form(bench.press(IRO, button(said, "Keep it"))))[:2] == ["Change", "Take out"]
    assert "Nothing new is to be sent" in send(bench)


def test_with_the_last_one_taken_out_nothing_is_asked_any_more(bench: Bench) -> None:
    held_review(bench)
    decide(bench)
    send(bench)
    agree = button(sent(bench, TEAM_MANAGER), "Agree")
    opened = as_form(bench.press(IRO, button(form_of(bench), "Take out")))
    bench.submit(IRO, opened, {"because": "Another child's."})
    assert "nothing is asked of Tess Hill any more" in send(bench)
    assert "have not been sent to you" in as_notice(bench.press(TEAM_MANAGER, agree))
    assert tasks_of(bench, last_held_of(bench))["decisions_agreed"].not_needed


@pytest.mark.parametrize("who", [SOCIAL_WORKER, TEAM_MANAGER, SUPPORT])
@pytest.mark.parametrize("label", ["Change", "Take out"])
def test_only_the_iro_or_their_cover_changes_them(bench: Bench, who: str, label: str) -> None:
    held_review(bench)
    decide(bench)
    assert "Only the child's IRO" in as_notice(bench.press(who, button(form_of(bench), label)))
    assert rows(bench, Decision)[0].taken_out_at is None


def test_the_iros_cover_can(bench: Bench) -> None:
    held_review(bench)
    decide(bench)
    away(bench.engine, bench.cast, IRO, bench.now.date(), None, OTHER_IRO)
    change(bench, OTHER_IRO, what="Otherwise.")
    assert rows(bench, Decision)[0].words == "Otherwise."


def test_wrong_words_and_days_are_said_and_what_is_settled_stays(bench: Bench) -> None:
    held_review(bench)
    decide(bench)
    opened = as_form(bench.press(IRO, button(form_of(bench), "Change")))
    for typed, beside in (
        ({"what": ""}, "what"),
        ({"what": "NHS number 943 476 5919"}, "what"),
        ({"due_on": "2026-12-01"}, "due_on"),
        ({"owner_role": "king"}, "owner_role"),
    ):
        answer = bench.submit(IRO, opened, typed)
        assert isinstance(answer, Errors)
        assert beside in answer.by_field
    assert "personal detail" in words(bench.submit(IRO, opened, {"what": "Ring 01709 382121."}))
    marking = as_form(bench.press(IRO, button(form_of(bench), "Mark as done")))
    bench.submit(IRO, marking, {"done": (marking.fields[-1].choices[0].value,)})
    assert "is done: it stays as it is" in as_notice(bench.submit(IRO, opened, {"what": "Otherwise."}))


def test_of_two_changes_side_by_side_the_second_is_told(bench: Bench) -> None:
    held_review(bench)
    decide(bench)
    opened = as_form(bench.press(IRO, button(form_of(bench), "Change")))
    bench.submit(IRO, opened, {"what": "Otherwise."})
    assert "was changed while this was open" in as_notice(bench.submit(IRO, opened, {"what": "Again."}))


def test_what_is_typed_for_a_new_one_is_not_lost_for_another_form(bench: Bench) -> None:
    held_review(bench)
    decide(bench)
    kept = as_form(bench.press(IRO, button(form_of(bench), "Change"), {"what": "Half typed"}))
    assert "Half typed" in words(kept)
    assert kept.deed == "review.decisions.add"


# ------------------------------------------------------------------ until they are sent they are the IRO's


def test_until_sent_nobody_else_reads_or_marks_them(bench: Bench) -> None:
    held_review(bench)
    decide(bench, role="", owner=str(bench.cast.people[SOCIAL_WORKER]))
    press = Button(label="Open", deed="review.decisions.open", subject=CHILD, run=last_held_of(bench).id)
    for who in (SOCIAL_WORKER, TEAM_MANAGER, SERVICE_MANAGER):
        assert CANARY not in words(bench.press(who, press)), who
        marking = Button(label="Mark as done", deed="review.decisions.done", subject=CHILD)
        assert "No open decision" in as_notice(bench.press(who, marking)), who
    assert CANARY in words(form_of(bench))
    assert "not all sent to the manager yet" in words(bench.command(SUPPORT, f"/review {CHILD}"))
    assert "not all sent" not in words(bench.command(SOCIAL_WORKER, f"/review {CHILD}"))
    send(bench)
    assert CANARY in words(bench.press(SOCIAL_WORKER, press))
    assert "not all sent" not in words(bench.command(SUPPORT, f"/review {CHILD}"))


def test_one_added_after_the_sending_is_the_iros_again(bench: Bench) -> None:
    held_review(bench)
    decide(bench, "First.")
    send(bench)
    decide(bench)
    press = button(sent(bench, TEAM_MANAGER), "Read")
    shown = words(bench.press(TEAM_MANAGER, press))
    assert "First." in shown
    assert CANARY not in shown
    assert "Some of it is not sent yet" in words(bench.press(IRO, press))
