"""Opening a child's review to act on it: found, locked, permitted, and still as the person saw it."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import select

from handlers.cards import Button
from handlers.office import Desk, Scene
from handlers.people.cover_days import who_named
from handlers.refusals import Refused, Stale, no_such
from handlers.requests import Request
from handlers.rights import ChildStanding, May, acts_for, child_standing, may, require
from handlers.timetable.counting import in_care_since
from scheduling.deadline_wording import say_day
from scheduling.timetable import childhood_ends
from storage import children, history, reviews
from storage.children import Child
from storage.reviews import OPEN_REVIEWS, Review, ReviewState


@dataclass(frozen=True, kw_only=True)
class ReviewCase:
    """A child with the review in hand: the one asked for, else the child's next. `what` it was opened for.

    `owner_id` is whose decisions they are, where somebody's own bring a person there and not the table of rights.
    """

    desk: Desk
    child: Child
    review: Review | None
    who: ChildStanding
    what: May
    owner_id: int | None = None

    def __post_init__(self) -> None:
        """Lie on the desk: a form about it says on top how it stands."""
        self.desk.opened.append(self)

    @property
    def ref(self) -> str:
        """The child's reference."""
        return self.child.reference

    @property
    def child_id(self) -> int:
        """The child's id."""
        assert self.child.id is not None
        return self.child.id

    @property
    def present(self) -> Review:
        """The review in hand. Refused where the child has none."""
        if self.review is None:
            raise Refused(nothing_to_come(self.child, self.desk.today))
        return self.review

    @property
    def review_id(self) -> int:
        """The id of the review in hand. Refused where the child has none."""
        found = self.present.id
        assert found is not None
        return found

    def may(self, what: May) -> bool:
        """Whether the person may do this about the child."""
        return may(self.who, what)

    @property
    def acts_for(self) -> int | None:
        """For whom the person acts, in what the case was opened for."""
        if self.owner_id is not None:
            return self.owner_id if self.owner_id != self.desk.actor_id else None
        return acts_for(self.who, self.what)

    def record(self, what: str, *, words: str | None = None, **details: str | int | None) -> None:
        """Write what was done into the child's history, under the person's name and for whom they acted.

        `words` are kept encrypted and erasable; details are ids, dates and labels of the procedures.
        """
        record(
            self.desk,
            self.child,
            what,
            actor_id=self.desk.actor_id,
            for_id=self.acts_for,
            words=words,
            details=details,
        )

    def button(self, label: str, deed: str, weight: str = "") -> Button:
        """A button about this child, at the review in hand."""
        run = self.review.id if self.review is not None else None
        return Button(label=label, deed=deed, subject=self.ref, run=run, weight=weight)


def record(
    scene: Scene,
    child: Child,
    what: str,
    *,
    actor_id: int | None = None,
    for_id: int | None = None,
    words: str | None = None,
    details: history.Details | None = None,
) -> None:
    """Write into the child's history; the clock and imports have no actor."""
    history.record(
        scene.session,
        chain=f"child:{child.id}",
        at=scene.now,
        actor_id=actor_id,
        for_id=for_id,
        what=what,
        details={**(details or {}), **who_named(scene.session, actor_id, for_id, scene.today)},
        words=words,
    )


def find_child(scene: Scene, reference: str, *, for_change: bool = False) -> Child | None:
    """The child of that reference; with `for_change` locked until the transaction ends, and all about it with it."""
    written = reference.strip().upper()
    found = children.by_reference(scene.session, written)
    if found is None or not for_change:
        return found
    query = select(Child).where(Child.id == found.id).with_for_update()
    return scene.session.exec(query.execution_options(populate_existing=True)).one_or_none()


def open_review(
    desk: Desk,
    reference: str,
    what: May,
    *,
    review_id: int | None = None,
    for_change: bool = False,
) -> ReviewCase:
    """Open the child of that reference for one purpose, with that review of the child or else the next one.

    Refused as if the child did not exist to anyone who may not know of it. With `for_change` the child's row is locked,
    so that of two people acting at once the second sees what the first did.
    """
    child = find_child(desk, reference, for_change=for_change)
    if child is None or child.id is None:
        raise no_such(_shown(desk, reference))
    found = _review(desk, child.id, review_id, for_change=for_change)
    who = child_standing(desk, child)
    require(who, what)
    if review_id is not None and found is None:
        raise Stale(f"That review of {child.reference} is no longer there. Open it to see what can be done now.")
    return ReviewCase(desk=desk, child=child, review=found, who=who, what=what)


def _review(desk: Desk, child_id: int, review_id: int | None, *, for_change: bool) -> Review | None:
    wanted = review_id
    if wanted is None:
        next_one = reviews.open_of(desk.session, child_id)
        if next_one is None or not for_change:
            return next_one
        wanted = next_one.id
    assert wanted is not None
    found = reviews.get(desk.session, wanted, for_change=for_change)
    return found if found is not None and found.child_id == child_id else None


def _shown(desk: Desk, reference: str) -> str:
    """A reference as it is said back; what is not written like one may be a name, and is not."""
    words = reference.strip().upper()
    return words if desk.rules.child_reference.fullmatch(words) else "such child"


def nothing_to_come(child: Child, today: date) -> str:
    """Why no review of the child is to come, as a sentence."""
    if child.left_care_on is not None:
        return f"{child.reference} left care on {say_day(child.left_care_on, today)}: no review is to come."
    if in_care_since(child) is None:
        return f"{child.reference} has no review to come: it is not known since when the child is looked after."
    ends = childhood_ends(child.born)
    if ends is not None and ends < today:
        return f"{child.reference} has no review to come: the month of the eighteenth birthday is over."
    return f"{child.reference} has no review to come: none is due before the child is eighteen."


def stamp(review: Review) -> str:
    """How a review stands, as text for the context of a form: it changes with everything that moves the review."""
    parts = (review.state.value, review.due_on, review.booked_for, review.adjourned_on, review.held_on)
    return "|".join(str(part) for part in parts)


def context_of(case: ReviewCase) -> dict[str, str]:
    """The context with which a form remembers how the review stood when it was opened."""
    return {"since": stamp(case.present)}


def require_same(case: ReviewCase, request: Request) -> Review:
    """The open review in hand, if it still stands as the button or form saw it; else say what happened since."""
    review = case.present
    if review.state not in OPEN_REVIEWS:
        raise Stale(f"{_happened(case, review)} Open it to see what can be done now.", _open(case))
    require_unchanged(case, request, review)
    return review


def require_unchanged(case: ReviewCase, request: Request, review: Review) -> None:
    """Pass when the review stands as the form saw it; else say what happened since."""
    since = request.context.get("since", "")
    if since and since != stamp(review):
        raise Stale(
            f"Something happened to this review of {case.ref} while this was open: {_now(case, review)}. "
            "Nothing was done; open it, look, and decide again.",
            _open(case),
        )


def _open(case: ReviewCase) -> Button:
    return Button(label="Open", deed="review.open", subject=case.ref)


def _happened(case: ReviewCase, review: Review) -> str:
    if review.state is ReviewState.HELD and review.held_on is not None:
        return f"This review of {case.ref} has been recorded as held on {say_day(review.held_on, case.desk.today)}."
    return f"This review of {case.ref} is no longer needed."


def _now(case: ReviewCase, review: Review) -> str:
    if review.state is ReviewState.BOOKED and review.booked_for is not None:
        return f"it is now booked for {say_day(review.booked_for, case.desk.today)}"
    if review.state is ReviewState.ADJOURNED:
        return "it has been adjourned"
    if review.state is ReviewState.IN_SERIES:
        return "a meeting of its series has been recorded"
    if review.state is ReviewState.NOT_NEEDED:
        return "it is no longer needed"
    return f"it now falls due on {say_day(review.due_on, case.desk.today)}"
