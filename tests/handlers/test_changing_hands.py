"""Children change hands: who gains, who loses and the worker hear of it once, and nothing that waits is left behind."""

import json
import re
from datetime import date

import pytest

from handlers.cards import Errors, Form
from handlers.figures.making import figures
from handlers.figures.period import Period
from handlers.figures.public import public_figures
from handlers.imports import import_children, import_staff
from handlers.imports.outcome import ImportResult
from handlers.office import Scene, rules_in_force
from handlers.requests import Value
from handlers.terms import in_words
from scheduling.deadline_wording import say_list
from scheduling.procedures import parse_procedures, shipped_text
from storage import children
from storage.children import Capacity, Child
from storage.database import transaction
from storage.history import History
from tests.bench import Bench, button, buttons, words
from tests.cast import (
    AUTHORITY,
    BEGINNING,
    CHILD,
    IRO,
    IRO_MANAGER,
    OTHER_CHILD,
    OTHER_IRO,
    OTHER_MANAGER,
    OTHER_WORKER,
    SERVICE_MANAGER,
    SOCIAL_WORKER,
    STAFF,
    SUPPORT,
    TEAM_MANAGER,
    away,
    leave,
)
from tests.handlers.steps import act, close, concern, field, form, logged, reason, reference, rows, said
from tests.terms_left import as_read

REASON = "Ann goes to another service."
AT = "@anyshire.example"
FOUR = "reference,looked_after_from,iro_email,holder_email"


def more_children(bench: Bench, number: int) -> list[str]:
    """So many more children of the IRO and the worker."""
    refs = [f"AB-{3000 + one}" for one in range(number)]
    with transaction(bench.engine, AUTHORITY) as session:
        for ref in refs:
            child = Child(authority=AUTHORITY, reference=ref)
            session.add(child)
            session.flush()
            children.allocate(session, child, Capacity.IRO, bench.cast.people[IRO], BEGINNING)
            children.allocate(session, child, Capacity.HOLDER, bench.cast.people[SOCIAL_WORKER], BEGINNING)
    return refs


def from_file(bench: Bench, *lines: str, header: str = FOUR) -> ImportResult:
    """A children file with these rows; people are named by login."""
    text = re.sub(r"\b[a-z]+\.[a-z]+\b", lambda login: f"{login[0]}@anyshire.example", "\n".join([header, *lines]))
    rules = parse_procedures(shipped_text("handbook"), "")
    with transaction(bench.engine, AUTHORITY) as session:
        return import_children(session, rules, text, bench.now.date(), bench.now)


def to(bench: Bench, login: str) -> str:
    return str(bench.cast.people[login])


def who_heard(bench: Bench) -> dict[str, list[str]]:
    return {who: bench.titles(who) for who in bench.cast.people if bench.titles(who)}


def day_lines(bench: Bench, who: str) -> list[str]:
    found = [one for one in bench.inbox(who) if one.title.startswith("Your day")]
    return [line.text for one in found for line in one.card.lines]


# ---------------------------------------------------------------- all children of one IRO


@pytest.mark.slow
def test_sixty_children_with_twelve_concerns_are_three_messages(bench: Bench) -> None:
    refs = [CHILD, *more_children(bench, 58)]
    open_ones = [logged(bench, about=one) for one in refs[:12]]
    bench.forget()
    opened = form(bench.command(IRO_MANAGER, f"/iro allocate {CHILD}"))
    assert field(opened, "all").choices[0].label == "All 60 children of Ann Lee (IRO)"
    chosen: dict[str, Value] = {"iro": to(bench, OTHER_IRO), "all": ("iro",)}
    assert isinstance(bench.submit(IRO_MANAGER, opened, chosen), Errors), "formal concerns are open: why?"
    told = said(bench.submit(IRO_MANAGER, opened, {**chosen, "iro_reason": REASON}))
    assert "59 other children went with it." in told
    assert who_heard(bench) == {
        OTHER_IRO: ["60 children are now yours: 12 have open concerns"],
        IRO: ["60 children have a new IRO"],
        SOCIAL_WORKER: ["59 children have a new IRO"],
        OTHER_WORKER: ["AB-2077 has a new IRO"],
    }
    gained = words(bench.last(OTHER_IRO))
    assert "Handed over from Ann Lee, by Iris Moss." in gained
    assert "C-1 (AB-1042), stage 1: reply by Mon 21 Dec 2026. All stages end on" in gained
    assert "And 7 more: the list shows them." in gained
    assert "C-6" not in gained
    assert REASON not in "\n".join(words(one.card) for one in bench.told), "it is read in the form alone"
    assert {concern(bench, one).iro_id for one in open_ones} == {bench.cast.people[OTHER_IRO]}

    for who in (OTHER_IRO, IRO):
        listed = bench.press(who, button(bench.last(who), "List"))
        assert isinstance(listed, Form)
        assert REASON in words(listed)
        assert "AB-3057: IRO Olu Ade (was Ann Lee)" in words(listed)
    assert "C-12" in words(bench.press(OTHER_IRO, button(bench.last(OTHER_IRO), "List")))
    assert "C-12" not in words(bench.press(IRO, button(bench.last(IRO), "List"))), "what is open is no longer theirs"
    theirs = words(bench.press(SOCIAL_WORKER, button(bench.last(SOCIAL_WORKER), "List")))
    assert REASON not in theirs
    assert "nothing here for you" in said(bench.press(SERVICE_MANAGER, button(bench.last(IRO), "List")))

    kept = [json.loads(one.details) for one in rows(bench, History) if one.what == "iro changed"]
    assert {(one["from"], one["to"]) for one in kept} == {(bench.cast.people[IRO], bench.cast.people[OTHER_IRO])}
    bench.forget()
    bench.go_to_day(date(2026, 12, 8))
    assert not [one for who in bench.cast.people for one in day_lines(bench, who) if "new IRO" in one or "yours" in one]


def test_a_reason_is_kept_where_no_formal_concern_is_open_about_the_child(bench: Bench) -> None:
    """It was asked for because of another child of the same IRO, who stays; what is said of it is true all the same."""
    ref = logged(bench, 0)
    logged(bench, about=OTHER_CHILD)
    act(bench, IRO_MANAGER, f"/iro allocate {CHILD}", iro=to(bench, OTHER_IRO), iro_reason=REASON)
    for who in (OTHER_IRO, IRO):
        assert "The reason is in the list." in words(bench.last(who))
        assert REASON in words(bench.press(who, button(bench.last(who), "Open")))
    assert REASON not in words(bench.press(SOCIAL_WORKER, button(bench.last(SOCIAL_WORKER), "Open")))
    kept = {(one.chain, one.what) for one in rows(bench, History) if one.words == REASON}
    assert {what for _, what in kept} == {"iro changed", "handed over"}
    assert (f"concern:{concern(bench, ref).id}", "handed over") in kept
    assert len(kept) == 2, "nothing is kept of the child who stays"


def test_what_stays_is_named_with_the_reason(bench: Bench) -> None:
    """Business support hands all of them over but those about which a formal concern is open."""
    ref = logged(bench, about=OTHER_CHILD)
    opened = form(bench.command(SUPPORT, f"/iro allocate {CHILD}"))
    told = said(bench.submit(SUPPORT, opened, {"iro": to(bench, OTHER_IRO), "all": ("iro",)}))
    assert f"AB-2077 stays: A formal concern is open ({ref}): the IRO manager alone changes the IRO" in told
    assert bench.titles(OTHER_IRO) == ["AB-1042 is now yours"]


def test_all_children_of_a_worker_go_to_another_and_the_iro_reads_it_in_the_morning(bench: Bench) -> None:
    more_children(bench, 3)
    opened = form(bench.command(SERVICE_MANAGER, f"/iro allocate {CHILD}"))
    assert [one.label for one in field(opened, "all").choices] == ["All 4 children of Sam Okoro (worker)"]
    said(bench.submit(SERVICE_MANAGER, opened, {"holder": to(bench, OTHER_WORKER), "all": ("holder",)}))
    assert who_heard(bench) == {
        OTHER_WORKER: ["4 children are now yours"],
        SOCIAL_WORKER: ["4 children have a new worker"],
    }
    bench.forget()
    bench.go_to_day(date(2026, 12, 8))
    assert day_lines(bench, IRO) == ["4 children have a new worker: Will Dean."]
    bench.go_to_day(date(2026, 12, 9))
    assert len(day_lines(bench, IRO)) == 1, "told once"


def test_one_child_and_its_cover(bench: Bench) -> None:
    """The new IRO is away: who covers them hears it too, and each reads whose it is."""
    logged(bench, 0)
    away(bench.engine, bench.cast, OTHER_IRO, date(2026, 12, 7), date(2026, 12, 11), IRO_MANAGER)
    bench.forget()
    act(bench, SUPPORT, f"/iro allocate {CHILD}", iro=to(bench, OTHER_IRO))
    assert who_heard(bench) == {
        OTHER_IRO: ["AB-1042 is now yours: 1 open concern"],
        IRO_MANAGER: ["AB-1042 is now Olu Ade's: 1 open concern"],
        IRO: ["AB-1042 has a new IRO"],
        SOCIAL_WORKER: ["AB-1042 has a new IRO"],
    }
    assert "C-1 (AB-1042), informal: no set time to reply." in words(bench.last(OTHER_IRO))
    assert "Open concerns that went with it: C-1." in words(bench.last(IRO))
    assert [one.label for one in buttons(bench.last(IRO))] == ["Open"]


# ---------------------------------------------------------------- replies that wait elsewhere


def test_the_iro_may_ask_again_where_who_is_asked_lost_the_child(bench: Bench) -> None:
    ref = logged(bench)
    bench.forget()
    told = said(act(bench, SERVICE_MANAGER, f"/iro allocate {CHILD}", holder=to(bench, OTHER_WORKER)))
    assert f"Who is asked about {ref} stays asked. The IRO is told, and can ask again." in told
    assert who_heard(bench) == {
        OTHER_WORKER: ["AB-1042 is now yours: 1 open concern"],
        SOCIAL_WORKER: ["AB-1042 has a new worker"],
        IRO: [f"{ref}: Tess Hill no longer has the child. Ask again?"],
        TEAM_MANAGER: [f"{ref}: the child is no longer with your team"],
    }
    assert "Reply" in [one.label for one in buttons(bench.last(TEAM_MANAGER))], "they stay asked"
    again = bench.press(IRO, button(bench.last(IRO), "Ask again"))
    assert "Mona Ruiz" in words(again)
    bench.submit(IRO, form(again), {"reason": "The child has another team."})
    assert f"Please reply to {ref}" in bench.titles(OTHER_MANAGER)[-1]
    bench.forget()
    bench.go_to_day(date(2026, 12, 8))
    assert day_lines(bench, IRO) == ["AB-1042 has a new worker: Will Dean."]


@pytest.mark.parametrize("iro", [OTHER_IRO, IRO])
def test_who_is_asked_hears_once_of_one_act_whoever_is_the_iro_then(bench: Bench, iro: str) -> None:
    """An act by which the IRO changes too is told to the IRO as one message, and to who is asked as it is done."""
    ref = logged(bench)
    opened = form(bench.command(IRO_MANAGER, f"/iro allocate {CHILD}"))
    bench.forget()
    bench.submit(IRO_MANAGER, opened, {"iro": to(bench, iro), "holder": to(bench, OTHER_WORKER), "iro_reason": REASON})
    assert bench.titles(TEAM_MANAGER) == [f"{ref}: the child is no longer with your team"]
    asks = f"{ref}: Tess Hill no longer has the child. Ask again?"
    assert bench.titles(iro) == (["AB-1042 is now yours: 1 open concern"] if iro == OTHER_IRO else [asks])
    bench.go_to_day(date(2026, 12, 8))
    again = [one for who in (IRO, OTHER_IRO, TEAM_MANAGER) for one in day_lines(bench, who) if ref in one]
    line = f"{ref} (AB-1042): Tess Hill is asked, and no longer has the child. Ask again?"
    assert again == ([line] if iro == OTHER_IRO else [])


def test_a_worker_who_is_asked_informally_hears_it_in_the_one_message(bench: Bench) -> None:
    ref = logged(bench, 0)
    bench.forget()
    act(bench, TEAM_MANAGER, f"/iro allocate {CHILD}", holder=to(bench, TEAM_MANAGER))
    assert bench.titles(SOCIAL_WORKER) == ["AB-1042 has a new worker"]
    assert f"You stay asked to reply to {ref}, unless Ann Lee asks somebody else." in words(bench.last(SOCIAL_WORKER))
    assert bench.titles(IRO) == [f"{ref}: Sam Okoro no longer has the child. Ask again?"]
    assert bench.titles(TEAM_MANAGER) == [], "who did it needs no message"


# ---------------------------------------------------------------- by file


def test_a_file_sends_nothing_and_says_it_next_morning(bench: Bench) -> None:
    ref = logged(bench, about=OTHER_CHILD)
    bench.forget()
    from_file(
        bench,
        f"{CHILD},2026-06-01,{OTHER_IRO},{SOCIAL_WORKER}",
        f"{OTHER_CHILD},2026-06-01,{IRO},{SOCIAL_WORKER}",
        f"AB-4000,2026-12-01,{OTHER_IRO},{OTHER_WORKER}",
    )
    bench.deliver()
    assert who_heard(bench) == {}
    bench.go_to_day(date(2026, 12, 8))
    assert [one for one in day_lines(bench, OTHER_IRO) if "now yours" in one] == [
        "AB-1042 is now yours, and was Ann Lee's."
    ]
    lines = day_lines(bench, IRO)
    assert "AB-1042 has a new IRO: Olu Ade." in lines
    assert "AB-2077 has a new worker: Sam Okoro." in lines
    assert f"{ref} (AB-2077): Mona Ruiz is asked, and no longer has the child. Ask again?" in lines
    assert day_lines(bench, OTHER_WORKER) == ["AB-2077 has a new worker: Sam Okoro."]
    assert f"AB-2077 is now yours, and was Will Dean's (open: {ref})." in day_lines(bench, SOCIAL_WORKER)
    assert day_lines(bench, OTHER_MANAGER) == [
        f"{ref} (AB-2077): the child is no longer with your team. You stay asked unless Ann Lee asks somebody else."
    ]
    pressed = bench.press(IRO, button(bench.last(IRO), "Ask again"))
    assert "Tess Hill" in words(pressed)
    kept = {one.what: json.loads(one.details) for one in rows(bench, History) if one.what.endswith(" changed")}
    assert kept["iro changed"].items() >= {"from": bench.cast.people[IRO], "to": bench.cast.people[OTHER_IRO]}.items()
    bench.forget()
    bench.go_to_day(date(2026, 12, 8))
    again = [one for who in (IRO, OTHER_IRO, OTHER_MANAGER) for one in day_lines(bench, who)]
    assert not [one for one in again if "new IRO" in one or "new worker" in one or "yours" in one], "told once"


@pytest.mark.slow
def test_what_a_file_brought_waits_for_who_is_off_or_away_and_their_cover_reads_it_meanwhile(bench: Bench) -> None:
    """Tuesday tells of it: the new IRO is away and covered, the IRO on leave, the manager asked off on Tuesdays."""
    ref = logged(bench, about=OTHER_CHILD)
    away(bench.engine, bench.cast, OTHER_IRO, date(2026, 12, 8), date(2026, 12, 9), IRO_MANAGER)
    away(bench.engine, bench.cast, IRO, date(2026, 12, 8), date(2026, 12, 10))
    bench.command(OTHER_MANAGER, "/iro days Mon Thu Fri")
    from_file(
        bench, f"{CHILD},2026-06-01,{OTHER_IRO},{SOCIAL_WORKER}", f"{OTHER_CHILD},2026-06-01,{IRO},{SOCIAL_WORKER}"
    )
    read: dict[str, list[tuple[int, str]]] = {}
    for day in (8, 9, 10, 11, 14):
        bench.forget()
        bench.go_to_day(date(2026, 12, day))
        for who in (OTHER_IRO, IRO_MANAGER, IRO, OTHER_MANAGER):
            handed = re.compile("(is|has a) (now|new)|no longer")
            read.setdefault(who, []).extend((day, one) for one in day_lines(bench, who) if handed.search(one))
    gained = "AB-1042 is now {}, and was Ann Lee's."
    asked = f"{ref} (AB-2077): Mona Ruiz is asked, and no longer has the child. Ask again?"
    assert read[OTHER_IRO] == [(10, gained.format("yours"))]
    assert read[IRO_MANAGER] == [(8, gained.format("Olu Ade's")), (8, asked)]
    assert read[IRO] == [
        (11, "AB-1042 has a new IRO: Olu Ade."),
        (11, "AB-2077 has a new worker: Sam Okoro."),
        (11, asked),
    ]
    stays = "the child is no longer with your team. You stay asked unless Ann Lee asks somebody else."
    assert read[OTHER_MANAGER] == [(10, f"{ref} (AB-2077): {stays}")]


def test_what_changed_hands_again_meanwhile_is_not_said_to_be_theirs(bench: Bench) -> None:
    away(bench.engine, bench.cast, OTHER_IRO, date(2026, 12, 8), date(2026, 12, 9))
    from_file(bench, f"{CHILD},2026-06-01,{OTHER_IRO},{SOCIAL_WORKER}")
    bench.go_to_day(date(2026, 12, 8))
    from_file(bench, f"{CHILD},2026-06-01,{IRO},{SOCIAL_WORKER}")
    bench.go_to_day(date(2026, 12, 10))
    assert [one for one in day_lines(bench, OTHER_IRO) if "IRO" in one] == ["AB-1042 has a new IRO: Ann Lee."]
    assert not [one for one in day_lines(bench, OTHER_IRO) if "yours" in one]


def test_who_was_asked_by_a_message_to_ask_again_reads_it_in_no_morning(bench: Bench) -> None:
    """On Saturday, or before the hour of the mornings: once is enough."""
    logged(bench)
    bench.go_to_day(date(2026, 12, 12))
    act(bench, SERVICE_MANAGER, f"/iro allocate {CHILD}", holder=to(bench, OTHER_WORKER))
    bench.forget()
    bench.go_to_day(date(2026, 12, 14))
    assert not [one for one in day_lines(bench, IRO) if "Ask again?" in one]


# ---------------------------------------------------------------- coming back


def leave_and_return(bench: Bench) -> Form:
    with transaction(bench.engine, AUTHORITY) as session:
        child = children.by_reference(session, CHILD)
        assert child is not None
        child.left_care_on = date(2026, 12, 1)
        session.add(child)
    return form(bench.command(SUPPORT, f"/iro child {CHILD}"))


def test_a_child_who_comes_back_is_told_to_all_of_theirs(bench: Bench) -> None:
    ref = logged(bench, 0, worries="Kestrel")
    close(bench, ref)
    opened = leave_and_return(bench)
    for who in (IRO, OTHER_IRO):
        refused = said(bench.command(who, f"/iro child {CHILD}"))
        assert refused.startswith("AB-1042 was known here before.")
        assert refused.endswith("business support: ask Iris Moss or Bea Shaw.")
    bench.forget()
    given = {"looked_after_from": "2026-12-03", "iro": to(bench, OTHER_IRO), "holder": to(bench, SOCIAL_WORKER)}
    early = bench.submit(SUPPORT, opened, {**given, "looked_after_from": "2026-11-30"})
    assert isinstance(early, Errors)
    assert early.by_field["looked_after_from"].startswith("AB-1042 left care on Tue 1 Dec")
    said(bench.submit(SUPPORT, opened, given))
    assert who_heard(bench) == {
        OTHER_IRO: ["AB-1042 is now yours"],
        IRO: ["AB-1042 has a new IRO"],
        SOCIAL_WORKER: ["AB-1042 is now yours"],
    }
    assert "Looked after again." in words(bench.last(SOCIAL_WORKER))


def test_a_new_child_is_told_to_the_iro_for_whom_somebody_else_added_it(bench: Bench) -> None:
    given = {"looked_after_from": "2026-12-03", "holder": to(bench, SOCIAL_WORKER)}
    act(bench, SUPPORT, "/iro child AB-5000", **given, iro=to(bench, OTHER_IRO))
    assert who_heard(bench) == {OTHER_IRO: ["AB-5000 is now yours"]}
    act(bench, IRO, "/iro child AB-5001", **given)
    assert who_heard(bench) == {OTHER_IRO: ["AB-5000 is now yours"]}, "nobody else has to do anything"


def test_by_file_a_child_who_comes_back_stands_in_the_next_morning(bench: Bench) -> None:
    from_file(bench, f"AB-6000,2026-06-01,{IRO},{SOCIAL_WORKER},2026-10-30", header=f"{FOUR},left_care_on")
    from_file(bench, f"AB-6000,2026-12-01,{IRO},{SOCIAL_WORKER}\n")
    bench.go_to_day(date(2026, 12, 8))
    for who in (IRO, SOCIAL_WORKER):
        assert "AB-6000 is looked after again and now yours." in day_lines(bench, who)


# ---------------------------------------------------------------- what a newly allocated worker sees


@pytest.mark.parametrize("asked", [False, True])
def test_a_new_worker_knows_of_what_is_open_and_reads_it_when_asked(bench: Bench, asked: bool) -> None:
    ref = logged(bench, 0 if asked else 1, worries="Kestrel")
    act(bench, SERVICE_MANAGER, f"/iro allocate {CHILD}", holder=to(bench, OTHER_WORKER))
    shown = words(bench.command(OTHER_WORKER, f"/concern {ref}"))
    assert "AB-1042" in shown
    assert "Kestrel" not in shown
    assert ref in words(bench.command(OTHER_WORKER, "/concern list"))
    if asked:
        act(bench, IRO, f"/concern {ref} stage 1", reason="Because.")
        assert "Kestrel" in words(bench.command(OTHER_WORKER, f"/concern {ref}")), "copied from stage 1"


# ---------------------------------------------------------------- what is counted, and what waits on nobody


@pytest.mark.slow
def test_the_report_counts_changes_of_iro_under_an_open_formal_concern(bench: Bench) -> None:
    logged(bench)
    logged(bench, 0, about=OTHER_CHILD)
    act(bench, IRO_MANAGER, f"/iro allocate {CHILD}", iro=to(bench, OTHER_IRO), iro_reason=REASON)
    act(bench, IRO_MANAGER, f"/iro allocate {OTHER_CHILD}", iro=to(bench, OTHER_IRO))
    year = Period(first=date(2026, 4, 1), last=date(2027, 3, 31))
    with transaction(bench.engine, AUTHORITY, writes=False) as session:
        scene = Scene(session=session, now=bench.now, authority=AUTHORITY, rules=rules_in_force(session, AUTHORITY))
        table = in_words(figures(scene, year).printed["caseload"], scene.rules)
        public = public_figures(scene, year).printed.get("caseload")
    note = "Changes of IRO while a formal concern was open, each with its reason: 1."
    assert note in table.notes
    assert public is None or not [one for one in public.notes if "Changes of" in one], "a small number is not published"


@pytest.mark.slow
def test_an_iro_who_leaves_is_named_to_the_iro_manager_with_the_list(bench: Bench) -> None:
    """With what is about the service too; and what comes of it later is said as to her who decides."""
    refs = [logged(bench), logged(bench, 0), logged(bench, about=OTHER_CHILD)]
    opened = form(bench.command(IRO, "/concern service"))
    given = {
        "worries": "No rooms.",
        "main_reason": reason(opened),
        "start_at": field(opened, "start_at").choices[0].value,
    }
    sent = bench.submit(IRO, opened, given)
    refs.append(reference(said(bench.submit(IRO, sent, {}) if isinstance(sent, Form) else sent)))
    leave(bench.engine, bench.cast, IRO, date(2026, 12, 7))
    bench.forget()
    bench.go_to_day(date(2026, 12, 8))
    (line,) = [one for one in day_lines(bench, IRO_MANAGER) if "has left" in one]
    assert line.startswith("Ann Lee has left: 2 children wait for an IRO (AB-1042 and AB-2077).")
    assert f"Open concerns: {say_list(refs)}." in line
    morning = next(one.card for one in bench.inbox(IRO_MANAGER) if one.title.startswith("Your day"))
    opened = form(bench.press(IRO_MANAGER, button(morning, "Allocate")))
    assert field(opened, "all").choices[0].label == "All 2 children of Ann Lee (IRO)"
    bench.forget()
    bench.wake_on_day(date(2027, 1, 12))
    told = [words(one.card) for one in bench.inbox(IRO_MANAGER) if not one.title.startswith("Your day")]
    assert told
    assert not [one for one in told if "Ann Lee has not" in one or "Ann Lee has had" in one or "Ann Lee decides" in one]
    assert bench.inbox(IRO) == []


def test_a_staff_file_says_what_waits_on_nobody_and_whose_line_lost_a_child(bench: Bench) -> None:
    ref = logged(bench)
    kept = [one for one in STAFF if one[0] != IRO]
    managers = {login: manager for login, _, _, manager, _ in kept} | {SOCIAL_WORKER: OTHER_MANAGER}
    lines = [
        f"{login}@anyshire.example,{name},{';'.join(roles)},{managers[login] or ''}{AT if managers[login] else ''}"
        for login, name, roles, _, _ in kept
    ]
    rules = parse_procedures(shipped_text("handbook"), "")
    with transaction(bench.engine, AUTHORITY) as session:
        text = "\n".join(["email,name,roles,manager_email", *lines])
        done = import_staff(session, rules, text, bench.now.date(), bench.now, leavers=True)
    assert "Ann Lee is still the IRO of 2 children: allocate them anew." in as_read(done.notes)
    bench.forget()
    bench.go_to_day(date(2026, 12, 8))
    assert [one for one in day_lines(bench, IRO_MANAGER) if "Ask again?" in one] == [
        f"{ref} (AB-1042): Tess Hill is asked, and no longer has the child. Ask again?"
    ]
    assert [one for one in day_lines(bench, TEAM_MANAGER) if "no longer with your team" in one]
