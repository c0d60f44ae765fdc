"""What cannot be drawn: a sentence stands in its place, it is named for administrators, and takes no other with it."""

import logging
import traceback
from collections.abc import Callable, Iterable
from functools import partial
from typing import TypeVar

from sqlmodel import SQLModel

from handlers.cards import Line
from handlers.concern_buttons import button_about
from handlers.office import Scene
from handlers.refusals import Refused
from scheduling.procedures import Procedures
from storage.concerns import Concern
from storage.encrypted import KeysWrong, is_readable

log = logging.getLogger(__name__)

Drawn = TypeVar("Drawn")

CANNOT = (ArithmeticError, AssertionError, AttributeError, KeysWrong, LookupError, Refused, TypeError, ValueError)
"""What a row that contradicts itself or our rules raises; a database that fails is no fault of one row."""

_NOTED: dict[tuple[str, str, str], None] = {}
"""What could not be drawn when it was last tried in this process: authority, name and what drew it."""


def drawn(scene: Scene, name: str, draw: Callable[[], Drawn], instead: Callable[[], Drawn]) -> Drawn:
    """What `draw` makes, else what stands `instead` of it; then `name` ("C-12", "review 7") is logged, and no words.

    Nothing may be written while drawing: what was done before the fault would stay.
    """
    place = getattr(draw, "func", draw).__qualname__  # of a partial, the function behind it
    noted = (scene.authority, name, place)
    try:
        made = draw()
    except CANNOT as fault:
        _NOTED[noted] = None
        log.error("%s of %s cannot be drawn: %s at %s", name, scene.authority, type(fault).__name__, _where(fault))
        return instead()
    _NOTED.pop(noted, None)
    return made


def rules_known(scene: Scene, digests: Iterable[str]) -> dict[str, Procedures]:
    """The rules of these procedures; those that cannot be read any more are left out and named."""
    found = {one: drawn(scene, f"procedures {one[:8]}", partial(_rules, scene, one), lambda: None) for one in digests}
    return {digest: rules for digest, rules in found.items() if rules is not None}


def _rules(scene: Scene, digest: str) -> Procedures | None:
    return scene.frozen_rules(digest)


def all_readable(*rows: SQLModel | None) -> None:
    """Raises KeysWrong where words of one of these rows are not to be read any more."""
    if not all(row is None or is_readable(row) for row in rows):
        raise KeysWrong


def _where(fault: BaseException) -> str:
    frames = traceback.extract_tb(fault.__traceback__)
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "unknown"


def line_of(scene: Scene, concern: Concern, draw: Callable[[], Line | None]) -> Line | None:
    """The line about a concern, or the sentence in its place."""
    return drawn(scene, concern.reference, draw, lambda: instead_of_line(concern))


def instead_of_line(concern: Concern) -> Line:
    """The sentence in the place of a line, with what can be done."""
    opened = button_about(concern, "Open", "concern.open")
    return Line(text=f"{concern.reference} {CANNOT_BE_SHOWN}", buttons=(opened,))


CANNOT_BE_SHOWN = (
    "cannot be shown here: something kept about it does not make sense. Open it to put it right, or ask your "
    "administrator to run doctor, which names it."
)


LEFT_OUT = (
    "cannot be shown and is left out: something kept about it does not make sense. Ask your administrator to run "
    "doctor, which names it."
)


def not_drawn(authority: str) -> list[str]:
    """The names of whatever of an authority could not be drawn when it was last tried in this process."""
    return sorted({name for whose, name, _ in list(_NOTED) if whose == authority})
