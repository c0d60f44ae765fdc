"""What an IRO does between reviews, recorded in seconds: a contact, the child seen or spoken to.

Seen and spoken to are kept apart; what was offered and refused is recorded as such, ends the reminder, and does not
count as done.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from handlers.cards import Answer, Choice, Form, Notice
from handlers.day_windows import DayOf
from handlers.days import Edge
from handlers.forms.deeds import done_by
from handlers.forms.fields import day, tick, ticks, words
from handlers.forms.form import Declared, Place
from handlers.office import Desk
from handlers.refusals import Refused
from handlers.requests import Request, Value
from handlers.reviews.by_form import OfReview, by_form, today
from handlers.reviews.case import ReviewCase, open_review
from handlers.reviews.earliest import LOOKED_AFTER
from handlers.rights import May
from handlers.timetable.counting import values_of
from handlers.timetable.tasks import SEEN, SPOKEN_TO, close_offered, finish, is_between
from storage import contacts, people, reviews
from storage.contacts import Contact, ContactKind
from storage.reviews import Review

_SEEN_OR_SPOKEN = {"seen": ContactKind.SEEN, "spoken": ContactKind.SPOKEN_TO}
_TASK_OF = {ContactKind.SEEN: SEEN, ContactKind.SPOKEN_TO: SPOKEN_TO}


def what_was_found() -> str:
    """The words of a contact."""
    hint = "Optional. No names. For the file; never in a message."
    return words("What was found", hint=hint, required=False, column=Contact.words)


@dataclass(frozen=True, kw_only=True)
class _Recording:
    """A contact of today with the child: the one `present`, which has no words yet, or another."""

    case: ReviewCase
    present: Contact | None
    said: str = ""


class ContactWords(
    Declared[_Recording],
    deed="review.contact",
    title=lambda one: f"Contact: {one.case.ref}",
    submit=lambda one: "Add words" if one.present is not None else "Record another",
):
    """What may be said of a contact."""

    words: str = what_was_found()

    @classmethod
    def place(cls, about: _Recording) -> Place:
        """The child, and the contact."""
        return Place(subject=about.case.ref, run=about.present.id if about.present is not None else None)

    @classmethod
    def above(cls, about: _Recording) -> tuple[str, ...]:
        """What the press has done already."""
        return (about.said,)

    @classmethod
    def draw(cls, about: _Recording, typed: Mapping[str, Value] | None = None) -> Form:
        """The contact stays as recorded, so that there is nothing to cancel."""
        return replace(super().draw(about, typed), cancel="Close")


def contact(desk: Desk, request: Request) -> Answer:
    """ "Contact": recorded by the press itself; the form that opens takes words, or a second contact of the day."""
    case = open_review(desk, request.subject, May.CHAIR, for_change=True)
    if _mine_today(case) is not None:
        said = "A contact of yours today is recorded already. Send to record another."
        return ContactWords.draw(_Recording(case=case, present=None, said=said))
    made = add_to(case, ContactKind.MONITORING, desk.today, review=case.review)
    desk.session.flush()
    said = "Recorded: a contact today. Words are optional."
    return ContactWords.draw(_Recording(case=case, present=made, said=said))


def _recording(desk: Desk, request: Request, *, for_change: bool) -> _Recording:
    case = open_review(desk, request.subject, May.CHAIR, for_change=for_change)
    return _Recording(case=case, present=_own(case, request.run))


@done_by(ContactWords, _recording)
def add_contact(one: _Recording, given: ContactWords) -> Answer:
    """Keep words with the contact just recorded, or one more contact."""
    case = one.case
    if one.present is None:
        add_to(case, ContactKind.MONITORING, case.desk.today, words=given.words, review=case.review)
        return Notice(text=f"Recorded: another contact about {case.ref} today.")
    if not given.words:
        return Notice(text=f"The contact about {case.ref} stays as recorded, without words.")
    one.present.words = given.words
    case.desk.session.add(one.present)
    return Notice(text=f"Kept with the contact about {case.ref}.")


def _own(case: ReviewCase, contact_id: int | None) -> Contact | None:
    """The person's own contact of that id about this child, which has no words yet."""
    mine = (one for one in contacts.of_child(case.desk.session, case.child_id) if one.by_id == case.desk.actor_id)
    found = next((one for one in mine if one.id == contact_id), None)
    if found is not None and found.words is not None:
        raise Refused("This contact has its words already: nobody's words are changed. Record another contact.")
    return found


def _mine_today(case: ReviewCase) -> Contact | None:
    desk = case.desk
    for one in contacts.of_child(desk.session, case.child_id):
        if one.kind is ContactKind.MONITORING and one.by_id == desk.actor_id and one.happened_on == desk.today:
            return one
    return None


def add_to(
    case: ReviewCase, kind: ContactKind, on: date, *, review: Review | None, words: str = "", refused: bool = False
) -> Contact:
    """Keep a contact on that day."""
    desk = case.desk
    holder = people.get(desk.session, case.child.holder_id) if case.child.holder_id is not None else None
    made = Contact(
        child_id=case.child_id,
        review_id=review.id if review is not None else None,
        kind=kind,
        happened_on=on,
        refused=refused,
        words=words or None,
        by_id=desk.actor_id,
        for_id=case.acts_for,
        team=holder.team if holder is not None else "",
        recorded_at=desk.now,
    )
    desk.session.add(made)
    case.record(kind.value, day=made.happened_on.isoformat(), refused=int(made.refused), review=made.review_id)
    return made


class SeenOrSpokenTo(
    OfReview, deed="review.seen", title=lambda case: f"Seen: {case.ref}", submit="Record", of_run=False
):
    """What was done, when, and whether the child wanted it."""

    what: tuple[str, ...] = ticks(
        "What happened",
        (Choice(value="seen", label="The child was seen"), Choice(value="spoken", label="The child was spoken to")),
        required=True,
        missing="Say whether the child was seen, spoken to, or both.",
    )
    on: date = day(
        DayOf.AROUND_REVIEW,
        "On",
        first=today,
        since=lambda case: Edge(day=case.child.looked_after_from, why=LOOKED_AFTER),
    )
    refused: bool = tick(
        "Offered and refused", (Choice(value="yes", label="It was offered, and the child did not want it"),)
    )
    words: str = what_was_found()


@by_form(SeenOrSpokenTo, May.CHAIR)
def record_seen(case: ReviewCase, given: SeenOrSpokenTo) -> Answer:
    """Keep that the child was seen, or spoken to, or that it was offered and refused."""
    kinds = [_SEEN_OR_SPOKEN[one] for one in given.what]
    for place, kind in enumerate(kinds):
        found = given.words if place == 0 else ""
        made = add_to(case, kind, given.on, words=found, refused=given.refused, review=case.review)
        _end_tasks(case, made)
    said = " and ".join(kind.value for kind in kinds)
    refused = " (offered, and refused)" if given.refused else ""
    return Notice(text=f"Recorded for {case.ref}: {said}{refused}.")


def _end_tasks(case: ReviewCase, made: Contact) -> None:
    """Close what asked for it, as done or as offered and refused.

    What happened before the last review can only have been done before that one.
    """
    last, task, on = reviews.last_held(case.desk.session, case.child_id), _TASK_OF[made.kind], made.happened_on
    earlier = last is not None and last.held_on is not None and on < last.held_on
    if earlier and is_between(values_of(case.desk), task):
        return
    for review in (last,) if earlier else (case.review, last):
        if review is not None and review.id is not None and made.refused:
            close_offered(case.desk, review.id, task)
        elif review is not None and review.id is not None:
            finish(case.desk, review.id, task, on)
