"""Correcting the child of a concern: those wrongly asked lose it at once, and the right people are asked instead."""

from handlers.cards import Answer, Notice
from handlers.concerns.by_form import OfConcern, by_form
from handlers.concerns.case import Case, OpenCase, case_of
from handlers.concerns.raising import team_of
from handlers.concerns.sending_now import with_hours
from handlers.concerns.starting import Start, begin
from handlers.concerns.who_may_log import require_may_log
from handlers.forms.fields import search
from handlers.forms.kinds import Wrong
from handlers.lifecycle import Act, advance
from handlers.messages.informing import not_yours
from handlers.messages.owing import about_concern, owe
from handlers.messages.subjects import of_child
from handlers.people.chosen import listed_child
from handlers.refusals import Refused
from handlers.rights import May
from storage import history, stage_runs
from storage.children import Child
from storage.concerns import ConcernState


def _reference(case: OpenCase, chosen: str) -> str:
    child = listed_child(case.desk, chosen)
    return child.reference if child is not None else ""


def _another_child(case: OpenCase, chosen: str) -> Child:
    child = listed_child(case.desk, chosen)
    if child is None:
        raise Wrong("Choose the child's reference from the list.")
    if child.id == case.concern.child_id:
        raise Wrong(f"{case.ref} is about {child.reference} already.")
    require_may_log(case.desk, child)
    return child


class RightChild(OfConcern, deed="concern.correct", title="Correct the child", submit="Correct", watches=True):
    """The wrong child was chosen: which is the right one?"""

    child: Child = search(
        "The right child",
        "child",
        _another_child,
        named=_reference,
        missing="Choose the child's reference from the list.",
    )

    @classmethod
    def above(cls, about: OpenCase) -> tuple[str, ...]:
        """What follows from it."""
        return (
            "Those asked about the wrong child lose it and are told so; those of the right child "
            "are asked, with a new time to reply. The limit of all stages stays.",
        )


def _is_about_a_child(case: OpenCase) -> None:
    if case.concern.about_service:
        raise Refused(f"{case.ref} is about the service and no one child.")
    advance(case.ref, case.concern.state, Act.CORRECT_CHILD)


@by_form(RightChild, May.STEER, also=_is_about_a_child)
def correct(case: OpenCase, given: RightChild) -> Answer:
    """Give the concern to the right child; the history keeps both."""
    before, child = case.concern.child_id, given.child
    _hand_over(case, child)
    case.record("corrected the child", before=before, after=child.id)
    if before is not None:
        _leaves(case, before)
    case.tell_absent_iro("corrected the child")
    done = Notice(text=f"{case.ref} is now about {child.reference}. Those wrongly asked are told it is not theirs.")
    return with_hours(case, done)


def _leaves(case: OpenCase, child_id: int) -> None:
    """On record with the child it was not about: those around that child may have read of it in their day."""
    history.record(
        case.desk.session,
        chain=of_child(child_id),
        at=case.desk.now,
        actor_id=case.desk.actor_id,
        what="a concern was about another child",
        details={"concern": case.id},
    )


def _hand_over(case: OpenCase, child: Child) -> None:
    desk, concern = case.desk, case.concern
    wrongly_asked = stage_runs.ever_in_concern(desk.session, case.id)
    for part in wrongly_asked:
        part.removed_at = desk.now
        desk.session.add(part)
    concern.child_id = child.id
    concern.iro_id = child.iro_id or concern.iro_id
    if concern.state is not ConcernState.DRAFT:
        concern.team = team_of(desk, child)
    desk.session.add(concern)
    desk.session.flush()
    if concern.state is ConcernState.DRAFT:
        return
    wrongly = case.present_run
    moved: Case = case_of(desk, concern)
    begin(moved, Start(number=wrongly.number, kind=wrongly.kind.once_more, by_id=desk.actor_id))
    rightly = {part.person_id for part in stage_runs.parts_in_concern(desk.session, case.id)}
    wrongly_told = [part.person_id for part in wrongly_asked if part.person_id not in rightly]
    owe(desk, not_yours, wrongly_told, about_concern(concern))
