"""The last line of a day: what a person has in all, and the deeds of their role."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement
from sqlmodel import col, func, select

from handlers.cards import Button
from handlers.day.ahead import last_day
from handlers.office import Scene
from scheduling.deadline_wording import say_day
from scheduling.procedures.terms import A_CONCERN, CONCERN, CONCERNS, IRO
from storage import concern_lists
from storage.children import Child
from storage.concerns import OPEN_STATES

LOG = Button(label=f"Log {A_CONCERN}", deed="concern.new", weight="primary")
MY_CHILDREN = Button(label="My children", deed="review.list")
TELL = Button(label=f"Tell the {IRO}", deed="review.tell")
LISTED = Button(label="Service list", deed="concern.list", subject="team")
FIGURES = Button(label="Figures", deed="iro.figures", subject="this quarter")
ONE_PAGE = Button(label="One worker's page", deed="caseload.page")
REVIEWS = Button(label="All reviews", deed="review.list")


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


def of_worker(scene: Scene, person_id: int, named: int) -> Foot:
    """ "Your other 12 children: nothing due by Fri 25 Dec."; `named` of them stand above."""
    rest = _children(scene, col(Child.holder_id) == person_id) - named
    until = say_day(last_day(scene), scene.today)
    whose = f"Your other {_say(rest, 'child', 'children')}" if named else f"Your {_say(rest, 'child', 'children')}"
    text = f"{whose}: nothing due by {until}." if rest > 0 else ""
    return Foot(text=text, buttons=(TELL, MY_CHILDREN))


def _children(scene: Scene, theirs: ColumnElement[bool]) -> int:
    query = (
        select(func.count())
        .select_from(Child)
        .where(theirs, col(Child.left_care_on).is_(None), col(Child.historical).is_(False))
    )
    return scene.session.exec(query).one()


def _say(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
