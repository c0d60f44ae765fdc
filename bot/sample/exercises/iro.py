"""What an IRO can practise: to decide, to judge a reply, to log, and to leave the work to somebody."""

from datetime import date, datetime

from sqlmodel import Session, col, func, select

from bot.sample.exercises.decisions import judged, moved_up, to_decide
from bot.sample.exercises.exercise import DONE, NOT_YET, Exercise, Result, Task, otherwise
from bot.sample.looking import child, first_name, person, waiting_for_iro
from bot.sample.people import HALF_TIME_IRO, IRO, email_of
from bot.sample.seats import SeatKey
from scheduling.deadline_wording import say_day
from storage.concerns import Concern, ConcernState
from storage.people import Absence

CHILD = 1063
AWAY_FROM, AWAY_TO = date(2026, 12, 24), date(2027, 1, 1)
ME = email_of(IRO)


def _to_move(session: Session, _now: datetime) -> Task:
    concern = waiting_for_iro(session, ME, ConcernState.ASKED)[0]
    return to_decide("You are Ann. Nobody has answered {ref}: take it to the next stage.", concern)


def _to_judge(session: Session, _now: datetime) -> Task:
    concern = waiting_for_iro(session, ME, ConcernState.REPLIED)[0]
    return to_decide("You are Ann. Read the reply to {ref}, and close it or take it further.", concern)


def _to_log(session: Session, _now: datetime) -> Task:
    about = child(session, CHILD)
    last = session.exec(select(func.max(Concern.number))).one() or 0
    text = f"You are Ann. Log a concern about {about.reference} and have it answered."
    return Task(text=text, facts={"child": str(about.id), "last": str(last), "ref": about.reference})


def _logged(session: Session, task: Task) -> Result:
    query = select(Concern).where(
        Concern.child_id == int(task.facts["child"]), col(Concern.number) > int(task.facts["last"])
    )
    found = session.exec(query.order_by(col(Concern.number))).all()
    if any(one.raised_at is not None for one in found):
        return DONE
    if any(one.state is ConcernState.DRAFT for one in found):
        return otherwise("It is kept as a draft: nobody has been asked yet.")
    elsewhere = select(Concern.id).where(
        col(Concern.number) > int(task.facts["last"]), col(Concern.raised_at).is_not(None)
    )
    if session.exec(elsewhere).first() is not None:
        return otherwise(f"A concern was logged, and not about {task.facts['ref']}.")
    return NOT_YET


def _to_leave(session: Session, now: datetime) -> Task:
    today = now.date()
    days = f"from {say_day(AWAY_FROM, today)} to {say_day(AWAY_TO, today)}"
    return Task(text=f"You are Ann, and away {days}. Say so, and name {HALF_TIME_IRO} as your cover.")


def _left(session: Session, _task: Task) -> Result:
    cover = person(session, email_of(HALF_TIME_IRO))
    for one in session.exec(select(Absence).where(Absence.person_id == person(session, ME).id)):
        if one.to_on is None or one.to_on < AWAY_FROM or one.from_on > AWAY_TO:
            continue
        if one.from_on != AWAY_FROM or one.to_on != AWAY_TO:
            return otherwise("You are down as away, and not on those days.")
        if one.cover_id is None:
            return otherwise("You are down as away, and nobody covers: what is yours goes to your manager.")
        if one.cover_id != cover.id:
            return otherwise(f"You are down as away; {first_name(cover)} is not the one who covers.")
        return DONE
    return NOT_YET


EXERCISES = (
    Exercise(
        key="iro-move-up",
        title="Take a concern that nobody answered to the next stage",
        seat=SeatKey.IRO,
        situation="late",
        sets=_to_move,
        check=moved_up,
    ),
    Exercise(
        key="iro-judge",
        title="Read a reply and decide whether it will do",
        seat=SeatKey.IRO,
        situation="replied",
        sets=_to_judge,
        check=judged,
    ),
    Exercise(
        key="iro-log",
        title="Log a concern and have it answered",
        seat=SeatKey.IRO,
        situation="not-booked",
        sets=_to_log,
        check=_logged,
    ),
    Exercise(
        key="iro-away",
        title="Go away, and leave your work to a colleague",
        seat=SeatKey.IRO,
        situation="christmas",
        sets=_to_leave,
        check=_left,
    ),
)
