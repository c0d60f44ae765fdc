"""The import of past reviews as one deed: read, checked, written, recorded; then the next reviews are planned."""

from dataclasses import dataclass
from hashlib import sha256

from handlers.history_import.writing import known_children
from handlers.imports.outcome import Findings, Progress, silent
from handlers.office import Scene
from handlers.review_import.agreeing import Checks
from handlers.review_import.known import what_is_known
from handlers.review_import.values import ReviewReader, read_past
from handlers.review_import.writing import write
from handlers.reviews.planning import Cause, plan_all
from storage import history


@dataclass(frozen=True, kw_only=True)
class ImportedReviews:
    """What an import did: reviews added, those known before, children created as historical, reviews planned.

    `odd` names what was taken in and should be looked at all the same.
    """

    added: int
    unchanged: int
    children: int
    planned: int
    odd: tuple[str, ...] = ()


def import_reviews(scene: Scene, text: str, *, progress: Progress = silent) -> ImportedReviews:
    """Import past reviews. ImportRefused names every wrong place, and then nothing is written.

    A review is known again by its child and the day it was held. Nobody is told. Whether each was in time is counted
    by the authority's rule of today; then the next review of every child in care is planned.
    """
    findings = Findings()
    past = read_past(text, ReviewReader(rules=scene.rules, today=scene.today), findings)
    agreement = Checks(known=what_is_known(scene.session, {one.child for one in past}), findings=findings).agreed(past)
    findings.refuse_if_any()
    new = agreement.new
    unknown = {one.child for one in new} - known_children(scene.session).keys()
    planned = 0
    if new:
        write(scene.session, new, scene.now, progress)
        planned = plan_all(scene, Cause(why="reviews imported"))
        details: history.Details = {
            "reviews": len(new),
            "children": len(unknown),
            "planned": planned,
            "file": sha256(text.encode()).hexdigest(),
        }
        history.record(
            scene.session, chain="authority", at=scene.now, actor_id=None, what="reviews imported", details=details
        )
    return ImportedReviews(
        added=len(new),
        unchanged=len(past) - len(new),
        children=len(unknown),
        planned=planned,
        odd=agreement.odd,
    )
