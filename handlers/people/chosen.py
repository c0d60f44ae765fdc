"""What was chosen in a search field: a person in service, a child."""

from handlers.numbers import number_of
from handlers.office import Desk
from handlers.requests import Request
from storage import children, people
from storage.children import Child
from storage.people import Person


def in_service(desk: Desk, chosen: str) -> Person | None:
    """The person in service of that id; None when nobody, or nobody here, was chosen."""
    number = number_of(chosen)
    person = people.get(desk.session, number) if number is not None else None
    return person if person is not None and not person.has_left(desk.today) else None


def chosen_person(desk: Desk, request: Request, key: str) -> Person | None:
    """The same, chosen in a search field."""
    return in_service(desk, request.text(key))


def listed_child(desk: Desk, chosen: str) -> Child | None:
    """The child of that id; None when none that is listed was chosen."""
    number = number_of(chosen)
    return children.get(desk.session, number) if number is not None else None


def chosen_child(desk: Desk, request: Request, key: str = "child") -> Child | None:
    """The same, chosen in a search field."""
    return listed_child(desk, request.text(key))
