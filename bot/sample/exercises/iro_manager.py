"""What an IRO manager can practise: the immediate route, a decision for an IRO who is away, a review nobody booked."""

from datetime import datetime

from sqlmodel import Session

from bot.sample.exercises.decisions import moved_up, to_decide
from bot.sample.exercises.exercise import Exercise, Task
from bot.sample.exercises.replies import replied, seen, to_answer
from bot.sample.exercises.reviews import about_review, booked
from bot.sample.looking import NotThere, asked_of, waiting_for_iro
from bot.sample.people import IRO_MANAGER, OTHER_IRO, email_of
from bot.sample.seats import SeatKey
from storage.concerns import Concern, ConcernState
from storage.stage_runs import StageRun

ME = email_of(IRO_MANAGER)


def _urgent(session: Session) -> tuple[Concern, StageRun]:
    found = asked_of(session, ME, immediate=True)
    if not found:
        raise NotThere("Nothing urgent waits for the IRO manager.")
    return found[-1]


def _to_see(session: Session, now: datetime) -> Task:
    concern, run = _urgent(session)
    return to_answer("You are Ida. {ref} is urgent: press Seen within the hour.", concern, run, ME, now)


def _to_reply(session: Session, now: datetime) -> Task:
    concern, run = _urgent(session)
    return to_answer("You are Ida. Say what is done about {ref} now, by {by} at the latest.", concern, run, ME, now)


def _to_decide(session: Session, _now: datetime) -> Task:
    concern = waiting_for_iro(session, email_of(OTHER_IRO), ConcernState.ASKED)[0]
    text = f"You are Ida. {OTHER_IRO} is away and {{ref}} waits for a decision: take it to the next stage for him."
    return to_decide(text, concern)


def _to_book(session: Session, now: datetime) -> Task:
    return about_review(session, now, 1056, "You are Ida. The review of {ref} was due {due} and has no day: book it.")


EXERCISES = (
    Exercise(
        key="iro-manager-seen",
        title="Say that you have seen what is urgent",
        seat=SeatKey.IRO_MANAGER,
        situation="urgent",
        sets=_to_see,
        check=seen,
    ),
    Exercise(
        key="iro-manager-urgent",
        title="Answer what is urgent",
        seat=SeatKey.IRO_MANAGER,
        situation="urgent",
        sets=_to_reply,
        check=replied,
    ),
    Exercise(
        key="iro-manager-decide",
        title="Decide where the IRO is away",
        seat=SeatKey.IRO_MANAGER,
        situation="late",
        sets=_to_decide,
        check=moved_up,
    ),
    Exercise(
        key="iro-manager-book",
        title="Have a review booked",
        seat=SeatKey.IRO_MANAGER,
        situation="not-booked",
        sets=_to_book,
        check=booked,
    ),
)
