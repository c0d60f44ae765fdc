"""What an allocation may not do: change the IRO under an open formal concern unasked, or open a child to its maker."""

from handlers.cards import Field, FieldKind
from handlers.office import Desk
from handlers.people.covering import to_be_covered_by
from handlers.people.handover import formal_open
from handlers.people.line import id_of, line_from
from handlers.requests import Request
from handlers.standing import roles_acting
from scheduling.procedures.terms import CONCERN, IRO, IRO_MANAGER, IROS
from storage import concerns, people, referrals
from storage.children import Capacity, Child
from storage.concerns import ConcernState
from storage.people import Person

REASON = "iro_reason"


def iro_is_managers_alone(desk: Desk, child: Child) -> str:
    """The sentence for who may not change the child's IRO while a formal concern is open; empty where they may."""
    formal = formal_open(desk.session, child)
    if not formal or "iro_manager" in roles_acting(desk):
        return ""
    references = ", ".join(one.reference for one in formal)
    return f"A formal {CONCERN} is open ({references}): the {IRO_MANAGER} alone changes the {IRO}, with a reason."


def reason_field(desk: Desk, *of: Child) -> tuple[Field, ...]:
    """The field that asks the IRO manager why the IRO changes while a formal concern is open about one of these."""
    if not any(formal_open(desk.session, child) for child in of):
        return ()
    return (
        Field(
            key=REASON,
            kind=FieldKind.TEXT,
            label=f"Why the {IRO} changes",
            hint=f"Needed while a formal {CONCERN} is open. Both {IROS} read it, and it is kept on record.",
            max_length=300,
        ),
    )


def reason_missing(desk: Desk, request: Request, child: Child) -> str:
    """The sentence that asks for the reason; empty where none is needed, or one is given."""
    if not formal_open(desk.session, child) or request.text(REASON):
        return ""
    return f"Say why: a formal {CONCERN} about this child is open."


def opens_to_oneself(desk: Desk, child: Child, capacity: Capacity, person: Person) -> str:
    """The sentence that refuses an allocation by which its maker would come to read more; else empty.

    Whom they cover, now or later, counts as they do: the cover would open to them what the allocation gives.
    """
    oneself = {desk.actor_id, *to_be_covered_by(desk.session, desk.rules, desk.actor_id, desk.today)}
    if capacity is Capacity.IRO:
        return _opens_as_iro(desk, child, person) if person.id in oneself else ""
    joins = {one.id for one in line_from(desk.session, person.id)} & oneself
    holds = {one.id for one in line_from(desk.session, child.holder_id)} & oneself
    if joins <= holds or _is_manager_of_iros(desk):
        return ""
    if desk.actor_id in joins:
        return "This would bring the child to you or your own team: somebody else allocates it."
    return "This would bring the child to somebody you cover for, and so to you: somebody else allocates it."


def _opens_as_iro(desk: Desk, child: Child, person: Person) -> str:
    if _reads_all(desk, child):
        return ""
    if person.id != desk.actor_id:
        return f"You cover for {person.name}, so this would open the child to you: a colleague allocates it."
    if _is_manager_of_iros(desk):
        return f"Drafts or notes about this child are its {IRO}'s alone: a colleague makes you the {IRO}, and not you."
    return f"You cannot make yourself the {IRO} of a child known here: the {IRO_MANAGER} or a colleague does."


def _reads_all(desk: Desk, child: Child) -> bool:
    """Whether the person is an IRO manager to whom nothing about the child is closed: no draft and no note."""
    if not _is_manager_of_iros(desk):
        return False
    about = concerns.about(desk.session, child.id) if child.id is not None else []
    drafts = any(one.state is ConcernState.DRAFT for one in about)
    notes = (note for one in about if not one.notes_shared for note in referrals.of_concern(desk.session, one.id or 0))
    return not drafts and all(note.shared for note in notes)


def _is_manager_of_iros(desk: Desk) -> bool:
    return "iro_manager" in people.roles_on(desk.session, id_of(desk.actor), desk.today)


def was_known(desk: Desk, child: Child) -> bool:
    """Whether a child who is not in care here now was, or has concerns: coming back is an allocation.

    Of concerns from a file those count that this person did not raise: nobody gets an earlier one by adding a child.
    """
    if child.left_care_on is not None:
        return True
    about = concerns.about(desk.session, child.id) if child.id is not None else []
    return any(not one.imported or one.iro_id != desk.actor_id for one in about)


def is_holder(desk: Desk, person: Person) -> bool:
    """Whether the person may hold a case: a social worker, or someone of the line or of the authority's own roles."""
    allowed = {"social_worker", *desk.rules.line_roles, *desk.rules.other_roles}
    return bool(people.roles_on(desk.session, id_of(person), desk.today) & allowed)
