"""The last line of a day: what a person has in all, and the deeds of their role."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select
from sqlmodel import col, func, or_, select

from handlers.cards import Button
from handlers.day.ahead import last_day
from handlers.office import Scene
from scheduling.deadline_wording import say_day
from scheduling.procedures.terms import A_CONCERN, CONCERN, CONCERNS, IRO
from storage import concern_lists
from storage.children import Child
from storage.concerns import OPEN_STATES, Concern, ConcernState
from storage.decisions import Decision, DecisionState, shared
from storage.review_tasks import ReviewTask
from storage.stage_runs import Addressee, Part

LOG = Button(label=f"Log {A_CONCERN}", deed="concern.new", weight="primary")
MY_CHILDREN = Button(label="My children", deed="review.list")
TELL = Button(label=f"Tell the {IRO}", deed="review.tell")
LISTED = Button(label="Service list", deed="concern.list", subject="team")
FIGURES = Button(label="Figures", deed="iro.figures", subject="this quarter")
ONE_PAGE = Button(label="One worker's page", deed="caseload.page")
REVIEWS = Button(label="All reviews", deed="review.list")
HOLDS = "social_worker"


@dataclass(frozen=True, kw_only=True)
class Foot:
    """A line and its buttons."""

    text: str = ""
    buttons: tuple[Button, ...] = ()


def of_iro(scene: Scene, person_id: int) -> Foot:
    """ "62 children (range 50 to 70), 12 open concerns."."""
    number = _children(scene, col(Child.iro_id) == person_id)
    least, most = scene.rules.caseload_range
    found = len(concern_lists.standing_at(scene.session, OPEN_STATES, iro_ids=[person_id]))
    held = f"{_say(number, 'child', 'children')} (range {least} to {most})"
    return Foot(text=f"{held}, {_say(found, f'open {CONCERN}', f'open {CONCERNS}')}.", buttons=(LOG, MY_CHILDREN))


def of_worker(scene: Scene, person_id: int, with_review: Collection[int | None]) -> Foot:
    """ "Your other 12 children: nothing due by Fri 25 Dec."; the reviews of these ids stand above."""
    held, last = col(Child.holder_id) == person_id, last_day(scene)
    something = (col(Child.id).in_(with_review), *(col(Child.id).in_(one) for one in _due(person_id, last)))
    rest = _children(scene, held, ~or_(*something))
    other = "other " if rest < _children(scene, held) else ""
    whose = "other child" if other and rest == 1 else f"{other}{_say(rest, 'child', 'children')}"
    text = f"Your {whose}: nothing due by {say_day(last, scene.today)}."
    return Foot(text=text if rest else "", buttons=(TELL, MY_CHILDREN))


def _due(person_id: int, last: date) -> tuple[Select[Any], ...]:
    """The children of whom a worker is to answer or has promised something, or has a task or a decision by a day."""
    asked = (
        select(Concern.child_id)
        .join(Addressee, col(Addressee.run_id) == col(Concern.run_id))
        .where(col(Concern.child_id).is_not(None), Addressee.person_id == person_id, *_owed())
    )
    tasks = select(ReviewTask.child_id).where(
        ReviewTask.owner_role == HOLDS,
        col(ReviewTask.done_on).is_(None),
        col(ReviewTask.not_needed).is_(False),
        col(ReviewTask.due_on) <= last,
    )
    theirs = or_(col(Decision.owner_id) == person_id, col(Decision.owner_role) == HOLDS)
    decided = select(Decision.child_id).where(
        Decision.state == DecisionState.OPEN, shared(), theirs, col(Decision.due_on) <= last
    )
    return asked, tasks, decided


def _owed() -> tuple[ColumnElement[bool], ...]:
    """Of somebody asked at the stage at which a concern stands: a reply, or what they said they would do."""
    unanswered = col(Addressee.replied_at).is_(None) & col(Addressee.passed_to_id).is_(None)
    waits = col(Concern.state).in_((ConcernState.WAITING, ConcernState.ASKED)) & unanswered
    return (col(Addressee.part) == Part.ADDRESSED, or_(waits, col(Concern.state) == ConcernState.PLANNED))


def _children(scene: Scene, *theirs: ColumnElement[bool]) -> int:
    query = (
        select(func.count())
        .select_from(Child)
        .where(*theirs, col(Child.left_care_on).is_(None), col(Child.historical).is_(False))
    )
    return scene.session.exec(query).one()


def _say(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
