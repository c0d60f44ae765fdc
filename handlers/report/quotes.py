"""What may be quoted of the good practice recognised: who was recognised, and in which words."""

from handlers.figures.period import Period
from handlers.office import Scene
from handlers.wording import name_of
from storage import praise
from storage.praise import Praise

Quotes = tuple[tuple[str, str], ...]
AT_MOST = 12


def quotes_of(scene: Scene, period: Period) -> Quotes:
    """The latest that may be quoted, at most a dozen, oldest first."""
    within = period.within
    found = praise.quotable(scene.session, within.start, within.end)
    return tuple((_to_whom(scene, one), one.words) for one in found[-AT_MOST:] if one.words)


def _to_whom(scene: Scene, one: Praise) -> str:
    who = one.to_name or name_of(scene, one.person_id)
    return f"To {who}, {one.team}" if one.team and one.team != who else f"To {who}"
