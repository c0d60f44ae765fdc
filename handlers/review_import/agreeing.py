"""Whether the reviews of a file agree with each other and with what is known; some of them are wrong, some only odd."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from handlers.imports.outcome import Findings
from handlers.review_import.known import InCare, Known, KnownReview
from handlers.review_import.values import PastReview
from storage.reviews import Order


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """The reviews that are new, and what a person should look at although it is taken in."""

    new: Sequence[PastReview]
    odd: tuple[str, ...]


@dataclass(frozen=True)
class _Place:
    """A review of the child's line of reviews, from the file or known here."""

    order: Order
    held_on: date
    completed_on: date
    line: int | None = None

    @property
    def said(self) -> str:
        """ "line 4", or where else it stands."""
        return f"line {self.line}" if self.line is not None else f"the review of {self.held_on} known here"


@dataclass(kw_only=True)
class Checks:
    """The checks of one file. What is wrong goes to `findings`, what is odd stays in `odd`."""

    known: Known
    findings: Findings
    odd: Findings = field(default_factory=Findings)

    def agreed(self, past: Iterable[PastReview]) -> Agreement:
        """All checks; a review is known again by its child and the day it was held, and then left alone."""
        of_children: dict[str, list[PastReview]] = {}
        for one in past:
            if not self._is_known(one):
                of_children.setdefault(one.child, []).append(one)
        for child, rows in of_children.items():
            in_care = self.known.in_care.get(child, InCare())
            for one in rows:
                self._booked_here(one)
                self._in_care(one, in_care)
            self._in_line(self._line(child, rows), in_care)
        new = [one for rows in of_children.values() for one in rows]
        return Agreement(new=new, odd=tuple(str(one) for one in sorted(self.odd.problems, key=lambda one: one.line)))

    def _is_known(self, one: PastReview) -> bool:
        for review in self.known.held.get(one.child, ()):
            if review.held_on == one.held_on:
                if review.due_on != one.due_on:
                    self.odd.note(
                        one.line, "due_on", f"this review is known here as due on {review.due_on}: that stays"
                    )
                return True
            if review.due_on == one.due_on:
                said = f"this review is known already, as held on {review.held_on}: put one of them right"
                self.findings.note(one.line, "held_on", said)
                return True
        return False

    def _booked_here(self, one: PastReview) -> None:
        """A review that is under way here is recorded here, so that nothing is counted twice."""
        for review in self.known.under_way.get(one.child, ()):
            if review.due_on == one.due_on:
                said = "this review is booked or under way here: record it as held instead"
                self.findings.note(one.line, "held_on", said)
            elif _is_meant(review, one.held_on):
                said = f"a review due on {review.due_on} is booked or under way here: record it as held instead"
                self.findings.note(one.line, "due_on", said)

    def _in_care(self, one: PastReview, in_care: InCare) -> None:
        since, left_on = in_care.since, in_care.left_on
        if since is not None and one.held_on < since <= one.due_on:
            said = f"is before {since}, since when the child is looked after, but due_on is not: check both dates"
            self.findings.note(one.line, "held_on", said)
        elif since is not None and one.due_on < since <= one.held_on:
            said = f"is before {since}, since when the child is looked after, but held_on is not: check both dates"
            self.findings.note(one.line, "due_on", said)
        elif since is not None and one.held_on < since:
            said = f"is before {since}, since when the child is looked after: kept as of an earlier time in care"
            self.odd.note(one.line, "held_on", said)
        if left_on is not None and one.held_on > left_on:
            self.findings.note(one.line, "held_on", f"is after {left_on}, when the child left care: check both dates")

    def _line(self, child: str, rows: Sequence[PastReview]) -> list[_Place]:
        """The child's reviews in the order they were held, those of the file and those known."""
        kept = [
            _Place(review.order, review.held_on, review.completed_on or review.held_on)
            for review in self.known.held.get(child, ())
            if review.held_on is not None
        ]
        line = [*kept, *(_Place(one.order, one.held_on, one.completed_on, one.line) for one in rows)]
        return sorted(line, key=lambda place: place.held_on)

    def _in_line(self, line: Sequence[_Place], in_care: InCare) -> None:
        for earlier, later in pairwise(line):
            self._overlap(earlier, later)
        firsts = [place for place in line if place.order is Order.FIRST]
        since = in_care.one_track_since
        for number, place in enumerate(firsts):
            before = [one for one in line if since is not None and since <= one.held_on < place.held_on]
            if before and place.line is not None:
                said = f"{before[-1].said} was held before it since {since}: it cannot be the first"
                self.findings.note(place.line, "kind", said)
            elif number and place.line is not None:
                said = f"{firsts[number - 1].said} is a first review of this child too: right only after coming back"
                self.odd.note(place.line, "kind", f"{said} into care, or on another track")

    def _overlap(self, earlier: _Place, later: _Place) -> None:
        """No review is completed after the next one was held."""
        if earlier.completed_on <= later.held_on:
            return
        if earlier.line is not None:
            said = f"is after {later.held_on}, when the next review ({later.said}) was held: check both dates"
            self.findings.note(earlier.line, "completed_on", said)
        elif later.line is not None:
            said = f"is before {earlier.completed_on}, when {earlier.said} was completed: check both dates"
            self.findings.note(later.line, "held_on", said)


def _is_meant(review: KnownReview, held_on: date) -> bool:
    """Whether a review held on a day must be the one under way, or lies between it and what it was counted from."""
    since = review.counts_from
    return held_on in (review.booked_for, review.held_on) or (since is not None and held_on > since)
