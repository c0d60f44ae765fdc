"""Weekdays worked and an end known beforehand: when reminders come, who is asked what cannot wait, who is told."""

from datetime import date, time

import pytest

from handlers.cards import Errors, Form
from handlers.imports import ImportRefused, import_staff
from handlers.imports.outcome import ImportResult
from handlers.office import rules_in_force
from handlers.people.days_worked import as_kept, weekdays_in
from storage.database import transaction
from storage.people import Person
from tests.bench import Bench, button, words
from tests.cast import (
    ASSISTANT_DIRECTOR,
    AUTHORITY,
    CHILD,
    DIRECTOR,
    IRO,
    IRO_MANAGER,
    OTHER_CHILD,
    SERVICE_MANAGER,
    SOCIAL_WORKER,
    TEAM_MANAGER,
)
from tests.handlers.absences.test_telling import bench
from tests.handlers.steps import (
    NOT_AGREED,
    act,
    field,
    form,
    logged,
    people_asked,
    reply,
    rows,
    run,
    said,
)

__all__ = ["bench"]


def _person(bench: Bench, login: str) -> Person:
    return next(one for one in rows(bench, Person) if one.id == bench.cast.people[login])


def _ends(bench: Bench, login: str, on: date) -> None:
    with transaction(bench.engine, AUTHORITY) as session:
        person = session.get(Person, bench.cast.people[login])
        assert person is not None
        person.serves_until = on
        session.add(person)


def _mornings(bench: Bench, who: str) -> list[date]:
    return [one.at.date() for one in bench.told if one.to == who and one.title.startswith("Your day")]


@pytest.mark.parametrize(
    ("written", "days"),
    [
        ("Mon Tue Wed Thu", "Mon Tue Wed Thu"),
        ("mondays, tuesdays and Thurs", "Mon Tue Thu"),
        ("Mon-Thu", "Mon Tue Wed Thu"),
        ("monday to wednesday, Friday", "Mon Tue Wed Fri"),
        ("Fri Mon", "Mon Fri"),
        ("Mon to Fri", None),
        ("", None),
    ],
)
def test_weekdays_are_read_as_people_write_them(written: str, days: str | None) -> None:
    found = weekdays_in(written)
    assert found is not None
    assert as_kept(found) == days


@pytest.mark.parametrize("written", ["every day", "Mo", "Thu to Mon", "Mon 3"])
def test_what_is_no_weekday_is_not_guessed(written: str) -> None:
    assert weekdays_in(written) is None


def test_days_are_typed_ticked_and_entered_for_others(bench: Bench) -> None:
    kept = said(bench.command(TEAM_MANAGER, "/iro days Mon Tue Wed Thu"))
    assert kept.startswith(
        "You work on Mon, Tue, Wed and Thu. What falls on another day is named on the last day worked"
    )
    shown = form(bench.command(TEAM_MANAGER, "/iro days"))
    assert field(shown, "days").initial == ("Mon", "Tue", "Wed", "Thu")
    everyone = said(bench.submit(TEAM_MANAGER, shown, {"days": ("Mon", "Tue", "Wed", "Thu", "Fri")}))
    assert everyone == "You work on every working day."
    assert _person(bench, TEAM_MANAGER).works is None
    wrong = bench.command(TEAM_MANAGER, "/iro days sometimes")
    assert isinstance(wrong, Form)
    assert wrong.fields[0].text == "I did not understand the weekdays: write them like Mon Tue Wed Thu."
    worker = str(bench.cast.people[SOCIAL_WORKER])
    entered = said(act(bench, TEAM_MANAGER, "/iro days", person=worker, days=("Tue",)))
    assert entered.startswith("Sam Okoro works on Tue.")
    (told,) = bench.told
    assert (told.to, told.title) == (SOCIAL_WORKER, "Your days worked were set by Tess Hill")
    assert "Tess Hill entered that you work on Tue." in words(told.card)
    assert field(bench.press(SOCIAL_WORKER, button(told.card, "Change")), "days").initial == ("Tue",)
    assert isinstance(act(bench, TEAM_MANAGER, "/iro days", person=str(bench.cast.people[IRO]), days=("Tue",)), Errors)
    assert isinstance(act(bench, TEAM_MANAGER, "/iro days", days=("Sat",)), Errors)


@pytest.mark.slow
def test_what_falls_on_days_off_is_named_on_the_last_day_worked_before(bench: Bench) -> None:
    """Stage 1 of Fri 4 Dec ends Fri 18 Dec; the manager works Mondays and Tuesdays: named on Tue 15 Dec."""
    bench.command(TEAM_MANAGER, "/iro days Mon Tue")
    ref = logged(bench, 1)
    due = run(bench, ref).due_at
    assert due is not None
    assert due.date() == date(2026, 12, 21)
    bench.forget()
    bench.go_to_day(date(2026, 12, 23))
    assert _mornings(bench, TEAM_MANAGER) == [date(2026, 12, 15), date(2026, 12, 21), date(2026, 12, 22)]
    first = next(one for one in bench.told if one.to == TEAM_MANAGER and one.title.startswith("Your day"))
    assert f"{ref} (AB-1042): reply to Ann Lee by Mon 21 Dec, stage 1." in words(first.card), (
        "two days before is Thu 17 Dec"
    )
    bench.go_to_day(date(2026, 12, 25))
    assert run(bench, ref).due_at == due, "deadlines never change"


@pytest.mark.slow
def test_an_iro_who_works_part_of_the_week_reads_what_was_told_on_their_days_off(bench: Bench) -> None:
    bench.command(IRO, "/iro days Tue Thu")
    ref = logged(bench, 1)
    bench.go_to_day(date(2026, 12, 11))
    reply(bench, TEAM_MANAGER, ref, NOT_AGREED)
    bench.forget()
    bench.go_to_day(date(2026, 12, 18))
    assert _mornings(bench, IRO) == [date(2026, 12, 15), date(2026, 12, 17)]


@pytest.mark.slow
def test_the_immediate_route_and_short_stages_go_on_to_who_is_in(bench: Bench) -> None:
    """Monday: the team manager and the assistant director are off; the IRO reads why."""
    for who in (TEAM_MANAGER, ASSISTANT_DIRECTOR):
        bench.command(who, "/iro days Tue Wed Thu Fri")
    long = logged(bench, 1)
    assert people_asked(bench, long)[0].person_id == bench.cast.people[TEAM_MANAGER]
    short = logged(bench, 3, about=OTHER_CHILD, start_reason="It cannot wait.")
    asked = people_asked(bench, short)[0]
    assert asked.person_id == bench.cast.people[DIRECTOR]
    assert asked.standing_why == "Ada Frost does not work on Mondays"
    bench.go_to_day(date(2026, 12, 8))
    again = logged(bench, 3, about=CHILD, start_reason="It cannot wait.")
    assert people_asked(bench, again)[0].person_id == bench.cast.people[ASSISTANT_DIRECTOR]
    bench.go_to_day(date(2026, 12, 11), time(18))
    evening = logged(bench, 3, about=OTHER_CHILD, start_reason="It cannot wait.")
    assert people_asked(bench, evening)[0].person_id == bench.cast.people[DIRECTOR], "it is seen to on Monday"


def test_where_everybody_is_off_somebody_is_asked_all_the_same(bench: Bench) -> None:
    for who in (ASSISTANT_DIRECTOR, DIRECTOR):
        bench.command(who, "/iro days Tue")
    ref = logged(bench, 3, start_reason="It cannot wait.")
    assert people_asked(bench, ref)[0].person_id == bench.cast.people[ASSISTANT_DIRECTOR]


@pytest.mark.slow
def test_an_end_known_beforehand_is_told_ten_and_two_working_days_before_with_what_is_open(bench: Bench) -> None:
    ref = logged(bench, 1)
    _ends(bench, IRO, date(2026, 12, 23))
    _ends(bench, TEAM_MANAGER, date(2026, 12, 22))
    bench.command(IRO_MANAGER, "/iro days Mon Tue Thu Fri")
    bench.forget()
    bench.go_to_day(date(2026, 12, 31))
    lines: dict[str, list[tuple[date, str]]] = {IRO_MANAGER: [], SERVICE_MANAGER: []}
    for one in bench.told:
        if one.to in lines:
            lines[one.to] += [(one.at.date(), line.text) for line in one.card.lines if "last day" in line.text]
    said_of_iro = f"With them: 2 children and 1 open concern ({ref})."
    assert lines[IRO_MANAGER] == [
        (date(2026, 12, 8), f"Ann Lee's last day is Wed 23 Dec, in 11 working days. {said_of_iro}"),
        (date(2026, 12, 21), f"Ann Lee's last day is Wed 23 Dec, in 2 working days. {said_of_iro}"),
    ], "the tenth is a Wednesday, on which she is off"
    assert [day for day, _ in lines[SERVICE_MANAGER]] == [date(2026, 12, 8), date(2026, 12, 18)]
    assert f"With them: 1 reply ({ref})." in lines[SERVICE_MANAGER][0][1]
    assert "Ann Lee has left" in words(bench.last(IRO_MANAGER)), "and then the children wait for an IRO"


def _import(bench: Bench, works: str, until: str, columns: str = ",works,until") -> ImportResult:
    """A staff file about the team manager."""
    row = f"{TEAM_MANAGER}@anyshire.example,Tess Hill,team_manager,{SERVICE_MANAGER}@anyshire.example"
    text = f"email,name,roles,manager_email{columns}\n{row}" + (f",{works},{until}" if columns else "")
    with transaction(bench.engine, AUTHORITY) as session:
        return import_staff(session, rules_in_force(session, AUTHORITY), text, bench.now.date(), bench.now)


def _lines_of(bench: Bench, words_in: str) -> list[tuple[str, date, str]]:
    told = ((one, line.text) for one in bench.told for line in one.card.lines)
    return [(one.to, one.at.date(), text) for one, text in told if words_in in text]


def test_days_of_a_staff_file_are_a_line_on_the_persons_next_morning(bench: Bench) -> None:
    for _ in range(2):
        _import(bench, "Wed Thu", "")
    bench.deliver()
    assert bench.told == []
    bench.go_to_day(date(2026, 12, 11))
    line = "You work on Wed and Thu (from the staff file)."
    assert _lines_of(bench, "You work") == [(TEAM_MANAGER, date(2026, 12, 9), line)]


@pytest.mark.parametrize(
    ("until", "said_of_it"),
    [
        ("2026-12-09", "is Wed 9 Dec, in 1 working day"),
        ("2026-12-08", "is Tue 8 Dec"),
        ("2026-12-07", "was Mon 7 Dec"),
    ],
)
def test_an_end_entered_late_is_told_the_next_morning(bench: Bench, until: str, said_of_it: str) -> None:
    ref = logged(bench, 1)
    bench.forget()
    _import(bench, "", until)
    bench.go_to_day(date(2026, 12, 10))
    ((who, day, text),) = _lines_of(bench, "last day")
    assert (who, day) == (SERVICE_MANAGER, date(2026, 12, 8))
    assert text.startswith(f"Tess Hill's last day {said_of_it}.")
    assert (ref in text) is (until != "2026-12-07"), "once they have left the reply waits for who stands in"


def test_an_end_in_the_past_names_in_the_result_what_waits(bench: Bench) -> None:
    ref = logged(bench, 1)
    done = _import(bench, "", "2026-12-04")
    assert done.notes == (f"{ref} waits for a reply from Tess Hill, who has left.",)
    assert _import(bench, "", "2026-12-04").notes == (), "once"


def test_a_staff_file_gives_days_and_an_end(bench: Bench) -> None:
    def imported(works: str, until: str, columns: str = ",works,until") -> None:
        _import(bench, works, until, columns)

    imported("Mon Tue Wed", "2026-12-18")
    tess = _person(bench, TEAM_MANAGER)
    assert (tess.works, tess.serves_until) == ("Mon Tue Wed", date(2026, 12, 18))
    imported("", "", columns="")
    assert _person(bench, TEAM_MANAGER).works == "Mon Tue Wed", "a column left out changes nothing"
    assert _person(bench, TEAM_MANAGER).serves_until == date(2026, 12, 18)
    bench.now = bench.now.replace(month=12, day=21)
    assert _person(bench, TEAM_MANAGER).has_left(date(2026, 12, 21))
    imported("", "", columns="")
    assert not _person(bench, TEAM_MANAGER).has_left(date(2026, 12, 21)), "the file lists them, past that day"
    with pytest.raises(ImportRefused) as refused:
        imported("Mondy", "soon")
    assert sorted((one.column, one.reason.split(":")[0]) for one in refused.value.problems) == [
        ("until", '"soon" is no date'),
        ("works", '"Mondy"'),
    ]
