"""The first line of a form: how the concern or review in it stands, by when, and for whom one acts.

Every form gets it here, on its way out of the handlers, from what was opened for it: none has to ask for it.
"""

from dataclasses import replace

from handlers.cards import Answer, Form
from handlers.concerns.case import OpenCase
from handlers.concerns.on_top import line_of_concern
from handlers.office import Desk, Opened
from handlers.reviews.case import ReviewCase
from handlers.reviews.on_top import line_of_review
from handlers.undrawn import CANNOT_BE_SHOWN, drawn


def with_top_line(desk: Desk, answer: Answer) -> Answer:
    """The answer; a form about something that was opened at this desk, with its first line."""
    if not isinstance(answer, Form):
        return answer
    found = next((one for one in reversed(desk.opened) if one.ref == answer.subject), None)
    return answer if found is None else replace(answer, on_top=_line(desk, found))


def _line(desk: Desk, found: Opened) -> str:
    """The line, or that it cannot be shown: the form opens all the same."""
    return drawn(desk, f"{found.ref}: on top", lambda: _drawn(found), lambda: f"{found.ref} {CANNOT_BE_SHOWN}")


def _drawn(found: Opened) -> str:
    if isinstance(found, OpenCase):
        return line_of_concern(found)
    assert isinstance(found, ReviewCase)
    return line_of_review(found)
