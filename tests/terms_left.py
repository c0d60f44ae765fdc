"""Finds the private characters by which our sentences name what an authority may call otherwise: nobody may see one."""

import re
from typing import TypeVar

from handlers.terms import in_words
from scheduling.procedures import load_procedures
from scheduling.procedures.terms import FOREIGN

Shown = TypeVar("Shown")

_LEFT = re.compile(rf"[{FOREIGN}]|\\u(?:e[0-9a-f]|f[0-8])[0-9a-f]{{2}}")


def terms_left(shown: object) -> list[str]:
    """Those in anything that is shown, however deep they lie: as they are, or as Python or JSON write them."""
    return _LEFT.findall(shown if isinstance(shown, str) else repr(shown))


def as_read(shown: Shown) -> Shown:
    """What a function of the handlers says, as it is read where an authority uses our words."""
    return in_words(shown, load_procedures("handbook"))
