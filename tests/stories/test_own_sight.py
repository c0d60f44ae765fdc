"""Nobody gains sight of a narrative by an act of their own: a random walk of people of every role, by the real deeds.

After each act whoever did it may read no more than before, that day or on one for which a cover could be entered; what
they have just written themselves apart. Time, files and others may open things to somebody; their own act never does.
"""

import os
import random
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from handlers.cards import Errors, Notice
from handlers.figures.entitlement import entitled_to
from handlers.office import Desk
from handlers.refusals import Refused
from handlers.rights import May, child_standing, may, standing
from handlers.tick import fire
from scheduling.sweep import Sweep
from storage import people
from storage.children import Child
from storage.concerns import Concern
from storage.database import transaction
from storage.people import Person
from storage.referrals import Referral
from tests.bench import words
from tests.cast import (
    AUTHORITY,
)
from tests.databases import copied, paste, sqlite_engine
from tests.stories.walking import ACTS, CANARY, NOBODYS, Walk, desk_of, settled

SEQUENCES, THOROUGH = 100, 2_000
LENGTHS = (1, 1, 1, 2, 2, 10)
"""Acts in a sequence: most are short, since whatever one act opens is found in one."""
AHEAD = (0, 4)
"""Days after an act on which sight is compared, one of them each time: covers are entered for days to come too."""
Token = tuple[str, int]


@pytest.fixture
def worlds(tmp_path: Path) -> Iterator[tuple[Engine, Engine]]:
    """Two empty databases: the world, and the world before the last act."""
    folders = [tmp_path / "now", tmp_path / "before"]
    for folder in folders:
        folder.mkdir()
    for engine in sqlite_engine(folders[0]):
        for other in sqlite_engine(folders[1]):
            yield engine, other


def test_nobody_gains_sight_by_an_act_of_their_own(worlds: tuple[Engine, Engine]) -> None:
    engine, before = worlds
    bench = settled(engine)
    start = copied(engine)
    sequences = THOROUGH if os.environ.get("THOROUGH") == "1" else SEQUENCES
    acted = 0
    for seed in range(sequences):
        paste(start, engine)
        paste(start, before)
        # No secret is made of it.
        walk = Walk(engine, before, random.Random(seed), sorted(bench.cast.people), bench.cast.people)  # noqa: S311
        for _ in range(walk.rng.choice(LENGTHS)):
            acted += _step(walk, seed)
    assert acted > sequences // 2, "too few acts came through for the walk to show anything"


def _step(walk: Walk, seed: int) -> bool:
    """One act; whether it had an effect."""
    if walk.rng.random() < 0.15:
        walk.rng.choice(NOBODYS)(walk)
        _keep(walk)
        return False
    who, given = walk.rng.choices(list(ACTS), weights=list(ACTS.values()))[0](walk)
    if isinstance(given, Errors) or (isinstance(given, Notice) and given.refused):
        return False
    days = walk.rng.choice(AHEAD)
    gained = _sight(walk, walk.engine, who, days) - _sight(walk, walk.before, who, days)
    gained &= _known(walk.before)
    assert not gained, f"sequence {seed}: {who} now sees {sorted(gained)} after\n" + "\n".join(walk.done)
    _looks_as_it_says(walk)
    _keep(walk)
    return True


def _keep(walk: Walk) -> None:
    """Let the clock do what fell due with it, which is nobody's act, and make this the world before the next one."""
    Sweep(walk.engine, fire).turn(walk.now)
    source = walk.engine.raw_connection()
    target = walk.before.raw_connection()
    try:
        # It is a sqlite3 connection.
        source.driver_connection.backup(target.driver_connection)  # type: ignore[union-attr]
    finally:
        source.close()
        target.close()


# what somebody sees


def _sight(walk: Walk, engine: Engine, who: str, days: int) -> set[Token]:
    """All that a person may read that many days from now, and whose figures they may see."""
    with transaction(engine, AUTHORITY, writes=False) as session:
        desk = desk_of(session, walk.now + timedelta(days=days), walk.ids[who])
        people.know_day(session, desk.today)
        return set(_tokens(session, desk))


def _tokens(session: Session, desk: Desk) -> Iterator[Token]:
    if desk.actor.left_on is not None and desk.actor.left_on < desk.today:
        return
    for concern in session.exec(select(Concern).order_by(col(Concern.id))):
        who = standing(desk, concern)
        if may(who, May.READ):
            yield "concern", concern.id or 0
            if may(who, May.READ_NOTES):
                yield "notes", concern.id or 0
    for child in session.exec(select(Child).order_by(col(Child.id))):
        stands = child_standing(desk, child)
        if may(stands, May.READ_REVIEWS):
            yield "review", child.id or 0
        if may(stands, May.READ_TOLD):
            yield "news", child.id or 0
    with suppress(Refused):
        whose = entitled_to(desk)
        yield from (("figures", one) for one in whose.iro_ids or ())
        if whose.is_everybody:
            yield "figures", 0


def _known(engine: Engine) -> set[Token]:
    """What there was to see: what somebody adds by their act is their own. A child known from files alone is new."""
    with transaction(engine, AUTHORITY, writes=False) as session:
        concerns = {*session.exec(select(Concern.id))}
        notes: set[int | None] = {*session.exec(select(Referral.concern_id))}
        kids = {*session.exec(select(Child.id).where(col(Child.historical).is_(False)))}
        staff = {*session.exec(select(Person.id))}
    found: list[tuple[str, set[int | None]]] = [
        ("concern", concerns),
        ("notes", notes),
        ("review", kids),
        ("news", kids),
        ("figures", {*staff, 0}),
    ]
    return {(kind, one) for kind, ids in found for one in ids if one is not None}


def _looks_as_it_says(walk: Walk) -> None:
    """Now and then the front door is tried: a form shows the words to whoever may read them, and to nobody else."""
    if walk.rng.random() > 0.1:
        return
    who = walk.someone()
    tokens = _sight(walk, walk.engine, who, 0)
    with transaction(walk.engine, AUTHORITY, writes=False) as session:
        found = session.exec(select(Concern.number, Concern.id).where(Concern.state != "discarded")).all()
    number, ident = walk.rng.choice(found)
    shown = CANARY in words(walk.ask(who, "command", {}, subject="concern", words=f"C-{number}"))
    assert shown is (("concern", ident) in tokens), f"{who} and C-{number} after\n" + "\n".join(walk.done)
