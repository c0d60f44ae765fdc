""" "Check my children", before a start: each IRO and line manager says which are right, and gains no right by it."""

from collections.abc import Sequence

from sqlmodel import col, or_, select

from handlers.cards import Answer, Button, Card, Line, Notice
from handlers.numbers import number_of
from handlers.office import Desk, Scene
from handlers.people.line import id_of
from handlers.refusals import Refused, no_such
from handlers.requests import Request
from handlers.reviews.case import record
from handlers.rights import May, child_standing, require
from handlers.standing import acting_as, is_manager_in
from handlers.starts import starts_of
from handlers.wording import name_of
from scheduling.deadline_wording import say_day
from scheduling.procedures.terms import IRO, IRO_MANAGER, IROS
from storage import child_checks, children, people
from storage.child_checks import Checked, ChildCheck
from storage.children import Capacity, Child

PAGE = 8
CHECK = Button(label="Check my children", deed="iro.check", weight="primary")
_BUTTONS = {
    Checked.RIGHT: ("Right", "iro.check.right"),
    Checked.WRONG_WORKER: ("Wrong worker", "iro.check.wrong_worker"),
    Checked.NOT_MINE: ("Not mine", "iro.check.not_mine"),
}


def is_offered(scene: Scene, person_id: int) -> bool:
    """Whether the person's day offers it: while their start lies ahead, to IROs and to managers in the line."""
    on = starts_of(scene).of(people.get(scene.session, person_id))
    if on is None or on <= scene.today:
        return False
    roles = people.roles_on(scene.session, person_id, scene.today)
    return "iro" in roles or is_manager_in(scene.rules, roles)


def check_children(desk: Desk, request: Request) -> Answer:
    """`/iro check`: a page of the person's children, the unanswered first. `request.subject` is where it begins."""
    return _page(desk, number_of(request.subject) or 0)


def say_right(desk: Desk, request: Request) -> Answer:
    """ "Right"."""
    return _said(desk, request, Checked.RIGHT)


def say_wrong_worker(desk: Desk, request: Request) -> Answer:
    """ "Wrong worker"."""
    return _said(desk, request, Checked.WRONG_WORKER)


def say_not_mine(desk: Desk, request: Request) -> Answer:
    """ "Not mine": of an IRO's the IRO, of a manager's the worker is somebody else."""
    return _said(desk, request, Checked.NOT_MINE)


def say_rest_right(desk: Desk, _request: Request) -> Answer:
    """ "All the rest are right": every child of theirs of whom they have said nothing."""
    theirs = _theirs(desk)
    answers = _answers(desk, theirs)
    for child in theirs:
        if child.id not in answers:
            _keep(desk, child, Checked.RIGHT)
    return _page(desk)


def _said(desk: Desk, request: Request, answer: Checked) -> Answer:
    """Keep the answer, and show what is left."""
    reference = request.subject.strip().upper()
    child = children.by_reference(desk.session, reference)
    if child is None or child.left_care_on is not None:
        raise no_such(reference)
    require(child_standing(desk, child), May.CHECK)
    _keep(desk, child, answer)
    told = f" The {IRO_MANAGER} reads it in their day." if answer is not Checked.RIGHT else ""
    return _page(desk, said=f"{child.reference}: {answer}.{told}")


def _keep(desk: Desk, child: Child, answer: Checked) -> None:
    """Who holds the case is what a manager speaks of; of "Not mine" the child's IRO speaks of their own place."""
    own = answer is Checked.NOT_MINE and child.iro_id in acting_as(desk)
    capacity = Capacity.IRO if own else Capacity.HOLDER
    child_checks.answer(desk.session, child, desk.actor_id, answer, capacity, desk.today)
    details = {"answer": answer.value, "of": capacity.value}
    record(desk, child, "checked before a start", actor_id=desk.actor_id, details=details)


def _theirs(desk: Desk) -> Sequence[Child]:
    """Of an IRO the children they review; of a line manager those held in their own team, or by themself."""
    acting = acting_as(desk)
    iros = [one for one, roles in acting.items() if "iro" in roles]
    managers = [one for one, roles in acting.items() if is_manager_in(desk.rules, roles)]
    team = {*managers, *(id_of(each) for one in managers for each in people.managed_by(desk.session, one))}
    theirs = or_(col(Child.iro_id).in_(iros), col(Child.holder_id).in_(team))
    in_care = (col(Child.left_care_on).is_(None), col(Child.historical).is_(False))
    return desk.session.exec(select(Child).where(theirs, *in_care).order_by(Child.reference)).all()


def _answers(desk: Desk, theirs: Sequence[Child]) -> dict[int, ChildCheck]:
    return child_checks.standing(desk.session, desk.actor_id, [one.id for one in theirs if one.id is not None])


def _page(desk: Desk, start: int = 0, *, said: str = "") -> Answer:
    theirs = _theirs(desk)
    if not theirs:
        if said:
            return Notice(text=said)
        raise Refused(
            f"{IROS} and line managers check their children before a start; there are none of yours to check."
        )
    answers = _answers(desk, theirs)
    found = sorted(theirs, key=lambda one: (one.id in answers, one.reference))
    lines = [_line(desk, one, answers.get(one.id or 0)) for one in found[start : start + PAGE]]
    buttons = []
    if len(answers) < len(found):
        buttons.append(Button(label="All the rest are right", deed="iro.check.rest"))
    if start + PAGE < len(found):
        buttons.append(Button(label="More", deed="iro.check", subject=str(start + PAGE)))
    return Card(
        title=_title(len(found), len(answers)),
        lines=(*([Line(text=said)] if said else ()), *lines),
        buttons=tuple(buttons),
    )


def _title(number: int, answered: int) -> str:
    """ "Check your children: 52 of 60 to go"."""
    done = f"all {number} answered" if number > 1 else "answered"
    left = f"{number - answered} of {number} to go" if answered < number else done
    return f"Check your children: {left}"


def _line(desk: Desk, child: Child, kept: ChildCheck | None) -> Line:
    """ "AB-1042: IRO Ann Lee, worker Sam Okoro. You said: wrong worker, Mon 30 Nov."."""
    worker = name_of(desk, child.holder_id) if child.holder_id is not None else "nobody"
    iro = name_of(desk, child.iro_id) if child.iro_id is not None else "nobody"
    before = f" You said: {kept.answer}, {say_day(kept.answered_on, desk.today)}." if kept is not None else ""
    offered = [one for answer, one in _BUTTONS.items() if kept is None or kept.answer is not answer]
    buttons = tuple(Button(label=label, deed=deed, subject=child.reference) for label, deed in offered)
    return Line(text=f"{child.reference}: {IRO} {iro}, worker {worker}.{before}", buttons=buttons)
