"""Two people acting on one review: one does it, the other is told; on both databases, and at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

from handlers.cards import Form, Notice
from handlers.dispatch import answer
from storage.reviews import ReviewState
from tests.bench import Bench, button, words
from tests.cast import IRO, IRO_MANAGER, SOCIAL_WORKER, SUPPORT, away
from tests.handlers.reviews.steps import all_reviews, do, in_care, moves_of, open_review_of, plan_everyone, shown, story
from tests.handlers.steps import form, said

HELD = {"held_how": "in person", "participation": "PN1"}


def opened(bench: Bench, who: str, label: str) -> Form:
    """A form that somebody has open."""
    return form(bench.press(who, button(shown(bench, who), label)))


def test_of_two_bookings_the_second_is_told_of_the_first(on_both: Bench) -> None:
    in_care(on_both, "2026-12-07")
    first, second = opened(on_both, SUPPORT, "Book"), opened(on_both, SOCIAL_WORKER, "Book")
    on_both.submit(SUPPORT, first, {"booked_for": "2027-01-04"})
    told = said(on_both.submit(SOCIAL_WORKER, second, {"booked_for": "2027-01-06"}))
    assert "it is now booked for Mon 4 Jan" in told
    assert "Nothing was done" in told
    assert open_review_of(on_both).booked_for == date(2027, 1, 4)


def test_a_review_moved_meanwhile_is_not_brought_forward_unseen(on_both: Bench) -> None:
    in_care(on_both, "2026-12-07")
    do(on_both, "Book", booked_for="2027-01-04")
    early = opened(on_both, IRO, "Bring forward")
    do(on_both, "Move", SUPPORT, booked_for="2027-01-05", reason="Other")
    told = said(on_both.submit(IRO, early, {"reason": "iro_requests", "due_on": "2026-12-14"}))
    assert "it is now booked for Tue 5 Jan" in told
    assert open_review_of(on_both).brought_forward_from is None


def test_a_review_held_meanwhile_is_neither_booked_nor_adjourned(on_both: Bench) -> None:
    in_care(on_both, "2026-12-07")
    away(on_both.engine, on_both.cast, IRO, date(2026, 12, 7), None)
    book, adjourn = opened(on_both, SUPPORT, "Book"), opened(on_both, IRO, "Adjourn")
    do(on_both, "Record as held", IRO_MANAGER, **HELD)
    for who, late, values in (
        (SUPPORT, book, {"booked_for": "2027-01-04"}),
        (IRO, adjourn, {"reason": "Other"}),
    ):
        assert "has been recorded as held" in said(on_both.submit(who, late, values))
    assert [one.state for one in all_reviews(on_both)].count(ReviewState.HELD) == 1
    assert open_review_of(on_both).booked_for is None


def test_the_same_submission_twice_has_one_effect(on_both: Bench) -> None:
    in_care(on_both, "2026-12-07")
    hold = opened(on_both, IRO, "Record as held")
    asked = on_both.request(
        IRO,
        hold.deed,
        subject=hold.subject,
        run=hold.run,
        context=hold.context,
        values={"held_on": "2026-12-07", **HELD},
    )
    assert words(answer(on_both.office, asked)) == words(answer(on_both.office, asked))
    assert len(all_reviews(on_both)) == 2
    assert [one.what for one in story(on_both)].count("review held") == 1


def test_at_the_same_moment_one_of_two_holds_the_review(on_both: Bench) -> None:
    in_care(on_both, "2026-12-07")
    hold = opened(on_both, IRO, "Record as held")
    asked = [
        on_both.request(
            IRO,
            hold.deed,
            key=f"side by side {number}",
            subject=hold.subject,
            run=hold.run,
            context=hold.context,
            values={"held_on": "2026-12-07", **HELD},
        )
        for number in range(4)
    ]
    with ThreadPoolExecutor(4) as threads:
        given = list(threads.map(lambda one: answer(on_both.office, one), asked))
    assert all(isinstance(one, Notice) for one in given)
    assert sum("recorded as held on Mon 7 Dec 2026, in time" in words(one) for one in given) == 1
    assert [one.state for one in all_reviews(on_both)] == [ReviewState.HELD, ReviewState.DUE]


def test_at_the_same_moment_one_of_two_moves_counts(on_both: Bench) -> None:
    in_care(on_both, "2026-12-07")
    do(on_both, "Book", booked_for="2027-01-04")
    forms = [(SUPPORT, opened(on_both, SUPPORT, "Move")), (IRO, opened(on_both, IRO, "Move"))]
    asked = [
        on_both.request(
            who,
            one.deed,
            key=f"side by side {who}",
            subject=one.subject,
            run=one.run,
            context=one.context,
            values={"booked_for": f"2027-01-0{5 + number}", "reason": "Other"},
        )
        for number, (who, one) in enumerate(forms)
    ]
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(lambda one: answer(on_both.office, one), asked))
    assert len(moves_of(on_both, open_review_of(on_both))) == 1


def test_a_childs_whole_year_on_each_database(on_both: Bench) -> None:
    in_care(on_both, "2026-12-07")
    for day in (date(2027, 1, 6), date(2027, 4, 6), date(2027, 10, 5)):
        do(on_both, "Book", SUPPORT, booked_for=day.isoformat(), time="10:00", place="School")
        on_both.wake_on_day(day)
        do(on_both, "Record as held", **HELD)
        assert plan_everyone(on_both) == 0
    due = [one.due_on for one in all_reviews(on_both)]
    assert due == [date(2027, 1, 7), date(2027, 4, 6), date(2027, 10, 6), date(2028, 4, 5)]
    assert [one.in_time for one in all_reviews(on_both)] == [True, True, True, None]
