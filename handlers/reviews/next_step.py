"""What planning one child comes to, before anything is written: begin a review, count it anew, end it, or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from handlers.office import Scene
from handlers.timetable.counting import Counted, Held, counted, counted_anew, ended_on, in_care_since, next_review
from scheduling.timetable import NextDue, NoLaw
from scheduling.track_changes import Unheld, unheld_at_the_end
from storage.children import Child
from storage.reviews import BEGUN, Review, ReviewState


@dataclass(frozen=True, kw_only=True)
class Step:
    """What is to be done for a child: `what` is the history's word for it, empty where nothing is.

    `columns` are what the review is to hold; `present` the open review there is, and `ends` whether it is over.
    `fault` says why the next review cannot be counted, for want of a law or of a day that can be; then all stays.
    """

    what: str = ""
    present: Review | None = None
    columns: Counted | None = None
    ends: bool = False
    missed: bool = False
    fault: str = ""

    @property
    def begins(self) -> bool:
        """Whether a review is to be made."""
        return self.present is None and self.columns is not None


def next_step(scene: Scene, child: Child, present: Review | None, held: Sequence[Held]) -> Step:
    """What the timetable asks for now, given the child's open review and all that were held; never NoLaw.

    A review that has begun is left alone, to be completed even after care was left. A booked one keeps its day when
    rules change, and not when what it was counted from does: another track, or a date put right.
    """
    if present is not None and present.state in BEGUN:
        return Step(present=present)
    end = ended_on(child, scene.today)
    if end is not None or in_care_since(child) is None or child.historical:
        return _end(present, end or scene.today)
    try:
        return _counted_step(scene, child, present, held)
    except (NoLaw, ValueError, OverflowError) as fault:  # of a day whose working days nobody knows
        return Step(present=present, fault="" if _is_booked(present, child) else str(fault))


def _counted_step(scene: Scene, child: Child, present: Review | None, held: Sequence[Held]) -> Step:
    """What counting asks for; NoLaw where the procedures hold no law for it."""
    if present is None:
        due = next_review(scene, child, held)
        return Step() if due is None else Step(what="review planned", columns=counted(due))
    due = counted_anew(scene, child, present, held)
    if _is_booked(present, child) and (due is None or due.counted_from == present.counts_from):
        return Step(present=present)
    return _end(present, scene.today) if due is None else _anew(present, due)


def _is_booked(present: Review | None, child: Child) -> bool:
    return present is not None and present.state is ReviewState.BOOKED and present.track == child.track


def _anew(present: Review, due: NextDue) -> Step:
    """The days counted anew; a review brought forward stays where it was brought."""
    columns = counted(due)
    if present.brought_forward_from is not None:
        columns = replace(columns, due_on=min(present.due_on, due.due_on))
    if all(getattr(present, column) == value for column, value in vars(columns).items()):
        return Step(present=present)
    return Step(what="review counted anew", present=present, columns=columns)


def _end(present: Review | None, on: date) -> Step:
    """The open review of a child who left care or grew up is over; one that should have been held before, missed."""
    if present is None:
        return Step()
    missed = unheld_at_the_end(present.due_on, on) is Unheld.MISSED
    return Step(what="review missed" if missed else "review not needed", present=present, ends=True, missed=missed)
