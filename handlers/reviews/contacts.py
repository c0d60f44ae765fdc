"""What an IRO does between reviews, recorded in seconds: a contact, the child seen or spoken to.

Seen and spoken to are kept apart; what was offered and refused is recorded as such, ends the reminder, and does not
count as done.
"""

from handlers.asking import check_years
from handlers.cards import Answer, Choice, Errors, Field, FieldKind, Form, Notice
from handlers.day_windows import DayOf
from handlers.days import Edge, day_field, given_day, wrong_day
from handlers.fitting import fitted
from handlers.forms.detail import check_detail
from handlers.office import Desk
from handlers.refusals import Refused
from handlers.requests import Request
from handlers.reviews.case import ReviewCase, open_review
from handlers.rights import May
from handlers.timetable.counting import values_of
from handlers.timetable.tasks import SEEN, SPOKEN_TO, close_offered, finish, is_between
from storage import contacts, people, reviews
from storage.contacts import Contact, ContactKind
from storage.reviews import Review

WORDS = Field(
    key="words",
    kind=FieldKind.LONG,
    label="What was found",
    hint="Optional. No names. For the file; never in a message.",
)
_SEEN_OR_SPOKEN = {"seen": ContactKind.SEEN, "spoken": ContactKind.SPOKEN_TO}
_TASK_OF = {ContactKind.SEEN: SEEN, ContactKind.SPOKEN_TO: SPOKEN_TO}


def contact(desk: Desk, request: Request) -> Answer:
    """ "Contact": recorded by the press itself; the form that opens takes words, or a second contact of the day."""
    case = open_review(desk, request.subject, May.CHAIR, for_change=True)
    earlier = _mine_today(case, ContactKind.MONITORING)
    if earlier is None:
        earlier = add_to(case, ContactKind.MONITORING, request, words=None, review=case.review)
        case.desk.session.flush()
        return _contact_form(case, earlier, "Recorded: a contact today. Words are optional.")
    text = "A contact of yours today is recorded already. Send to record another."
    return _contact_form(case, None, text)


def _contact_form(case: ReviewCase, present: Contact | None, text: str) -> Form:
    return Form(
        deed="review.contact.send",
        title=f"Contact: {case.ref}",
        submit="Add words" if present is not None else "Record another",
        cancel="Close",
        subject=case.ref,
        run=present.id if present is not None else None,
        fields=(Field(key="about", kind=FieldKind.STATEMENT, text=text), WORDS),
    )


def add_contact(desk: Desk, request: Request) -> Answer:
    """Keep words with the contact just recorded, or one more contact."""
    case = open_review(desk, request.subject, May.CHAIR, for_change=True)
    problem = check_detail(desk, fitted(_again(case, request), request), request, ("words",))
    if problem is not None:
        return problem
    present = _own(case, request.run)
    if present is None:
        add_to(case, ContactKind.MONITORING, request, words=request.text("words") or None, review=case.review)
        return Notice(text=f"Recorded: another contact about {case.ref} today.")
    if not request.text("words"):
        return Notice(text=f"The contact about {case.ref} stays as recorded, without words.")
    present.words = request.text("words")
    desk.session.add(present)
    return Notice(text=f"Kept with the contact about {case.ref}.")


def _again(case: ReviewCase, request: Request) -> Form:
    return _contact_form(case, _own(case, request.run), "")


def _own(case: ReviewCase, contact_id: int | None) -> Contact | None:
    """The person's own contact of that id about this child, which has no words yet."""
    mine = (one for one in contacts.of_child(case.desk.session, case.child_id) if one.by_id == case.desk.actor_id)
    found = next((one for one in mine if one.id == contact_id), None)
    if found is not None and found.words is not None:
        raise Refused("This contact has its words already: nobody's words are changed. Record another contact.")
    return found


def _mine_today(case: ReviewCase, kind: ContactKind) -> Contact | None:
    for one in contacts.of_child(case.desk.session, case.child_id):
        if one.kind is kind and one.by_id == case.desk.actor_id and one.happened_on == case.desk.today:
            return one
    return None


def add_to(
    case: ReviewCase, kind: ContactKind, request: Request, *, words: str | None, review: Review | None
) -> Contact:
    """Keep a contact on the day given, today where none is."""
    desk = case.desk
    holder = people.get(desk.session, case.child.holder_id) if case.child.holder_id is not None else None
    made = Contact(
        child_id=case.child_id,
        review_id=review.id if review is not None else None,
        kind=kind,
        happened_on=given_day(request, "on") or desk.today,
        refused="yes" in request.many("refused"),
        words=words,
        by_id=desk.actor_id,
        for_id=case.acts_for,
        team=holder.team if holder is not None else "",
        recorded_at=desk.now,
    )
    desk.session.add(made)
    case.record(kind.value, day=made.happened_on.isoformat(), refused=int(made.refused), review=made.review_id)
    return made


def seen_form(desk: Desk, request: Request) -> Answer:
    """ "Seen or spoken to": the form."""
    return _seen_form(open_review(desk, request.subject, May.CHAIR))


def _seen_form(case: ReviewCase) -> Form:
    kinds = (Choice(value="seen", label="The child was seen"), Choice(value="spoken", label="The child was spoken to"))
    refused = (Choice(value="yes", label="It was offered, and the child did not want it"),)
    return Form(
        deed="review.seen.send",
        title=f"Seen: {case.ref}",
        submit="Record",
        subject=case.ref,
        fields=(
            Field(key="what", kind=FieldKind.CHOICES, label="What happened", required=True, choices=kinds),
            day_field(DayOf.AROUND_REVIEW, "on", "On", case.desk.today),
            Field(key="refused", kind=FieldKind.CHOICES, label="Offered and refused", choices=refused),
            WORDS,
        ),
    )


def record_seen(desk: Desk, request: Request) -> Answer:
    """Keep that the child was seen, or spoken to, or that it was offered and refused."""
    case = open_review(desk, request.subject, May.CHAIR, for_change=True)
    kinds = [kind for value, kind in _SEEN_OR_SPOKEN.items() if value in request.many("what")]
    start, form = case.child.looked_after_from, fitted(_seen_form(case), request)
    wrong = wrong_day(desk, form, request, "on", since=Edge(day=start, why="when the child became looked after"))
    if not kinds:
        wrong["what"] = "Say whether the child was seen, spoken to, or both."
    if wrong:
        return Errors(by_field=wrong)
    problem = check_years(desk, form, request) or check_detail(desk, form, request, ("words",))
    if problem is not None:
        return problem
    for place, kind in enumerate(kinds):
        words = request.text("words") or None if place == 0 else None
        made = add_to(case, kind, request, words=words, review=case.review)
        _end_tasks(case, made)
    said = " and ".join(kind.value for kind in kinds)
    refused = " (offered, and refused)" if "yes" in request.many("refused") else ""
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
