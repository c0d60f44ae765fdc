"""Who is told of an absence, its change and its end: the cover, the person, and in the morning who leads the person."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from handlers.cards import Card, Notice
from handlers.imports import import_absences
from handlers.office import rules_in_force
from storage.database import transaction
from storage.people import Absence
from tests.bench import Bench, button, utc, words
from tests.cast import (
    AUTHORITY,
    IRO,
    IRO_MANAGER,
    OTHER_IRO,
    OTHER_MANAGER,
    OTHER_WORKER,
    SERVICE_MANAGER,
    SOCIAL_WORKER,
    SUPPORT,
    TEAM_MANAGER,
    away,
    join_team,
    take_role,
)
from tests.databases import sqlite_engine
from tests.handlers.steps import act, rows, said

CHRISTMAS = {"from": "2026-12-21", "to": "2027-01-04"}
TOLD = "You cover for Ann Lee from Mon 21 Dec to Mon 4 Jan 2027"


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """The morning of Monday 7 December 2026."""
    for engine in sqlite_engine(tmp_path):
        yield Bench(engine, utc("2026-12-07"))


def _raw(bench: Bench, who: str) -> list[str]:
    return [one.title for one in bench.inbox(who)]


def _since(bench: Bench) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in bench.told:
        found.setdefault(one.to, []).append(one.title)
    bench.forget()
    return found


def _set(bench: Bench, by: str, who: str, cover: str = "", **days: str) -> None:
    given = {"person": str(bench.cast.people[who]), "cover": str(bench.cast.people[cover]) if cover else ""}
    assert isinstance(act(bench, by, "/iro away", **given, **(days or CHRISTMAS)), Notice)


def test_the_cover_is_told_once_a_change_and_the_iro_manager_in_the_morning(bench: Bench) -> None:
    typed = "/iro away 21 Dec to 4 Jan cover @olu.ade"
    bench.command(IRO, typed)
    assert _since(bench) == {OTHER_IRO: [TOLD]}
    for _ in range(3):
        bench.command(IRO, typed)
    assert _since(bench) == {}, "the same again is no change"
    bench.command(IRO, "/iro away 21 Dec to 8 Jan cover @olu.ade")
    assert _since(bench) == {OTHER_IRO: ["You cover for Ann Lee from Mon 21 Dec to Fri 8 Jan 2027"]}
    bench.go_to_day(date(2026, 12, 8))
    morning = words(bench.last(IRO_MANAGER))
    assert "Ann Lee is away from Mon 21 Dec to Fri 8 Jan 2027; Olu Ade covers." in morning
    assert [one.to for one in bench.told] == [IRO_MANAGER], "and nobody else"
    bench.forget()
    bench.go_to_day(date(2026, 12, 9))
    assert _since(bench) == {}, "once"


def test_the_person_is_told_at_once_where_somebody_else_entered_it_and_says_they_are_here(bench: Bench) -> None:
    _set(bench, SUPPORT, IRO, OTHER_IRO)
    told = bench.last(IRO)
    assert _since(bench) == {OTHER_IRO: [TOLD], IRO: ["Olu Ade was set as your cover"]}
    assert "Bea Shaw entered that you are away from Mon 21 Dec to Mon 4 Jan 2027." in words(told)
    here = bench.press(IRO, button(told, "I am here"))
    assert said(here) == "Noted: you are here, and what is yours comes to you. Olu Ade is told."
    assert _since(bench) == {OTHER_IRO: ["You no longer cover for Ann Lee"]}
    assert rows(bench, Absence) == []
    assert said(bench.press(IRO, button(told, "I am here"))) == "Nobody has marked you as away."
    assert _since(bench) == {}
    bench.go_to_day(date(2026, 12, 8))
    assert "Ann Lee is here again." in words(bench.last(IRO_MANAGER))


def test_of_several_absences_the_person_is_told_what_another_changed_alone(bench: Bench) -> None:
    """Their own days at Christmas stand, are covered as before, and are told to nobody again."""
    bench.command(IRO, "/iro away 21 Dec to 4 Jan cover @olu.ade")
    bench.forget()
    _set(bench, SUPPORT, IRO, **{"from": "2026-12-09", "to": "2026-12-10"})
    _set(bench, SUPPORT, IRO, IRO_MANAGER, **{"from": "2026-12-14", "to": "2026-12-15"})
    first, second = (one.card for one in bench.inbox(IRO))
    assert words(first) == (
        "You were marked as away by Bea Shaw\nBea Shaw entered that you are away from Wed 9 Dec to Thu 10 Dec.\n"
        "Nobody covers: the next senior person is asked. Press I am here if that is not right."
    )
    assert second.title == "Iris Moss was set as your cover"
    assert "away from Mon 14 Dec to Tue 15 Dec." in words(second)
    assert OTHER_IRO not in _since(bench)
    _set(bench, SUPPORT, IRO, IRO_MANAGER, **{"from": "2026-12-14", "to": "2026-12-14"})
    assert "No longer entered: away on Tue 15 Dec." in words(bench.last(IRO))
    bench.forget()
    offered = bench.command(SUPPORT, "/iro back @ann.lee")
    assert isinstance(offered, Notice)
    bench.press(SUPPORT, button(offered, "Cancel it"))
    ended = words(bench.last(IRO))
    assert _since(bench) == {IRO: ["Your days away were changed by Bea Shaw"]}
    assert "No longer entered: away from Wed 9 Dec to Thu 10 Dec." in ended
    assert "You are still marked as away on Mon 14 Dec and from Mon 21 Dec to Mon 4 Jan 2027." in ended
    here = said(bench.press(IRO, button(second, "I am here")))
    assert here == (
        "Noted. Iris Moss is told. You are away from Mon 21 Dec to Mon 4 Jan 2027, as you entered yourself."
    ), "the cover whose days stay is not named, and not told"
    assert "Ann Lee is not away on those days any more. Entered by Ann Lee." in words(bench.last(IRO_MANAGER))
    assert _since(bench) == {IRO_MANAGER: ["You no longer cover for Ann Lee"]}


def test_an_absence_by_somebody_else_without_cover_is_told_to_the_person_and_ended_in_the_middle(bench: Bench) -> None:
    _set(bench, SERVICE_MANAGER, TEAM_MANAGER, **{"from": "2026-12-07", "to": ""})
    told = bench.last(TEAM_MANAGER)
    assert _since(bench) == {TEAM_MANAGER: ["You were marked as away by Sunil Rao"]}
    assert "away from Mon 7 Dec until you are back" in words(told)
    assert said(bench.command(SERVICE_MANAGER, "/iro back @tess.hill")).startswith("Tess Hill is back")
    assert _since(bench) == {TEAM_MANAGER: ["You are marked as here again, by Sunil Rao"]}


def test_a_manager_without_iros_reads_of_their_own_people_and_not_of_what_they_entered(bench: Bench) -> None:
    bench.command(TEAM_MANAGER, "/iro away 21 Dec to 4 Jan cover @mona.ruiz")
    assert _since(bench) == {OTHER_MANAGER: ["You cover for Tess Hill from Mon 21 Dec to Mon 4 Jan 2027"]}
    bench.go_to_day(date(2026, 12, 8))
    assert "Tess Hill is away from Mon 21 Dec to Mon 4 Jan 2027; Mona Ruiz covers." in words(
        bench.last(SERVICE_MANAGER)
    )
    assert _raw(bench, IRO_MANAGER) == []


def test_who_leads_the_person_and_is_on_leave_reads_it_back_at_work_unless_it_is_over(bench: Bench) -> None:
    bench.command(IRO, "/iro away 21 Dec to 4 Jan cover @olu.ade")
    bench.command(OTHER_IRO, "/iro away 8 Dec cover @ann.lee")
    away(bench.engine, bench.cast, IRO_MANAGER, date(2026, 12, 8), date(2026, 12, 10))
    bench.forget()
    bench.go_to_day(date(2026, 12, 11))
    assert words(bench.last(IRO_MANAGER)).count("covers.") == 1
    assert "Ann Lee is away from Mon 21 Dec" in words(bench.last(IRO_MANAGER))
    bench.forget()
    bench.go_to_day(date(2026, 12, 14))
    assert _since(bench) == {}


def test_of_an_iro_managers_cover_whom_another_entered_nothing_is_said_that_binds_an_iros_cover_alone(
    bench: Bench,
) -> None:
    take_role(bench.engine, bench.cast, OTHER_IRO, "iro_manager")
    given = {"person": str(bench.cast.people[IRO_MANAGER]), "cover": str(bench.cast.people[OTHER_IRO]), **CHRISTMAS}
    assert said(act(bench, SUPPORT, "/iro away", **given)).endswith(
        "Olu Ade covers, and has their rights on these days. Iris Moss did not enter this, and is told."
    )


@pytest.mark.parametrize(("team", "stands"), [("Pequeño East", True), ("PEQUENO  EAST", True), ("Pequeño West", False)])
def test_teams_are_the_same_however_they_are_typed(bench: Bench, team: str, stands: bool) -> None:
    join_team(bench.engine, bench.cast, SOCIAL_WORKER, "Pequen\u0303o East")
    join_team(bench.engine, bench.cast, OTHER_WORKER, team)
    kept = bench.command(SOCIAL_WORKER, "/iro away 21 Dec cover @will.dean")
    assert isinstance(kept, Notice) is stands


def test_another_cover_and_a_cancelled_absence_are_told_to_both_covers(bench: Bench) -> None:
    bench.command(IRO, "/iro away 21 Dec to 4 Jan cover @olu.ade")
    bench.forget()
    bench.command(IRO, "/iro away 21 Dec to 4 Jan cover @iris.moss")
    assert _since(bench) == {OTHER_IRO: ["You no longer cover for Ann Lee"], IRO_MANAGER: [TOLD]}
    offered = bench.command(IRO, "/iro back")
    assert isinstance(offered, Notice)
    bench.press(IRO, button(offered, "Cancel it"))
    assert _since(bench) == {IRO_MANAGER: ["You no longer cover for Ann Lee"]}


def test_what_was_entered_and_ended_before_anybody_heard_is_told_to_nobody(bench: Bench) -> None:
    bench.go_to_day(date(2026, 12, 7), utc("2026-12-07", "19:00").time())
    bench.command(IRO, "/iro away 21 Dec to 4 Jan cover @olu.ade")
    offered = bench.command(IRO, "/iro back")
    assert isinstance(offered, Notice)
    bench.press(IRO, button(offered, "Cancel it"))
    bench.go_to_day(date(2026, 12, 8))
    assert _raw(bench, OTHER_IRO) == []


def test_a_persons_own_word_is_not_replaced_by_the_same_from_another(bench: Bench) -> None:
    bench.command(IRO, "/iro away 21 Dec to 4 Jan cover @olu.ade")
    bench.forget()
    _set(bench, SUPPORT, IRO, OTHER_IRO)
    assert _since(bench) == {}
    assert [one.set_by_id for one in rows(bench, Absence)] == [bench.cast.people[IRO]]


def test_a_file_sends_nothing_and_is_a_line_the_next_morning_for_all_it_concerns(bench: Bench) -> None:
    text = "email,from,to,cover_email\n" + "\n".join(
        f"{who}@anyshire.example,{first},2027-01-04,{cover}@anyshire.example"
        for who, first, cover in ((IRO, "2026-12-21", OTHER_IRO), (TEAM_MANAGER, "2026-12-08", OTHER_MANAGER))
    )
    for _ in range(2):
        with transaction(bench.engine, AUTHORITY) as session:
            rules = rules_in_force(session, AUTHORITY)
            import_absences(session, rules, text, date(2026, 12, 7), bench.now)
    bench.deliver()
    assert bench.told == []
    bench.go_to_day(date(2026, 12, 8))
    read = {one.to: words(one.card) for one in bench.told}
    file = "(from the absences file)"
    assert f"You cover for Ann Lee from Mon 21 Dec to Mon 4 Jan 2027 {file}." in read[OTHER_IRO]
    assert f"You are away from Mon 21 Dec to Mon 4 Jan 2027; Olu Ade covers {file}." in read[IRO]
    assert f"Ann Lee is away from Mon 21 Dec to Mon 4 Jan 2027; Olu Ade covers {file}." in read[IRO_MANAGER]
    assert f"You are away from Tue 8 Dec to Mon 4 Jan 2027; Mona Ruiz covers {file}." in read[TEAM_MANAGER], (
        "though away"
    )
    assert {*read} == {OTHER_IRO, IRO, IRO_MANAGER, OTHER_MANAGER, TEAM_MANAGER, SERVICE_MANAGER}
    bench.press(TEAM_MANAGER, button(bench.last(TEAM_MANAGER), "I am here"))
    assert "You no longer cover for Tess Hill" in _raw(bench, OTHER_MANAGER)


def test_the_covers_button_shows_their_day(bench: Bench) -> None:
    bench.command(IRO, "/iro away 7 Dec to 4 Jan cover @olu.ade")
    shown = bench.press(OTHER_IRO, button(bench.last(OTHER_IRO), "Your day"))
    assert isinstance(shown, Card)
    assert words(shown).splitlines() == [
        "Your day, Mon 7 Dec",
        "Nothing waits for you.",
        "Cover",
        "You cover for Ann Lee to Mon 4 Jan 2027.",
        "0 children (range 50 to 70), 0 open concerns.",
    ]
