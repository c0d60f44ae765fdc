"""What is nearly right is understood or asked about, and nothing is suggested that whoever asks could not open."""

import random
import re
from datetime import date

import pytest

from handlers.cards import Answer, Card, Notice
from handlers.dispatch import answer as answered
from handlers.folding import plain_name
from storage.children import Capacity, Child, allocate
from storage.database import transaction
from storage.people import Person
from tests.bench import Bench, button, buttons, words
from tests.cast import (
    AUTHORITY,
    BEGINNING,
    CHILD,
    IRO,
    OTHER_CHILD,
    OTHER_IRO,
    OTHER_WORKER,
    OUTSIDER,
    SOCIAL_WORKER,
    STAFF,
    TEAM_MANAGER,
)
from tests.handlers.steps import field, form, logged, said

QUESTION = re.compile(r"Did you mean [^?]*\?")
REFERENCE = re.compile(r"\b(?:C-\d+|[A-Z]{2,4}-\d{2,8})\b")


def list_child(bench: Bench, reference: str, iro: str, holder: str) -> None:
    with transaction(bench.engine, AUTHORITY) as session:
        child = Child(authority=AUTHORITY, reference=reference)
        session.add(child)
        session.flush()
        allocate(session, child, Capacity.IRO, bench.cast.people[iro], BEGINNING)
        allocate(session, child, Capacity.HOLDER, bench.cast.people[holder], BEGINNING)


def rename(bench: Bench, who: str, name: str) -> None:
    with transaction(bench.engine, AUTHORITY) as session:
        person = session.get(Person, bench.cast.people[who])
        assert person is not None
        person.name = name


def asked(answer: Answer) -> tuple[str, list[str]]:
    assert isinstance(answer, Notice | Card)
    return words(answer), [one.label for one in buttons(answer)]


# references


def test_a_reference_that_is_nearly_a_childs_is_asked_about_before_one_is_added(bench: Bench) -> None:
    answer = bench.command(IRO, "/concern AB-104")
    assert asked(answer) == ("Did you mean AB-1042? AB-104 is not listed.", [CHILD, "Add AB-104"])
    assert isinstance(answer, Notice)
    assert field(bench.press(IRO, button(answer, CHILD)), "child").initial_label == CHILD
    assert field(bench.press(IRO, button(answer, "Add AB-104")), "child").initial == "add:AB-104"


def test_so_is_one_with_a_sign_swapped_put_in_left_out_or_wrong(bench: Bench) -> None:
    for typed in ("AB-1024", "AB-10442", "AB-142", "AB-1043", "ab\u20111024"):
        assert asked(bench.command(IRO, f"/concern {typed}"))[1][0] == CHILD, typed


def test_one_that_is_like_none_or_like_many_opens_the_form_as_before(bench: Bench) -> None:
    assert field(bench.command(IRO, "/concern ZX-7000"), "child").initial == "add:ZX-7000"
    list_child(bench, "AB-1043", IRO, SOCIAL_WORKER)
    assert field(bench.command(IRO, "/concern AB-1046"), "child").initial == "add:AB-1046"


def test_a_childs_reference_is_understood_in_any_dash_and_case(bench: Bench) -> None:
    for typed in ("ab-1042", "AB1042", "ab 1042", "AB\u20111042", "AB\u20131042"):
        assert field(bench.command(IRO, f"/concern {typed}"), "child").initial_label == CHILD, typed
        assert "AB-1042" in form(bench.command(IRO, f"/review {typed}")).title, typed


@pytest.mark.slow
def test_so_is_a_concerns(bench: Bench) -> None:
    for _ in range(12):
        logged(bench, 1)
    for typed in ("12", "C12", "c 12", "#12", "# 12", "c\u201112", "C-012"):
        assert form(bench.command(IRO, f"/concern {typed}")).title == "Concern C-12", typed
        assert form(bench.command(IRO, f"/iro people {typed}")).title == "People of C-12", typed
        assert form(bench.command(TEAM_MANAGER, f"/concern {typed} reply")).title == "Reply to C-12", typed


def test_a_stage_is_understood_in_words(bench: Bench) -> None:
    logged(bench, 1)
    for word in ("two", "2nd", "Two", "2"):
        assert form(bench.command(IRO, f"/concern C-1 stage {word}")).title == "Move to stage 2", word


@pytest.mark.parametrize("line", ["/review AB-104", "/tell AB-104"])
def test_a_child_who_is_not_there_is_refused_with_the_nearest(line: str, bench: Bench) -> None:
    text, labels = asked(bench.command(SOCIAL_WORKER, line))
    assert text.startswith("There is no AB-104 here that you can open.")
    assert text.endswith("Did you mean AB-1042?")
    assert labels == [CHILD]


def test_a_hidden_child_is_refused_like_one_who_is_not_there(bench: Bench) -> None:
    list_child(bench, "AB-1043", OTHER_IRO, OTHER_WORKER)
    there, not_there = (bench.command(SOCIAL_WORKER, f"/review {one}") for one in ("AB-1043", "AB-1045"))
    assert said(there).replace("AB-1043", "...") == said(not_there).replace("AB-1045", "...")
    assert asked(there)[1] == asked(not_there)[1] == [CHILD]
    assert asked(bench.command(OUTSIDER, "/review AB-104"))[1] == []


# words


MISTYPED = (
    ("/caseload now", "/caseload"),
    ("/concern C-1 repyl", "/concern C-1 reply"),
    ("/concern C-1 stgae 2", "/concern C-1 stage 2"),
    ("/concern lst overdue", "/concern list overdue"),
    ("/concern reply C-1", "/concern C-1 reply"),
    ("/concern list overdew", "/concern list overdue"),
    ("/iro alocate AB-1042", "/iro allocate AB-1042"),
    ("/iro peple c1", "/iro people C-1"),
    ("/iro hepl", "/iro help"),
    ("/review AB-1042 bok", "/review AB-1042 book"),
    ("/review book AB-1042", "/review AB-1042 book"),
    ("/review lst", "/review list"),
    ("/concerns C-1", "/concern C-1"),
    ("/caselod", "/caseload"),
)


def test_a_slip_in_a_word_gets_the_command_that_was_meant_at_a_press(bench: Bench) -> None:
    logged(bench, 1)
    for line, suggested in MISTYPED:
        answer = bench.command(IRO, line)
        assert f"Did you mean {suggested}?" in words(answer), line
        assert isinstance(answer, Notice)
        assert asked(answer)[1] == [suggested]
        pressed = bench.press(IRO, answer.buttons[0])
        assert not (isinstance(pressed, Notice) and "I do not know" in pressed.text), pressed


def test_a_word_without_a_child_gets_the_list_of_reviews(bench: Bench) -> None:
    text = words(bench.command(IRO, "/review bok"))
    assert text.startswith("Did you mean book? Say of which child: /review AB-1042 book.")
    assert "No review is late" in text


def test_where_commands_need_no_slash_a_slip_is_asked_about_and_a_word_is_no_command(bench: Bench) -> None:
    logged(bench, 1)

    def typed(line: str) -> str:
        command, _, rest = line.partition(" ")
        plain = bench.request(IRO, "command", command=command, words=rest, context={"plain": "yes"})
        return words(answered(bench.office, plain))

    for line, suggested in (
        ("concren list", "/concern list"),
        ("C-1 reply", "/concern C-1 reply"),
        ("ab-1042", "/concern AB-1042"),
        ("ab-1042 book", "/review AB-1042 book"),
    ):
        assert f"Did you mean {suggested}?" in typed(line), line
    for line in ("done", "well", "Reviewed", "12", "C-9", "AB-9999"):
        assert "Nobody has been told" in typed(line), line


def test_what_tells_something_is_refused_as_before(bench: Bench) -> None:
    logged(bench, 1)
    for line in ("/concern 12 weeks without a visit", "/concern C-1 stage he is sad", "/caseload he ran away again"):
        assert "taken only in forms" in said(bench.command(IRO, line)), line


# days and people


def test_days_of_next_year_are_not_taken_for_last_years(bench: Bench) -> None:
    bench.go_to_day(date(2026, 11, 30))
    answer = form(bench.command(IRO, "/iro away 4 Jan to 21 Dec cover @olu.ade"))
    assert (field(answer, "from").initial, field(answer, "to").initial) == ("2027-01-04", "2027-12-21")


NAMES = (
    ("Zo\u00eb Lloyd", "@Zoe"),
    ("Zo\u00eb Lloyd", "Zoe Lloyd"),
    ("Siobhan O'Brien", "Obrien"),
    ("Siobhan O\u2019Brien", "siobhan obrien"),
    ("Anne-Marie Ng", "anne marie"),
)


def test_a_name_is_understood_as_it_is_typed(bench: Bench) -> None:
    for week, (name, written) in enumerate(NAMES):
        rename(bench, OTHER_IRO, name)
        told = said(bench.command(IRO, f"/iro away {week + 1} Mar cover {written}"))
        assert f"{name} covers" in told, written


def test_a_name_with_a_letter_wrong_is_asked_about_in_the_form(bench: Bench) -> None:
    rename(bench, OTHER_IRO, "Zo\u00eb Lloyd")
    for written in ("Zoe Loyd", "Zoe Lloid", "Zeo", "@Loyd"):
        answer = form(bench.command(IRO, f"/iro away 21 Dec to 4 Jan cover {written}"))
        assert answer.fields[0].text.startswith("Did you mean Zo\u00eb Lloyd?"), written
        assert field(answer, "cover").initial == str(bench.cast.people[OTHER_IRO])


def test_who_is_back_is_asked_of_those_one_manages_alone(bench: Bench) -> None:
    assert said(bench.command(TEAM_MANAGER, "/iro back Sam Okoroo")).endswith("Did you mean Sam Okoro?")
    assert "Did you mean" not in said(bench.command(TEAM_MANAGER, "/iro back Will Deen"))


def test_names_are_read_without_their_marks() -> None:
    assert plain_name("Zo\u00eb O'Brien-Smith") == "zoe obrien smith"
    assert plain_name("Bj\u00f8rn \u0141ukasz") == "bjorn lukasz"


# what is never suggested


@pytest.mark.slow
def test_nothing_is_suggested_that_whoever_asks_could_not_open(bench: Bench) -> None:
    """Slips in every reference and command there is, typed by everybody: a fixed sample of them, the same each time."""
    list_child(bench, "AB-1043", OTHER_IRO, OTHER_WORKER)
    for child in (CHILD, OTHER_CHILD):
        logged(bench, 1, about=child)
    chance = random.Random(11)  # noqa: S311 - a sample, no secret
    typed = [line for one in (CHILD, OTHER_CHILD, "AB-1043", "C-1", "C-2") for line in _lines(one, chance)]
    suggested = 0
    for line in typed:
        who = chance.choice([login for login, *_ in STAFF])
        given = bench.command(who, line)
        if not isinstance(given, Notice | Card) or "Did you mean" not in words(given):
            continue
        offered = [f"{one.label} {one.subject}" for one in buttons(given) if not one.label.startswith("Add ")]
        for reference in REFERENCE.findall(" ".join((*QUESTION.findall(words(given)), *offered))):
            suggested += 1
            opened = bench.command(who, f"/{'concern' if reference.startswith('C-') else 'review'} {reference}")
            assert "There is no" not in words(opened), (who, line, reference)
    assert suggested > 20


def _lines(reference: str, chance: random.Random) -> list[str]:
    at = chance.randrange(1, len(reference))
    slips = (reference[:-1], reference[:at] + reference[at + 1 :], f"{reference}1", f"{reference[:-1]}7", reference)
    shapes = (
        "/concern {}",
        "/concern {} repyl",
        "/review {}",
        "/review {} bok",
        "/tell {}",
        "/iro alocate {}",
        "/iro people {}",
    )
    return [shape.format(slip) for slip in slips for shape in shapes if chance.random() < 0.5]
