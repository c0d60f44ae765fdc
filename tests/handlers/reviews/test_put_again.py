"""A question answered and put again: whoever is asked is reminded of it as they were the first time."""

import json
from collections.abc import Callable
from datetime import date, timedelta

import pytest

from handlers.cards import Form
from storage.outbox import Outbox
from tests.bench import Bench, button, words
from tests.cast import CHILD, IRO, SOCIAL_WORKER, SUPPORT, TEAM_MANAGER
from tests.handlers.reviews.decided import as_form, decide, held_review, rows, send, sent
from tests.handlers.reviews.steps import do, in_care, last_held_of, open_review_of, tasks_of
from tests.handlers.reviews.test_day_lines import morning
from tests.handlers.steps import act, close, logged

PAPERS = "papers to Ann Lee by Wed 16 Dec"
THURSDAY = date(2026, 12, 10)  # two working days before the answer to what is sent on Mon 7 Dec is due


def asked(bench: Bench) -> None:
    held_review(bench)
    decide(bench)
    send(bench)


def dispute(bench: Bench) -> None:
    opened = as_form(bench.press(TEAM_MANAGER, button(sent(bench, TEAM_MANAGER), "Dispute")))
    bench.submit(TEAM_MANAGER, opened, {"reason": "The pool is closed."})
    bench.wait(timedelta(minutes=5))


def change(bench: Bench, **typed: str) -> Form:
    """The IRO changes the first decision of the form."""
    opened = as_form(bench.command(IRO, f"/review {CHILD} decisions"))
    return as_form(bench.submit(IRO, as_form(bench.press(IRO, button(opened, "Change"))), typed))


def disputed_and_sent_again(bench: Bench) -> None:
    asked(bench)
    dispute(bench)
    send(bench)


def agreed_and_another_sent(bench: Bench) -> None:
    asked(bench)
    bench.press(TEAM_MANAGER, button(sent(bench, TEAM_MANAGER), "Agree"))
    bench.wait(timedelta(minutes=5))
    decide(bench, "One more.")
    send(bench)


def sent_and_disputed(bench: Bench) -> None:
    asked(bench)
    dispute(bench)


def agreed_and_changed(bench: Bench) -> None:
    asked(bench)
    bench.press(TEAM_MANAGER, button(sent(bench, TEAM_MANAGER), "Agree"))
    change(bench, what="Otherwise.")


def news_answered_and_told_again(bench: Bench) -> None:
    in_care(bench, "2026-12-07")
    for _ in range(2):
        told = {"kind": "missing", "words": "Something."}
        bench.submit(SOCIAL_WORKER, as_form(bench.command(SOCIAL_WORKER, f"/tell {CHILD}")), told)
        if len(bench.inbox(IRO)) == 1:
            bench.press(IRO, button(bench.last(IRO), "Noted"))


def booked_and_adjourned_without_a_day(bench: Bench) -> None:
    in_care(bench, "2026-11-16")
    do(bench, "Book", SUPPORT, booked_for="2026-12-08")
    do(bench, "Adjourn", IRO, adjourned_on="2026-12-07", reason="Other")


def papers_in_and_wanted_again(bench: Bench) -> None:
    in_care(bench, "2026-11-16")
    do(bench, "Book", SUPPORT, booked_for="2026-12-08")
    do(bench, "Papers in", SOCIAL_WORKER)
    on, until = "2026-12-07", "2026-12-21"
    do(bench, "Adjourn", IRO, adjourned_on=on, reason="Lack of documents", papers=("again",), booked_for=until)


PUT_AGAIN: dict[str, tuple[Callable[[Bench], None], str, date, str]] = {
    "a dispute, and sent again": (disputed_and_sent_again, TEAM_MANAGER, THURSDAY, "Agree or dispute"),
    "agreed, and one more": (agreed_and_another_sent, TEAM_MANAGER, THURSDAY, "Agree or dispute"),
    "sent, and disputed": (sent_and_disputed, IRO, THURSDAY, "decisions to the manager by Mon 14 Dec"),
    "agreed, and changed": (agreed_and_changed, IRO, THURSDAY, "decisions to the manager by Mon 14 Dec"),
    "news answered, and told again": (news_answered_and_told_again, IRO, date(2026, 12, 8), "has something new"),
    "papers in, and wanted again": (papers_in_and_wanted_again, SOCIAL_WORKER, date(2026, 12, 14), PAPERS),
    "booked, and adjourned": (booked_and_adjourned_without_a_day, SUPPORT, date(2026, 12, 8), "book the review by"),
}


@pytest.mark.parametrize("case", PUT_AGAIN)
def test_a_question_put_again_is_reminded_of_again(bench: Bench, case: str) -> None:
    story, who, day, line = PUT_AGAIN[case]
    story(bench)
    assert line in morning(bench, who, day)


def test_whether_it_lasted_is_asked_again_after_another_close(bench: Bench) -> None:
    ref = logged(bench, 1)
    close(bench, ref)
    assert "did the change last" in morning(bench, IRO, date(2027, 3, 8))
    bench.submit(IRO, as_form(bench.press(IRO, button(bench.last(IRO), "Answer"))), {"lasted": "yes"})
    act(bench, IRO, f"/concern {ref} reopen", reason="It began again.")
    close(bench, ref)
    assert "did the change last" not in morning(bench, IRO, date(2027, 3, 9))
    assert "did the change last" in morning(bench, IRO, date(2027, 6, 9))


def owed(bench: Bench) -> list[dict[str, object]]:
    return [json.loads(one.details) for one in rows(bench, Outbox) if one.kind == "decisions"]


def test_a_sending_says_whether_it_is_another_and_what_changed(bench: Bench) -> None:
    held_review(bench)
    for what in ("First.", "Second.", "Third."):
        decide(bench, what)
    send(bench)
    dispute(bench)
    change(bench, what="First, otherwise.")
    opened = as_form(bench.command(IRO, f"/review {CHILD} decisions"))
    third = [one for field in opened.fields for one in field.buttons if one.label == "Take out"][2]
    bench.submit(IRO, as_form(bench.press(IRO, third)), {"because": "Not theirs to do."})
    decide(bench, "Fourth.")
    send(bench)
    first, second = owed(bench)
    assert [first[one] for one in ("again", "disputed_by", "changed", "added", "removed")] == [0, None, 0, 3, 0]
    assert [second[one] for one in ("again", "changed", "added", "removed")] == [1, 1, 1, 1]
    assert second["disputed_by"] == bench.cast.people[TEAM_MANAGER]
    shown = words(bench.press(TEAM_MANAGER, button(sent(bench, TEAM_MANAGER), "Read")))
    assert "1. Social worker, by Fri 29 Jan 2027, changed First, otherwise." in shown
    assert "3. Social worker, by Fri 29 Jan 2027, new Fourth." in shown
    assert "Third." not in shown


def test_what_never_arrived_is_not_called_put_again(bench: Bench) -> None:
    held_review(bench)
    decide(bench)
    deliver, bench.deliver = bench.deliver, lambda: None  # type: ignore[method-assign]  # nothing is sent for now
    send(bench)
    bench.wait(timedelta(minutes=5))
    decide(bench, "Another.")
    send(bench)
    bench.deliver = deliver  # type: ignore[method-assign]  # and again from here
    assert [one["again"] for one in owed(bench)] == [0, 0]


def test_five_days_of_silence_after_a_dispute_agree_with_reminders_and_the_iro_hears(bench: Bench) -> None:
    disputed_and_sent_again(bench)
    bench.go_to_day(date(2026, 12, 14))
    reminded = [one for one in bench.inbox(TEAM_MANAGER) if "Agree or dispute" in words(one.card)]
    assert len(reminded) == 2, "two working days before, and on the day"
    bench.go_to_day(date(2026, 12, 15))
    text = words(bench.last(IRO))
    assert (
        f"{CHILD}: the decisions of the review of Mon 7 Dec count as agreed: "
        "Tess Hill did not answer by Mon 14 Dec." in text
    )
    assert "count as agreed" not in morning(bench, IRO, date(2026, 12, 16))
    assert tasks_of(bench, last_held_of(bench))["decisions_agreed"].done_on == date(2026, 12, 14)


def test_a_change_taken_back_leaves_nothing_to_be_reminded_of(bench: Bench) -> None:
    asked(bench)
    change(bench, what="Otherwise.")
    change(bench, what="zebra-canary will be taught to swim")
    assert tasks_of(bench, last_held_of(bench))["decisions"].done_on == bench.now.date()
    assert "Nothing new is to be sent" in send(bench)


def test_adjourned_to_a_day_is_booked(bench: Bench) -> None:
    in_care(bench, "2026-11-16")
    do(bench, "Book", SUPPORT, booked_for="2026-12-08")
    do(bench, "Adjourn", IRO, adjourned_on="2026-12-07", reason="Other", booked_for="2026-12-21")
    assert tasks_of(bench, open_review_of(bench))["book"].done_on is not None
    assert "the review for Mon 21 Dec" in morning(bench, SUPPORT, date(2026, 12, 8))


def test_the_answer_put_again_waits_for_its_delivery(bench: Bench) -> None:
    asked(bench)
    dispute(bench)
    deliver, bench.deliver = bench.deliver, lambda: None  # type: ignore[method-assign]  # nothing is sent for now
    said = send(bench)
    bench.deliver = deliver  # type: ignore[method-assign]  # and again from here
    assert "on their way" in said
    row = tasks_of(bench, last_held_of(bench))["decisions_agreed"]
    assert (row.done_on, row.due_on) == (None, None)
