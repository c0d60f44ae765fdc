"""What the table of acts and people says is what happens: one life of a concern, with everybody in, and with some away.

Whoever is told of an act is told what the table says for one of the places they have, and whom it says is told, is.
"""

from collections.abc import Callable, Mapping
from datetime import date

import pytest

from handlers.cards import Answer, Button, Errors, Form
from handlers.requests import Value
from handlers.who_hears.rows import How, Row, Whom
from handlers.who_hears.table import ROWS
from storage.concerns import ConcernState
from storage.outbox import Outbox
from storage.stage_runs import Addressee, Part
from tests.bench import Bench
from tests.cast import (
    ASSISTANT_DIRECTOR,
    CHILD,
    IRO,
    IRO_MANAGER,
    OTHER_CHILD,
    OTHER_IRO,
    OTHER_MANAGER,
    OTHER_WORKER,
    SERVICE_MANAGER,
    SOCIAL_WORKER,
    TEAM_MANAGER,
    away,
)
from tests.handlers.steps import DONE, PLAN, act, close, concern, logged, move, people_asked, reply, rows

TODAY, LATER = date(2026, 12, 7), date(2027, 2, 26)
SOON, LATE = "2026-12-22", "2026-12-29"
REF = "C-1"

Away = Mapping[str, str | None]
WORLDS: dict[str, Away] = {
    "the manager and the IRO are covered": {TEAM_MANAGER: OTHER_MANAGER, IRO: OTHER_IRO},
    "everybody is in": {},
    "nobody is in for the IRO": {IRO: None},
}
BY_ITS_DEED = {name: row for row in ROWS for name in row.by}


def do(bench: Bench, who: str, deed: str, **typed: Value) -> Answer:
    """Press a button on the concern, and submit the form it opens."""
    opened = bench.press(who, Button(label="", deed=deed, subject=REF))
    return bench.submit(who, opened, typed) if isinstance(opened, Form) else opened


def the_life(bench: Bench, iro: str, asked: str) -> list[tuple[str, str, Callable[[], Answer | str]]]:
    """Each act in its order: the deed, who does it, and how."""
    ids = {login: str(person_id) for login, person_id in bench.cast.people.items()}
    why: dict[str, Value] = {"manager_reason": "Nobody else is here."} if iro == IRO_MANAGER else {}
    words = {"reason": "Because.", "why": "It needs money.", "words": "Words."} | why
    planned = {"answer": PLAN, "plan_by": SOON, "given_on": TODAY.isoformat()} | words
    return [
        ("concern.log", iro, lambda: logged(bench, 1, who=iro, about=CHILD, **why)),
        ("concern.seen", asked, lambda: do(bench, asked, "concern.seen")),
        ("concern.ask_time.send", asked, lambda: do(bench, asked, "concern.ask_time", until=SOON, **words)),
        ("concern.refuse_time.send", iro, lambda: do(bench, iro, "concern.refuse_time", **words)),
        ("concern.extend.send", iro, lambda: do(bench, iro, "concern.extend", until=LATE, **words)),
        ("concern.pass.send", asked, lambda: do(bench, asked, "concern.pass", person=ids[SOCIAL_WORKER])),
        ("concern.add.send", SOCIAL_WORKER, lambda: do(bench, SOCIAL_WORKER, "concern.add", **words)),
        ("concern.needs_manager.send", asked, lambda: do(bench, asked, "concern.needs_manager", **words)),
        ("concern.record.send", iro, lambda: do(bench, iro, "concern.record", person=ids[SERVICE_MANAGER], **planned)),
        ("concern.new_date.send", iro, lambda: do(bench, iro, "concern.new_date", until=LATE, **words)),
        ("concern.add.send", SERVICE_MANAGER, lambda: do(bench, SERVICE_MANAGER, "concern.add", **words)),
        ("concern.done", SERVICE_MANAGER, lambda: do(bench, SERVICE_MANAGER, "concern.done")),
        ("concern.move.send", iro, lambda: move(bench, REF, 3, who=iro, **why)),
        ("concern.ask_again.send", iro, lambda: do(bench, iro, "concern.ask_again", **words)),
        ("concern.reply.send", ASSISTANT_DIRECTOR, lambda: reply(bench, ASSISTANT_DIRECTOR, REF, DONE)),
        *the_end(bench, iro, words),
    ]


def the_end(bench: Bench, iro: str, words: Mapping[str, Value]) -> list[tuple[str, str, Callable[[], Answer | str]]]:
    """An IRO manager closes and corrects nothing in the place of an IRO who is away for a while."""
    if iro == IRO_MANAGER:
        return []
    child = str(bench.cast.children[OTHER_CHILD])
    return [
        ("concern.close.send", iro, lambda: close(bench, REF, who=iro)),
        ("concern.lasted.send", iro, lambda: do(bench, iro, "concern.lasted", lasted="yes")),
        ("concern.reopen.send", iro, lambda: do(bench, iro, "concern.reopen", stage="2", **words)),
        ("concern.correct.send", iro, lambda: act(bench, iro, f"/concern {REF} correct", child=child)),
    ]


_QUICK, *_SLOW = WORLDS


@pytest.mark.slow
@pytest.mark.parametrize("world", [_QUICK, *(pytest.param(one, marks=pytest.mark.slow) for one in _SLOW)])
def test_everybody_hears_what_the_table_says(world: str, bench: Bench) -> None:
    for who, cover in WORLDS[world].items():
        away(bench.engine, bench.cast, who, TODAY, LATER, cover)
    iro = next((cover or IRO_MANAGER for who, cover in WORLDS[world].items() if who == IRO), IRO)
    asked = WORLDS[world].get(TEAM_MANAGER) or TEAM_MANAGER
    before: dict[str, set[Whom]] = {}
    for deed, actor, happens in the_life(bench, iro, asked):
        sent = len(rows(bench, Outbox))
        given = happens()
        told = [(bench.logins[one.person_id], str(one.kind)) for one in rows(bench, Outbox)[sent:]]
        now = _places(bench, WORLDS[world])
        assert not isinstance(given, Errors | Form), (deed, given)
        assert told or not _always(BY_ITS_DEED[deed]), (deed, given)
        _is_true(BY_ITS_DEED[deed], actor, told, before, now)
        before = now


def _is_true(
    row: Row, actor: str, told: list[tuple[str, str]], before: dict[str, set[Whom]], now: dict[str, set[Whom]]
) -> None:
    for who, kind in told:
        places = before.get(who, set()) | now.get(who, set())
        assert any(kind in row.cells[one].messages for one in places), (row.act, who, kind, places)
    hearers = {who for who, _ in told}
    for whom in _always(row) & {*_STEADY}:
        missed = [one for one, places in now.items() if whom in places and one not in {*hearers, actor}]
        assert missed == [], (row.act, whom)


_STEADY = (Whom.OWES, Whom.COPIED)
"""Places that are plainly somebody's: who stands in hears in their stead, and others hear as what they are besides."""


def _always(row: Row) -> set[Whom]:
    """Whom the table says to be told whatever the case."""
    return {whom for whom, cell in row.cells.items() if cell.how is How.EVENT and not cell.words}


def _places(bench: Bench, gone: Away) -> dict[str, set[Whom]]:
    """What everybody is to the concern: by their parts, the child and the IRO."""
    found: dict[str, set[Whom]] = {IRO: {Whom.IRO}, IRO_MANAGER: {Whom.IRO_MANAGER}}
    for who in (SOCIAL_WORKER, OTHER_WORKER):
        found.setdefault(who, set()).add(Whom.WORKER)
    if gone.get(IRO):
        found.setdefault(str(gone[IRO]), set()).add(Whom.COVER)
    present = {one.id for one in people_asked(bench, REF)}
    promised = concern(bench, REF).state is ConcernState.PLANNED
    for part in rows(bench, Addressee):
        places = found.setdefault(bench.logins[part.person_id], set())
        places |= _of(part, is_present=part.id in present, promised=promised)
    for who, cover in gone.items():
        if cover and found.get(who, set()) & {Whom.OWES, Whom.OWED}:
            found.setdefault(cover, set()).add(Whom.STAND_IN)
    return found


def _of(part: Addressee, *, is_present: bool, promised: bool) -> set[Whom]:
    """Who replied owes what they promised."""
    if part.part is Part.COPIED:
        adds = is_present and part.adds_for_id is not None and part.replied_at is None
        return {Whom.OWES if adds else Whom.COPIED}
    if part.part is Part.ALERTED:
        return {Whom.ALERTED}
    if not is_present or part.passed_to_id is not None:
        found = {Whom.OWED}
    elif part.replied_at is None:
        found = {Whom.OWES}
    else:
        found = {Whom.OWED, *([Whom.OWES] if promised else [])}
    return found | ({Whom.STAND_IN} if part.standing_for_id is not None else set())
