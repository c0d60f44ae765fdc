"""How a review is said: when it is due, how it stands, who took part. Never a narrative."""

from handlers.day_words import clock
from handlers.office import Scene
from handlers.timetable.counting import complete_by, values_of
from scheduling.deadline_wording import say_day, say_list
from scheduling.review_wording import say_review_due
from storage import reviews
from storage.reviews import Participation, Review, ReviewState

PARTICIPATION = {
    Participation.PN0: "PN0 Under four at the time of the review",
    Participation.PN1: "PN1 Attends and speaks for themselves",
    Participation.PN2: "PN2 Attends, and an advocate speaks for them",
    Participation.PN3: "PN3 Attends and conveys views without speaking",
    Participation.PN4: "PN4 Attends, and neither speaks nor conveys views",
    Participation.PN5: "PN5 Does not attend, and asks an advocate to speak",
    Participation.PN6: "PN6 Does not attend, and conveys their feelings",
    Participation.PN7: "PN7 Neither attends nor conveys views",
}
"""The Department for Education's codes (SSDA903), as the Nottinghamshire report words them."""

TRACKS = {
    "looked_after": "Looked after",
    "short_breaks": "Short breaks",
    "adoption_authorised": "Adoption: authorised to place",
    "adoption_placed": "Adoption: placed",
}


def due_words(scene: Scene, review: Review) -> str:
    """When a review is due and how that was counted, one brought forward or adjourned with its own day."""
    rule = next((one for one in values_of(scene).rules if one.key == review.rule), None)
    brought = review.brought_forward_from
    words = say_review_due(
        review.due_on,
        review.order.value,
        within=rule.within if rule is not None and brought is None else None,
        counted_from=review.counts_from,
        today=scene.today,
        calendar=scene.calendar,
    )
    if brought is not None:
        words += f", brought forward from {say_day(brought)} ({review.early_reason})"
    elif review.law_due_on is not None and review.law_due_on != review.due_on:
        words += f"; by law {say_day(review.law_due_on)}"
    if review.adjourned_on is not None and review.state is ReviewState.ADJOURNED:
        words += f". Adjourned on {say_day(review.adjourned_on)}: to be completed by "
        words += say_day(complete_by(scene, review))
    return f"{words}."


def state_words(scene: Scene, review: Review) -> str:
    """How a review stands: "booked for Tue 5 Jan 2027", "held on ..., in time"."""
    match review.state:
        case ReviewState.HELD:
            return held_words(review)
        case ReviewState.IN_SERIES:
            return f"a series of meetings, begun on {_day(review)}; not completed"
        case ReviewState.ADJOURNED:
            again = f", goes on on {say_day(review.booked_for)}" if review.booked_for else ", no day to go on yet"
            return f"adjourned{again}"
        case ReviewState.NOT_NEEDED:
            return "missed" if review.in_time is False else "not needed"
        case ReviewState.BOOKED:
            assert review.booked_for is not None
            at = f", {clock(review.booked_time)}" if review.booked_time else ""
            return f"booked for {say_day(review.booked_for)}{at}{_moved(scene, review)}"
        case ReviewState.DUE:
            return "not booked"


def held_words(review: Review) -> str:
    """ "held on Mon 7 Dec 2026, in time", a series with its last day, a late one with the reason."""
    ended = review.completed_on
    until = f", completed {say_day(ended)}" if ended is not None and ended != review.held_on else ""
    if review.in_time is None:
        return f"held on {_day(review)}{until}"
    late = f"late ({review.late_reason})" if review.late_reason else "late"
    return f"held on {_day(review)}{until}, {'in time' if review.in_time else late}"


def _day(review: Review) -> str:
    return say_day(review.held_on) if review.held_on is not None else "a day not recorded"


def _moved(scene: Scene, review: Review) -> str:
    assert review.id is not None
    moves = reviews.moves_of(scene.session, review.id)
    if not moves:
        return ""
    return f" (moved from {say_list([say_day(one.from_on) for one in moves])})"
