"""Finds in the rows what a situation or an exercise speaks of, whatever it is called there."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from bot.sample.children import reference
from handlers.office import rules_in_force
from storage import children, people, reviews
from storage.children import Child
from storage.concerns import Concern, ConcernState
from storage.people import Person
from storage.reviews import Review
from storage.scope import own_authority
from storage.stage_runs import Addressee, Part, StageRun


class NotThere(Exception):
    """What was looked for is not in the rows; the message says what."""


def person(session: Session, email: str) -> Person:
    """The member of staff of that address."""
    found = people.by_email(session, email)
    if found is None:
        raise NotThere(f"Nobody here has the address {email}.")
    return found


def first_name(one: Person) -> str:
    """What colleagues call them."""
    return one.name.split()[0]


def child(session: Session, number: int) -> Child:
    """The child of that number, whose reference is written as the procedures say."""
    pattern = rules_in_force(session, own_authority(session)).child_reference
    found = children.by_reference(session, written := reference(pattern, number))
    if found is None:
        raise NotThere(f"No child here has the reference {written}.")
    return found


def open_review(session: Session, of: Child) -> Review:
    """The child's next review."""
    found = reviews.open_of(session, of.id or 0)
    if found is None:
        raise NotThere(f"No review of {of.reference} is to come.")
    return found


def asked_of(session: Session, email: str, *, immediate: bool = False) -> Sequence[tuple[Concern, StageRun]]:
    """The open concerns on which the person is asked for a reply and has given none, the soonest due first."""
    query = (
        select(Concern, StageRun)
        .join(StageRun, col(StageRun.id) == col(Concern.run_id))
        .join(Addressee, col(Addressee.run_id) == col(StageRun.id))
        .where(
            col(Concern.state).in_((ConcernState.WAITING, ConcernState.ASKED)),
            Addressee.person_id == person(session, email).id,
            Addressee.part == Part.ADDRESSED,
            col(Addressee.replied_at).is_(None),
            col(Addressee.passed_to_id).is_(None),
        )
        .order_by(col(StageRun.due_at), col(Concern.number))
    )
    return [(concern, run) for concern, run in session.exec(query) if run.kind.is_immediate is immediate]


def first_asked(session: Session, email: str, after: datetime) -> tuple[Concern, StageRun]:
    """The first of these that is still to be answered in time."""
    for concern, run in asked_of(session, email):
        if run.due_at is not None and run.due_at > after:
            return concern, run
    raise NotThere(f"Nothing waits for a reply in time from {email}.")


def waiting_for_iro(session: Session, email: str, state: ConcernState) -> Sequence[Concern]:
    """The concerns about children in that state that this IRO raised, the one that came to it last first."""
    query = select(Concern).where(Concern.state == state, Concern.iro_id == person(session, email).id)
    found = session.exec(query.order_by(col(Concern.state_since).desc(), col(Concern.id))).all()
    if not found:
        raise NotThere(f"No concern of {email} is {state.value}.")
    return found


def decisions_sent_to(session: Session, email: str) -> tuple[Review, Child]:
    """The review whose decisions wait for this manager, the one whose time ends last."""
    query = (
        select(Review, Child)
        .join(Child, col(Child.id) == col(Review.child_id))
        .where(Review.decisions_to_id == person(session, email).id, col(Review.decisions_answer).is_(None))
        .order_by(col(Review.decisions_answer_due_at).desc(), col(Review.id))
    )
    found = session.exec(query).first()
    if found is None:
        raise NotThere(f"No decisions wait for {email}.")
    return found


def held_by(session: Session, email: str) -> Child:
    """The first child in care whose case this person holds."""
    query = select(Child).where(Child.holder_id == person(session, email).id, col(Child.left_care_on).is_(None))
    found = session.exec(query.order_by(Child.reference)).first()
    if found is None:
        raise NotThere(f"{email} holds no case.")
    return found
