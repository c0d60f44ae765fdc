"""What is asked once before something is kept, and never refused: sent again, it is taken as it is."""

from datetime import timedelta
from pathlib import Path

from handlers.cards import FieldKind, Form
from handlers.requests import Value
from scheduling.procedures import shipped_text
from storage.referrals import Referral
from tests.bench import Bench, button, utc, words
from tests.cast import CHILD, IRO, IRO_MANAGER, OTHER_CHILD, OTHER_IRO, away
from tests.databases import sqlite_engine
from tests.handlers.steps import act, close, concern, field, form, happened, logged, reason, reference, rows, said


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
