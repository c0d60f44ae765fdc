"""What was chosen in a form: a person in service."""

from handlers.office import Desk
from handlers.requests import Request
from storage import people
from storage.people import Person


def chosen_person(desk: Desk, request: Request, key: str) -> Person | None:
    """The person in service chosen in a search field; None when nobody, or nobody here, was chosen."""
    text = request.text(key)
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        return None
    person = people.get(desk.session, int(text))
    gone = person is None or person.has_left(desk.today)
    return None if gone else person
