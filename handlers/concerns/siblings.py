""" "Log for a brother or sister": the form once more, without the child and what is the child's own."""

from handlers.cards import Answer, Button
from handlers.concerns.case import OpenCase, open_case
from handlers.concerns.log_form import log_form, typed_in
from handlers.office import Desk
from handlers.refusals import Refused
from handlers.requests import Request, Value
from handlers.rights import May
from storage.concerns import ConcernState

OWN = ("child", "worries", "working_well", "impact", "child_voice")
"""Of each child anew: who it is, the words about them, and whether they were told and heard."""
BY_THE_RULES = ("main_reason", "other_reasons", "duty", "raised_during", "start_at", "start_reason", "agency")
"""What the procedures offer, which may have changed since the concern was logged."""
NOT_LOGGED = (ConcernState.DRAFT, ConcernState.DISCARDED)


def sibling_button(case: OpenCase) -> tuple[Button, ...]:
    """Offered after "Log"; a concern about the service is about no child."""
    return (case.button("Log for a brother or sister", "concern.sibling"),) if case.child is not None else ()


def log_for_sibling(desk: Desk, request: Request) -> Answer:
    """The form, filled in from the concern `request.subject`."""
    case = open_case(desk, request.subject, May.STEER)
    if case.child is None or case.concern.state in NOT_LOGGED:
        raise Refused(f"{case.ref} cannot be logged for another child.", case.button("Open", "concern.open"))
    case.record("read")
    left_out = OWN if case.concern.procedures_digest == desk.rules.digest else OWN + BY_THE_RULES
    typed = typed_in(desk, case.concern)
    values: dict[str, Value] = {key: value for key, value in typed.items() if key not in left_out}
    return log_form(desk, values=values)
