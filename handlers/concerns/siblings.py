""" "Log for a brother or sister": the form once more, without the child and what is the child's own."""

from handlers.cards import Answer, Button
from handlers.concerns import log
from handlers.concerns.case import OpenCase, open_case
from handlers.concerns.log import LogForm, Logging
from handlers.office import Desk
from handlers.refusals import Refused
from handlers.requests import Request
from handlers.rights import May
from storage.concerns import ConcernState

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
    about = Logging(desk=desk, rules=desk.rules)
    return LogForm.draw(about, log.copied(desk, case.concern))
