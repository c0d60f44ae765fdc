"""What stories about reviews are told with: children looked after since a day, and a review held in a line."""

from collections.abc import Mapping
from datetime import date

from handlers.office import Scene, rules_in_force
from handlers.reviews.planning import plan_review
from storage import children
from storage.children import Capacity, Child
from storage.database import transaction
from tests.cast import AUTHORITY, BEGINNING, CHILD, IRO, SOCIAL_WORKER
from tests.screens import Filled, Seen
from tests.stories.telling import press_in, type_and_fill
from tests.world import AnyWorld

HELD: dict[str, Filled] = {
    "How it was held": "In person",
    "How the child took part": "PN1 Attends and speaks for themselves",
    "Led by the child": "The child co-chaired it",
    "Parents and carers who took part": ["Mother", "Carers"],
    "Offered to the child": ["Advocate"],
}


def in_care(world: AnyWorld, since: date, *references: str) -> None:
    """Each child is looked after since that day, with this cast's IRO and worker; its first review is planned."""
    with transaction(world.engine, AUTHORITY) as session:
        rules = rules_in_force(session, AUTHORITY)
        scene = Scene(session=session, now=world.now, authority=AUTHORITY, rules=rules)
        for reference in references or (CHILD,):
            child = children.by_reference(session, reference) or Child(authority=AUTHORITY, reference=reference)
            child.looked_after_from = since
            session.add(child)
            session.flush()
            if child.iro_id is None:
                children.allocate(session, child, Capacity.IRO, world.cast.people[IRO], BEGINNING)
                children.allocate(session, child, Capacity.HOLDER, world.cast.people[SOCIAL_WORKER], BEGINNING)
            plan_review(scene, child)


def hold(world: AnyWorld, on: date, more: Mapping[str, Filled] | None = None, *, child: str = CHILD) -> Seen:
    """The IRO records the child's review as held on that day."""
    return type_and_fill(world, IRO, f"/review {child} hold", {"Held on": on, **HELD, **(more or {})})


def decide(world: AnyWorld, words: str, by: date, *, child: str = CHILD, role: str = "Social worker") -> Seen:
    """The IRO adds one decision and sees the form with it."""
    typed: dict[str, Filled] = {"What was decided?": words, "Or a role": role, "By when?": by}
    return type_and_fill(world, IRO, f"/review {child} decisions", typed)


def decide_and_send(world: AnyWorld, words: str, by: date, *, child: str = CHILD) -> Seen:
    """One decision, sent to the manager."""
    return press_in(world, IRO, decide(world, words, by, child=child), "Send to the manager")
