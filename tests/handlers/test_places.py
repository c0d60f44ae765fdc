"""A place owes, a person fills it today: people leave, go away, come back, and somebody who is here always knows."""

from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest
from sqlmodel import select

from handlers.cards import Card, Notice
from handlers.hearing import present, reached
from handlers.office import Scene, rules_in_force
from storage.database import transaction
from storage.people import Absence
from storage.stage_runs import Part
from tests.bench import Bench, button, buttons, utc, words
from tests.cast import (
    ASSISTANT_DIRECTOR,
    AUTHORITY,
    DIRECTOR,
    IRO,
    IRO_MANAGER,
    OTHER_MANAGER,
    SERVICE_MANAGER,
    SOCIAL_WORKER,
    TEAM_MANAGER,
    away,
    end_role,
    leave,
    take_role,
)
from tests.databases import sqlite_engine
from tests.first_lines import undated
from tests.handlers.steps import PLAN, act, happened, logged, people_asked, reply, said

CANARY = "The canary sings."
YOURS = "C-1 is now yours: reply"


def card(bench: Bench, who: str, title: str) -> Card:
    """The message of that first line."""
    return next(one.card for one in reversed(bench.inbox(who)) if undated(one.title) == title)


def asked(bench: Bench) -> list[str]:
    """Who is asked to reply now."""
    return [bench.logins[one.person_id] for one in people_asked(bench, "C-1") if one.part is Part.ADDRESSED]


@pytest.mark.slow
def test_who_leaves_in_the_middle_of_a_stage_is_replaced_next_morning(bench: Bench) -> None:
    logged(bench, 1, worries=CANARY)  # A6
    leave(bench.engine, bench.cast, TEAM_MANAGER, date(2026, 12, 8))
    bench.forget()
    bench.go_to_day(date(2026, 12, 8))
    assert bench.told == []
    bench.go_to_day(date(2026, 12, 9))
    told = card(bench, SERVICE_MANAGER, YOURS)
    assert told.title == "C-1 is now yours: reply by Mon 21 Dec", "the date stays"
    assert [one.label for one in buttons(told)] == ["Reply", "Open", "This needs my manager"]
    assert "Tess Hill has left, so you are asked in their place. The date stays." in words(told)
    why = card(bench, IRO, "C-1 is now with Sunil Rao")
    assert "Tess Hill has left. The date stays: Mon 21 Dec 2026." in words(why)
    assert [one.label for one in buttons(why)] == ["Ask again", "Open"]
    assert asked(bench) == [SERVICE_MANAGER]
    assert "asked in another's place" in happened(bench, "C-1")
    assert CANARY in words(bench.command(SERVICE_MANAGER, "/concern C-1"))
    bench.go_to_day(date(2026, 12, 22))
    assert bench.inbox(TEAM_MANAGER) == [], "nothing is ever owed to somebody gone"
    assert "Your reply to C-1 is late (Mon 21 Dec)" in [one.title for one in bench.inbox(SERVICE_MANAGER)]
    assert "A reply to C-1 is late" in bench.titles(ASSISTANT_DIRECTOR)
    assert "with the IRO" in said(reply(bench, SERVICE_MANAGER, "C-1"))


@pytest.mark.slow
def test_who_goes_away_without_cover_gives_the_place_and_gets_it_back(bench: Bench) -> None:
    logged(bench, 1, worries=CANARY)  # A7
    away(bench.engine, bench.cast, TEAM_MANAGER, date(2026, 12, 9), date(2026, 12, 15))
    bench.forget()
    bench.go_to_day(date(2026, 12, 9))
    told = card(bench, SERVICE_MANAGER, YOURS)
    assert "Tess Hill is away to Tue 15 Dec without cover, so you are asked" in words(told)
    assert "Sunil Rao, Service manager, for Tess Hill, away without cover" in words(bench.command(IRO, "/concern C-1"))
    bench.go_to_day(date(2026, 12, 16))
    again = card(bench, TEAM_MANAGER, "C-1 is yours again: reply")
    assert "Sunil Rao was asked while you were not here, and has not replied. The date stays." in words(again)
    assert asked(bench) == [TEAM_MANAGER]
    assert CANARY not in words(bench.command(SERVICE_MANAGER, "/concern C-1"))
    assert "not waiting for a reply from you" in said(reply(bench, SERVICE_MANAGER, "C-1"))
    bench.forget()
    bench.go_to_day(date(2026, 12, 17))
    assert ["Your day" in one.title for one in bench.inbox(TEAM_MANAGER)] == [True]
    assert bench.inbox(SERVICE_MANAGER) == []
    assert "with the IRO" in said(reply(bench, TEAM_MANAGER, "C-1"))


def test_a_cover_holds_the_place_for_their_dates_and_no_longer(bench: Bench) -> None:
    away(bench.engine, bench.cast, TEAM_MANAGER, date(2026, 12, 7), date(2026, 12, 9), OTHER_MANAGER)  # A8
    logged(bench, 1, worries=CANARY)
    assert "Mona Ruiz, Team manager, for Tess Hill, away until Wed 9 Dec 2026" in words(
        bench.command(IRO, "/concern C-1")
    )
    bench.forget()
    bench.go_to_day(date(2026, 12, 10), bench.now.time())
    assert bench.titles(TEAM_MANAGER) == ["C-1 is yours again: reply"]
    assert bench.inbox(IRO) == []
    assert CANARY not in words(bench.command(OTHER_MANAGER, "/concern C-1"))
    bench.go_to_day(date(2026, 12, 17))
    assert any("reply to Ann Lee by" in words(one.card) for one in bench.inbox(TEAM_MANAGER) if "Your day" in one.title)
    assert bench.inbox(OTHER_MANAGER) == []
    assert isinstance(reply(bench, OTHER_MANAGER, "C-1"), Notice)
    assert "with the IRO" in said(reply(bench, TEAM_MANAGER, "C-1"))


def test_standing_in_ends_with_the_hour_and_not_with_the_morning(bench: Bench) -> None:
    away(bench.engine, bench.cast, TEAM_MANAGER, date(2026, 12, 7), date(2026, 12, 7), OTHER_MANAGER)
    logged(bench, 1, worries=CANARY)
    bench.now = bench.now.replace(day=8, hour=1)
    assert CANARY not in words(bench.command(OTHER_MANAGER, "/concern C-1"))
    assert CANARY in words(bench.command(TEAM_MANAGER, "/concern C-1"))


def test_what_a_stand_in_answered_stays_done_and_opens_to_them_no_more(bench: Bench) -> None:
    away(bench.engine, bench.cast, TEAM_MANAGER, date(2026, 12, 7), date(2026, 12, 8), OTHER_MANAGER)
    logged(bench, 1, worries=CANARY)
    reply(bench, OTHER_MANAGER, "C-1")
    bench.forget()
    bench.go_to_day(date(2026, 12, 9))
    assert bench.inbox(TEAM_MANAGER) == []
    shown = words(bench.command(TEAM_MANAGER, "/concern C-1"))
    assert CANARY in shown
    assert "Mona Ruiz: agreed and done" in shown
    assert CANARY not in words(bench.command(OTHER_MANAGER, "/concern C-1"))


@pytest.mark.slow
def test_what_a_stand_in_promised_is_the_owners_to_keep_and_to_add_to(bench: Bench) -> None:
    away(bench.engine, bench.cast, TEAM_MANAGER, date(2026, 12, 7), date(2026, 12, 8), OTHER_MANAGER)
    logged(bench, 1)
    reply(bench, OTHER_MANAGER, "C-1", PLAN, plan_by="2026-12-18")
    bench.forget()
    bench.go_to_day(date(2026, 12, 16))
    assert "C-1: what you promised is due Fri 18 Dec" in words(bench.last(TEAM_MANAGER))
    assert bench.inbox(OTHER_MANAGER) == []
    said_so = act(bench, TEAM_MANAGER, "/concern C-1 reply", words="It goes well.")
    assert "Added to your reply to C-1" in said(said_so)
    assert "is done" in said(bench.press(TEAM_MANAGER, button(bench.last(TEAM_MANAGER), "Done")))


def test_who_is_asked_again_on_the_same_day_is_told_again(bench: Bench) -> None:
    logged(bench, 1)
    bench.forget()
    for hour in (10, 12):
        bench.go_to(utc("2026-12-08", f"{hour}:00"))
        act(bench, TEAM_MANAGER, "/iro away", **{"from": "2026-12-08", "to": "2026-12-10"})
        bench.tick()
        bench.go_to(utc("2026-12-08", f"{hour + 1}:00"))
        bench.command(TEAM_MANAGER, "/iro back")
        bench.tick()
    assert bench.titles(SERVICE_MANAGER).count(YOURS) == 2
    assert bench.titles(TEAM_MANAGER).count("C-1 is yours again: reply") == 2


def test_a_cover_who_leaves_hands_the_place_on(bench: Bench) -> None:
    away(bench.engine, bench.cast, TEAM_MANAGER, date(2026, 12, 7), date(2027, 1, 8), OTHER_MANAGER)
    logged(bench, 1)
    leave(bench.engine, bench.cast, OTHER_MANAGER, date(2026, 12, 9))
    bench.go_to_day(date(2026, 12, 10))
    assert bench.titles(SERVICE_MANAGER) == [YOURS]
    assert "Tess Hill is away to Fri 8 Jan 2027 without cover" in words(bench.last(SERVICE_MANAGER))
    assert bench.titles(IRO)[-1] == "C-1 is now with Sunil Rao"


def test_one_stand_in_after_another_and_the_first_gives_way(bench: Bench) -> None:
    logged(bench, 1, worries=CANARY)
    away(bench.engine, bench.cast, TEAM_MANAGER, date(2026, 12, 8), date(2027, 1, 8))
    bench.go_to_day(date(2026, 12, 8))
    away(bench.engine, bench.cast, SERVICE_MANAGER, date(2026, 12, 10), date(2027, 1, 4))
    bench.go_to_day(date(2026, 12, 10))
    assert asked(bench) == [ASSISTANT_DIRECTOR]
    assert CANARY not in words(bench.command(SERVICE_MANAGER, "/concern C-1"))


def test_where_nobody_is_left_to_ask_the_iro_and_the_iro_manager_know(bench: Bench) -> None:
    logged(bench, 1)
    for who in (SERVICE_MANAGER, ASSISTANT_DIRECTOR, DIRECTOR, TEAM_MANAGER):
        leave(bench.engine, bench.cast, who, date(2026, 12, 8))
    bench.forget()
    bench.go_to_day(date(2026, 12, 11))
    for who in (IRO, IRO_MANAGER):
        assert bench.titles(who).count("C-1 waits for somebody who is gone") == 1, who
    assert "Tess Hill has left, and nobody more senior can be asked." in words(
        card(bench, IRO, "C-1 waits for somebody who is gone")
    )
    assert "has left" in words(bench.command(IRO, "/concern C-1"))  # A20


def test_who_holds_the_role_now_has_the_place_of_who_holds_it_no_more(bench: Bench) -> None:
    logged(bench, 1)
    end_role(bench.engine, bench.cast, TEAM_MANAGER, "team_manager", date(2026, 12, 8))
    take_role(bench.engine, bench.cast, SERVICE_MANAGER, "team_manager")
    bench.go_to_day(date(2026, 12, 9))
    assert asked(bench) == [SERVICE_MANAGER]
    assert "Tess Hill is no longer team manager" in words(card(bench, IRO, "C-1 is now with Sunil Rao"))


def test_who_is_asked_beside_somebody_gone_is_not_asked_twice(bench: Bench) -> None:
    logged(bench, 0)  # informal: the worker and the manager
    before = asked(bench)
    leave(bench.engine, bench.cast, SOCIAL_WORKER, date(2026, 12, 8))
    bench.forget()
    bench.go_to_day(date(2026, 12, 9))
    assert SOCIAL_WORKER in before
    assert asked(bench) == [TEAM_MANAGER]


LINE = (TEAM_MANAGER, SERVICE_MANAGER, ASSISTANT_DIRECTOR, OTHER_MANAGER, DIRECTOR)


def _live_through(tmp_path: Path, seed: int) -> None:
    """A fortnight of comings and goings: on each working morning somebody who is here is asked, and was told."""
    chance = Random(seed)  # noqa: S311 - a history to live through, no secret
    for engine in sqlite_engine(tmp_path):
        bench = Bench(engine, utc("2026-12-07"))
        logged(bench, 1)
        for day in range(8, 19):
            for who in LINE:
                _something_happens(bench, chance, who, date(2026, 12, day))
            bench.go_to_day(date(2026, 12, day))
            if date(2026, 12, day).weekday() < 5:
                _somebody_knows(bench, seed, date(2026, 12, day))


def _something_happens(bench: Bench, chance: Random, who: str, day: date) -> None:
    if chance.random() > 0.12:
        return
    others = [one for one in LINE if one != who]
    until = day + timedelta(days=chance.randrange(0, 6))
    match chance.randrange(4):
        case 0:
            leave(bench.engine, bench.cast, who, day - timedelta(days=1))
        case 1:
            away(bench.engine, bench.cast, who, day, until, chance.choice(others))
        case 2:
            away(bench.engine, bench.cast, who, day, chance.choice((until, None)))
        case _:
            _back(bench, who, day)


def _back(bench: Bench, who: str, day: date) -> None:
    with transaction(bench.engine, AUTHORITY) as session:
        for absence in session.exec(select(Absence).where(Absence.person_id == bench.cast.people[who])):
            session.delete(absence)


def _somebody_knows(bench: Bench, seed: int, day: date) -> None:
    told = {one.to for one in bench.told}
    with transaction(bench.engine, AUTHORITY) as session:
        rules = rules_in_force(session, AUTHORITY)
        scene = Scene(session=session, now=bench.now, authority=AUTHORITY, rules=rules)
        for part in people_asked(bench, "C-1"):
            if part.part is not Part.ADDRESSED:
                continue
            reader = reached(scene, part.person_id)
            here = present(scene, reader)
            knows = bench.logins[reader] in told or reader != part.person_id  # a cover has it in their morning
            nobody = {"C-1 waits for somebody who is gone"} & {one.title for one in bench.inbox(IRO)}
            assert (here and knows) or nobody, (seed, day, bench.logins[part.person_id])


@pytest.mark.parametrize("seed", [*range(3), *(pytest.param(one, marks=pytest.mark.slow) for one in range(3, 10))])
def test_in_any_fortnight_somebody_who_is_here_knows_by_the_morning(seed: int, tmp_path: Path) -> None:
    _live_through(tmp_path, seed)


@pytest.mark.slow
@pytest.mark.parametrize("tens", range(1, 20))
def test_so_they_do_in_two_hundred_fortnights(tens: int, tmp_path: Path) -> None:
    for seed in range(10 * tens, 10 * tens + 10):
        folder = tmp_path / str(seed)
        folder.mkdir()
        _live_through(folder, seed)
