"""What a message is about: of each subject a person has one message with live buttons, which a newer one overtakes."""

from handlers.messages.kinds import Kind
from handlers.messages.owing import details_of
from storage.outbox import Outbox

_ABOUT_DECISIONS = (Kind.DECISIONS, Kind.DECISIONS_DISPUTED, Kind.DECISIONS_UNPROVEN)


def of_concern(concern_id: int) -> str:
    """A concern."""
    return f"concern:{concern_id}"


def of_decisions(review_id: int) -> str:
    """The decisions of a review, from their sending to the answer."""
    return f"decisions:{review_id}"


def of_news(news_id: int) -> str:
    """One piece of news about a child, until the IRO's word."""
    return f"news:{news_id}"


def subject_of(row: Outbox) -> str | None:
    """The subject of a message owed; None for those that nothing overtakes.

    Feedback on a review is overtaken by feedback on a later one of the same child.
    """
    if row.concern_id is not None:
        return of_concern(row.concern_id)
    if row.kind in _ABOUT_DECISIONS and row.review_id is not None:
        return of_decisions(row.review_id)
    if row.kind == Kind.NEWS:
        return of_news(int(str(details_of(row)["news"])))
    return f"feedback:{details_of(row)['child']}" if row.kind == Kind.FEEDBACK else None
