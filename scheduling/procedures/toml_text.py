"""Turns a procedures text into raw tables, or into one problem with the line on which TOML breaks off."""

import re
import tomllib

from scheduling.procedures.table import Raw
from scheduling.procedures.types import Problem, ProceduresInvalid

LARGEST = 500_000
_PLACE = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)")


def read_toml(text: str, file: str) -> Raw:
    """The tables of the text; ProceduresInvalid when it is no TOML."""
    if len(text) > LARGEST:
        raise _invalid(file, 1, f"The file has {len(text)} characters; {LARGEST} are allowed.", "Shorten it.")
    try:
        text.encode()  # half of a character pair stands for nothing
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        place = _PLACE.search(str(wrong))
        last = text.rstrip("\n").count("\n") + 1
        line = min(int(place.group(1)), last) if place and place.group(1) else last
        what = _PLACE.sub("", str(wrong)).rstrip(".")
        right = 'Each line is key = value, with words in "quotation marks", below a [table] line.'
        raise _invalid(file, line, f"This is no TOML: {what}.", right) from None
    except (
        ValueError,
        RecursionError,
    ) as wrong:  # such halves, numbers of thousands of digits, thousands of brackets
        what = f"This is no TOML that can be read: {type(wrong).__name__}."
        raise _invalid(file, 1, what, "Write plain values.") from None


def _invalid(file: str, line: int, what: str, right: str) -> ProceduresInvalid:
    return ProceduresInvalid([Problem(file=file, line=line, severity="error", what=what, right=right)])
