"""First lines of messages as tests name them: without the day they carry, whose reply is late, and what a day counts.

What the days are is proved where they are reckoned (tests/handlers/test_first_lines.py); elsewhere they are in the way.
"""

import re

_DAYS = r"(?:\d[\d:]* (?:am|pm|noon|midnight), )?(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) \d{1,2} [A-Z][a-z]{2}(?: \d{4})?"
_SHORTER = (
    (re.compile(rf"((?:[Rr]eply to C-\d+|: (?:please )?reply)) by {_DAYS}(?=$| \(repeated\)$)"), r"\1"),
    (re.compile(rf"^.+? reply to (C-\d+) is late \({_DAYS}\)$"), r"A reply to \1 is late"),
    (re.compile(r"(press Seen)(?: by .+| now)$"), r"\1"),
    (re.compile(r"(C-\d+ not seen) by .+(: telephone now)$"), r"\1\2"),
    (re.compile(rf"(asks for more time for C-\d+), to {_DAYS}$"), r"\1"),
    (re.compile(rf"(no decision since|All stages of C-\d+ ended) (?:on )?{_DAYS}$"), r"\1"),
    (re.compile(rf"^(Your day, {_DAYS}): .+$"), r"\1"),
    (re.compile(rf"(\d+ decisions? to agree) by {_DAYS}$"), r"\1"),
)


def undated(line: str) -> str:
    """The first line as tests name it."""
    for found, shorter in _SHORTER:
        line = found.sub(shorter, line)
    return line
