"""Labels cut to what a platform shows, so that no two that differ come out alike."""

from collections import Counter
from collections.abc import Sequence

ELLIPSIS = "…"


def cut_apart(labels: Sequence[str], longest: int) -> list[str]:
    """The labels, each at most so long: without their ends, or their middles where the beginnings are alike."""
    lines = [" ".join(label.split()) for label in labels]
    cut = [_without_end(line, longest) for line in lines]
    cut = [_without_middle(lines[at], longest) if alike else cut[at] for at, alike in enumerate(_alike(lines, cut))]
    return [
        f"{_without_end(lines[at], longest - len(f' ({at + 1})'))} ({at + 1})" if alike else cut[at]
        for at, alike in enumerate(_alike(lines, cut))
    ]


def _alike(lines: Sequence[str], cut: Sequence[str]) -> list[bool]:
    """Whether each came out as another that was not the same before."""
    whole = Counter(cut)
    same = Counter(zip(lines, cut, strict=True))
    return [whole[short] > same[line, short] for line, short in zip(lines, cut, strict=True)]


def _without_end(line: str, longest: int) -> str:
    return line if len(line) <= longest else line[: longest - 1].rstrip() + ELLIPSIS


def _without_middle(line: str, longest: int) -> str:
    if len(line) <= longest:
        return line
    tail = longest // 3
    return line[: longest - tail - 1].rstrip() + ELLIPSIS + line[-tail:].lstrip()
