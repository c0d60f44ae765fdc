"""Typed commands: what the words after a slash command mean, and the nearest one where they mean nothing."""

import re
from collections.abc import Callable
from dataclasses import replace

from handlers import did_you_mean
from handlers.cards import Answer, Button, Card, Line, Notice
from handlers.command_words import (
    COMMANDS,
    CONCERN_DEEDS,
    CONCERN_WORDS,
    IRO_DEEDS,
    IRO_WORDS,
    LISTS,
    PLAIN_DEEDS,
    REVIEW_DEEDS,
    REVIEW_WORDS,
    is_greeting,
    is_thanks,
)
from handlers.concerns.case import open_case
from handlers.concerns.who_may_log import may_log_about, may_log_something
from handlers.help import help_for
from handlers.mistyped import (
    after_its_reference,
    asked,
    asked_which,
    follows,
    has_digit,
    knows,
    narrative_refused,
    unknown,
)
from handlers.office import Desk
from handlers.references import child_reference, concern_reference
from handlers.requests import Request
from handlers.reviews.listing import show_list
from handlers.rights import May
from scheduling.procedures.terms import IRO

PLAIN = "plain"
"""Of a request's context: typed without the slash, so that it may be no command at all."""
_STAGE = re.compile(r"(?:\d{1,2})(?:st|nd|rd|th)?", re.IGNORECASE)
_NUMBERS = {"one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6"}


def meaning(desk: Desk, request: Request) -> Request | Answer:
    """The deed a typed command asks for, or the answer where it asks for none."""
    command = request.command.strip().lstrip("/").lower()
    words = request.words.strip()
    reads = _READERS.get(command)
    if is_thanks(words or command):
        return _deed(request, "chat.thanks")
    if is_greeting(words or command):
        return help_for(desk, command)
    if reads is not None:
        return reads(desk, request, words)
    if PLAIN not in request.context:
        return unknown(desk, "", command, words, COMMANDS)
    return _perhaps(desk, command, words) or _deed(request, "chat.written", request.subject)


def _perhaps(desk: Desk, first: str, rest: str) -> Answer | None:
    """The command that may have been meant where no command was named: "C-12 reply", or one with a slip in it."""
    line = f"{first} {rest}".strip()
    concern = concern_reference(line)
    if concern is not None and knows(desk, concern[0]):
        return asked(f"concern {' '.join(filter(None, concern))}", "concern")
    child = child_reference(desk, line)
    if child is not None and knows(desk, child[0]):
        command = "review" if child[1].split(" ")[0] in REVIEW_WORDS else "concern"
        return asked(f"{command if may_log_something(desk) else 'review'} {' '.join(filter(None, child))}", command)
    return unknown(desk, "", first, rest, COMMANDS) if did_you_mean.is_slip_of(first, COMMANDS) else None


def _deed(request: Request, deed: str, subject: str = "", words: str = "") -> Request:
    return replace(request, deed=deed, subject=subject, words=words)


def _concern(desk: Desk, request: Request, words: str) -> Request | Answer:
    concern, child = concern_reference(words), child_reference(desk, words)
    if concern is not None:
        return _about_concern(desk, request, *concern)
    if child is not None:
        return _about_child(request, *child)
    first, _, rest = words.partition(" ")
    rest, lower = rest.strip(), first.lower()
    if not first or (lower == "service" and not rest):
        return _deed(request, "concern.new", lower)
    if lower in ("help", "list"):
        return help_for(desk, "concern") if lower == "help" else _list(desk, request, rest)
    numbered = concern_reference(words, bare=True)
    if numbered is not None and (not numbered[1] or did_you_mean.word(numbered[1].split()[0], [*CONCERN_DEEDS])):
        return _about_concern(desk, request, *numbered)
    return _no_such_word(desk, first, rest)


def _no_such_word(desk: Desk, first: str, rest: str) -> Answer:
    """After `/concern`: a slip in a reference, words about a child, or a word that is nearly one of its own."""
    meant = did_you_mean.children(desk, first, lambda one: may_log_about(desk, one)) if has_digit(first) else []
    if meant and not rest:
        return asked_which(meant, "concern")
    near = did_you_mean.word(first, CONCERN_WORDS)
    if first.lower() == "service" or (rest and not near):
        return narrative_refused()
    if near in CONCERN_DEEDS:
        return after_its_reference(desk, "concern", near, rest, concern_reference(rest, bare=True), "C-12")
    return unknown(desk, "concern", first, rest, CONCERN_WORDS)


def _about_child(request: Request, reference: str, rest: str) -> Request | Answer:
    return narrative_refused(reference) if rest else _deed(request, "concern.new", reference)


def _list(desk: Desk, request: Request, rest: str) -> Request | Answer:
    which = rest.lower() or "mine"
    if which not in LISTS:
        return unknown(desk, "concern list", rest, "", LISTS)
    return _deed(request, "concern.list", which)


def _about_concern(desk: Desk, request: Request, reference: str, rest: str) -> Request | Answer:
    if not rest:
        return _deed(request, "concern.open", reference)
    typed = " ".join(rest.lower().split())
    word, _, more = (rest, "", "") if typed in CONCERN_DEEDS else rest.partition(" ")
    deed, more = CONCERN_DEEDS.get(typed) or CONCERN_DEEDS.get(word.lower()), more.strip()
    if deed is None:
        if more and not did_you_mean.word(word, [*CONCERN_DEEDS]):
            return narrative_refused(reference, known=True)
        open_case(desk, reference, May.SEE_IT_EXISTS)  # of what they may not know, nothing is suggested
        return unknown(desk, f"concern {reference}", word, more, [*CONCERN_DEEDS])
    stage = _stage(more) if deed == "concern.move" else None
    if stage is not None:
        return _deed(request, deed, reference, stage)
    if more:
        return narrative_refused(reference, known=True)
    return _deed(request, deed, reference)


def _stage(words: str) -> str | None:
    """A stage's number however it is written; nothing where none is named, None where it is no number."""
    if not words:
        return ""
    number = _NUMBERS.get(words.lower(), words)
    return number.rstrip("stndrhSTNDRH") if _STAGE.fullmatch(number) else None


def _review(desk: Desk, request: Request, words: str) -> Request | Answer:
    first, _, rest = words.partition(" ")
    lower = first.lower()
    if not first or (lower == "list" and not rest):
        return _deed(request, "review.list")
    if lower == "help":
        return help_for(desk, "review")
    child = child_reference(desk, words)
    if child is not None:
        return _about_review(desk, request, *child)
    return _no_such_child(desk, request, first, rest.strip())


def _no_such_child(desk: Desk, request: Request, first: str, rest: str) -> Answer:
    """After `/review`: a word that belongs after a child's reference, a slip in one, or words about a child."""
    near = did_you_mean.word(f"{first} {rest}", REVIEW_WORDS) or did_you_mean.word(first, REVIEW_WORDS)
    if rest and len(f"{first} {rest}") > 25:
        return narrative_refused()
    turned = child_reference(desk, rest)
    if near in REVIEW_DEEDS and turned is not None:
        return after_its_reference(desk, "review", near, rest, turned, "AB-1042")
    if near in REVIEW_DEEDS:
        return _with_the_list(desk, request, f"Did you mean {near}? Say of which child: /review AB-1042 {near}.")
    meant = did_you_mean.children(desk, first, lambda one: follows(desk, one)) if has_digit(first) else []
    return asked_which(meant, "review") if meant and not rest else unknown(desk, "review", first, rest, REVIEW_WORDS)


def _with_the_list(desk: Desk, request: Request, said: str) -> Answer:
    """A sentence over the list of reviews, from which the child can be opened."""
    found = show_list(desk, _deed(request, "review.list"))
    if isinstance(found, Card):
        return replace(found, lines=(Line(text=said), *found.lines))
    return replace(found, text=f"{said} {found.text}") if isinstance(found, Notice) else found


def _about_review(desk: Desk, request: Request, reference: str, rest: str) -> Request | Answer:
    if not rest:
        return _deed(request, "review.open", reference)
    typed = " ".join(rest.lower().split())
    deed = REVIEW_DEEDS.get(typed)
    if deed is not None:
        return _deed(request, deed, reference)
    if " " in rest and not did_you_mean.word(typed, [*REVIEW_DEEDS]):
        return narrative_refused(reference, about_review=True)
    if not knows(desk, reference):
        return _deed(request, "review.open", reference)  # which refuses it as what is not there
    return unknown(desk, f"review {reference}", typed, "", [*REVIEW_DEEDS])


def _tell(desk: Desk, request: Request, words: str) -> Request | Answer:
    """`/tell`, or `/tell AB-1042`; what changed is written in the form alone."""
    child = child_reference(desk, words)
    if not words or (child is not None and not child[1]):
        return _deed(request, "review.tell", child[0] if child is not None else "")
    if " " not in words and has_digit(words):
        meant = did_you_mean.children(desk, words, lambda one: follows(desk, one))
        if meant:
            return asked_which(meant, "tell")
    subject = child[0] if child is not None else ""
    tell = Button(label=f"Tell the {IRO}", deed="review.tell", subject=subject, weight="primary")
    return replace(narrative_refused(), buttons=(tell,))


def _plain(desk: Desk, request: Request, words: str) -> Request | Answer:
    """`/praise`, whose words go into the form alone, and `/caseload`, alone or with somebody's name."""
    command = request.command.strip().lstrip("/").lower()
    if words and command == "caseload":
        return _deed(request, "caseload.page", words=words)
    if words:
        opened = Button(label="Open", deed=PLAIN_DEEDS[command], weight="primary")
        return replace(narrative_refused(), buttons=(opened,))
    return _deed(request, PLAIN_DEEDS[command])


def _iro(desk: Desk, request: Request, words: str) -> Request | Answer:
    first, _, rest = words.partition(" ")
    lower, rest = first.lower(), rest.strip()
    if not first or lower == "help":
        return help_for(desk, "iro")
    deed = IRO_DEEDS.get(lower)
    if deed is None:
        return unknown(desk, "iro", first, rest, IRO_WORDS)
    concern = concern_reference(rest, bare=True) if deed == "iro.people" else None
    child = child_reference(desk, rest) if deed in ("iro.allocate", "iro.child") else None
    found = concern or child
    exact = found[0] if found is not None and not found[1] else rest
    return _deed(request, deed, exact, exact)


_READERS: dict[str, Callable[[Desk, Request, str], Request | Answer]] = {
    "concern": _concern,
    "review": _review,
    "tell": _tell,
    "iro": _iro,
    **dict.fromkeys(PLAIN_DEEDS, _plain),
}
