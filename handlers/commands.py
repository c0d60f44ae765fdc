"""Typed commands: what the words after a slash command mean, and the nearest one where they mean nothing."""

import difflib
import re
from dataclasses import replace

from handlers.cards import Answer, Button, Notice
from handlers.help import help_for
from handlers.office import Desk
from handlers.requests import Request
from handlers.terms import A_CONCERN, IRO

CONCERN_DEEDS = {
    "reply": "concern.reply",
    "stage": "concern.move",
    "move": "concern.move",
    "extend": "concern.extend",
    "close": "concern.close",
    "withdraw": "concern.withdraw",
    "reopen": "concern.reopen",
    "cafcass": "concern.cafcass",
    "legal": "concern.legal",
    "history": "concern.history",
    "file": "concern.file",
    "again": "concern.ask_again",
    "record": "concern.record",
    "correct": "concern.correct",
    "lasted": "concern.lasted",
}
IRO_DEEDS = {
    "child": "iro.child",
    "allocate": "iro.allocate",
    "away": "iro.away",
    "back": "iro.back",
    "people": "iro.people",
    "procedures": "iro.procedures",
    "figures": "iro.figures",
    "report": "iro.report",
}
PLAIN_DEEDS = {"praise": "praise.form", "caseload": "caseload.show"}
"""Commands that take no words."""
REVIEW_DEEDS = {
    "book": "review.book",
    "move": "review.book",
    "hold": "review.hold",
    "complete": "review.hold",
    "meeting": "review.meeting",
    "adjourn": "review.adjourn",
    "forward": "review.early",
    "bring forward": "review.early",
    "papers": "review.papers",
    "contact": "review.contact",
    "seen": "review.seen",
    "midway": "review.midway",
    "midway check": "review.midway",
    "decisions": "review.decisions",
    "feedback": "review.feedback",
    "record": "review.record",
    "sent": "review.record_sent",
    "track": "review.track",
}
_CONCERN_WORDS = ("list", "service", "help", *CONCERN_DEEDS)
_IRO_WORDS = (*IRO_DEEDS, "help")
_CONCERN = re.compile(r"c\s*[-\u2010-\u2015]?\s*(\d{1,9})(?=\s|$)", re.IGNORECASE)
_LISTS = ("mine", "team", "overdue", "drafts", "closed")


def meaning(desk: Desk, request: Request) -> Request | Answer:
    """The deed a typed command asks for, or the answer where it asks for none."""
    command = request.command.strip().lstrip("/").lower()
    words = request.words.strip()
    if command == "concern":
        return _concern(desk, request, words)
    if command == "iro":
        return _iro(desk, request, words)
    if command == "review":
        return _review(desk, request, words)
    if command == "tell":
        return _tell(desk, request, words)
    if command in PLAIN_DEEDS:
        return _plain(desk, request, command, words)
    return _unknown("/", command, ("concern", "review", "tell", "iro", *PLAIN_DEEDS), "/concern help")


def _deed(request: Request, deed: str, subject: str = "", words: str = "") -> Request:
    return replace(request, deed=deed, subject=subject, words=words)


def _concern(desk: Desk, request: Request, words: str) -> Request | Answer:
    concern = _CONCERN.match(words)
    if concern is not None:
        return _about_concern(request, f"C-{concern.group(1)}", words[concern.end() :].strip())
    first, _, rest = words.partition(" ")
    rest = rest.strip()
    lower = first.lower()
    if not first or (lower == "service" and not rest):
        return _deed(request, "concern.new", lower)
    if lower in ("help", "list"):
        return help_for(desk, "concern") if lower == "help" else _list(request, rest)
    if desk.rules.child_reference.fullmatch(first.upper()) is not None:
        return _about_child(request, first.upper(), rest)
    if lower == "service" or (rest and not _nearest(first, _CONCERN_WORDS)):
        return narrative_refused()
    return _unknown("/concern ", first, _CONCERN_WORDS, "/concern help")


def _about_child(request: Request, reference: str, rest: str) -> Request | Answer:
    return narrative_refused(reference) if rest else _deed(request, "concern.new", reference)


def _list(request: Request, rest: str) -> Request | Answer:
    which = rest.lower() or "mine"
    if which not in _LISTS:
        return _unknown("/concern list ", rest, _LISTS, "/concern help")
    return _deed(request, "concern.list", which)


def _about_concern(request: Request, reference: str, rest: str) -> Request | Answer:
    if not rest:
        return _deed(request, "concern.open", reference)
    word, _, more = rest.partition(" ")
    deed = CONCERN_DEEDS.get(word.lower())
    more = more.strip()
    if deed is None:
        if more and not _nearest(word, tuple(CONCERN_DEEDS)):
            return narrative_refused(reference, known=True)
        return _unknown(f"/concern {reference} ", word, tuple(CONCERN_DEEDS), "/concern help")
    if deed == "concern.move" and (not more or re.fullmatch(r"\d{1,2}", more)):
        return _deed(request, deed, reference, more)
    if more:
        return narrative_refused(reference, known=True)
    return _deed(request, deed, reference)


def narrative_refused(reference: str = "", *, known: bool = False, about_review: bool = False) -> Notice:
    """What is about a child is written in forms only; the button opens the right one."""
    deed = "concern.open" if known else "concern.new"
    label = f"Open {reference}" if known else f"Log {A_CONCERN}"
    if about_review:
        deed, label = "review.open", f"Open {reference}"
    return Notice(
        text="Words about a child are taken only in forms, where they are kept safe. Nothing of what you typed was "
        "kept here; please delete it if it still stands in the chat.",
        buttons=(Button(label=label, deed=deed, subject=reference, weight="primary"),),
    )


def _review(desk: Desk, request: Request, words: str) -> Request | Answer:
    first, _, rest = words.partition(" ")
    lower = first.lower()
    if not first or (lower == "list" and not rest):
        return _deed(request, "review.list")
    if lower == "help":
        return help_for(desk, "review")
    if desk.rules.child_reference.fullmatch(first.upper()) is None:
        if " " in words and len(words) > 25:
            return narrative_refused()
        return _unknown("/review ", first, ("list", "help"), "/review help")
    return _about_review(request, first.upper(), rest.strip())


def _about_review(request: Request, reference: str, rest: str) -> Request | Answer:
    if not rest:
        return _deed(request, "review.open", reference)
    deed = REVIEW_DEEDS.get(" ".join(rest.lower().split()))
    if deed is not None:
        return _deed(request, deed, reference)
    if " " in rest:
        return narrative_refused(reference, about_review=True)
    return _unknown(f"/review {reference} ", rest, tuple(REVIEW_DEEDS), "/review help")


def _tell(desk: Desk, request: Request, words: str) -> Request | Answer:
    """`/tell`, or `/tell AB-1042`; what changed is written in the form alone."""
    first, _, rest = words.partition(" ")
    if first.lower() == "help":
        return help_for(desk, "tell")
    known = not first or desk.rules.child_reference.fullmatch(first.upper()) is not None
    if known and not rest.strip():
        return _deed(request, "review.tell", first.upper())
    tell = Button(label=f"Tell the {IRO}", deed="review.tell", subject=first.upper() if known else "", weight="primary")
    return replace(narrative_refused(), buttons=(tell,))


def _plain(desk: Desk, request: Request, command: str, words: str) -> Request | Answer:
    """`/praise` and `/caseload`: what is written goes into the form alone."""
    if words.lower() == "help":
        return help_for(desk, command)
    if words:
        opened = Button(label="Open", deed=PLAIN_DEEDS[command], weight="primary")
        return replace(narrative_refused(), buttons=(opened,))
    return _deed(request, PLAIN_DEEDS[command])


def _iro(desk: Desk, request: Request, words: str) -> Request | Answer:
    first, _, rest = words.partition(" ")
    lower = first.lower()
    if not first or lower == "help":
        return help_for(desk, "iro")
    deed = IRO_DEEDS.get(lower)
    if deed is None:
        return _unknown("/iro ", first, _IRO_WORDS, "/iro help")
    return _deed(request, deed, rest.strip(), rest.strip())


def _nearest(typed: str, known: tuple[str, ...]) -> str:
    """The known word most like what was typed; nothing where none is like it."""
    return next(iter(difflib.get_close_matches(typed.lower(), known, n=1, cutoff=0.6)), "")


def _unknown(before: str, typed: str, known: tuple[str, ...], help_line: str) -> Notice:
    """The nearest command. What was typed is not said back, since it may be a name."""
    near = _nearest(typed, known)
    nearest = f" Did you mean {before}{near}?" if near else ""
    return Notice(text=f"I do not know this command.{nearest} {help_line} shows what you can do.")
