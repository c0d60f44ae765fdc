"""When a concern was first raised, and what it takes the place of: every view says it, and ages count from then."""

from datetime import date, datetime

from handlers.office import Desk
from handlers.rights import May, may, standing
from scheduling.deadline_wording import say_day, say_list
from scheduling.working_days import local
from storage import concerns
from storage.concerns import Concern


def first_raised_words(raised: datetime | None, today: date | None = None) -> str:
    """ "First raised Wed 4 Nov."; nothing of a draft, which is not raised yet."""
    return f"First raised {say_day(local(raised).date(), today)}." if raised is not None else ""


def first_raised_part(concern: Concern, today: date | None = None) -> str:
    """ "first raised Wed 4 Nov", for a line of several parts."""
    words = first_raised_words(concern.first_raised, today)
    return words[:1].lower() + words[1:].rstrip(".")


def successor_words(desk: Desk, concern: Concern) -> str:
    """Whose place it took, and what took its own: only concerns of which the person may know."""
    session = desk.session
    took = [one.reference for one in concerns.whose_place_it_took(session, concern) if _may_know(desk, one)]
    words = [f"It takes the place of {say_list(took)}."] if took else []
    number = concern.superseded_by
    successor = concerns.by_number(session, number) if number is not None else None
    if successor is not None and _may_know(desk, successor):
        words.append(f"{successor.reference} takes its place.")
    return " ".join(words)


def _may_know(desk: Desk, concern: Concern) -> bool:
    return may(standing(desk, concern), May.SEE_IT_EXISTS)
