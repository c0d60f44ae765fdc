"""Words as Adaptive Cards show them: nothing in them can format or link, and each line stands for itself."""

import json
import re
from typing import Any

Element = dict[str, Any]
Payload = dict[str, Any]

ELLIPSIS = "…"
BLOCK_LENGTH = 2000
FILE = re.compile(r"https?://[^\s()\[\]<>\\]+/file/[\w-]{43}\Z", re.ASCII)
"""A one-time address, see handlers/export/links.py."""
LINK = re.compile(r"\[(?=[^\]]*\]\()")


def plain(text: str) -> str:
    """Cards read a little Markdown; marks that would format or link are written so that they stay what they are.

    The address of a file, at the end of a line, can be pressed: cards link nothing by themselves.
    """
    found = FILE.search(text)
    if found is None:
        return _unmarked(text)
    return f"{_unmarked(text[: found.start()])}[{_unmarked(found.group())}]({found.group()})"


def _unmarked(text: str) -> str:
    for mark in "*_":
        if text.count(mark) > 1:
            text = text.replace(mark, f"\\{mark}")
    return LINK.sub(r"\\[", text)


def cut(text: str, length: int) -> str:
    """The text in one line, at most `length` characters, ending with an ellipsis where words are missing."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1].rstrip() + ELLIPSIS


def paragraphs(text: str, **how: object) -> list[Element]:
    """A text block for each line: a card runs lines of one block together."""
    lines = [piece for line in text.split("\n") if line.strip() for piece in _pieces(line.strip())]
    return [block(line, **({"spacing": "None"} if number else {}), **how) for number, line in enumerate(lines)]


def block(line: str, **how: object) -> Element:
    """One line of text."""
    return {"type": "TextBlock", "text": plain(line), "wrap": True, **how}


def size(payload: object) -> int:
    """Bytes as Teams counts them: JSON as UTF-16."""
    return len(json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode("utf-16-le"))


def _pieces(line: str) -> list[str]:
    pieces = []
    while len(line) > BLOCK_LENGTH:
        at = line.rfind(" ", BLOCK_LENGTH // 2, BLOCK_LENGTH)
        at = at if at > 0 else BLOCK_LENGTH
        pieces.append(line[:at].strip())
        line = line[at:].strip()
    return [*pieces, line] if line else pieces
