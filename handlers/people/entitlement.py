"""Who may add a child, allocate, and say that someone is away (the table of surface 1)."""

from handlers.office import Desk
from handlers.people.handover import formal_open
from handlers.people.line import id_of, in_line, line_above
from handlers.standing import acting_as, is_manager_in, roles_acting, roles_of
from storage import people
from storage.children import Capacity, Child
from storage.people import Person

OFFICE = frozenset({"iro_manager", "support", "admin"})
BOTH = (Capacity.IRO, Capacity.HOLDER)


def may_add_children(desk: Desk) -> bool:
    """IROs their own, and the office anyone's."""
    return bool(roles_acting(desk) & OFFICE) or "iro" in roles_of(desk, desk.actor)


def adds_own_only(desk: Desk) -> bool:
    """Whether the children this person adds are their own cases."""
    return not roles_acting(desk) & OFFICE


def may_allocate(desk: Desk, child: Child) -> tuple[Capacity, ...]:
    """What of a child this person may allocate: the office both, a manager in the line (or their cover) the worker.

    Under an open formal concern the IRO is the IRO manager's alone to change.
    """
    roles = roles_acting(desk)
    if "iro_manager" in roles or (roles & OFFICE and not formal_open(desk.session, child)):
        return BOTH
    if roles & OFFICE:
        return (Capacity.HOLDER,)
    for one, roles in acting_as(desk).items():
        manages = is_manager_in(desk.rules, roles)
        if manages and (one == child.holder_id or in_line(desk.session, child, one)):
            return (Capacity.HOLDER,)
    return ()


def may_set_absence(desk: Desk, person: Person) -> bool:
    """Everyone their own, a manager (or their cover) that of the people below, the office anyone's."""
    if person.id == desk.actor_id or roles_acting(desk) & OFFICE:
        return True
    acting = acting_as(desk)
    return any(one.id in acting for one in line_above(desk.session, id_of(person)))


def supervised(desk: Desk) -> list[Person]:
    """Whose page somebody opens: those they are the line manager of, and for an IRO manager every IRO; never their own.

    Of one who left, the next above is the line manager; a cover is in the manager's place.
    """
    acting = acting_as(desk)
    is_iro_manager = any("iro_manager" in roles for roles in acting.values())
    iros = people.holders_of(desk.session, "iro", desk.today) if is_iro_manager else []
    here = people.in_service(desk.session, desk.today)
    theirs = [one for one in here if _manager_of(desk, one) in acting or one in iros]
    return [one for one in theirs if one.id != desk.actor_id]


def _manager_of(desk: Desk, person: Person) -> int | None:
    above = line_above(desk.session, id_of(person))
    return next((one.id for one in above if not one.has_left(desk.today)), None)
