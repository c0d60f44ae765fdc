"""Which reviews of a file are known already, and which contradict what is known."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from handlers.people.imports.outcome import Findings
from handlers.review_import.values import PastReview
from storage.children import Child
from storage.reviews import Review, ReviewState

BEGUN = (ReviewState.BOOKED, ReviewState.ADJOURNED, ReviewState.IN_SERIES)


@dataclass(frozen=True, kw_only=True)
class KnownReviews:
    """The reviews there are, by the child's reference: days held, days held by day due, days of those under way."""

    held: frozenset[tuple[str, date]]
    by_due: Mapping[tuple[str, date], date]
    under_way: frozenset[tuple[str, date]]


def known_reviews(session: Session) -> KnownReviews:
    """All reviews held or under way."""
    held: set[tuple[str, date]] = set()
    by_due: dict[tuple[str, date], date] = {}
    under_way: set[tuple[str, date]] = set()
    query = select(col(Child.reference), col(Review.state), col(Review.due_on), col(Review.held_on)).join(
        Review, col(Review.child_id) == col(Child.id)
    )
    for reference, state, due_on, held_on in session.exec(query):
        if state is ReviewState.HELD and held_on is not None:
            held.add((reference, held_on))
            by_due[reference, due_on] = held_on
        elif state in BEGUN:
            under_way.add((reference, due_on))
    return KnownReviews(held=frozenset(held), by_due=by_due, under_way=frozenset(under_way))


def unknown_of(past: Iterable[PastReview], known: KnownReviews, findings: Findings) -> list[PastReview]:
    """The reviews that are new.

    One due on the day of a known review but held on another contradicts it, and so does one that is under way here:
    both are noted, so that nothing is counted twice.
    """
    new = []
    for one in past:
        due = (one.child, one.due_on)
        if (one.child, one.held_on) in known.held:
            continue
        if due in known.by_due:
            kept = known.by_due[due]
            findings.note(
                one.line, "held_on", f"this review is known already, as held on {kept}: put one of them right"
            )
        elif due in known.under_way:
            findings.note(one.line, "held_on", "this review is booked or under way here: record it as held instead")
        else:
            new.append(one)
    return new
