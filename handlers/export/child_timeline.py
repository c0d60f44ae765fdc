"""A child's reviews, tasks, decisions and contacts as events with their day, for those who may read the decisions.

What an IRO noted of a contact is for the IRO, their cover and the IRO manager alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import col, select

from handlers.reviews.case import ReviewCase
from handlers.reviews.decision_words import about
from handlers.reviews.hold_form import HOW, OFFERED, TOOK_PART
from handlers.reviews.wording import PARTICIPATION, held_words, state_words
from handlers.rights import May
from handlers.timetable.tasks import label_of
from handlers.wording import name_of
from scheduling.deadline_wording import say_day
from scheduling.procedures.terms import CONCERN_FIRST
from scheduling.working_days import local
from storage import contacts, decisions, review_tasks, reviews
from storage.contacts import Contact
from storage.review_tasks import ReviewTask
from storage.reviews import Chaired, Meeting, Review, ReviewState


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something on a day. `words` is what somebody wrote."""

    on: date
    kind: str
    what: str
    words: str = ""

    @property
    def called(self) -> str:
        """The kind, to begin a line with."""
        return CONCERN_FIRST if self.kind == "concern" else self.kind.capitalize()


def timeline_of(case: ReviewCase) -> Iterator[Event]:
    """All events of the child, in no order."""
    for review in reviews.of_child(case.desk.session, case.child_id):
        yield from _review_events(case, review)
        yield from _task_events(case, review)
        yield from _decision_events(case, review)
    for contact in contacts.of_child(case.desk.session, case.child_id):
        yield _contact_event(case, contact)


def _review(on: date, what: str, words: str | None = None) -> Event:
    return Event(on=on, kind="review", what=what, words=words or "")


def _review_events(case: ReviewCase, review: Review) -> Iterator[Event]:
    which = f"{review.order.value.capitalize()} review"
    standing = "" if review.state is ReviewState.HELD else f": {state_words(case.desk, review)}"
    yield _review(review.due_on, f"{which} due{standing}")
    if review.brought_forward_from is not None:
        before = say_day(review.brought_forward_from)
        yield _review(review.due_on, f"{which} brought forward from {before}: {review.early_reason}")
    if review.booked_at is not None and review.booked_for is not None:
        what = f"{which} booked for {say_day(review.booked_for)} by {name_of(case.desk, review.booked_by_id)}"
        yield _review(_day(review.booked_at), what, review.childs_wish)
    for move in reviews.moves_of(case.desk.session, review.id or 0):
        days = f"from {say_day(move.from_on)} to {say_day(move.to_on)}"
        yield _review(_day(move.moved_at), f"{which} moved {days}: {move.reason}")
    if review.adjourned_on is not None:
        yield _review(review.adjourned_on, f"{which} adjourned: {review.adjourned_reason}")
    if review.state is ReviewState.HELD and review.held_on is not None:
        yield _review(review.held_on, f"{which} {held_words(review)}{_how(review)}")
    meetings = select(Meeting).where(Meeting.review_id == review.id).order_by(col(Meeting.held_on))
    for meeting in case.desk.session.exec(meetings).all():
        yield _review(meeting.held_on, f"{which}: a meeting of its series")
    yield from _after(case, review, which)


def _how(review: Review) -> str:
    """How it was held and who took part, as far as it is recorded."""
    parts = [HOW.get(review.held_how, "")]
    if review.participation is not None:
        parts.append(PARTICIPATION[review.participation])
    if review.chaired in (Chaired.CHAIRED, Chaired.CO_CHAIRED):
        parts.append(f"{review.chaired.value} by the child")
    for words, names, keys in (("took part", TOOK_PART, review.took_part), ("offered", OFFERED, review.offered)):
        named = ", ".join(names.get(key, key) for key in keys.split(",") if key)
        parts.append(f"{words}: {named}" if named else "")
    said = "; ".join(filter(None, parts))
    return f". {said}" if said else ""


def _after(case: ReviewCase, review: Review, which: str) -> Iterator[Event]:
    if review.decisions_sent_at is not None:
        to = name_of(case.desk, review.decisions_to_id)
        yield _review(_day(review.decisions_sent_at), f"{which}: decisions sent to {to}")
    if review.decisions_answered_at is not None:
        answers = {"silence": "decisions agreed by silence"}
        by = f" by {name_of(case.desk, review.decisions_answered_by_id)}" if review.decisions_answered_by_id else ""
        what = answers.get(review.decisions_answer or "", f"decisions {review.decisions_answer}{by}")
        yield _review(_day(review.decisions_answered_at), f"{which}: {what}", review.decisions_dispute)
    if review.record_written_on is not None:
        yield _review(review.record_written_on, f"{which}: record written")
    if review.record_sent_on is not None:
        yield _review(review.record_sent_on, f"{which}: record sent out")


def _task_events(case: ReviewCase, review: Review) -> Iterator[Event]:
    for row in review_tasks.of_review(case.desk.session, review.id or 0):
        on = row.due_on or row.done_on
        if on is not None:
            label, owner = label_of(case.desk, row.task), case.desk.rules.role_label(row.owner_role)
            yield Event(on=on, kind="task", what=f"{label} ({owner}): {_task_state(case, row)}")


def _task_state(case: ReviewCase, row: ReviewTask) -> str:
    if row.done_on is not None:
        by = f" by {name_of(case.desk, row.done_by_id)}" if row.done_by_id is not None else ""
        return f"done on {say_day(row.done_on)}{by}"
    return "closed without being done" if row.not_needed else "to be done"


def _decision_events(case: ReviewCase, review: Review) -> Iterator[Event]:
    """The decisions that were sent, those taken out since among them; for the IRO also what is not sent yet."""
    made = decisions.ever_sent(case.desk.session, review.id or 0)
    if case.may(May.CHAIR):
        made += [one for one in decisions.in_hand(case.desk.session, review.id or 0) if one.sent_at is None]
    for number, one in enumerate(made, start=1):
        on = review.completed_on or review.held_on or _day(one.made_at)
        unsent = ", not sent yet" if one.sent_at is None else ""
        what = f"Decision {number}: {about(case.desk, one)}{unsent}"
        yield Event(on=on, kind="decision", what=what, words=one.words or "")


def _contact_event(case: ReviewCase, contact: Contact) -> Event:
    refused = "; offered, and the child did not want it" if contact.refused else ""
    return Event(
        on=contact.happened_on,
        kind="contact",
        what=f"{contact.kind.value.capitalize()}, by {name_of(case.desk, contact.by_id)}{refused}",
        words=(contact.words or "") if case.may(May.READ_TOLD) else "",
    )


def _day(moment: datetime) -> date:
    return local(moment).date()
