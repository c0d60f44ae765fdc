"""What "Your day" says of reviews: tasks and decisions to be done, reviews at risk, news and drafts that wait.

Each line goes to the person who owns it today: a cover, or the next in line, where the owner is away or gone.
"""

from collections.abc import Iterator
from dataclasses import replace

from handlers.cards import Line
from handlers.day_entry import Entry, Kind
from handlers.office import Scene
from handlers.reviews.day_line import Named
from handlers.reviews.decision_lines import decision_lines, draft_lines
from handlers.reviews.near import Near, near_to
from handlers.reviews.resting import resting
from handlers.reviews.risk_lines import news_lines, risk_lines
from handlers.reviews.task_lines import RESTS, answer_lines, task_lines
from handlers.reviews.told_lines import told_lines
from handlers.starts import is_told, was_before
from handlers.wording import for_whom
from storage.rare import Rare, may_be


def people_with_lines(scene: Scene) -> set[int]:
    """Everyone who has a line about reviews today."""
    return {owner for named in _all(scene, None) for owner in named.owners}


def entries_for(scene: Scene, person_id: int) -> list[Entry]:
    """The person's lines about reviews today, without the tasks they let rest."""
    mine = [named for named in _all(scene, person_id) if person_id in named.owners]
    at_rest = resting(scene, person_id) if mine else set()
    return [_entry(scene, person_id, named) for named in mine if named.task_id is None or named.task_id not in at_rest]


def _entry(scene: Scene, person_id: int, named: Named) -> Entry:
    line = Line(text=f"{named.text}{for_whom(scene, person_id, named.meant)}.", buttons=named.buttons)
    if named.on is None:
        return Entry(line=line, on=scene.today, kind=Kind.TOLD)
    about = f"task {named.task_id}" if named.task_id is not None else ""
    return Entry(line=line, on=named.on, kind=Kind.REVIEW, owed_by=named.owed_by, about=about)


def _all(scene: Scene, person_id: int | None) -> Iterator[Named]:
    """Every line of the day; those that can be this person's alone, where one is given."""
    if not may_be(scene.session, Rare.REVIEWS, Rare.NEWS):
        return
    near = near_to(scene, person_id)
    yield from (named for named in _every(near) if is_told(scene, named.child, named.on))


def before_start(scene: Scene, person_id: int) -> list[Entry]:
    """What was late before the teams of these children started: one list, and never a reminder that could rest."""
    near = near_to(scene, person_id)
    return [
        _entry(scene, person_id, replace(named, buttons=tuple(one for one in named.buttons if one.deed != RESTS)))
        for named in _every(near)
        if person_id in named.owners and named.on is not None and was_before(scene, named.child, named.on)
    ]


def answers_ahead(scene: Scene, person_id: int) -> list[Entry]:
    """The decisions that the person is to agree or dispute, reminded of them today or not."""
    if not may_be(scene.session, Rare.REVIEWS):
        return []
    found = answer_lines(near_to(scene, person_id))
    mine = (named for named in found if person_id in named.owners and is_told(scene, named.child, named.on))
    return [_entry(scene, person_id, named) for named in mine]


def _every(near: Near) -> Iterator[Named]:
    yield from risk_lines(near)
    yield from news_lines(near)
    yield from task_lines(near)
    yield from decision_lines(near)
    yield from draft_lines(near)
    yield from told_lines(near)
