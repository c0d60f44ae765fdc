"""Help leads with what waits for this person and what they mostly come for; a greeting gets it, thanks get one line."""

from datetime import date

import pytest

from handlers.cards import Answer, Card
from tests.bench import Bench, button, buttons, words
from tests.cast import ADMIN, CHILD, IRO, IRO_MANAGER, OTHER_CHILD, OTHER_IRO, SOCIAL_WORKER, SUPPORT, TEAM_MANAGER
from tests.handlers.steps import form, logged, notice, reply, said


def shown(answer: Answer) -> list[str]:
    assert isinstance(answer, Card), answer
    return [line.text for line in answer.lines]


@pytest.mark.parametrize(
    ("who", "deeds"),
    [
        (IRO, ["Log a concern", "Your day"]),
        (IRO_MANAGER, ["Log a concern", "Your day"]),
        (SOCIAL_WORKER, ["Tell the IRO", "Your day"]),
        (SUPPORT, ["All reviews", "Your day"]),
        (TEAM_MANAGER, ["Your day"]),
        (ADMIN, ["Your day"]),
    ],
)
def test_where_nothing_waits_it_says_so_beside_the_deeds_of_the_role(who: str, deeds: list[str], bench: Bench) -> None:
    answer = bench.command(who, "/iro help")
    assert shown(answer)[0] == "Nothing waits for you."
    assert isinstance(answer, Card)
    assert [one.label for one in buttons(answer)] == deeds
    for one in buttons(answer):
        assert "refused=True" not in repr(bench.press(who, one))


def test_a_manager_replies_to_the_oldest_they_owe_before_any_reminder(bench: Bench) -> None:
    logged(bench)
    bench.go_to_day(date(2026, 12, 8))
    logged(bench)
    answer = bench.command(TEAM_MANAGER, "/iro help")
    assert isinstance(answer, Card)
    assert shown(answer)[0] == "C-1 (AB-1042): reply to Ann Lee by Mon 21 Dec, stage 1."
    assert [one.label for one in buttons(answer)] == ["Reply", "Open", "Your day"]
    assert form(bench.press(TEAM_MANAGER, button(answer, "Reply"))).title == "Reply to C-1"
    assert "C-1 (" not in words(bench.command(SOCIAL_WORKER, "/iro help"))


@pytest.mark.slow
def test_of_more_that_waits_the_first_three_stand_and_the_rest_are_in_the_day(bench: Bench) -> None:
    for about in (CHILD, CHILD, OTHER_CHILD, CHILD, CHILD):
        logged(bench, about=about)
    bench.go_to_day(date(2026, 12, 22))
    lines = shown(bench.command(IRO, "/concern help"))
    assert [line[:3] for line in lines[:3]] == ["C-1", "C-2", "C-3"]
    assert lines[3] == "And 2 more in your day."
    assert lines[4].startswith("/concern logs a concern")
    assert len(lines) <= 20


def test_figures_and_administration_come_last(bench: Bench) -> None:
    for command in ("/iro help", "hello"):
        lines = shown(bench.command(IRO_MANAGER, command))
        at = [next(i for i, line in enumerate(lines) if line.startswith(one)) for one in ("/iro away", "/caseload")]
        assert at == sorted(at)
        assert lines[-2].startswith("/iro child")
    assert shown(bench.command(IRO_MANAGER, "/caseload help"))[1].startswith("/caseload")


@pytest.mark.parametrize("line", ["/concern hi", "/iro Hello!", "/hello", "/review Good morning.", "/praise HI", "hi"])
def test_a_greeting_gets_help_wherever_it_is_typed(line: str, bench: Bench) -> None:
    assert words(bench.command(IRO, line)).startswith("What you can do")


@pytest.mark.parametrize(
    "line", ["/concern thanks", "/iro Thank you!", "/thanks", "/tell Thanks.", "/caseload cheers 👍"]
)
def test_thanks_get_one_line_wherever_they_are_typed(line: str, bench: Bench) -> None:
    assert said(bench.command(TEAM_MANAGER, line)) == "You're welcome. Nothing waits for you."


@pytest.mark.slow
def test_thanks_say_what_waits_in_the_day_too(bench: Bench) -> None:
    ref = logged(bench)
    assert said(bench.command(TEAM_MANAGER, "/iro thanks")) == "You're welcome. C-1 waits for your answer."
    reply(bench, TEAM_MANAGER, ref)
    assert said(bench.command(TEAM_MANAGER, "/iro thanks")) == "You're welcome. Nothing waits for you."
    answer = bench.command(IRO, "/iro thanks")
    assert said(answer) == "You're welcome. C-1 waits for your answer."
    logged(bench, 0)
    bench.go_to_day(date(2026, 12, 18))
    told = said(bench.command(IRO, "thanks"))
    assert told.startswith("You're welcome. C-1")


@pytest.mark.slow
def test_thanks_name_nothing_without_a_reference_and_of_many_the_first(bench: Bench) -> None:
    bench.command(IRO, "/iro away 21 Dec to 4 Jan cover @olu.ade")  # whose message has "Your day" alone
    assert said(bench.command(OTHER_IRO, "thanks")) == "You're welcome. Nothing waits for you."
    for _ in range(7):
        logged(bench)
    answer = notice(bench.command(TEAM_MANAGER, "thanks"))
    assert answer.text == "You're welcome. C-1, C-2, C-3, C-4, C-5 and 2 more wait for your answer."
    assert [one.label for one in answer.buttons] == ["Your day"]
