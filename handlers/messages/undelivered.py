"""Whom a message may reach, and what follows where it did not: on record, and somebody hears who was not reached."""

from handlers.messages.owing import Detail
from handlers.office import Scene
from storage import history, people
from storage.outbox import Outbox


def on_record(scene: Scene, row: Outbox, chain: str, **more: Detail) -> None:
    """Put it on record, with what it was about."""
    history.record(
        scene.session,
        chain=chain,
        at=scene.now,
        actor_id=None,
        what="could not be delivered",
        details={"person": row.person_id, "message": row.kind, **more},
    )


def serves(scene: Scene, person_id: int) -> bool:
    """Whether the reader of what is about no concern and no child is in service still."""
    person = people.get(scene.session, person_id)
    return person is not None and not person.has_left(scene.today)


def to_nobody(_scene: Scene, _row: Outbox) -> list[int]:
    """For what comes with another message, whose loss is told."""
    return []


def to_iro_managers(scene: Scene, _row: Outbox) -> list[int]:
    """For what is about nobody's case: all IRO managers hear of whom they cannot reach."""
    return [one.id for one in people.holders_of(scene.session, "iro_manager", scene.today) if one.id is not None]
