"""What the button that offers a form carries: the command again, and never words about a child."""

import pytest

from bot.offering import offer, typed_again
from handlers.cards import WRONG, Button, Field, FieldKind, Form


@pytest.mark.parametrize(
    ("command", "words", "carried"),
    [
        ("concern", "", "concern"),
        ("concern", "AB-1042", "concern AB-1042"),
        ("concern", "C-1 stage 2", "concern C-1 stage 2"),
        ("concern", "c1", "concern c1"),
        ("concern", "C 12 reply", "concern C-12 reply"),
        ("concern", "c - 12", "concern C-12"),
        ("concern", "service", "concern service"),
        ("iro", "figures last quarter", "iro figures last quarter"),
        ("iro", "figures 1 Apr 2026 to 30 June 2026 by team", "iro figures 1 Apr 2026 to 30 June 2026 by team"),
        ("iro", "figures of Sam last year", "iro figures"),
        ("concern", "by this time last year", "concern"),
        ("review", "AB-1042 bring forward", "review AB-1042 bring forward"),
        ("iro", "child ZX-7000", "iro child ZX-7000"),
        ("iro", "child his mother said so", "iro child"),
        ("iro", "allocate Sam AB-1042", "iro allocate"),
        ("iro", "away 21 Dec to 4 Jan cover @mona.ruiz", "iro away 21 Dec to 4 Jan"),
        ("iro", "away from 21st December to 4.1.2027", "iro away from 21st December to 4.1.2027"),
        ("iro", "away because he hit me on 21 Dec", "iro away"),
        ("concern", "he told me on 21 December", "concern"),
    ],
)
def test_the_button_carries_keys_only(command: str, words: str, carried: str) -> None:
    assert typed_again(command, words).subject == carried


def test_what_was_not_understood_is_said_with_the_offer() -> None:
    wrong = Field(key=WRONG, kind=FieldKind.STATEMENT, text="I did not understand the dates.")
    again = Button(label="Open", deed="command", subject="iro away")
    assert offer(Form(deed="x", title="Away", fields=(wrong,)), again).text == (
        "I did not understand the dates.\n“Away” is ready."
    )
    assert offer(Form(deed="x", title="Away", fields=()), again).text == "“Away” is ready."
