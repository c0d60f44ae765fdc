"""What a change of track does to the review that was due: placement order, placement, short breaks, leaving care.

SI 2010/959 and SI 2005/389 were not readable in full on this point; to be checked by a practitioner.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from scheduling.timetable import NextDue, ReviewOrder, ReviewRule, last_day, law_days
from scheduling.working_days import WorkingCalendar

LOOKED_AFTER = "looked_after"
SHORT_BREAKS = "short_breaks"
ADOPTION_AUTHORISED = "adoption_authorised"
ADOPTION_PLACED = "adoption_placed"
TRACKS = (LOOKED_AFTER, SHORT_BREAKS, ADOPTION_AUTHORISED, ADOPTION_PLACED)

_IN_CARE_THROUGHOUT = (LOOKED_AFTER, ADOPTION_AUTHORISED, ADOPTION_PLACED)


class Pending(StrEnum):
    """What becomes of the review that was due when the track changed."""

    STANDS = "stands"  # it is the earlier of the two dates, and the law keeps both
    REPLACED = "replaced"  # the new track's date takes its place


class Unheld(StrEnum):
    """What becomes of a review not held when a child leaves care or is eighteen."""

    NOT_NEEDED = "not needed"
    MISSED = "missed"  # it was due before that day


@dataclass(frozen=True, kw_only=True)
class TrackChange:
    """A child's change from one track to another on a day."""

    from_track: str
    to_track: str
    on: date

    @property
    def keeps_both(self) -> bool:
        """Whether the date that was pending goes on counting beside the new track's.

        A child authorised to be placed for adoption is still looked after, and so is one who comes back from a
        placement; only a placement for adoption puts its own timetable in the place of the other. Short breaks
        are another regime: they, and becoming looked after from them, begin anew.
        """
        stays = self.from_track in _IN_CARE_THROUGHOUT and self.to_track in _IN_CARE_THROUGHOUT
        return stays and self.to_track != ADOPTION_PLACED


@dataclass(frozen=True, kw_only=True)
class ChangedTrack:
    """The review due after a change of track (None: not before eighteen), and what became of the pending one."""

    next: NextDue | None
    pending: Pending


def duties_on(track: str) -> tuple[str, ...]:
    """The tracks whose reviews a child on this one is owed, its own first.

    A child authorised to be placed for adoption is looked after until placed, and keeps those reviews beside the
    adoption reviews (SI 2010/959 reg 33 beside SI 2005/389 reg 36(1); domain.md 1.1).
    """
    return (ADOPTION_AUTHORISED, LOOKED_AFTER) if track == ADOPTION_AUTHORISED else (track,)


def serving_all(track: str, found: Sequence[NextDue]) -> NextDue | None:
    """The one review that serves every duty of a child on a track: on the earliest day, by law and local rule each.

    Of equals the first one found sets it. None where no duty asks for one before eighteen.
    """
    if not found:
        return None
    sooner = min(found, key=lambda review: review.due_on)
    lawful = min(found, key=lambda review: review.law_due_on)
    return replace(sooner, track=track, law_due_on=lawful.law_due_on, law_rule=lawful.law_rule)


def change_of_track(*, change: TrackChange, due: NextDue | None, pending: NextDue | None) -> ChangedTrack:
    """The review due once the track has changed: as the new track's duties have it, counted from their own days.

    Where the law keeps both timetables a pending review that falls earlier stands, and that one review serves both.
    """
    if not change.keeps_both or pending is None:
        return ChangedTrack(next=due, pending=Pending.REPLACED)
    if due is None:  # the new track asks for none before eighteen; the old one did
        return ChangedTrack(next=replace(pending, track=change.to_track), pending=Pending.STANDS)
    both = serving_all(change.to_track, (due, pending))
    stands = Pending.STANDS if pending.due_on < due.due_on else Pending.REPLACED
    return ChangedTrack(next=replace(both, order=due.order) if both is not None else None, pending=stands)


def counting_on(
    track: str, *, track_from: date, looked_after_from: date, reviews: Sequence[tuple[str, date]]
) -> tuple[date, ...]:
    """The days of the reviews that count on a track, in order, of all (track, day) held for the child.

    On `looked_after`, all since the child became looked after but those of short breaks. So too on
    `adoption_authorised` since the authority was given: a looked-after review held then is an adoption review as
    well, whenever the order was written down here. On any other, the track's own since it began.
    """
    if LOOKED_AFTER in duties_on(track):
        since = looked_after_from if track == LOOKED_AFTER else track_from
        return tuple(sorted(day for kind, day in reviews if kind != SHORT_BREAKS and day >= since))
    return tuple(sorted(day for kind, day in reviews if kind == track and day >= track_from))


def unheld_at_the_end(due_on: date, ended_on: date) -> Unheld:
    """What becomes of an open review when the child leaves care or childhood ends on a day."""
    return Unheld.MISSED if due_on < ended_on else Unheld.NOT_NEEDED


def held_at_go_live(
    rules: Sequence[ReviewRule], *, track: str, track_from: date, last_review_on: date, calendar: WorkingCalendar
) -> tuple[date, ...]:
    """What to hand to `next_due` as held when only the last review's day is known: its day, once or twice.

    It is taken for the first review where it is nearer to the day the law's first was due than to that of the
    second, and for a later one otherwise. Only the number and the last day are meant.
    """
    first = _law_due(rules, track, "first", track_from, calendar)
    second = None if first is None else _law_due(rules, track, "second", first, calendar)
    if first is None or second is None or last_review_on <= first + (second - first) / 2:
        return (last_review_on,)
    return (last_review_on, last_review_on)


def _law_due(
    rules: Sequence[ReviewRule], track: str, order: ReviewOrder, start: date, calendar: WorkingCalendar
) -> date | None:
    law = (rule for rule in rules if rule.law and rule.track == track and rule.order == order)
    return min((last_day(start, rule.within, law_days(calendar)) for rule in law), default=None)
