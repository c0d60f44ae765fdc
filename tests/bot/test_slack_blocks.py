"""Whatever a handler answers, Slack takes it: drawn within its limits, and unable to mention or link."""

import json
import os
import re

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.offering import in_words
from bot.slack import blocks, views
from bot.slack.text import Payload, cut_escaped, escaped, sections
from handlers.cards import Button, Card, Choice, Errors, Field, FieldKind, Form, Line, Notice
from tests.slack_standin import check_message, check_view
from tests.slack_standin.jsontypes import objects

NONCE = "a1b2c3"

keys = st.text("abcdefghij._", min_size=1, max_size=30)
words = st.one_of(
    st.text(st.characters(exclude_categories=("Cs", "Cc", "Co")), max_size=80),  # terms are in words by then
    st.sampled_from(["", " ", "<!channel> <@U123> & <https://x.example|y>", "*bold* _it_", "AB-1042 / 4 days"]),
    st.builds(lambda text, times: (text + " ") * times, st.text("ab&<>", max_size=9), st.integers(1, 900)),
)
buttons = st.lists(
    st.builds(
        Button,
        label=words,
        deed=keys,
        subject=keys,
        run=st.none() | st.integers(0, 999),
        weight=st.sampled_from(["", "primary", "danger", "loud"]),
    ),
    max_size=27,
).map(tuple)
lines = st.lists(st.builds(Line, text=words, buttons=buttons), max_size=12).map(tuple)
choices = st.builds(
    lambda many, label: tuple(Choice(value=f"v{number}", label=label) for number in range(many)),
    st.sampled_from([0, 1, 2, 10, 11, 100, 130]),
    words,
)
initials = st.one_of(words, st.lists(keys, max_size=3).map(tuple), st.just("2027-01-12"))
fields = st.builds(
    Field,
    key=keys,
    kind=st.sampled_from(FieldKind),
    label=words,
    text=words,
    hint=words.map(lambda text: text.strip()[:200]),
    required=st.booleans(),
    initial=initials.filter(lambda held: not isinstance(held, str) or len(held) <= 150),
    choices=choices,
    search=keys,
    max_length=st.integers(1, 5000),
    buttons=buttons,
)
forms = st.builds(
    Form,
    deed=keys,
    title=words.filter(lambda text: text.strip()),
    fields=st.lists(fields, max_size=5, unique_by=lambda one: one.key).map(tuple),
    submit=st.sampled_from(["", "Log", "A submit word that is far too long for Slack"]),
    cancel=words,
    context=st.dictionaries(keys, keys, max_size=5),
    on_top=words,
)
EXAMPLES = 25 if os.environ.get("THOROUGH") == "1" else 8
HUGE = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],
)


@pytest.mark.slow
@HUGE
@given(st.builds(Card, title=words.filter(lambda text: text.strip()), lines=lines, buttons=buttons))
def test_any_card_is_a_message_and_a_modal_that_slack_takes(card: Card) -> None:
    assert check_message(blocks.message(card)) == []
    assert check_view(views.card(card)) == []
    assert check_view(views.home(card)) == []


@HUGE
@given(st.builds(Notice, text=words, buttons=buttons))
def test_any_notice_is_a_message_and_a_modal_that_slack_takes(notice: Notice) -> None:
    assert check_message(blocks.notice(notice)) == []
    assert check_view(views.notice(notice)) == []


@HUGE
@given(forms)
def test_any_form_is_a_modal_that_slack_takes(form: Form) -> None:
    assert check_view(views.form(form, NONCE)) == []


@HUGE
@given(forms, st.lists(words, max_size=4))
def test_a_form_redrawn_with_what_is_wrong_is_still_one_that_slack_takes(form: Form, problems: list[str]) -> None:
    drawn = views.form(form, NONCE)
    sent = json.loads(json.dumps(drawn)) | {"state": {"values": {}}}
    assert check_view(views.redrawn(sent, problems)) == []


@given(words)
def test_no_words_can_mention_or_link(text: str) -> None:
    for drawn in sections(text):
        assert drawn["text"]["verbatim"] is True
        assert not re.search("[<>]", drawn["text"]["text"])
        assert not re.search(r"&(?!amp;|lt;|gt;)", drawn["text"]["text"])


@given(words, st.integers(6, 60))
def test_cutting_never_splits_an_entity(text: str, length: int) -> None:
    short = cut_escaped(text, length)
    assert len(short) <= length
    assert not re.search(r"&(?!amp;|lt;|gt;)", short)


def test_a_long_statement_is_split_and_loses_nothing() -> None:
    text = " ".join(f"word{number}" for number in range(3000))
    drawn = sections(text)
    assert len(drawn) > 1
    assert " ".join(block["text"]["text"] for block in drawn) == text


def test_splitting_keeps_every_character_of_text_without_spaces() -> None:
    text = "a&b<" * 3000
    assert "".join(block["text"]["text"] for block in sections(text)) == escaped(text)


def test_a_card_says_its_title_in_bold_and_in_the_notification() -> None:
    drawn = blocks.message(Card(title="Overdue: C-12 <now>", lines=(Line(text="Reply today."),)))
    assert drawn["text"] == "Overdue: C-12 &lt;now&gt;"
    assert drawn["blocks"][0]["text"]["text"] == "*Overdue: C-12 &lt;now&gt;*"


def test_a_button_carries_keys_and_an_id_of_its_own() -> None:
    row = (
        Button(label="Reply", deed="concern.reply", subject="C-12", run=3, weight="primary"),
        Button(label="Reply", deed="concern.reply", subject="C-13"),
    )
    drawn = blocks.message(Card(title="Your day", lines=(Line(text="Two", buttons=row),), buttons=row))
    elements = [element for block in drawn["blocks"] for element in block.get("elements", ())]
    assert [element["action_id"] for element in elements] == [f"concern.reply:{number}" for number in range(4)]
    assert json.loads(elements[0]["value"]) == {"deed": "concern.reply", "subject": "C-12", "run": 3}
    assert "style" not in elements[1]


def test_a_card_that_is_too_much_says_how_to_see_the_rest() -> None:
    card = Card(title="Your day", lines=tuple(Line(text=f"C-{number}") for number in range(80)))
    drawn = blocks.message(card)["blocks"]
    assert len(drawn) == 50
    assert "to see the rest" in drawn[-1]["text"]["text"]


def test_a_long_title_is_cut_and_stands_whole_as_the_first_block() -> None:
    view = views.form(Form(deed="d", title="Tell the IRO something changed", fields=()), NONCE)
    assert len(view["title"]["text"]) <= 24
    assert view["blocks"][0]["text"]["text"] == "*Tell the IRO something changed*"


def test_too_many_statements_give_way_to_what_can_be_filled_in() -> None:
    said = tuple(Field(key=f"s{number}", kind=FieldKind.STATEMENT, text="read me") for number in range(150))
    asked = Field(key="answer", kind=FieldKind.LONG, label="Answer")
    view = views.form(Form(deed="d", title="Reply", fields=(*said, asked), submit="Reply"), NONCE)
    assert check_view(view) == []
    assert [block["element"]["action_id"] for block in view["blocks"] if block["type"] == "input"] == ["answer"]
    assert "as a file" in view["blocks"][-1]["text"]["text"]


def test_a_form_with_nothing_to_submit_is_read() -> None:
    held = Field(key="copy", kind=FieldKind.LONG, label="Copy for the case record", initial="C-12 was raised.")
    view = views.form(Form(deed="d", title="File", fields=(held,)), NONCE)
    assert "submit" not in view
    assert [block["type"] for block in view["blocks"]] == ["section", "section"]
    assert view["blocks"][1]["text"]["text"] == "C-12 was raised."


def elements_of(view: Payload) -> list[Payload]:
    return [block["element"] for block in objects(view["blocks"]) if block["type"] == "input"]


def field(kind: FieldKind, many: int = 2, **more: object) -> Payload:
    offered = tuple(Choice(value=f"v{number}", label=f"Choice {number}") for number in range(many))
    # Each is an attribute of a field.
    asked = Field(key="k", kind=kind, label="L", choices=offered, search="child", **more)  # type: ignore[arg-type]
    return elements_of(views.form(Form(deed="d", title="T", fields=(asked,), submit="Go"), NONCE))[0]


def test_each_kind_of_field_has_its_element() -> None:
    assert field(FieldKind.TEXT)["multiline"] is False
    assert field(FieldKind.LONG)["multiline"] is True
    assert field(FieldKind.CHOICE)["type"] == "static_select"
    assert field(FieldKind.CHOICES)["type"] == "checkboxes"
    assert field(FieldKind.CHOICES, many=11)["type"] == "multi_static_select"
    assert field(FieldKind.DATE, initial="2027-01-12")["initial_date"] == "2027-01-12"
    assert field(FieldKind.SEARCH)["min_query_length"] == 1


def test_more_than_a_hundred_choices_are_all_there_in_groups() -> None:
    groups = field(FieldKind.CHOICE, many=230)["option_groups"]
    assert [len(group["options"]) for group in groups] == [100, 100, 30]


def test_initial_values_are_shown() -> None:
    assert field(FieldKind.CHOICE, initial="v1")["initial_option"]["value"] == "v1"
    assert [one["value"] for one in field(FieldKind.CHOICES, initial=("v0", "v1"))["initial_options"]] == [
        "v0",
        "v1",
    ]
    assert field(FieldKind.SEARCH, initial="c1", initial_label="AB-1042")["initial_option"]["text"]["text"] == "AB-1042"
    assert "initial_date" not in field(FieldKind.DATE, initial="soon")


def test_words_too_long_for_a_key_are_refused_rather_than_cut() -> None:
    with pytest.raises(ValueError, match="keys"):
        blocks.message(Card(title="T", buttons=(Button(label="B", deed="d", subject="s" * 2000),)))
    with pytest.raises(ValueError, match="context"):
        views.form(Form(deed="d", title="T", fields=(), context={"a": "b" * 3000}), NONCE)


def test_errors_without_a_form_are_one_notice() -> None:
    assert in_words(Errors(by_field={"a": "One.", "b": "Two.", "c": "One."})).text == "One.\nTwo."
