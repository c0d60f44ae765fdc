"""Everything that the acts of one transaction owe, entered in the outbox at once: a few statements, whatever it is.

Each row has a permanent key, so that the same cause never owes twice; what waits for its reader already takes it along.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session as PlainSession

from handlers.messages.bundling import Led, join
from handlers.messages.message import Message
from handlers.office import Scene
from storage import ids, outbox, people
from storage.behind import kept
from storage.outbox import Outbox


@dataclass(kw_only=True)
class Owed:
    """One message to some people. Once it is entered, `rows` are those that were not owed before."""

    scene: Scene
    message: Message[Any]
    rows: list[Outbox]


@dataclass(kw_only=True)
class Entries:
    """What waits to be entered, in order; `greeted` are the welcomes, by their readers."""

    owed: list[Owed] = field(default_factory=list)
    greeted: dict[int, Outbox] = field(default_factory=dict)
    scene: Scene | None = None


def enter(owed: Owed) -> Owed:
    """Enter it with all else."""
    _entries(owed.scene).owed.append(owed)
    return owed


def greet(scene: Scene, welcomes: Sequence[Outbox]) -> None:
    """Enter these before all else; whose welcome waits already has the one that was owed first."""
    entries = _entries(scene)
    for one in welcomes:
        entries.greeted.setdefault(one.person_id, one)


def _entries(scene: Scene) -> Entries:
    entries = kept(scene.session, Outbox.__tablename__, Entries, _write)
    entries.scene = entries.scene or scene
    return entries


def _write(_: PlainSession, entries: Entries) -> None:
    assert entries.scene is not None
    _welcome(entries.scene, entries.greeted)
    _only_fresh(entries.scene, entries.owed)
    rows = [row for one in entries.owed for row in one.rows]
    ids.give(entries.scene.session, rows)
    led: Led = {}
    for together in _by_kind(entries.owed):
        first = together[0]
        led |= join(first.scene, first.message, [row for one in together for row in one.rows])
    for row in rows:
        if row.key in led:
            row.bundle_id = led[row.key].id
    outbox.add(entries.scene.session, rows)


def _welcome(scene: Scene, greeted: Mapping[int, Outbox]) -> None:
    if not greeted:
        return
    outbox.add(scene.session, outbox.fresh(scene.session, [*greeted.values()]))
    people.welcomed(scene.session, [*greeted], scene.today)


def _only_fresh(scene: Scene, owed: Sequence[Owed]) -> None:
    """Leave out what was owed before: in this transaction, or in an earlier one."""
    fresh = {id(row) for row in outbox.fresh(scene.session, [row for one in owed for row in one.rows])}
    for one in owed:
        one.rows = [row for row in one.rows if id(row) in fresh]


def _by_kind(owed: Sequence[Owed]) -> list[list[Owed]]:
    """Those of one kind and one moment together, in the order in which they were owed."""
    found: dict[tuple[str, datetime], list[Owed]] = {}
    for one in owed:
        if one.rows:
            found.setdefault((one.message.name, one.scene.now), []).append(one)
    return list(found.values())
