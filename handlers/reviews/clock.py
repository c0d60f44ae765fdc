"""What the clock does to reviews: the silence that agrees decisions, once it is proved that they arrived."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlmodel import col, select

from handlers.hearing import for_iro_of, iro_managers_of, present, reached
from handlers.holders_manager import fills_today, is_asked_still
from handlers.lengthened import LENGTHENED, days_kept
from handlers.messages.entering import Owed
from handlers.messages.of_decisions import to_be_agreed, unproven, with_another
from handlers.messages.of_reviews import answer_deadline, sending_of
from handlers.messages.owing import about_child, newly_owed, owe
from handlers.messages.subjects import of_decisions, of_review
from handlers.office import Scene
from handlers.people.addressees import Found
from handlers.people.line import id_of
from handlers.reviews.case import record
from handlers.taking_up import take_up_reviews
from handlers.timetable.tasks import ANSWERED, plan_tasks
from scheduling.deadlines import lengthened
from scheduling.ladder import Rung
from scheduling.procedures.review_values import review_values
from scheduling.working_days import at_local, local
from storage import children, live_messages, nudges, review_tasks, reviews
from storage.children import Child
from storage.nudges import Due
from storage.reviews import Review

SILENCE = "silence"
NOT_PROVED = "decisions not proved to have arrived"
"""What the history calls it."""


def is_about_review(nudge: Due) -> bool:
    """Whether a nudge is about a review."""
    return nudge.subject.startswith("review:")


def fire(scene: Scene, due: Sequence[Due]) -> list[Due]:
    """Do what each of these nudges about reviews asks, if it still applies; gives those that somebody is at work at."""
    taken, busy = take_up_reviews(scene, due)
    for nudge, review in taken:
        child = children.get(scene.session, review.child_id)
        if child is not None:
            RUNGS[Rung(nudge.rung)](replace(scene, fell_due_at=nudge.since), child, review)
    return busy


def plan_proof(scene: Scene, review: Review) -> None:
    """Plan the question whether decisions sent now have arrived; what was planned for an earlier sending goes."""
    nudges.forget(scene.session, of_review(review.id), Rung.DECISIONS_SILENT, Rung.DECISIONS_UNPROVEN)
    due = answer_deadline(scene, scene.now)
    if due is not None:
        nudges.plan(scene.session, subject=of_review(review.id), rung=Rung.DECISIONS_UNPROVEN, due_at=due.at)


def forget_answer(scene: Scene, review: Review) -> None:
    """Drop what is planned about an answer that has come."""
    nudges.forget(scene.session, of_review(review.id), Rung.DECISIONS_SILENT, Rung.DECISIONS_UNPROVEN)


def _silent(scene: Scene, child: Child, review: Review) -> None:
    """The time to answer is over: silence agrees, since delivery is proved and nothing was said.

    Not the silence of an empty chair: where nobody could answer on the last day, the time begins again with the day on
    which somebody can.
    """
    if review.decisions_answer is not None or review.decisions_delivered_at is None:
        return
    if ask_who_fills_the_place(scene, child, review):
        return
    lengthen_answer(scene, child, review)
    if review.decisions_answer_due_at is None or review.decisions_answer_due_at > scene.now:
        return
    if not _somebody_there(replace(scene, now=review.decisions_answer_due_at), child, review):
        go_on = _begin_again if _somebody_there(scene, child, review) else _wait
        go_on(scene, child, review)
        return
    review.decisions_answer = SILENCE
    review.decisions_answered_at = scene.now
    scene.session.add(review)
    live_messages.overtake(scene.session, of_decisions(review.id or 0), scene.now)
    record(scene, child, "decisions agreed by silence", details={"review": review.id})
    _close_task(scene, review)


def asked_elsewhere(scene: Scene) -> list[int]:
    """The reviews whose decisions wait for somebody who is asked no more, or who is away; nothing is written."""
    query = select(Review, Child).join(Child, col(Child.id) == col(Review.child_id))
    waiting = query.where(col(Review.decisions_sent_at).is_not(None), col(Review.decisions_answer).is_(None))
    found = scene.session.exec(waiting.order_by(col(Review.id))).all()
    return [review.id for review, child in found if review.id is not None and _is_with_another(scene, child, review)]


def _is_with_another(scene: Scene, child: Child, review: Review) -> bool:
    found = fills_today(scene, child)
    if found is None:
        return False
    return not is_asked_still(scene, child, review.decisions_to_id) or _is_beside(scene, child, review, found)


def ask_elsewhere(scene: Scene, review_id: int) -> None:
    """In the morning: these decisions go to who fills the place, as they stand by now."""
    review = reviews.get(scene.session, review_id, for_change=True)
    child = children.get(scene.session, review.child_id) if review is not None else None
    if review is not None and child is not None and review.decisions_answer is None:
        ask_who_fills_the_place(scene, child, review)


def ask_who_fills_the_place(scene: Scene, child: Child, review: Review) -> bool:
    """Ask who is the holder's line manager now, where who was asked is not; whether somebody else is asked now.

    Nobody agrees by the silence of another: the time to answer begins with the delivery to them.
    """
    before, found = review.decisions_to_id, fills_today(scene, child)
    if found is None:
        return False
    if is_asked_still(scene, child, before):
        _ask_beside(scene, child, review, found)
        return False
    review.decisions_to_id = id_of(found.person)
    review.decisions_delivered_at = review.decisions_answer_due_at = None
    scene.session.add(review)
    live_messages.overtake(scene.session, of_decisions(review.id or 0), scene.now)
    sent = sending_of(review)
    cause = about_child(child, review, f"{review.id}:{sent}:{scene.now.isoformat()}")
    owe(scene, to_be_agreed, review.decisions_to_id, cause, sent=sent, in_place_of=found.standing_for_id)
    owe(scene, with_another, for_iro_of(scene, child), cause, sent=sent, before=before, now=review.decisions_to_id)
    plan_proof(scene, review)
    details: dict[str, str | int | None] = {"review": review.id, "person": review.decisions_to_id, "before": before}
    record(scene, child, "decisions are with another", details=details)
    plan_tasks(scene, child, review)
    return True


def _ask_beside(scene: Scene, child: Child, review: Review, found: Found) -> None:
    """Send them once to the next senior while who was asked is away without cover: either may answer by the same time.

    The silence of the two agrees nothing, and the arrival at the one proves nothing of the other.
    """
    before = review.decisions_to_id
    if not _is_beside(scene, child, review, found):
        return
    sent = sending_of(review)
    cause = about_child(child, review, f"{review.id}:{sent}:beside {found.person.id}")
    owe(scene, to_be_agreed, id_of(found.person), cause, sent=sent, beside=1, in_place_of=before)
    told, now = for_iro_of(scene, child), found.person.id
    owe(scene, with_another, told, cause, sent=sent, beside=1, before=before, now=now)


def _is_beside(scene: Scene, child: Child, review: Review, found: Found) -> bool:
    return found.person.id != review.decisions_to_id and not _somebody_there(scene, child, review)


def _somebody_there(scene: Scene, child: Child, review: Review) -> bool:
    """Whether the person asked, or their cover, is there on the day of the scene."""
    asked = review.decisions_to_id
    return asked is not None and present(scene, reached(scene, asked, never=child.iro_id))


def _wait(scene: Scene, child: Child, review: Review) -> None:
    """Nobody is there to answer: the IRO and their managers are told once, and every working day we look again."""
    if newly_owed(scene, _unanswered(scene, child, review, absent=True)):
        record(scene, child, "nobody was there to answer the decisions", details={"review": review.id})
    day = scene.calendar.next_working(scene.today + timedelta(days=1))
    look = at_local(day, scene.calendar.opens)
    nudges.plan(scene.session, subject=of_review(review.id), rung=Rung.DECISIONS_SILENT, due_at=look)


def _begin_again(scene: Scene, child: Child, review: Review) -> None:
    due = answer_deadline(scene, scene.now)
    if due is None:
        return
    review.decisions_answer_due_at = due.at
    scene.session.add(review)
    nudges.plan(scene.session, subject=of_review(review.id), rung=Rung.DECISIONS_SILENT, due_at=due.at)
    until = local(due.at).date().isoformat()
    record(scene, child, "the time to answer begins again", details={"review": review.id, "until": until})
    plan_tasks(scene, child, review)


def _close_task(scene: Scene, review: Review) -> None:
    assert review.id is not None
    for row in review_tasks.of_review(scene.session, review.id):
        if row.task == ANSWERED and row.done_on is None:
            row.done_on = scene.today
            scene.session.add(row)


def later_answer(scene: Scene, review: Review) -> datetime | None:
    """When silence agrees by today's calendar, where that is later than it stands; else None."""
    due_at, from_at = review.decisions_answer_due_at, review.decisions_delivered_at
    task = review_values(scene.rules).task(ANSWERED)
    if task is None or task.within is None or due_at is None or from_at is None or review.decisions_answer is not None:
        return None
    later = lengthened(due_at, from_at, task.within, scene.calendar).at
    return later if later > due_at else None


def lengthen_answer(scene: Scene, child: Child, review: Review) -> bool:
    """Give the manager the time a holiday added since, and plan the end of their silence anew; True when it did."""
    due_at, later = review.decisions_answer_due_at, later_answer(scene, review)
    if due_at is None or later is None:
        return False
    days = days_kept(due_at, later)
    review.decisions_answer_due_at = later
    scene.session.add(review)
    nudges.forget(scene.session, of_review(review.id), Rung.DECISIONS_SILENT)
    nudges.plan(scene.session, subject=of_review(review.id), rung=Rung.DECISIONS_SILENT, due_at=later)
    record(scene, child, LENGTHENED, details={"review": review.id, "task": ANSWERED, **days})
    plan_tasks(scene, child, review)
    return True


def _unproven(scene: Scene, child: Child, review: Review) -> None:
    """Days after sending there is still no proof that the decisions arrived: the IRO and their managers are told."""
    if review.decisions_answer is not None or review.decisions_delivered_at is not None:
        return
    record(scene, child, NOT_PROVED, details={"review": review.id})
    _unanswered(scene, child, review, absent=False)


def _unanswered(scene: Scene, child: Child, review: Review, *, absent: bool) -> Owed:
    """The IRO and their managers are told, once for each sending."""
    sent, told = sending_of(review), [*for_iro_of(scene, child), *iro_managers_of(scene, child)]
    cause = about_child(child, review, f"{review.id}:{sent}")
    return owe(scene, unproven, told, cause, sent=sent, absent=int(absent))


RUNGS: dict[Rung, Callable[[Scene, Child, Review], None]] = {
    Rung.DECISIONS_SILENT: _silent,
    Rung.DECISIONS_UNPROVEN: _unproven,
}
