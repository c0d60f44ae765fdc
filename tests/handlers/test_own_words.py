"""An authority that calls concerns or IROs otherwise reads its own words, and nobody's text is ever changed."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from handlers.cards import Errors, Form, Notice
from handlers.own_words import own_words
from scheduling.procedures import load_procedures, parse_procedures, shipped_text
from tests.bench import Bench, button, buttons, utc, words
from tests.cast import CHILD, IRO, IRO_MANAGER, SOCIAL_WORKER, TEAM_MANAGER
from tests.databases import sqlite_engine
from tests.handlers.steps import act, form, logged, said

WORRY = "A concern that an IRO has: the concerns of Sam's carers."


@pytest.fixture
def southwark(tmp_path: Path) -> Iterator[Bench]:
    """Southwark calls a concern an escalation."""
    for engine in sqlite_engine(tmp_path):
        yield Bench(engine, utc("2026-12-07"), "southwark")


def test_messages_forms_and_answers_say_what_the_authority_says(southwark: Bench) -> None:
    opened = form(southwark.command(IRO, f"/concern {CHILD}"))
    assert opened.title == "Log an escalation"
    ref = logged(southwark, 0)
    assert "Escalation C-1 needs your reply" in [*southwark.titles(TEAM_MANAGER), *southwark.titles(SOCIAL_WORKER)]
    assert form(southwark.command(IRO, f"/concern {ref} close")).submit == "Close the escalation"
    assert "Your escalations" in words(southwark.command(IRO, "/concern list"))
    assert said(southwark.command(SOCIAL_WORKER, f"/concern {CHILD}")).startswith("Escalations are logged by IROs.")


def test_typed_commands_stay_as_they_are_typed(southwark: Bench) -> None:
    text = words(southwark.command(IRO, "/concern help"))
    assert "/concern logs an escalation" in text
    assert "/escalation" not in text


def test_nothing_that_somebody_wrote_is_changed(southwark: Bench) -> None:
    ref = logged(southwark, 0, worries=WORRY)
    assert WORRY in words(southwark.command(IRO, f"/concern {ref}"))


def test_a_refused_field_says_it_too(southwark: Bench) -> None:
    wrong = act(southwark, IRO, f"/concern {CHILD}", worries="")
    assert isinstance(wrong, Errors | Notice | Form)
    assert "concern" not in words(wrong).replace("/concern", "")


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("A concern about the IRO", "A QA alert about the Reviewing Officer"),
        ("Log a concern", "Log a QA alert"),
        ("Concerns are logged by IROs.", "QA alerts are logged by Reviewing Officers."),
        ("Ask an IRO: an iro-bot answers.", "Ask a Reviewing Officer: an iro-bot answers."),
        ("Type /concern C-12 or `concern list`.", "Type /concern C-12 or `concern list`."),
        ("Whoever is concerned reads of the concern.", "Whoever is concerned reads of the QA alert."),
    ],
)
def test_articles_capitals_and_plurals_fit(ours: str, theirs: str) -> None:
    text = shipped_text("leicestershire").replace("[labels]", '[labels]\niro = "Reviewing Officer"')
    own = own_words(parse_procedures(text, "sample.toml"))
    assert own is not None
    assert own(ours) == theirs


@pytest.mark.parametrize(
    ("label", "ours", "theirs"),
    [
        ("Lead IRO", "An IRO asks; Lead IRO: Ann Lee.", "A Lead IRO asks; Lead IRO: Ann Lee."),
        ("IRO (QA)", "IROs are told", "IRO (QA)s are told"),
        ("IR", "The IRO is told", "The IR is told"),
        ("R&D $1 \\\\1 officer", "The IRO is told", "The R&D $1 \\\\1 officer is told"),
    ],
)
def test_a_label_is_put_in_as_it_is_and_once(label: str, ours: str, theirs: str) -> None:
    own = own_words(replace(load_procedures("handbook"), labels={"iro": label}))
    assert own is not None
    assert own(ours) == own(own(ours)) == theirs


def test_a_plural_like_the_singular_is_put_in() -> None:
    own = own_words(replace(load_procedures("handbook"), labels={"concern": "concern", "concern_plural": "concern"}))
    assert own is not None
    assert own("2 concerns are open.") == "2 concern are open."


def test_nobody_is_renamed() -> None:
    own = own_words(load_procedures("southwark"))
    assert own is not None
    assert own("Olu Concern: 3 children. Concern C-2 waits for Olu Concern.") == (
        "Olu Concern: 3 children. Escalation C-2 waits for Olu Concern."
    )


def test_figures_in_the_chat_say_it_too(southwark: Bench) -> None:
    logged(southwark, 1)
    tables = form(southwark.command(IRO_MANAGER, "/iro figures 2026-27"))
    assert "Escalations by month: entries to each stage" in [one.label for one in buttons(tables)]
    table = words(southwark.press(IRO_MANAGER, button(tables, "Escalations and children")))
    assert "Escalations" in table
    assert "oncern" not in table.replace("Number  concerns", ""), "the key of the number chosen stays"
    assert "oncern" not in words(southwark.press(IRO_MANAGER, button(tables, "Data quality")))


def test_where_the_authority_uses_our_words_nothing_is_touched() -> None:
    assert own_words(load_procedures("handbook")) is None
    assert own_words(load_procedures("rotherham")) is None


def test_an_allocation_says_it_too(southwark: Bench) -> None:
    logged(southwark, 1)
    asked = words(southwark.command(IRO_MANAGER, f"/iro allocate {CHILD}"))
    assert "Open escalations: 1 (C-1)" in asked
    assert "oncern" not in asked
