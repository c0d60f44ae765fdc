"""What a social worker can practise: to reply, to say that papers are in, to tell the IRO something, to book."""

from datetime import datetime

from sqlmodel import Session, select

from bot.sample.exercises.exercise import DONE, NOT_YET, Exercise, Result, Task, otherwise
from bot.sample.exercises.replies import replied, to_answer
from bot.sample.exercises.reviews import about_review, booked, papers_in
from bot.sample.looking import child, first_asked, person
from bot.sample.people import SOCIAL_WORKER, email_of
from bot.sample.seats import SeatKey
from storage.news import News, NewsKind

ME = email_of(SOCIAL_WORKER)


def _to_reply(session: Session, now: datetime) -> Task:
    concern, run = first_asked(session, ME, now)
    return to_answer("You are Sam. Answer {ref} by {by}.", concern, run, ME, now)


def _papers(session: Session, now: datetime) -> Task:
    return about_review(
        session, now, 1098, "You are Sam. The papers for the review of {ref} are with the IRO: note it."
    )


def _to_tell(session: Session, _now: datetime) -> Task:
    about = child(session, 1042)
    text = f"You are Sam. {about.reference} goes to another school from today: tell the IRO."
    before = [str(one) for one in session.exec(select(News.id).where(News.child_id == about.id))]
    return Task(text=text, facts={"child": str(about.id), "before": ",".join(before)})


def _told(session: Session, task: Task) -> Result:
    me, before = person(session, ME), task.facts["before"].split(",")
    found = session.exec(select(News).where(News.child_id == int(task.facts["child"]), News.told_by_id == me.id)).all()
    new = [one for one in found if str(one.id) not in before]
    if not new:
        return NOT_YET
    if all(one.kind is not NewsKind.SCHOOL for one in new):
        return otherwise("The IRO is told, and not that it is about school: there is a choice for that.", done=True)
    return DONE


def _to_book(session: Session, now: datetime) -> Task:
    return about_review(session, now, 1063, "You are Sam. The review of {ref} is due {due} and not booked: book it.")


EXERCISES = (
    Exercise(
        key="worker-reply",
        title="Answer a concern in time",
        seat=SeatKey.SOCIAL_WORKER,
        situation="late",
        sets=_to_reply,
        check=replied,
    ),
    Exercise(
        key="worker-papers",
        title="Say that the papers are in",
        seat=SeatKey.SOCIAL_WORKER,
        situation="not-booked",
        sets=_papers,
        check=papers_in,
    ),
    Exercise(
        key="worker-tell",
        title="Tell an IRO that something changed",
        seat=SeatKey.SOCIAL_WORKER,
        situation="replied",
        sets=_to_tell,
        check=_told,
    ),
    Exercise(
        key="worker-book",
        title="Book a review",
        seat=SeatKey.SOCIAL_WORKER,
        situation="not-booked",
        sets=_to_book,
        check=booked,
    ),
)
