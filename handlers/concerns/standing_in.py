"""The reason an IRO manager gives when acting for an IRO who is away or gone."""

from handlers.cards import Errors, Field, FieldKind
from handlers.concerns.case import OpenCase
from handlers.requests import Request
from handlers.rights import May, may
from scheduling.procedures.terms import AN_IRO_FIRST, IRO


def stands_in(case: OpenCase) -> bool:
    """Whether the person acts as IRO manager for an IRO who is away or gone."""
    return not case.who.is_iro and may(case.who, May.STEER)


def reason_field(case: OpenCase) -> tuple[Field, ...]:
    """The field that asks for the reason; none for the IRO and their cover."""
    if not stands_in(case):
        return ()
    return (manager_reason(),)


def manager_reason() -> Field:
    """The field itself."""
    return Field(
        key="manager_reason",
        kind=FieldKind.TEXT,
        label=f"Why you act for the {IRO}",
        hint=f"{AN_IRO_FIRST} who is away is told.",
        required=True,
        max_length=300,
    )


def reason_missing(case: OpenCase, request: Request) -> Errors | None:
    """What to say when the reason was not given; it is kept in the history when it was."""
    if not stands_in(case):
        return None
    reason = request.text("manager_reason")
    if not reason:
        return Errors(by_field={"manager_reason": f"Say why you act for the {IRO}."})
    case.record("acted for the IRO", words=reason)
    return None
