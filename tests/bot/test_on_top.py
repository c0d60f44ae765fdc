"""The first line of a form: Slack's alert, at Teams a ground of its own, on the page a paragraph under the title."""

import json
from dataclasses import replace

from lxml import html

from bot.slack import reading_back, views
from bot.teams import dialogs, fields
from bot.teams.dialogs import Said
from bot.workspace.drawing import Drawing
from handlers.cards import Field, FieldKind, Form
from tests.page.reading import words
from tests.slack_standin import check_view
from tests.slack_standin.jsontypes import Json
from tests.teams_standin.cards import check_card
from tests.teams_standin.rendering import card_text

STANDS = "C-12 (AB-1042): stage 1, reply by 5 pm, Tue 12 Jan 2027 (2 working days left). You act for Ann Lee."
REPLY = Form(
    deed="concern.reply.send",
    title="Reply to C-12",
    submit="Send reply",
    fields=(Field(key="words", kind=FieldKind.LONG, label="What will happen", required=True),),
    on_top=STANDS,
)


def slack_words(block: Json) -> str:
    return str(block["text"]["text"])


def test_slack_shows_it_as_an_alert_before_all_else() -> None:
    view = views.form(REPLY, "n1")
    assert check_view(view) == []
    assert [block["type"] for block in view["blocks"]] == ["alert", "input"]
    assert view["blocks"][0]["text"] == {"type": "plain_text", "text": STANDS, "emoji": False}
    assert view["blocks"][0]["level"] == "info"


def test_what_is_too_long_for_an_alert_goes_on_below_it_and_none_is_lost() -> None:
    for long in (f"{STANDS} {STANDS} {STANDS}", "far too long for one sentence " * 12, "x" * 450):
        first, *below, _ = views.form(replace(REPLY, on_top=long), "n1")["blocks"]
        assert first["type"] == "alert"
        assert {block["type"] for block in below} == {"section"}
        told = [slack_words(first), *map(slack_words, below)]
        assert "".join(told).replace(" ", "") == long.replace(" ", "")
    whole = views.form(replace(REPLY, on_top=f"{STANDS} And {STANDS}"), "n1")["blocks"]
    assert slack_words(whole[0]).endswith("(2 working days left)."), "an alert ends with a sentence"


def test_what_is_wrong_stands_above_it_and_it_stays() -> None:
    sent = json.loads(json.dumps(views.form(REPLY, "n1"))) | {"state": {"values": {}}}
    problem, stands, _ = views.redrawn(sent, ["Say what will happen."])["blocks"]
    assert (slack_words(problem), slack_words(stands)) == ("⚠ Say what will happen.", STANDS)
    card = dialogs.form(REPLY, "act:1", said=Said(sentences=("Say what will happen.",)))["task"]["value"]["card"]
    assert card_text(card["content"], {})[:2] == ["⚠ Say what will happen.", STANDS]


def test_words_that_are_kept_for_a_day_come_back_without_it() -> None:
    """Tomorrow another day is left."""
    view = views.form(REPLY, "n1") | {"state": {"values": {}}}
    assert reading_back.form(view).on_top == ""
    assert fields.typed_into(REPLY, {"words": "It is done."}).on_top == ""


def test_teams_shows_it_first_on_a_ground_of_its_own() -> None:
    card = dialogs.form(REPLY, "act:1")["task"]["value"]["card"]["content"]
    assert check_card(card) == []
    assert card["body"][0]["type"] == "Container"
    assert card["body"][0]["style"] == "emphasis"
    assert card_text(card, {})[0] == STANDS


def test_the_page_shows_it_under_the_title_and_reads_it_out_with_it() -> None:
    drawn = html.fromstring(str(Drawing().form("ann", REPLY)))
    (line,) = drawn.xpath("//p[@id='dialog-on-top']")
    assert words(line) == STANDS
    assert drawn.xpath("//h2/@aria-describedby") == ["dialog-on-top"]
    assert not html.fromstring(str(Drawing().form("ann", replace(REPLY, on_top="")))).xpath(
        "//*[@id='dialog-on-top' or @aria-describedby='dialog-on-top']"
    )
