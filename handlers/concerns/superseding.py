"""Closing a concern because another takes its place: that one counts from then on as raised when this one was."""

from handlers.cards import Choice, Field, FieldKind
from handlers.concerns.case import OpenCase, open_case
from handlers.office import Desk
from handlers.requests import Request
from handlers.rights import May, may, standing
from scheduling.procedures.terms import CONCERN
from storage import concerns
from storage.concerns import Concern

_NONE = "none"
_KEY = "superseded_by"


def successor_field(case: OpenCase) -> tuple[Field, ...]:
    """Which concern takes its place, where another can: open on the same child, or about the service as well."""
    found = _can_succeed(case)
    if not found:
        return ()
    choices = (
        *(Choice(value=str(one.number), label=f"{one.reference}: {_reason(case.desk, one)}") for one in found),
        Choice(value=_NONE, label="None of these"),
    )
    return (
        Field(
            key=_KEY,
            kind=FieldKind.CHOICE,
            label="Which concern takes its place?",
            hint=f"For a superseded {CONCERN}: the other counts from when this one was first raised.",
            choices=choices,
        ),
    )


def successor_missing(case: OpenCase, request: Request) -> bool:
    """Whether there is a choice of concerns that could take its place, and none was made."""
    numbers = {str(one.number) for one in _can_succeed(case)}
    return bool(numbers) and request.text(_KEY) not in {*numbers, _NONE}


def hand_over_to_successor(case: OpenCase, request: Request) -> None:
    """Let the concern chosen carry on."""
    chosen = next((one for one in _can_succeed(case) if str(one.number) == request.text(_KEY)), None)
    if chosen is None:
        return
    successor = open_case(case.desk, chosen.reference, May.STEER, for_change=True)
    successor.concern.take_place_of(case.concern)
    case.desk.session.add_all((successor.concern, case.concern))
    successor.record("took the place of another concern", concern=case.concern.number)


def _can_succeed(case: OpenCase) -> list[Concern]:
    concern = case.concern
    same = concerns.open_about(case.desk.session, concern.child_id)
    return [one for one in same if one.id != concern.id and may(standing(case.desk, one), May.STEER)]


def _reason(desk: Desk, concern: Concern) -> str:
    assert concern.id is not None
    main = next((one.reason for one in concerns.reasons_of(desk.session, concern.id) if one.main), "")
    category = desk.frozen_rules(concern.procedures_digest).category(main)
    return category.label if category is not None else main or "no reason given"
