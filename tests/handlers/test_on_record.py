""" "On the record": noted by whom it may, at a reply and at the close; named once, counted, and asked for again."""

from datetime import date

from handlers.cards import Answer, Button, Card, Errors
from handlers.concerns.on_record import ON_RECORD
from handlers.requests import Value
from storage.history import History
from tests.bench import Bench, button, buttons, words
from tests.cast import (
    ADMIN,
    CHILD,
    IRO,
    IRO_MANAGER,
    OTHER_IRO,
    OUTSIDER,
    SOCIAL_WORKER,
    SUPPORT,
    TEAM_MANAGER,
    away,
    leave,
)
from tests.handlers.steps import (
    CLOSED,
    act,
    close,
    concern,
    entries,
    field,
    form,
    happened,
    logged,
    notice,
    reply,
    rows,
    said,
)

CLOSED_ON = date(2026, 12, 7)  # a Monday, as the bench begins
DUE = date(2026, 12, 9)
LABEL, DEED = ON_RECORD


def put(bench: Bench, who: str, ref: str, day: date = CLOSED_ON, **typed: Value) -> Answer:
    """Note the day."""
    return act(bench, who, f"/concern {ref} on the record", on_record_on=day.isoformat(), **typed)


def _closed(bench: Bench, on_record_on: str = "") -> str:
    ref = logged(bench)
    close(bench, ref, on_record_on=on_record_on)
    return ref


def _named(bench: Bench, who: str, ref: str) -> list[date]:
    """On which days the person's morning named it."""
    asks = f"{ref} ({CHILD}) was closed on"
    return [one.at.date() for one in bench.inbox(who) if asks in words(one.card) and "Your day" in one.title]


# who notes it, and when


def test_the_iro_notes_it_beside_the_reply_and_again_at_the_close(bench: Bench) -> None:
    ref = logged(bench)
    assert LABEL not in [one.label for one in buttons(form(bench.command(IRO, f"/concern {ref}")))]
    reply(bench, TEAM_MANAGER, ref)
    read = form(bench.press(IRO, button(bench.last(IRO), "Read the reply")))
    asked = form(bench.press(IRO, button(read, LABEL)))
    assert said(bench.submit(IRO, asked, {})) == f"{ref} is on the child's record: Mon 7 Dec 2026."
    assert concern(bench, ref).on_record_on == CLOSED_ON
    assert "A copy was put on the child's record on Mon 7 Dec 2026." in words(bench.command(IRO, f"/concern {ref}"))

    close(bench, ref)
    assert concern(bench, ref).on_record_on is None, "how it ended is not in that copy"
    assert "It is not on the child's record yet." in words(bench.command(IRO, f"/concern {ref}"))
    put(bench, IRO, ref)
    assert concern(bench, ref).on_record_by_id == bench.cast.people[IRO]
    assert happened(bench, ref).count("put on the child's record") == 2
    assert "put on the child's record (on Mon 7 Dec 2026)" in words(bench.command(IRO, f"/concern {ref} history"))
    assert "A copy was put on the child's record on Mon 7 Dec 2026." in words(
        bench.command(IRO, f"/concern {ref} file")
    )


def test_a_day_given_in_the_close_is_kept_and_reopening_leads_to_another(bench: Bench) -> None:
    ref = _closed(bench, on_record_on=CLOSED_ON.isoformat())
    assert concern(bench, ref).on_record_on == CLOSED_ON
    act(bench, IRO, f"/concern {ref} reopen", stage="1", reason="It came back.")
    close(bench, ref)
    assert concern(bench, ref).on_record_on is None


def test_business_support_notes_it_by_reference_and_dates_alone(bench: Bench) -> None:
    ref = logged(bench, worries="Osprey")
    assert said(bench.command(SUPPORT, f"/concern {ref} on the record")).startswith(f"There is no {ref} here")
    reply(bench, TEAM_MANAGER, ref)
    close(bench, ref, what_changed="Osprey")
    bench.forget()
    assert said(bench.command(SUPPORT, f"/concern {ref}")).startswith(f"There is no {ref} here")
    listed = bench.command(SUPPORT, "/iro day")
    assert isinstance(listed, Card)
    assert f"{ref} ({CHILD}): closed on Mon 7 Dec." in words(listed)
    asked = form(bench.press(SUPPORT, button(listed, LABEL)))
    assert [asked.on_top, *(one.text for one in asked.fields if one.text)] == [f"{ref} ({CHILD}): closed Mon 7 Dec."]
    assert "Osprey" not in words(asked)
    done = bench.submit(SUPPORT, asked, {})
    assert buttons(notice(done)) == []
    assert concern(bench, ref).on_record_by_id == bench.cast.people[SUPPORT]
    assert bench.told == [], "nobody is written to"
    assert ref not in words(bench.command(SUPPORT, "/iro day"))
    assert [one.what for one in rows(bench, History) if one.actor_id == bench.cast.people[SUPPORT]] == [
        "put on the child's record"
    ]


def test_who_knows_of_it_is_told_who_notes_it_and_to_anybody_else_it_does_not_exist(bench: Bench) -> None:
    ref = _closed(bench)
    for who in (SOCIAL_WORKER, TEAM_MANAGER, IRO_MANAGER):
        assert "is noted by the IRO or business support" in said(put(bench, who, ref))
        assert LABEL not in [one.label for one in buttons(form(bench.command(who, f"/concern {ref}")))]
    for who in (OTHER_IRO, ADMIN, OUTSIDER):
        assert said(put(bench, who, ref)).startswith(f"There is no {ref} here")


def test_a_cover_notes_it_for_the_iro_who_is_told_where_another_entered_them(bench: Bench) -> None:
    ref = _closed(bench)
    away(bench.engine, bench.cast, IRO, CLOSED_ON, DUE, OTHER_IRO, by=IRO_MANAGER)
    bench.forget()
    put(bench, OTHER_IRO, ref)
    assert entries(bench, ref)[-1].for_id == bench.cast.people[IRO]
    assert [one.title for one in bench.told] == [f"Olu Ade acted on {ref} while you were away"]


def test_a_day_that_cannot_be_is_refused_beside_it(bench: Bench) -> None:
    ref = _closed(bench)
    for day, why in (("2026-12-08", "still to come"), ("2026-12-06", "when it was closed"), ("", "Give a date.")):
        problem = act(bench, IRO, f"/concern {ref} on the record", on_record_on=day)
        assert isinstance(problem, Errors)
        assert why in problem.by_field["on_record_on"]
    assert concern(bench, ref).on_record_on is None


def test_a_concern_about_the_service_is_on_no_childs_record(bench: Bench) -> None:
    ref = logged(bench, 3, about="service")
    asked = form(bench.command(IRO, f"/concern {ref} close"))
    assert not {"on_record_on", "child_told"} & {one.key for one in asked.fields}
    bench.submit(IRO, asked, {"outcome": "resolved", "what_changed": "Much."})
    assert "is about the service" in said(bench.command(IRO, f"/concern {ref} on the record"))
    bench.go_to_day(DUE)
    assert "record" not in "".join(words(one.card) for one in bench.told)
    assert "On the record" not in words(bench.command(IRO_MANAGER, "/iro day"))


def test_done_with_the_copy_leads_to_it(bench: Bench) -> None:
    ref = _closed(bench)
    done = bench.submit(IRO, form(bench.command(IRO, f"/concern {ref} file")), {})
    assert "Once it is there, note the day." in said(done)
    assert [one.deed for one in buttons(notice(done))] == [DEED]


# the morning


def test_the_iro_is_asked_once_two_working_days_after_the_close(bench: Bench) -> None:
    ref = _closed(bench)
    bench.go_to_day(date(2026, 12, 10))
    assert _named(bench, IRO, ref) == [DUE]
    assert [one.label for one in buttons(bench.last(IRO))] == [LABEL, "Copy for the case record"]
    assert [one for one in bench.told if one.title.startswith("Your day") and one.to != IRO] == []


def test_what_is_on_the_record_by_then_is_not_named(bench: Bench) -> None:
    ref = _closed(bench)
    put(bench, SUPPORT, ref)
    bench.go_to_day(DUE)
    assert [one for one in bench.told if one.title.startswith("Your day")] == []


def test_while_the_iro_is_away_the_cover_is_asked_and_the_iro_on_return(bench: Bench) -> None:
    ref = _closed(bench)
    away(bench.engine, bench.cast, IRO, date(2026, 12, 8), date(2026, 12, 10), OTHER_IRO)
    bench.go_to_day(date(2026, 12, 11))
    assert _named_for(bench, OTHER_IRO, ref) == [DUE]
    assert _named(bench, IRO, ref) == [date(2026, 12, 11)]


def _named_for(bench: Bench, who: str, ref: str) -> list[date]:
    return [one.at.date() for one in bench.inbox(who) if f"{ref} (" in words(one.card) and "record?" in words(one.card)]


def test_of_an_iro_who_left_the_iro_manager_is_asked(bench: Bench) -> None:
    ref = _closed(bench)
    leave(bench.engine, bench.cast, IRO, date(2026, 12, 8))
    bench.go_to_day(DUE)
    assert _named_for(bench, IRO_MANAGER, ref) == [DUE]


def test_the_iro_managers_day_names_what_is_not_there_yet(bench: Bench) -> None:
    first, second = _closed(bench), _closed(bench)
    assert "On the record" not in words(bench.command(IRO_MANAGER, "/iro day")), "it has two working days"
    bench.go_to_day(DUE)
    assert f"2 closed concerns not yet ({first} and {second})." in words(bench.command(IRO_MANAGER, "/iro day"))
    put(bench, IRO, first, DUE)
    assert f"1 closed concern not yet ({second})." in words(bench.command(IRO_MANAGER, "/iro day"))
    assert bench.titles(IRO_MANAGER) == []


# what "Close" asks


def test_close_shows_the_reply_and_chooses_nothing_beforehand(bench: Bench) -> None:
    ref = logged(bench)
    assert "Nobody has replied." in words(bench.command(IRO, f"/concern {ref} close"))
    reply(bench, TEAM_MANAGER, ref)
    asked = form(bench.press(IRO, button(bench.last(IRO), "Satisfied: close")))
    assert asked.fields[0].label.startswith("Tess Hill: agreed and done")
    assert asked.fields[0].text == "Words."
    assert [field(asked, key).initial for key in ("outcome", "child_told", "on_record_on")] == ["", "", ""]
    assert happened(bench, ref)[-1] == "read"
    problem = bench.submit(IRO, asked, {})
    assert isinstance(problem, Errors)
    assert {*problem.by_field} == {"outcome", "what_changed", "child_told"}


def test_after_a_close_the_iro_alone_is_asked_to_recognise_good_practice(bench: Bench) -> None:
    ref = logged(bench)
    bench.forget()
    done = close(bench, ref)
    assert [one.deed for one in buttons(notice(done))] == ["praise.form"]
    assert form(bench.press(IRO, button(notice(done), "Recognise good practice"))).title == "Recognise good practice"
    assert "good practice" not in "".join(words(one.card) for one in bench.told).lower()
    assert "The child has been told\nYes" in words(bench.command(IRO, f"/concern {ref}"))


def test_of_what_is_withdrawn_neither_is_asked_nor_of_who_closes_in_the_iros_place(bench: Bench) -> None:
    first, ref = logged(bench), logged(bench)
    done = act(bench, IRO, f"/concern {first} withdraw", what_changed="A mistake.")
    assert buttons(notice(done)) == []
    assert concern(bench, first).child_told is None
    leave(bench.engine, bench.cast, IRO, date(2026, 12, 4))
    done = close(bench, ref, who=IRO_MANAGER, **CLOSED, manager_reason="Nobody else is here.")
    assert "is closed" in said(done)
    assert buttons(notice(done)) == []


# what "Log" asks


def test_why_by_that_day_stays_in_the_form_and_the_guardian_is_among_those_told(bench: Bench) -> None:
    ref = logged(
        bench, needed_by="2026-12-18", needed_why="The hearing on Osprey Lane.", child_voice=("told", "guardian")
    )
    shown = words(bench.command(IRO, f"/concern {ref}"))
    assert "Why by then\nThe hearing on Osprey Lane." in shown
    assert "Their guardian was told" in shown
    assert bench.told
    assert "Osprey" not in "".join(words(one.card) for one in bench.told)


def test_the_reason_for_a_day_comes_back_with_a_draft(bench: Bench) -> None:
    opened = form(bench.command(IRO, f"/concern {CHILD}"))
    typed = {"child": field(opened, "child").initial, "worries": "W", "needed_why": "A move."}
    bench.press(IRO, Button(label="", deed="concern.save_draft"), typed)
    assert field(bench.command(IRO, "/concern C-1"), "needed_why").initial == "A move."
