"""Reads JSON that came from outside, and refuses what no platform means and no database takes."""

import json
from collections.abc import Iterator
from typing import NoReturn

DEEPEST = 64
"""Levels of lists and objects. A large form has about fifteen; what walks through a body must not run out of stack."""
LARGEST_NUMBER = 2**53
"""Beyond it JSON's numbers are not whole everywhere, and a database's column is too small sooner or later."""


class Malformed(Exception):
    """It is not what a platform sends; nothing of it was done."""


def read_json(text: str) -> object:
    """The value. Malformed where it is broken, too deep, or holds text that cannot be written down."""
    try:
        value: object = json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise Malformed from None
    check_sound(value)
    return value


def decoded(body: bytes) -> str:
    """The text of a body. Malformed where it is not UTF-8."""
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        raise Malformed from None


def check_sound(value: object) -> None:
    """Malformed where it is too deep, or holds half a character (`\\ud83d` alone) or NUL, which no database takes."""
    left = [(value, 0)]
    while left:
        part, depth = left.pop()
        if depth > DEEPEST:
            raise Malformed
        if isinstance(part, str):
            _check_text(part)
        else:
            left.extend((inside, depth + 1) for inside in _inside(part))


def whole_number(value: object) -> int | None:
    """The value if it is a whole number that can be kept."""
    usable = isinstance(value, int) and not isinstance(value, bool) and abs(value) < LARGEST_NUMBER
    return value if usable and isinstance(value, int) else None


def _inside(part: object) -> Iterator[object]:
    if isinstance(part, dict):
        yield from part.keys()
        yield from part.values()
    elif isinstance(part, list):
        yield from part


def _check_text(text: str) -> None:
    if "\0" in text:
        raise Malformed
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise Malformed from None


def _no_number(_: str) -> NoReturn:
    """NaN and Infinity are no JSON, though Python reads them."""
    raise ValueError
