"""Who may add a child, allocate, and say that someone is away (the table of surface 1)."""

from handlers.office import Desk
from handlers.people.line import id_of, in_line, line_above
from handlers.standing import is_manager_in, roles_of
from storage import people
from storage.children import Capacity, Child
from storage.people import Person

OFFICE = frozenset({"iro_manager", "support", "admin"})
BOTH = (Capacity.IRO, Capacity.HOLDER)


def may_add_children(desk: Desk) -> bool:
    """IROs their own, and the office anyone's."""
    return bool(roles_of(desk, desk.actor) & (OFFICE | {"iro"}))


def adds_own_only(desk: Desk) -> bool:
    """Whether the children this person adds are their own cases."""
    return not roles_of(desk, desk.actor) & OFFICE


def may_allocate(desk: Desk, child: Child) -> tuple[Capacity, ...]:
    """What of a child this person may allocate: the office both, a manager in the line (or their cover) the worker."""
    if roles_of(desk, desk.actor) & OFFICE:
        return BOTH
    for one in (desk.actor_id, *people.covered_by(desk.session, desk.actor_id, desk.today)):
        manages = is_manager_in(desk.rules, people.roles_on(desk.session, one, desk.today))
        if manages and (one == child.holder_id or in_line(desk.session, child, one)):
            return (Capacity.HOLDER,)
    return ()


def may_set_absence(desk: Desk, person: Person) -> bool:
    """Everyone their own, a manager (or their cover) that of the people below, the office anyone's."""
    if person.id == desk.actor_id or roles_of(desk, desk.actor) & OFFICE:
        return True
    acting = {desk.actor_id, *people.covered_by(desk.session, desk.actor_id, desk.today)}
    return any(one.id in acting for one in line_above(desk.session, id_of(person)))
