"""A report asked for as a file: owed once to whoever may have it, and asked again when its turn comes."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from handlers.cards import Card, Form
from handlers.dispatch import answer
from handlers.messages.kinds import Kind
from handlers.messages.of_reports import file_name, placed, without_file
from handlers.office import Office
from handlers.report.sending import COMING, COMING_ALREADY, JUST_SENT
from storage.database import transaction
from storage.outbox import Outbox
from storage.people import PersonRole
from tests.bench import Bench, button, buttons, utc, words
from tests.cast import ADMIN, AUTHORITY, IRO, IRO_MANAGER, SOCIAL_WORKER, TEAM_MANAGER
from tests.databases import sqlite_engine
from tests.handlers.steps import form, rows, said
from tests.stories.repeats import at_once

DOCX = "Send me the document (DOCX)"
PAGE = "Send me the page (HTML)"


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    for engine in sqlite_engine(tmp_path):
        yield Bench(engine, utc("2026-12-07"))


def asked(bench: Bench, who: str, line: str = "/iro report 2025-26") -> Form:
    command, _, typed = line.lstrip("/").partition(" ")
    return form(answer(bench.office, bench.request(who, "command", command=command, words=typed)))


def owed(bench: Bench) -> list[Outbox]:
    return [one for one in rows(bench, Outbox) if one.kind == Kind.REPORT_FILE]


def press(bench: Bench, who: str, label: str, *, key: str = "", on: str = "bench") -> str:
    """Press a button of the form, on a platform, without anything being sent yet."""
    pressed = button(asked(bench, who), label)
    given = {"key": key} if key else {}
    request = replace(bench.request(who, pressed.deed, subject=pressed.subject, **given), platform=on)
    return said(answer(bench.office, request))


def deliver(bench: Bench, file: str = "report.docx") -> None:
    """Send what is owed, with the file standing in the chat, or without any."""
    bench.deliver()
    with transaction(bench.engine, AUTHORITY) as session:
        for row in session.exec(select(Outbox).where(Outbox.kind == Kind.REPORT_FILE)):
            placed(row, file)
            session.add(row)


def test_each_shape_has_a_button_and_only_the_whole_service_is_published(bench: Bench) -> None:
    shapes = ("docx", "html", "xlsx")
    for who, editions in ((IRO, ["internal"]), (TEAM_MANAGER, ["internal"]), (IRO_MANAGER, ["internal", "public"])):
        subjects = [one.subject for one in buttons(asked(bench, who)) if one.deed == "iro.report.send"]
        assert subjects == [f"2025-26 {edition} {shape}" for edition in editions for shape in shapes]
    running = [one.subject for one in buttons(asked(bench, IRO_MANAGER, "/iro report 2026-27"))]
    assert not any("public" in subject for subject in running), "a year that runs is not published"


def test_the_form_says_what_becomes_of_a_file_and_keeps_its_links(bench: Bench) -> None:
    text = words(asked(bench, IRO_MANAGER))
    assert "As a file in your own chat" in text
    assert "no file can be handed over" not in text
    office = Office(engine=bench.engine, clock=lambda: bench.now, public_url="https://bot.example/")
    linked = answer(office, bench.request(IRO, "command", command="iro", words="report 2025-26"))
    assert words(linked).count("https://bot.example/file/") == 3
    assert [one.label for one in buttons(form(linked)) if one.deed == "iro.report.send"]


def test_one_message_is_owed_to_the_person_who_asked(bench: Bench) -> None:
    assert press(bench, IRO_MANAGER, DOCX) == COMING
    (row,) = owed(bench)
    assert row.person_id == bench.cast.people[IRO_MANAGER]
    assert json.loads(row.details) == {"report": "2025-26 internal docx", "on": "bench"}
    assert (row.concern_id, row.review_id) == (None, None)
    assert file_name(row) == "annual-report-2025-26-internal-20261207-093000.docx"


def test_the_file_is_named_by_the_clock_of_london(bench: Bench) -> None:
    bench.now = utc("2026-07-01", "14:05")
    press(bench, IRO_MANAGER, PAGE)
    assert file_name(owed(bench)[0]) == "annual-report-2025-26-internal-20260701-140500.html"


def test_a_double_click_and_a_retried_press_owe_once(bench: Bench) -> None:
    assert press(bench, IRO_MANAGER, DOCX, key="one press") == COMING
    assert press(bench, IRO_MANAGER, DOCX, key="one press") == COMING, "the same press gets the same answer"
    assert press(bench, IRO_MANAGER, DOCX) == COMING_ALREADY
    deliver(bench)
    bench.now += timedelta(seconds=20)
    assert press(bench, IRO_MANAGER, DOCX) == JUST_SENT
    assert len(owed(bench)) == 1


def test_a_message_without_its_file_keeps_nobody_from_asking_again_at_once(bench: Bench) -> None:
    press(bench, IRO_MANAGER, DOCX)
    deliver(bench, file="")
    assert press(bench, IRO_MANAGER, DOCX) == COMING
    deliver(bench)
    assert press(bench, IRO_MANAGER, DOCX) == JUST_SENT


def test_each_platform_where_it_is_asked_for_gets_the_file_once(bench: Bench) -> None:
    assert [press(bench, IRO_MANAGER, DOCX, on=on) for on in ("slack", "teams")] == [COMING] * 2
    assert [press(bench, IRO_MANAGER, DOCX, on=on) for on in ("slack", "teams")] == [COMING_ALREADY] * 2
    deliver(bench)
    assert [press(bench, IRO_MANAGER, DOCX, on=on) for on in ("slack", "teams", "bench")] == [JUST_SENT] * 2 + [COMING]
    assert [json.loads(one.details)["on"] for one in owed(bench)] == ["slack", "teams", "bench"]


def test_another_shape_another_person_and_a_later_wish_are_other_files(bench: Bench) -> None:
    assert press(bench, IRO_MANAGER, DOCX) == COMING
    assert press(bench, IRO_MANAGER, PAGE) == COMING
    assert press(bench, IRO, DOCX) == COMING
    deliver(bench)
    bench.now += timedelta(minutes=2)
    assert press(bench, IRO_MANAGER, DOCX) == COMING
    assert len({file_name(one) for one in owed(bench) if one.person_id == bench.cast.people[IRO_MANAGER]}) == 3


@pytest.mark.parametrize(
    ("who", "subject", "sentence"),
    [
        (SOCIAL_WORKER, "2025-26 internal docx", "Figures are for IROs"),
        (ADMIN, "2025-26 internal docx", "Figures are for IROs"),
        (ADMIN, "nonsense", "Figures are for IROs"),
        (TEAM_MANAGER, "2025-26 public docx", "who see the whole service"),
        (IRO_MANAGER, "2026-27 public docx", "is not over"),
        (IRO_MANAGER, "2030-31 internal docx", "has not begun"),
        (IRO_MANAGER, "2025-26 internal exe", "There is no such report"),
        (IRO_MANAGER, "", "There is no such report"),
    ],
)
def test_the_wrong_person_and_the_wrong_report_owe_nothing(bench: Bench, who: str, subject: str, sentence: str) -> None:
    given = answer(bench.office, bench.request(who, "iro.report.send", subject=subject))
    assert sentence in said(given)
    assert owed(bench) == []


def test_the_message_says_whose_figures_it_brings(bench: Bench) -> None:
    press(bench, TEAM_MANAGER, DOCX)
    bench.deliver()
    card = bench.last(TEAM_MANAGER)
    assert card.title == "Annual report 2025-26: your part of the line"
    assert card.attached == "2025-26 internal docx"
    assert "It quotes nobody" in words(card)


def test_someone_whose_role_ended_meanwhile_gets_a_sentence_and_no_file(bench: Bench) -> None:
    press(bench, TEAM_MANAGER, DOCX)
    with transaction(bench.engine, AUTHORITY) as session:
        for held in session.exec(select(PersonRole).where(PersonRole.person_id == bench.cast.people[TEAM_MANAGER])):
            session.delete(held)
    bench.deliver()
    card = bench.last(TEAM_MANAGER)
    assert card.title == "The annual report 2025-26 was not sent"
    assert "Figures are for IROs" in words(card)
    assert card.attached == ""


def test_instead_of_a_file_come_its_reason_and_the_other_ways() -> None:
    bare = without_file(Card(title="Annual report", attached="2025-26 internal docx"), "It is too large.")
    assert "It is too large." in words(bare)
    assert {(one.deed, one.subject) for one in bare.buttons} == {("iro.report", "2025-26"), ("iro.figures", "2025-26")}
    assert bare.attached == ""


@pytest.mark.parametrize(
    ("words", "report"),
    [
        ("2025-26 docx", "2025-26 internal docx"),
        ("2024/25 XLSX", "2024-25 internal xlsx"),
        ("2025-26 public html", "2025-26 public html"),
        ("2025-26 internal", "2025-26 internal docx"),
        ("public", "2025-26 public docx"),
        ("html", "2025-26 internal html"),
    ],
)
def test_a_report_named_in_full_is_sent_without_a_form(bench: Bench, words: str, report: str) -> None:
    typed = bench.request(IRO_MANAGER, "command", command="iro", words=f"report {words}")
    assert said(answer(bench.office, typed)) == COMING
    assert [json.loads(one.details)["report"] for one in owed(bench)] == [report]


@pytest.mark.parametrize(
    ("who", "words", "sentence"),
    [
        (IRO_MANAGER, "2025-26 pdf", "is no reporting year"),
        (IRO_MANAGER, "nonsense docx", "is no reporting year"),
        (IRO_MANAGER, "2030-31 docx", "has not begun"),
        (TEAM_MANAGER, "2025-26 public docx", "who see the whole service"),
        (SOCIAL_WORKER, "2025-26 docx", "Figures are for IROs"),
    ],
)
def test_one_that_cannot_be_had_is_refused_in_a_sentence(bench: Bench, who: str, words: str, sentence: str) -> None:
    given = answer(bench.office, bench.request(who, "command", command="iro", words=f"report {words}"))
    assert sentence in said(given)
    assert owed(bench) == []


def test_a_message_of_a_report_unknown_to_this_version_holds_up_nothing(bench: Bench) -> None:
    kind, details = Kind.REPORT_FILE.value, '{"report": "2025-26 internal pdf"}'
    row = Outbox(kind=kind, key="k", person_id=1, details=details, owed_at=bench.now)
    assert file_name(row) == ""


def test_two_presses_at_the_same_moment_owe_one_file(engine: Engine) -> None:
    bench = Bench(engine, utc("2026-12-07"))
    pressed = button(asked(bench, IRO_MANAGER), DOCX)
    requests = [bench.request(IRO_MANAGER, pressed.deed, subject=pressed.subject) for _ in range(4)]
    answers = at_once(*(partial(answer, bench.office, one) for one in requests))
    assert sorted(said(one) for one in answers) == sorted([COMING, *[COMING_ALREADY] * 3])
    assert len(owed(bench)) == 1
