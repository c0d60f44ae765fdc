"""Whose figures a person may see: an IRO their own, a manager their part of the line, an IRO manager the service."""

from handlers.office import Desk
from handlers.people.line import everyone_below
from handlers.refusals import Refused
from handlers.standing import acting_as, is_manager_in
from scheduling.procedures.terms import IRO_MANAGER, IROS
from storage.whose import EVERYBODY, Whose

NOT_YOURS = (
    f"Figures are for {IROS} (their own), their manager (the service) and managers in the line (their part of it). "
    f"Ask the {IRO_MANAGER} for what you need."
)


def entitled_to(desk: Desk) -> Whose:
    """What the person may have counted, with the rights of those they cover today. Refused to everyone else."""
    acting = acting_as(desk)
    if any("iro_manager" in roles for roles in acting.values()):
        return EVERYBODY
    iros = tuple(sorted(one for one, roles in acting.items() if "iro" in roles))
    managers = [one for one, roles in acting.items() if is_manager_in(desk.rules, roles)]
    holders = tuple(sorted({*managers, *everyone_below(desk.session, managers)}))
    if not iros and not managers:
        raise Refused(NOT_YOURS)
    return Whose(iro_ids=iros or None, holder_ids=holders if managers else None)


def whose_words(whose: Whose) -> str:
    """Whose figures they are, in a few words."""
    if whose.is_everybody:
        return "the whole service"
    own = "your own" if whose.iro_ids else ""
    line = "your part of the line" if whose.holder_ids is not None else ""
    return " and ".join(filter(None, (own, line)))
