"""What people type, without what nobody can read: half an emoji, NUL and other controls, marks that turn writing."""

import re
import unicodedata
from typing import TypeVar

T = TypeVar("T")

# PostgreSQL takes no NUL, nothing can be sent as UTF-8 with half a pair in it, and a document takes no control.
# U+FFFD is what decoding leaves of bytes that were no letter.
UNREADABLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffd-\uffff]")
# Word's line and page breaks: without them the words on both sides would run together.
BREAKS = str.maketrans("\x0b\x0c", "\n\n")


def readable(text: str) -> str:
    """The text as it is kept; what is taken out of it stands for nothing."""
    return UNREADABLE.sub("", text).translate(BREAKS)


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
