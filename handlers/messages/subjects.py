"""The names of what nudges, history and messages are about: made here, and nowhere else."""

from storage.nudges import MORNING


def of_concern(concern_id: int | None) -> str:
    """A concern."""
    return f"concern:{concern_id}"


def of_review(review_id: int | None) -> str:
    """A review of a child."""
    return f"review:{review_id}"


def of_decisions(review_id: int | None) -> str:
    """The decisions of a review, from their sending to the answer."""
    return f"decisions:{review_id}"


def of_news(news_id: int | None) -> str:
    """One piece of news about a child, until the IRO's word."""
    return f"news:{news_id}"


def of_feedback(child_id: int | None) -> str:
    """Feedback on reviews of a child: that on a later review overtakes the earlier."""
    return f"feedback:{child_id}"


def of_person(person_id: int | None) -> str:
    """What is kept of a member of staff, and of what was sent to them."""
    return f"person:{person_id}"


def of_cover(person_id: int | None) -> str:
    """That somebody covers for a person."""
    return f"cover:{person_id}"


def of_absence(person_id: int | None) -> str:
    """That a person was said to be away by somebody else."""
    return f"absence:{person_id}"


def of_child(child_id: int | None) -> str:
    """A child."""
    return f"child:{child_id}"


def of_handover(handover_id: int | None) -> str:
    """One act by which children changed hands."""
    return f"handover:{handover_id}"


DAY = MORNING
"""The morning message of everybody."""


def number_in(subject: str) -> int:
    """The number of whatever a subject names."""
    return int(subject.partition(":")[2])
