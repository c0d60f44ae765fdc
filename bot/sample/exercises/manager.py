"""What a team manager can practise: to answer in time and late, to agree decisions, to find a child a worker."""

from datetime import datetime

from sqlmodel import Session

from bot.sample.exercises.exercise import DONE, NOT_YET, Exercise, Result, Task, otherwise
from bot.sample.exercises.replies import answered, replied, said, to_answer
from bot.sample.looking import NotThere, asked_of, decisions_sent_to, first_asked, held_by, person
from bot.sample.people import TEAM_MANAGER, email_of
from bot.sample.seats import SeatKey
from storage import children, people, reviews
from storage.people import Person

ME = email_of(TEAM_MANAGER)


def _to_answer(session: Session, now: datetime) -> Task:
    concern, run = first_asked(session, ME, now)
    return to_answer("You are Tess. Answer {ref} before {by}.", concern, run, ME, now)


def _late(session: Session, now: datetime) -> Task:
    late = [(one, run) for one, run in asked_of(session, ME) if run.due_at is not None and run.due_at <= now]
    if not late:
        raise NotThere("Nothing that was asked of the team manager is late.")
    concern, run = late[-1]
    return to_answer(
        "You are Tess. Your time for {ref} is over since {by}; it can still be answered.", concern, run, ME, now
    )


def _to_agree(session: Session, now: datetime) -> Task:
    review, about = decisions_sent_to(session, ME)
    by = said(review.decisions_answer_due_at, now)
    text = f"You are Tess. Read what the review of {about.reference} decided, and agree or dispute it by {by}."
    return Task(text=text, facts={"review": str(review.id), "ref": about.reference})


def _agreed(session: Session, task: Task) -> Result:
    review = reviews.get(session, int(task.facts["review"]))
    if review is None or review.decisions_answer is None:
        return NOT_YET
    if review.decisions_answered_by_id is None:
        return otherwise(f"The time passed: what was decided for {task.facts['ref']} counts as agreed.")
    return DONE


def _to_allocate(session: Session, _now: datetime) -> Task:
    about = held_by(session, ME)
    text = f"You are Tess. {about.reference} has no social worker: give the case to one of your team."
    return Task(text=text, facts={"child": str(about.id), "ref": about.reference})


def _allocated(session: Session, task: Task) -> Result:
    about = children.get(session, int(task.facts["child"]))
    me = person(session, ME)
    holder = people.get(session, about.holder_id) if about is not None and about.holder_id is not None else None
    if holder is None or holder.id == me.id:
        return NOT_YET
    if not _is_worker_of(holder, me):
        return otherwise(f"{task.facts['ref']} is with {holder.name} now, who is not in your team.")
    return DONE


def _is_worker_of(holder: Person, me: Person) -> bool:
    return holder.manager_id == me.id


EXERCISES = (
    Exercise(
        key="manager-answer",
        title="Answer a concern in time",
        seat=SeatKey.TEAM_MANAGER,
        situation="not-booked",
        sets=_to_answer,
        check=replied,
    ),
    Exercise(
        key="manager-late",
        title="Answer what is late already",
        seat=SeatKey.TEAM_MANAGER,
        situation="late",
        sets=_late,
        check=answered,
    ),
    Exercise(
        key="manager-decisions",
        title="Agree the decisions of a review",
        seat=SeatKey.TEAM_MANAGER,
        situation="late",
        sets=_to_agree,
        check=_agreed,
    ),
    Exercise(
        key="manager-allocate",
        title="Give a child another worker",
        seat=SeatKey.TEAM_MANAGER,
        situation="replied",
        sets=_to_allocate,
        check=_allocated,
    ),
)
