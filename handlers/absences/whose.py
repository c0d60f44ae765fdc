"""Whose absence, or whose weekdays, a form is about: one's own, or those of somebody one may enter them for."""

from handlers.cards import Field, FieldKind
from handlers.namesakes import person_label
from handlers.office import Desk
from handlers.people.chosen import chosen_person
from handlers.people.entitlement import OFFICE, may_set_absence
from handlers.requests import Request
from handlers.standing import roles_acting
from storage import people
from storage.people import Person

NOT_YOURS = {"person": "Choose yourself or someone you manage."}


def whose_field(desk: Desk, label: str) -> tuple[Field, ...]:
    """The field that asks whose, for those who may enter another's."""
    if not (roles_acting(desk) & OFFICE or people.managed_by(desk.session, desk.actor_id)):
        return ()
    return (
        Field(
            key="person",
            kind=FieldKind.SEARCH,
            label=label,
            search="person.staff",
            required=True,
            initial=str(desk.actor_id),
            initial_label=person_label(desk, desk.actor),
        ),
    )


def whose_chosen(desk: Desk, request: Request) -> Person | None:
    """The person chosen, or who asks; None where nobody is chosen for whom they may enter it."""
    person = chosen_person(desk, request, "person") if request.text("person") else desk.actor
    return person if person is not None and may_set_absence(desk, person) else None
