"""What the timetable says of one child: which of the reviews held count, and when the next is due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from handlers.office import Scene
from scheduling.procedures.review_values import ReviewValues, review_values
from scheduling.timetable import NextDue, adjourn_until, childhood_ends, next_due
from scheduling.track_changes import (
    LOOKED_AFTER,
    TrackChange,
    change_of_track,
    counting_on,
    duties_on,
    held_at_go_live,
    serving_all,
)
from storage.children import Child
from storage.reviews import Order, Review

Held = tuple[str, date]
"""The track of a review, and the day it began."""


@dataclass(frozen=True, kw_only=True)
class Counted:
    """What the timetable says of a review, by the names of its columns."""

    track: str
    order: Order
    rule: str
    counts_from: date | None
    due_on: date
    law_due_on: date | None


def counted(due: NextDue) -> Counted:
    """The timetable's answer as a review keeps it."""
    return Counted(
        track=due.track,
        order=Order(due.order),
        rule=due.rule,
        counts_from=due.counted_from,
        due_on=due.due_on,
        law_due_on=due.law_due_on,
    )


def values_of(scene: Scene) -> ReviewValues:
    """The authority's review rules as they are now."""
    return review_values(scene.rules)


def ended_on(child: Child, today: date) -> date | None:
    """The day from which no review is due any more: care left, or the month of the eighteenth birthday over."""
    if child.left_care_on is not None:
        return child.left_care_on
    ends = childhood_ends(child.born)
    return ends if ends is not None and ends < today else None


def in_care_since(child: Child) -> date | None:
    """Since when the child is looked after; where only the last review before go-live is known, since that."""
    return child.looked_after_from or child.last_review_on


def started_on(child: Child, track: str = "") -> date:
    """The day the child's track is counted from, or that other one a child on this track is owed reviews of."""
    since = in_care_since(child)
    assert since is not None
    if (track or child.track) == LOOKED_AFTER:
        return since
    return child.track_from or since


def next_review(scene: Scene, child: Child, held: Sequence[Held]) -> NextDue | None:
    """When the child's next review is due: of several duties at once the earliest day counts.

    None where that would be after the child is eighteen.
    """
    found = [_next_of(scene, child, track, held) for track in duties_on(child.track)]
    return serving_all(child.track, [due for due in found if due is not None])


def _next_of(scene: Scene, child: Child, track: str, held: Sequence[Held]) -> NextDue | None:
    return next_due(
        values_of(scene).rules,
        track=track,
        track_from=started_on(child, track),
        held=held_that_count(scene, child, track, held),
        born=child.born,
        calendar=scene.calendar,
        on=scene.today,
    )


def held_that_count(scene: Scene, child: Child, track: str, held: Sequence[Held]) -> tuple[date, ...]:
    """The days of the reviews that count on one track of the child's, with the last one known from before go-live.

    Of reviews before that one only their number matters, so its day may stand more than once. Where it is not known
    since when the child is looked after, the last one known is taken for a later review: the next is due in 6 months.
    """
    since, start = in_care_since(child), started_on(child, track)
    assert since is not None
    kept = counting_on(track, track_from=start, looked_after_from=since, reviews=held)
    last = child.last_review_on
    if last is None or last < start:
        return kept
    if child.looked_after_from is None:
        return (last, last, *(day for day in kept if day > last))
    known = held_at_go_live(
        values_of(scene).rules, track=track, track_from=start, last_review_on=last, calendar=scene.calendar
    )
    before = sum(1 for day in kept if day <= last)
    return (*((last,) * max(before, len(known))), *(day for day in kept if day > last))


def counted_anew(scene: Scene, child: Child, review: Review, held: Sequence[Held]) -> NextDue | None:
    """When the child's open review is due as things are now: by changed rules or dates, or on another track.

    A day that another track's rule set is kept where it is earlier and the law keeps both: it cannot be counted again.
    """
    due = next_review(scene, child, held)
    pending = as_it_stands(scene, review) if _stands_from_before(scene, child, review) else None
    if review.track == child.track:
        return pending if due is not None and pending is not None and pending.due_on <= due.due_on else due
    change = TrackChange(from_track=review.track, to_track=child.track, on=started_on(child))
    return change_of_track(change=change, due=due, pending=pending).next


def _stands_from_before(scene: Scene, child: Child, review: Review) -> bool:
    """Whether a rule of a track that the child is no longer owed reviews of set the day."""
    owed = duties_on(child.track)
    return any(rule.key == review.rule and rule.track not in owed for rule in values_of(scene).rules)


def as_it_stands(scene: Scene, review: Review | Counted) -> NextDue:
    """A review as the timetable counted it."""
    rules = values_of(scene).rules
    rule = next((one for one in rules if one.key == review.rule), rules[0])
    return NextDue(
        track=review.track,
        order=review.order.value,
        due_on=review.due_on,
        law_due_on=review.law_due_on or review.due_on,
        rule=review.rule,
        law_rule=review.rule,
        counted_from=review.counts_from or review.due_on,
        within=rule.within,
    )


def complete_by(scene: Scene, review: Review) -> date:
    """The last day for which the law lets an adjourned review be completed, whenever it was due; of any other the
    last day in time.
    """
    if review.adjourned_on is None:
        return review.due_on
    return adjourn_until(values_of(scene).adjournment, review.adjourned_on, scene.calendar)


def latest_day(scene: Scene, review: Review) -> date:
    """The last day on which a review can be completed in time: one adjourned in time has the time the law adds."""
    late = review.adjourned_on is not None and review.adjourned_on > review.due_on
    return review.due_on if late else max(review.due_on, complete_by(scene, review))
