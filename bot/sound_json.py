"""Reads JSON that came from outside: sound all through, or refused as a whole."""

import json
from typing import NoReturn, TypeVar

from handlers.typed import readable_throughout

T = TypeVar("T")

DEEPEST = 64
"""Levels of lists and objects. A large form has about fifteen; what walks through a body must not run out of stack."""
LARGEST_NUMBER = 2**53
"""Beyond it JSON's numbers are not whole everywhere, and a database's column is too small sooner or later."""


class Malformed(Exception):
    """It is not what a platform sends; nothing of it was done."""


def read_json(text: str) -> object:
    """The value, with readable texts. Malformed where it is broken or too deep."""
    try:
        value: object = json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise Malformed from None
    return sound(value)


def decoded(body: bytes) -> str:
    """The text of a body. Malformed where it is not UTF-8."""
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        raise Malformed from None


def sound(value: T) -> T:
    """The value, with readable texts. Malformed where it is too deep to be walked through."""
    left: list[tuple[object, int]] = [(value, 0)]
    while left:
        part, depth = left.pop()
        if depth > DEEPEST:
            raise Malformed
        inside = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
        left.extend((one, depth + 1) for one in inside)
    return readable_throughout(value)


def whole_number(value: object) -> int | None:
    """The value if it is a whole number that can be kept."""
    usable = isinstance(value, int) and not isinstance(value, bool) and abs(value) < LARGEST_NUMBER
    return value if usable and isinstance(value, int) else None


def _no_number(_: str) -> NoReturn:
    """NaN and Infinity are no JSON, though Python reads them."""
    raise ValueError
