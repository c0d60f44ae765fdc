"""Who raised a concern: it stays with them, even when the child has another IRO later."""

import json

from handlers.concerns.case import Case
from storage import history


def raised_by(case: Case) -> int:
    """The IRO who raised it: whose it was before it was first handed over, as the history tells."""
    entries = history.entries(case.scene.session, case.subject)
    logged = next((place for place, entry in enumerate(entries) if entry.what == "logged"), 0)
    for entry in entries[logged:]:
        before = json.loads(entry.details).get("from") if entry.what == "handed over" else None
        if isinstance(before, int):
            return before
    return case.concern.iro_id
