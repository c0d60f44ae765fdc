"""Every day that can be given lies in a window that fits its meaning, and an unlikely year is asked about."""

import os
import re
from collections.abc import Iterator
from datetime import date, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import handlers
from handlers.absences.words import understood
from handlers.cards import WRONG, Answer, Errors, FieldKind, Form
from handlers.day_windows import WINDOWS, DayOf, doubt, outside
from handlers.people.dates import typed_day, written_day
from handlers.requests import Value
from scheduling.duration import add_months
from storage.concerns import ConcernState
from tests.bench import Bench, button, utc, words
from tests.cast import (
    CHILD,
    IRO,
    IRO_MANAGER,
    OTHER_CHILD,
    SOCIAL_WORKER,
    SUPPORT,
    TEAM_MANAGER,
)
from tests.databases import sqlite_engine
from tests.handlers.reviews.steps import child_of, do, in_care, last_held_of, shown, tasks_of
from tests.handlers.steps import CLOSED, PLAN, act, brought_in, concern, form, logged, reason, reply, run, said
from tests.led import led

TODAY = date(2026, 12, 14)
HELD = {"held_how": "in person", "participation": "PN1"}
THOROUGH = os.environ.get("THOROUGH") == "1"
IMPOSSIBLE = (
    "0001-01-01", "1850-06-15", "2101-01-01", "9999-12-31", "soon",
    "1900-01-01", "1989-12-31", "2207-06-01", "2027-02-30", "12 Jan", "2026-W50-1", "1e3-01-01",
    "\N{ARABIC-INDIC DIGIT TWO}026-12-14",
)  # fmt: skip


# declared once


def sources() -> Iterator[tuple[str, str]]:
    """Every module of the handlers, with its text."""
    root = Path(handlers.__file__).parent
    return ((str(path.relative_to(root)), path.read_text()) for path in root.rglob("*.py"))


def test_every_kind_of_day_has_its_window() -> None:
    assert set(WINDOWS) == set(DayOf)


def test_no_field_of_a_day_is_made_without_its_kind() -> None:
    made = {where for where, text in sources() if "kind=FieldKind.DATE" in text}
    assert made == {"days.py"}, "make it with handlers.days.day_field, which asks for the kind"


def test_no_day_is_read_but_by_the_one_parser() -> None:
    kept_by_us = {
        "concerns/case.py",  # the moment in a form's context
        "day_words.py",  # the time of a booking
        "concerns/record.py", "absences/lines.py", "lengthened.py", "promises.py", "people/cover_days.py",  # history
        "messages/of_mornings.py", "messages/deciding.py", "messages/of_places.py",  # days of the outbox
        "report/cells.py", "report/concern_charts.py", "figures/reading.py",  # months of tables
    }  # fmt: skip
    assert {where for where, text in sources() if re.search(r"fromisoformat|strptime", text)} <= kept_by_us


# no day, and no text, is too much


@given(st.sampled_from(DayOf), st.dates(), st.dates(date(2015, 1, 1), date(2060, 1, 1)))
def test_any_day_is_answered_and_none_outside_the_known_years_is_taken(means: DayOf, day: date, today: date) -> None:
    sentence = outside(means, day, today)
    if not 1990 <= day.year <= 2100:
        assert "1990 to 2100" in sentence
    if sentence:
        assert sentence.endswith(".")
    assert isinstance(doubt(means, day, today), str)


PIECES = st.sampled_from(
    [
        "1 ",
        "31",
        "2026",
        "9999",
        "0000",
        "-",
        "/",
        ".",
        "jan",
        "december",
        "monday",
        "next ",
        "to ",
        "until ",
        " ",
        "st ",
    ]
)


@given(st.one_of(st.text(max_size=20), st.lists(PIECES, max_size=8).map("".join)), st.dates())
def test_no_text_of_a_day_is_a_fault(text: str, today: date) -> None:
    written_day(text)
    typed_day(text, today)
    typed_day(text, today, not_before=date.max)
    if today.year < 9990:
        understood(text, today)


# every form


def opened(bench: Bench, who: str, answer: Answer) -> tuple[str, Form]:
    return who, form(answer)


def every_form(bench: Bench) -> Iterator[tuple[str, Form, dict[str, Value]]]:
    """Who sees it, each form with a day in it, and what else is filled in, in one world; none of it is ever kept."""
    waiting, planned = logged(bench), logged(bench)
    reply(bench, TEAM_MANAGER, planned, PLAN, plan_by="2026-12-21")
    typed: dict[str, Value] = {"words": "Words.", "reason": "Because.", "answer": PLAN, "plan_by": "2026-12-21"}
    for who, line in (
        (TEAM_MANAGER, f"/concern {waiting} reply"),
        (IRO, f"/concern {waiting} extend"),
        (IRO, f"/concern {waiting} record"),
        (IRO, f"/concern {waiting} cafcass"),
        (IRO, f"/concern {waiting} legal"),
    ):
        yield *opened(bench, who, bench.command(who, line)), typed
    yield *opened(bench, IRO, bench.command(IRO, f"/concern {waiting} close")), CLOSED
    yield *opened(bench, IRO, bench.command(IRO, f"/concern {planned} on the record")), typed
    more_time = button(form(bench.command(TEAM_MANAGER, f"/concern {waiting}")), "Ask for more time")
    yield *opened(bench, TEAM_MANAGER, bench.press(TEAM_MANAGER, more_time)), typed
    new_date = button(form(bench.command(IRO, f"/concern {planned}")), "New date for the plan")
    yield *opened(bench, IRO, bench.press(IRO, new_date)), typed
    brought_in(bench, f"OLD-1,{CHILD},2024-09-02,{IRO}@anyshire.example,,2024-10-01,,,")
    yield *opened(bench, IRO, bench.command(IRO, "/concern C-3 carry")), {"wanted_by": "2026-12-18", "says": "Words."}
    log = form(bench.command(IRO, f"/concern {CHILD}"))
    worry: dict[str, Value] = {"worries": "Worry.", "main_reason": reason(log), "start_at": "1"}
    yield IRO, log, worry
    people: dict[str, Value] = {"iro": str(bench.cast.people[IRO]), "holder": str(bench.cast.people[SOCIAL_WORKER])}
    child = form(bench.command(SUPPORT, "/iro child AB-9001"))
    yield (
        SUPPORT,
        child,
        people | {"track": "short_breaks", "looked_after_from": "2026-12-01", "track_from": "2026-12-01"},
    )
    yield *opened(bench, IRO, bench.command(IRO, "/iro away")), {"from": "2026-12-14"}
    yield from _forms_of_reviews(bench)


def _forms_of_reviews(bench: Bench) -> Iterator[tuple[str, Form, dict[str, Value]]]:
    decided: dict[str, Value] = {"what": "A visit.", "owner_role": "social_worker", "what_else": ""}
    for label in ("Record written", "Record sent", "Decisions", "Midway check", "Seen or spoken to"):
        yield (
            IRO if label != "Record sent" else SUPPORT,
            _form(bench, label),
            {**decided, "words": ""} if (label != "Seen or spoken to") else {"what": ("seen",)},
        )
    early: dict[str, Value] = {"reason": "iro_requests"}
    yield IRO, _form(bench, "Bring forward"), early
    yield IRO, _form(bench, "Change of track"), {"track": "adoption_authorised"}
    for label in ("Book", "Record as held", "Adjourn", "Papers in"):
        yield (
            IRO,
            _form(bench, label, OTHER_CHILD),
            {**HELD, "reason": "Lack of documents", "adjourned_on": "2026-12-14"},
        )
    task = next(row for row in tasks_of(bench, last_held_of(bench)).values() if row.task == "record_written")
    yield IRO, form(bench.submit(IRO, _task_button(task.id), {})), {}
    do(bench, "Record as held", reference=OTHER_CHILD, series=("yes",), **HELD)
    for label in ("Add a meeting", "Complete"):
        yield IRO, _form(bench, label, OTHER_CHILD), {**HELD}


def _task_button(task_id: int | None) -> Form:
    return Form(deed="review.task", title="", fields=(), subject=CHILD, run=task_id)


def _form(bench: Bench, label: str, reference: str = CHILD) -> Form:
    who = SUPPORT if label == "Record sent" else IRO
    return form(bench.press(who, button(shown(bench, who, reference), label)))


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """A week after one child was reviewed; another child's first review is due."""
    for engine in sqlite_engine(tmp_path):
        yield led(Bench(engine, utc("2026-12-07")), _review_and_wait)


def _review_and_wait(bench: Bench) -> None:
    in_care(bench, "2024-01-08", last_review_on=date(2026, 7, 1))
    in_care(bench, "2026-11-30", OTHER_CHILD)
    do(bench, "Record as held", **HELD)
    bench.wake_on_day(TODAY)


def _refused(answer: Answer, key: str) -> bool:
    if isinstance(answer, Errors):
        return key in answer.by_field
    return isinstance(answer, Form) and answer.fields[0].key == WRONG


def _declared() -> set[tuple[str, str]]:
    """The kind and the key of each day that the source puts into a form."""
    call = re.compile(r'day_field\(\s*DayOf\.(\w+),\s*"(\w+)"')
    field = re.compile(r"(\w+): date(?: \| None)? = day(?:_if_any)?\(\s*DayOf\.(\w+)")
    drawn = {found for _, text in sources() for found in call.findall(text)}
    return drawn | {(means, key) for _, text in sources() for key, means in field.findall(text)}


def _days(one: Form) -> Iterator[tuple[str, DayOf]]:
    for field in one.fields:
        if field.kind is FieldKind.DATE:
            assert field.means is not None
            yield field.key, field.means


@pytest.mark.slow
def test_no_form_takes_a_day_that_cannot_be(bench: Bench) -> None:
    tried: set[tuple[str, str]] = set()
    for who, one, typed in every_form(bench):
        for key, means in _days(one):
            for text in IMPOSSIBLE if THOROUGH else IMPOSSIBLE[:5]:
                answer = bench.submit(who, one, {**typed, key: text})
                assert _refused(answer, key), (one.deed, key, text, answer)
            tried.add((means.name, key))
    assert tried == _declared(), "each day that a form can hold is tried here"


@pytest.mark.slow
def test_an_unlikely_year_is_asked_about_with_everything_typed_kept(bench: Bench) -> None:
    asked: set[DayOf] = set()
    for who, one, typed in every_form(bench):
        for key, means in _days(one):
            for day in _unlikely(means):
                answer = bench.submit(who, one, {**typed, key: day.isoformat()})
                if isinstance(answer, Form) and answer.fields[0].text.startswith("Check the year: "):
                    asked.add(means)
                    again = {field.key: field.initial for field in answer.fields}
                    assert again[key] == day.isoformat()
                    assert {name: again[name] for name in typed if name in again} == {
                        name: value for name, value in typed.items() if name in again and name != key
                    } | ({key: day.isoformat()} if key in typed else {})
                else:  # what is known of the child or the concern says that it cannot be
                    assert _refused(answer, key), (one.deed, key, day, answer)
    likely = {means for means, window in WINDOWS.items() if window.likely_back or window.likely_ahead}
    too_near = {DayOf.REPLY_GIVEN, DayOf.BESIDE, DayOf.ON_RECORD, DayOf.MET, DayOf.BROUGHT_FORWARD}
    assert asked == likely - too_near


def _unlikely(means: DayOf) -> Iterator[date]:
    window = WINDOWS[means]
    if window.likely_ahead:
        yield add_months(TODAY, window.likely_ahead) + timedelta(days=1)
    if window.likely_back:
        yield add_months(TODAY, -window.likely_back) - timedelta(days=1)


def tick(answer: Answer) -> dict[str, Value]:
    """The tick that the form asks for, set."""
    years = next(one for one in form(answer).fields if one.key == "years_checked")
    return {"years_checked": tuple(one.value for one in years.choices)}


def test_what_is_right_all_the_same_is_ticked_and_taken(bench: Bench) -> None:
    ref = logged(bench)
    given_day: dict[str, Value] = {"until": "2027-03-15", "reason": "A placement abroad."}
    asked = act(bench, IRO, f"/concern {ref} extend", **given_day)
    assert "New date, Mon 15 Mar 2027 is more than 2 months ahead" in words(asked)
    again = bench.submit(IRO, form(asked), {})
    assert isinstance(again, Form), "sent again without the tick it is asked again"
    other = bench.submit(IRO, form(asked), {**tick(asked), "until": "2027-04-15"})
    assert isinstance(other, Form), "the tick is for the day it names"
    assert "the new time to reply is 5 pm, Mon 15 Mar 2027" in said(bench.submit(IRO, form(asked), tick(asked)))


def test_the_tick_stays_while_something_else_is_asked(bench: Bench) -> None:
    ref = logged(bench)
    asked = act(bench, IRO, f"/concern {ref} extend", until="2027-03-15", reason="Near SW1A 1AA.")
    detail = bench.submit(IRO, form(asked), tick(asked))
    assert "Keep it because" in words(detail)
    kept = bench.submit(IRO, form(detail), {"kept_because": "It is the court's."})
    assert "the new time to reply is 5 pm, Mon 15 Mar 2027" in said(kept)


# an agreed day put right


@pytest.mark.slow
def test_an_agreed_date_is_brought_back_on_record_and_told(bench: Bench) -> None:
    ref = logged(bench)
    own = run(bench, ref).due_at
    asked = act(bench, IRO, f"/concern {ref} extend", until="2027-05-10", reason="Slip of the pen.")
    bench.submit(IRO, form(asked), tick(asked))
    bench.forget()
    shown_again = form(bench.command(IRO, f"/concern {ref} extend"))
    assert "put the date agreed right" in words(shown_again)
    answer = bench.submit(IRO, shown_again, {"until": "2027-01-11", "reason": "January was meant."})
    assert f"{ref}: the new time to reply is 5 pm, Mon 11 Jan 2027." in said(answer)
    assert bench.titles(TEAM_MANAGER) == [f"Another date for {ref}: reply"]
    assert "Reply by 5 pm, Mon 11 Jan 2027: the date agreed." in words(bench.last(TEAM_MANAGER))
    history = words(bench.command(IRO, f"/concern {ref} history"))
    assert "agreed an extension (until Mon 10 May 2027)" in history
    assert "put an agreed date right (until Mon 11 Jan 2027, before until Mon 10 May 2027)" in history
    assert run(bench, ref).extensions == 1, "putting right is no further extension"
    assert own is not None
    too_early = act(bench, IRO, f"/concern {ref} extend", until="2026-12-18", reason="X")
    assert isinstance(too_early, Errors)
    assert "The time of the stage itself ends at 5 pm" in too_early.by_field["until"]
    bench.wake_on_day(date(2027, 1, 11), time(17, 1))
    assert concern(bench, ref).state is ConcernState.ASKED


def test_the_date_of_a_plan_is_brought_back_on_record(bench: Bench) -> None:
    ref = logged(bench)
    asked = reply(bench, TEAM_MANAGER, ref, PLAN, plan_by="2027-08-09")
    bench.submit(TEAM_MANAGER, form(asked), tick(asked))
    new_date = button(form(bench.command(IRO, f"/concern {ref}")), "New date for the plan")
    opened_form = form(bench.press(IRO, new_date))
    assert "It is due by Mon 9 Aug 2027 now." in words(opened_form)
    answer = bench.submit(IRO, opened_form, {"until": "2027-01-08", "reason": "January was meant."})
    assert "the plan is now due by Fri 8 Jan 2027" in said(answer)
    assert "agreed a new date for the plan (until Fri 8 Jan 2027, before until Mon 9 Aug 2027)" in words(
        bench.command(IRO, f"/concern {ref} history")
    )
    bench.wake_on_day(date(2027, 1, 8), time(17, 1))
    assert concern(bench, ref).state is ConcernState.REPLIED


def test_a_day_off_and_one_past_all_stages_are_taken_and_said(bench: Bench) -> None:
    ref = logged(bench)
    answer = said(act(bench, IRO, f"/concern {ref} extend", until="2027-01-16", reason="A weekend."))
    assert "That is not a working day. That is after the limit of all stages, Thu 14 Jan 2027" in answer


def test_nothing_was_done_about_a_concern_before_it_was_raised(bench: Bench) -> None:
    ref = logged(bench)
    for line, key in (("record", "given_on"), ("cafcass", "happened_on"), ("legal", "happened_on")):
        answer = act(
            bench, IRO, f"/concern {ref} {line}", words="Words.", answer="agreed and done", **{key: "2026-12-11"}
        )
        assert isinstance(answer, Errors)
        assert answer.by_field == {key: "This is before Mon 14 Dec 2026, when the concern was raised."}


# typed after a command


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("/iro away 4 Jan 1850 to 21 Dec 1850", "Give a day from 1990 to 2100"),
        ("/iro away 4 Jan 2207 to 5 Jan 2207", "Give a day from 1990 to 2100"),
        ("/iro away 4 Jan 2029 to 5 Jan 2029", "more than a year ahead"),
        ("/iro away 9999-12-31 to monday", "I did not understand the dates"),
    ],
)
def test_days_away_that_cannot_be_are_refused_in_the_form(bench: Bench, line: str, sentence: str) -> None:
    assert sentence in words(form(bench.command(IRO, f"{line} cover @{IRO_MANAGER}")))


def test_days_away_of_an_unlikely_year_are_asked_about(bench: Bench) -> None:
    asked = bench.command(IRO, "/iro away 4 Oct 2027 to 15 Oct 2027 cover @iris.moss")
    assert "First day away, Mon 4 Oct 2027 is more than 9 months ahead" in words(asked)
    assert "You are away from Mon 4 Oct 2027" in said(bench.submit(IRO, form(asked), tick(asked)))


@pytest.mark.parametrize("line", ["/iro figures 1 Apr 9999 to monday", "/iro figures 1 Apr 1850 to 30 Jun 1850"])
def test_periods_that_cannot_be_are_refused_in_a_sentence(bench: Bench, line: str) -> None:
    assert said(bench.command(IRO, line)).endswith(".")


def test_a_month_of_birth_after_care_began_is_refused(bench: Bench) -> None:
    answer = do(bench, "Change of track", born="2024-02")
    assert isinstance(answer, Errors)
    assert answer.by_field == {"born": "This is after Mon 8 Jan 2024, when the child became looked after."}
    do(bench, "Change of track", born="2024-01")
    assert child_of(bench).born == "2024-01"
