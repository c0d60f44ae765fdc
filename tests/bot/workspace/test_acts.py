"""What a browser sends is read as an act, whatever it sends."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.workspace import acts
from bot.workspace.acts import Place, Unreadable, sent

ACCOUNT = "ann.lee@anyshire.example"
FORM = json.dumps({"deed": "concern.log", "subject": "", "run": None, "context": {"a": "b"}, "nonce": "n1"})


def test_a_form_is_read_with_its_ticks_and_its_days() -> None:
    act = acts.submission(
        ACCOUNT,
        sent(
            [
                ("form", FORM),
                ("one.worries", "Said\r\non two lines"),
                ("many.child_voice", ""),
                ("many.child_voice", "told"),
                ("many.child_voice", "advocate"),
                ("date.needed_by.day", "12"),
                ("date.needed_by.month", "1"),
                ("date.needed_by.year", "2027"),
                ("date.spoken_on.day", ""),
                ("date.spoken_on.month", ""),
                ("date.spoken_on.year", ""),
            ]
        ),
    )
    assert (act.deed, act.place, act.context) == ("concern.log", Place.SUBMISSION, {"a": "b"})
    assert act.values == {
        "worries": "Said\non two lines",
        "child_voice": ("told", "advocate"),
        "needed_by": "2027-01-12",
        "spoken_on": "",
    }
    assert act.problems == {}


@pytest.mark.parametrize(
    "parts", [("31", "2", "2027"), ("x", "1", "2027"), ("1", "", "2027"), ("1", "1", "²"), ("0", "1", "1")]
)
def test_what_is_no_day_is_said_beside_its_field(parts: tuple[str, str, str]) -> None:
    names = [f"date.by.{part}" for part in acts.DATE_PARTS]
    act = acts.submission(ACCOUNT, sent([("form", FORM), *zip(names, parts, strict=True)]))
    assert list(act.problems) == ["by"]
    assert "12 1 2027" in act.problems["by"]


def test_the_same_form_sent_twice_is_one_act_and_another_content_another() -> None:
    first = acts.submission(ACCOUNT, sent([("form", FORM), ("one.worries", "A")]))
    again = acts.submission(ACCOUNT, sent([("form", FORM), ("one.worries", "A")]))
    corrected = acts.submission(ACCOUNT, sent([("form", FORM), ("one.worries", "B")]))
    somebody_else = acts.submission("sam@anyshire.example", sent([("form", FORM), ("one.worries", "A")]))
    assert first.key == again.key
    assert len({first.key, corrected.key, somebody_else.key}) == 3


def test_signs_that_only_steer_a_screen_and_halves_of_letters_are_left_out() -> None:
    act = acts.submission(ACCOUNT, sent([("form", FORM), ("one.worries", "a\u202eb\x00c\ud83dd\ue000e\uf0b7")]))
    assert act.values["worries"] == "abcde"


def test_of_free_text_no_word_goes_on() -> None:
    act = acts.command(ACCOUNT, "she was moved again on friday")
    assert (act.deed, act.command, act.words) == ("chat.written", "", "")


@pytest.mark.parametrize(
    ("line", "command", "words"),
    [
        ("/concern AB-1042", "concern", "AB-1042"),
        ("concern C-12 reply", "concern", "C-12 reply"),
        ("  help ", "iro", "help"),
        ("hello", "iro", "help"),
        ("day", "iro", "day"),
        ("", "iro", "help"),
        ("/bananas", "bananas", ""),
    ],
)
def test_a_typed_line_is_a_command_with_or_without_its_slash(line: str, command: str, words: str) -> None:
    act = acts.command(ACCOUNT, line)
    assert (act.deed, act.command, act.words) == ("command", command, words)


def test_a_command_kept_in_a_button_is_as_if_it_were_typed() -> None:
    act = acts.press(ACCOUNT, sent([("deed", "command"), ("subject", "concern C-12 reply"), ("run", "")]))
    assert (act.deed, act.command, act.words, act.run) == ("command", "concern", "C-12 reply", None)


@given(some.lists(some.tuples(some.text(max_size=20), some.text(max_size=40)), max_size=12), some.text(max_size=60))
def test_whatever_is_sent_is_an_act_or_unreadable(pairs: list[tuple[str, str]], form: str) -> None:
    for read in (acts.submission, acts.press, acts.search):
        for given_pairs in (pairs, [("form", form), *pairs]):
            try:
                act = read(ACCOUNT, sent(given_pairs))
            except Unreadable:
                continue
            assert act.request("anyshire", 1).key
