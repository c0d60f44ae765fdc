"""Open disputes from a history file are carried on by their IRO, once, and then have clocks."""

from datetime import date, time, timedelta

import pytest

from handlers.cards import Button, Form, Notice
from handlers.requests import Value
from scheduling.working_days import local
from storage.concerns import ConcernState
from storage.stage_runs import Part, RunKind, StageRun
from tests.bench import Bench, button, utc, words
from tests.cast import (
    CHILD,
    IRO,
    IRO_MANAGER,
    OTHER_IRO,
    OUTSIDER,
    SERVICE_MANAGER,
    SOCIAL_WORKER,
    TEAM_MANAGER,
    away,
)
from tests.handlers.steps import (
    act,
    brought_in,
    close,
    concern,
    entries,
    field,
    form,
    happened,
    logged,
    move,
    people_asked,
    planned,
    reply,
    rows,
    run,
    said,
)

ANN = "ann.lee@anyshire.example"
OPEN = f"OLD-8,{CHILD},2026-11-09,{ANN},2026-11-09,2026-11-16,,,"
CLOSED = f"OLD-7,{CHILD},2026-10-05,{ANN},,2026-10-05,,2026-10-12,2026-10-19"
SERVICE = f"OLD-9,service,2026-11-20,{ANN},,,2026-11-20,,"
REF = "C-1"


@pytest.fixture
def bench(bench: Bench) -> Bench:
    """One open dispute came in; nobody was told and nothing is planned."""
    brought_in(bench, OPEN)
    assert planned(bench, REF) == []
    return bench


def carried_on(bench: Bench, ref: str = REF, *, who: str = IRO, **typed: Value) -> str:
    given: dict[str, Value] = {"asked_on": "2026-11-18", "wanted_by": "2026-12-11", "says": "No plan.", **typed}
    return said(act(bench, who, f"/concern {ref} carry", **given))


def refused(bench: Bench, **typed: Value) -> dict[str, str]:
    found = act(bench, IRO, f"/concern {REF} carry on", **typed)
    return getattr(found, "by_field", {})


def test_the_form_has_what_the_file_knows_and_shows_whom_it_asks(bench: Bench) -> None:
    opened = form(bench.command(IRO, f"/concern {REF} carry on"))
    assert "OLD-8" in words(opened)
    assert "Asked to reply: Tess Hill (Team manager)." in words(opened)
    assert (field(opened, "stage").initial, field(opened, "asked_on").initial) == ("1", "2026-11-16")
    assert field(opened, "wanted_by").initial == "2026-11-30"  # ten working days from then
    other = bench.press(IRO, button(opened, "Show whom this asks"), {"stage": "2", "says": "No plan."})
    assert "Sunil Rao" in words(other)
    assert (field(other, "says").initial, field(other, "asked_on").initial) == ("No plan.", "")


def test_carried_on_it_is_asked_reminded_and_its_deadline_is_the_day_given(bench: Bench) -> None:
    answered = carried_on(bench, wanted_by="2026-12-08")
    assert answered.startswith("C-1 is carried on at stage 1. Asked: Tess Hill. Reply by 5 pm, Tue 8 Dec 2026")
    assert bench.titles(TEAM_MANAGER) == ["C-1, raised before: please reply"]
    asked = words(bench.last(TEAM_MANAGER))
    assert "Ann Lee (IRO) carries it on from before: a reply was asked for on Wed 18 Nov 2026." in asked
    assert "Reply by 5 pm, Tue 8 Dec 2026: the day the IRO gave." in asked
    assert bench.titles(SOCIAL_WORKER) == ["For information: C-1 (nothing to do)"]
    assert bench.titles(IRO) == []
    bench.forget()
    bench.go_to_day(date(2026, 12, 8))
    assert "C-1" in words(bench.last(TEAM_MANAGER))  # in the morning
    bench.forget()
    bench.go_to(utc("2026-12-08", "17:00"))
    assert bench.titles(IRO) == ["No reply to C-1 by Tue 8 Dec. What next?"]
    assert "A reply to C-1 is late" in bench.titles(SERVICE_MANAGER)[0]


def test_all_stages_count_from_the_first_formal_day_of_the_file(bench: Bench) -> None:
    carried_on(bench, wanted_by="2027-01-08")
    kept = concern(bench, REF)
    assert kept.limit_from is not None
    assert kept.limit_at is not None
    assert (local(kept.limit_from).date(), local(kept.limit_at).date()) == (date(2026, 11, 16), date(2026, 12, 14))
    bench.wake_on_day(date(2026, 12, 14), time(17, 30))
    assert any("all stages" in one.lower() for one in bench.titles(IRO_MANAGER))


def test_the_same_stage_is_no_second_entry_and_another_one_is(bench: Bench) -> None:
    carried_on(bench)
    assert [(one.number, one.ended_at is None) for one in rows(bench, StageRun)] == [(0, False), (1, True)]
    brought_in(bench, OPEN.replace("OLD-8", "OLD-18"))
    carried_on(bench, "C-2", stage="2", asked_on="2026-11-25")
    second = run(bench, "C-2")
    assert (second.number, second.kind, local(second.started_at).date()) == (2, RunKind.ENTRY, date(2026, 11, 25))
    assert [one.person_id for one in people_asked(bench, "C-2") if one.part is Part.ADDRESSED] == [
        bench.cast.people[SERVICE_MANAGER]
    ]


def test_a_day_that_has_passed_is_the_iros_to_decide_and_alerts_nobody(bench: Bench) -> None:
    answered = carried_on(bench, wanted_by="2026-12-01")
    assert answered.startswith("C-1 is carried on at stage 1.")
    assert concern(bench, REF).state is ConcernState.ASKED
    assert "A reply was wanted by 5 pm, Tue 1 Dec 2026. You can still reply." in words(bench.last(TEAM_MANAGER))
    bench.wait(timedelta(hours=6))
    assert (bench.titles(IRO), bench.titles(SERVICE_MANAGER)) == ([], [])
    bench.go_to_day(date(2026, 12, 8))
    assert "no reply from Tess Hill by Tue 1 Dec, stage 1. What next?" in words(bench.last(IRO))
    reply(bench, TEAM_MANAGER, REF)
    assert concern(bench, REF).state is ConcernState.REPLIED


def test_the_day_given_stands_whatever_day_the_message_arrives(bench: Bench) -> None:
    bench.now = utc("2026-12-08", "20:00")
    carried_on(bench)
    bench.go_to_day(date(2026, 12, 9))
    assert bench.titles(TEAM_MANAGER)[0] == "C-1, raised before: please reply"
    assert local(run(bench, REF).due_at or bench.now).date() == date(2026, 12, 11)
    assert "counts from the day its message was delivered" not in happened(bench, REF)


def test_the_history_says_so_and_what_it_says_is_read_by_who_is_asked(bench: Bench) -> None:
    carried_on(bench, says="", on_record=("yes",))
    assert "carried on" in happened(bench, REF)
    history = words(bench.command(IRO, f"/concern {REF} history"))
    assert "carried on (stage 1, asked on Wed 18 Nov 2026, until Fri 11 Dec 2026)" in history
    shown = words(bench.command(TEAM_MANAGER, f"/concern {REF}"))
    assert "See the child's record." in shown
    assert [one.actor_id for one in entries(bench, REF) if one.what == "carried on"] == [bench.cast.people[IRO]]


def test_it_is_done_once(bench: Bench) -> None:
    twice = form(bench.command(IRO, f"/concern {REF} carry"))
    assert "Carry on" in [one.label for one in _buttons(bench.command(IRO, f"/concern {REF}"))]
    carried_on(bench)
    bench.forget()
    again = bench.submit(IRO, twice, {"asked_on": "2026-11-18", "wanted_by": "2026-12-12", "says": "No plan."})
    assert said(again) == "C-1 is carried on already."
    assert "Carry on" not in [one.label for one in _buttons(bench.command(IRO, f"/concern {REF}"))]
    assert bench.told == []


def _buttons(shown: object) -> list[Button]:
    assert isinstance(shown, Form)
    return [one for each in shown.fields for one in each.buttons]


def test_what_was_raised_here_moved_or_is_closed_is_not_carried_on(bench: Bench) -> None:
    move(bench, REF, 2)
    assert said(bench.command(IRO, f"/concern {REF} carry")) == "C-1 is carried on already."
    own = logged(bench, about="AB-2077")
    assert "was raised here" in said(bench.command(IRO, f"/concern {own} carry"))
    brought_in(bench, CLOSED)
    assert isinstance(bench.command(IRO, "/concern C-3 carry"), Notice)


@pytest.mark.parametrize(
    ("typed", "where", "what"),
    [
        ({"asked_on": "2026-12-09"}, "asked_on", "still to come"),
        ({"asked_on": "2026-11-08"}, "asked_on", "when it was raised"),
        ({"stage": "2", "asked_on": "2026-11-15"}, "asked_on", "when stage 1 began"),
        ({"wanted_by": "2026-11-17", "asked_on": "2026-11-18"}, "wanted_by", "the day on which it was asked"),
        ({"wanted_by": "2027-12-17"}, "wanted_by", "more than 6 months ahead"),
        ({"says": ""}, "says", "tick that it stands in the child's record"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(bench: Bench, typed: dict[str, Value], where: str, what: str) -> None:
    right: dict[str, Value] = {"asked_on": "2026-11-18", "wanted_by": "2026-12-11", "says": "No plan."}
    assert what in refused(bench, **{**right, **typed})[where]
    assert bench.told == []


def test_it_stands_in_the_iros_day_until_it_is_carried_on(bench: Bench) -> None:
    brought_in(bench, SERVICE)
    bench.go_to_day(date(2026, 12, 8))
    lines = [line for line in bench.last(IRO).lines if "raised before" in line.text]
    assert [line.text for line in lines] == [
        f"C-1 ({CHILD}), raised before: stage 1 since Mon 16 Nov. Nobody is asked until you carry it on.",
        "C-2, raised before: stage 2 since Fri 20 Nov. Nobody is asked until you carry it on.",
    ]
    assert {one.to for one in bench.told} == {IRO}
    opened = bench.press(IRO, button(bench.last(IRO), "Carry on"))
    assert form(opened).title == "Carry on C-1"
    assert "raised before" not in words(bench.command(IRO, "/iro day")).partition("Waiting for others")[2]
    carried_on(bench)
    carried_on(bench, "C-2", asked_on="2026-11-20")
    assert "carry it on" not in words(bench.command(IRO, "/iro day"))


def test_a_close_needs_no_carrying_on(bench: Bench) -> None:
    close(bench, REF)
    assert "carry it on" not in words(bench.command(IRO, "/iro day"))


def test_who_acts_for_the_iro_may_and_a_manager_says_why(bench: Bench) -> None:
    away(bench.engine, bench.cast, IRO, date(2026, 12, 1), None)
    bench.go_to_day(date(2026, 12, 8))
    assert "(for Ann Lee). Nobody is asked until you carry it on." in words(bench.command(IRO_MANAGER, "/iro day"))
    assert "carried on" in carried_on(bench, who=IRO_MANAGER, manager_reason="Ann is away.")
    assert "acted for the IRO" in happened(bench, REF)


def test_to_anyone_else_there_is_nothing(bench: Bench) -> None:
    for who in (OUTSIDER, OTHER_IRO):
        nothing = said(bench.command(who, "/concern C-9 carry")).replace("C-9", REF)
        assert said(bench.command(who, f"/concern {REF} carry")) == nothing
    assert "Only the child's IRO" in said(bench.command(TEAM_MANAGER, f"/concern {REF} carry"))


def test_several_carried_on_in_an_hour_are_one_message(bench: Bench) -> None:
    brought_in(bench, OPEN.replace("OLD-8", "OLD-18"), OPEN.replace("OLD-8", "OLD-28"))
    bench.now = utc("2026-12-08", "20:00")
    for ref in (REF, "C-2", "C-3"):
        carried_on(bench, ref)
    bench.go_to_day(date(2026, 12, 9))
    assert bench.titles(TEAM_MANAGER)[0] == "Raised before, please reply to C-1, C-2 and C-3 by Fri 11 Dec"


def test_what_is_carried_on_one_after_the_other_is_one_message_more_within_the_hour(bench: Bench) -> None:
    brought_in(bench, OPEN.replace("OLD-8", "OLD-18"), OPEN.replace("OLD-8", "OLD-28"))
    for ref, day in ((REF, "2026-12-11"), ("C-2", "2026-12-10"), ("C-3", "2026-12-14")):
        carried_on(bench, ref, wanted_by=day)
    assert len(bench.inbox(TEAM_MANAGER)) == 1
    bench.wait(timedelta(hours=1))
    assert [one.title for one in bench.inbox(TEAM_MANAGER)] == [
        "C-1, raised before: please reply by Fri 11 Dec",
        "Raised before, please reply to C-2 and C-3, the first by Thu 10 Dec",
    ]


def test_what_is_due_before_the_hour_ends_does_not_wait_for_it(bench: Bench) -> None:
    brought_in(bench, OPEN.replace("OLD-8", "OLD-18"))
    bench.now = utc("2026-12-07", "16:30")
    carried_on(bench)
    carried_on(bench, "C-2", wanted_by="2026-12-07")
    assert len(bench.inbox(TEAM_MANAGER)) == 2


def test_who_has_a_copy_and_the_iro_manager_read_the_day_it_was_due(bench: Bench) -> None:
    carried_on(bench, wanted_by="2026-12-01")
    assert "Their reply was due by 5 pm, Tue 1 Dec 2026." in words(bench.last(SOCIAL_WORKER))
    bench.go_to_day(date(2026, 12, 15))
    stuck = [words(one.card) for one in bench.inbox(IRO_MANAGER) if "no decision since" in one.title]
    assert "No reply came by Tue 1 Dec 2026." in stuck[0]


def test_the_end_of_all_stages_before_the_day_to_reply_hangs_on_nothing(bench: Bench) -> None:
    carried_on(bench, wanted_by="2027-01-08")
    assert "\nAll stages end on Mon 14 Dec 2026." in words(bench.last(TEAM_MANAGER))


def test_an_address_nobody_fills_is_told_to_the_iro(bench: Bench) -> None:
    brought_in(bench, OPEN.replace("OLD-8", "OLD-18").replace(CHILD, "ZZ-9001"))
    assert "nobody could be found" in carried_on(bench, "C-2")
    assert Part.ADDRESSED not in [one.part for one in people_asked(bench, "C-2")]
    assert any("C-2" in one for one in bench.titles(IRO))
    assert "C-2" not in "".join(t.card.title for t in bench.told if t.to == TEAM_MANAGER)
