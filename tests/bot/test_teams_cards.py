"""Whatever a handler answers, Teams takes it: drawn within its limits, labelled, and unable to format or link."""

import json
import os
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from bot.teams import cards, dialogs, fields, parsing
from bot.teams.actions import IN_PLACE, in_message, rows
from bot.teams.connector import Chat, _activity
from bot.teams.dialogs import Said
from bot.teams.fields import Typed
from bot.teams.outcomes import Outcome, dialog, fitted, with_kept
from bot.teams.parsing import RESERVED, Act, Place, Whereabouts, by
from bot.teams.text import paragraphs, plain, size
from handlers.cards import Button, Card, Choice, Errors, Field, FieldKind, Form, Line, Notice
from handlers.dispatch import DEEDS
from tests.slack_standin.jsontypes import Json
from tests.teams_standin.cards import actions, check_card, inputs, parts
from tests.teams_standin.connector import check_activity
from tests.teams_standin.limits import ACTIVITY_BYTES
from tests.teams_standin.rendering import markdown_text

DRAWING = "act:0123456789abcdef"
WHERE = Whereabouts(
    tenant="t",
    account="a",
    member="m",
    bot="28:app",
    conversation="a:1",
    service_url="https://x.example/",
    personal=True,
)
CHAT = Chat(tenant="t", conversation="a:1", service_url="https://x.example/uk/", bot="28:app")
SENDING = Act(**by(WHERE, "now"), place=Place.SUBMISSION, deed="x", drawing=DRAWING)

keys = st.text("abcdefghij._", min_size=1, max_size=30).filter(lambda key: key not in RESERVED)
words = st.one_of(
    st.text(st.characters(exclude_categories=("Cs", "Cc", "Co")), max_size=80),  # terms are in words by then
    st.sampled_from(["", " ", "**bold** [x](http://x.example)", "_it_", "AB-1042 / 4 days", "one\ntwo\n\nthree"]),
    st.builds(lambda text, times: (text + " ") * times, st.text("ab*\n", max_size=9), st.integers(1, 400)),
)
buttons = st.lists(
    st.builds(
        Button,
        label=words,
        deed=keys | st.sampled_from(sorted(IN_PLACE)),
        subject=keys,
        run=st.none() | st.integers(0, 999),
        weight=st.sampled_from(["", "primary", "danger", "loud"]),
    ),
    max_size=14,
).map(tuple)
lines = st.lists(st.builds(Line, text=words, buttons=buttons), max_size=12).map(tuple)
choices = st.builds(
    lambda many, label: tuple(Choice(value=f"v,{number}%", label=label) for number in range(many)),
    st.sampled_from([0, 1, 2, 15, 16, 60]),
    words.map(lambda text: text[:80]),
)
form_fields = st.builds(
    Field,
    key=keys,
    kind=st.sampled_from(FieldKind),
    label=words.map(lambda text: text[:200]),
    text=words,
    hint=words.map(lambda text: text.replace("\n", " ")[:200]),
    required=st.booleans(),
    initial=words | st.lists(keys, max_size=3).map(tuple) | st.just("2027-01-12"),
    choices=choices,
    search=keys,
    max_length=st.integers(1, 5000),
    buttons=buttons,
)
forms = st.builds(
    Form,
    deed=keys,
    title=words,
    fields=st.lists(form_fields, max_size=3, unique_by=lambda one: one.key).map(tuple),
    submit=st.sampled_from(["", "Log"]),
    context=st.dictionaries(keys, keys, max_size=5),
    on_top=words,
)
EXAMPLES = 25 if os.environ.get("THOROUGH") == "1" else 8
HUGE = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],
)


def dialog_card(drawn: Json) -> Json:
    """The card of a dialog, whose frame has to be right."""
    value = drawn["task"]["value"]
    assert drawn["task"]["type"] == "continue"
    assert value["title"].strip()
    card: Json = value["card"]["content"]
    return card


@pytest.mark.slow
@HUGE
@given(st.builds(Card, title=words, lines=lines, buttons=buttons))
def test_any_card_is_a_message_and_a_dialog_that_teams_takes(card: Card) -> None:
    assert check_activity(_activity(CHAT, cards.message(card))) == []
    drawn = dialog_card(dialogs.card(card))
    assert check_card(drawn) == []
    assert size(drawn) <= ACTIVITY_BYTES


@pytest.mark.slow
@HUGE
@given(st.builds(Notice, text=words, buttons=buttons))
def test_any_notice_is_a_message_and_a_dialog_that_teams_takes(notice: Notice) -> None:
    assert check_activity(_activity(CHAT, cards.notice(notice))) == []
    drawn = dialogs.notice(notice)
    if notice.buttons:
        assert check_card(dialog_card(drawn)) == []
    else:
        assert drawn["task"]["value"].strip()


@pytest.mark.slow
@HUGE
@given(forms, words, st.integers(0, 9))
def test_any_form_is_a_dialog_that_teams_takes(form: Form, wrong: str, page: int) -> None:
    errors = {one.key: wrong for one in form.fields}
    found = {one.key: (Choice(value="7", label=wrong),) for one in form.fields}
    typed = Typed(inputs={one.key: "typed" for one in form.fields}, found=found, errors=errors)
    said = Said(sentences=(wrong,), buttons=(Button(label="Open", deed="concern.open"),))
    for drawn in (dialogs.form(form, DRAWING, page=page), dialogs.form(form, DRAWING, typed, said)):
        assert check_card(dialog_card(drawn)) == []


def test_every_page_of_a_long_text_is_within_the_limit_and_none_of_it_is_lost() -> None:
    text = "\n".join(f"Line {number}: she has not been visited." for number in range(900))
    form = Form(
        deed="concern.history", title="History", fields=(Field(key="all", kind=FieldKind.STATEMENT, text=text),)
    )
    shown = []
    for page in range(12):
        card = dialog_card(dialogs.form(form, DRAWING, page=page))
        assert size(card) <= ACTIVITY_BYTES
        shown += [one["text"] for one in parts(card) if one["type"] == "TextBlock" and one["text"].startswith("Line")]
        if "More" not in [one["title"] for one in actions(card)]:
            break
    assert shown == [plain(line) for line in text.split("\n")]


def test_what_was_typed_is_drawn_again_whole_with_the_error_beside_it() -> None:
    long = "The plan was never written up. " * 90
    field = Field(key="worries", kind=FieldKind.LONG, label="What are we worried about?", required=True)
    form = Form(deed="concern.log", title="Log a concern", fields=(field,), submit="Log")
    typed = Typed(inputs={"worries": long}, errors={"worries": "This looks like personal detail."})
    card = dialog_card(dialogs.form(form, DRAWING, typed))
    (one,) = inputs(card)
    assert one["value"] == long
    after = card["body"][card["body"].index(one) + 1]
    assert after["text"] == "⚠ This looks like personal detail."


def test_a_required_field_holds_the_form_back_only_where_nothing_else_can_be_pressed() -> None:
    field = Field(key="words", kind=FieldKind.LONG, label="Reason", required=True)
    plain_form = Form(deed="x", title="X", fields=(field,), submit="Send")
    assert inputs(dialog_card(dialogs.form(plain_form, DRAWING)))[0]["isRequired"] is True
    save = Field(key="more", kind=FieldKind.BUTTONS, buttons=(Button(label="Save draft", deed="y"),))
    with_buttons = Form(deed="x", title="X", fields=(field, save), submit="Send")
    assert "isRequired" not in inputs(dialog_card(dialogs.form(with_buttons, DRAWING)))[0]


def test_what_has_to_be_filled_in_is_marked_in_every_form() -> None:
    reason = Field(key="words", kind=FieldKind.LONG, label="Reason", required=True)
    more = Field(key="more", kind=FieldKind.TEXT, label="Anything else")
    find = Field(key="who", kind=FieldKind.SEARCH, label="Who covers?", search="person.cover")
    strict = Form(deed="x", title="X", fields=(reason, more), submit="Send")
    searching = Form(deed="x", title="X", fields=(reason, more, find), submit="Send")
    marked = dialog_card(dialogs.form(searching, DRAWING))
    assert [one["label"] for one in inputs(marked)] == ["Reason *", "Anything else", "Who covers?"]
    assert marked["body"][0]["text"] == "What is marked * has to be filled in."
    by_teams = dialog_card(dialogs.form(strict, DRAWING))
    assert [one["label"] for one in inputs(by_teams)] == ["Reason", "Anything else"], "Teams marks it itself"
    assert by_teams["body"][0]["type"] == "Input.Text"
    free = Form(deed="x", title="X", fields=(more, find), submit="Send")
    assert dialog_card(dialogs.form(free, DRAWING))["body"][0]["type"] == "Input.Text"


def test_ticked_values_come_back_as_they_were_whatever_they_hold() -> None:
    choices = (Choice(value="a,b", label="A"), Choice(value="50%", label="B"), Choice(value="c", label="C"))
    ticks = Field(key="ticks", kind=FieldKind.CHOICES, label="Ticks", choices=choices, initial=("a,b", "50%"))
    one = Field(key="one", kind=FieldKind.CHOICE, label="One", choices=choices, initial="a,b")
    form = Form(deed="x", title="X", fields=(ticks, one), submit="Send")
    drawn = {element["id"]: element["value"] for element in inputs(dialog_card(dialogs.form(form, DRAWING)))}
    assert fields.values(form, drawn) == {"ticks": ("a,b", "50%"), "one": "a,b"}


def test_a_message_opens_dialogs_and_answers_in_place_only_what_needs_no_form() -> None:
    opened = in_message(Button(label="Reply", deed="concern.reply", subject="C-12", run=3))
    assert opened["data"] == {
        "msteams": {"type": "task/fetch"},
        "action": "concern.reply",
        "ours": {"subject": "C-12", "run": 3},
    }
    pressed = in_message(Button(label="Seen", deed="concern.seen", subject="C-12", run=3))
    assert (pressed["type"], pressed["verb"], pressed["fallback"]["type"]) == (
        "Action.Execute",
        "concern.seen",
        "Action.Submit",
    )
    assert set(DEEDS) >= IN_PLACE


@pytest.mark.parametrize("pieces", [1, 6, 14, 40])
def test_a_text_to_copy_is_shown_in_pages_each_within_the_limit(pieces: int) -> None:
    texts = [f"{number:02}" + "a" * 2800 for number in range(pieces)]
    asked = tuple(
        Field(key=f"text{number}", kind=FieldKind.LONG, label="Text to copy", initial=text)
        for number, text in enumerate(texts)
    )
    form = Form(deed="x", title="Copy for the record", submit="Done", fields=asked)
    assert fitted(SENDING, Outcome(answer=form)).kept == ()
    copied: list[str] = []
    for page in range(pieces):
        drawn = dialogs.form(form, DRAWING, page=page)
        assert size(drawn) <= ACTIVITY_BYTES
        card = dialog_card(drawn)
        copied += [one["value"] for one in inputs(card)]
        if "More" not in [one["title"] for one in actions(card)]:
            break
    assert copied == texts


@HUGE
@example(lengths=[2900] * 14, opened=False, wrong=3)
@example(lengths=[2900] * 14, opened=True, wrong=3)
@given(lengths=st.lists(st.integers(0, 3000), min_size=1, max_size=14), opened=st.booleans(), wrong=st.integers(0, 13))
def test_whatever_is_typed_into_a_form_it_is_drawn_again_within_the_limit_and_nothing_is_lost(
    lengths: list[int], opened: bool, wrong: int
) -> None:
    written = {f"f{number}": f"{number:02}{'é' * length}" for number, length in enumerate(lengths)}
    asked = Form(
        deed="x",
        title="X",
        submit="Send",
        fields=tuple(Field(key=key, kind=FieldKind.LONG, label=f"Field {key}", required=True) for key in written),
    )
    act = replace(SENDING, inputs=written)
    if opened:
        asked = replace(asked, fields=tuple(replace(one, initial=written[one.key]) for one in asked.fields))
        outcome = fitted(act, Outcome(answer=asked))
    else:
        errors = Errors(by_field={f"f{wrong}": "This looks like personal detail."})
        outcome = fitted(act, Outcome(answer=errors, form=asked, typed=Typed(inputs=written)))
    drawn = dialog(act, outcome)
    assert size(drawn) <= ACTIVITY_BYTES
    card = dialog_card(drawn)
    assert check_card(card) == []
    form = outcome.shown
    assert form is not None
    visible = {one["id"]: one.get("value", "") for one in inputs(card)}
    pressed = act_of(card, visible)
    assert set(pressed.kept).isdisjoint(visible)
    assert with_kept(pressed, form).inputs == written


def test_what_is_wrong_is_named_at_the_top_and_no_choice_is_cut_on_a_telephone() -> None:
    said = "More meetings are to follow: record this as the first of several meetings"
    some = (Choice(value="1", label=said),)
    asked = Form(
        deed="x",
        title="X",
        submit="Send",
        fields=(
            Field(key="words", kind=FieldKind.LONG, label="What will happen"),
            Field(key="more", kind=FieldKind.CHOICES, label="Series", choices=some),
            Field(key="answer", kind=FieldKind.CHOICE, label="Answer", choices=some),
        ),
    )
    errors = Errors(by_field={"words": "Say what will happen.", "answer": "Choose an answer.", "gone": "It is closed."})
    card = dialog_card(dialog(SENDING, Outcome(answer=errors, form=asked, typed=Typed(inputs={}))))
    shown = [text for text in texts_of(card) if text]
    assert shown[:2] == ["⚠ Nothing was sent yet. Please look at: What will happen; Answer.", "⚠ It is closed."]
    assert [one["wrap"] for one in inputs(card) if one["type"] == "Input.ChoiceSet"] == [True, True]


def texts_of(card: Json) -> list[str]:
    """All text blocks, in order."""
    found: list[str] = []
    left: list[object] = [card]
    while left:
        one = left.pop(0)
        if isinstance(one, dict):
            found += [one["text"]] if one.get("type") == "TextBlock" else []
            left = [*one.values(), *left]
        elif isinstance(one, list):
            left = [*one, *left]
    return found


def act_of(card: Json, visible: dict[str, str]) -> Act:
    """The act of sending the form that is shown."""
    (send,) = card["actions"]
    activity: Json = {"type": "invoke", "name": "task/submit", "value": {"data": {**visible, **send["data"]}}}
    activity |= {"from": {"aadObjectId": "a"}, "conversation": {"id": "a:1", "conversationType": "personal"}}
    found = parsing.act(activity)
    assert found is not None
    return found


def test_a_button_never_carries_words() -> None:
    with pytest.raises(ValueError, match="keys, not words"):
        in_message(Button(label="Reply", deed="concern.reply", subject="The plan was never written up. " * 100))


@pytest.mark.parametrize("text", ["ann_lee@x.example", "2 * 3", "[draft]", "a (b)", r"C:\temp", "50% ~ 60%"])
def test_what_would_not_be_read_as_markdown_stays_as_it_is(text: str) -> None:
    assert plain(text) == text


def test_no_row_of_buttons_is_wider_than_a_dialog() -> None:
    labels = ("Close", "Move to another stage", "Ask again", "New date for the plan", "Cafcass", "Open")
    drawn = rows([in_message(Button(label=label, deed="concern.open")) for label in labels])
    assert [[one["title"] for one in row["actions"]] for row in drawn] == [
        ["Close", "Move to another stage", "Ask again"],
        ["New date for the plan", "Cafcass", "Open"],
    ]


def test_nothing_in_a_text_is_read_as_markdown() -> None:
    card = cards.message(Card(title="*Hello* [you](https://evil.example)"))["card"]
    assert json.dumps(card["body"][0]["text"]) == json.dumps(r"\*Hello\* \[you](https://evil.example)")


def test_the_address_of_a_file_can_be_pressed_and_no_other() -> None:
    address = f"https://concerns.anyshire.example/file/{'a_B-' * 10}a_b"
    (line,) = paragraphs(f"Open it_here_, once: {address}")
    assert line["text"].startswith(r"Open it\_here\_, once: [https://")
    assert line["text"].endswith(f"]({address})")
    assert markdown_text(line["text"]) == f"Open it_here_, once: {address}"
    assert "](" not in paragraphs("See https://elsewhere.example/a_b_c")[0]["text"]
