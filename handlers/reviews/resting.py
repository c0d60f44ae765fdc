""" "Not today": a task's reminder rests for one person until tomorrow; its deadline does not move."""

from sqlmodel import select

from handlers.cards import Answer, Notice
from handlers.office import Desk, Scene
from handlers.refusals import Refused
from handlers.requests import Request
from handlers.reviews.case import open_review
from handlers.rights import May
from scheduling.deadline_wording import say_due
from storage import review_tasks
from storage.review_tasks import TaskRest


def resting(scene: Scene, person_id: int) -> set[int]:
    """The tasks that the person lets rest today."""
    query = select(TaskRest.task_id).where(TaskRest.person_id == person_id, TaskRest.rested_on == scene.today)
    return set(scene.session.exec(query))


def rest(desk: Desk, request: Request) -> Answer:
    """ "Not today", pressed."""
    case = open_review(desk, request.subject, May.SEE_REVIEWS)
    task = review_tasks.get(desk.session, request.run) if request.run is not None else None
    if task is None or task.id is None or task.child_id != case.child_id:
        raise Refused(f"There is no such task about {case.ref}.")
    if task.done_on is not None or task.not_needed:
        return Notice(text=f"This is done or no longer needed for {case.ref}: nothing reminds you of it.")
    if task.id not in resting(desk, desk.actor_id):
        rested = TaskRest(
            authority=desk.authority,
            task_id=task.id,
            person_id=desk.actor_id,
            rested_on=desk.today,
            rested_at=desk.now,
        )
        desk.session.add(rested)
        case.record("let a task rest for today", task=task.id)
    stays = f" It stays {say_due(task.due_on, desk.today)}." if task.due_on is not None else ""
    return Notice(text=f"Not today, then: you are reminded again on the next working day if it is open.{stays}")
