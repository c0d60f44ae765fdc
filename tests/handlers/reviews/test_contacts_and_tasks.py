"""What is recorded between reviews, in seconds; the papers, the record, and the tasks these acts close."""

from datetime import date

import pytest

from handlers.cards import Errors
from handlers.figures.around_reviews_table import around_reviews
from handlers.figures.period import Period
from handlers.timetable.tasks import do_button
from storage.contacts import ContactKind
from storage.database import transaction
from tests.bench import Bench, button, buttons, words
from tests.cast import AUTHORITY, CHILD, IRO, IRO_MANAGER, SOCIAL_WORKER, SUPPORT
from tests.handlers.reviews.conftest import MakeBench
from tests.handlers.reviews.steps import (
    child_of,
    contacts_of,
    do,
    in_care,
    last_held_of,
    open_review_of,
    scene_of,
    shown,
    story,
    tasks_of,
)
from tests.handlers.steps import form, said
from tests.led import led

HELD = {"held_how": "in person", "participation": "PN1"}


@pytest.fixture
def held(bench: Bench) -> Bench:
    """A child reviewed here on 7 December 2026, a week ago; the next due on 7 June 2027."""
    return led(bench, _hold)


def _hold(bench: Bench) -> None:
    in_care(bench, "2024-01-08", last_review_on=date(2026, 7, 1))
    do(bench, "Record as held", **HELD)
    bench.wake_on_day(date(2026, 12, 14))


def test_one_press_records_a_contact_and_words_may_follow(held: Bench) -> None:
    opened = form(held.press(IRO, button(shown(held), "Contact")))
    (made,) = contacts_of(held)
    assert (made.kind, made.happened_on, made.words) == (ContactKind.MONITORING, date(2026, 12, 14), None)
    assert (made.team, made.by_id) == ("North team", held.cast.people[IRO])
    held.submit(IRO, opened, {"words": "Settled."})
    assert [one.words for one in contacts_of(held)] == ["Settled."]
    assert "Settled" not in "".join(f"{one.details}{one.words}" for one in story(held))


def test_a_second_press_of_the_day_asks_before_it_records_another(held: Bench) -> None:
    held.press(IRO, button(shown(held), "Contact"))
    opened = form(held.press(IRO, button(shown(held), "Contact")))
    assert len(contacts_of(held)) == 1
    held.submit(IRO, opened, {"words": "The school rang."})
    assert [one.words for one in contacts_of(held)] == [None, "The school rang."]


def test_nobodys_words_are_written_over(held: Bench) -> None:
    opened = form(held.press(IRO, button(shown(held), "Contact")))
    held.submit(IRO, opened, {"words": "Settled."})
    assert "nobody's words are changed" in said(held.submit(IRO, opened, {"words": "Other."}))
    assert [one.words for one in contacts_of(held)] == ["Settled."]


def test_seen_and_spoken_to_are_kept_apart(held: Bench) -> None:
    do(held, "Seen or spoken to", what=("seen",))
    do(held, "Seen or spoken to", what=("spoken",), refused=("yes",), on="2026-12-11")
    seen, spoken = contacts_of(held)[::-1]
    assert (seen.kind, seen.refused) == (ContactKind.SEEN, False)
    assert (spoken.kind, spoken.refused, spoken.happened_on) == (ContactKind.SPOKEN_TO, True, date(2026, 12, 11))
    answer = do(held, "Seen or spoken to", what=())
    assert isinstance(answer, Errors)
    assert "what" in answer.by_field


def test_seeing_the_child_does_the_tasks_the_procedures_switched_on(under: MakeBench) -> None:
    bench = under("rotherham")
    in_care(bench, "2024-01-08", last_review_on=date(2026, 7, 1))
    do(bench, "Record as held", **HELD)
    review = last_held_of(bench)
    assert tasks_of(bench, review)["child_seen"].due_on == date(2027, 6, 7)
    do(bench, "Seen or spoken to", what=("seen",))
    assert tasks_of(bench, review)["child_seen"].done_on == date(2026, 12, 7)


def test_offered_and_refused_ends_the_reminder_and_counts_as_neither_seen_nor_done(under: MakeBench) -> None:
    bench = under("rotherham")
    in_care(bench, "2024-01-08", last_review_on=date(2026, 7, 1))
    do(bench, "Record as held", **HELD)
    review = last_held_of(bench)
    assert "(offered, and refused)" in said(do(bench, "Seen or spoken to", what=("seen",), refused=("yes",)))
    task = tasks_of(bench, review)["child_seen"]
    assert (task.done_on, task.not_needed) == (None, True)
    assert "child seen offered, and refused, Mon 7 Dec" in words(shown(bench))
    assert around(bench, "child seen", date(2027, 6, 7)) == (0, 0), "nobody is blamed before the next review"
    bench.wake_on_day(date(2027, 6, 7))
    do(bench, "Record as held", **HELD)
    assert around(bench, "child seen", date(2027, 6, 7)) == (1, 0)


def test_a_child_seen_after_refusing_once_is_seen(under: MakeBench) -> None:
    bench = under("rotherham")
    in_care(bench, "2024-01-08", last_review_on=date(2026, 7, 1))
    do(bench, "Record as held", **HELD)
    do(bench, "Seen or spoken to", what=("seen",), refused=("yes",))
    bench.wake_on_day(date(2026, 12, 14))
    do(bench, "Seen or spoken to", what=("seen",))
    task = tasks_of(bench, last_held_of(bench))["child_seen"]
    assert (task.done_on, task.not_needed) == (date(2026, 12, 14), False)
    assert "Since the last review: child seen Mon 14 Dec." in words(shown(bench))


def around(bench: Bench, what: str, day: date) -> tuple[object, object]:
    """How much of it fell due on that day, and how much was done, in the figures."""
    with transaction(bench.engine, AUTHORITY, writes=False) as session:
        rows = around_reviews(scene_of(bench, session), Period(first=day, last=day))
    (row,) = [one for one in rows if one["what"] == what]
    return row["due"], row["done"]


def test_the_midway_check_belongs_to_the_review_it_follows_and_is_recorded_once(held: Bench) -> None:
    review = last_held_of(held)
    assert tasks_of(held, review)["midway"].due_on == date(2027, 3, 8)
    opened = form(held.press(IRO, button(shown(held), "Midway check")))
    held.submit(IRO, opened, {})
    assert last_held_of(held).midway_on == date(2026, 12, 14)
    assert tasks_of(held, review)["midway"].done_on == date(2026, 12, 14)
    assert "recorded already" in said(held.submit(IRO, opened, {}))
    assert [one.kind for one in contacts_of(held)] == [ContactKind.MIDWAY]


def test_the_midway_check_is_made_from_the_day_after_the_review(bench: Bench) -> None:
    in_care(bench, "2026-11-16")
    do(bench, "Record as held", **HELD)
    assert "Midway check" not in {one.label for one in buttons(shown(bench))}
    answer = said(bench.command(IRO, f"/review {CHILD} midway"))
    assert answer == f"The midway check of {CHILD} can be recorded from Tue 8 Dec 2026, the day after the last review."
    bench.go_to_day(date(2026, 12, 8))
    early = do(bench, "Midway check", on="2026-12-07")
    assert isinstance(early, Errors)
    assert early.by_field == {"on": "This is before Tue 8 Dec 2026, the day after the last review."}
    do(bench, "Midway check")
    assert last_held_of(bench).midway_on == date(2026, 12, 8)


def test_a_midway_check_not_done_is_closed_as_missed_with_the_next_review(held: Bench) -> None:
    before = last_held_of(held)
    held.wake_on_day(date(2027, 6, 7))
    do(held, "Record as held", **HELD)
    task = tasks_of(held, before)["midway"]
    assert (task.done_on, task.not_needed) == (None, True)


def test_papers_in_are_noted_once_by_whoever_has_them(held: Bench) -> None:
    assert "in since Fri 11 Dec 2026" in said(do(held, "Papers in", SOCIAL_WORKER, on="2026-12-11"))
    assert open_review_of(held).papers_in_on == date(2026, 12, 11)
    assert tasks_of(held, open_review_of(held))["papers_in"].done_on == date(2026, 12, 11)
    assert "noted as in" in said(held.command(IRO, f"/review {CHILD} papers"))


def test_papers_do_not_come_before_the_review_before(held: Bench) -> None:
    early = do(held, "Papers in", SOCIAL_WORKER, on="1999-01-04")
    assert isinstance(early, Errors)
    assert early.by_field == {"on": "This is before Mon 7 Dec 2026, when the last review was held."}
    assert open_review_of(held).papers_in_on is None
    do(held, "Papers in", SOCIAL_WORKER, on="2026-12-07")
    assert open_review_of(held).papers_in_on == date(2026, 12, 7)


def test_papers_for_a_first_review_do_not_come_before_care_began(bench: Bench) -> None:
    in_care(bench, "2026-11-23")
    early = do(bench, "Papers in", SOCIAL_WORKER, on="2026-11-20")
    assert isinstance(early, Errors)
    assert early.by_field == {"on": "This is before Mon 23 Nov 2026, when the child became looked after."}


def test_papers_do_not_come_before_a_review_known_from_before_go_live(bench: Bench) -> None:
    in_care(bench, "2024-01-08", last_review_on=date(2026, 7, 1))
    early = do(bench, "Papers in", SOCIAL_WORKER, on="2026-06-30")
    assert isinstance(early, Errors)
    assert early.by_field == {"on": "This is before Wed 1 Jul 2026, when the last review was held."}


def test_what_follows_a_review_is_not_done_before_it(under: MakeBench) -> None:
    bench = under("southwark")
    in_care(bench, "2024-01-08", last_review_on=date(2026, 7, 1))
    do(bench, "Record as held", **HELD, held_on="2026-12-04")
    pressed = do_button(child_of(bench), tasks_of(bench, last_held_of(bench))["letter_to_child"])
    early = bench.submit(IRO, form(bench.press(IRO, pressed)), {"on": "1999-01-04"})
    assert isinstance(early, Errors)
    assert early.by_field == {"on": "This is before Fri 4 Dec 2026, when the review was held."}


def test_the_record_is_written_then_sent(held: Bench) -> None:
    do(held, "Record written", on="2026-12-11")
    too_early = do(held, "Record sent", SUPPORT, on="2026-12-10")
    assert isinstance(too_early, Errors)
    do(held, "Record sent", SUPPORT)
    review = last_held_of(held)
    assert (review.record_written_on, review.record_sent_on) == (date(2026, 12, 11), date(2026, 12, 14))
    done = {key: row.done_on for key, row in tasks_of(held, review).items() if row.done_on}
    assert done == {"record_written": date(2026, 12, 11), "record_sent": date(2026, 12, 14)}
    assert "noted as sent out" in said(held.command(IRO_MANAGER, f"/review {CHILD} sent"))


def test_a_record_sent_was_written_by_then(held: Bench) -> None:
    do(held, "Record sent", SUPPORT)
    review = last_held_of(held)
    assert review.record_written_on == date(2026, 12, 14)
    assert tasks_of(held, review)["record_written"].done_on == date(2026, 12, 14)


def test_a_record_is_not_written_before_the_review(held: Bench) -> None:
    answer = do(held, "Record written", on="2026-12-04")
    assert isinstance(answer, Errors)
    assert "when the review was held" in answer.by_field["on"]


def test_tasks_without_a_form_of_their_own_are_noted_as_done(under: MakeBench) -> None:
    bench = under("southwark")
    in_care(bench, "2024-01-08", last_review_on=date(2026, 7, 1))
    do(bench, "Record as held", **HELD)
    review = last_held_of(bench)
    task = tasks_of(bench, review)["letter_to_child"]
    assert task.due_on == date(2026, 12, 21)
    pressed = do_button(child_of(bench), task)
    assert "Only the child's IRO" in said(bench.press(SOCIAL_WORKER, pressed))
    bench.submit(IRO, form(bench.press(IRO, pressed)), {})
    assert tasks_of(bench, review)["letter_to_child"].done_on == date(2026, 12, 7)
    assert "noted as done" in said(bench.press(IRO, pressed))


def test_words_in_every_form_are_checked_for_personal_detail(held: Bench) -> None:
    number = "NHS number 943 476 5919"
    for label, given in (
        ("Seen or spoken to", {"what": ("seen",), "words": number}),
        ("Midway check", {"words": number}),
        ("Contact", {"words": number}),
    ):
        answer = do(held, label, **given)
        assert isinstance(answer, Errors), label
        assert "words" in answer.by_field


def test_the_childs_form_names_what_is_to_be_done_and_by_whom(held: Bench) -> None:
    text = words(shown(held))
    assert "Full record written: by Wed 30 Dec (IRO)" in text
    assert "Full record sent out: by Thu 7 Jan 2027 (business support)" in text
    assert "Midway check: by Mon 8 Mar 2027 (IRO)" in text


def test_the_list_has_what_is_late_first_then_at_risk_then_to_do(held: Bench) -> None:
    in_care(held, "2026-10-05", "AB-2077")
    held.wake_on_day(date(2027, 5, 25))
    text = words(held.command(IRO, "/review"))
    order = [text.index(part) for part in ("Late (not booked", "At risk (not booked", "To do · AB-1042")]
    assert order == sorted(order)


def test_the_list_says_of_which_review_a_task_is_left(bench: Bench) -> None:
    in_care(bench, "2026-11-16")
    do(bench, "Record as held", **HELD)
    bench.wake_on_day(date(2026, 12, 8))
    do(bench, "Record as held", **HELD)
    text = words(bench.command(IRO, "/review"))
    assert "To do · AB-1042 · Decisions to the manager · by Mon 14 Dec (review of Mon 7 Dec)" in text
    assert "To do · AB-1042 · Decisions to the manager · by Tue 15 Dec (review of Tue 8 Dec)" in text
