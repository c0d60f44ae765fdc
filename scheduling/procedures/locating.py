"""Finds the line on which a table or a key of a TOML text stands, since tomllib keeps no lines."""

import re
from collections.abc import Mapping

Path = tuple[str | int, ...]

_HEADER = re.compile(r"(\[\[?)([^\[\]]+)\]\]?\s*(#.*)?$")
_KEY = re.compile(r"""\s*((?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*'))*)\s*=""")
_PART = re.compile(r"""[A-Za-z0-9_-]+|"[^"]*"|'[^']*'""")
LONG_QUOTES = ('"""', "'''")
_TOKEN = re.compile("|".join((*LONG_QUOTES, r'"(?:\\.|[^"\\])*"', r"'[^']*'", "#.*")))
_STRING = re.compile(r""""(?:\\.|[^"\\])*"|'[^']*'|#.*""")


class Lines:
    """Where each table and key of one text stands; what cannot be found answers with its table's."""

    def __init__(self, text: str) -> None:
        self._at: Mapping[Path, int] = _scan(text)

    def line(self, path: Path) -> int:
        """The line (from 1) of the table or key, else of what holds it, else 1."""
        for length in range(len(path), 0, -1):
            if found := self._at.get(path[:length]):
                return found
        return 1


def _scan(text: str) -> Mapping[Path, int]:
    found: dict[Path, int] = {}
    seen: dict[Path, int] = {}
    table: Path = ()
    closing, depth = "", 0
    for number, line in enumerate(text.split("\n"), start=1):
        if closing:  # inside a text of several lines
            closing = "" if closing in line else closing
            continue
        if line.lstrip().startswith("#"):
            continue
        if depth == 0 and (header := _HEADER.match(line.strip())):
            table = _table(header, seen)
            found.setdefault(table, number)
            continue
        if depth == 0 and (key := _KEY.match(line)):
            found.setdefault((*table, *_parts(key.group(1))), number)
        closing = _left_open(line)
        bare = _STRING.sub("", line)
        depth = max(0, depth + bare.count("[") - bare.count("]"))
    return found


def _table(header: re.Match[str], seen: dict[Path, int]) -> Path:
    path: Path = ()
    parts = _parts(header.group(2))
    for place, part in enumerate(parts):
        path = (*path, part)
        if header.group(1) == "[[" and place == len(parts) - 1:
            seen[path] = seen.get(path, -1) + 1
        if path in seen:
            path = (*path, seen[path])
    return path


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in _PART.findall(dotted))


def _left_open(line: str) -> str:
    """The quotes of a text that begins on the line and does not end on it."""
    place = 0
    while token := _TOKEN.search(line, place):
        place = token.end()
        if token.group() in LONG_QUOTES:
            closes = line.find(token.group(), place)
            if closes < 0:
                return token.group()
            place = closes + 3
    return ""
