"""The checker tells each thing Slack would refuse, and nothing about what it takes."""

import copy
import re
from collections.abc import Callable

import pytest

from tests.slack_standin import check_blocks, check_message, check_options, check_view
from tests.slack_standin.jsontypes import Json


def plain(words: str) -> Json:
    return {"type": "plain_text", "text": words}


def option(words: str, value: str) -> Json:
    return {"text": plain(words), "value": value}


def button(words: str = "Reply", name: str = "reply", **more: object) -> Json:
    return {"type": "button", "text": plain(words), "action_id": name, **more}


def section(words: str, **more: object) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": words}, **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def field(element: Json, **more: object) -> Json:
    return {"type": "input", "label": plain("Outcome"), "element": element, **more}


def select(**more: object) -> Json:
    return {"type": "static_select", "action_id": "choose", **more}


def modal(*blocks: Json, **more: object) -> Json:
    words = {"title": plain("Log a concern"), "submit": plain("Log"), "close": plain("Cancel")}
    return {"type": "modal", "blocks": list(blocks), **words, **more}


def many(number: int) -> list[Json]:
    return [option(f"Choice {one}", f"c{one}") for one in range(number)]


GOOD_SELECT = select(options=many(100), initial_option=option("Choice 7", "c7"), placeholder=plain("Choose"))
CONFIRM = {
    "title": plain("Sure?"),
    "text": plain("It is sent."),
    "confirm": plain("Send"),
    "deny": plain("No"),
}
GOOD_BLOCKS: list[Json] = [
    {"type": "header", "text": plain("h" * 150)},
    section("s" * 3000, accessory=button()),
    {"type": "section", "fields": [plain("f" * 200)] * 10},
    {"type": "context", "elements": [plain("c")] * 10},
    actions(*[button("b" * 75, f"b{one}", value="v" * 2000, confirm=CONFIRM) for one in range(25)]),
    {"type": "divider"},
]

BLOCK_FAULTS: list[tuple[Json, str]] = [
    (section("s" * 3001), r"3001 characters; Slack takes 3000"),
    (section("   "), r"is empty"),
    ({"type": "section"}, r"neither text nor fields"),
    (section("s", block_id="b" * 256), r"block_id .* 256 characters; Slack takes 255"),
    ({"type": "section", "fields": [plain("f")] * 11}, r"11 fields; Slack takes 10"),
    ({"type": "section", "fields": [plain("f" * 2001)]}, r"2001 characters; Slack takes 2000"),
    ({"type": "section", "fields": []}, r"no fields"),
    ({"type": "header", "text": plain("h" * 151)}, r"151 characters; Slack takes 150"),
    ({"type": "header", "text": {"type": "mrkdwn", "text": "h"}}, r"must be plain_text, not mrkdwn"),
    ({"type": "context", "elements": [plain("c")] * 11}, r"11 elements; Slack takes 10"),
    ({"type": "context", "elements": []}, r"no elements"),
    (actions(*[button(name=f"b{one}") for one in range(26)]), r"26 elements; Slack takes 25"),
    (actions(button(), button()), r"uses the action_id 'reply' twice"),
    (actions(button("b" * 76)), r"76 characters; Slack takes 75"),
    (actions(button(value="v" * 2001)), r"2001 characters; Slack takes 2000"),
    (actions(button(name="a" * 256)), r"action_id .* 256 characters"),
    (actions(button(style="loud")), r"must be primary or danger"),
    (actions(button(colour="red")), r"unknown property 'colour'"),
    (actions(button() | {"text": {"type": "mrkdwn", "text": "x"}}), r"must be plain_text"),
    (actions(button(url="u" * 3001)), r"3001 characters; Slack takes 3000"),
    (actions(button(confirm=CONFIRM | {"title": plain("t" * 101)})), r"101 characters; Slack takes 100"),
    (actions(button(confirm=CONFIRM | {"text": plain("t" * 301)})), r"301 characters; Slack takes 300"),
    (actions(button(confirm=CONFIRM | {"deny": plain("t" * 31)})), r"31 characters; Slack takes 30"),
    (actions({"type": "slider", "action_id": "x"}), r"unknown element type 'slider'"),
    (actions({"type": "plain_text_input", "action_id": "x"}), r"may not be a plain_text_input"),
    ({"type": "fancy"}, r"unknown type 'fancy'"),
    ({"type": "alert", "text": plain("x")}, r"does not take in a message"),
    (actions(select(options=many(101))), r"101 options; Slack takes 100"),
    (actions(select(options=[])), r"no options"),
    (actions(select(options=[option("o" * 76, "v")])), r"76 characters; Slack takes 75"),
    (actions(select(options=[option("o", "v" * 151)])), r"151 characters; Slack takes 150"),
    (actions(select(options=[option("o", "")])), r"is empty"),
    (actions(select(options=many(2), initial_option=option("Else", "c9"))), r"'c9' .* not among its options"),
    (actions(select(options=many(2), initial_option=option("Else", "c1"))), r"'c1' .* not among its options"),
    (actions(select(options=many(2), placeholder=plain("p" * 151))), r"151 characters; Slack takes 150"),
    (actions(select(options=many(2), option_groups=[])), r"both options and option groups"),
    (
        actions(select(option_groups=[{"label": plain("g"), "options": many(101)}])),
        r"101 options; Slack takes 100",
    ),
    (actions({"type": "external_select", "action_id": "x"}), r"must set min_query_length"),
    (actions({"type": "overflow", "action_id": "x", "options": many(6)}), r"6 options; Slack takes 5"),
    (actions({"type": "checkboxes", "action_id": "x", "options": many(11)}), r"11 options; Slack takes 10"),
    (
        actions({"type": "radio_buttons", "action_id": "x", "options": many(11)}),
        r"11 options; Slack takes 10",
    ),
    (actions({"type": "datepicker", "action_id": "x", "initial_date": "12/01/2027"}), r"YYYY-MM-DD"),
    (actions({"type": "datepicker", "action_id": "x", "initial_date": "2027-02-30"}), r"YYYY-MM-DD"),
    (actions({"type": "timepicker", "action_id": "x", "initial_time": "25:00"}), r"HH:mm"),
    ({"type": "table", "rows": [[]] * 101}, r"101 rows; Slack takes 100"),
    ({"type": "table", "rows": [[{"type": "raw_text", "text": "x"}] * 21]}, r"more than 20 cells"),
    ({"type": "markdown", "text": "m" * 12_001}, r"12001 characters; Slack takes 12000"),
]

TEXT_INPUT: Json = {"type": "plain_text_input", "action_id": "words"}
VIEW_FAULTS: list[tuple[Json, str]] = [
    (modal(section("x"), title=plain("t" * 25)), r"title .* 25 characters; Slack takes 24"),
    (modal(section("x"), submit=plain("t" * 25)), r"submit .* 25 characters"),
    (modal(section("x"), close=plain("t" * 25)), r"close .* 25 characters"),
    (modal(section("x"), title={"type": "mrkdwn", "text": "x"}), r"must be plain_text"),
    (modal(section("x"), private_metadata="m" * 3001), r"3001 characters; Slack takes 3000"),
    (modal(section("x"), callback_id="c" * 256), r"256 characters; Slack takes 255"),
    (modal(*[section("x")] * 101), r"101 blocks; Slack takes 100 in a modal"),
    (modal(*[section("é" * 3000)] * 100), r"bytes; Slack takes 250000"),
    (modal(), r"at least one block"),
    (modal({"type": "alert", "text": plain("a" * 201)}), r"201 characters; Slack takes 200"),
    (modal({"type": "alert", "text": plain("a"), "level": "urgent"}), r"unknown level 'urgent'"),
    (modal({"type": "alert", "level": "info"}), r"must be a text object"),
    (modal(section("x"), colour="red"), r"unknown property 'colour'"),
    (modal(field(TEXT_INPUT | {"max_length": 3001})), r"max_length .* from 1 to 3000"),
    (modal(field(TEXT_INPUT | {"max_length": 5, "initial_value": "sixsix"})), r"6 characters; Slack takes 5"),
    (modal(field(TEXT_INPUT | {"initial_value": "w" * 3001})), r"3001 characters; Slack takes 3000"),
    (modal(field(TEXT_INPUT | {"min_length": 9, "max_length": 5})), r"min_length .* above its max_length"),
    (modal(field(TEXT_INPUT | {"placeholder": plain("p" * 151)})), r"151 characters; Slack takes 150"),
    (modal(field(TEXT_INPUT, label=plain("l" * 2001))), r"label .* 2001 characters; Slack takes 2000"),
    (modal(field(TEXT_INPUT, hint=plain("h" * 2001))), r"hint .* 2001 characters; Slack takes 2000"),
    (modal(field(TEXT_INPUT, label={"type": "mrkdwn", "text": "l"})), r"must be plain_text"),
    (modal(field(TEXT_INPUT, optional="yes")), r"optional .* true or false"),
    (modal(field(button())), r"may not be a button"),
    (modal(field({"type": "number_input", "action_id": "n"})), r"whether decimals are allowed"),
    (
        modal(field(TEXT_INPUT | {"focus_on_load": True}), field(TEXT_INPUT | {"focus_on_load": True})),
        r"Only one element may have focus",
    ),
    ({"type": "page", "blocks": []}, r"unknown type 'page'"),
    ({"type": "home", "title": plain("x"), "blocks": [section("x")]}, r"unknown property 'title'"),
]


def test_what_is_within_every_limit_is_taken() -> None:
    assert check_blocks(GOOD_BLOCKS, "message") == []
    assert check_view(modal(field(GOOD_SELECT), field(TEXT_INPUT, optional=True))) == []
    assert check_view({"type": "home", "blocks": GOOD_BLOCKS}) == []
    assert check_view(modal({"type": "alert", "text": plain("a" * 200), "level": "warning"})) == []
    assert check_message({"text": "t" * 4000, "blocks": [section("s")] * 50}) == []


@pytest.mark.parametrize(("block", "problem"), BLOCK_FAULTS, ids=[fault for _, fault in BLOCK_FAULTS])
def test_a_block_slack_refuses_is_one_problem_told_in_a_sentence(block: Json, problem: str) -> None:
    (told,) = check_blocks([block], "message")
    assert re.search(problem, told)
    assert told[0].isupper()
    assert told.endswith(".")


@pytest.mark.parametrize(("view", "problem"), VIEW_FAULTS, ids=[fault for _, fault in VIEW_FAULTS])
def test_a_view_slack_refuses_is_one_problem_told_in_a_sentence(view: Json, problem: str) -> None:
    told = [one for one in check_view(view) if re.search(problem, one)]
    assert len(told) == 1
    assert check_view(view) == told or "bytes" in problem or "page" in problem


def test_a_form_with_an_input_needs_a_word_to_send_it() -> None:
    view = modal(field(TEXT_INPUT))
    del view["submit"]
    assert check_view(view) == ["A modal with an input needs a submit word."]


def test_a_block_id_may_be_used_once_and_an_action_id_once_in_its_block() -> None:
    twice = [actions(button()) | {"block_id": "row"}, actions(button()) | {"block_id": "row"}]
    assert check_blocks(twice, "message") == ["The block_id 'row' is used twice."]
    twice[1]["block_id"] = "other row"
    assert check_blocks(twice, "message") == []


MESSAGE_FAULTS: list[tuple[Json, str]] = [
    ({}, r"needs text or blocks"),
    ({"text": "", "blocks": []}, r"needs text or blocks"),
    ({"text": "t" * 4001}, r"4001 characters; Slack takes 4000"),
    ({"blocks": [section("x")]}, r"needs a text too"),
    ({"text": "t", "blocks": [section("x")] * 51}, r"51 blocks; Slack takes 50"),
    ({"text": "t", "blocks": [section("x" * 2900)] * 5}, r"msg_blocks_too_long"),
    ({"text": "t", "blocks": "[]"}, r"must be a list"),
    ({"text": "t", "metadata": {"event_type": "nudge"}}, r"event_type and an event_payload"),
    ({"text": "t", "metadata": {"event_type": "", "event_payload": {}}}, r"event_type .* is empty"),
    ({"text": "t", "metadata": {"event_type": "n", "event_payload": []}}, r"must be an object"),
]
METADATA_FAULTS = ["words about a child", ["c1"], {"id": 1}, None, "x" * 101]


@pytest.mark.parametrize(("message", "problem"), MESSAGE_FAULTS, ids=[fault for _, fault in MESSAGE_FAULTS])
def test_a_message_slack_refuses_is_one_problem(message: Json, problem: str) -> None:
    (told,) = check_message(message)
    assert re.search(problem, told)


@pytest.mark.parametrize("value", METADATA_FAULTS, ids=str)
def test_metadata_carries_flat_identifiers_only(value: object) -> None:
    message = {"text": "t", "metadata": {"event_type": "nudge", "event_payload": {"what": value}}}
    (told,) = check_message(message)
    assert told.startswith("The metadata's 'what' must be an identifier")


def test_metadata_of_identifiers_is_taken() -> None:
    inside = {"concern": "C-12", "message": 4, "live": True}
    assert check_message({"text": "t", "metadata": {"event_type": "nudge", "event_payload": inside}}) == []


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        ({"options": many(101)}, r"101 options; Slack takes 100"),
        ({"options": [option("o" * 76, "v")]}, r"76 characters"),
        ({"options": [option("o", "v" * 151)]}, r"151 characters"),
        ({"option_groups": [{"label": plain("g"), "options": many(101)}]}, r"101 options"),
        ({}, r"either options or option_groups"),
    ],
)
def test_suggestions_slack_refuses_are_one_problem(answer: Json, problem: str) -> None:
    (told,) = check_options(answer)
    assert re.search(problem, told)


def test_no_suggestions_at_all_is_an_answer() -> None:
    assert check_options({"options": []}) == []


@pytest.mark.parametrize(
    "check",
    [check_message, check_view, check_options],
    ids=["message", "view", "options"],
)
def test_checking_leaves_the_payload_as_it_was(check: Callable[[Json], list[str]]) -> None:
    payload = modal(field(GOOD_SELECT), text="t", options=many(2))
    before = copy.deepcopy(payload)
    check(payload)
    assert payload == before
