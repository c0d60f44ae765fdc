"""Decisions of reviews that are due, and concerns readied because some were not done, as "Your day" names them."""

from collections.abc import Iterator
from datetime import date
from functools import partial

from sqlmodel import col, select

from handlers.cards import Button
from handlers.day_words import by
from handlers.iro_place import vacancy_of
from handlers.office import Scene
from handlers.reviews.day_line import Named, whose
from handlers.reviews.naming import horizon, meant_for, named_on, or_said
from handlers.reviews.near import Near, seeing_to
from handlers.wording import whom
from scheduling import ladder
from scheduling.working_days import local
from storage.children import Child
from storage.concerns import Concern, ConcernState
from storage.decisions import Decision, DecisionState, shared


def decision_lines(near: Near) -> Iterator[Named]:
    """Decisions sent that are due, to those who see to them: two working days before, on the day, then weekly."""
    scene = near.scene
    query = (
        select(Decision, Child)
        .join(Child, col(Child.id) == col(Decision.child_id))
        .where(
            Decision.state == DecisionState.OPEN,
            shared(),
            col(Decision.due_on) <= horizon(near, scene.rules.ladder.before.number),
            col(Child.left_care_on).is_(None),
        )
        .order_by(col(Decision.due_on), col(Decision.id))
    )
    for decision, child in scene.session.exec(query.where(near.owned())):
        yield from or_said(near, child, f"decision {decision.id}", partial(_decision, near, decision, child))


def _decision(near: Near, decision: Decision, child: Child) -> Named | None:
    scene, due_on, owner = near.scene, decision.due_on, decision.owner_id
    if due_on is None or not any(_decision_named_on(scene, due_on, day) for day in near.days):
        return None
    owners = seeing_to(scene, child, decision) if owner is not None else near.of_role(decision.owner_role, child)
    reminded = near.reminded(owners, partial(_decision_named_on, scene, due_on))
    if not reminded:
        return None
    done = Button(label="Do", deed="review.decisions.done", subject=child.reference)
    return Named(
        child=child,
        text=f"{whose(scene, child)}: a decision of the review is yours to see to {by(scene, due_on)}",
        owners=reminded,
        buttons=(done, Button(label="Open", deed="review.decisions.open", subject=child.reference)),
        meant=owner if owner is not None else meant_for(decision.owner_role, child),
        on=due_on,
        owed_by=due_on,
    )


def _decision_named_on(scene: Scene, due_on: date, day: date) -> bool:
    if due_on >= day:
        return named_on(scene, due_on, day)
    return ladder.manager_named_today(due_on, day, scene.rules.ladder.manager_again, scene.calendar)


def draft_lines(near: Near) -> Iterator[Named]:
    """Concerns readied because decisions were not done; after some days every draft is named anyway."""
    scene = near.scene
    query = (
        select(Concern, Child)
        .join(Child, col(Child.id) == col(Concern.child_id))
        .where(
            Concern.state == ConcernState.DRAFT,
            col(Concern.id).in_(select(Decision.concern_id).where(col(Decision.concern_id).is_not(None))),
        )
        .order_by(col(Concern.id))
    )
    for draft, child in scene.session.exec(query.where(near.children)):
        yield from or_said(near, child, draft.reference, partial(_draft, scene, draft, child))


def _draft(scene: Scene, draft: Concern, child: Child) -> Named | None:
    after = scene.frozen_rules(draft.procedures_digest).ladder.draft_named_after
    if scene.calendar.count(local(draft.drafted_at).date(), scene.today) >= after.number:
        return None
    return Named(
        child=child,
        text=f"{draft.reference} is ready as a draft: decisions about {whom(scene, child)} were not done",
        owners=(draft.iro_id,) if vacancy_of(scene, draft.iro_id) is None else (),
        buttons=(Button(label="Open", deed="concern.open", subject=draft.reference),),
        on=scene.today,
    )
