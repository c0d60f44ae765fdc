"""Whatever is sent to a deed has its effect or is answered in a sentence, and nothing outside a form's lists is kept.

Forged by hand on the page, or by a client of another version; a person can hardly type any of it.
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import count
from pathlib import Path
from sqlite3 import Connection
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import select

from handlers.cards import Answer, Button, Errors, Field, FieldKind, Form, Notice
from handlers.concerns.log import RAISED_DURING, VOICE
from handlers.dispatch import DEEDS
from handlers.office import Scene
from handlers.requests import Value
from handlers.reviews.booking import PLACES
from handlers.reviews.hold_form import HOW, OFFERED, TOOK_PART
from handlers.reviews.wording import TRACKS
from handlers.timetable.counting import values_of
from storage.children import Child
from storage.concerns import Concern, ConcernReason
from storage.database import transaction
from storage.decisions import Decision
from storage.replies import Extension
from storage.reviews import Review
from tests.bench import Bench, button, utc, words
from tests.cast import AUTHORITY, CHILD, IRO, IRO_MANAGER, OTHER_CHILD, OUTSIDER, SUPPORT, TEAM_MANAGER
from tests.databases import copied, paste, sqlite_engine
from tests.filling import Hands, Ways
from tests.full_service import BEGINS, PROCEDURES, everything_open
from tests.handlers.reviews.steps import do, in_care, scene_of
from tests.handlers.steps import PLAN, concern, logged, reply
from tests.handlers.steps import form as opened
from tests.stories.test_true_homes import ACTING, SUBJECTS

THOROUGH = os.environ.get("THOROUGH") == "1"
ODD = (
    "", " ", "²", "٣", "-1", "0", "1", "99999999999", "9" * 40, "abc", "add:", "add:AB-9999", "add:²", "yes", "none",
    "NHS number 943 476 5919", "C-1", "AB-1042", "2027-01-12", "2027-02-30", "9999-12-31", "\x00", "\ud83d", "\u202eab",
    "x" * 2901, " " * 20_000, "1" * 20_000, "'; drop table people", "<@U1>", "None", "{}", "[]",
)  # fmt: skip
LEFT_ALONE = ("review.decisions.done.send", "concern.file.done")
"""Ticks of what somebody else has marked meanwhile are passed over, and said to be; of a copy nothing is kept."""


@dataclass(frozen=True)
class World:
    """Where forms are open: by whom, and the database to which every try goes back."""

    hands: Hands
    forms: Sequence[tuple[str, Form]]
    bench: Bench
    start: Connection

    def send(self, who: str, form: Form, values: dict[str, Value], **other: object) -> Answer:
        """The form with these values, in the world as it was."""
        paste(self.start, self.bench.engine)
        parts = {"subject": form.subject, "run": form.run, "context": form.context, "values": values, **other}
        return self.hands.ask(who, form.deed, **parts)  # type: ignore[arg-type]  # each is a field of a request


OPENERS = (
    *((IRO, deed, "C-1") for deed in ("extend", "close", "move", "record", "ask_again", "cafcass", "legal", "correct")),
    *((IRO, deed, "C-2") for deed in ("on_record", "new_date")),
    *((TEAM_MANAGER, deed, "C-1") for deed in ("reply", "needs_manager", "pass", "ask_time")),
    (TEAM_MANAGER, "add", "C-2"), (IRO, "new", CHILD), (IRO, "new", "service"), (IRO, "open", "C-3"),
    *((IRO, f"review.{deed}", CHILD) for deed in ("track", "seen", "decisions", "early", "contact", "record")),
    *((IRO, f"review.{deed}", OTHER_CHILD) for deed in ("book", "hold", "adjourn", "papers")),
    (TEAM_MANAGER, "review.tell", CHILD), (IRO, "praise.form", ""), (IRO_MANAGER, "iro.allocate", CHILD),
    (SUPPORT, "iro.child", ""), (IRO, "iro.away", ""), (IRO, "iro.days", ""),
)  # fmt: skip
"""Who opens which form: one of every kind of field and of every room."""


def _few(bench: Bench) -> Iterator[tuple[str, Form]]:
    in_care(bench, "2024-01-08", last_review_on=date(2026, 7, 1))
    in_care(bench, "2026-11-30", OTHER_CHILD)
    do(bench, "Record as held", held_how="in person", participation="PN1")
    logged(bench)
    reply(bench, TEAM_MANAGER, logged(bench), PLAN, plan_by="2026-12-21")
    about: dict[str, Value] = {"child": str(bench.cast.children[CHILD]), "worries": "Worry."}
    bench.press(IRO, button(opened(bench.command(IRO, f"/concern {CHILD}")), "Save draft"), about)
    for who, deed, subject in OPENERS:
        named = deed if "." in deed else f"concern.{deed}"
        yield who, opened(bench.press(who, Button(label="", deed=named, subject=subject)))


def _all(bench: Bench) -> Iterator[tuple[str, Form]]:
    everything_open(bench)
    ways = Ways(Hands(bench.engine, bench.cast.people, lambda: bench.now))
    ways.look_round(ACTING, SUBJECTS)
    for deed, found in sorted(ways.found.items()):
        way = next((one for one in found if one.form is not None and one.form.deed == deed), None)
        if way is not None and way.form is not None:
            yield way.who, way.form


_KEPT = TemporaryDirectory()


@cache
def world(*, whole: bool) -> World:
    """Made once; each test and each try of one begins with it anew."""
    (folder := Path(_KEPT.name) / str(whole)).mkdir(exist_ok=True)
    engine = next(_ENGINES.setdefault(whole, sqlite_engine(folder)))
    bench = Bench(engine, BEGINS, PROCEDURES) if whole else Bench(engine, utc("2026-12-07"))
    forms = tuple((_all if whole else _few)(bench))
    hands = Hands(engine, bench.cast.people, lambda: bench.now, keys=count(1_000_000))  # none of which was used there
    return World(hands, forms, bench, copied(engine))


_ENGINES: dict[bool, Iterator[Engine]] = {}
"""Held, since an engine is disposed of with its generator."""


# what was forged is refused


LISTS_AND_WORDS = (FieldKind.CHOICE, FieldKind.CHOICES, FieldKind.TEXT, FieldKind.LONG)


def _forged(field: Field) -> Iterator[Value]:
    match field.kind:
        case FieldKind.CHOICE:
            yield from ("nobody offers this", "²", "9" * 30)
        case FieldKind.CHOICES:
            yield ("nobody offers this",)
            yield (*(one.value for one in field.choices), "²")
        case FieldKind.TEXT | FieldKind.LONG:
            yield "x" * (field.max_length + 1)
        case FieldKind.SEARCH:
            yield from ("²", "9" * 30, "nobody", "-1")
        case FieldKind.DATE:
            yield from ("soon", "9999-12-31", "²")


def test_what_no_field_offers_is_refused_beside_each() -> None:
    where = world(whole=False)
    for who, form in where.forms:
        lists = [one for one in form.fields if one.kind in LISTS_AND_WORDS and form.deed not in LEFT_ALONE]
        filled = {one.key: one.initial for one in form.fields if one.initial}
        answer = where.send(who, form, filled | {one.key: next(_forged(one)) for one in lists})
        refused = answer.by_field if isinstance(answer, Errors) else {}
        assert not lists or refused.keys() >= {one.key for one in lists}, (form.deed, answer)


@pytest.mark.slow
def test_what_no_field_of_any_form_offers_is_taken_from_it_alone() -> None:
    where = world(whole=True)
    assert len(where.forms) > 45
    assert "\n".join(_taken(where)) == ""


def _is_refused(answer: Answer) -> bool:
    """Whether it is, or asks about the year first."""
    if isinstance(answer, Form):
        return answer.fields[0].key == "years_asked"
    return isinstance(answer, Errors) or (isinstance(answer, Notice) and answer.refused)


def _taken(where: World) -> Iterator[str]:
    for who, form in where.forms:
        filled = where.hands.values(who, form)
        for field in form.fields:
            for value in _forged(field) if form.deed not in LEFT_ALONE else ():
                answer = where.send(who, form, {**filled, field.key: value})
                if not _is_refused(answer):
                    yield f"{form.deed} {field.key}={str(value)[:30]!r}: {str(answer)[:300]}"


def test_the_sentence_says_how_long_it_is_and_may_be() -> None:
    where = world(whole=False)
    who, form = next((who, form) for who, form in where.forms if form.deed == "concern.reply.send")
    answer = where.send(who, form, {"answer": PLAN, "plan_by": "2026-12-21", "words": "x" * 20_000})
    assert answer == Errors(by_field={"words": "This is 20,000 characters long: shorten it to 2,900."})
    spaces = where.send(who, form, {"answer": PLAN, "plan_by": "2026-12-21", "words": f"No{' ' * 20_000}plan."})
    assert isinstance(spaces, Notice), spaces


# whatever is sent


ANYTHING = st.one_of(
    st.sampled_from(ODD),
    st.text(st.characters(), max_size=40),
    st.integers().map(str),
    st.lists(st.one_of(st.sampled_from(ODD), st.text(max_size=10)), max_size=4).map(tuple),
)
ASIDE = {
    "run": st.one_of(st.none(), st.integers()),
    "subject": st.sampled_from(("C-1", "C-2", "C-3", CHILD, OTHER_CHILD, *ODD)),
    "context": st.dictionaries(st.sampled_from(("since", "sent", "asked", "about_service")), st.sampled_from(ODD)),
}


def _try(where: World, data: st.DataObject) -> None:
    who, form = data.draw(st.sampled_from(where.forms), label="form")
    keys = [one.key for one in form.fields] + ["kept_because", "years_checked"]
    given: dict[str, Value] = data.draw(
        st.dictionaries(st.one_of(st.sampled_from(keys), st.text(max_size=5)), ANYTHING, max_size=5), label="given"
    )
    aside = {key: data.draw(value, label=key) for key, value in ASIDE.items() if data.draw(st.integers(0, 4)) == 0}
    answer = where.send(who, form, {**where.hands.values(who, form), **given}, **aside)
    assert isinstance(answer, Answer)
    if isinstance(answer, Errors):
        assert answer.by_field
        assert all(answer.by_field.values())
    with transaction(where.bench.engine, AUTHORITY, writes=False) as session:
        assert list(outside_their_lists(scene_of(where.bench, session))) == []


@given(st.data())
@settings(deadline=None)
def test_anything_sent_is_answered_and_keeps_to_the_lists(data: st.DataObject) -> None:
    _try(world(whole=False), data)


@pytest.mark.slow
@given(st.data())
@settings(deadline=None, max_examples=600)
def test_anything_sent_to_any_deed_is_answered_and_keeps_to_the_lists(data: st.DataObject) -> None:
    _try(world(whole=True), data)


PEOPLE = (IRO, TEAM_MANAGER, IRO_MANAGER, SUPPORT, OUTSIDER)
PRESSED = sorted({*DEEDS, "command", "search"})


def _press(where: World, data: st.DataObject) -> None:
    deed, who = data.draw(st.sampled_from(PRESSED)), data.draw(st.sampled_from(PEOPLE))
    keys = st.sampled_from(("stage", "what", "child", "also", "done"))
    given = data.draw(st.dictionaries(keys, ANYTHING, max_size=2))
    form = Form(deed=deed, title="", fields=())
    odd = st.one_of(st.sampled_from(ODD), st.text(st.characters(), max_size=20))
    typed = {"words": data.draw(odd), "command": data.draw(st.sampled_from(("concern", "iro", "review", "tell", "²")))}
    aside = {"subject": data.draw(st.one_of(ASIDE["subject"], odd)), "run": data.draw(ASIDE["run"]), **typed}
    assert isinstance(where.send(who, form, given, **aside), Answer)


@given(st.data())
@settings(deadline=None)
def test_any_press_any_command_and_any_search_is_answered(data: st.DataObject) -> None:
    _press(world(whole=False), data)


@pytest.mark.slow
@given(st.data())
@settings(deadline=None, max_examples=1000)
def test_any_press_any_command_and_any_search_is_answered_where_all_is_open(data: st.DataObject) -> None:
    _press(world(whole=True), data)


# what stands already


def test_a_draft_keeps_what_its_list_offers_no_more(tmp_path: Path) -> None:
    for engine in sqlite_engine(tmp_path):
        bench = Bench(engine, utc("2026-12-07"))
        about: dict[str, Value] = {"child": str(bench.cast.children[CHILD]), "worries": "Worry."}
        bench.press(IRO, button(opened(bench.command(IRO, f"/concern {CHILD}")), "Save draft"), about)
        with transaction(engine, AUTHORITY) as session:
            draft = session.exec(select(Concern)).one()
            draft.duty, draft.child_voice = "an old duty", "told,an old tick"
        form = opened(bench.command(IRO, "/concern C-1"))
        kept: dict[str, Value] = {one.key: one.initial for one in form.fields if one.initial}
        assert "Saved as draft" in words(bench.press(IRO, button(form, "Save draft"), kept))
        other = words(bench.press(IRO, button(form, "Save draft"), {**kept, "duty": "another old duty"}))
        assert "Choose one of the list." in other
        assert concern(bench, "C-1").duty == "an old duty"


def test_a_form_whose_moment_is_none_is_told_that_something_happened() -> None:
    where = world(whole=False)
    who, form = next((who, form) for who, form in where.forms if form.deed == "concern.extend.send")
    answer = where.send(who, form, where.hands.values(who, form), context={"since": "abc"})
    assert isinstance(answer, Notice)
    assert "Something happened to C-1 while this was open" in answer.text


def outside_their_lists(scene: Scene) -> Iterator[str]:
    """What is kept that no form offered."""
    rules, session, values = scene.rules, scene.session, values_of(scene)
    reasons = {one.key for one in rules.categories}
    roles = {"", "social_worker", *rules.line_roles, "iro", "support", *rules.other_roles}
    lists: tuple[tuple[type, str, set[object]], ...] = (
        (Concern, "duty", {None, *rules.duties}),
        (Concern, "raised_during", {None, *(one.value for one in RAISED_DURING)}),
        (Concern, "agency", {None, *rules.agencies}),
        (ConcernReason, "reason", {*reasons}),
        (Review, "place_kind", {None, "", *PLACES}),
        (Review, "held_how", {None, "", *HOW}),
        (Review, "late_reason", {None, *values.late_reasons}),
        (Review, "adjourned_reason", {None, *values.late_reasons}),
        (Child, "track", {*TRACKS}),
        (Decision, "owner_role", {*roles}),
    )
    for table, column, allowed in lists:
        every: list[object] = list(session.exec(select(table)))
        kept = {getattr(one, column) for one in every}
        yield from (f"{table.__name__}.{column} = {one!r}" for one in kept - allowed)
    several = ((Concern, "child_voice", {one.value for one in VOICE}), (Review, "took_part", {*TOOK_PART}))
    for table, column, offered in (*several, (Review, "offered", {*OFFERED})):
        rows: list[object] = list(session.exec(select(table)))
        kept = {one for row in rows for one in (getattr(row, column) or "").split(",") if one}
        yield from (f"{table.__name__}.{column} = {one!r}" for one in kept - offered)
    long = (one for one in session.exec(select(Extension)) if len(one.reason or "") > 2900)
    yield from (f"Extension {one.id}: {len(one.reason or '')} characters" for one in long)
