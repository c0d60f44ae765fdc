"""What is typed is read one way everywhere: what nobody can read goes, emoji stay, spaces and dashes are folded."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers import typed
from handlers.numbers import LARGEST, number_of
from handlers.requests import Request
from tests.bench import Bench, words
from tests.cast import IRO, IRO_MANAGER

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
HEART = "\u2764\ufe0f"
ENGLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"
NURSE = "\U0001f9d1\U0001f3fd\u200d\u2695\ufe0f"


STRAY = (
    "\ud83d", "\udc68", "\x00", "\x1b", "\x7f", "\x9f", "\ufffd", "\uf0b7", "\u00ad", "\u061c", "\u200b", "\u200c",
    "\u200d", "\u200e", "\u200f", "\u202a", "\u202e", "\u2060", "\u2066", "\u2069", "\ufeff", "\U000e0041",
)  # fmt: skip


@pytest.mark.parametrize("stray", STRAY)
def test_what_nobody_can_read_is_left_out(stray: str) -> None:
    assert typed.prose(f"{stray}No pl{stray}an.{stray}") == "No plan."
    assert typed.line(f"No {stray}pl{stray}an.") == "No plan."
    assert typed.command(f"AB{stray}-1042{stray}") == "AB-1042"


@pytest.mark.parametrize("emoji", [FAMILY, HEART, ENGLAND, NURSE, "\U0001f600", "1\ufe0f\u20e3"])
def test_emoji_stay_as_they_are(emoji: str) -> None:
    assert typed.prose(f"Well done {emoji} she said.") == f"Well done {emoji} she said."
    assert typed.line(emoji) == emoji


def test_lines_of_prose_stay_and_runs_of_white_space_do_not() -> None:
    told = "  No\u00a0 plan. \r\nNo\t visit.\x0bNone.\x0cNo one.\u2028End.  \n\n\n\n\n\n\nYes. \n "
    assert typed.prose(told) == "No plan.\nNo visit.\nNone.\nNo one.\nEnd.\n\n\nYes."
    assert typed.line("  two \u2009 words\n\u3000of it ") == "two words of it"


@pytest.mark.parametrize("dash", ["-", "\u2010", "\u2011", "\u2012", "\u2013", "\u2014", "\u2015", "\u2212", "\uff0d"])
@pytest.mark.parametrize("space", [" ", "\u00a0", "\u2009", "\u202f", "\u3000", "  "])
def test_commands_are_read_with_any_dash_and_any_space(dash: str, space: str) -> None:
    assert typed.command(f"AB{dash}1042{space}book ") == "AB-1042 book"


@given(st.text(st.characters()), st.sampled_from([typed.readable, typed.prose, typed.line, typed.command]))
def test_what_was_cleaned_is_clean_and_can_be_sent(text: str, clean: Callable[[str], str]) -> None:
    once = clean(text)
    assert clean(once) == once
    once.encode("utf-8")
    assert "\x00" not in once


def test_a_request_is_read_as_a_whole() -> None:
    asked = Request(
        authority="a",
        person_id=1,
        platform="slack",
        key="k",
        deed="concern.log",
        words="a\u200b  b",
        subject="C-1\x00",
        values={"worries": " No\u202e  plan.\n\nNone. ", "other": ("x\u200b", "y", "x")},
        context={"since": "1\u2066"},
    )
    read = typed.as_read(asked)
    assert (read.words, read.subject, read.context["since"]) == ("a b", "C-1", "1")
    assert read.values == {"worries": "No plan.\n\nNone.", "other": ("x", "y")}


@pytest.mark.parametrize(
    "text",
    ["", "²", "-1", "+1", " 1", "1 ", "1.0", "1e3", "１", "٣", "abc", "9" * 30, str(LARGEST + 1), "1_0"],  # noqa: RUF001
)
def test_what_is_no_number_of_a_row_is_none(text: str) -> None:
    assert number_of(text) is None


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("7", 7), ("012", 12), (str(LARGEST), LARGEST)])
def test_numbers_of_rows_are_read(text: str, number: int) -> None:
    assert number_of(text) == number


@pytest.mark.parametrize(
    "line",
    [
        "/concern list\u00a0drafts",
        "/concern AB\u22121042",
        "/concern ab\u20111042\u200b",
        "/review AB\u20131042",
        "/iro child AB\u20119001\ufeff",
        "/iro away 21 Dec \u2212 4 Jan cover @iris.moss",
        "/iro figures 2026\u221227",
        "/iro days Mon\u2011Thu",
    ],
)
def test_a_pasted_command_is_understood(bench: Bench, line: str) -> None:
    pasted = bench.command(IRO_MANAGER if "figures" in line else IRO, line)
    typed_out = bench.command(IRO_MANAGER if "figures" in line else IRO, typed.command(line))
    assert type(pasted) is type(typed_out)
    assert "do not know" not in words(pasted)
    assert "did not understand" not in words(pasted)
