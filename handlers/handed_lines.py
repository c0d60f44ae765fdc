"""What changed hands, as "Your day" tells it once: what a file brought, and what was told to nobody as it was done.

Who is off or away on that morning reads it on their next at work; meanwhile their cover does.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from sqlmodel import col, select

from handlers.cards import Button, Line
from handlers.concern_buttons import button_about
from handlers.days_off import last_morning
from handlers.handing_over import Rows, gainers, told_of_act
from handlers.hearing import for_iro, reached
from handlers.holding import AtStage, fillings
from handlers.office import Scene
from handlers.standing import iro_of
from handlers.wording import for_whom, name_of, whom
from scheduling.deadline_wording import say_first, say_list
from scheduling.procedures.terms import CONCERNS, IRO
from storage import children, concern_lists, concerns, handovers, stage_runs
from storage.children import Capacity, Child
from storage.concerns import Concern
from storage.handovers import HandedChild, Handover
from storage.rare import Rare, may_be
from storage.stage_runs import Addressee, Part, holds


def told_of_handovers(scene: Scene) -> set[int]:
    """Who reads this morning of what changed hands since the last one, but for who was not at work then."""
    if not may_be(scene.session, Rare.HANDOVERS, Rare.LOST_PLACES):
        return set()
    since = scene.calendar.add(scene.today, -1)
    found = {reader for act, rows in _acts(scene, since) for reader in _readers(act, rows)}
    for part, concern, child in _lost(scene, since):
        found |= {part.person_id, *for_iro(scene, concern, child)} - _told_at_once(scene, part, concern, child)
    return found | {reached(scene, one) for one in found}


def untold_losses(scene: Scene) -> list[int]:
    """The places, by id, whose line lost the child, of which no morning has told; nothing is written."""
    if not may_be(scene.session, Rare.LOST_PLACES):
        return []
    query = select(Addressee.id).where(col(Addressee.lost_at).is_not(None), col(Addressee.lost_told_on).is_(None))
    return [one for one in scene.session.exec(query.order_by(col(Addressee.id))) if one is not None]


def tell_of_handovers(scene: Scene) -> None:
    """From now on this morning tells of the acts by which children changed hands since the last one."""
    if may_be(scene.session, Rare.HANDOVERS):
        handovers.tell_on(scene.session, scene.today)


def tell_of_losses(scene: Scene, part_ids: Sequence[int]) -> None:
    """The same of these places."""
    for part in scene.session.exec(select(Addressee).where(col(Addressee.id).in_(part_ids))):
        part.lost_told_on = part.lost_told_on or scene.today
        scene.session.add(part)


def handed_lines(scene: Scene, person_id: int, mine: list[int]) -> list[Line]:
    """The person's lines, and those of whom they cover: what neither read on an earlier morning."""
    if not may_be(scene.session, Rare.HANDOVERS, Rare.LOST_PLACES):
        return []
    since = last_morning(scene, person_id)
    read = {one: since if one == person_id else max(since, last_morning(scene, one)) for one in mine}
    lines = [
        line
        for act, rows in _acts(scene, since)
        for one in mine
        if act.told_on is not None and act.told_on > read[one]
        for line in _of_act(scene, act, rows, one, person_id)
    ]
    return [*lines, *_of_replies(scene, person_id, mine, since)]


def _acts(scene: Scene, since: date) -> Iterator[tuple[Handover, Rows]]:
    for act in handovers.told_after(scene.session, since):
        yield act, handovers.handed_in(scene.session, act.id or 0)


def _readers(act: Handover, rows: Rows) -> set[int]:
    """Of a file all whom it touches; of what a person did the IRO of a child with another worker."""
    found = {child.iro_id for one, child in rows if one.capacity is Capacity.HOLDER}
    if act.by_id is None:
        found |= gainers(rows) | {one.from_id for one, _ in rows} | {child.holder_id for _, child in rows}
    return {one for one in found if one is not None and one != act.by_id}


def _of_act(scene: Scene, act: Handover, rows: Rows, whose: int, reader_id: int) -> Iterator[Line]:
    gained = [(one, child) for one, child in rows if one.to_id == whose == _holder(one, child)]
    changed = [(one, child) for one, child in rows if one.from_id != one.to_id]
    if act.by_id is None:
        yield from _now_theirs(scene, act, gained, whose, reader_id)
        lost = [(one, child) for one, child in changed if one.from_id == whose]
        held = [(one, child) for one, child in changed if one.capacity is Capacity.IRO and child.holder_id == whose]
        yield from _another(scene, act, lost or ([] if gained else held), whose, reader_id)
    if not gained and act.by_id != whose:
        of_iro = [(one, child) for one, child in changed if one.capacity is Capacity.HOLDER and child.iro_id == whose]
        yield from _another(scene, act, of_iro, whose, reader_id)


def _holder(one: HandedChild, child: Child) -> int | None:
    """Who has the child now, in that capacity: it may have changed hands again since."""
    return child.iro_id if one.capacity is Capacity.IRO else child.holder_id


def _now_theirs(scene: Scene, act: Handover, rows: Rows, whose: int, reader_id: int) -> Iterator[Line]:
    by_id = {child.id: child for _, child in rows}
    if not by_id:
        return
    found = concern_lists.open_with_runs(scene.session, [one for one in by_id if one is not None])
    about = {concern.child_id for concern, _ in found}
    owner = "yours" if whose == reader_id else f"{name_of(scene, whose)}'s"
    refs = f" (open: {say_first([concern.reference for concern, _ in found])})" if found else ""
    if len(by_id) > 1:
        has = "has" if len(about) == 1 else "have"
        how_many = f": {len(about)} {has} open {CONCERNS}" if about else ""
        text = f"{len(by_id)} children are now {owner}{how_many}{refs}."
    else:
        one, child = rows[0]
        back = "is looked after again and " if one.came_back else "is "
        before = f", and was {name_of(scene, one.from_id)}'s" if one.from_id not in (None, one.to_id) else ""
        text = f"{_first(scene, child)} {back}now {owner}{before}{refs}."
    yield Line(text=text, buttons=(_list(act, len(by_id)),))


def _another(scene: Scene, act: Handover, rows: Rows, whose: int, reader_id: int) -> Iterator[Line]:
    """That they have another IRO, or another worker."""
    if not rows:
        return
    what = IRO if rows[0][0].capacity is Capacity.IRO else "worker"
    new = say_list(list(dict.fromkeys(name_of(scene, one.to_id) for one, _ in rows)))
    by_id = {child.id: child for _, child in rows}
    said = f"{len(by_id)} children have" if len(by_id) > 1 else f"{_first(scene, rows[0][1])} has"
    theirs = for_whom(scene, reader_id, whose)
    yield Line(text=f"{said} a new {what}: {new}{theirs}.", buttons=(_list(act, len(by_id)),))


def _first(scene: Scene, child: Child) -> str:
    said = whom(scene, child)
    return f"{said[:1].upper()}{said[1:]}"


def _list(act: Handover, number: int) -> Button:
    return Button(label="Open" if number == 1 else "List", deed="iro.handed", run=act.id)


def _lost(scene: Scene, since: date) -> Iterator[tuple[Addressee, Concern, Child]]:
    """The places awaited still of which a morning after that day tells that their line lost the child.

    Where it goes to another today, because who had it is gone, that is said instead: nobody who is gone "stays asked".
    """
    query = select(Addressee).where(col(Addressee.lost_told_on) > since, Addressee.part == Part.ADDRESSED, *holds())
    for part in scene.session.exec(query.order_by(col(Addressee.id))).all():
        concern = concerns.get(scene.session, part.concern_id)
        child = children.get(scene.session, concern.child_id) if concern is not None and concern.child_id else None
        if concern is None or child is None or not part.is_awaited or concern.run_id != part.run_id:
            continue
        if _stays(scene, part, concern, child):
            yield part, concern, child


def _stays(scene: Scene, part: Addressee, concern: Concern, child: Child) -> bool:
    """Whether who has the place is to have it today."""
    run, iro_id = stage_runs.get(scene.session, part.run_id), iro_of(concern, child)
    (filling,) = fillings(scene, [AtStage(concern=concern, child=child, iro_id=iro_id, run=run)])
    found, _ = filling.fills(part)
    return found is not None and found.person.id == part.person_id


def _told_at_once(scene: Scene, part: Addressee, concern: Concern, child: Child) -> set[int]:
    """Who was told of it as somebody did it: who is asked, and the IRO whom the act itself did not concern."""
    assert child.id is not None
    act = handovers.of_child_at(scene.session, child.id, part.lost_at) if part.lost_at is not None else None
    if act is None or act.by_id is None:
        return set()
    iros = set(for_iro(scene, concern, child))
    return {part.person_id} | (set() if iros & told_of_act(scene, act) else iros)


def _of_replies(scene: Scene, person_id: int, mine: list[int], since: date) -> Iterator[Line]:
    for part, concern, child in _lost(scene, since):
        if person_id in _told_at_once(scene, part, concern, child):
            continue
        about = f"{concern.reference} ({whom(scene, child)})"
        opens = button_about(concern, "Open", "concern.open")
        if person_id in for_iro(scene, concern, child):
            again = button_about(concern, "Ask again", "concern.ask_again")
            text = f"{about}: {name_of(scene, part.person_id)} is asked, and no longer has the child. Ask again?"
            yield Line(text=text, buttons=(again, opens))
        elif part.person_id in mine:
            iro = name_of(scene, iro_of(concern, child))
            own = part.person_id == person_id
            whose, stays = ("your", "You stay") if own else ("their", f"{name_of(scene, part.person_id)} stays")
            text = f"{about}: the child is no longer with {whose} team. {stays} asked unless {iro} asks somebody else."
            yield Line(text=text, buttons=(opens,))
