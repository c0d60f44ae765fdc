"""`/caseload @name`: one person's page, for their line manager or IRO manager; for others there is nobody."""

from datetime import date

import pytest

from handlers.cards import Answer, Card
from storage import people
from storage.database import transaction
from storage.people import Person
from tests.bench import Bench, button, buttons, words
from tests.cast import (
    ADMIN,
    ASSISTANT_DIRECTOR,
    AUTHORITY,
    DIRECTOR,
    IRO,
    IRO_MANAGER,
    OTHER_IRO,
    OTHER_MANAGER,
    OUTSIDER,
    SERVICE_MANAGER,
    SOCIAL_WORKER,
    SUPPORT,
    TEAM_MANAGER,
    away,
)
from tests.handlers.reviews.decided import CANARY, decide, held_review, send
from tests.handlers.steps import form, logged, notice, reply, said

NOBODY = "There is nobody of that name here whose page you can open."


def page(answer: Answer) -> list[str]:
    assert isinstance(answer, Card), answer
    return words(answer).splitlines()


@pytest.mark.slow
def test_the_page_of_a_worker_says_ages_and_days_and_no_word_of_a_case(bench: Bench) -> None:
    logged(bench, worries=CANARY)
    held_review(bench)
    decide(bench, by="2026-12-18")
    decide(bench, by="2027-01-29", owner=str(bench.cast.people[SOCIAL_WORKER]))
    bench.go_to_day(date(2026, 12, 9))
    assert "Decisions not done yet" not in page(bench.command(TEAM_MANAGER, "/caseload @Sam Okoro"))
    send(bench)
    bench.go_to_day(date(2026, 12, 21))
    lines = page(bench.command(TEAM_MANAGER, "/caseload @Sam Okoro"))
    assert lines[0] == "Sam Okoro, for supervision, Mon 21 Dec 2026"
    assert "C-1 (AB-1042), first raised Mon 7 Dec (10 working days), stage 1, with Tess Hill." in lines
    at = lines.index("Decisions not done yet")
    told = ["AB-1042: a decision, late since Fri 18 Dec.", "AB-1042: a decision, by Fri 29 Jan 2027."]
    assert lines[at + 1 : at + 3] == told
    assert "Replies due" not in lines
    assert "zebra" not in "".join(lines)


def test_what_was_replied_to_is_with_the_iro_whoever_else_was_asked(bench: Bench) -> None:
    logged(bench, 0)
    assert "informal, with Sam Okoro and Tess Hill." in words(bench.command(TEAM_MANAGER, "/caseload @Sam Okoro"))
    reply(bench, SOCIAL_WORKER, "C-1")
    for who, line in ((TEAM_MANAGER, "/caseload @Sam Okoro"), (TEAM_MANAGER, "/iro day")):
        assert "informal, with Ann Lee." in words(bench.command(who, line))


def test_the_page_of_a_manager_names_the_replies_they_owe(bench: Bench) -> None:
    logged(bench)
    lines = page(bench.command(SERVICE_MANAGER, "/caseload tess.hill@anyshire.example"))
    assert lines[lines.index("Replies due") + 1] == "C-1 (AB-1042): by Mon 21 Dec, stage 1."


def test_the_page_of_an_iro_never_counts_their_concerns(bench: Bench) -> None:
    for _ in range(7):
        logged(bench)
    lines = page(bench.command(IRO_MANAGER, "/caseload Ann Lee"))
    at = lines.index("Open concerns, the oldest first")
    assert [line[:3] for line in lines[at + 1 : at + 6]] == ["C-1", "C-2", "C-3", "C-4", "C-5"]
    assert lines[at + 6] == "There are more of these."
    assert not any("7" in line.replace("Mon 7 Dec", "") for line in lines[1:])


def test_good_practice_stands_there_without_its_words(bench: Bench) -> None:
    worker = str(bench.cast.people[SOCIAL_WORKER])
    bench.submit(IRO, form(bench.command(IRO, "/praise")), {"recipient": "worker", "person": worker, "words": CANARY})
    lines = page(bench.command(TEAM_MANAGER, "/caseload Sam Okoro"))
    assert "Mon 7 Dec, from Ann Lee (IRO)." in lines
    assert "zebra" not in "".join(lines)


def test_where_there_is_nothing_it_says_so(bench: Bench) -> None:
    lines = page(bench.command(IRO_MANAGER, "/caseload Olu Ade"))
    assert lines[1:] == ["Nothing is open or late, and no review comes by Mon 4 Jan 2027."]


@pytest.mark.parametrize(
    "who", [SOCIAL_WORKER, IRO, IRO_MANAGER, OTHER_MANAGER, SERVICE_MANAGER, DIRECTOR, SUPPORT, ADMIN, OUTSIDER]
)
def test_everyone_else_reads_what_they_read_of_nobody(who: str, bench: Bench) -> None:
    answers = [said(bench.command(who, f"/caseload {name}")) for name in ("@Sam Okoro", "@Nora Nobody", "Sam", "Nora")]
    assert len(set(answers)) == 1
    assert answers[0].startswith(NOBODY)


def test_nobody_opens_their_own_and_a_cover_those_of_the_manager(bench: Bench) -> None:
    assert said(bench.command(TEAM_MANAGER, "/caseload @Tess Hill")).startswith(NOBODY)
    away(bench.engine, bench.cast, TEAM_MANAGER, date(2026, 12, 7), date(2026, 12, 18), OTHER_MANAGER)
    assert page(bench.command(OTHER_MANAGER, "/caseload @Sam Okoro"))[0].startswith("Sam Okoro")


def test_of_a_manager_who_left_the_next_above_opens_it(bench: Bench) -> None:
    assert said(bench.command(SERVICE_MANAGER, "/caseload @Sam Okoro")).startswith(NOBODY)
    with transaction(bench.engine, AUTHORITY) as session:
        left = people.get(session, bench.cast.people[TEAM_MANAGER])
        assert isinstance(left, Person)
        left.left_on = date(2026, 12, 1)
        session.add(left)
    assert page(bench.command(SERVICE_MANAGER, "/caseload @Sam Okoro"))[0].startswith("Sam Okoro")


def test_who_is_not_clear_is_asked_at_a_press_and_a_button_opens_no_other_page(bench: Bench) -> None:
    day = bench.command(SERVICE_MANAGER, "/iro day")
    assert isinstance(day, Card)
    asked = bench.press(SERVICE_MANAGER, button(day, "One worker's page"))
    assert said(asked) == "Whose page?"
    mona, pressed = buttons(notice(asked))
    assert [one.label.partition(" (")[0] for one in (mona, pressed)] == ["Mona Ruiz", "Tess Hill"]
    assert page(bench.press(SERVICE_MANAGER, pressed))[0].startswith("Tess Hill")
    assert said(bench.press(OTHER_IRO, pressed)).startswith(NOBODY)
    other = bench.command(IRO, "/iro day")
    assert isinstance(other, Card)
    assert "One worker's page" not in [one.label for one in buttons(other)]
    assert said(bench.command(ASSISTANT_DIRECTOR, "/caseload sunil raa")) == "Whose page?"
