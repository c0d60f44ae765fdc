"""The first message anybody gets, once for good; and before a council's day nothing but what people ask for."""

from datetime import date
from pathlib import Path

import pytest

from handlers.cards import Card
from handlers.office import Scene, rules_in_force
from handlers.refusals import Refused
from handlers.requests import Value
from handlers.starts import start
from scheduling.procedures import shipped_text
from storage import people
from storage.database import transaction
from tests.bench import Bench, buttons, utc, words
from tests.cast import (
    AUTHORITY,
    CHILD,
    IRO,
    IRO_MANAGER,
    OTHER_CHILD,
    OTHER_MANAGER,
    OTHER_WORKER,
    OUTSIDER,
    SERVICE_MANAGER,
    SOCIAL_WORKER,
    TEAM_MANAGER,
)
from tests.databases import sqlite_engine
from tests.handlers.reviews.steps import in_care
from tests.handlers.steps import brought_in, form, logged, reason

HELLO = "Hello "


def forget_welcomes(bench: Bench) -> None:
    """As in a council that has not begun."""
    with transaction(bench.engine, AUTHORITY) as session:
        for person in people.everyone(session):
            person.welcomed_on = None
            session.add(person)


def begin(bench: Bench, on: str, team: str = "") -> str:
    with transaction(bench.engine, AUTHORITY) as session:
        rules = rules_in_force(session, AUTHORITY)
        scene = Scene(session=session, now=bench.now, authority=AUTHORITY, rules=rules)
        return start(scene, team, date.fromisoformat(on))


def hellos(bench: Bench, who: str) -> list[str]:
    return [one for one in bench.titles(who) if one.startswith(HELLO)]


@pytest.mark.slow
def test_it_comes_before_the_first_thing_somebody_is_sent_and_never_again(bench: Bench) -> None:
    forget_welcomes(bench)
    logged(bench, 1)
    assert bench.titles(TEAM_MANAGER) == [
        "Hello Tess: this is your IROs' reminder bot",
        "Please reply to C-1",
    ]
    first = bench.inbox(TEAM_MANAGER)[0].card
    assert words(first) == "\n".join(
        (
            "Hello Tess: this is your IROs' reminder bot",
            "It tells you when an IRO needs your reply, and by what day: then, and at 9 am when something is due. "
            "It never shows what a concern says in the chat, and it never answers for you.",
            "Not sure it is real? Ask Iris Moss.",
        )
    )
    assert [one.label for one in first.buttons] == ["Your day", "How it works"]
    assert hellos(bench, IRO) == ["Hello Ann: this is your reminder bot"], "who writes first is told too"
    bench.go_to_day(date(2026, 12, 23))
    assert len(hellos(bench, TEAM_MANAGER)) == 1
    assert len(hellos(bench, IRO)) == 1


def test_nothing_urgent_waits_for_it_and_it_comes_the_next_morning(tmp_path: Path) -> None:
    for engine in sqlite_engine(tmp_path):
        bench = Bench(engine, utc("2026-12-26", "23:10"), shipped_text("nottinghamshire"))
        forget_welcomes(bench)
        opened = form(bench.command(IRO, "/concern AB-1042"))
        typed: dict[str, Value] = {
            "worries": "X",
            "main_reason": reason(opened),
            "significant_harm": ("yes",),
            "start_at": "0",
        }
        bench.submit(IRO, form(bench.submit(IRO, opened, typed)), {})
        assert bench.titles(SERVICE_MANAGER) == ["Urgent C-1: press Seen"]
        bench.go_to(utc("2026-12-29", "09:01"))
        assert len(hellos(bench, SERVICE_MANAGER)) == 1
        assert bench.titles(SERVICE_MANAGER)[0] == "Urgent C-1: press Seen"


@pytest.mark.slow
def test_it_comes_on_the_last_working_day_before_the_start_and_names_it(bench: Bench) -> None:
    forget_welcomes(bench)
    assert begin(bench, "2027-01-04") == (
        "Everybody starts on Mon 4 Jan 2027. 13 people start then. They are told what this is on Thu 31 Dec 2026. "
        "Until the day nothing is sent but what people ask for."
    )
    bench.go_to(utc("2026-12-30", "17:00"))
    assert bench.told == []
    bench.go_to(utc("2026-12-31", "09:01"))
    assert {one.to for one in bench.told} == set(bench.cast.people)
    assert "uses it from Mon 4 Jan 2027. Not sure it is real? Ask Iris Moss." in words(bench.last(TEAM_MANAGER))
    assert "Ask Adam Poole." in words(bench.last(IRO_MANAGER)), "nobody is named to themselves"
    assert [one.label for one in bench.last(IRO).buttons] == ["Log a concern", "Your day", "How it works"]
    bench.go_to_day(date(2027, 1, 8))
    assert len(bench.told) == len(bench.cast.people)


def test_before_the_day_nobody_is_reminded_and_what_was_late_then_never_is(bench: Bench) -> None:
    in_care(bench, "2026-11-02")  # the first review was due on Mon 30 Nov
    begin(bench, "2026-12-14", "north  TEAM")
    bench.go_to_day(date(2026, 12, 11))
    assert bench.told == []
    bench.go_to_day(date(2026, 12, 16))
    assert not [one for one in bench.told if one.title.startswith("Your day")]
    shown = words(bench.command(IRO, "/iro day"))
    assert "Before we started" in shown
    assert "AB-1042: the review that was due Mon 30 Nov is late" in shown
    assert "Nothing waits for you." in shown


def test_what_a_person_does_before_the_day_is_told_and_kept_in_time(bench: Bench) -> None:
    begin(bench, "2027-02-01")
    ref = logged(bench, 1)
    assert bench.titles(TEAM_MANAGER) == [f"Please reply to {ref}"]
    bench.go_to_day(date(2026, 12, 22))
    assert f"No reply to {ref}" in " ".join(bench.titles(IRO)), "the clock of what was asked runs"
    assert not [one for one in bench.told if one.title.startswith("Your day")]


@pytest.mark.slow
def test_other_teams_start_on_days_of_their_own(bench: Bench) -> None:
    in_care(bench, "2026-12-07")  # AB-1042, with the North team: due Thu 7 Jan
    in_care(bench, "2026-12-07", OTHER_CHILD)  # with the South team
    begin(bench, "2026-12-21", "North team")
    begin(bench, "2027-02-01", "South team")
    bench.go_to_day(date(2027, 1, 6))
    said = "\n".join(words(one.card) for one in bench.told)
    assert CHILD in said
    assert OTHER_CHILD not in said
    assert not bench.inbox(OTHER_WORKER)


@pytest.mark.slow
def test_a_team_without_a_day_waits_for_one_of_its_own(bench: Bench) -> None:
    forget_welcomes(bench)
    in_care(bench, "2026-12-07", OTHER_CHILD)  # with the South team: due Thu 7 Jan
    said = begin(bench, "2026-12-21", "North team")
    assert said.endswith(
        "Another service and South team have no day yet: nothing is sent to them until you give them one."
    )
    bench.go_to_day(date(2027, 1, 8))
    assert hellos(bench, SERVICE_MANAGER)
    assert bench.inbox(OTHER_WORKER) == bench.inbox(OTHER_MANAGER) == bench.inbox(OUTSIDER) == []
    assert OTHER_CHILD not in "\n".join(words(one.card) for one in bench.told)
    begin(bench, "2027-01-18")
    bench.go_to_day(date(2027, 1, 18))
    assert len(hellos(bench, OTHER_WORKER)) == 1, "everybody else has a day then"


def test_a_manager_is_not_reminded_of_what_was_late_in_their_team_before_its_start(bench: Bench) -> None:
    in_care(bench, "2026-11-09")  # papers were due on Wed 2 Dec
    begin(bench, "2026-12-14", "North team")
    bench.go_to_day(date(2026, 12, 16))
    assert bench.inbox(TEAM_MANAGER) == []
    late = "Sam Okoro: papers to the IRO for AB-1042 late since Wed 2 Dec."
    for who in (TEAM_MANAGER, SERVICE_MANAGER):
        shown = words(bench.command(who, "/iro day"))
        assert shown.splitlines()[0] == "Your day, Wed 16 Dec"
        assert late in shown.partition("Before we started")[2]
        assert "Sam: nothing late" not in shown


def test_what_is_no_reminder_cannot_rest_and_does_not_come(bench: Bench) -> None:
    in_care(bench, "2026-11-09")  # the review was due on Mon 7 Dec
    begin(bench, "2026-12-14")
    bench.go_to_day(date(2026, 12, 16))
    card = bench.command(SOCIAL_WORKER, "/iro day")
    assert isinstance(card, Card)
    assert "Coming" not in words(card)
    assert [one.label for one in buttons(card)][:2] == ["Do", "Open"]
    assert "Not today" not in [one.label for one in buttons(card)]


@pytest.mark.slow
def test_a_dispute_of_a_team_that_has_not_started_waits_in_the_one_list(bench: Bench) -> None:
    brought_in(bench, f"OLD-8,{OTHER_CHILD},2026-11-09,{IRO}@anyshire.example,2026-11-09,2026-11-16,,,")
    begin(bench, "2026-12-14", "North team")
    begin(bench, "2027-01-11", "South team")
    assert words(bench.command(IRO, "/iro day")).startswith("Your day, Mon 7 Dec: 1 for you"), "while all wait"
    bench.go_to_day(date(2026, 12, 14))
    assert bench.inbox(IRO) == []
    assert "C-1" in words(bench.command(IRO, "/iro day")).partition("Before we started")[2]
    bench.go_to_day(date(2027, 1, 11))
    assert [one.title for one in bench.inbox(IRO)] == ["Your day, Mon 11 Jan: 1 for you"]


def test_who_has_no_procedures_of_their_own_is_your_council(bench: Bench) -> None:
    forget_welcomes(bench)
    begin(bench, "2027-01-04")
    bench.go_to(utc("2026-12-31", "09:01"))
    assert "Your council uses it from Mon 4 Jan 2027." in words(bench.last(TEAM_MANAGER))


def test_a_day_that_has_passed_and_a_team_that_is_none_are_refused(bench: Bench) -> None:
    with pytest.raises(Refused, match="has passed: give today or a day to come"):
        begin(bench, "2026-12-06")
    with pytest.raises(Refused, match="more than two years ahead"):
        begin(bench, "2031-12-06")
    with pytest.raises(Refused, match="Nobody is in a team called Nrth"):
        begin(bench, "2026-12-14", "Nrth")
    begin(bench, "2026-12-14")
    assert "It was to be Mon 14 Dec 2026." in begin(bench, "2026-12-21")


@pytest.mark.slow
def test_what_golive_says_of_the_first_message_is_what_comes(bench: Bench) -> None:
    forget_welcomes(bench)
    late = begin(bench, "2026-12-08")  # it is half past nine on the day before
    assert "They are told what this is with the first thing they are sent. Until the day" in late
    bench.go_to(utc("2026-12-08", "17:00"))
    assert bench.told == []
    moved = begin(bench, "2027-01-04")
    assert moved.startswith(
        "Everybody starts on Mon 4 Jan 2027. It had started on Tue 8 Dec 2026. 13 people start then."
    )
    assert "They are told what this is on Thu 31 Dec 2026. Until the day" in moved
    bench.go_to(utc("2026-12-31", "09:01"))
    assert len(bench.told) == len(bench.cast.people)
    again = begin(bench, "2027-01-11")
    told = "13 people have been told before and are not told again: say the day to them yourself. Until the day"
    assert f"It was to be Mon 4 Jan 2027. 13 people start then. {told}" in again
    bench.go_to(utc("2027-01-08", "09:01"))
    assert len(bench.told) == len(bench.cast.people)
