"""What people type, as it is read and kept: the one cleaning for all platforms, commands, forms, searches and files.

What nobody can read goes: half an emoji, controls, private signs, marks that turn writing, and what has no width.
"""

import re
import unicodedata
from dataclasses import replace
from typing import TypeVar

from handlers.requests import Request, Value
from scheduling.procedures.terms import FOREIGN

T = TypeVar("T")

# PostgreSQL takes no NUL, nothing can be sent as UTF-8 with half a pair in it, and a document takes no control.
# U+FFFD is what decoding leaves of bytes that were no letter. Private signs are letters to nobody (bullets that were
# pasted from Word), and a sentence of ours names an authority's own words by them.
_NO_LETTERS = rf"\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff{FOREIGN}\ufffd-\uffff"
# Marks that turn writing round make a text read otherwise than it is; what has no width parts a word unseen, so that
# it is neither found nor checked. U+00AD is the soft hyphen that pasting brings, U+E0000 the signs of hidden tags.
_TURNS = r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_UNSEEN = r"\u00ad\u180e\u200b\u200c\u2060-\u2065\ufeff\ufff9-\ufffc\U000e0000-\U000e007f"
# Families, professions and flags are several emoji joined by U+200D, or a black flag with tags.
_EMOJI = r"\u203c\u2049\u20e3\u2139-\u3299\ufe0f\U0001f000-\U0001faff"
_FLAG = r"\U0001f3f4[\U000e0030-\U000e007a]{2,8}\U000e007f"
_STRAY_JOINER = rf"(?<![{_EMOJI}])\u200d|\u200d(?![{_EMOJI}])"
_UNREADABLE = re.compile(f"({_FLAG})|[{_NO_LETTERS}{_TURNS}{_UNSEEN}]|{_STRAY_JOINER}")
_PRIVATE = re.compile(f"[{FOREIGN}]")
# Word's line and page breaks, and other machines' line ends: without them the words on both sides would run together.
_BREAKS = str.maketrans(dict.fromkeys("\r\x0b\x0c\x85\u2028\u2029", "\n"))
_GAP = re.compile(r"[^\S\n]+")
_AROUND_A_BREAK = re.compile(r" ?\n ?")
_BLANK_LINES = re.compile(r"\n{4,}")

DASHES = dict.fromkeys((*range(0x2010, 0x2016), 0x2043, 0x2212, 0xFE58, 0xFE63, 0xFF0D), "-")
"""Every dash that a keyboard makes, by what it stands for."""


def readable(text: str) -> str:
    """The text without what nobody can read; what is taken out of it stands for nothing."""
    return _UNREADABLE.sub(lambda found: found[1] or "", text.replace("\r\n", "\n")).translate(_BREAKS)


def prose(text: str) -> str:
    """Words of several lines as they are kept: one space between words, and no more than two blank lines together."""
    lines = _AROUND_A_BREAK.sub("\n", _GAP.sub(" ", readable(text)))
    return _BLANK_LINES.sub("\n\n\n", lines).strip()


def line(text: str) -> str:
    """Words of one line: one ordinary space between them, whatever stood there."""
    return " ".join(readable(text).split())


def command(text: str) -> str:
    """A command or a reference as it is read: one line with plain dashes, and nothing in it that cannot be seen."""
    seen = "".join(sign for sign in text if unicodedata.category(sign) not in ("Cf", "Cs"))
    return line(seen).translate(DASHES)


def as_read(request: Request) -> Request:
    """The request with everything typed as it is read: the one place that all of them pass, from whatever platform."""
    words = command if request.deed == "command" else line
    return replace(
        request,
        command=command(request.command),
        words=words(request.words),
        subject=readable(request.subject),
        values={key: _given(value) for key, value in request.values.items()},
        context={key: readable(value) for key, value in request.context.items()},
    )


def _given(value: Value) -> Value:
    return prose(value) if isinstance(value, str) else tuple(dict.fromkeys(map(line, value)))


def without_private_signs(text: str) -> str:
    """The text of a file that is taken in, before its cells are read; all else in it stands as it is."""
    return _PRIVATE.sub("", text)


def readable_throughout(payload: T) -> T:
    """What a platform sent, with every text in it readable."""
    return _throughout(payload)  # type: ignore[return-value]  # cleaning keeps the shape


def _throughout(part: object) -> object:
    if isinstance(part, str):
        return readable(part)
    if isinstance(part, dict):
        return {_throughout(name): _throughout(value) for name, value in part.items()}
    return [_throughout(one) for one in part] if isinstance(part, list) else part
