"""What people type, without what nobody can read: half an emoji, controls, private signs, marks that turn writing."""

import re
import unicodedata
from typing import TypeVar

from scheduling.procedures.terms import FOREIGN

T = TypeVar("T")

# PostgreSQL takes no NUL, nothing can be sent as UTF-8 with half a pair in it, and a document takes no control.
# U+FFFD is what decoding leaves of bytes that were no letter. Private signs are letters to nobody (bullets that were
# pasted from Word), and a sentence of ours names an authority's own words by them.
UNREADABLE = re.compile(
    rf"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff{FOREIGN}\ufffd-\uffff]"
)
PRIVATE = re.compile(f"[{FOREIGN}]")
# Word's line and page breaks: without them the words on both sides would run together.
BREAKS = str.maketrans("\x0b\x0c", "\n\n")


def readable(text: str) -> str:
    """The text as it is kept; what is taken out of it stands for nothing."""
    return UNREADABLE.sub("", text).translate(BREAKS)


def without_private_signs(text: str) -> str:
    """The text of a file that is taken in: all else in it is read as it stands."""
    return PRIVATE.sub("", text)


def visible(line: str) -> str:
    """A typed command without the letters that pasting or a phone's keyboard leaves behind."""
    return "".join(letter for letter in line if unicodedata.category(letter) != "Cf")


def cleaned(payload: T) -> T:
    """What a platform sent, with every text in it readable."""
    return _cleaned(payload)  # type: ignore[return-value]  # cleaning keeps the shape


def _cleaned(part: object) -> object:
    if isinstance(part, str):
        return readable(part)
    if isinstance(part, dict):
        return {_cleaned(name): _cleaned(value) for name, value in part.items()}
    return [_cleaned(one) for one in part] if isinstance(part, list) else part
