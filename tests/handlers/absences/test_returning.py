"""Covers whom the IRO did not name are bound; the IRO who returns finds what was closed, with "Reopen"."""

from datetime import date

import pytest

from handlers.cards import Notice
from storage.concerns import ConcernState
from tests.bench import Bench, button, buttons, words
from tests.cast import (
    IRO,
    IRO_MANAGER,
    OTHER_CHILD,
    OTHER_IRO,
    OTHER_MANAGER,
    SUPPORT,
    TEAM_MANAGER,
    away,
)
from tests.handlers.absences.test_telling import bench
from tests.handlers.steps import NOT_AGREED, act, close, concern, form, happened, logged, move, reply, said

__all__ = ["bench"]
LATER = date(2027, 1, 15)


@pytest.mark.slow
def test_a_cover_whom_somebody_else_entered_moves_at_a_passed_deadline_alone_and_closes_nothing(bench: Bench) -> None:
    quiet, answered = logged(bench, 1), logged(bench, 1, about=OTHER_CHILD)
    reply(bench, OTHER_MANAGER, answered, NOT_AGREED)
    away(bench.engine, bench.cast, IRO, date(2026, 12, 8), LATER, OTHER_IRO, by=SUPPORT)
    bench.go_to_day(date(2026, 12, 10))
    for ref in (quiet, answered):
        refused = said(bench.command(OTHER_IRO, f"/concern {ref} stage 2"))
        assert refused == (
            f"You cover for the IRO by somebody else's entry: you can move {ref} once its time to reply is over."
        )
        assert "only a cover whom the IRO named can close" in said(bench.command(OTHER_IRO, f"/concern {ref} close"))
        assert "only a cover whom the IRO named can close" in said(bench.command(OTHER_IRO, f"/concern {ref} withdraw"))
        shown = [one.label for one in buttons(form(bench.command(OTHER_IRO, f"/concern {ref}")))]
        assert not {"Close", "Withdraw", "Move to another stage"} & {*shown}
    bench.go_to_day(date(2026, 12, 22))
    assert "is now at stage 2" in said(move(bench, quiet, 2, who=OTHER_IRO))
    assert any(one.startswith(f"Olu Ade acted on {quiet}") for one in bench.titles(IRO))
    assert not any(
        one.label in ("Satisfied: close", "Not satisfied: move up")
        for told in bench.inbox(OTHER_IRO)
        for one in buttons(told.card)
    )


def test_a_cover_whom_the_iro_named_closes_and_the_iro_finds_reopen_on_the_first_morning_back(bench: Bench) -> None:
    ref, other = logged(bench, 1), logged(bench, 1, about=OTHER_CHILD)
    reply(bench, TEAM_MANAGER, ref, NOT_AGREED)
    away(bench.engine, bench.cast, IRO, date(2026, 12, 8), date(2026, 12, 11), OTHER_IRO)
    bench.go_to_day(date(2026, 12, 8))
    assert "Satisfied: close" in [one.label for told in bench.inbox(IRO) for one in buttons(told.card)]
    close(bench, ref, who=OTHER_IRO)
    assert concern(bench, ref).state is ConcernState.CLOSED
    bench.forget()
    bench.go_to_day(date(2026, 12, 14))
    morning = bench.last(IRO)
    assert f"{ref}: Olu Ade closed it on Tue 8 Dec, while you were away." in words(morning)
    assert other not in words(morning)
    assert form(bench.press(IRO, button(morning, "Reopen"))).title == f"Reopen {ref}"
    bench.forget()
    bench.go_to_day(date(2026, 12, 15))
    assert bench.told == [], "once"


def test_back_before_the_day_names_what_was_closed(bench: Bench) -> None:
    ref = logged(bench, 1)
    reply(bench, TEAM_MANAGER, ref, NOT_AGREED)
    away(bench.engine, bench.cast, IRO, date(2026, 12, 7), None, OTHER_IRO)
    close(bench, ref, who=OTHER_IRO)
    bench.go_to_day(date(2026, 12, 9))
    back = bench.command(IRO, "/iro back")
    assert isinstance(back, Notice)
    assert f"{ref}: Olu Ade closed it on Mon 7 Dec, while you were away." in back.text
    assert [one.label for one in back.buttons] == [f"Reopen {ref}"]


@pytest.mark.parametrize(("by", "named"), [(IRO, "Ann Lee"), (SUPPORT, "Bea Shaw")])
def test_the_history_says_who_named_the_cover(bench: Bench, by: str, named: str) -> None:
    ref = logged(bench, 1)
    away(bench.engine, bench.cast, IRO, date(2026, 12, 7), None, OTHER_IRO, by=by)
    away(bench.engine, bench.cast, TEAM_MANAGER, date(2026, 12, 7), None, OTHER_MANAGER)
    reply(bench, OTHER_MANAGER, ref, NOT_AGREED)
    act(bench, OTHER_IRO, f"/concern {ref} again", reason="Which day?")
    assert happened(bench, ref)[-1] == "asked again"
    history = words(form(bench.command(IRO_MANAGER, f"/concern {ref} history")))
    assert f"Olu Ade (for Ann Lee, cover named by {named}): asked again" in history
    assert "Mona Ruiz (for Tess Hill, cover named by Tess Hill): replied" in history
