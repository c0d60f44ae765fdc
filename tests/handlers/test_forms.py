"""A form declares itself: it draws, reads, refuses and asks by its fields, and no second list knows of them."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlmodel import select

from handlers.cards import Button, Choice, Errors, FieldKind, Form
from handlers.concerns.log import LogForm
from handlers.day_windows import DayOf
from handlers.dispatch import DEEDS
from handlers.forms.fields import choice, choice_if_any, day, day_if_any, line, press, tick, ticks, words
from handlers.forms.form import Declared, Place
from handlers.forms.kinds import AskedWords
from handlers.office import Scene, rules_in_force
from handlers.requests import Request, Value
from storage.concerns import Concern
from storage.database import transaction
from storage.encrypted import EncryptedText, encrypted_columns
from tests.bench import Bench, button
from tests.bench import words as words_of
from tests.cast import AUTHORITY, CHILD, IRO
from tests.handlers.steps import field, form, logged
from tests.handlers.test_export import exported

COLOURS = (Choice(value="1", label="Red"), Choice(value="2", label="Blue"))


class Example(Declared[str], deed="example", title="Example", submit="Send"):
    """One field of each kind."""

    what: str = words("What?", missing="Say what.")
    short: str = line("In short", limit=10, required=False)
    until: date = day(DayOf.PLAN, "Until")
    since: date | None = day_if_any(DayOf.ON_RECORD, "Since")
    colour: int = choice("Colour", COLOURS, int, missing="Choose a colour.")
    other: int | None = choice_if_any("Other", lambda about: COLOURS if about == "coloured" else (), int)
    kept: bool = tick("Kept", (Choice(value="yes", label="Keep it"),))
    some: tuple[str, ...] = ticks("Some", COLOURS)

    @classmethod
    def place(cls, about: str) -> Place:
        """Anywhere."""
        return Place(subject=about)


RIGHT: dict[str, Value] = {"what": "Words.", "until": "2027-01-12", "colour": "2"}


@pytest.fixture
def scene(bench: Bench) -> Iterator[Scene]:
    """At nobody's desk."""
    with transaction(bench.engine, AUTHORITY, writes=False) as session:
        rules = rules_in_force(session, AUTHORITY)
        yield Scene(session=session, now=bench.now, authority=AUTHORITY, rules=rules)


def sent(scene: Scene, values: dict[str, Value], about: str = "plain") -> Example | Errors | Form:
    request = Request(authority="x", person_id=1, platform="page", key="k", deed="example.send", values=values)
    return Example.read(scene, about, request)


def test_it_draws_what_it_asks_in_order_with_what_was_typed() -> None:
    drawn = Example.draw("plain", {"what": "Words.", "some": ("2",)})
    assert (drawn.deed, drawn.subject) == ("example.send", "plain")
    assert [one.key for one in drawn.fields] == ["what", "short", "until", "since", "colour", "kept", "some"]
    assert (field(drawn, "what").initial, field(drawn, "some").initial) == ("Words.", ("2",))
    assert [one.kind for one in drawn.fields][:3] == [FieldKind.LONG, FieldKind.TEXT, FieldKind.DATE]
    assert "other" in {one.key for one in Example.draw("coloured").fields}


def test_it_reads_typed_values(scene: Scene) -> None:
    given = sent(scene, {**RIGHT, "kept": ("yes",), "some": ("2", "1")})
    assert isinstance(given, Example)
    assert (given.what, given.short, given.until, given.since) == ("Words.", "", date(2027, 1, 12), None)
    assert (given.colour, given.other, given.kept, given.some) == (2, None, True, ("1", "2"))


def test_all_that_is_wrong_is_said_at_once_beside_its_field(scene: Scene) -> None:
    wrong = sent(scene, {"short": "x" * 11, "until": "soon", "colour": "3", "some": ("9",), "kept": "on"})
    assert isinstance(wrong, Errors)
    assert wrong.by_field == {
        "what": "Say what.",
        "short": "This is 11 characters long: shorten it to 10.",
        "until": "Give a date, such as 2027-01-12.",
        "colour": "Choose a colour.",
        "kept": "Choose from the list.",
        "some": "Choose from the list.",
    }


def test_a_field_that_is_not_asked_takes_nothing(scene: Scene) -> None:
    given = sent(scene, {**RIGHT, "other": "1"})
    assert isinstance(given, Example)
    assert given.other is None
    coloured = sent(scene, {**RIGHT, "other": "1"}, "coloured")
    assert isinstance(coloured, Example)
    assert coloured.other == 1


class Another(Example, deed="another", title="Another", submit="Send"):
    """A form like it: one field worded anew, one not asked, one needed at times, and a button between."""

    what: str = words("What else?", missing="Say what else.")
    short: str = ""
    other: int | None = choice_if_any("Other", COLOURS, int, needs=lambda about: about == "coloured")
    show: tuple[()] = press(lambda about: (Button(label=f"Show {about}", deed="example.show"),))


def test_a_form_like_another_takes_its_place_in_its_fields() -> None:
    keys = [one.key for one in Another.draw("plain").fields]
    assert keys == ["what", "until", "since", "colour", "other", "kept", "some", "show"]
    assert field(Another.draw("plain"), "what").label == "What else?"
    assert [one.label for one in field(Another.draw("plain"), "show").buttons] == ["Show plain"]


def test_what_is_needed_may_go_by_what_it_is_about(scene: Scene) -> None:
    assert not field(Another.draw("plain"), "other").required
    assert field(Another.draw("coloured"), "other").required
    request = Request(authority="x", person_id=1, platform="page", key="k", deed="another.send", values=RIGHT)
    given = Another.read(scene, "plain", request)
    assert isinstance(given, Another)
    assert (given.short, given.other) == ("", None)
    assert Another.read(scene, "coloured", request) == Errors(by_field={"other": "Fill this in."})


def test_every_word_is_looked_through_without_being_named_anywhere(scene: Scene) -> None:
    for key in (one.key for one in Example.asked if isinstance(one, AskedWords)):
        refused = sent(scene, {**RIGHT, "what": "Words.", key: "9434765919"})
        assert isinstance(refused, Errors)
        assert [*refused.by_field] == [key]
        asked = sent(scene, {**RIGHT, "what": "Words.", key: "M1 1AA"})
        assert isinstance(asked, Form)
        assert field(asked, "kept_because").label == "Keep it because ..."
        assert field(asked, key).initial == "M1 1AA"


def test_what_is_ticked_already_is_taken_once(bench: Bench) -> None:
    opened = form(bench.command(IRO, f"/concern {CHILD}"))
    reason = field(opened, "other_reasons").choices[0].value
    ticked: dict[str, Value] = {"child": field(opened, "child").initial, "other_reasons": (reason,)}
    bench.press(IRO, button(opened, "Save draft"), {**ticked, "child_voice": ("told",)})
    again = form(bench.command(IRO, "/concern C-1"))
    bench.press(IRO, button(again, "Save draft"), {**ticked, "child_voice": ("told",)})
    kept = form(bench.command(IRO, "/concern C-1"))
    assert [field(kept, key).initial for key in ("other_reasons", "child_voice")] == [(reason,), ("told",)]


def test_the_reason_to_keep_a_detail_is_held_to_its_length_and_looked_through(scene: Scene) -> None:
    for because, said in (
        ("x" * 301, "This is 301 characters long: shorten it to 300."),
        ("9434765919", "Remove the NHS"),
    ):
        refused = sent(scene, {**RIGHT, "what": "Near M1 1AA.", "kept_because": because})
        assert isinstance(refused, Errors)
        assert refused.by_field["kept_because"].startswith(said)


def test_a_year_in_doubt_is_asked_about_with_all_that_was_typed(scene: Scene) -> None:
    asked = sent(scene, {**RIGHT, "until": "2027-10-12"})
    assert isinstance(asked, Form)
    assert (field(asked, "years_checked").label, field(asked, "what").initial) == ("Check the year", "Words.")
    assert isinstance(sent(scene, {**RIGHT, "until": "2027-10-12", "years_checked": ("2027-10-12",)}), Example)


def test_a_deed_that_has_a_form_is_in_the_table_twice_by_one_declaration(bench: Bench) -> None:
    ref = logged(bench)
    opened = form(bench.command(IRO, f"/concern {ref} legal"))
    assert {"concern.legal", opened.deed} <= DEEDS.keys()


def every_form() -> list[type[Declared[Any]]]:
    """All that are in the product."""
    found: list[type[Declared[Any]]] = []
    left: list[type[Declared[Any]]] = [Declared]
    while left:
        kinds = left.pop().__subclasses__()
        left += kinds
        found += [one for one in kinds if one.__module__.startswith("handlers.")]
    return found


def test_words_are_kept_where_they_are_encrypted_and_each_of_a_concern_is_declared() -> None:
    columns = {one.column for kind in every_form() for one in kind.asked if isinstance(one, AskedWords) and one.column}
    assert [str(one) for one in columns if not isinstance(one.type, EncryptedText)] == []
    of_concern = {(Concern, one.key) for one in columns if one.class_ is Concern}
    encrypted = {(table, column) for table, column in encrypted_columns() if table is Concern}
    assert encrypted - of_concern == {(Concern, "kept_because")}


def test_each_word_of_a_concern_is_kept_shown_and_exported(bench: Bench) -> None:
    opened = form(bench.command(IRO, f"/concern {CHILD}"))
    typed = {one.key: f"words of {one.key}" for one in LogForm.asked if isinstance(one, AskedWords)}
    typed = {key: text for key, text in typed.items() if key in {one.key for one in opened.fields}}
    reasons = {"main_reason": field(opened, "main_reason").choices[0].value}
    bench.press(IRO, button(opened, "Save draft"), {"child": field(opened, "child").initial, **typed})
    again = form(bench.command(IRO, "/concern C-1"))
    assert {key: field(again, key).initial for key in typed} == typed
    bench.submit(IRO, again, reasons)
    shown = words_of(form(bench.command(IRO, "/concern C-1")))
    assert [text for text in typed.values() if text not in shown] == []
    exported_words = {one.text for one in exported(bench, IRO, "C-1").narrative}
    assert [text for text in typed.values() if not any(text in one for one in exported_words)] == []


def test_a_discarded_draft_keeps_no_word(bench: Bench) -> None:
    opened = form(bench.command(IRO, f"/concern {CHILD}"))
    keys = {one.key for one in opened.fields}
    texts = [one for one in LogForm.asked if isinstance(one, AskedWords) and one.key in keys]
    typed: dict[str, Value] = {one.key: "Near M1 1AA." for one in texts}
    asked = form(bench.press(IRO, button(opened, "Save draft"), {"child": field(opened, "child").initial, **typed}))
    bench.press(IRO, button(asked, "Save draft"), {**typed, "kept_because": "The police ask for it."})
    bench.press(IRO, button(form(bench.command(IRO, "/concern C-1")), "Discard draft"))
    with transaction(bench.engine, AUTHORITY, writes=False) as session:
        draft = session.exec(select(Concern)).one()
    kept = {column: getattr(draft, column) for table, column in encrypted_columns() if table is Concern}
    assert {column: text for column, text in kept.items() if text is not None} == {}
