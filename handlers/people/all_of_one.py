"""Handing over all children of one IRO, or of one worker, in one act: who goes with the one of the form, who stays."""

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.cards import Choice, Field, FieldKind
from handlers.office import Desk
from handlers.people.allocating import iro_is_managers_alone, opens_to_oneself
from handlers.people.entitlement import may_allocate
from handlers.people.independence import check
from handlers.people.line import id_of
from handlers.wording import name_of
from scheduling.deadline_wording import say_first
from scheduling.procedures.terms import IRO
from storage import children
from storage.children import Capacity, Child
from storage.people import Person

ALL = "all"
"""The key of the field that hands the others over too."""


@dataclass(frozen=True, kw_only=True)
class WithAll:
    """Those who go with the child of the form, and those who stay, each with the sentence why."""

    going: tuple[Child, ...]
    staying: tuple[tuple[Child, str], ...]

    @property
    def in_words(self) -> str:
        """How many went with it; who stays, by the reason."""
        parts = [f"{len(self.going)} other {'child' if len(self.going) == 1 else 'children'} went with it."]
        for why in dict.fromkeys(why for _, why in self.staying):
            refs = [child.reference for child, one in self.staying if one == why]
            parts.append(f"{say_first(refs)} {'stays' if len(refs) == 1 else 'stay'}: {why}")
        return " ".join(parts)


def of_same(desk: Desk, child: Child, capacity: Capacity) -> list[Child]:
    """The other children in care of the child's IRO, or of who holds its case."""
    if capacity is Capacity.IRO:
        found = children.of_iros(desk.session, [child.iro_id]) if child.iro_id is not None else []
    else:
        found = children.held_by(desk.session, child.holder_id) if child.holder_id is not None else []
    return [one for one in found if one.id != child.id]


def all_field(desk: Desk, child: Child, may: Sequence[Capacity]) -> tuple[Field, ...]:
    """The ticks "All 60 children of Ann Lee", for what this person may change and where there are others."""
    choices = []
    for capacity in may:
        others = len(of_same(desk, child, capacity))
        if others:
            is_iro = capacity is Capacity.IRO
            owner = name_of(desk, child.iro_id if is_iro else child.holder_id)
            label = f"All {others + 1} children of {owner} ({IRO if is_iro else 'worker'})"
            choices.append(Choice(value=capacity.value, label=label))
    if not choices:
        return ()
    hint = "To the person chosen above, in one act: each person hears of it once."
    return (Field(key=ALL, kind=FieldKind.CHOICES, label="Hand over with it", hint=hint, choices=tuple(choices)),)


def with_all(desk: Desk, child: Child, capacity: Capacity, to: Person) -> WithAll:
    """Who goes with the child, and who stays: each child is judged as if it were handed over by itself."""
    judged = [(one, _why_not(desk, one, capacity, to)) for one in of_same(desk, child, capacity)]
    return WithAll(
        going=tuple(one for one, why in judged if not why),
        staying=tuple((one, why) for one, why in judged if why),
    )


def _why_not(desk: Desk, child: Child, capacity: Capacity, to: Person) -> str:
    if capacity is Capacity.IRO and (formal := iro_is_managers_alone(desk, child)):
        return formal
    if capacity not in may_allocate(desk, child):
        return "you cannot allocate it."
    holder_id, iro_id = (child.holder_id, id_of(to)) if capacity is Capacity.IRO else (id_of(to), child.iro_id)
    return check(desk.session, holder_id, iro_id) or opens_to_oneself(desk, child, capacity, to)
