"""Figures go to those who may see them: their own, their part of the line, or the service; and the rows behind them."""

import re
from datetime import UTC, date, datetime

import pytest

from handlers.cards import Answer, FieldKind, Form
from handlers.dispatch import answer
from handlers.figures.making import figures
from handlers.figures.period import Period
from handlers.figures.period_words import asked_for, named
from handlers.figures.row_lists import can_list, rows_behind
from handlers.figures.splitting import By
from handlers.figures.tables import Kind
from handlers.office import Desk, Office, rules_in_force
from handlers.refusals import Refused
from storage import people
from storage.children import Capacity, Child, allocate
from storage.database import transaction
from storage.file_links import FileLink
from storage.people import Person
from storage.praise import Praise, PraiseTo
from storage.reviews import Order, Review, ReviewState
from tests.bench import Bench, button, buttons, words
from tests.cast import (
    ADMIN,
    ASSISTANT_DIRECTOR,
    AUTHORITY,
    CHILD,
    IRO,
    IRO_MANAGER,
    OTHER_CHILD,
    OTHER_IRO,
    OTHER_MANAGER,
    OUTSIDER,
    SERVICE_MANAGER,
    SOCIAL_WORKER,
    SUPPORT,
    TEAM_MANAGER,
    away,
    leave,
)
from tests.handlers.steps import close, form, logged, move, reply, rows, said

TODAY = date(2026, 12, 7)
ENTRIES = "Concerns by month: entries to each stage"


def opened(bench: Bench, who: str, title: str, line: str = "/iro figures this quarter") -> Form:
    return form(bench.press(who, button(form(bench.command(who, line)), title)))


def rows_of(bench: Bench, who: str, title: str, row: str, column: str) -> str:
    table = opened(bench, who, title)
    places = {choice.label: choice.value for one in table.fields if one.key == "row" for choice in one.choices}
    return words(bench.submit(who, table, {"row": places[row], "column": column}))


def lines(answer: Answer) -> list[str]:
    return [line for one in form(answer).fields if one.kind is FieldKind.STATEMENT for line in one.text.splitlines()]


@pytest.mark.parametrize("who", [SOCIAL_WORKER, SUPPORT, ADMIN, OUTSIDER])
@pytest.mark.parametrize("line", ["/iro figures", "/iro report 2025-26", "/caseload"])
def test_others_get_no_figures(bench: Bench, who: str, line: str) -> None:
    assert "Figures are for IROs" in said(bench.command(who, line))


def test_each_sees_their_own_part_and_no_more(bench: Bench) -> None:
    logged(bench, about=CHILD)
    logged(bench, about=OTHER_CHILD)

    seen = {}
    for who in (IRO, OTHER_IRO, IRO_MANAGER, TEAM_MANAGER, OTHER_MANAGER, SERVICE_MANAGER, ASSISTANT_DIRECTOR):
        december = next(line for line in lines(opened(bench, who, ENTRIES)) if line.startswith("Dec 2026"))
        seen[who] = december.partition("Stage 1 ")[2].partition(" ")[0]
    assert seen == {
        IRO: "2",
        OTHER_IRO: "0",
        IRO_MANAGER: "2",
        TEAM_MANAGER: "1",
        OTHER_MANAGER: "1",
        SERVICE_MANAGER: "2",
        ASSISTANT_DIRECTOR: "2",
    }


def test_a_cover_sees_what_the_person_covered_sees(bench: Bench) -> None:
    logged(bench)
    away(bench.engine, bench.cast, IRO, TODAY, None, OTHER_IRO)
    assert "Stage 1 1" in words(opened(bench, OTHER_IRO, ENTRIES))


def test_the_rows_behind_a_number_are_named(bench: Bench) -> None:
    first, second = logged(bench), logged(bench, about=OTHER_CHILD)
    assert lines_of(bench, IRO_MANAGER) == [f"{first} ({CHILD})", f"{second} ({OTHER_CHILD})"]
    assert lines_of(bench, TEAM_MANAGER) == [f"{first} ({CHILD})"]


def lines_of(bench: Bench, who: str) -> list[str]:
    return [
        line.strip()
        for line in rows_of(bench, who, ENTRIES, "Dec 2026", "stage_1").splitlines()
        if " C-" in line or line.startswith("C-")
    ]


def test_a_row_about_a_child_who_is_no_longer_theirs_is_counted_and_not_named(bench: Bench) -> None:
    logged(bench)
    with transaction(bench.engine, AUTHORITY) as session:
        child = session.get(Child, bench.cast.children[CHILD])
        assert child is not None
        allocate(session, child, Capacity.IRO, bench.cast.people[OTHER_IRO], TODAY)
    text = rows_of(bench, IRO, ENTRIES, "Dec 2026", "stage_1")
    assert "1 more you may not open" in text
    assert CHILD not in text


def test_the_children_of_an_officer_who_has_left_are_named(bench: Bench) -> None:
    leave(bench.engine, bench.cast, IRO, date(2026, 12, 4))
    assert "Ann Lee: Children 2" in words(opened(bench, IRO_MANAGER, "Caseload"))
    assert behind_caseload(bench, "Ann Lee") == [CHILD, OTHER_CHILD]


def test_two_officers_of_one_name_have_rows_of_their_own(bench: Bench) -> None:
    with transaction(bench.engine, AUTHORITY) as session:
        namesake, child = (
            session.get(Person, bench.cast.people[OTHER_IRO]),
            session.get(Child, bench.cast.children[OTHER_CHILD]),
        )
        assert namesake is not None
        assert child is not None
        namesake.name = "Ann Lee"
        session.add(namesake)
        allocate(session, child, Capacity.IRO, bench.cast.people[OTHER_IRO], date(2026, 11, 2))
    assert behind_caseload(bench, "Ann Lee") == [CHILD]
    assert behind_caseload(bench, "Ann Lee (2)") == [OTHER_CHILD]


def behind_caseload(bench: Bench, row: str) -> list[str]:
    return re.findall(r"AB-\d+", rows_of(bench, IRO_MANAGER, "Caseload", row, "children"))


def test_what_reads_the_same_is_named_as_often_as_it_is_counted(bench: Bench) -> None:
    with transaction(bench.engine, AUTHORITY) as session:
        for _ in range(2):
            session.add(
                Praise(
                    recipient=PraiseTo.WORKER,
                    person_id=bench.cast.people[SOCIAL_WORKER],
                    team="North team",
                    by_id=bench.cast.people[IRO],
                    sent_at=datetime(2026, 12, 2, 10, tzinfo=UTC),
                )
            )
    text = rows_of(bench, IRO_MANAGER, "Good practice recognised", "North team, 2026-27 Q3", "number")
    assert ": 2." in text
    assert text.count("Sam Okoro, Wed 2 Dec") == 2


def test_a_child_whose_only_review_was_missed_is_counted_and_named_with_those_reviewed(bench: Bench) -> None:
    with transaction(bench.engine, AUTHORITY) as session:
        for child, state, on_time in ((CHILD, ReviewState.HELD, True), (OTHER_CHILD, ReviewState.NOT_NEEDED, False)):
            day = date(2026, 11, 2)
            session.add(
                Review(
                    child_id=bench.cast.children[child],
                    state=state,
                    in_time=on_time,
                    track="looked_after",
                    order=Order.LATER,
                    rule="later_reviews",
                    due_on=day,
                    held_on=day if state is ReviewState.HELD else None,
                    completed_on=day if state is ReviewState.HELD else None,
                    created_at=bench.now,
                )
            )
    table = words(opened(bench, IRO_MANAGER, "Reviews year by year"))
    assert "Reviews held 1" in table
    assert "Children reviewed or missed 2" in table
    named = rows_of(bench, IRO_MANAGER, "Reviews year by year", "2026-27", "children")
    assert sorted(re.findall(r"AB-\d+", named)) == [CHILD, OTHER_CHILD]
    held = rows_of(bench, IRO_MANAGER, "Reviews year by year", "2026-27", "reviews")
    assert re.findall(r"AB-\d+", held) == [CHILD]


def test_a_team_manager_cannot_widen_what_they_see_by_a_forged_button(bench: Bench) -> None:
    logged(bench, about=OTHER_CHILD)
    table = opened(bench, IRO_MANAGER, ENTRIES)
    forged = bench.submit(TEAM_MANAGER, table, {"row": "2", "column": "stage_1"})
    assert OTHER_CHILD not in words(forged)
    assert "Nothing is counted here." in words(forged)


def test_buttons_carry_periods_and_tables_and_no_words(bench: Bench) -> None:
    logged(bench)
    for one in buttons(form(bench.command(IRO_MANAGER, "/iro figures 2026-27 by team"))):
        allowed = one.subject.replace("@", " ").replace("_", " ").replace("-", " ").split()
        assert all(word.isascii() for word in allowed)
        assert CHILD not in one.subject


def test_figures_are_split_by_time_by_team_and_by_officer_in_the_order_of_their_names(bench: Bench) -> None:
    logged(bench)
    teams = lines(opened(bench, IRO_MANAGER, "Concerns and children", "/iro figures this year by team"))[1:]
    counted = [line for line in teams if ": Concerns " in line]
    assert [line.partition(":")[0] for line in counted] == [
        *sorted(["Another service", "Children in care", "IRO service", "North team", "South team"]),
        "Total",
    ]
    assert next(line for line in counted if line.startswith("North team")).startswith("North team: Concerns 1")
    officers = lines(opened(bench, IRO_MANAGER, "Concerns and children", "/iro figures this year by IRO"))[1:]
    assert [line.partition(":")[0] for line in officers if ": Concerns " in line] == ["Ann Lee", "Olu Ade", "Total"]


def test_a_manager_s_figures_by_officer_stay_within_their_line(bench: Bench) -> None:
    logged(bench, about=OTHER_CHILD)
    rows = lines(opened(bench, TEAM_MANAGER, "Concerns and children", "/iro figures by iro"))
    assert next(line for line in rows if line.startswith("Ann Lee")).startswith("Ann Lee: Concerns 0")


@pytest.mark.parametrize(
    ("typed", "first", "last", "by"),
    [
        ("", "2026-10-01", "2026-12-31", None),
        ("last quarter", "2026-07-01", "2026-09-30", None),
        ("this year by month", "2026-04-01", "2027-03-31", By.MONTH),
        ("2025-26", "2025-04-01", "2026-03-31", None),
        ("2025/26 Q4", "2026-01-01", "2026-03-31", None),
        ("from 1 Apr 2026 to 30 Jun 2026 by quarters", "2026-04-01", "2026-06-30", By.QUARTER),
        ("2026-05-01 to 2026-05-02 by IRO", "2026-05-01", "2026-05-02", By.IRO),
    ],
)
def test_a_period_is_said_in_many_ways(typed: str, first: str, last: str, by: By | None) -> None:
    asked = asked_for(typed, TODAY)
    assert (asked.period.first.isoformat(), asked.period.last.isoformat(), asked.by) == (first, last, by)
    assert asked_for(asked.words, TODAY) == asked


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("the weather", "Which period"),
        ("2025-27", "write 2025-26"),
        ("2027-28", "still to come"),
        ("9999-00", "Figures can be made for 1991 to 2099"),
        ("9999-00 Q4", "Figures can be made for 1991 to 2099"),
        ("0000-01", "Figures can be made for 1991 to 2099"),
        ("0000-01 Q1", "Figures can be made for 1991 to 2099"),
    ],
)
def test_words_that_are_no_period_are_refused_with_examples(typed: str, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        asked_for(typed, TODAY)


def test_periods_have_names() -> None:
    assert [named(asked_for(one, TODAY).period) for one in ("2025-26", "this quarter")] == ["2025-26", "2026-27 Q3"]


@pytest.mark.slow
def test_every_count_has_as_many_rows_as_it_says(bench: Bench) -> None:
    """For each table that lists rows: distinct concerns where concerns are counted."""
    for about in (CHILD, OTHER_CHILD, CHILD):
        logged(bench, about=about)
    reply(bench, TEAM_MANAGER, "C-1", "not agreed")
    move(bench, "C-1", 2)
    close(bench, "C-3", outcome="resolved")
    logged(bench, who=IRO_MANAGER, about="service", stage=3)
    with transaction(bench.engine, AUTHORITY, writes=False) as session:
        person = people.get(session, bench.cast.people[IRO_MANAGER])
        assert person is not None
        rules = rules_in_force(session, AUTHORITY)
        desk = Desk(session=session, now=bench.now, authority=AUTHORITY, rules=rules, actor=person)
        period = Period(first=date(2026, 10, 1), last=date(2026, 12, 31))
        wrong = {}
        for name, table in figures(desk, period).printed.items():
            for row in table.rows[: len(table.rows) - table.added]:
                for column in table.columns:
                    if column.kind is not Kind.COUNT or column.key == "base" or not can_list(name, column.key):
                        continue
                    behind = rows_behind(desk, period, name, row, column.key)
                    if len(behind.shown) != (row[column.key] or 0):
                        wrong[name, column.key, tuple(row.values())] = behind.shown
    assert wrong == {}


def test_the_report_is_handed_over_by_links_that_are_this_person_s_alone(bench: Bench) -> None:
    asked = form(bench.command(IRO_MANAGER, "/iro report 2025-26"))
    assert "iro-bot report annual --year 2025-26 --out DIR" in words(asked)
    assert "is no reporting year" in said(bench.command(IRO_MANAGER, "/iro report nonsense"))


@pytest.mark.parametrize(
    ("who", "reports"),
    [
        (IRO, ["internal docx", "internal html", "internal xlsx"]),
        (TEAM_MANAGER, ["internal docx", "internal html", "internal xlsx"]),
        (
            IRO_MANAGER,
            [f"{edition} {shape}" for edition in ("internal", "public") for shape in ("docx", "html", "xlsx")],
        ),
    ],
)
def test_with_a_public_address_there_is_a_link_for_each_shape(bench: Bench, who: str, reports: list[str]) -> None:
    office = Office(engine=bench.engine, clock=lambda: bench.now, public_url="https://bot.example/")
    asked = answer(office, bench.request(who, "command", command="iro", words="report 2025-26"))
    text = words(asked)
    assert text.count("https://bot.example/file/") == len(reports)
    kept = rows(bench, FileLink)
    assert sorted(one.report for one in kept) == sorted(f"2025-26 {report}" for report in reports)
    assert {one.person_id for one in kept} == {bench.cast.people[who]}
    assert all(one.digest not in text for one in kept)


def test_the_rule_under_a_table_calls_columns_as_the_table_does(bench: Bench) -> None:
    logged(bench, 1)
    for title in ("Concerns and children", "Reviews year by year", "How people replied"):
        assert not re.findall(r"[a-z0-9]+_[a-z0-9_]+", words(opened(bench, IRO_MANAGER, title))), title


@pytest.mark.parametrize(
    ("typed", "split"),
    [("by team", "by team"), ("2026-27 by iro", "by IRO"), ("by months", "by month"), ("", "not split")],
)
def test_a_split_that_is_on_is_said_with_the_period(bench: Bench, typed: str, split: str) -> None:
    opening = form(bench.command(IRO_MANAGER, f"/iro figures {typed}"))
    table = opened(bench, IRO_MANAGER, "Concerns and children", f"/iro figures {typed}")

    for one in (opening, table):
        assert (f", {split}:" in lines(one)[0]) == (split != "not split"), lines(one)[0]


def test_a_row_is_called_once_by_its_name(bench: Bench) -> None:
    parents = lines(opened(bench, IRO_MANAGER, "Which parents and carers took part"))[1:]
    assert [line.partition(":")[0] for line in parents[:3]] == ["Mother", "Father", "Carers"]
    codes = lines(opened(bench, IRO_MANAGER, "How children took part"))[1:]
    named_so = [line.partition(": Q1")[0] for line in codes if ": Q1" in line]
    assert named_so[1] == "PN1, child attends and speaks for themselves"
    assert named_so[-2:] == ["Base of the shares: PN1 to PN7", "All reviews"]


def test_a_month_is_said_in_words(bench: Bench) -> None:
    by_month = lines(opened(bench, IRO_MANAGER, "Concerns and children", "/iro figures this quarter by month"))[1:]
    assert [line.partition(":")[0] for line in by_month if ": Concerns " in line] == [
        "Oct 2026",
        "Nov 2026",
        "Dec 2026",
        "Total",
    ]
    assert "2026-1" not in "\n".join(by_month)
