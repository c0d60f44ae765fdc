"""A child's change of track: placement order, placement for adoption, short breaks, looked after, care left."""

from datetime import date

from handlers.cards import Answer, Choice, Notice
from handlers.day_windows import DayOf, born_after, could_be_born, is_month
from handlers.days import Edge, too_early
from handlers.forms.deeds import done_by
from handlers.forms.fields import choice, day_if_any, line
from handlers.forms.form import Place
from handlers.office import Desk, Scene
from handlers.refusals import Refused, Stale
from handlers.requests import Request
from handlers.reviews.by_form import OfReview
from handlers.reviews.case import ReviewCase, open_review
from handlers.reviews.earliest import LEFT, last_ended, since_last_meeting
from handlers.reviews.earliest import LOOKED_AFTER as LOOKED_AFTER_SINCE
from handlers.reviews.planning import Cause, none_to_come, plan_review
from handlers.reviews.wording import TRACKS, due_words
from handlers.rights import May
from handlers.timetable.counting import in_care_since
from scheduling.deadline_wording import say_day
from scheduling.procedures.terms import IRO
from scheduling.track_changes import LOOKED_AFTER, SHORT_BREAKS, Unheld, unheld_at_the_end
from storage import reviews
from storage.children import Child
from storage.reviews import BEGUN

LEFT_CARE = "left_care"
_TRACKS = tuple(
    Choice(value=value, label=label) for value, label in (*TRACKS.items(), (LEFT_CARE, "No longer looked after"))
)


def _present(case: ReviewCase) -> str:
    return LEFT_CARE if case.child.left_care_on is not None else case.child.track


def _stamp(child: Child) -> str:
    return f"{child.track}|{child.track_from}|{child.left_care_on}|{child.born}"


class Track(OfReview, deed="review.track", title=lambda case: f"Track: {case.ref}", submit="Change", of_run=False):
    """The track by which reviews are due, from when, and the month of birth where they go by age."""

    track: str = choice("Reviews", _TRACKS, str, missing="Choose one of the list.", first=_present)
    on: date | None = day_if_any(
        DayOf.TRACK_CHANGED,
        "From",
        hint="The order, the placement, or the day care was left or began. Also to put that day right.",
    )
    born: str = line(
        "Born (year and month)",
        limit=7,
        required=False,
        checked=False,
        hint="2014-05: where reviews go by age, and for the eighteenth birthday.",
        first=lambda case: case.child.born or "",
    )

    @classmethod
    def place(cls, about: ReviewCase) -> Place:
        """The child, and how the track stood."""
        return Place(subject=about.ref, context={"since": _stamp(about.child)})

    def wrong(self, about: ReviewCase) -> dict[str, str]:
        """A change has its day, which fits what is known of the child, and so does the month of birth."""
        wrong = {"on": self._wrong_day(about), "born": self._wrong_born(about)}
        return {key: sentence for key, sentence in wrong.items() if sentence}

    def _wrong_day(self, about: ReviewCase) -> str:
        if not self.changes(about.child):
            return ""
        return too_early(self.on, _since(about, self.track)) if self.on is not None else "Give a date."

    def _wrong_born(self, about: ReviewCase) -> str:
        began = about.child.looked_after_from
        if self.born and not is_month(self.born):
            return "Year and month only: write 2014-05."
        if self.born and not could_be_born(self.born, about.desk.today):
            return "This is not when a child of today was born."
        if self.born and began is not None and born_after(self.born, began):
            return f"This is after {say_day(began)}, when the child became looked after."
        return ""

    def changes(self, child: Child) -> bool:
        """Whether the form changes the track, or puts right the day on which it began or care was left."""
        if self.track == LEFT_CARE:
            return child.left_care_on is None or (self.on is not None and self.on != child.left_care_on)
        if self.track != child.track or child.left_care_on is not None:
            return True
        began = child.looked_after_from if _is_when_care_began(child) else child.track_from
        return self.on is not None and self.on != began


def _opened(desk: Desk, request: Request, *, for_change: bool) -> ReviewCase:
    case = open_review(desk, request.subject, May.TRACK, for_change=for_change)
    if for_change and request.context.get("since", "") != _stamp(case.child):
        raise Stale(
            f"The track of {case.ref} was changed while this was open. Nothing was done; look and decide again.",
            case.button("Open", "review.open"),
        )
    return case


@done_by(Track, _opened)
def change_track(case: ReviewCase, given: Track) -> Answer:
    """Keep the change, and count the next review anew by it."""
    desk, child = case.desk, case.child
    _require_completed(case, given.track)
    before = _stamp(child)
    _keep(child, given)
    if _stamp(child) == before:
        return Notice(text=f"Nothing was changed for {case.ref}.")
    desk.session.add(child)
    case.record("track changed", track=given.track, on=given.on.isoformat() if given.on is not None else None)
    judge_anew(desk, child)
    plan_review(desk, child, Cause(why="track changed", actor_id=desk.actor_id, for_id=case.acts_for))
    return Notice(text=_said(case))


def _require_completed(case: ReviewCase, track: str) -> None:
    """Pass unless a child comes back into care whose last review has begun and is not completed."""
    comes_back = case.child.left_care_on is not None and track != LEFT_CARE
    if comes_back and case.review is not None and case.review.state in BEGUN:
        raise Refused(
            f"The review of {case.ref} that began before care was left is not completed: the {IRO} completes it first.",
            case.button("Complete", "review.hold"),
        )


def _since(case: ReviewCase, track: str) -> Edge:
    """No child leaves care before a review met, comes back before care was left, or changes before care or a track."""
    child = case.child
    if track == LEFT_CARE:
        return since_last_meeting(case.desk, child)
    if child.left_care_on is not None:
        return Edge(day=child.left_care_on, why=LEFT)
    start, began = child.looked_after_from, child.track_from
    if track == child.track:
        return Edge(day=None if _is_when_care_began(child) else start, why=LOOKED_AFTER_SINCE)
    if began is not None and (start is None or began > start):
        return Edge(day=began, why="when the present track began")
    return Edge(day=start, why=LOOKED_AFTER_SINCE)


def _is_when_care_began(child: Child) -> bool:
    """Whether the track began with being looked after, and not with coming back to it from adoption."""
    return child.track == LOOKED_AFTER and child.track_from in (None, child.looked_after_from)


def _keep(child: Child, given: Track) -> None:
    child.born = given.born or None
    if not given.changes(child):
        return
    if given.track == LEFT_CARE:
        child.left_care_on = given.on
        return
    begins = child.left_care_on is not None or (child.track == SHORT_BREAKS and given.track == LOOKED_AFTER)
    begins = begins or (given.track == child.track and _is_when_care_began(child))
    child.left_care_on = None
    child.track, child.track_from = given.track, given.on
    if begins or in_care_since(child) is None:
        child.looked_after_from = given.on


def judge_anew(scene: Scene, child: Child) -> None:
    """Say again of the review that ended with care whether it was missed, when the day of leaving was put right."""
    ended = last_ended(scene, child) if child.left_care_on is not None else None
    if ended is not None and child.left_care_on is not None:
        missed = unheld_at_the_end(ended.due_on, child.left_care_on) is Unheld.MISSED
        ended.in_time = False if missed else None
        scene.session.add(ended)


def _said(case: ReviewCase) -> str:
    child = case.child
    if child.left_care_on is not None:
        return f"{case.ref} left care on {say_day(child.left_care_on)}: no further review is due."
    following = reviews.open_of(case.desk.session, case.child_id)
    none = none_to_come(case.desk, case.child, "No further review is due before eighteen.")
    after = due_words(case.desk, following) if following is not None else none
    return f"{case.ref} is now on the track: {TRACKS.get(child.track, child.track).lower()}. {after}"
