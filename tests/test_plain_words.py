"""What people read, and what stands above the code, is written in plain modern words."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FLOORS = ("bot", "handlers", "scheduling", "storage")
PLAINER = {
    "aforesaid": "this",
    "albeit": "though",
    "amongst": "among",
    "forthwith": "at once",
    "hereby": "",
    "herein": "here",
    "hereinafter": "from here on",
    "heretofore": "until now",
    "hitherto": "until now",
    "lest": "so that ... not",
    "likewise": "also",
    "notwithstanding": "in spite of",
    "nought": "zero, none",
    "pursuant": "under",
    "shall": "must, will",
    "thence": "from there",
    "thereby": "so",
    "therein": "in it",
    "thereof": "of it",
    "thereupon": "then",
    "unto": "to",
    "upon": "on",
    "whence": "from where",
    "whereby": "by which",
    "wherein": "in which",
    "whereupon": "then",
    "whilst": "while",
    "whoever": "the person who, anyone who, those who",
    "whomever": "the person whom, anyone",
    "whomsoever": "anyone",
    "whosoever": "anyone who",
    "what was not understood of what was typed": "what could not be read",
}
"""Each word to avoid, and the plainer one."""
AVOIDED = re.compile(rf"\b(?:{'|'.join(PLAINER)})\b", re.IGNORECASE)
NOT_OURS = {"bot/workspace/vendoring.py": "the words of licences"}
SOURCES = sorted(path for floor in FLOORS for path in (ROOT / floor).rglob("*.py"))
TEXTS = sorted(
    [*(ROOT / "docs").rglob("*.md"), *(ROOT / "bot").rglob("*.html"), *(ROOT / "bot").rglob("manifest*.json")]
)


def strings(source: str) -> Iterator[tuple[int, str]]:
    """Every string of a source with its line: what is shown, and docstrings."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value


def avoided(text: str) -> list[str]:
    """The words of a text that have a plainer one, which is named."""
    return [f"{found[0]!r}: {PLAINER[found[0].casefold()] or 'leave it out'}" for found in AVOIDED.finditer(text)]


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_what_is_shown_and_every_docstring_is_in_plain_words() -> None:
    looked_at = [path for path in SOURCES if not name_of(path).startswith(tuple(NOT_OURS))]
    assert [
        f"{name_of(path)}:{line} {found}"
        for path in looked_at
        for line, text in strings(path.read_text("utf-8"))
        for found in avoided(text)
    ] == []


@pytest.mark.parametrize("path", [*TEXTS, ROOT / "README.md", ROOT / ".env.example"], ids=name_of)
def test_so_are_the_guides_and_the_pages(path: Path) -> None:
    assert avoided(path.read_text("utf-8")) == []


def test_what_is_not_looked_at_is_there() -> None:
    for name in tuple(NOT_OURS):
        assert any(name_of(path).startswith(name) for path in SOURCES), name


@pytest.mark.parametrize(
    "text", ["Whoever asks", "nought included", "He shall", "What was not\x20understood of what was typed"]
)
def test_a_word_to_avoid_is_seen(text: str) -> None:
    assert len(avoided(text)) == 1


@pytest.mark.parametrize("text", ["whichever day", "thought", "shallow", "a whole number", "wherever it stands"])
def test_other_words_are_passed_over(text: str) -> None:
    assert avoided(text) == []
