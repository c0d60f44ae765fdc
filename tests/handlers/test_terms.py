"""An authority that calls concerns or IROs otherwise reads its own words, and nobody's text is ever changed."""

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from handlers.cards import Errors, Form, Notice
from handlers.terms import in_words
from handlers.wording import role_in_words
from scheduling.procedures import (
    Procedures,
    check_procedures,
    explain,
    load_procedures,
    parse_procedures,
    shipped_names,
    shipped_text,
)
from scheduling.procedures.terms import (
    A_CONCERN,
    A_CONCERN_FIRST,
    AN_IRO,
    CONCERN,
    CONCERN_FIRST,
    CONCERNS,
    CONCERNS_FIRST,
    IRO,
    IRO_MANAGER,
    IROS,
    article,
    first,
    said,
)
from storage.database import transaction
from tests import cast
from tests.bench import Bench, button, buttons, utc, words
from tests.cast import AUTHORITY, CHILD, SOCIAL_WORKER, TEAM_MANAGER
from tests.cast import IRO_MANAGER as MANAGER
from tests.databases import sqlite_engine
from tests.handlers.steps import act, close, form, logged, move, put_in_force, reply
from tests.handlers.steps import said as sentence_of
from tests.terms_left import terms_left

ANN = cast.IRO
WORRY = "A concern that an IRO has: the concerns of Sam's carers."
ROOT = Path(__file__).parents[2]


@pytest.fixture
def southwark(tmp_path: Path) -> Iterator[Bench]:
    """Southwark calls a concern an escalation."""
    for engine in sqlite_engine(tmp_path):
        yield Bench(engine, utc("2026-12-07"), "southwark")


@pytest.fixture
def leicestershire(tmp_path: Path) -> Iterator[Bench]:
    """Leicestershire calls a concern a QA alert, and its stages "Formal QA process, stage 1"."""
    for engine in sqlite_engine(tmp_path):
        yield Bench(engine, utc("2026-12-07"), "leicestershire")


def labelled(**labels: str) -> Procedures:
    return replace(load_procedures("handbook"), labels=labels)


def with_labels(name: str, *lines: str) -> str:
    return shipped_text(name).replace("[labels]", "\n".join(["[labels]", *lines]))


def test_messages_forms_and_answers_say_what_the_authority_says(southwark: Bench) -> None:
    opened = form(southwark.command(ANN, f"/concern {CHILD}"))
    assert opened.title == "Log an escalation"
    ref = logged(southwark, 0)
    assert form(southwark.command(ANN, f"/concern {ref} close")).submit == "Close the escalation"
    assert "Your escalations" in words(southwark.command(ANN, "/concern list"))
    refused = sentence_of(southwark.command(SOCIAL_WORKER, f"/concern {CHILD}"))
    assert refused.startswith("Escalations are logged by IROs.")


def test_a_message_says_it_too(southwark: Bench) -> None:
    logged(southwark, 0)
    asked = [*southwark.inbox(TEAM_MANAGER), *southwark.inbox(SOCIAL_WORKER)]
    assert any("scalation" in words(told.card) for told in asked)
    assert not any(re.search(r"\bconcern", words(told.card)) for told in asked)


def test_typed_commands_stay_as_they_are_typed(southwark: Bench) -> None:
    text = words(southwark.command(ANN, "/concern help"))
    assert "/concern logs an escalation" in text
    assert "/escalation" not in text


def test_nothing_that_somebody_wrote_is_changed(southwark: Bench) -> None:
    ref = logged(southwark, 0, worries=WORRY)
    assert WORRY in words(southwark.command(ANN, f"/concern {ref}"))
    assert WORRY in words(southwark.command(ANN, f"/concern {ref} file"))


def test_a_refused_field_says_it_too(southwark: Bench) -> None:
    wrong = act(southwark, ANN, f"/concern {CHILD}", worries="")
    assert isinstance(wrong, Errors | Notice | Form)
    assert "concern" not in words(wrong).replace("/concern", "")


def test_articles_capitals_and_plurals_fit() -> None:
    rules = parse_procedures(with_labels("leicestershire", 'iro = "Reviewing Officer"'), "sample.toml")
    ours = f"{A_CONCERN_FIRST} about the {IRO}. {CONCERNS_FIRST} are logged by {IROS}; {AN_IRO} logs {A_CONCERN}."
    assert said(ours, rules) == (
        "A QA alert about the Reviewing Officer. QA alerts are logged by Reviewing Officers; "
        "a Reviewing Officer logs a QA alert."
    )


@pytest.mark.parametrize(
    ("label", "right"),
    [
        ("alert", "an"),
        ("QA alert", "a"),
        ("SQA alert", "an"),
        ("UXB", "a"),
        ("IRO", "an"),
        ("Unit head", "an"),
        ("R&D officer", "a"),
        ("", "a"),
    ],
)
def test_an_article_is_found_by_the_letter_or_by_its_name(label: str, right: str) -> None:
    assert article(label) == right


@pytest.mark.parametrize("label", ["Lead IRO", "IRO (QA)", "IR", "R&D $1 \\\\1 officer"])
def test_a_label_is_put_in_as_it_is_and_once(label: str) -> None:
    rules = labelled(iro=label)
    assert said(f"The {IRO} is told; {IROS} are told.", rules) == f"The {label} is told; {label}s are told."
    assert said(said(f"The {IRO} is told.", rules), rules) == f"The {label} is told."


def test_a_plural_like_the_singular_is_put_in() -> None:
    assert said(f"2 {CONCERNS} are open.", labelled(concern_plural="concern")) == "2 concern are open."


def test_an_article_or_a_plural_of_its_own_is_taken_from_the_file() -> None:
    text = with_labels("rotherham", 'concern = "UNO"', 'concern_article = "an"', 'iro_plural = "Heads of QA"')
    assert check_procedures(text, "sample.toml") == check_procedures(shipped_text("rotherham"), "sample.toml")
    rules = parse_procedures(text, "sample.toml")
    assert said(f"{A_CONCERN_FIRST}, {CONCERNS}, {AN_IRO}, {IROS}", rules) == "An UNO, UNOs, an IRO, Heads of QA"
    assert "closes an UNO." in explain(rules)
    wrong = check_procedures(text.replace('"an"', '"the"'), "sample.toml")
    assert any('"concern_article" cannot be "the"' in one.what for one in wrong)


def test_a_word_of_its_own_never_inherits_the_plural_of_another() -> None:
    text = shipped_text("southwark").replace('concern_plural = "escalations"\n', "")
    assert said(CONCERNS, parse_procedures(text, "sample.toml")) == "escalations"


def test_a_label_with_a_private_sign_is_refused() -> None:
    wrong = check_procedures(with_labels("rotherham", f'concern = "{CONCERN}"'), "sample.toml")
    assert any("control sign" in one.what for one in wrong)


def test_nobody_is_renamed() -> None:
    line = f"Olu Concern: 3 children. {CONCERN_FIRST} C-2 waits for Olu Concern."
    assert said(line, load_procedures("southwark")) == "Olu Concern: 3 children. Escalation C-2 waits for Olu Concern."


def test_the_words_in_anything_that_is_shown_are_put_in_and_all_else_stays() -> None:
    deep = Notice(text=f"{first(A_CONCERN)} for the {IRO_MANAGER}", refused=True)
    told = in_words({"notes": [deep, 7, None]}, load_procedures("nottinghamshire"))
    assert told == {"notes": [Notice(text="A concern for the ICS Service Manager", refused=True), 7, None]}


def test_figures_in_the_chat_say_it_too(southwark: Bench) -> None:
    logged(southwark, 1)
    tables = form(southwark.command(MANAGER, "/iro figures 2026-27"))
    assert "Escalations by month: entries to each stage" in [one.label for one in buttons(tables)]
    table = words(southwark.press(MANAGER, button(tables, "Escalations and children")))
    assert "Escalations" in table
    assert "oncern" not in table.replace("Number  concerns", ""), "the key of the number chosen stays"
    assert "oncern" not in words(southwark.press(MANAGER, button(tables, "Data quality")))


def test_an_allocation_says_it_too(southwark: Bench) -> None:
    logged(southwark, 1)
    asked = words(southwark.command(MANAGER, f"/iro allocate {CHILD}"))
    assert "Open escalations: 1 (C-1)" in asked
    assert "oncern" not in asked


def test_nothing_is_kept_with_a_term_in_it(southwark: Bench) -> None:
    ref = logged(southwark, 1)
    reply(southwark, TEAM_MANAGER, ref)
    move(southwark, ref, 2)
    close(southwark, ref)
    with transaction(southwark.engine, AUTHORITY, writes=False) as session:
        kept = session.connection().connection.driver_connection
        assert kept is not None
        assert terms_left("\n".join(kept.iterdump())) == []


def test_the_record_is_written_in_the_authority_s_words_and_names_no_stage_twice(leicestershire: Bench) -> None:
    ref = logged(leicestershire, 1)
    record = words(leicestershire.command(ANN, f"/concern {ref} file"))
    seen = words(leicestershire.command(ANN, f"/concern {ref}"))
    for text in (record, seen):
        assert f"QA alert {ref}" in text
        assert "oncern" not in text.replace("/concern", "").replace("Concern about", "")
        assert "Formal QA process, stage 1" in text
        assert not re.search(r"Stage 1: .*stage 1", text)


@pytest.mark.parametrize("name", shipped_names())
def test_no_shipped_file_says_a_stage_s_number_twice(name: str) -> None:
    rules = load_procedures(name)
    for stage in rules.stages:
        assert len(re.findall(rf"\bstage {stage.number}\b", stage.title, re.IGNORECASE)) == 1


@pytest.mark.parametrize("name", shipped_names())
def test_nothing_is_shown_that_is_meant_for_whoever_writes_the_file(bench: Bench, name: str) -> None:
    put_in_force(bench, shipped_text(name))
    ref = logged(bench, 0)
    told = [words(bench.command(ANN, f"/concern {ref} legal")), words(bench.command(ANN, "/iro procedures"))]
    for text in (*told, explain(load_procedures(name))):
        assert "The service writes here" not in text
        assert "ndependent legal advice" in text


def test_a_text_stored_before_says_it_no_more() -> None:
    line = "An IRO may take independent legal advice at any time. The service writes here how to reach it."
    before = shipped_text("handbook").replace("[legal_advice]\n", f'[legal_advice]\nline = "{line}"\n')
    assert "The service writes here" in before
    assert "The service writes here" not in explain(parse_procedures(before, "handbook.toml"))


@pytest.mark.parametrize(
    ("name", "role", "right"),
    [
        ("handbook", "team_manager", "team manager"),
        ("handbook", "iro_manager", "IRO manager"),
        ("southwark", "head_of_service", "Head of Service"),
        ("southwark", "team_manager", "Team Manager"),
        ("nottinghamshire", "iro_manager", "ICS Service Manager"),
    ],
)
def test_a_role_is_said_as_the_authority_writes_it(name: str, role: str, right: str) -> None:
    assert role_in_words(load_procedures(name), role) == right


def test_a_role_keeps_its_capitals_where_nobody_holds_it(southwark: Bench) -> None:
    text = shipped_text("southwark").replace('["service_manager"]', '["head_of_service"]')
    text = text.replace('"Head of Service"', '"Executive Head of Children\'s Services"')
    put_in_force(southwark, text)
    ref = logged(southwark, 1)
    assert "no Executive Head of Children's Services" in words(southwark.command(MANAGER, f"/iro people {ref}"))


# a new sentence cannot forget: every text of ours names what may be called otherwise by its term

OURS = re.compile(r"(?<![/`\w.:-])(?:[Cc]oncerns?|IROs?)\b(?![_/-])")
NAMES = re.compile(r"concern\.[a-z_.]+|concerns?|concern:|[Pp]ast concern")
"""Deeds, columns, subjects, commands and kinds of day: keys, which nobody reads."""
WHO_HEARS = ("rows.py", *(one.name for one in (ROOT / "handlers" / "who_hears").glob("of_*.py")))
MAY_SAY_SO = {
    "concerns/superseding.py": "what the history says",
    "commands.py": "what is typed: concern list",
    "mistyped.py": "what deeds are called in the code",
    "privacy.py": "the words people may type, which are no names",
    "rights/table.py": "what the places and purposes are called in the code",
    "iro_place.py": "why a place is empty, as the code calls it",
    "concerns/drafting.py": "what the history says, which is kept",
    "concerns/correcting.py": "what the history says",
    "concerns/by_form.py": "what the history says",
    "export/concern_file.py": "what the history says",
    "reviews/news.py": "what the history says",
    "reviews/task_lines.py": "what the labels of the procedures say",
    "next_nudges.py": "what the history says",
    "concerns/record.py": "what the history says, beside how it is read",
    "history_import/importing.py": "what the history says",
    "report/annual.py": "the IRO Handbook is the name of a book",
    **dict.fromkeys((f"who_hears/{name}" for name in WHO_HEARS), "what the guide says"),
    "figures/period_words.py": "what is typed after /iro figures: by IRO",
}


def _declared(tree: ast.AST) -> Iterator[ast.expr]:
    """Who gets a message, and its first line, as it is declared: for the table in the guide, in our words."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "message":
            yield from (one.value for one in node.keywords)


def plain_words_in(path: Path) -> list[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    docs |= {id(part) for one in _declared(tree) for part in ast.walk(one)}
    texts = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in docs)
    return [one for one in texts if isinstance(one, str) and OURS.search(one) and not NAMES.fullmatch(one)]


@pytest.mark.slow
def test_no_sentence_says_plainly_what_an_authority_may_call_otherwise() -> None:
    handlers = ROOT / "handlers"
    found = {str(path.relative_to(handlers)): plain_words_in(path) for path in sorted(handlers.rglob("*.py"))}
    assert {name: said_plainly for name, said_plainly in found.items() if said_plainly and name not in MAY_SAY_SO} == {}
    assert {name for name in MAY_SAY_SO if not found[name]} == set(), "no exception that is needed no more"
