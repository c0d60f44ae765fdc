"""`/tell`: the IRO hears that there is news, reads it in a form, and answers once."""

from datetime import date, time

import pytest

from handlers.cards import Errors, Form
from storage.news import News, NewsAnswer, NewsKind
from tests.bench import Bench, button, buttons, utc, words
from tests.cast import (
    CHILD,
    IRO,
    IRO_MANAGER,
    OTHER_IRO,
    OTHER_WORKER,
    OUTSIDER,
    SOCIAL_WORKER,
    SUPPORT,
    TEAM_MANAGER,
    away,
    leave,
)
from tests.handlers.reviews.decided import as_form, as_notice, everything_sent, rows
from tests.handlers.reviews.steps import in_care, story

WORDS = "ibis-canary came back at two"


def tell(bench: Bench, who: str = SOCIAL_WORKER) -> str:
    opened = as_form(bench.command(who, f"/tell {CHILD}"))
    return as_notice(bench.submit(who, opened, {"kind": "missing", "words": WORDS}))


@pytest.mark.parametrize("who", [SOCIAL_WORKER, TEAM_MANAGER, IRO_MANAGER, SUPPORT])
def test_those_near_the_child_tell_the_iro(bench: Bench, who: str) -> None:
    in_care(bench, "2026-11-16")
    assert "Ann Lee will be told" in tell(bench, who)
    message = bench.last(IRO)
    assert message.title == f"{CHILD} has something new"
    assert [one.label for one in buttons(message)] == ["Bring the review forward", "Noted", "Open"]
    assert "canary" not in everything_sent(bench)
    assert "issing" not in words(message)


def test_it_is_read_in_a_form_and_recorded(bench: Bench) -> None:
    tell(bench)
    press = button(bench.last(IRO), "Open")
    assert WORDS in words(bench.press(IRO, press))
    assert WORDS in words(bench.press(SOCIAL_WORKER, press))
    for who in (TEAM_MANAGER, SUPPORT, OUTSIDER):
        assert WORDS not in words(bench.press(who, press))
    assert [one.what for one in story(bench)].count("news read") == 2


def test_noted_is_kept_and_the_second_answer_explains_itself(on_both: Bench) -> None:
    tell(on_both)
    message = on_both.last(IRO)
    assert "Noted" in as_notice(on_both.press(IRO, button(message, "Noted")))
    (kept,) = rows(on_both, News)
    assert (kept.answer, kept.answered_by_id) == (NewsAnswer.NOTED, on_both.cast.people[IRO])
    second = as_notice(on_both.press(IRO, button(message, "Bring the review forward")))
    assert "Ann Lee answered this at 9:30 am, Mon 7 Dec 2026: noted." in second
    assert rows(on_both, News)[0].answer is NewsAnswer.NOTED


def test_bringing_forward_is_kept_and_opens_the_form(bench: Bench) -> None:
    in_care(bench, "2026-11-16")
    tell(bench)
    message = bench.last(IRO)
    opened = bench.press(IRO, button(message, "Bring the review forward"))
    assert isinstance(opened, Form)
    assert opened.deed == "review.early.send"
    assert rows(bench, News)[0].answer is NewsAnswer.BRING_FORWARD
    assert "bring the review forward" in as_notice(bench.press(IRO, button(message, "Noted")))


def test_the_answer_is_kept_even_where_nothing_can_be_brought_forward(bench: Bench) -> None:
    tell(bench)
    said = as_notice(bench.press(IRO, button(bench.last(IRO), "Bring the review forward")))
    assert said.startswith("Your answer is kept. ")
    assert rows(bench, News)[0].answer is NewsAnswer.BRING_FORWARD


def test_only_the_iro_answers(bench: Bench) -> None:
    tell(bench)
    for who in (SOCIAL_WORKER, OUTSIDER):
        for label in ("Noted", "Bring the review forward"):
            as_notice(bench.press(who, button(bench.last(IRO), label)))
    assert rows(bench, News)[0].answer is None


def test_outsiders_and_the_iro_cannot_tell(bench: Bench) -> None:
    for who in (OTHER_WORKER, OUTSIDER):
        assert "There is no AB-1042" in as_notice(bench.command(who, f"/tell {CHILD}"))
    assert "You are the IRO" in as_notice(bench.command(IRO, f"/tell {CHILD}"))


def test_a_cover_or_the_iro_manager_hears_instead(bench: Bench) -> None:
    away(bench.engine, bench.cast, IRO, date(2026, 12, 1), None, OTHER_IRO)
    assert "Olu Ade" in tell(bench)
    leave(bench.engine, bench.cast, IRO, date(2026, 12, 1))
    assert "Iris Moss" in tell(bench)
    assert bench.inbox(OTHER_IRO)
    assert bench.inbox(IRO) == []
    assert "Noted" in as_notice(bench.press(IRO_MANAGER, button(bench.last(IRO_MANAGER), "Noted")))


def test_words_after_the_command_are_not_taken(bench: Bench) -> None:
    refused = bench.command(SOCIAL_WORKER, f"/tell {CHILD} {WORDS}")
    assert "only in forms" in as_notice(refused)
    assert "canary" not in as_notice(refused)
    # A notice with buttons.
    assert isinstance(bench.press(SOCIAL_WORKER, button(refused, "Tell the IRO")), Form)  # type: ignore[arg-type]
    assert rows(bench, News) == []


def test_the_child_may_be_chosen_in_the_form(bench: Bench) -> None:
    opened = as_form(bench.command(SOCIAL_WORKER, "/tell"))
    typed = {"kind": "move", "words": WORDS}
    assert isinstance(bench.submit(SOCIAL_WORKER, opened, {**typed, "child": ""}), Errors)
    told = bench.submit(SOCIAL_WORKER, opened, {**typed, "child": str(bench.cast.children[CHILD])})
    assert "Ann Lee" in as_notice(told)


def test_every_field_is_checked(bench: Bench) -> None:
    opened = as_form(bench.command(SOCIAL_WORKER, f"/tell {CHILD}"))
    for typed in ({"kind": "move"}, {"words": WORDS}, {"kind": "no", "words": WORDS}):
        assert isinstance(bench.submit(SOCIAL_WORKER, opened, typed), Errors)
    assert isinstance(bench.submit(SOCIAL_WORKER, opened, {"kind": "move", "words": "NHS 943 476 5919"}), Errors)
    assert "Keep it" in words(bench.submit(SOCIAL_WORKER, opened, {"kind": "move", "words": "Now at S60 2AE."}))


def test_news_that_waits_is_named_the_next_morning_until_answered(bench: Bench) -> None:
    tell(bench)
    message = bench.last(IRO)
    bench.go_to_day(date(2026, 12, 8))
    assert f"{CHILD} has something new since Mon 7 Dec; it waits for your word." in words(bench.last(IRO))
    bench.press(IRO, button(message, "Noted"))
    bench.forget()
    bench.go_to_day(date(2026, 12, 10))
    assert bench.inbox(IRO) == []


def test_all_other_news_is_a_line_of_the_iros_next_day_and_no_message(bench: Bench) -> None:
    in_care(bench, "2026-11-16")
    opened = as_form(bench.command(SOCIAL_WORKER, f"/tell {CHILD}"))
    told = bench.submit(SOCIAL_WORKER, opened, {"kind": "school", "words": WORDS})
    assert as_notice(told) == f'Ann Lee will read in the next "Your day" that {CHILD} has news.'
    assert bench.inbox(IRO) == []
    bench.go_to_day(date(2026, 12, 8))
    (line,) = [one for one in bench.last(IRO).lines if "something new" in one.text]
    assert line.text == f"{CHILD} has something new since Mon 7 Dec; it waits for your word."
    read = bench.press(IRO, line.buttons[0])
    assert WORDS in words(read)
    bench.press(IRO, button(as_form(read), "Noted"))
    bench.forget()
    bench.go_to_day(date(2026, 12, 9))
    assert "something new" not in words(bench.last(IRO))


def test_only_a_child_missing_from_care_cannot_wait_or_what_needs_a_review_first() -> None:
    urgent = {(kind, first) for kind in NewsKind for first in (False, True) if _news(kind, first).cannot_wait}
    assert urgent == {(NewsKind.MISSING, False), *((kind, True) for kind in NewsKind)}


def _news(kind: NewsKind, first: bool) -> News:
    return News(child_id=1, kind=kind, told_by_id=1, told_at=utc("2026-12-07"), review_first=first)


def test_a_review_needed_first_is_told_at_once(bench: Bench) -> None:
    in_care(bench, "2026-11-16")
    opened = as_form(bench.command(SOCIAL_WORKER, f"/tell {CHILD}"))
    bench.submit(SOCIAL_WORKER, opened, {"kind": "move", "words": WORDS, "first": ("yes",)})
    message = bench.last(IRO)
    assert message.title == f"{CHILD} has something new"
    assert "They say that a review is needed before it happens." in words(message)


def test_news_of_the_early_morning_stands_in_that_mornings_day(bench: Bench) -> None:
    in_care(bench, "2026-11-16")
    bench.go_to_day(date(2026, 12, 8), time(8))
    opened = as_form(bench.command(SOCIAL_WORKER, f"/tell {CHILD}"))
    bench.submit(SOCIAL_WORKER, opened, {"kind": "school", "words": WORDS})
    bench.go_to_day(date(2026, 12, 8))
    assert f"{CHILD} has something new since Tue 8 Dec" in words(bench.last(IRO))
