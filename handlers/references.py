"""References as people type them: "C-12", "c12", "#12", "AB-1042", "ab 1042", with any dash that a keyboard makes."""

import re

from handlers.office import Scene
from handlers.typed import DASHES

_CONCERN = re.compile(r"(?:c\s*-?|#)\s*(\d{1,9})(?=\s|$)", re.IGNORECASE)
_NUMBER = re.compile(r"(\d{1,9})(?=\s|$)")
_LETTERS_THEN_DIGITS = re.compile(r"([a-z]{1,6})(\d+)", re.IGNORECASE)


def concern_reference(words: str, *, bare: bool = False) -> tuple[str, str] | None:
    """The concern that the words begin with, as it is written here, and what follows; `bare`: "12" is one too."""
    plain = words.translate(DASHES).strip()
    found = _CONCERN.match(plain) or (_NUMBER.match(plain) if bare else None)
    return (f"C-{int(found[1])}", plain[found.end() :].strip()) if found is not None else None


def child_reference(scene: Scene, words: str) -> tuple[str, str] | None:
    """The child's reference that the words begin with, as the authority writes it, and what follows."""
    plain = words.translate(DASHES).strip().upper()
    first, _, rest = plain.partition(" ")
    second, _, others = rest.strip().partition(" ")
    joined = _LETTERS_THEN_DIGITS.fullmatch(first)
    tried = [(first, rest)]
    tried += [(f"{joined[1]}-{joined[2]}", rest)] if joined is not None else []
    tried += [(f"{first}-{second}", others)] if first.isalpha() and second.isdigit() else []
    for reference, follows in tried:
        if scene.rules.child_reference.fullmatch(reference) is not None:
            left = len(follows.strip())
            return reference, words.strip()[-left:] if left else ""
    return None
