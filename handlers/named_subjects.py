"""What a nudge is about, as administrators are told of it: by its reference, and without a child."""

from sqlmodel import Session

from handlers.messages.subjects import DAY, number_in, of_concern
from storage import concerns


def named(session: Session, subject: str) -> str:
    """ "C-12", "review 7", "the morning"."""
    if subject == DAY:
        return "the morning"
    number = number_in(subject)
    concern = concerns.get(session, number) if subject == of_concern(number) else None
    return concern.reference if concern is not None else subject.replace(":", " ")
