"""A person's day shows what the table of rights allows, no more, and lacks no button for what they owe.

After random walks of people of every role, and where everything is open at once: each concern and child that a day
names exists for its reader, no word of what a concern says stands there, and each button does what it says.
"""

import os
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from handlers.cards import Button, Card, Errors, Form, Line, Notice
from handlers.day.part import MORE
from handlers.office import Desk, Scene, rules_in_force
from handlers.places import changed_overnight, see_to
from handlers.reviews.daily import plan_daily
from handlers.rights import ConcernStanding, May, Place, child_standing, may, standing
from handlers.standing import acting_as
from handlers.tick import fire
from handlers.who_hears.table import ONLY_SHOWS
from scheduling.sweep import Sweep
from storage import children, concerns, people, stage_runs
from storage.children import Child
from storage.concerns import Concern, ConcernState
from storage.database import transaction
from tests.bench import Bench
from tests.cast import AUTHORITY, STAFF
from tests.databases import copied, paste, sqlite_engine
from tests.filling import Hands
from tests.full_service import BEGINS, PROCEDURES, everything_open
from tests.stories.walking import ACTS, CANARY, NOBODYS, Walk, desk_of, settled

IS_THOROUGH = os.environ.get("THOROUGH") == "1"
SEQUENCES, LENGTH, READERS = (60, 6, 4) if IS_THOROUGH else (5, 3, 1)
A_CONCERN, A_CHILD = re.compile(r"\bC-[0-9]+\b"), re.compile(r"\bAB-[0-9]+\b")


@dataclass
class Day:
    """All that somebody's day shows: every line, with those behind "More"."""

    title: str = ""
    lines: list[Line] = field(default_factory=list)
    buttons: list[Button] = field(default_factory=list)

    def add(self, card: Card) -> list[Button]:
        """Take in a card; gives what leads to more."""
        self.lines += card.lines
        found = [*(one for line in card.lines for one in line.buttons), *card.buttons]
        self.buttons += [one for one in found if one.deed != MORE]
        return [one for one in found if one.deed == MORE]

    def offers(self, deed: str, subject: str) -> bool:
        """Whether it has a button for that."""
        return any((one.deed, one.subject) == (deed, subject) for one in self.buttons)


def day_of(hands: Hands, who: str) -> Day | None:
    """The whole day; none for who has left."""
    given = hands.ask(who, "iro.day")
    if not isinstance(given, Card):
        return None
    day = Day(title=given.title)
    more = day.add(given)
    while more:
        page = hands.ask(who, MORE, subject=more.pop().subject)
        assert isinstance(page, Card), page
        more += day.add(page)
    return day


# what it may show


def _unknown(desk: Desk, day: Day) -> Iterator[str]:
    """What it names that does not exist for its reader."""
    for line in day.lines:
        text = " ".join([line.text, *(one.subject for one in line.buttons)])
        known = True
        for reference in A_CONCERN.findall(text):
            known = _concern_is_known(desk, reference)
            if not known:
                yield f"{reference} in {line.text!r}"
        if known and A_CONCERN.search(line.text):
            continue  # the child of a concern goes by its name
        for reference in A_CHILD.findall(text):
            child = children.by_reference(desk.session, reference)
            if child is None or not (may(child_standing(desk, child), May.SEE_REVIEWS) or _is_told_of(desk, child)):
                yield f"{reference} in {line.text!r}"


def _is_told_of(desk: Desk, child: Child) -> bool:
    """Whose a child was, or whom that person's cover is, reads whose it is now."""
    lately = desk.today - timedelta(days=5)
    return not children.allocated(desk.session, child, lately).isdisjoint(acting_as(desk))


def _concern_is_known(desk: Desk, reference: str) -> bool:
    """Business support notes by reference and dates alone that a copy is on the record."""
    concern = concerns.by_number(desk.session, int(reference.removeprefix("C-")))
    if concern is None:
        return False
    who = standing(desk, concern)
    return may(who, May.SEE_IT_EXISTS) or (who.holds(Place.SUPPORT) and may(who, May.NOTE_ON_RECORD))


# what it must offer


def _owed(desk: Desk) -> Iterator[tuple[str, str]]:
    """What the reader owes on concerns, by the table of rights: the deed, and about which."""
    for concern in desk.session.exec(select(Concern).order_by(col(Concern.id))):
        who = standing(desk, concern)
        yield from ((deed, concern.reference) for deed in _deeds_owed(desk, concern, who))


def _deeds_owed(desk: Desk, concern: Concern, who: ConcernStanding) -> Iterator[str]:
    run = stage_runs.get(desk.session, concern.run_id) if concern.run_id is not None else None
    if concern.state in (ConcernState.WAITING, ConcernState.ASKED) and who.awaited and may(who, May.ANSWER):
        yield "concern.reply"
    asked = who.asked_to_add
    in_time = run is not None and run.due_at is not None and run.due_at > desk.now
    if concern.state is ConcernState.WAITING and in_time and asked is not None and asked.replied_at is None:
        yield "concern.add"
    if concern.state in (ConcernState.ASKED, ConcernState.REPLIED) and may(who, May.END) and _is_here(desk):
        yield "concern.open"


def _is_here(desk: Desk) -> bool:
    return people.absence_on(desk.session, desk.actor_id, desk.today) is None


# what comes of its buttons


def _refused(hands: Hands, who: str, day: Day, engine: Engine) -> Iterator[str]:
    """The buttons that do not what they say; what one does is undone before the next."""
    before = copied(engine)
    for one in dict.fromkeys(day.buttons):
        given = hands.look(who, one)
        if one.deed not in ONLY_SHOWS:
            paste(before, engine)
        if isinstance(given, Errors) or (isinstance(given, Notice) and given.refused):
            yield f"{one}: {given}"


def read(hands: Hands, engine: Engine, who: str, told: str) -> None:
    """Somebody reads their day, and presses every button."""
    day = day_of(hands, who)
    if day is None:
        return
    assert CANARY not in str(day), f"{who}, {told}"
    with transaction(engine, AUTHORITY, writes=False) as session:
        desk = desk_of(session, hands.clock(), hands.ids[who])
        people.know_day(session, desk.today)
        assert [*_unknown(desk, day)] == [], f"{who}, {told}"
        assert [one for one in _owed(desk) if not day.offers(*one)] == [], f"{who}, {told}"
    assert [*_refused(hands, who, day, engine)] == [], f"{who}, {told}"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Engine]:
    """An empty database."""
    yield from sqlite_engine(tmp_path)


def test_whatever_people_did_each_day_is_as_the_rights_allow(world: Engine) -> None:
    bench = settled(world)
    plan_daily(world, AUTHORITY, bench.now)
    start = copied(world)
    for seed in range(SEQUENCES):
        paste(start, world)
        rng = random.Random(seed)  # noqa: S311 - no secret is made of it
        walk = Walk(world, world, rng, sorted(bench.cast.people), bench.cast.people)
        hands = Hands(world, walk.ids, partial(getattr, walk, "now"))
        for _ in range(LENGTH):
            _step(walk, hands)
        for who in rng.sample(walk.logins, READERS):
            read(hands, world, who, "\n".join([f"sequence {seed}", *walk.done]))


def _step(walk: Walk, hands: Hands) -> None:
    """One act of the walk, one that somebody's day offers, or time and files."""
    kind = walk.rng.random()
    if kind < 0.15:
        walk.rng.choice(NOBODYS)(walk)
        _next_morning(walk)
    elif kind < 0.5:
        who = walk.someone()
        day = day_of(hands, who)
        if day is not None and day.buttons:
            _take_up(walk, hands, who, walk.rng.choice(day.buttons))
    else:
        walk.rng.choices(list(ACTS), weights=list(ACTS.values()))[0](walk)
    Sweep(walk.engine, fire).turn(walk.now)


def _next_morning(walk: Walk) -> None:
    """Files come in over night: in the morning it is looked who fills each place."""
    with transaction(walk.engine, AUTHORITY) as session:
        rules = rules_in_force(session, AUTHORITY)
        scene = Scene(session=session, now=walk.now, authority=AUTHORITY, rules=rules)
        see_to(scene, changed_overnight(scene))


def _take_up(walk: Walk, hands: Hands, who: str, one: Button) -> None:
    walk.done.append(f"{who} presses {one}")
    shown = hands.look(who, one)
    if isinstance(shown, Form) and shown.deed:
        hands.send(who, shown)


@pytest.mark.slow
def test_where_everything_is_open_each_day_is_as_the_rights_allow(world: Engine) -> None:
    bench = Bench(world, BEGINS, PROCEDURES)
    everything_open(bench)
    hands = Hands(world, bench.cast.people, lambda: bench.now)
    for who, *_ in STAFF:
        read(hands, world, who, "everything is open")
