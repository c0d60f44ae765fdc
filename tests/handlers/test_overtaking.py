"""Nothing told takes away the buttons of a deed still owed: each message carries all of them, or overtakes none.

Whoever is asked, decides, stands in, is copied or alerted: for each of them, wherever a concern stands, every kind of
message is put after every other, and what they owe (said here in a table of its own) stays before them.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session

from handlers.cards import Button, Card
from handlers.messages.informing import for_information, limit_passed, not_mine, not_yours, passed_on
from handlers.messages.letters import all_buttons
from handlers.messages.of_people import undelivered
from handlers.messages.sending import overtakes, render
from handlers.messages.table import MESSAGES
from handlers.requests import Value
from scheduling.procedures import shipped_text
from scheduling.working_days import local
from storage import people
from storage.database import transaction
from storage.outbox import Outbox
from tests.bench import Bench, button, buttons, utc, words
from tests.cast import (
    ASSISTANT_DIRECTOR,
    AUTHORITY,
    IRO,
    IRO_MANAGER,
    OTHER_IRO,
    OTHER_MANAGER,
    SERVICE_MANAGER,
    SOCIAL_WORKER,
    TEAM_MANAGER,
    away,
    leave,
)
from tests.databases import sqlite_engine
from tests.first_lines import undated
from tests.handlers.steps import (
    NOT_AGREED,
    PLAN,
    act,
    close,
    concern,
    form,
    leave_to_manager,
    logged,
    move,
    reason,
    reply,
)

UNDECIDED = {"concern.move", "concern.extend", "concern.record"}
AT_THE_TOP = {"concern.cafcass", "concern.legal", "concern.ask_again", "concern.extend", "concern.record"}
VERDICT = {"concern.close", "concern.move", "concern.ask_again"}
VERDICT_AT_THE_TOP = {"concern.close", "concern.ask_again", "concern.cafcass", "concern.legal"}
PLAN_DUE = {"concern.close", "concern.move", "concern.new_date"}
PROMISED = {"concern.done"}
REPLY = {"concern.reply"}
SEEN_AND_REPLY = {"concern.seen", "concern.reply"}
NOTHING: set[str] = set()
BESIDES = {"concern.open", "concern.needs_manager", "concern.add"}
"""What a message may offer besides what is owed there."""

URGENT = shipped_text("nottinghamshire") + '\n[immediate.telephone]\nname = "Duty desk"\nnumber = "01709 000111"\n'
MERELY_TELLING = tuple(one.name for one in (limit_passed, not_mine, passed_on, for_information))
ABOUT_A_CONCERN = tuple(one.name for one in MESSAGES.values() if one.topic.name == "concern")


def log_urgent(bench: Bench) -> str:
    """Log by the immediate route, which asks the service manager and the IRO manager."""
    opened = form(bench.command(IRO, "/concern AB-1042"))
    typed: dict[str, Value] = {
        "worries": "X",
        "main_reason": reason(opened),
        "significant_harm": ("yes",),
        "start_at": "0",
    }
    bench.submit(IRO, form(bench.submit(IRO, opened, typed)), {})
    return "C-1"


def ask_for_time(bench: Bench, who: str, ref: str) -> None:
    """Somebody asked wishes for more time."""
    opened = form(bench.press(who, Button(label="", deed="concern.ask_time", subject=ref)))
    bench.submit(who, opened, {"until": "2027-01-08", "reason": "Ill."})


# where a concern may stand, and what each then owes


def waiting(bench: Bench) -> None:
    logged(bench)


def asked(bench: Bench) -> None:
    logged(bench)
    bench.wake_on_day(date(2026, 12, 22))


def asked_at_the_top(bench: Bench) -> None:
    move(bench, logged(bench), 3)
    bench.wake_on_day(date(2026, 12, 9))


def replied(bench: Bench) -> None:
    reply(bench, TEAM_MANAGER, logged(bench), NOT_AGREED)


def planned(bench: Bench) -> None:
    reply(bench, TEAM_MANAGER, logged(bench), PLAN, plan_by="2026-12-11")


def plan_due(bench: Bench) -> None:
    planned(bench)
    bench.wake_on_day(date(2026, 12, 14))


def wished_for(bench: Bench) -> None:
    ask_for_time(bench, TEAM_MANAGER, logged(bench))


def asked_to_add(bench: Bench) -> None:
    logged(bench)
    opened = form(bench.press(TEAM_MANAGER, Button(label="", deed="concern.pass", subject="C-1")))
    bench.submit(TEAM_MANAGER, opened, {"person": str(bench.cast.people[SOCIAL_WORKER])})


def passed_up(bench: Bench) -> None:
    logged(bench)
    leave_to_manager(bench, TEAM_MANAGER, "C-1")


def unseen(bench: Bench) -> None:
    log_urgent(bench)
    bench.wait(timedelta(hours=1))


def seen_by_one_and_answered_by_one(bench: Bench) -> None:
    ref = log_urgent(bench)
    bench.press(IRO_MANAGER, button(bench.last(IRO_MANAGER), "Seen"))
    reply(bench, SERVICE_MANAGER, ref)


def iro_away(bench: Bench) -> None:
    asked(bench)
    away(bench.engine, bench.cast, IRO, date(2026, 12, 21), date(2027, 1, 4))


def iro_covered(bench: Bench) -> None:
    replied(bench)
    away(bench.engine, bench.cast, IRO, date(2026, 12, 7), date(2027, 1, 4), OTHER_IRO)


def iro_away_and_urgent(bench: Bench) -> None:
    log_urgent(bench)
    bench.wake_on_day(date(2026, 12, 9))
    away(bench.engine, bench.cast, IRO, date(2026, 12, 9), date(2027, 1, 4))


def manager_covered(bench: Bench) -> None:
    logged(bench)
    away(bench.engine, bench.cast, TEAM_MANAGER, date(2026, 12, 7), date(2027, 1, 4), OTHER_MANAGER)


def nobody_to_ask(bench: Bench) -> None:
    for who in (TEAM_MANAGER, SERVICE_MANAGER, ASSISTANT_DIRECTOR, "dora.king"):
        leave(bench.engine, bench.cast, who, date(2026, 12, 1))
    logged(bench)


def closed(bench: Bench) -> None:
    asked(bench)
    close(bench, "C-1")


Stands = Callable[[Bench], None]
STANDS: dict[Stands, tuple[str, dict[str, set[str]]]] = {
    waiting: ("handbook", {IRO: NOTHING, TEAM_MANAGER: REPLY, SOCIAL_WORKER: NOTHING, IRO_MANAGER: NOTHING}),
    asked: ("handbook", {IRO: UNDECIDED, TEAM_MANAGER: REPLY, SERVICE_MANAGER: NOTHING, IRO_MANAGER: NOTHING}),
    asked_at_the_top: ("handbook", {IRO: AT_THE_TOP, ASSISTANT_DIRECTOR: REPLY, TEAM_MANAGER: NOTHING}),
    replied: ("handbook", {IRO: VERDICT, TEAM_MANAGER: NOTHING}),
    planned: ("handbook", {IRO: VERDICT, TEAM_MANAGER: PROMISED}),
    plan_due: ("handbook", {IRO: PLAN_DUE, TEAM_MANAGER: PROMISED}),
    wished_for: ("handbook", {IRO: {"concern.extend", "concern.refuse_time"}, TEAM_MANAGER: REPLY}),
    asked_to_add: ("handbook", {IRO: NOTHING, TEAM_MANAGER: REPLY, SOCIAL_WORKER: {"concern.add"}}),
    passed_up: ("handbook", {IRO: NOTHING, TEAM_MANAGER: NOTHING, SERVICE_MANAGER: REPLY}),
    unseen: (URGENT, {IRO: NOTHING, IRO_MANAGER: SEEN_AND_REPLY, ASSISTANT_DIRECTOR: SEEN_AND_REPLY}),
    seen_by_one_and_answered_by_one: (URGENT, {IRO: VERDICT_AT_THE_TOP, IRO_MANAGER: REPLY}),
    iro_away: ("handbook", {IRO: UNDECIDED, IRO_MANAGER: UNDECIDED, TEAM_MANAGER: REPLY}),
    iro_covered: ("handbook", {IRO: VERDICT, OTHER_IRO: VERDICT, IRO_MANAGER: NOTHING}),
    iro_away_and_urgent: (
        URGENT,
        {IRO_MANAGER: SEEN_AND_REPLY, SERVICE_MANAGER: SEEN_AND_REPLY, OTHER_IRO: AT_THE_TOP},
    ),
    manager_covered: ("handbook", {TEAM_MANAGER: REPLY, OTHER_MANAGER: REPLY, SOCIAL_WORKER: NOTHING}),
    nobody_to_ask: ("handbook", {IRO: {"concern.move", "concern.ask_again"}, IRO_MANAGER: NOTHING}),
    closed: ("handbook", {IRO: NOTHING, TEAM_MANAGER: NOTHING, SERVICE_MANAGER: NOTHING}),
}


@dataclass(frozen=True, kw_only=True)
class Written:
    """A message as it would now be posted."""

    deeds: set[str]
    overtakes: bool


TOLD_ALWAYS = (asked, iro_away_and_urgent)


@pytest.mark.slow
@pytest.mark.parametrize(
    "stands",
    [pytest.param(one, id=one.__name__, marks=() if one in TOLD_ALWAYS else pytest.mark.slow) for one in STANDS],
)
def test_whatever_comes_after_whatever_each_keeps_the_buttons_of_what_they_owe(stands: Stands, tmp_path: Path) -> None:
    procedures, everyone = STANDS[stands]
    (bench,) = (Bench(engine, utc("2026-12-07"), procedures) for engine in sqlite_engine(tmp_path))
    stands(bench)
    for who, owed in everyone.items():
        messages = every_message(bench, who)
        for kind, message in messages.items():
            assert message.overtakes == (owed <= message.deeds), (who, kind)
            assert owed <= message.deeds, (who, kind, message.deeds)
            assert kind not in MERELY_TELLING or message.deeds - BESIDES == owed - BESIDES, (who, kind, message.deeds)
        for earlier in messages.values():
            for later in messages.values():
                kept = later.deeds if later.overtakes else later.deeds | earlier.deeds
                assert not owed <= earlier.deeds or owed <= kept, who


def every_message(bench: Bench, who: str) -> dict[str, Written]:
    """Each kind of message about the concern that this person could now get."""
    found: dict[str, Written] = {}
    with transaction(bench.engine, AUTHORITY) as session:
        people.know_day(session, local(bench.now).date())
        for kind in (*ABOUT_A_CONCERN, undelivered.name):
            if kind == not_yours.name:  # for those who were never rightly asked: nothing is theirs
                continue
            row = owed_to(bench, session, kind, who)
            card = render(session, row, bench.now)
            if card is not None:
                takes = overtakes(session, row, card, bench.now)
                found[kind] = Written(deeds=deeds(card), overtakes=takes)
        session.rollback()
    return found


def owed_to(bench: Bench, session: Session, kind: str, who: str) -> Outbox:
    """A row of that kind about the concern, with whatever details any kind has."""
    ids = bench.cast.people
    details = {
        "person": ids[TEAM_MANAGER],
        "passed_by": ids[TEAM_MANAGER],
        "passed_to": ids[SERVICE_MANAGER],
        "until": "2027-01-08",
        "roles": "team_manager",
        "act": "moved it",
        "late": "Mon 21 Dec 2026",
        "reason": "No account.",
    }
    about = concern(bench, "C-1")
    row = Outbox(
        authority=AUTHORITY,
        key=f"{kind}:{who}",
        kind=kind,
        person_id=ids[who],
        concern_id=about.id,
        run_id=about.run_id,
        details=json.dumps(details),
        owed_at=bench.now,
    )
    session.add(row)
    session.flush()
    return row


def deeds(card: Card) -> set[str]:
    return {one.deed for one in all_buttons(card)}


# the cases, told as they happened


@pytest.fixture
def urgent(tmp_path: Path) -> Iterator[Bench]:
    for engine in sqlite_engine(tmp_path):
        yield Bench(engine, utc("2026-12-07"), URGENT)


def standing(bench: Bench, who: str) -> list[str]:
    """The titles of a person's messages whose buttons still stand."""
    person = bench.cast.people[who]
    return [undated(one.title) for one in bench.lives() if one.person_id == person and one.overtaken_at is None]


def offered(bench: Bench, who: str) -> list[str]:
    """The words of the buttons of the last message, in order."""
    return [one.label for one in buttons(bench.last(who))]


def test_who_has_not_seen_it_keeps_seen_and_reply_and_reads_only_of_the_others(urgent: Bench) -> None:
    log_urgent(urgent)
    urgent.wait(timedelta(hours=1))
    assert "Not yet seen by Sunil Rao and Iris Moss." in words(urgent.last(IRO))
    read = words(urgent.last(IRO_MANAGER))
    assert "Urgent C-1: press Seen" in read
    assert "Not yet seen by Sunil Rao." in read
    assert offered(urgent, IRO_MANAGER) == ["Seen", "Reply", "Open"]
    assert standing(urgent, IRO_MANAGER) == ["Urgent C-1: press Seen"]


def test_who_alone_has_not_seen_it_keeps_the_message_and_hears_nothing_of_themself(urgent: Bench) -> None:
    log_urgent(urgent)
    urgent.press(SERVICE_MANAGER, button(urgent.last(SERVICE_MANAGER), "Seen"))
    urgent.forget()
    urgent.wait(timedelta(hours=1))
    assert "Not yet seen by Iris Moss." in words(urgent.last(IRO))
    assert urgent.titles(IRO_MANAGER) == []
    assert standing(urgent, IRO_MANAGER) == ["Urgent C-1: press Seen"]


def test_a_wish_for_more_time_over_no_reply_leaves_the_iro_every_decision(bench: Bench) -> None:
    asked(bench)
    ask_for_time(bench, TEAM_MANAGER, "C-1")
    assert standing(bench, IRO) == ["Tess Hill asks for more time for C-1"]
    assert offered(bench, IRO) == [
        "Agree an extension",
        "Refuse more time",
        "Move to stage 2",
        "Record a reply",
        "Open",
    ]


def test_needs_my_manager_over_no_reply_leaves_the_iro_every_decision(bench: Bench) -> None:
    asked(bench)
    leave_to_manager(bench, TEAM_MANAGER, "C-1")
    assert standing(bench, IRO) == ["C-1 is now with Sunil Rao"]
    assert offered(bench, IRO) == ["Move up", "Agree an extension", "Record a reply", "Open"]


def test_a_wish_that_was_granted_is_no_longer_owed(bench: Bench) -> None:
    wished_for(bench)
    act(bench, IRO, "/concern C-1 extend", until="2027-01-08", reason="Ill.")
    assert standing(bench, IRO) == []
    bench.wake_on_day(date(2027, 1, 5))
    assert "C-1 (AB-1042): all stages end Thu 7 Jan; stage 1, with Tess Hill." in words(bench.last(IRO))


def test_the_limit_over_no_reply_at_the_top_leaves_cafcass_and_legal_advice(bench: Bench) -> None:
    move(bench, logged(bench), 3)
    bench.wake_on_day(date(2026, 12, 9))
    assert standing(bench, IRO) == ["No reply to C-1 by 9:30 am, Tue 8 Dec. What next?"]
    bench.wake_on_day(date(2027, 1, 8))
    assert standing(bench, IRO) == ["All stages of C-1 ended"]
    last = next(one.card for one in reversed(bench.inbox(IRO)) if not one.title.startswith("Your day"))
    top = ["Note a Cafcass referral", "Legal advice", "Ask again", "Agree an extension", "Record a reply", "Open"]
    assert [one.label for one in buttons(last)] == top


def test_the_limit_over_the_decision_of_a_stand_in_leaves_it_to_them(bench: Bench) -> None:
    away(bench.engine, bench.cast, IRO, date(2026, 12, 18), date(2027, 1, 29))
    asked(bench)
    bench.wake_on_day(date(2026, 12, 30))
    assert standing(bench, IRO_MANAGER) == ["No reply to C-1 by Mon 21 Dec. What next?"]
    assert standing(bench, IRO) == []
    assert "C-1 (AB-1042): all stages end Thu 7 Jan 2027; stage 1." in words(bench.last(IRO_MANAGER))


def test_somebody_who_cannot_be_told_takes_nothing_from_whoever_hears_of_it(urgent: Bench) -> None:
    """The IRO manager, who is asked herself, reads that another could not be told."""
    log_urgent(urgent)
    with transaction(urgent.engine, AUTHORITY) as session:
        row = owed_to(urgent, session, undelivered.name, IRO_MANAGER)
        assert row.id is not None
    urgent.deliver()
    (carries,) = standing(urgent, IRO_MANAGER)
    assert carries == "Tess Hill could not be told about C-1, due 9:30 am, Tue 8 Dec"
    urgent.press(IRO_MANAGER, button(urgent.inbox(IRO_MANAGER)[0].card, "Seen"))
    reply(urgent, IRO_MANAGER, "C-1")
    assert standing(urgent, IRO_MANAGER) == []
