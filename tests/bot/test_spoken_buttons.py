"""What a screen reader says of a button carries the reference it acts on, on every platform; what is seen does not."""

import pytest

from bot.slack import blocks
from bot.teams import cards
from bot.workspace.drawing import Drawing, shown_card
from handlers.cards import Button, Card, Line
from tests.slack_standin import check_message
from tests.teams_standin.cards import actions, check_card

CARD = Card(
    title="Your day",
    lines=(
        Line(text="A reply is due.", buttons=(Button(label="Reply", deed="concern.reply", subject="C-12", run=3),)),
        Line(text="A review is due.", buttons=(Button(label="Book", deed="review.book", subject="AB-1042"),)),
    ),
    buttons=(
        Button(label="Open C-12", deed="concern.open", subject="C-12"),
        Button(label="More", deed="concern.list", subject="mine:8"),
        Button(label="Figures", deed="iro.figures", subject="2025-26"),
        Button(label="Seen", deed="concern.seen", subject="C-12"),
    ),
)
SEEN = ["Reply", "Book", "Open C-12", "More", "Figures", "Seen"]
SPOKEN = ["Reply, C-12", "Book, AB-1042", "", "", "", "Seen, C-12"]


def test_on_slack_as_the_accessibility_label() -> None:
    drawn = blocks.message(CARD)
    elements = [one for block in drawn["blocks"] if block["type"] == "actions" for one in block["elements"]]
    assert [one["text"]["text"] for one in elements] == SEEN
    assert [one.get("accessibility_label", "") for one in elements] == SPOKEN
    assert check_message(drawn) == []


def test_on_slack_no_longer_than_slack_takes() -> None:
    card = Card(title="T", buttons=(Button(label="A" * 90, deed="concern.open", subject="C-12"),))
    assert check_message(blocks.message(card)) == []


def test_on_teams_as_the_tooltip_of_the_action() -> None:
    drawn = cards.message(CARD)["card"]
    assert [one["title"] for one in actions(drawn)] == SEEN
    assert [one.get("tooltip", "") for one in actions(drawn)] == SPOKEN
    assert check_card(drawn) == []


def test_on_the_page_as_the_label() -> None:
    html = str(Drawing().part("message", "seat", shown_card(CARD, "1")))
    assert [f'aria-label="{name}"' in html for name in SPOKEN if name] == [True, True, True]


@pytest.mark.parametrize(
    ("subject", "around", "name"),
    [
        ("C-12", "", "Do, C-12"),
        ("RO-1042", "", "Do, RO-1042"),
        ("", "The plan of AB-1042 is due", "Do, AB-1042"),
        ("2025-26", "", "Do"),
        ("2026-10-01 to 2026-12-31", "", "Do"),
        ("8", "", "Do"),
        ("", "", "Do"),
    ],
)
def test_the_name_is_the_subject_where_that_is_a_reference(subject: str, around: str, name: str) -> None:
    assert Button(label="Do", deed="x", subject=subject).named(around) == name
