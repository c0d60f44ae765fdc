"""Who may do what: every act of a concern against every member of the cast (the table of roles in the contract)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest

from handlers.cards import Answer, Button, Card, Errors, Form, Notice
from handlers.dispatch import DEEDS
from handlers.requests import Value
from scheduling.procedures import shipped_text
from storage.concerns import Concern, ConcernState
from storage.history import History
from storage.outbox import Outbox
from storage.replies import Reply
from tests.bench import Bench, button, buttons, utc, words
from tests.cast import (
    ADMIN,
    ASSISTANT_DIRECTOR,
    CHILD,
    IRO,
    IRO_MANAGER,
    OTHER_CHILD,
    OTHER_IRO,
    OTHER_MANAGER,
    OUTSIDER,
    SERVICE_MANAGER,
    SOCIAL_WORKER,
    SUPPORT,
    TEAM_MANAGER,
    away,
    leave,
)
from tests.databases import sqlite_engine
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
    move,
    reply,
    rows,
    said,
)

Prepare = Callable[[Bench], str]
Try = Callable[[Bench, str, str], Answer]

ANYONE_ELSE = (OUTSIDER, OTHER_IRO, OTHER_MANAGER, SUPPORT, ADMIN)
MANAGER_REASON: dict[str, Value] = {"manager_reason": "Nobody else is here."}
CANARY = "Kestrel"


@dataclass(frozen=True)
class Row:
    """One act: the concern it is done to, how it is tried, whether it was done, and who besides the IRO may."""

    prepare: Prepare
    do: Try
    done: Callable[[Bench, str], bool]
    allowed: tuple[str, ...] = (IRO,)
    told_why_not: tuple[str, ...] = ()
    steering: bool = True


def _typed(line: str, **values: Value) -> Try:
    return lambda bench, who, ref: act(bench, who, f"/concern {ref} {line}", **MANAGER_REASON, **values)


def _pressed(deed: str, **values: Value) -> Try:
    def press(bench: Bench, who: str, ref: str) -> Answer:
        opened = bench.press(who, Button(label="", deed=deed, subject=ref))
        return bench.submit(who, opened, values) if isinstance(opened, Form) and opened.deed else opened

    return press


def _at_stage_1(bench: Bench) -> str:
    return logged(bench, worries=CANARY)


def _draft(bench: Bench) -> str:
    opened = form(bench.command(IRO, f"/concern {CHILD}"))
    bench.press(IRO, button(opened, "Save draft"), {"child": field(opened, "child").initial, "worries": CANARY})
    return "C-1"


def _replied(bench: Bench) -> str:
    ref = logged(bench, worries=CANARY)
    reply(bench, TEAM_MANAGER, ref)
    return ref


def _closed(bench: Bench) -> str:
    ref = logged(bench, worries=CANARY)
    close(bench, ref)
    return ref


def _log_draft(bench: Bench, who: str, ref: str) -> Answer:
    """The draft's form, submitted by somebody else from what they know of it."""
    mine = Form(deed="concern.log", title="", subject=ref, fields=())
    chosen = {"child": str(bench.cast.children[CHILD]), "worries": "W", "main_reason": "other", "start_at": "1"}
    return bench.submit(who, mine, chosen)


def _extend(bench: Bench, who: str, ref: str) -> Answer:
    """The form to agree an extension, submitted by anybody: typed, the command asks for whoever is to reply."""
    agreed = Form(deed="concern.extend.send", title="", subject=ref, fields=())
    given: dict[str, Value] = {"until": "2027-01-29", "reason": "X", "manager_reason": "Nobody else is here."}
    return bench.submit(who, agreed, given)


def _state(*wanted: ConcernState) -> Callable[[Bench, str], bool]:
    return lambda bench, ref: concern(bench, ref).state in wanted


def _history(what: str) -> Callable[[Bench, str], bool]:
    return lambda bench, ref: what in happened(bench, ref)


def _stage(number: int) -> Callable[[Bench, str], bool]:
    return lambda bench, ref: concern(bench, ref).highest_stage == number


_IN_LINE = (SOCIAL_WORKER, TEAM_MANAGER, SERVICE_MANAGER, ASSISTANT_DIRECTOR)
_STEERED = (*_IN_LINE, IRO_MANAGER)

ROWS = {
    "log a draft": Row(_draft, _log_draft, _state(ConcernState.WAITING), steering=False),
    "edit a draft": Row(_draft, _pressed("concern.save_draft"), _history("never"), allowed=(), steering=False),
    "discard a draft": Row(_draft, _pressed("concern.discard"), _state(ConcernState.DISCARDED), steering=False),
    "share": Row(_at_stage_1, _pressed("concern.share"), _history("shared with the IRO manager"), steering=False),
    "withdraw": Row(
        _at_stage_1, _typed("withdraw", what_changed="X"), _state(ConcernState.CLOSED), told_why_not=_STEERED
    ),
    "reopen": Row(_closed, _typed("reopen", reason="X"), _state(ConcernState.WAITING), told_why_not=_STEERED),
    "move up": Row(_at_stage_1, _typed("stage 2", reason="X"), _stage(2), told_why_not=_STEERED),
    "move to the top": Row(_at_stage_1, _typed("stage 3", reason="X"), _stage(3), told_why_not=_STEERED),
    "close": Row(_replied, _typed("close", **CLOSED), _state(ConcernState.CLOSED), told_why_not=_STEERED),
    "extend": Row(
        _at_stage_1,
        _extend,
        _history("agreed an extension"),
        told_why_not=_STEERED,
    ),
    "ask again": Row(_replied, _typed("again", reason="X"), _history("asked again"), told_why_not=_STEERED),
    "refer to Cafcass": Row(
        _at_stage_1, _typed("cafcass", words="X"), _history("referred to Cafcass"), told_why_not=_STEERED
    ),
    "note legal advice": Row(_at_stage_1, _typed("legal", words="X"), _history("legal advice"), told_why_not=_STEERED),
    "record a reply": Row(
        _at_stage_1,
        _typed("record", answer="agreed and done", words="X"),
        _history("recorded a reply"),
        told_why_not=_STEERED,
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", ROWS)
def test_only_the_iro_does_what_steers_a_concern(name: str, bench: Bench) -> None:
    row = ROWS[name]
    ref = row.prepare(bench)
    bench.forget()
    for who in (*_IN_LINE, IRO_MANAGER, *ANYONE_ELSE):
        before = _kept(bench)
        refusal = said(row.do(bench, who, ref))
        if who in row.told_why_not:
            assert "Only the child's IRO" in refusal or "IRO's alone" in refusal, (who, refusal)
        elif name not in {"share", "log a draft"}:
            assert refusal == _of_nothing(bench, who, row, ref), who
        assert _kept(bench) == before, f"{who} changed something"
    assert bench.told == []
    for who in row.allowed:
        row.do(bench, who, ref)
        assert row.done(bench, ref), who


@pytest.mark.parametrize("name", [name for name, row in ROWS.items() if row.steering])
def test_the_iros_cover_may_on_its_dates_and_is_a_stranger_outside_them(name: str, bench: Bench) -> None:
    row = ROWS[name]
    ref = row.prepare(bench)
    away(bench.engine, bench.cast, IRO, date(2026, 12, 1), date(2026, 12, 4), OTHER_IRO)
    away(bench.engine, bench.cast, IRO, date(2026, 12, 8), date(2026, 12, 9), OTHER_IRO)
    assert said(row.do(bench, OTHER_IRO, ref)) == _of_nothing(bench, OTHER_IRO, row, ref)
    bench.go_to_day(date(2026, 12, 8))
    before = len(entries(bench, ref))
    row.do(bench, OTHER_IRO, ref)
    assert row.done(bench, ref)
    mine = [one for one in entries(bench, ref)[before:] if one.actor_id == bench.cast.people[OTHER_IRO]]
    assert mine
    assert {one.for_id for one in mine} == {bench.cast.people[IRO]}, "what a cover does is recorded as for the IRO"


_GONE = {
    "away": lambda bench: away(bench.engine, bench.cast, IRO, date(2026, 11, 2), date(2026, 12, 11)),
    "gone": lambda bench: leave(bench.engine, bench.cast, IRO, date(2026, 12, 6)),
}


@pytest.mark.slow
@pytest.mark.parametrize("gone", _GONE)
@pytest.mark.parametrize("name", [name for name, row in ROWS.items() if row.steering])
def test_the_iro_manager_acts_for_an_absent_iro_who_is_told_while_they_serve(
    name: str, gone: str, bench: Bench
) -> None:
    row = ROWS[name]
    ref = row.prepare(bench)
    _GONE[gone](bench)
    bench.forget()
    row.do(bench, IRO_MANAGER, ref)
    assert row.done(bench, ref)
    told = [f"Iris Moss acted on {ref} while you were away"] if gone == "away" else []
    assert [one.title for one in bench.inbox(IRO)] == told, "nobody who has left is written to"
    reasons = [one.words for one in entries(bench, ref) if one.what == "acted for the IRO"]
    assert reasons == ["Nobody else is here."]


def test_the_iro_manager_gives_a_reason_or_nothing_happens(bench: Bench) -> None:
    ref = logged(bench)
    away(bench.engine, bench.cast, IRO, date(2026, 11, 2), date(2026, 12, 11))
    problem = close(bench, ref, who=IRO_MANAGER)
    assert isinstance(problem, Errors)
    assert "manager_reason" in problem.by_field
    assert concern(bench, ref).state is ConcernState.WAITING


def test_the_iro_manager_is_told_when_they_could(bench: Bench) -> None:
    ref = logged(bench)
    refusal = said(bench.command(IRO_MANAGER, f"/concern {ref} stage 2"))
    assert "when the IRO is away or has left" in refusal


def test_the_iro_manager_logs_for_an_absent_iro_with_a_reason_on_record(bench: Bench) -> None:
    assert "not away" in said(bench.command(IRO_MANAGER, f"/concern {CHILD}"))
    away(bench.engine, bench.cast, IRO, date(2026, 12, 7), date(2026, 12, 11))
    ref = logged(bench, who=IRO_MANAGER, manager_reason="Nobody else is here.")
    assert bench.titles(IRO) == [f"Iris Moss acted on {ref} while you were away"]
    assert [one.words for one in entries(bench, ref) if one.what == "acted for the IRO"] == ["Nobody else is here."]


def test_the_iro_manager_cannot_share_the_iros_notes_with_themselves(bench: Bench) -> None:
    ref = logged(bench)
    act(bench, IRO, f"/concern {ref} legal", words="Osprey")
    away(bench.engine, bench.cast, IRO, date(2026, 12, 7), date(2026, 12, 11))
    bench.press(IRO_MANAGER, Button(label="", deed="concern.share", subject=ref))
    assert "Osprey" not in words(bench.command(IRO_MANAGER, f"/concern {ref}"))


@pytest.mark.parametrize("who", [OTHER_IRO, SUPPORT, ADMIN, OUTSIDER, SOCIAL_WORKER, TEAM_MANAGER])
def test_nobody_but_the_childs_iro_logs_about_a_child(who: str, bench: Bench) -> None:
    assert isinstance(bench.command(who, f"/concern {CHILD}"), Notice)
    assert rows(bench, Concern) == []


@pytest.mark.parametrize("who", [SUPPORT, ADMIN, OUTSIDER, SOCIAL_WORKER, TEAM_MANAGER])
def test_a_child_who_exists_and_one_who_does_not_sound_alike(who: str, bench: Bench) -> None:
    assert said(bench.command(who, f"/concern {CHILD}")) == said(bench.command(who, "/concern AB-9999"))


# strangers

_EVERY_WORD = (
    "",
    "reply",
    "stage 2",
    "extend",
    "close",
    "withdraw",
    "reopen",
    "cafcass",
    "legal",
    "history",
    "file",
    "again",
    "record",
    "correct",
    "lasted",
    "carry",
)
_WITHOUT_A_CONCERN = {"concern.new", "concern.list", "concern.log", "concern.save_draft"}
_EVERY_DEED = [deed for deed in DEEDS if deed.startswith("concern.") and deed not in _WITHOUT_A_CONCERN]

_BY_REFERENCE_ALONE = {"concern.on_record", "concern.on_record.send"}
"""What business support does to a closed concern that they cannot see."""


@pytest.mark.slow
@pytest.mark.parametrize(
    "prepare",
    [_at_stage_1, pytest.param(_draft, marks=pytest.mark.slow), pytest.param(_closed, marks=pytest.mark.slow)],
    ids=["open", "draft", "closed"],
)
def test_to_anyone_else_a_concern_is_as_if_it_did_not_exist(prepare: Prepare, bench: Bench) -> None:
    ref = prepare(bench)
    strangers = ANYONE_ELSE if prepare is not _draft else (*ANYONE_ELSE, SOCIAL_WORKER, TEAM_MANAGER, IRO_MANAGER)
    before = _kept(bench)
    for who in strangers:
        for word in _EVERY_WORD:
            assert _same(bench.command(who, f"/concern {ref} {word}"), ref) == _same(
                bench.command(who, f"/concern C-999 {word}"), "C-999"
            ), f"{who}: {word}"
        for deed in _EVERY_DEED:
            if who == SUPPORT and deed in _BY_REFERENCE_ALONE and prepare is _closed:
                continue
            ours, nothing = (Button(label="", deed=deed, subject=one, run=1) for one in (ref, "C-999"))
            assert _same(bench.press(who, ours), ref) == _same(bench.press(who, nothing), "C-999"), f"{who}: {deed}"
    assert _kept(bench) == before


def test_a_discarded_draft_does_not_exist_for_anybody(bench: Bench) -> None:
    ref = _draft(bench)
    bench.press(IRO, Button(label="", deed="concern.discard", subject=ref))
    assert _same(bench.command(IRO, f"/concern {ref}"), ref) == _same(bench.command(IRO, "/concern C-999"), "C-999")


@pytest.mark.parametrize("who", [*ANYONE_ELSE, SOCIAL_WORKER])
def test_lists_show_nobody_a_concern_they_may_not_know(who: str, bench: Bench) -> None:
    logged(bench, about=OTHER_CHILD if who != OTHER_MANAGER else CHILD)
    for which in ("mine", "team", "overdue", "drafts", "closed"):
        assert "C-1" not in words(bench.command(who, f"/concern list {which}"))


# reading


def test_the_social_worker_reads_it_once_addressed_or_copied(bench: Bench) -> None:
    ref = logged(bench, 1, worries=CANARY)
    assert CANARY in words(bench.command(SOCIAL_WORKER, f"/concern {ref}")), "copied by default from stage 1"
    informal = logged(bench, 0, worries=CANARY)
    assert CANARY in words(bench.command(SOCIAL_WORKER, f"/concern {informal}"))


def test_a_social_worker_neither_addressed_nor_copied_reads_nothing(tmp_path: Path) -> None:
    with _under('copied = ["social_worker"]', "copied = []", tmp_path) as bench:
        ref = logged(bench, 1, worries=CANARY)
        assert CANARY not in words(bench.command(SOCIAL_WORKER, f"/concern {ref}"))


def test_a_manager_in_the_line_sees_stage_and_dates_until_addressed(bench: Bench) -> None:
    ref = logged(bench, 1, worries=CANARY)
    seen = words(bench.command(SERVICE_MANAGER, f"/concern {ref}"))
    assert CANARY not in seen
    assert ref in seen
    assert "Stage 1" in seen
    assert "Reply by 5 pm, Mon 21 Dec 2026" in seen
    assert "file opens to you" in said(bench.command(SERVICE_MANAGER, f"/concern {ref} file"))
    move(bench, ref, 2)
    assert CANARY in words(bench.command(SERVICE_MANAGER, f"/concern {ref}"))


def test_a_manager_alerted_at_the_deadline_reads_it(bench: Bench) -> None:
    ref = logged(bench, 1, worries=CANARY)
    bench.go_to_day(date(2026, 12, 22))
    assert CANARY in words(bench.command(SERVICE_MANAGER, f"/concern {ref}"))


def test_a_manager_covering_an_addressee_reads_it_on_the_dates_only(bench: Bench) -> None:
    ref = logged(bench, 1, worries=CANARY)
    away(bench.engine, bench.cast, TEAM_MANAGER, date(2026, 12, 8), date(2026, 12, 8), OTHER_MANAGER)
    assert CANARY not in words(bench.command(OTHER_MANAGER, f"/concern {ref}"))
    bench.go_to_day(date(2026, 12, 8))
    assert CANARY in words(bench.command(OTHER_MANAGER, f"/concern {ref}"))
    bench.go_to_day(date(2026, 12, 9))
    assert CANARY not in words(bench.command(OTHER_MANAGER, f"/concern {ref}"))


def test_the_iro_manager_reads_and_does_no_more(bench: Bench) -> None:
    ref = logged(bench, 1, worries=CANARY)
    opened = bench.command(IRO_MANAGER, f"/concern {ref}")
    assert CANARY in words(opened)
    assert {one.label for one in buttons(form(opened))} == {"History", "Copy for the case record"}


def test_reading_is_recorded_with_who_and_for_whom(bench: Bench) -> None:
    ref = logged(bench)
    bench.command(SOCIAL_WORKER, f"/concern {ref}")
    bench.command(SERVICE_MANAGER, f"/concern {ref}")
    bench.command(IRO_MANAGER, f"/concern {ref} file")
    readers = [(one.what, one.actor_id) for one in entries(bench, ref)]
    people = bench.cast.people
    assert ("read", people[SOCIAL_WORKER]) in readers
    assert ("copied for the case record", people[IRO_MANAGER]) in readers
    assert people[SERVICE_MANAGER] not in [actor for _, actor in readers], "stage and dates are no narrative"


@pytest.mark.parametrize(
    ("who", "may"),
    [(IRO, True), (IRO_MANAGER, True), (SOCIAL_WORKER, True), (TEAM_MANAGER, True), (SERVICE_MANAGER, False)],
)
def test_the_file_is_for_those_who_may_read(who: str, may: bool, bench: Bench) -> None:
    ref = logged(bench, worries=CANARY)
    assert (CANARY in words(bench.command(who, f"/concern {ref} file"))) is may


def test_a_draft_has_no_file(bench: Bench) -> None:
    ref = _draft(bench)
    assert CANARY not in words(bench.command(IRO, f"/concern {ref} file"))


@pytest.mark.parametrize("who", [IRO, IRO_MANAGER, SOCIAL_WORKER, TEAM_MANAGER, SERVICE_MANAGER])
def test_the_history_is_for_all_who_know_of_it_and_holds_no_words(who: str, bench: Bench) -> None:
    ref = logged(bench, worries=CANARY)
    told = words(bench.command(who, f"/concern {ref} history"))
    assert "logged" in told
    assert CANARY not in told


# drafts and notes


def test_a_draft_is_the_iros_alone_until_shared(bench: Bench) -> None:
    ref = _draft(bench)
    assert CANARY in words(bench.command(IRO, f"/concern {ref}"))
    assert (
        said(bench.command(IRO_MANAGER, f"/concern {ref}")) == f"There is no {ref} here that you can open. Check "
        "the reference, or ask the child's IRO."
    )
    bench.press(IRO, button(form(bench.command(IRO, f"/concern {ref}")), "Share with IRO manager"))
    shared = bench.command(IRO_MANAGER, f"/concern {ref}")
    assert CANARY in words(shared)
    assert not {"Close", "Save draft", "Discard draft"} & {one.label for one in buttons(form(shared))}
    assert ref in words(bench.command(IRO_MANAGER, "/concern list drafts"))


def test_a_draft_made_by_a_cover_leaves_them_with_their_dates(bench: Bench) -> None:
    away(bench.engine, bench.cast, IRO, date(2026, 12, 7), date(2026, 12, 7), OTHER_IRO)
    opened = form(bench.command(OTHER_IRO, f"/concern {CHILD}"))
    bench.press(OTHER_IRO, button(opened, "Save draft"), {"child": field(opened, "child").initial, "worries": CANARY})
    assert CANARY in words(bench.command(OTHER_IRO, "/concern C-1"))
    bench.go_to_day(date(2026, 12, 8))
    assert CANARY not in words(bench.command(OTHER_IRO, "/concern C-1"))
    assert "C-1" not in words(bench.command(OTHER_IRO, "/concern list drafts"))
    assert CANARY in words(bench.command(IRO, "/concern C-1"))
    bench.forget()
    bench.go_to_day(date(2026, 12, 14))
    assert bench.titles(OTHER_IRO) == []
    assert bench.titles(IRO) == ["Your day, Mon 14 Dec"]


@pytest.mark.parametrize("word", ["legal", "cafcass"])
def test_notes_are_the_iros_alone_unless_shared(word: str, bench: Bench) -> None:
    ref = logged(bench)
    act(bench, IRO, f"/concern {ref} {word}", words="Osprey")
    readers = (IRO_MANAGER, SOCIAL_WORKER, TEAM_MANAGER)
    assert "Osprey" in words(bench.command(IRO, f"/concern {ref}"))
    for who in readers:
        assert "Osprey" not in words(bench.command(who, f"/concern {ref}"))
        assert "Osprey" not in words(bench.command(who, f"/concern {ref} file"))
    bench.wait(timedelta(days=1))
    act(bench, IRO, f"/concern {ref} {word}", words="Harrier", shared=("yes",))
    assert "Harrier" in words(bench.command(IRO_MANAGER, f"/concern {ref}"))
    assert "Osprey" not in words(bench.command(IRO_MANAGER, f"/concern {ref}"))
    assert "Harrier" not in words(bench.command(TEAM_MANAGER, f"/concern {ref}"))


def test_the_history_tells_of_legal_advice_to_the_iro_alone(bench: Bench) -> None:
    ref = logged(bench)
    act(bench, IRO, f"/concern {ref} legal", words="Osprey")
    assert "legal advice" in words(bench.command(IRO, f"/concern {ref} history"))
    for who in (TEAM_MANAGER, SOCIAL_WORKER, SERVICE_MANAGER, IRO_MANAGER):
        assert "legal advice" not in words(bench.command(who, f"/concern {ref} history"))


# answering


@pytest.mark.parametrize(
    ("word", "typed"),
    [
        ("concern.reply", {"answer": "agreed and done", "words": "X"}),
        ("concern.ask_time", {"until": "2027-01-29", "reason": "X"}),
        ("concern.needs_manager", {"why": "X"}),
        ("concern.pass", {}),
    ],
)
def test_only_those_addressed_answer(word: str, typed: dict[str, Value], bench: Bench) -> None:
    ref = logged(bench)
    typed = {**typed, "person": str(bench.cast.people[SOCIAL_WORKER])}
    for who in (IRO, IRO_MANAGER, SOCIAL_WORKER, SERVICE_MANAGER):
        before = _kept(bench)
        assert "not waiting for a reply from you" in said(_pressed(word, **typed)(bench, who, ref)), who
        assert _kept(bench) == before
    before_history = len(entries(bench, ref))
    _pressed(word, **typed)(bench, TEAM_MANAGER, ref)
    assert len(entries(bench, ref)) > before_history


def test_the_iro_and_their_cover_never_reply_even_when_they_cover_an_addressee(bench: Bench) -> None:
    ref = logged(bench)
    away(bench.engine, bench.cast, TEAM_MANAGER, date(2026, 12, 8), None, IRO)
    away(bench.engine, bench.cast, IRO, date(2026, 12, 8), None, OTHER_IRO)
    bench.go_to_day(date(2026, 12, 8))
    assert "not waiting for a reply from you" in said(bench.command(IRO, f"/concern {ref} reply"))
    assert "not waiting for a reply from you" in said(bench.command(OTHER_IRO, f"/concern {ref} reply"))


def test_the_iro_manager_replies_when_the_immediate_route_asks_them(tmp_path: Path) -> None:
    with _under("", "", tmp_path, "nottinghamshire") as bench:
        opened = form(bench.command(IRO, f"/concern {CHILD}"))
        main = field(opened, "main_reason").choices[0].value
        confirm = bench.submit(IRO, opened, {"worries": "X", "main_reason": main, "significant_harm": ("yes",)})
        bench.submit(IRO, form(confirm), {})
        assert "with the IRO" in said(reply(bench, IRO_MANAGER, "C-1"))


def test_an_addressees_cover_replies_for_them(bench: Bench) -> None:
    ref = logged(bench)
    away(bench.engine, bench.cast, TEAM_MANAGER, date(2026, 12, 8), date(2026, 12, 9), OTHER_MANAGER)
    bench.go_to_day(date(2026, 12, 8))
    assert "with the IRO" in said(reply(bench, OTHER_MANAGER, ref))
    kept = rows(bench, Reply)[0]
    assert kept.person_id == bench.cast.people[TEAM_MANAGER]
    assert bench.titles(IRO)[-1] == f"Tess Hill has replied to {ref}"


@pytest.mark.parametrize("who", [SOCIAL_WORKER, TEAM_MANAGER, SERVICE_MANAGER, IRO_MANAGER, SUPPORT, ADMIN])
def test_no_procedures_give_closing_to_anybody_else(who: str, tmp_path: Path) -> None:
    with _under('raised_by = "iro"', 'raised_by = "iro_manager"', tmp_path) as bench:
        ref = logged(bench)
        reply(bench, TEAM_MANAGER, ref)
        close(bench, ref, who=who, **MANAGER_REASON)
        assert concern(bench, ref).state is ConcernState.REPLIED


def test_team_lists_are_for_managers(bench: Bench) -> None:
    ref = logged(bench)
    assert ref in words(bench.command(SERVICE_MANAGER, "/concern list team"))
    assert ref in words(bench.command(IRO_MANAGER, "/concern list team"))
    assert isinstance(bench.command(OTHER_MANAGER, "/concern list team"), Notice)
    assert "for managers" in said(bench.command(SOCIAL_WORKER, "/concern list team"))
    assert isinstance(bench.command(TEAM_MANAGER, "/concern list mine"), Card)


# helpers of these tests


def _kept(bench: Bench) -> tuple[object, ...]:
    """Everything that an act could have changed."""
    return (
        [one.model_dump() for one in rows(bench, Concern)],
        [one.id for one in rows(bench, History)],
        [one.id for one in rows(bench, Outbox) if one.kind != "your day"],
        [one.id for one in rows(bench, Reply)],
    )


def _of_nothing(bench: Bench, who: str, row: Row, ref: str) -> str:
    """What the same person hears about a concern that does not exist, with the reference put in."""
    return said(row.do(bench, who, "C-999")).replace("C-999", ref)


def _same(answer: Answer, ref: str) -> str:
    assert isinstance(answer, Notice), answer
    shown = [answer.text, *(f"{one.label} {one.deed} {one.subject} {one.run}" for one in answer.buttons)]
    return "\n".join(shown).replace(ref, "it")


@contextmanager
def _under(old: str, new: str, folder: Path, name: str = "handbook") -> Iterator[Bench]:
    """A bench under one of the shipped procedures with a line changed."""
    text = shipped_text(name)
    for engine in sqlite_engine(folder):
        yield Bench(engine, utc("2026-12-07"), text.replace(old, new) if old else text)
