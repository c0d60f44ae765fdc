"""Children change hands: who gains, who loses and the worker hear of it once an act, and replies that wait elsewhere.

What a file hands over stands in the next morning's list (`handlers.handed_lines`).
"""

import json
from collections.abc import Collection, Iterable

from handlers.cards import Answer, Button, Field, FieldKind, Form
from handlers.hearing import for_iro, reached
from handlers.messages.of_handovers import changed_hands, clock_words, held_elsewhere, now_yours, still_asked
from handlers.messages.owing import Cause, about_concern, owe
from handlers.messages.subjects import of_child
from handlers.office import Desk, Scene
from handlers.people.lost_line import mark_lost
from handlers.refusals import NotFound
from handlers.requests import Request
from handlers.rights import May, may, standing
from handlers.standing import acting_as, roles_acting
from handlers.wording import name_of, whom
from scheduling.procedures.terms import IRO
from storage import children, concern_lists, concerns, handovers, history, people
from storage.children import Capacity, Child
from storage.concerns import Concern
from storage.handovers import HandedChild, Handover
from storage.stage_runs import TOLD_AT_ONCE, Addressee

Rows = list[tuple[HandedChild, Child]]
LINES_EACH = 20
MOST_LINES = 400


def tell_handover(desk: Desk, act: Handover, *, with_reason: bool = False, is_new: bool = False) -> None:
    """Owe one message to each person whom the act touches, but for who did it and who has left.

    Of a child who `is_new` here those alone hear to whom it came.
    """
    assert act.id is not None
    rows = handovers.handed_in(desk.session, act.id)
    cause = Cause(
        key=f"handover {act.id}:{{person}}", details={"handover": act.id, "reason": 1 if with_reason else None}
    )
    gains = gainers(rows)
    covers = {reached(desk, one): one for one in gains}
    owe(desk, now_yours, _here(desk, gains), cause)
    for cover, covered in covers.items():
        if cover not in gains and cover != desk.actor_id:
            owe(desk, now_yours, cover, cause, **{"for": covered})
    if is_new:
        return
    others = {one.from_id for one, _ in rows if one.from_id != one.to_id}
    others |= {child.holder_id for one, child in rows if one.capacity is Capacity.IRO and one.from_id != one.to_id}
    owe(desk, changed_hands, _here(desk, others - gains - covers.keys()), cause)


def gainers(rows: Rows) -> set[int]:
    """To whom children came."""
    return {one.to_id for one, _ in rows}


def _here(desk: Desk, found: Iterable[int | None]) -> list[int]:
    known = [people.get(desk.session, one) for one in sorted(one for one in found if one not in (None, desk.actor_id))]
    return [one.id for one in known if one is not None and one.id is not None and not one.has_left(desk.today)]


def tell_lost(desk: Desk, ids: Collection[int], act: Handover) -> list[Concern]:
    """Offer the IRO to ask again where who is asked lost the child, and tell who is asked. Gives the concerns.

    An IRO who has just been given the child reads it in the next morning's list: one act is one message.
    """
    found: dict[int, Concern] = {}
    for part in mark_lost(desk.session, ids, desk.now):
        concern = concerns.get(desk.session, part.concern_id)
        assert concern is not None
        found[part.concern_id] = concern
        _tell_of_part(desk, act, part, concern)
    return list(found.values())


def _tell_of_part(desk: Desk, act: Handover, part: Addressee, concern: Concern) -> None:
    child = children.get(desk.session, concern.child_id) if concern.child_id is not None else None
    cause = about_concern(concern, f"handover {act.id}")
    told = told_of_act(desk, act)
    iros = [one for one in for_iro(desk, concern, child) if one != desk.actor_id]
    if not set(iros) & told:
        owe(desk, held_elsewhere, iros, cause)
        part.lost_told_on = TOLD_AT_ONCE
        desk.session.add(part)
    if part.person_id not in _from_or_to(desk, act):
        owe(desk, still_asked, _here(desk, [part.person_id]), cause)


def _from_or_to(scene: Scene, act: Handover) -> set[int]:
    rows = handovers.handed_in(scene.session, act.id or 0)
    return gainers(rows) | {one.from_id for one, _ in rows if one.from_id is not None}


def told_of_act(scene: Scene, act: Handover) -> set[int]:
    """From whom children went, to whom they came, and who covers these: all have had a message of the act itself."""
    told = _from_or_to(scene, act)
    return told | {reached(scene, one) for one in gainers(handovers.handed_in(scene.session, act.id or 0))}


def handed(desk: Desk, request: Request) -> Answer:
    """ "List" and "Open": what changed hands, why, and what is open about it that this person may know of."""
    act = handovers.get(desk.session, request.run or 0)
    rows = handovers.handed_in(desk.session, request.run or 0) if act is not None else []
    mine = {*acting_as(desk)}
    theirs = rows if _sees_all(desk, act) else [(one, child) for one, child in rows if _touches(one, child, mine)]
    if not theirs:
        raise NotFound("There is nothing here for you any more.")
    fields = [*_reason(desk, theirs, mine), *_who(desk, theirs), *_open(desk, theirs)]
    return Form(deed="iro.handed", title="Handed over", fields=tuple(fields), run=request.run)


def _sees_all(desk: Desk, act: Handover | None) -> bool:
    return act is not None and (act.by_id == desk.actor_id or "iro_manager" in roles_acting(desk))


def _touches(one: HandedChild, child: Child, mine: set[int]) -> bool:
    now = {child.holder_id, child.iro_id} if one.capacity is Capacity.IRO else {child.iro_id}
    return bool({one.from_id, one.to_id, *now} & mine)


def _reason(desk: Desk, rows: Rows, mine: set[int]) -> list[Field]:
    """Why the IRO changed, to both IROs and the IRO managers."""
    for one, child in rows:
        is_theirs = {one.from_id, one.to_id} & mine or "iro_manager" in roles_acting(desk)
        if one.capacity is not Capacity.IRO or not is_theirs:
            continue
        for entry in history.entries(desk.session, of_child(child.id)):
            if entry.words and json.loads(entry.details).get("handover") == one.handover_id:
                return [_text("reason", f"Why the {IRO} changed: {entry.words}")]
    return []


def _who(desk: Desk, rows: Rows) -> list[Field]:
    lines = [_line(desk, one, child) for one, child in rows]
    shown = lines[:MOST_LINES]
    fields = [
        _text(f"who_{first}", "\n".join(shown[first : first + LINES_EACH]))
        for first in range(0, len(shown), LINES_EACH)
    ]
    more = len(lines) - len(shown)
    return [*fields, _text("more", f"And {more} more: /caseload shows them all.")] if more else fields


def _line(desk: Desk, one: HandedChild, child: Child) -> str:
    what = IRO if one.capacity is Capacity.IRO else "worker"
    before = f" (was {name_of(desk, one.from_id)})" if one.from_id not in (None, one.to_id) else ""
    return f"{whom(desk, child)}: {what} {name_of(desk, one.to_id)}{before}"


def _open(desk: Desk, rows: Rows) -> list[Field]:
    """What is open with its clocks, each with a button."""
    by_id = {child.id: child for _, child in rows}
    found = concern_lists.open_with_runs(desk.session, [one for one in by_id if one is not None])
    known = [pair for pair in found if may(standing(desk, pair[0]), May.SEE_IT_EXISTS)]
    fields: list[Field] = []
    for concern, run in known[:LINES_EACH]:
        opens = Button(label="Open", deed="concern.open", subject=concern.reference)
        text = clock_words(desk, concern, run, by_id[concern.child_id])
        fields += [_text(concern.reference, text), _buttons(f"open_{concern.reference}", opens)]
    more = len(known) - LINES_EACH
    return [*fields, _text("more_open", f"And {more} more: /concern list shows them all.")] if more > 0 else fields


def _text(key: str, text: str) -> Field:
    return Field(key=key, kind=FieldKind.STATEMENT, text=text)


def _buttons(key: str, *buttons: Button) -> Field:
    return Field(key=key, kind=FieldKind.BUTTONS, buttons=buttons)
