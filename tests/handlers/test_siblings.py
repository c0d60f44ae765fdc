"""Brothers and sisters: a concern logged once more with all that is alike, and never with another child's words."""

import pytest

from handlers.cards import Button
from handlers.requests import Value
from storage.concerns import Concern
from storage.history import History
from tests.bench import Bench, button, buttons, words
from tests.cast import IRO, OTHER_CHILD, OTHER_MANAGER, OUTSIDER, SOCIAL_WORKER, TEAM_MANAGER
from tests.handlers.steps import field, form, logged, notice, rows, said

GIVEN: dict[str, Value] = {
    "needs": "A plan by Easter.",
    "needed_by": "2027-01-08",
    "start_at": "2",
    "start_reason": "It was agreed so.",
    "spoken_to": "The team manager",
    "child_voice": ("advocate",),
}
OWN: dict[str, Value] = {"worries": "Quetzal one.", "working_well": "Quetzal two.", "impact": "Quetzal three."}


def test_everything_is_filled_in_but_the_child_and_the_words_about_them(bench: Bench) -> None:
    opened = form(bench.command(IRO, "/concern AB-1042"))
    typed = {**GIVEN, **OWN, "main_reason": field(opened, "main_reason").choices[1].value}
    given = notice(bench.submit(IRO, opened, typed))
    assert [one.label for one in given.buttons] == ["Open", "Log for a brother or sister"]
    again = form(bench.press(IRO, button(given, "Log for a brother or sister")))
    assert (again.title, again.subject) == ("Log a concern", "")
    kept = {key: field(again, key).initial for key in typed if key in GIVEN or key == "main_reason"}
    assert kept == {**{key: typed[key] for key in kept}, "child_voice": ()}
    assert [field(again, key).initial for key in ("child", *OWN)] == ["", "", "", ""]
    assert "Quetzal" not in words(again)
    bench.forget()
    second = bench.submit(IRO, again, {"child": str(bench.cast.children[OTHER_CHILD]), "worries": "Its own."})
    assert said(second).startswith("C-2 is logged at stage 2.")
    assert "Log for a brother or sister" in [one.label for one in buttons(notice(second))]
    assert bench.titles(TEAM_MANAGER) == []
    assert [one.worries for one in rows(bench, Concern)] == ["Quetzal one.", "Its own."]


@pytest.mark.parametrize("who", [TEAM_MANAGER, SOCIAL_WORKER, OTHER_MANAGER, OUTSIDER])
def test_nobody_but_the_iro_gets_it_filled_in(who: str, bench: Bench) -> None:
    opened = form(bench.command(IRO, "/concern AB-1042"))
    reason = field(opened, "main_reason").choices[0].value
    given = notice(bench.submit(IRO, opened, {**GIVEN, **OWN, "main_reason": reason}))
    answer = bench.press(who, button(given, "Log for a brother or sister"))
    assert notice(answer).refused
    assert "Easter" not in words(answer)


def test_looking_at_it_is_recorded_and_a_concern_about_the_service_has_none(bench: Bench) -> None:
    ref = logged(bench)
    opened = form(bench.command(IRO, "/concern service"))
    reason = field(opened, "main_reason").choices[0].value
    given = notice(bench.submit(IRO, opened, {"worries": "All of it.", "main_reason": reason}))
    assert [one.label for one in given.buttons] == ["Open"]
    refused = bench.press(IRO, Button(label="", deed="concern.sibling", subject="C-2"))
    assert "cannot be logged for another child" in said(refused)
    before = len(rows(bench, History))
    form(bench.press(IRO, Button(label="", deed="concern.sibling", subject=ref)))
    assert [one.what for one in rows(bench, History)[before:]] == ["read"]
