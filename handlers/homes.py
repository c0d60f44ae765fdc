"""App Homes: each shows its person's day from when it is opened, and is said to be stale when something changes it.

What a transaction changed is known from the history it writes: every act, every import and every move of the clock
leaves an entry. `handlers/marking` asks here at the end of each.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from functools import partial

from sqlmodel import Session

from handlers.cards import Answer
from handlers.day.day import day_card
from handlers.messages.subjects import number_in
from handlers.office import Desk, Scene, rules_in_force
from handlers.people.covering import covered_by
from handlers.people.line import id_of, line_from
from handlers.refusals import Refused
from handlers.requests import Request
from handlers.standing import iro_of
from handlers.undrawn import drawn
from scheduling.working_days import local
from storage import children, concerns, decisions, homes, people, stage_runs
from storage.children import Child
from storage.history import Entry
from storage.scope import own_authority

FEW = 40
"""Of how many concerns and children it is asked who reads of them; more change only where much is put in at once."""


def open_home(desk: Desk, request: Request) -> Answer:
    """Opened: the day as it is now; from now on it is kept true for the rest of the day."""
    where = {"platform": request.platform, "workspace": request.workspace}
    homes.opened(desk.session, person_id=desk.actor_id, **where, on=desk.today)
    return day_card(desk, desk.actor_id)


def mark_changed(session: Session, written: Sequence[Entry]) -> None:
    """Say of the homes opened today that may show something else after this transaction that they are stale."""
    now = max(entry.at for entry in written)
    opened = homes.opened_by(session, local(now).date())
    if not opened:
        return
    actors = {entry.actor_id for entry in written} - {None}
    found = _showing_it(session, now, {entry.chain for entry in written}, actors, opened)
    if found:
        homes.mark(session, found, on=local(now).date(), at=now, by_act=bool(actors))


def _showing_it(
    session: Session, now: datetime, chains: Collection[str], actors: Collection[int | None], opened: set[int]
) -> set[int]:
    """Whose homes may show it; all of them where that cannot be told: the change itself has to stand."""
    authority = own_authority(session)
    try:
        scene = Scene(session=session, now=now, authority=authority, rules=rules_in_force(session, authority))
    except Refused:
        return opened
    readers = {*drawn(scene, "who reads what was changed", partial(_readers, scene, chains, opened), lambda: opened)}
    readers |= {one for one in actors if one is not None}
    return {one for one in opened if readers & {one, *covered_by(session, scene.rules, one, scene.today)}}


def _readers(scene: Scene, chains: Collection[str], everybody: set[int]) -> set[int]:
    """Whose day may name what these chains are about; everybody's, where that is much, or no concern and no child."""
    if len(chains) > FEW:
        return everybody
    found: set[int] = set()
    for chain in chains:
        kind = chain.partition(":")[0]
        if kind == "concern":
            found.update(_of_concern(scene, number_in(chain)))
        elif kind == "child":
            child = children.get(scene.session, number_in(chain))
            found.update(_of_child(scene, child) if child is not None else ())
        else:
            return everybody
    return found


def _of_concern(scene: Scene, concern_id: int) -> Iterator[int]:
    """Its IRO and everybody who was ever asked, wrongly too, with all above them; and who reads of its child."""
    concern = concerns.get(scene.session, concern_id)
    if concern is None:
        return
    child = children.get(scene.session, concern.child_id) if concern.child_id is not None else None
    iros = {concern.iro_id, iro_of(concern, child)}
    yield from _with_all_above(scene, stage_runs.asked_in_concern(scene.session, concern_id) | iros)
    yield from _in_office(scene)
    if child is not None:
        yield from _of_child(scene, child)


def _of_child(scene: Scene, child: Child) -> Iterator[int]:
    """Who was allocated to them to this day, with all above, who sees to a decision, and the office."""
    yield from _with_all_above(scene, children.allocated(scene.session, child, scene.today))
    yield from decisions.owners_of_open(scene.session, child.id or 0)
    yield from _in_office(scene)


def _with_all_above(scene: Scene, person_ids: Collection[int]) -> Iterator[int]:
    """A manager reads what is late in their team, and may stand in for somebody below."""
    for one in person_ids:
        yield from (id_of(each) for each in line_from(scene.session, one))


def _in_office(scene: Scene) -> Iterator[int]:
    """IRO managers and business support read of the whole service."""
    for role in ("iro_manager", "support"):
        yield from (id_of(one) for one in people.holders_of(scene.session, role, scene.today))
