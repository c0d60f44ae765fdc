"""Owing a message: one row with a permanent key, so that the same cause never owes twice."""

import json
from collections.abc import Mapping

from handlers.messages.kinds import Kind
from handlers.office import Scene
from storage import outbox
from storage.concerns import Concern
from storage.outbox import Outbox

Detail = str | int | None


def owe(
    scene: Scene,
    kind: Kind,
    person_id: int,
    concern: Concern,
    *,
    because: str = "",
    urgent: bool = False,
    **details: Detail,
) -> bool:
    """Owe a person one message about a concern at its present stage run.

    `because` tells apart what may happen several times in a run (a reply's id, a rung). Details hold ids, dates and
    numbers only. False when the same message was owed before.
    """
    key = f"{kind.value}:{concern.id}:{concern.run_id or 0}:{because}:{person_id}"
    return outbox.owe(
        scene.session,
        Outbox(
            authority=scene.authority,
            key=key,
            kind=kind.value,
            person_id=person_id,
            concern_id=concern.id,
            run_id=concern.run_id,
            urgent=urgent,
            details=json.dumps(details),
            owed_at=scene.now,
        ),
    )


def details_of(row: Outbox) -> Mapping[str, Detail]:
    """The ids, dates and numbers a message was owed with."""
    kept: dict[str, Detail] = json.loads(row.details)
    return kept
