"""Feedback after a review to the team manager, where the procedures ask for it."""

from collections.abc import Callable

import pytest

from handlers.cards import Button, Errors
from storage.feedback import Feedback
from tests.bench import Bench, button, buttons, words
from tests.cast import CHILD, IRO, IRO_MANAGER, OUTSIDER, SERVICE_MANAGER, SOCIAL_WORKER, TEAM_MANAGER
from tests.handlers.reviews.decided import as_form, as_notice, everything_sent, held_review, rows
from tests.handlers.reviews.steps import last_held_of, shown, story, tasks_of

GIVE = Button(label="Do", deed="review.feedback", subject=CHILD)
OFF = 'owner = "iro"\non = false\nfrom = 2011-04-01\nsource = "Default of this software"'
ON = OFF.replace("on = false", "on = true")
SAID = {"good": "gnu-canary", "missing": "emu-canary", "grade": "Good"}


@pytest.fixture
def bench(under: Callable[..., Bench]) -> Bench:
    """Feedback switched on, and a review held."""
    made = under(**{OFF: ON})
    held_review(made)
    return made


def test_it_goes_to_the_team_manager_with_no_word_of_it(bench: Bench) -> None:
    told = bench.submit(IRO, as_form(bench.press(IRO, GIVE)), SAID)
    assert "on its way to Tess Hill" in as_notice(told)
    message = bench.last(TEAM_MANAGER)
    assert message.title == f"Feedback on the review of {CHILD}"
    assert [one.label for one in message.buttons] == ["Open"]
    assert "canary" not in everything_sent(bench)
    opened = words(bench.press(TEAM_MANAGER, message.buttons[0]))
    assert all(part in opened for part in SAID.values())
    assert [one.what for one in story(bench)].count("feedback read") == 1
    assert tasks_of(bench, last_held_of(bench))["feedback_to_team_manager"].done_on is not None


def test_others_are_not_shown_it(bench: Bench) -> None:
    bench.submit(IRO, as_form(bench.press(IRO, GIVE)), SAID)
    press = button(bench.last(TEAM_MANAGER), "Open")
    assert "gnu-canary" in words(bench.press(IRO_MANAGER, press))
    for who in (SOCIAL_WORKER, SERVICE_MANAGER, OUTSIDER):
        assert "canary" not in as_notice(bench.press(who, press))


def test_the_childs_form_offers_it_to_the_iro_and_then_to_whoever_may_read_it(bench: Bench) -> None:
    press = button(shown(bench), "Feedback")
    readers = (TEAM_MANAGER, IRO_MANAGER, SOCIAL_WORKER)
    assert not [who for who in readers if "Feedback" in {one.label for one in buttons(shown(bench, who))}]
    bench.submit(IRO, as_form(bench.press(IRO, press)), SAID)
    assert [who for who in readers if "Feedback" in {one.label for one in buttons(shown(bench, who))}] == [
        TEAM_MANAGER,
        IRO_MANAGER,
    ]
    assert "gnu-canary" in words(bench.press(TEAM_MANAGER, button(shown(bench, TEAM_MANAGER), "Feedback")))
    assert "gnu-canary" in words(bench.press(IRO, button(shown(bench), "Feedback")))


def test_help_names_it(bench: Bench) -> None:
    assert "feedback" in words(bench.command(IRO, "/review help"))


def test_it_is_given_once(bench: Bench) -> None:
    opened = as_form(bench.press(IRO, GIVE))
    bench.submit(IRO, opened, SAID)
    assert "gave feedback on this review" in as_notice(bench.submit(IRO, opened, SAID))
    assert len(rows(bench, Feedback)) == 1


def test_a_grade_and_a_word_are_needed(bench: Bench) -> None:
    opened = as_form(bench.press(IRO, GIVE))
    for said in ({"grade": "Good"}, {"good": "Much."}, {"good": "Much.", "grade": "Splendid"}):
        assert isinstance(bench.submit(IRO, opened, said), Errors)
    assert isinstance(bench.submit(IRO, opened, {"good": "UPN A123456789012", "grade": "Good"}), Errors)


def test_it_is_off_unless_switched_on(under: Callable[..., Bench]) -> None:
    bench = under()
    held_review(bench)
    assert "not switched on" in as_notice(bench.press(IRO, GIVE))
    assert "Feedback" not in {one.label for one in buttons(shown(bench))}
