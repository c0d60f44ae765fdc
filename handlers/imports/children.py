"""The import of children: references, dates, who reviews and who holds the case. No names, ever.

A child met for the first time was allocated to its IRO and holder when it became looked after, as far as is known;
later changes begin on the day of the import. Open concerns keep their addressees and follow the IRO.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from sqlmodel import Session, select

from handlers.imports.children_rows import ChildRow, read_children
from handlers.imports.children_stored import Judged, judged
from handlers.imports.outcome import Findings, ImportResult, Progress, silent
from handlers.imports.staff_known import KnownStaff, known_staff
from handlers.office import Scene
from handlers.people.handover import formal_open_by_child, hand_on
from handlers.people.independence import line_of_ids, not_independent
from handlers.people.line import id_of
from handlers.people.lost_line import asked_in_line, mark_lost
from handlers.reviews.planning import Cause, plan_all
from scheduling.procedures import Procedures
from scheduling.procedures.terms import CONCERN, IRO, IRO_MANAGER
from storage import handovers, history
from storage.children import Capacity, Child, allocate_first
from storage.handovers import Handover
from storage.people import Person
from storage.reviews import last_held_days
from storage.scope import own_authority


@dataclass(frozen=True, kw_only=True)
class _Placed:
    """A row with the people it names."""

    stay: Judged
    iro: Person | None
    holder: Person | None

    @property
    def one(self) -> ChildRow:
        """The row as it is to be written."""
        return self.stay.one


def import_children(
    session: Session,
    rules: Procedures,
    text: str,
    today: date,
    now: datetime,
    *,
    progress: Progress | None = None,
) -> ImportResult:
    """Add and change the children of a file; children missing from it stay as they are.

    Raises ImportRefused with every wrong row. Run in a transaction of its own: a refusal must roll back.
    """
    findings = Findings()
    rows = read_children(rules, text, today, findings)
    known = known_staff(session, today)
    before = _children(session, [one.reference for one in rows])
    placed = [_placed(stay, known, rules) for stay in _judged(session, rows, before, today)]
    _check_independence(placed, before, known)
    _check_formal(session, placed, before)
    findings.refuse_if_any()
    new = [one for one in placed if one.one.reference not in before]
    _add(session, new, today)
    changed = 0
    scene = Scene(session=session, now=now, authority=own_authority(session), rules=rules)
    asked = asked_in_line(session)
    hands = _Hands(scene)
    for place, one in enumerate(placed, start=1):
        child = before.get(one.one.reference)
        changed += child is not None and _change(hands, child, one)
        (progress or silent)(place, len(placed))
    session.flush()
    mark_lost(session, asked - asked_in_line(session), now)
    plan_all(scene, Cause(why="children imported"))
    if new or changed:
        details = {"added": len(new), "changed": changed}
        history.record(session, chain="authority", at=now, actor_id=None, what="children imported", details=details)
    return ImportResult(
        added=len(new),
        changed=changed,
        unchanged=len(rows) - len(new) - changed,
        notes=tuple(filter(None, (one.stay.in_words for one in placed))),
    )


def _children(session: Session, references: Iterable[str]) -> dict[str, Child]:
    wanted = set(references)
    return {child.reference: child for child in session.exec(select(Child)) if child.reference in wanted}


def _judged(session: Session, rows: list[ChildRow], before: dict[str, Child], today: date) -> Iterator[Judged]:
    held = last_held_days(session)
    for one in rows:
        child = before.get(one.reference)
        yield judged(one, child, held.get(child.id or 0) if child is not None else None, today)


def _placed(stay: Judged, known: KnownStaff, rules: Procedures) -> _Placed:
    one = stay.one
    holders = ("social_worker", *rules.line_roles, *rules.other_roles)
    iro = _named(one, "iro_email", one.iro_email, known, ("iro",), f"is no {IRO}")
    holder = _named(one, "holder_email", one.holder_email, known, holders, "is neither a social worker nor a manager")
    return _Placed(stay=stay, iro=iro, holder=holder)


def _named(
    one: ChildRow, column: str, email: str, known: KnownStaff, roles: tuple[str, ...], what: str
) -> Person | None:
    """The person of that address; for a child in care in service and holding one of the roles."""
    person = known.by_email.get(email) if email else None
    if not email:
        return None
    if person is None:
        one.row.wrong(column, f"nobody here has the address {email}: import the staff first")
    elif one.values.get("left_care_on") is None:
        if not known.in_service(person):
            one.row.wrong(column, f"{person.name} left on {person.last_day}")
        elif not known.holds(person, roles):
            one.row.wrong(column, f"{person.name} {what}")
    return person


def _check_independence(placed: list[_Placed], before: dict[str, Child], known: KnownStaff) -> None:
    managers = {one: person.manager_id for one, person in known.by_id.items()}
    for one in placed:
        child = before.get(one.one.reference)
        if one.one.values.get("left_care_on") is not None:
            continue
        iro = one.iro.id if one.iro is not None else child.iro_id if child is not None else None
        holder = one.holder.id if one.holder is not None else child.holder_id if child is not None else None
        if iro is not None and holder is not None and iro in line_of_ids(managers, holder):
            sentence = not_independent(known.by_id[iro].name, known.by_id[holder].name, holds=iro == holder)
            one.one.row.wrong("iro_email", sentence)


def _check_formal(session: Session, placed: list[_Placed], before: dict[str, Child]) -> None:
    """Under an open formal concern no file changes the IRO: it is the IRO manager's, with a reason."""
    formal = formal_open_by_child(session)
    for one in placed:
        child = before.get(one.one.reference)
        open_ones = formal.get(child.id or 0, ()) if child is not None else ()
        if open_ones and child is not None and one.iro is not None and one.iro.id != child.iro_id:
            named = ", ".join(open_ones)
            mend = f"the {IRO_MANAGER} changes the {IRO} with /iro allocate {child.reference}, and says why"
            one.one.row.wrong("iro_email", f"a formal {CONCERN} is open ({named}): {mend}")


def _add(session: Session, new: list[_Placed], today: date) -> None:
    # They are checked values, by column.
    children = [Child(reference=one.one.reference, **one.one.values) for one in new]  # type: ignore[arg-type]
    session.add_all(children)
    session.flush()
    for child, one in zip(children, new, strict=True):
        on = child.looked_after_from or today
        for capacity, person in ((Capacity.IRO, one.iro), (Capacity.HOLDER, one.holder)):
            if person is not None:
                allocate_first(session, child, capacity, id_of(person), on)


class _Hands:
    """The act by which a file changes who has a child: begun with the first of them."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene

    @cached_property
    def act(self) -> Handover:
        """The act, with its id; it has no actor."""
        return handovers.begin(self.scene.session, self.scene.now, None)


def _change(hands: _Hands, child: Child, one: _Placed) -> bool:
    new = {**one.one.values, "historical": False}
    changed = any(getattr(child, column) != value for column, value in new.items())
    for column, value in new.items():
        setattr(child, column, value)
    hands.scene.session.add(child)
    came_back = one.stay.left_before is not None
    for capacity, person, present in (
        (Capacity.IRO, one.iro, child.iro_id),
        (Capacity.HOLDER, one.holder, child.holder_id),
    ):
        if person is not None and (person.id != present or came_back):
            hand_on(hands.scene, hands.act, child, capacity, id_of(person), came_back=came_back)
            changed = True
    return changed
