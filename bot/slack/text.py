"""Words as Slack takes them: escaped, so that nothing in them can mention or link, and cut to its lengths."""

from typing import Any

Block = dict[str, Any]
Payload = dict[str, Any]

SECTION_LENGTH = 3000
# The reference page of the alert block names no length; Slack's own Java library does (AlertBlock, June 2026).
ALERT_LENGTH = 200
ELLIPSIS = "…"


def escaped(text: str) -> str:
    """Slack reads `<...>` as mentions and links; these three characters must be written as entities."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def cut(text: str, length: int) -> str:
    """The text, at most `length` characters, ending with an ellipsis where words are missing."""
    return text if len(text) <= length else text[: length - 1].rstrip() + ELLIPSIS


def cut_escaped(text: str, length: int) -> str:
    """As `cut`, counted after escaping and never ending inside an entity."""
    whole = escaped(text)
    return whole if len(whole) <= length else whole[: _before_entity(whole, length - 1)].rstrip() + ELLIPSIS


def plain(text: str, length: int) -> dict[str, Any]:
    """A plain text object: labels, buttons, options."""
    return {"type": "plain_text", "text": cut(text.strip() or "-", length), "emoji": False}


def sections(text: str) -> list[Block]:
    """The text as sections, split at a line or a word; `verbatim` keeps Slack from linking names."""
    return [_section(piece) for piece in _pieces(escaped(text))]


def alert(text: str) -> list[Block]:
    """The text as an alert, which Slack takes in modals alone; what is too long for one goes on below it."""
    first, rest = _first_sentences(text.strip())
    shown = [{"type": "alert", "level": "info", "text": plain(first, ALERT_LENGTH)}] if first else []
    return [*shown, *sections(rest)]


def _first_sentences(text: str) -> tuple[str, str]:
    """As many whole sentences as an alert takes, else as many words, and what is left."""
    if len(text) <= ALERT_LENGTH:
        return text, ""
    ends = (text.rfind(mark, 0, ALERT_LENGTH + 1) + len(mark) - 1 for mark in (". ", " "))
    at = next((end for end in ends if end > 0), ALERT_LENGTH)
    return text[:at].strip(), text[at:].strip()


def bold(text: str) -> list[Block]:
    """One line in bold; a star inside would end the bold early."""
    line = cut_escaped(" ".join(text.replace("*", "").split()), SECTION_LENGTH - 2)
    return [_section(f"*{line}*")] if line else []


def _section(text: str) -> Block:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}


def _pieces(text: str) -> list[str]:
    pieces = []
    rest = text.strip()
    while len(rest) > SECTION_LENGTH:
        at = _break(rest)
        pieces.append(rest[:at].strip())
        rest = rest[at:].strip()
    return [piece for piece in (*pieces, rest) if piece]


def _break(text: str) -> int:
    for mark in ("\n", " "):
        at = text.rfind(mark, SECTION_LENGTH // 2, SECTION_LENGTH)
        if at > 0:
            return at
    return _before_entity(text, SECTION_LENGTH)


def _before_entity(text: str, at: int) -> int:
    """The longest entity, `&amp;`, has five characters."""
    start = text.rfind("&", max(0, at - 4), at)
    return start if start >= 0 and ";" not in text[start:at] else at
