"""Nobody comes to read, close or hold anything by an act of their own: covers, empty places, children who return."""

from datetime import date

import pytest
from sqlmodel import delete

from handlers.cards import Answer, Button, Errors, Notice
from handlers.imports import ImportRefused, import_absences, import_children
from handlers.people.covering import cover_of
from scheduling.procedures import parse_procedures, shipped_text
from storage import children
from storage.children import Capacity
from storage.concerns import ConcernState
from storage.database import transaction
from storage.history import History
from storage.people import Absence, Person
from tests.bench import Bench, button, buttons, words
from tests.cast import (
    ADMIN,
    ASSISTANT_DIRECTOR,
    AUTHORITY,
    CHILD,
    DIRECTOR,
    IRO,
    IRO_MANAGER,
    OTHER_CHILD,
    OTHER_IRO,
    OTHER_MANAGER,
    OTHER_WORKER,
    OUTSIDER,
    SERVICE_MANAGER,
    SOCIAL_WORKER,
    SUPPORT,
    TEAM_MANAGER,
    away,
    end_role,
    join_team,
    take_role,
)
from tests.handlers.steps import (
    act,
    also_asked,
    close,
    concern,
    entries,
    field,
    form,
    logged,
    move,
    people_asked,
    reply,
    rows,
    said,
)

CANARY = "Kestrel"
REASON = {"manager_reason": "Nobody else is here."}
TODAY, LATER = date(2026, 12, 7), date(2027, 2, 26)


def set_away(bench: Bench, who: str, person: str, cover: str | None, first: date = TODAY) -> Answer:
    """Somebody sets a person away by the form, until the end of February."""
    given = {"person": str(bench.cast.people[person]), "from": first.isoformat(), "to": LATER.isoformat()}
    given["cover"] = str(bench.cast.people[cover]) if cover else ""
    return bench.press(who, button_of("iro.away.set"), given)


def button_of(deed: str, subject: str = "") -> Button:
    return Button(label="", deed=deed, subject=subject)


def allocate(bench: Bench, who: str, child: str = CHILD, **chosen: str) -> Answer:
    given = {key: str(bench.cast.people[login]) for key, login in chosen.items() if key in ("iro", "holder")}
    given |= {key: text for key, text in chosen.items() if key not in given}
    return bench.press(who, button_of("iro.allocate.send", child), given)


def errors(answer: Answer) -> str:
    assert isinstance(answer, Errors), answer
    return " ".join(answer.by_field.values())


def reads(bench: Bench, who: str, ref: str) -> bool:
    return CANARY in words(bench.command(who, f"/concern {ref}"))


def a_draft(bench: Bench, who: str = IRO) -> str:
    opened = form(bench.command(who, f"/concern {CHILD}"))
    bench.press(who, button(opened, "Save draft"), {"child": field(opened, "child").initial, "worries": CANARY})
    return "C-1"


# whoever enters an absence never becomes the cover


def test_nobody_becomes_the_cover_of_another_by_entering_it(bench: Bench) -> None:
    for who, person in (
        (ADMIN, TEAM_MANAGER),
        (SUPPORT, TEAM_MANAGER),
        (ADMIN, IRO_MANAGER),
        (IRO_MANAGER, IRO),
        (SERVICE_MANAGER, TEAM_MANAGER),
        (IRO_MANAGER, TEAM_MANAGER),
        (TEAM_MANAGER, SOCIAL_WORKER),
    ):
        assert "The person who enters" in errors(set_away(bench, who, person, who)), (who, person)
    assert rows(bench, Absence) == []


def test_administrators_and_business_support_never_cover(bench: Bench) -> None:
    for who in (ADMIN, SUPPORT):
        for person in (TEAM_MANAGER, IRO_MANAGER, IRO, SOCIAL_WORKER, DIRECTOR):
            assert isinstance(set_away(bench, person, person, who), Errors), (who, person)
            assert isinstance(set_away(bench, IRO_MANAGER, person, who), Errors), (who, person)
    assert rows(bench, Absence) == []


def test_an_absence_kept_from_before_gives_nothing_to_who_entered_it_or_cannot_cover(bench: Bench) -> None:
    ref = logged(bench, worries=CANARY)
    for who, by in ((ADMIN, ADMIN), (SUPPORT, TEAM_MANAGER), (OTHER_MANAGER, OTHER_MANAGER), (OTHER_WORKER, IRO)):
        away(bench.engine, bench.cast, TEAM_MANAGER, TODAY, TODAY, who, by=by)
        assert not reads(bench, who, ref), who
        assert "with the IRO" not in words(reply(bench, who, ref))
    away(bench.engine, bench.cast, IRO_MANAGER, TODAY, TODAY, ADMIN, by=ADMIN)
    assert not reads(bench, ADMIN, ref)
    assert "Figures are for" in said(bench.command(ADMIN, "/iro figures this quarter"))
    assert bench.inbox(ADMIN) == []


def test_administration_beside_a_proper_role_is_no_bar_and_passes_nothing_on(bench: Bench) -> None:
    take_role(bench.engine, bench.cast, OTHER_MANAGER, "admin")
    take_role(bench.engine, bench.cast, TEAM_MANAGER, "support")
    ref = logged(bench, worries=CANARY)
    said(set_away(bench, TEAM_MANAGER, TEAM_MANAGER, OTHER_MANAGER))
    assert reads(bench, OTHER_MANAGER, ref)
    assert "AB-2077" in words(bench.command(OTHER_MANAGER, "/review AB-2077")), "their own team's"


# a cover must be able to hold the place


_HOLDS = (
    (IRO, OTHER_IRO, IRO, True),
    (IRO, IRO_MANAGER, IRO, True),
    (IRO, TEAM_MANAGER, IRO, False),
    (IRO, SOCIAL_WORKER, IRO, False),
    (IRO_MANAGER, OTHER_IRO, IRO_MANAGER, True),
    (IRO_MANAGER, OTHER_IRO, SUPPORT, False),
    (IRO_MANAGER, DIRECTOR, IRO_MANAGER, False),
    (TEAM_MANAGER, OTHER_MANAGER, TEAM_MANAGER, True),
    (TEAM_MANAGER, SERVICE_MANAGER, TEAM_MANAGER, True),
    (TEAM_MANAGER, ASSISTANT_DIRECTOR, SUPPORT, True),
    (TEAM_MANAGER, SOCIAL_WORKER, TEAM_MANAGER, True),
    (TEAM_MANAGER, SOCIAL_WORKER, SERVICE_MANAGER, True),
    (TEAM_MANAGER, SOCIAL_WORKER, SUPPORT, False),
    (TEAM_MANAGER, OTHER_WORKER, TEAM_MANAGER, False),
    (SERVICE_MANAGER, OTHER_MANAGER, SERVICE_MANAGER, True),
    (ASSISTANT_DIRECTOR, TEAM_MANAGER, ASSISTANT_DIRECTOR, False),
    (TEAM_MANAGER, OTHER_IRO, TEAM_MANAGER, False),
    (SOCIAL_WORKER, TEAM_MANAGER, SOCIAL_WORKER, True),
    (SOCIAL_WORKER, DIRECTOR, SOCIAL_WORKER, True),
    (SOCIAL_WORKER, OTHER_WORKER, SOCIAL_WORKER, False),
    (SOCIAL_WORKER, OTHER_MANAGER, SOCIAL_WORKER, False),
    (SUPPORT, SOCIAL_WORKER, SUPPORT, False),
)
"""Whose place, who is named, by whom, and whether they can hold it."""


@pytest.mark.slow
def test_who_can_hold_whose_place(bench: Bench) -> None:
    rules = parse_procedures(shipped_text("handbook"), "")
    for person, cover, by, can in _HOLDS:
        answer = set_away(bench, by, person, cover)
        assert isinstance(answer, Notice) is can, (person, cover, by, words(answer))
        kept = Absence(
            person_id=bench.cast.people[person],
            from_on=TODAY,
            cover_id=bench.cast.people[cover],
            set_by_id=bench.cast.people[by],
        )
        with transaction(bench.engine, AUTHORITY) as session:
            today = cover_of(session, rules, kept, TODAY)
            session.exec(delete(Absence))
        assert (today is not None) is can, f"{cover} for {person}: each day as when it was entered"


def test_a_worker_of_the_same_team_covers_a_worker(bench: Bench) -> None:
    join_team(bench.engine, bench.cast, OTHER_WORKER, "North team")
    said(set_away(bench, TEAM_MANAGER, SOCIAL_WORKER, OTHER_WORKER))


def test_a_cover_whose_role_ends_covers_no_more_from_that_day(bench: Bench) -> None:
    ref = logged(bench, worries=CANARY)
    away(bench.engine, bench.cast, TEAM_MANAGER, TODAY, None, OTHER_MANAGER)
    assert reads(bench, OTHER_MANAGER, ref)
    end_role(bench.engine, bench.cast, OTHER_MANAGER, "team_manager", TODAY)
    bench.go_to_day(date(2026, 12, 8))
    assert not reads(bench, OTHER_MANAGER, ref)
    move(bench, ref, 2)
    move(bench, ref, 1)
    assert OTHER_MANAGER not in [bench.logins[one.person_id] for one in people_asked(bench, ref)]


def test_the_absences_file_names_no_cover_who_cannot_hold_the_place(bench: Bench) -> None:
    def take_in(cover: str, person: str = TEAM_MANAGER) -> None:
        text = "email,from,to,cover_email\n"
        text += f"{person}@anyshire.example,2026-12-07,2026-12-18,{cover}@anyshire.example\n"
        with transaction(bench.engine, AUTHORITY) as session:
            rules = parse_procedures(shipped_text("handbook"), "")
            import_absences(session, rules, text, TODAY, bench.now)

    for cover, person in ((ADMIN, TEAM_MANAGER), (SUPPORT, IRO), (SOCIAL_WORKER, TEAM_MANAGER), (IRO, IRO_MANAGER)):
        with pytest.raises(ImportRefused):
            take_in(cover, person)
    said(set_away(bench, TEAM_MANAGER, TEAM_MANAGER, SOCIAL_WORKER))
    take_in(OTHER_MANAGER)
    assert [one.set_by_id for one in rows(bench, Absence)] == [None], "the file names the cover now"


# on one concern


def test_nobody_stands_in_on_a_concern_about_a_child_they_hold(bench: Bench) -> None:
    away(bench.engine, bench.cast, TEAM_MANAGER, TODAY, None, SOCIAL_WORKER)
    ref = logged(bench)
    asked = [bench.logins[one.person_id] for one in people_asked(bench, ref) if one.part == "addressed"]
    assert asked == [SERVICE_MANAGER]
    assert "Sunil Rao" in words(bench.command(IRO, f"/iro people {ref}"))
    assert "not waiting for a reply from you" in said(bench.command(SOCIAL_WORKER, f"/concern {ref} reply"))


def test_nobody_stands_in_on_a_concern_they_were_asked_about_at_an_earlier_stage(bench: Bench) -> None:
    ref = logged(bench)
    away(bench.engine, bench.cast, SERVICE_MANAGER, TODAY, None, TEAM_MANAGER)
    move(bench, ref, 2)
    asked = [bench.logins[one.person_id] for one in people_asked(bench, ref) if one.part == "addressed"]
    assert asked == [ASSISTANT_DIRECTOR]
    assert "not waiting for a reply from you" in said(bench.command(TEAM_MANAGER, f"/concern {ref} reply"))


def test_a_cover_named_after_the_asking_is_set_aside_too(bench: Bench) -> None:
    ref = logged(bench)
    away(bench.engine, bench.cast, TEAM_MANAGER, TODAY, None, SOCIAL_WORKER)
    assert "not waiting for a reply from you" in said(bench.command(SOCIAL_WORKER, f"/concern {ref} reply"))
    said(allocate(bench, SERVICE_MANAGER, holder=OTHER_WORKER))
    assert "not waiting for a reply from you" in said(bench.command(SOCIAL_WORKER, f"/concern {ref} reply"))


def test_who_was_asked_never_acts_as_the_iro_and_another_does_for_that_concern_alone(bench: Bench) -> None:
    take_role(bench.engine, bench.cast, TEAM_MANAGER, "iro")
    ref = logged(bench, about=OTHER_CHILD, worries=CANARY)
    about_child = logged(bench, worries=CANARY)
    with transaction(bench.engine, AUTHORITY) as session:  # the manager moves on, and becomes the child's IRO
        manager = session.get(Person, bench.cast.people[SOCIAL_WORKER])
        child = children.by_reference(session, CHILD)
        assert manager is not None
        assert child is not None
        manager.manager_id = bench.cast.people[OTHER_MANAGER]
        session.add(manager)
        children.allocate(session, child, Capacity.IRO, bench.cast.people[TEAM_MANAGER], TODAY)
    assert "You were asked to reply to it" in said(bench.command(TEAM_MANAGER, f"/concern {about_child} close"))
    assert concern(bench, about_child).state is ConcernState.WAITING
    assert isinstance(act(bench, IRO_MANAGER, f"/concern {about_child} stage 2", reason="X", **REASON), Notice)
    assert bench.titles(TEAM_MANAGER)[-1] == f"Iris Moss acted on {about_child} in your place"
    assert "Only the child's IRO" in said(bench.command(IRO_MANAGER, f"/concern {ref} close"))


def test_an_iro_manager_who_was_asked_leaves_the_place_to_another_iro(bench: Bench) -> None:
    ref = logged(bench, worries=CANARY)
    also_asked(bench, ref, IRO_MANAGER, "iro_manager")
    away(bench.engine, bench.cast, IRO, TODAY, None, IRO_MANAGER)
    assert "You were asked to reply to it" in said(bench.command(IRO_MANAGER, f"/concern {ref} stage 2"))
    assert isinstance(act(bench, OTHER_IRO, f"/concern {ref} stage 2", reason="X", **REASON), Notice)
    other = logged(bench, who=IRO_MANAGER, about=OTHER_CHILD)
    assert not reads(bench, OTHER_IRO, other), "for that concern alone"


# an absence entered by somebody else


def test_an_absence_entered_by_somebody_else_opens_no_drafts_and_no_notes(bench: Bench) -> None:
    draft = a_draft(bench)
    ref = logged(bench, worries=CANARY)
    act(bench, IRO, f"/concern {ref} legal", words="Osprey")
    told = said(set_away(bench, SUPPORT, IRO, OTHER_IRO))
    assert "drafts and notes stay closed, and Ann Lee is told" in told
    assert reads(bench, OTHER_IRO, ref)
    assert not reads(bench, OTHER_IRO, draft)
    assert draft not in words(bench.command(OTHER_IRO, "/concern list drafts"))
    bench.press(OTHER_IRO, button_of("concern.share", ref))
    assert "Osprey" not in words(bench.command(OTHER_IRO, f"/concern {ref}"))
    assert "Osprey" not in words(bench.command(IRO_MANAGER, f"/concern {ref}"))
    assert "legal advice" not in words(bench.command(OTHER_IRO, f"/concern {ref} history"))
    bench.forget()
    assert "once its time to reply is over" in said(bench.command(OTHER_IRO, f"/concern {ref} stage 2"))
    act(bench, OTHER_IRO, f"/concern {ref} again", reason="Which day?")
    assert bench.titles(IRO) == [f"Olu Ade acted on {ref} while you were away"]


def test_a_cover_of_the_iros_own_choosing_opens_drafts_and_the_iro_is_not_told(bench: Bench) -> None:
    draft = a_draft(bench)
    ref = logged(bench)
    said(set_away(bench, IRO, IRO, OTHER_IRO))
    assert reads(bench, OTHER_IRO, draft)
    bench.forget()
    move(bench, ref, 2, who=OTHER_IRO)
    assert bench.titles(IRO) == []


@pytest.mark.parametrize("cover", [None, IRO_MANAGER])
def test_the_iro_manager_acts_openly_whoever_entered_the_absence(bench: Bench, cover: str | None) -> None:
    draft = a_draft(bench)
    ref = logged(bench, worries=CANARY)
    answer = set_away(bench, SUPPORT if cover else IRO_MANAGER, IRO, cover)
    assert ("acts as IRO manager: with a reason each time" in said(answer)) is (cover is not None)
    assert not reads(bench, IRO_MANAGER, draft)
    assert field(bench.command(IRO_MANAGER, f"/concern {ref} stage 2"), "manager_reason").required
    assert errors(move(bench, ref, 2, who=IRO_MANAGER)) == "Say why you act for the IRO."
    bench.forget()
    assert isinstance(move(bench, ref, 2, who=IRO_MANAGER, **REASON), Notice)
    assert bench.titles(IRO) == [f"Iris Moss acted on {ref} while you were away"]
    refusal = said(bench.command(IRO_MANAGER, f"/concern {ref} close"))
    assert "away for over 20 working days" in refusal
    assert "Close" not in [one.label for one in buttons(form(bench.command(IRO_MANAGER, f"/concern {ref}")))]


def test_a_long_absence_opens_closing_and_the_iro_who_returns_finds_reopen(bench: Bench) -> None:
    ref = logged(bench)
    said(set_away(bench, IRO_MANAGER, IRO, None, first=date(2026, 9, 14)))
    assert isinstance(close(bench, ref, who=IRO_MANAGER, **REASON), Notice)
    assert concern(bench, ref).state is ConcernState.WAITING, "nobody makes room for themselves by a day long past"
    bench.wake_on_day(date(2027, 1, 6))
    assert "20 working days" in said(bench.command(IRO_MANAGER, f"/concern {ref} close"))
    bench.wake_on_day(date(2027, 1, 7))
    close(bench, ref, who=IRO_MANAGER, **REASON)
    assert concern(bench, ref).state is ConcernState.CLOSED
    told = bench.last(IRO)
    assert told.title == f"Iris Moss acted on {ref} while you were away"
    bench.command(IRO_MANAGER, "/iro back @ann.lee")
    assert form(bench.press(IRO, button(told, "Reopen"))).deed == "concern.reopen.send"


def test_a_file_that_makes_an_absence_longer_opens_nothing_more(bench: Bench) -> None:
    draft = a_draft(bench)
    ref = logged(bench, worries=CANARY)
    away(bench.engine, bench.cast, IRO, TODAY, date(2026, 12, 11), OTHER_IRO)
    assert reads(bench, OTHER_IRO, draft)
    said_by = "email,from,to,cover_email\nann.lee@anyshire.example,{},{},olu.ade@anyshire.example\n"
    rules = parse_procedures(shipped_text("handbook"), "")
    with transaction(bench.engine, AUTHORITY) as session:
        import_absences(session, rules, said_by.format(TODAY, "2026-12-10"), TODAY, bench.now)
    assert reads(bench, OTHER_IRO, draft), "a shorter one stays the IRO's own word"
    with transaction(bench.engine, AUTHORITY) as session:
        import_absences(session, rules, said_by.format(TODAY, "2027-11-30"), TODAY, bench.now)
    assert not reads(bench, OTHER_IRO, draft)
    assert reads(bench, OTHER_IRO, ref), "the cover stays one"
    assert "20 working days" in said(bench.command(IRO_MANAGER, f"/concern {ref} close"))


def test_an_absence_of_ones_own_counts_to_its_last_day(bench: Bench) -> None:
    ref = logged(bench)
    said(set_away(bench, IRO, IRO, None))
    close(bench, ref, who=IRO_MANAGER, **REASON)
    assert concern(bench, ref).state is ConcernState.CLOSED


# an IRO who is one no more


def test_the_place_of_an_iro_who_is_one_no_more_is_empty(bench: Bench) -> None:
    draft = a_draft(bench)
    ref = logged(bench, worries=CANARY)
    end_role(bench.engine, bench.cast, IRO, "iro", TODAY)
    bench.go_to_day(date(2026, 12, 8))
    nothing = said(bench.command(IRO, "/concern C-999")).replace("C-999", ref)
    for word in ("", "close", "file", "history", "reopen", "record"):
        assert said(bench.command(IRO, f"/concern {ref} {word}")) == nothing
    assert not reads(bench, IRO, draft)
    assert ref not in words(bench.command(IRO, "/concern list mine"))
    assert "There is no" in said(bench.command(IRO, f"/review {CHILD}"))
    waiting = "Ann Lee is an IRO no more: 2 children wait for an IRO (AB-1042 and AB-2077). Open concerns: C-2."
    assert waiting in words(bench.last(IRO_MANAGER))
    bench.forget()
    reply(bench, TEAM_MANAGER, ref, "not agreed")
    assert bench.titles(IRO) == []
    assert bench.titles(IRO_MANAGER) == [f"Tess Hill has replied to {ref}"]
    bench.go_to_day(date(2026, 12, 9))
    assert waiting in words(bench.last(IRO_MANAGER)), "reminded until the children are allocated"
    opened = form(bench.press(IRO_MANAGER, button(bench.last(IRO_MANAGER), "Allocate")))
    bench.submit(IRO_MANAGER, opened, {"iro": str(bench.cast.people[OTHER_IRO]), "iro_reason": "Ann has moved."})
    said(allocate(bench, IRO_MANAGER, OTHER_CHILD, iro=OTHER_IRO))
    bench.forget()
    bench.go_to_day(date(2026, 12, 10))
    assert not any("an IRO no more" in words(one.card) for one in bench.told)
    assert reads(bench, OTHER_IRO, ref)
    assert reads(bench, OTHER_IRO, draft)


def test_the_iro_manager_may_close_where_the_iro_is_one_no_more(bench: Bench) -> None:
    ref = logged(bench)
    end_role(bench.engine, bench.cast, IRO, "iro", date(2026, 12, 6))
    assert errors(close(bench, ref, who=IRO_MANAGER)) == "Say why you act for the IRO."
    bench.forget()
    close(bench, ref, who=IRO_MANAGER, **REASON)
    assert concern(bench, ref).state is ConcernState.CLOSED
    assert bench.titles(IRO) == []


# who covers the IRO manager


def test_who_covers_the_iro_manager_has_their_place_for_concerns_reviews_and_figures_alike(bench: Bench) -> None:
    draft = a_draft(bench)
    ref = logged(bench, worries=CANARY)
    bench.press(IRO, button_of("concern.share", draft))
    sees = (f"/concern {ref}", f"/review {CHILD}", "/iro figures this quarter", "/concern list team")

    def told(who: str) -> list[bool]:
        return ["There is no" in words(one) or "are for" in words(one) for one in (bench.command(who, x) for x in sees)]

    before = told(OTHER_IRO)
    said(set_away(bench, IRO_MANAGER, IRO_MANAGER, OTHER_IRO))
    assert told(IRO_MANAGER) == told(OTHER_IRO) == [False] * 4
    assert before[:2] == [True, True]
    assert reads(bench, OTHER_IRO, ref)
    assert reads(bench, OTHER_IRO, draft), "shared with the IRO manager"
    assert "Caseload, the whole service" in words(bench.command(OTHER_IRO, "/caseload"))
    read = [one for one in entries(bench, ref) if one.what == "read" and one.actor_id == bench.cast.people[OTHER_IRO]]
    assert {one.for_id for one in read} == {bench.cast.people[IRO_MANAGER]}
    away(bench.engine, bench.cast, IRO, TODAY, date(2026, 12, 11))
    assert errors(move(bench, ref, 2, who=OTHER_IRO)) == "Say why you act for the IRO."
    assert isinstance(move(bench, ref, 2, who=OTHER_IRO, **REASON), Notice)
    assert "You cannot make yourself the IRO" in errors(allocate(bench, OTHER_IRO, iro=OTHER_IRO, iro_reason="X"))


# children who come back, and allocations


def left_care(bench: Bench, child: str = CHILD) -> None:
    with transaction(bench.engine, AUTHORITY) as session:
        found = children.by_reference(session, child)
        assert found is not None
        found.left_care_on = date(2026, 11, 30)
        session.add(found)


def bring_back(bench: Bench, who: str, iro: str = OTHER_IRO, **more: str) -> Answer:
    given = {
        "reference": CHILD,
        "looked_after_from": "2026-12-01",
        "track": "looked_after",
        "iro": str(bench.cast.people[iro]),
        "holder": str(bench.cast.people[SOCIAL_WORKER]),
    }
    return bench.press(who, button_of("iro.child.add"), given | more)


def test_a_child_who_comes_back_is_an_allocation_and_no_iros_to_take(bench: Bench) -> None:
    ref = logged(bench, worries=CANARY)
    close(bench, ref)
    left_care(bench)
    for who in (OTHER_IRO, IRO):
        assert errors(bring_back(bench, who, who)) == (
            "AB-1042 was known here before. A child who comes back is allocated by the IRO manager or business "
            "support: ask Iris Moss or Bea Shaw."
        )
    assert not reads(bench, OTHER_IRO, ref)
    assert "is listed. IRO: Olu Ade" in said(bring_back(bench, SUPPORT))
    assert reads(bench, OTHER_IRO, ref)


def test_an_open_formal_concern_leaves_the_iro_to_the_iro_manager_with_a_reason(bench: Bench) -> None:
    ref = logged(bench)
    for who in (SUPPORT, ADMIN):
        opened = form(bench.command(who, f"/iro allocate {CHILD}"))
        assert [one.key for one in opened.fields] == ["now", "holder", "not_theirs", "open"]
        assert f"A formal concern is open ({ref})" in words(opened)
        assert "the IRO manager alone" in errors(allocate(bench, who, iro=OTHER_IRO))
    assert "Say why" in errors(allocate(bench, IRO_MANAGER, iro=OTHER_IRO))
    said(allocate(bench, IRO_MANAGER, iro=OTHER_IRO, iro_reason="Ann has too many."))
    kept = [one.words for one in rows(bench, History) if one.what in ("iro changed", "handed over")]
    assert kept == ["Ann has too many."] * 2
    left_care(bench)
    assert "the IRO manager alone" in errors(bring_back(bench, SUPPORT, IRO))
    asked = form(bring_back(bench, IRO_MANAGER, IRO))
    assert field(asked, "iro_reason").label == "Why the IRO changes"
    assert field(asked, "iro").initial_label.startswith("Ann Lee")
    bench.submit(IRO_MANAGER, asked, {"iro_reason": "Ann knows the child."})
    assert concern(bench, ref).iro_id == bench.cast.people[IRO]


def test_an_informal_concern_leaves_it_to_the_office(bench: Bench) -> None:
    logged(bench, 0)
    assert "Olu Ade" in said(allocate(bench, SUPPORT, iro=OTHER_IRO))


def test_no_file_changes_the_iro_under_an_open_formal_concern(bench: Bench) -> None:
    ref = logged(bench)
    text = "reference,looked_after_from,iro_email,holder_email\n"
    text += f"{CHILD},2026-06-01,{OTHER_IRO}@anyshire.example,{SOCIAL_WORKER}@anyshire.example\n"
    rules = parse_procedures(shipped_text("handbook"), "")
    with pytest.raises(ImportRefused) as refused, transaction(bench.engine, AUTHORITY) as session:
        import_children(session, rules, text, TODAY, bench.now)
    assert ref in str(refused.value.problems[0])
    close(bench, ref)
    with transaction(bench.engine, AUTHORITY) as session:
        import_children(session, rules, text, TODAY, bench.now)


def test_nobody_of_the_office_gives_a_child_to_themself_or_their_team(bench: Bench) -> None:
    for who, role in ((OTHER_IRO, "admin"), (OTHER_WORKER, "support"), (OTHER_MANAGER, "support")):
        take_role(bench.engine, bench.cast, who, role)
    assert "You cannot make yourself the IRO" in errors(allocate(bench, OTHER_IRO, iro=OTHER_IRO))
    for who in (OTHER_WORKER, OTHER_MANAGER):
        assert "to you or your own team" in errors(allocate(bench, who, holder=OTHER_WORKER))
    left_care(bench)
    assert "You cannot make yourself the IRO" in errors(bring_back(bench, OTHER_IRO, OTHER_IRO))
    said(allocate(bench, IRO_MANAGER, OTHER_CHILD, iro=OTHER_IRO))


def test_an_iro_manager_who_is_an_iro_too_takes_a_child_only_where_nothing_is_closed_to_them(bench: Bench) -> None:
    take_role(bench.engine, bench.cast, IRO_MANAGER, "iro")
    draft = a_draft(bench)
    assert "Drafts or notes" in errors(allocate(bench, IRO_MANAGER, iro=IRO_MANAGER))
    bench.press(IRO, button_of("concern.discard", draft))
    said(allocate(bench, IRO_MANAGER, iro=IRO_MANAGER))


def test_nobody_gives_a_child_to_whom_they_cover_and_reads_it_so(bench: Bench) -> None:
    draft = a_draft(bench)
    for who, roles in ((OUTSIDER, ("support", "iro")), (ADMIN, ("team_manager",))):
        for role in roles:
            take_role(bench.engine, bench.cast, who, role)
    said(set_away(bench, OTHER_IRO, OTHER_IRO, IRO_MANAGER, LATER))
    assert "You cover for Olu Ade" in errors(allocate(bench, IRO_MANAGER, iro=OTHER_IRO)), "also on a later day"
    said(set_away(bench, OTHER_IRO, OTHER_IRO, OUTSIDER))
    assert "You cover for Olu Ade" in errors(allocate(bench, OUTSIDER, iro=OTHER_IRO))
    said(set_away(bench, OTHER_MANAGER, OTHER_MANAGER, ADMIN))
    assert "to somebody you cover for" in errors(allocate(bench, ADMIN, holder=OTHER_WORKER))
    said(allocate(bench, SUPPORT, holder=OTHER_WORKER))
    said(allocate(bench, IRO_MANAGER, iro=OTHER_IRO))
    assert not reads(bench, IRO_MANAGER, draft)


def test_who_brings_a_child_back_gives_it_to_nobody_they_cover(bench: Bench) -> None:
    for role in ("support", "iro"):
        take_role(bench.engine, bench.cast, OUTSIDER, role)
    ref = logged(bench, 0, worries=CANARY)
    left_care(bench)
    said(set_away(bench, OTHER_IRO, OTHER_IRO, OUTSIDER))
    assert "You cover for Olu Ade" in errors(bring_back(bench, OUTSIDER))
    assert not reads(bench, OUTSIDER, ref)


def test_a_cover_who_is_away_themselves_acts_for_nobody(bench: Bench) -> None:
    ref = logged(bench, 1, worries=CANARY)
    away(bench.engine, bench.cast, IRO, date(2026, 12, 7), date(2026, 12, 31), OTHER_IRO)
    assert reads(bench, OTHER_IRO, ref)
    away(bench.engine, bench.cast, OTHER_IRO, date(2026, 12, 7), date(2026, 12, 11))
    assert not reads(bench, OTHER_IRO, ref)
    bench.go_to_day(date(2026, 12, 14))
    assert reads(bench, OTHER_IRO, ref)
