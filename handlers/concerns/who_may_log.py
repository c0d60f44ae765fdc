"""Who may log a concern, and about which child."""

from handlers.office import Desk
from handlers.refusals import Refused, no_such
from handlers.rights import Place, child_standing
from handlers.standing import roles_acting
from scheduling.procedures.terms import A_CONCERN, IRO
from storage.children import Child


def may_log_something(desk: Desk) -> bool:
    """Whether the person is an IRO, covers one today, or is an IRO manager."""
    return bool(roles_acting(desk) & {"iro", "iro_manager"})


def require_may_log(desk: Desk, child: Child) -> bool:
    """Pass when the person may log a concern about this child; True when as IRO manager for an IRO who is away."""
    who = child_standing(desk, child)
    own_roles = who.acting[desk.actor_id]
    if child.iro_id is None and own_roles & {"iro", "iro_manager"}:
        return False
    if who.is_iro:
        return False
    if who.holds(Place.IRO_MANAGER):
        if who.holds(Place.DEPUTY):
            return True
        raise Refused(f"Only the child's {IRO} logs {A_CONCERN} about {child.reference}; they are not away.")
    if "iro" in own_roles:
        raise Refused(f"You are not the {IRO} of {child.reference}, and do not cover for them today.")
    raise no_such(child.reference)


def may_log_about(desk: Desk, child: Child) -> bool:
    """Whether the person may log a concern about this child."""
    try:
        require_may_log(desk, child)
    except Refused:
        return False
    return True
