"""Closing a concern because another takes its place: that one counts from then on as raised when this one was."""

from handlers.cards import Choice
from handlers.concerns.case import OpenCase, open_case
from handlers.office import Desk
from handlers.rights import May, may, standing
from storage import concerns
from storage.concerns import Concern

_NONE = Choice(value="none", label="None of these")


def successors(case: OpenCase) -> tuple[Choice, ...]:
    """Which concerns can take its place: open on the same child, or about the service as well. Else nothing."""
    found = _can_succeed(case)
    named = (Choice(value=str(one.number), label=f"{one.reference}: {_reason(case.desk, one)}") for one in found)
    return (*named, _NONE) if found else ()


def hand_over_to_successor(case: OpenCase, number: str | None) -> None:
    """Let the concern chosen carry on, where it is one of them."""
    chosen = next((one for one in _can_succeed(case) if str(one.number) == number), None)
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
