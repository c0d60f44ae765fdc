"""What the button that offers a form carries: the command again, and never words about a child."""

import pytest

from bot.offering import typed_again


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
        ("iro", "away 21 Dec to 4 Jan cover @mona.ruiz", "iro away"),
        ("concern", "he told me on 21 December", "concern"),
    ],
)
def test_the_button_carries_keys_only(command: str, words: str, carried: str) -> None:
    assert typed_again(command, words).subject == carried
