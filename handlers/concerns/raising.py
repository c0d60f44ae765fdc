"""Who raised a concern, which stays with them when the child has another IRO later, and which team it counts for."""

import json

from handlers.concerns.case import Case
from handlers.office import Scene
from storage import history, people
from storage.children import Child


def raised_by(case: Case) -> int:
    """The IRO who raised it: whose it was before it was first handed over, as the history tells."""
    entries = history.entries(case.scene.session, case.subject)
    logged = next((place for place, entry in enumerate(entries) if entry.what == "logged"), 0)
    for entry in entries[logged:]:
        before = json.loads(entry.details).get("from") if entry.what == "handed over" else None
        if isinstance(before, int):
            return before
    return case.concern.iro_id


def team_of(scene: Scene, child: Child) -> str:
    """The team a concern about the child counts for: that of who holds the child now."""
    holder = people.get(scene.session, child.holder_id) if child.holder_id else None
    return holder.team if holder is not None else ""
