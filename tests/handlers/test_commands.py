"""Typed commands: each word does its deed, unknown ones get the nearest, and no narrative is taken after a command."""

import pytest

from handlers.cards import Card, Form
from storage.concerns import Concern
from storage.history import History
from storage.inbound import Inbound
from tests.bench import Bench, button, buttons, words
from tests.cast import ADMIN, CHILD, IRO, IRO_MANAGER, OUTSIDER, SOCIAL_WORKER, SUPPORT, TEAM_MANAGER
from tests.handlers.steps import DONE, PLAN, act, close, field, form, logged, reply, rows, said

NARRATIVE = "Jayden ran away again on Friday and nobody rang the police"


@pytest.mark.parametrize(
    ("word", "title"),
    [
        ("", "Concern C-1"),
        ("stage 2", "Move to stage 2"),
        ("stage", "Move to stage 2"),
        ("extend", "Agree an extension"),
        ("close", "Close C-1"),
        ("withdraw", "Close C-1"),
        ("cafcass", "Refer to Cafcass"),
        ("legal", "Legal advice"),
        ("history", "History of C-1"),
        ("file", "Copy for the record"),
        ("again", "Ask again"),
        ("record", "Record a reply"),
        ("correct", "Correct the child"),
    ],
)
def test_each_word_after_a_concern_opens_its_form(word: str, title: str, bench: Bench) -> None:
    logged(bench, 1)
    assert form(bench.command(IRO, f"/concern C-1 {word}")).title == title


def test_reply_opens_the_reply_and_reopen_and_lasted_wait_for_the_end(bench: Bench) -> None:
    logged(bench, 1)
    assert form(bench.command(TEAM_MANAGER, "/concern C-1 reply")).title == "Reply to C-1"
    assert "cannot reopen now" in said(bench.command(IRO, "/concern C-1 reopen"))
    close(bench, "C-1")
    assert form(bench.command(IRO, "/concern C-1 reopen")).title == "Reopen C-1"
    assert form(bench.command(IRO, "/concern C-1 lasted")).title == "Did it last? C-1"
    assert "is closed: the IRO can reopen it" in said(bench.command(IRO, "/concern C-1 close"))


def test_withdraw_is_closing_with_that_outcome(bench: Bench) -> None:
    logged(bench, 1)
    assert field(bench.command(IRO, "/concern C-1 withdraw"), "outcome").initial == "withdrawn"


def test_concern_opens_the_log_form_alone_with_a_child_and_about_the_service(bench: Bench) -> None:
    assert form(bench.command(IRO, "/concern")).title == "Log a concern"
    chosen = field(bench.command(IRO, f"/concern {CHILD}"), "child")
    assert (chosen.initial, chosen.initial_label) == (str(bench.cast.children[CHILD]), CHILD)
    assert form(bench.command(IRO, "/concern service")).context["about_service"] == "yes"


@pytest.mark.slow
@pytest.mark.parametrize(
    "line",
    [
        "/concern c12",
        "/concern C 12",
        "/concern c - 12",
        "/CONCERN c-12",
        "/concern   C-12  ",
        "concern C-12",
        "/Concern C\u201312",
    ],
)
def test_a_concern_is_found_however_it_is_typed(line: str, bench: Bench) -> None:
    for _ in range(12):
        logged(bench, 1)
    assert form(bench.command(IRO, line)).title == "Concern C-12"


@pytest.mark.parametrize("line", ["/concern c 1 STAGE 2", "/concern C-1  Stage  2", "/concern c1 stage 2"])
def test_words_after_a_concern_may_be_typed_in_any_case_and_spacing(line: str, bench: Bench) -> None:
    logged(bench, 1)
    assert form(bench.command(IRO, line)).title == "Move to stage 2"


@pytest.mark.parametrize("typed", ["ab-1042", "AB-1042", " Ab-1042 "])
def test_a_childs_reference_may_be_typed_in_any_case(typed: str, bench: Bench) -> None:
    assert field(bench.command(IRO, f"/concern {typed}"), "child").initial_label == CHILD


@pytest.mark.parametrize(
    ("which", "title"),
    [
        ("", "Your concerns (1 to 1 of 1)"),
        ("mine", "Your concerns (1 to 1 of 1)"),
        ("MINE", "Your concerns (1 to 1 of 1)"),
        ("overdue", "Nothing is overdue."),
        ("closed", "There are no closed concerns to show you."),
        ("drafts", "You have no drafts."),
    ],
)
def test_the_lists_by_name(which: str, title: str, bench: Bench) -> None:
    logged(bench, 1)
    assert words(bench.command(IRO, f"/concern list {which}")).splitlines()[0] == title


def test_a_plan_stands_in_the_list_by_its_own_date(bench: Bench) -> None:
    planned, waiting = logged(bench, 1), logged(bench, 1)
    reply(bench, TEAM_MANAGER, planned, PLAN, plan_by="2027-02-01")
    lines = words(bench.command(IRO, "/concern list")).splitlines()[1:]
    assert [line.split(" ")[0] for line in lines] == [waiting, planned]


@pytest.mark.slow
def test_a_list_has_the_oldest_clock_first_and_more(bench: Bench) -> None:
    late, early = logged(bench, 1), logged(bench, 3)
    for _ in range(8):
        logged(bench, 0)
    page = bench.command(IRO, "/concern list")
    assert isinstance(page, Card)
    assert [line.text.split(" ")[0] for line in page.lines][:2] == [early, late]
    assert page.title == "Your concerns (1 to 8 of 10)"
    more = bench.press(IRO, button(page, "More"))
    assert isinstance(more, Card)
    assert more.title == "Your concerns (9 to 10 of 10)"
    assert [one.label for one in more.buttons] == []


@pytest.mark.parametrize(
    ("line", "near"),
    [
        ("/concern lst", "Did you mean /concern list?"),
        ("/concern list overdew", "Did you mean /concern list overdue?"),
        ("/concern servise", "Did you mean /concern service?"),
        ("/concern C-1 clse", "Did you mean /concern c-1 close?"),
        ("/iro hepl", "Did you mean /iro help?"),
        ("/concerns C-1", "Did you mean /concern C-1?"),
    ],
)
def test_an_unknown_word_gets_the_nearest_and_the_help_line(line: str, near: str, bench: Bench) -> None:
    logged(bench, 1)
    told = said(bench.command(IRO, line))
    assert near.lower() in told.lower()
    assert "help shows what you can do" in told


@pytest.mark.parametrize("line", ["/concern xyzzy", "/iro xyzzy", "/xyzzy"])
def test_a_word_like_no_other_gets_the_help_line_and_is_not_repeated(line: str, bench: Bench) -> None:
    told = said(bench.command(IRO, line))
    assert "help shows what you can do" in told
    assert "xyzzy" not in told


@pytest.mark.slow
@pytest.mark.parametrize("before", ["", "C-1 ", "AB-1042 ", "C-1 close ", "C-1 reply ", "C-1 stage ", "service "])
@pytest.mark.parametrize("narrative", [NARRATIVE, "Jayden absconded", "Jayden is sad"])
def test_narrative_after_a_command_is_refused_and_nothing_is_kept(before: str, narrative: str, bench: Bench) -> None:
    logged(bench, 1)
    concerns, history = len(rows(bench, Concern)), len(rows(bench, History))
    refused = bench.command(IRO, f"/concern {before}{narrative}")
    told = said(refused)
    assert "taken only in forms" in told
    assert "Jayden" not in told
    opened = bench.press(IRO, buttons(_notice(refused))[0])
    assert isinstance(opened, Form)
    assert "Jayden" not in words(opened)
    assert len(rows(bench, Concern)) == concerns
    assert len(rows(bench, History)) <= history + 1, "at most the reading of the concern"
    assert not any("Jayden" in (one.answer or "") for one in rows(bench, Inbound))


def _notice(answer: object) -> Card:
    assert hasattr(answer, "buttons")
    return answer  # type: ignore[return-value]  # whatever has buttons is read alike


@pytest.mark.parametrize("command", ["/concern help", "/iro help", "/CONCERN HELP", "/iro"])
@pytest.mark.parametrize("who", [IRO, IRO_MANAGER, SOCIAL_WORKER, TEAM_MANAGER, SUPPORT, ADMIN, OUTSIDER])
def test_help_is_one_screen_of_what_this_person_can_do(command: str, who: str, bench: Bench) -> None:
    shown = bench.command(who, command)
    assert isinstance(shown, Card)
    text = words(shown)
    assert ("/concern logs a concern" in text) is (who in (IRO, IRO_MANAGER))
    assert ("list team" in text) is (who in (IRO_MANAGER, TEAM_MANAGER))
    assert len(shown.lines) <= 20


def test_what_cannot_be_done_now_is_one_sentence(bench: Bench) -> None:
    ref = logged(bench, 1)
    reply(bench, TEAM_MANAGER, ref)
    told = said(act(bench, IRO, f"/concern {ref} extend", until="2027-01-29", reason="X"))
    assert told == "C-1 has been replied to and waits for the IRO, so you cannot agree an extension now."
    assert "Nobody asked at this stage" in said(act(bench, IRO, f"/concern {ref} record", answer=DONE, words="X"))
