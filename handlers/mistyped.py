"""What is said to a command that was mistyped: the nearest one at a press, of what the person may know of alone."""

from collections.abc import Sequence

from handlers import did_you_mean
from handlers.cards import Button, Notice
from handlers.command_words import WORDS
from handlers.concerns.case import open_case
from handlers.concerns.who_may_log import may_log_about
from handlers.office import Desk
from handlers.people.entitlement import may_allocate
from handlers.references import child_reference, concern_reference
from handlers.refusals import NotFound
from handlers.requests import Request
from handlers.rights import May, child_standing, may
from scheduling.procedures.terms import A_CONCERN
from storage import children
from storage.children import Child


def after_its_reference(
    desk: Desk, command: str, word: str, rest: str, found: tuple[str, str] | None, example: str
) -> Notice:
    """For a word that stands where the reference belongs: the two the other way round, or how it is written."""
    if found is not None and not found[1] and knows(desk, found[0]):
        return asked(f"{command} {found[0]} {word}", command)
    if rest and found is None and len(rest.split()) > 1:
        return narrative_refused(about_review=command == "review")
    return Notice(text=f"Say which: /{command} {example} {word}. /{command} help shows what you can do.")


def narrative_refused(reference: str = "", *, known: bool = False, about_review: bool = False) -> Notice:
    """What is about a child is written in forms only; the button opens the right one."""
    deed = "concern.open" if known else "concern.new"
    label = f"Open {reference}" if known else f"Log {A_CONCERN}"
    if about_review and reference:
        deed, label = "review.open", f"Open {reference}"
    return Notice(
        text="Words about a child are taken only in forms, where they are kept safe. Nothing of what you typed was "
        "kept here; please delete it if it still stands in the chat.",
        buttons=(Button(label=label, deed=deed, subject=reference, weight="primary"),),
    )


def unknown(desk: Desk, before: str, typed: str, rest: str, known: Sequence[str]) -> Notice:
    """The nearest command, at a press. What was typed is not said back, since it may be a name."""
    near = did_you_mean.word(typed, known)
    command = (before or near or "concern").split(" ")[0]
    if not near:
        return Notice(text=f"I do not know this command. /{command} help shows what you can do.")
    line = " ".join(filter(None, (before, near, *_said_again(desk, rest))))
    return asked(line, command, said="I do not know this command. ")


def asked(line: str, command: str, said: str = "") -> Notice:
    """Whether that line is meant, at a press."""
    question = did_you_mean.question(f"/{line}")
    return Notice(
        text=f"{said}{question} /{command} help shows what you can do.",
        buttons=(did_you_mean.again(f"/{line}", line),),
    )


def _said_again(desk: Desk, rest: str) -> list[str]:
    """What followed, where it is but words of the commands and what the person may know of."""
    found = concern_reference(rest) or child_reference(desk, rest)
    if found is not None:
        words = [found[0], *found[1].lower().split()] if knows(desk, found[0]) else []
    else:
        words = rest.lower().split()
    return words if all(one in WORDS or one.isdigit() or has_digit(one) for one in words) else []


def asked_which(meant: Sequence[Child], command: str, *more: Button, said: str = "") -> Notice:
    """Which of these children is meant; each at a press, as the command would have it."""
    buttons = [did_you_mean.again(one.reference, f"{command} {one.reference}") for one in meant]
    return Notice(text=f"{did_you_mean.question(*(one.reference for one in meant))}{said}", buttons=(*buttons, *more))


def not_found(desk: Desk, request: Request, refusal: NotFound) -> NotFound:
    """The refusal of a child who is not there, with those that may have been meant.

    It is the same for a child that is hidden from the person, so it tells nothing of that one.
    """
    if desk.rules.child_reference.fullmatch(request.subject) is None or request.deed.startswith("concern."):
        return refusal
    opens = _allocates if request.deed == "iro.allocate" else follows
    meant = did_you_mean.children(desk, request.subject, lambda one: opens(desk, one))
    if not meant:
        return refusal
    buttons = (Button(label=one.reference, deed=request.deed, subject=one.reference) for one in meant)
    return NotFound(f"{refusal.sentence} {did_you_mean.question(*(one.reference for one in meant))}", *buttons)


def knows(desk: Desk, reference: str) -> bool:
    """Whether the person may know of that concern or child."""
    if concern_reference(reference) is None:
        child = children.by_reference(desk.session, reference)
        return child is not None and (follows(desk, child) or may_log_about(desk, child))
    try:
        open_case(desk, reference, May.SEE_IT_EXISTS)
    except NotFound:
        return False
    return True


def follows(desk: Desk, child: Child) -> bool:
    """Whether the person may see the child's reviews."""
    return may(child_standing(desk, child), May.SEE_REVIEWS)


def _allocates(desk: Desk, child: Child) -> bool:
    return bool(may_allocate(desk, child))


def has_digit(word: str) -> bool:
    """Whether it may be a reference."""
    return any(sign.isdigit() for sign in word)
