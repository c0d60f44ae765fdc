"""What is asked once before something is kept, and never refused: sent again, it is taken as it is."""

from datetime import timedelta
from pathlib import Path

from handlers.cards import Errors, FieldKind, Form
from handlers.requests import Value
from scheduling.procedures import shipped_text
from storage.referrals import Referral
from tests.bench import Bench, button, buttons, utc, words
from tests.cast import ASSISTANT_DIRECTOR, CHILD, IRO, IRO_MANAGER, OTHER_CHILD, OTHER_IRO, TEAM_MANAGER, away
from tests.databases import sqlite_engine
from tests.handlers.steps import (
    DONE,
    NOT_AGREED,
    act,
    close,
    concern,
    field,
    form,
    happened,
    logged,
    reason,
    reference,
    reply,
    rows,
    said,
)


def fill_in(bench: Bench, who: str = IRO, about: str = CHILD) -> tuple[Form, dict[str, Value]]:
    opened = form(bench.command(who, f"/concern {about}"))
    return opened, {"worries": "Worry.", "main_reason": reason(opened), "start_at": "1"}


def asked(opened: Form) -> list[str]:
    """The questions on top of a form."""
    return [one.text for one in opened.fields if one.key.startswith("asked") and one.kind is FieldKind.STATEMENT]


# ------------------------------------------------------------------ why it starts high


def test_who_starts_high_without_a_reason_is_asked_once_and_nothing_typed_is_lost(bench: Bench) -> None:
    opened, typed = fill_in(bench)
    again = form(bench.submit(IRO, opened, {**typed, "start_at": "3", "needs": "A plan."}))
    assert asked(again) == [
        'You start at stage 3 and skip stage 1 and stage 2. Say why under "Reason for starting here", or press Log '
        "again to log it without a reason."
    ]
    assert (again.title, again.submit) == ("Log a concern", "Log")
    kept = {one.key: one.initial for one in again.fields if one.initial}
    assert {key: kept[key] for key in ("worries", "needs", "start_at", "main_reason")} == {
        "worries": "Worry.",
        "needs": "A plan.",
        "start_at": "3",
        "main_reason": typed["main_reason"],
    }
    assert bench.told == []
    assert "C-1 is logged at stage 3." in said(bench.submit(IRO, again, {}))
    assert concern(bench, "C-1").start_reason is None


def test_the_reason_given_when_asked_is_kept(bench: Bench) -> None:
    opened, typed = fill_in(bench)
    again = form(bench.submit(IRO, opened, {**typed, "start_at": "2"}))
    said(bench.submit(IRO, again, {"start_reason": "A hearing on Thursday."}))
    assert concern(bench, "C-1").start_reason == "A hearing on Thursday."


def test_nobody_is_asked_who_gives_the_reason_or_skips_no_formal_stage(bench: Bench) -> None:
    opened, typed = fill_in(bench)
    said(bench.submit(IRO, opened, {**typed, "start_at": "2", "start_reason": "Tried twice."}))
    for place, start in enumerate(("0", "1")):
        opened, typed = fill_in(bench, about=OTHER_CHILD)
        main = field(opened, "main_reason").choices[place].value
        said(bench.submit(IRO, opened, {**typed, "start_at": start, "main_reason": main}))


def test_a_draft_is_saved_without_a_question(bench: Bench) -> None:
    opened, typed = fill_in(bench)
    saved = bench.press(
        IRO, button(opened, "Save draft"), {**typed, "child": field(opened, "child").initial, "start_at": "3"}
    )
    assert "Saved as draft C-1" in said(saved)


# ------------------------------------------------------------------ what is open already


def test_what_is_open_on_the_child_with_the_reason_is_named_once_before_log(bench: Bench) -> None:
    opened, typed = fill_in(bench)
    said(bench.submit(IRO, opened, typed))
    bench.wait(timedelta(seconds=40))
    bench.forget()
    again = form(bench.submit(IRO, *fill_in(bench)))
    assert asked(again) == [
        "C-1 is open on this child with this reason: stage 1, reply by Mon 21 Dec. /concern C-1 shows it. "
        "Press Log again if this is another one."
    ]
    assert bench.told == []
    assert "C-2 is logged" in said(bench.submit(IRO, again, {}))


def test_both_questions_are_put_together_and_a_detail_asked_after_them_brings_them_not_back(bench: Bench) -> None:
    logged(bench)
    opened, typed = fill_in(bench)
    again = form(bench.submit(IRO, opened, {**typed, "start_at": "2"}))
    assert len(asked(again)) == 2
    detail = form(bench.submit(IRO, again, {"worries": "Ring 07700 900123."}))
    assert asked(detail) == []
    assert "C-2 is logged" in said(bench.submit(IRO, detail, {"kept_because": "The duty desk's own number."}))


def test_another_child_reason_or_a_closed_concern_is_not_named(bench: Bench) -> None:
    close(bench, logged(bench))
    opened, typed = fill_in(bench)
    said(bench.submit(IRO, opened, typed))
    said(bench.submit(IRO, *fill_in(bench, about=OTHER_CHILD)))
    opened, typed = fill_in(bench)
    other = field(opened, "main_reason").choices[1].value
    said(bench.submit(IRO, opened, {**typed, "main_reason": other}))


def test_a_draft_is_named_to_whom_it_opens_and_to_nobody_else(bench: Bench) -> None:
    opened, typed = fill_in(bench)
    draft = {**typed, "child": field(opened, "child").initial}
    bench.press(IRO, button(opened, "Save draft"), draft)
    again = form(bench.submit(IRO, *fill_in(bench)))
    assert asked(again) == [
        "C-1 is a draft on this child with this reason. /concern C-1 shows it. Press Log again if this is another one."
    ]
    away(bench.engine, bench.cast, IRO, bench.now.date(), bench.now.date(), OTHER_IRO, by=IRO_MANAGER)
    opened, typed = fill_in(bench, OTHER_IRO)
    assert "C-2 is logged" in said(bench.submit(OTHER_IRO, opened, typed))


def test_a_draft_that_is_logged_is_not_named_to_itself(bench: Bench) -> None:
    opened, typed = fill_in(bench)
    bench.press(IRO, button(opened, "Save draft"), {**typed, "child": field(opened, "child").initial})
    assert "C-1 is logged" in said(bench.submit(IRO, form(bench.command(IRO, "/concern C-1")), {}))


def test_what_is_open_about_the_service_is_named_too(bench: Bench) -> None:
    opened, typed = fill_in(bench, about="service")
    typed["start_at"] = field(opened, "start_at").initial
    said(bench.submit(IRO, opened, typed))
    again = form(bench.submit(IRO, form(bench.command(IRO, "/concern service")), typed))
    assert asked(again)[0].startswith("C-1 is open about the service with this reason: ")


def test_on_the_immediate_route_it_stands_in_the_one_question_that_is_asked(tmp_path: Path) -> None:
    for engine in sqlite_engine(tmp_path):
        bench = Bench(engine, utc("2026-12-11"), shipped_text("nottinghamshire"))
        said(bench.submit(IRO, *fill_in(bench)))
        opened, typed = fill_in(bench)
        confirm = form(bench.submit(IRO, opened, {**typed, "significant_harm": ("yes",), "start_at": "3"}))
        assert confirm.title == "Use the immediate route"
        assert "C-1 is open on this child with this reason: stage 1" in words(confirm)
        assert "C-2 is logged" in said(bench.submit(IRO, confirm, {}))


def test_one_on_the_immediate_route_is_named_as_urgent_and_by_no_stage(tmp_path: Path) -> None:
    for engine in sqlite_engine(tmp_path):
        bench = Bench(engine, utc("2026-12-11"), shipped_text("nottinghamshire"))
        opened, typed = fill_in(bench)
        confirm = form(bench.submit(IRO, opened, {**typed, "significant_harm": ("yes",), "start_at": "3"}))
        assert "C-1 is logged" in said(bench.submit(IRO, confirm, {}))
        (named,) = asked(form(bench.submit(IRO, *fill_in(bench))))
        assert named.startswith("C-1 is open on this child with this reason: urgent, reply by ")


# ------------------------------------------------------------------ notes beside a concern


def test_an_empty_note_of_cafcass_or_legal_advice_is_asked_for_beside_its_field(bench: Bench) -> None:
    ref = logged(bench)
    for line in ("cafcass", "legal"):
        wrong = act(bench, IRO, f"/concern {ref} {line}", words="  ")
        assert isinstance(wrong, Errors)
        assert wrong.by_field == {"words": "Say in a sentence what was done."}
    assert rows(bench, Referral) == []


def test_the_same_referral_on_the_same_day_is_hinted_at_once_and_then_taken(bench: Bench) -> None:
    ref = logged(bench)
    said(act(bench, IRO, f"/concern {ref} cafcass", words="Told by letter."))
    bench.wait(timedelta(minutes=1))
    hint = form(act(bench, IRO, f"/concern {ref} cafcass", words="Told by letter again."))
    assert asked(hint) == [
        "A referral was noted today at 9:30 am: note another? Press Save again to note it.",
    ]
    assert field(hint, "words").initial == "Told by letter again."
    assert len(rows(bench, Referral)) == 1
    said(bench.submit(IRO, hint, {}))
    assert len(rows(bench, Referral)) == 2
    assert happened(bench, ref).count("referred to Cafcass") == 2


def test_a_contact_another_concern_or_another_day_is_no_second_referral(bench: Bench) -> None:
    first, second = logged(bench), logged(bench, about=OTHER_CHILD)
    said(act(bench, IRO, f"/concern {first} cafcass", words="Told by letter."))
    said(act(bench, IRO, f"/concern {first} cafcass", words="Rang them.", kind="contact with Cafcass"))
    said(act(bench, IRO, f"/concern {second} cafcass", words="Told by letter."))
    bench.wait(timedelta(days=1))
    said(act(bench, IRO, f"/concern {first} cafcass", words="Told by letter."))


# ------------------------------------------------------------------ the top stage


def test_at_the_top_stage_what_is_left_to_decide_stands_first_after_any_reply(bench: Bench) -> None:
    for number, answer in enumerate((NOT_AGREED, DONE)):
        ref = logged(bench, 3, about=(CHILD, OTHER_CHILD)[number])
        reply(bench, ASSISTANT_DIRECTOR, ref, answer)
        shown = form(bench.command(IRO, f"/concern {ref}"))
        labels = [one.label for one in buttons(shown)]
        assert labels[:4] == ["Close", "Ask again", "Note a Cafcass referral", "Legal advice"]
        opened = form(bench.press(IRO, button(shown, "Note a Cafcass referral")))
        assert (opened.title, opened.submit) == ("Refer to Cafcass", "Save")
        assert "Nothing is sent to Cafcass from here" in words(opened)


def test_below_the_top_stage_moving_comes_first_and_whoever_replied_is_offered_none_of_it(bench: Bench) -> None:
    ref = logged(bench)
    reply(bench, TEAM_MANAGER, ref, NOT_AGREED)
    labels = [one.label for one in buttons(form(bench.command(IRO, f"/concern {ref}")))]
    assert labels[:3] == ["Close", "Move to another stage", "Ask again"]
    assert "Note a Cafcass referral" not in [
        one.label for one in buttons(form(bench.command(TEAM_MANAGER, f"/concern {ref}")))
    ]


def test_a_concern_about_the_service_has_nobody_to_refer_to_cafcass(bench: Bench) -> None:
    opened, typed = fill_in(bench, about="service")
    typed["start_at"] = "3"
    ref = reference(said(bench.submit(IRO, opened, typed)))
    reply(bench, ASSISTANT_DIRECTOR, ref, NOT_AGREED)
    labels = [one.label for one in buttons(form(bench.command(IRO, f"/concern {ref}")))]
    assert "Note a Cafcass referral" not in labels
    assert labels[:3] == ["Close", "Ask again", "Legal advice"]
