"""What was meant by a word, a reference or a name that is nearly right. Every parser asks here.

Nothing is suggested that the person could not open, or find, anyway: the caller says what that is.
"""

import difflib
from collections.abc import Callable, Iterable, Sequence

from handlers.cards import Button
from handlers.folding import plain_name, plain_reference
from handlers.office import Scene
from scheduling.deadline_wording import say_list
from storage import children as children_in_care
from storage.children import Child
from storage.people import Person

MOST = 3
NEAR = 0.6
"""How alike two words have to be, from 0 to 1 (difflib)."""
NEAR_NAME = 0.85
SHORT_NAME = 4
_LOOKALIKES = str.maketrans("OIL", "011")


def word(typed: str, known: Sequence[str]) -> str:
    """The known word most like what was typed; nothing where none is like it."""
    return next(iter(difflib.get_close_matches(typed.casefold(), known, n=1, cutoff=NEAR)), "")


def is_slip_of(typed: str, known: Sequence[str]) -> bool:
    """Whether it is one of these words but for a sign left out, put in or swapped: too near to be a word of its own."""
    return any(_is_slip(typed.casefold(), one) for one in known)


def question(*nearest: str) -> str:
    """ "Did you mean AB-1042 or AB-1043?"."""
    return f"Did you mean {say_list(nearest).replace(' and ', ' or ')}?"


def again(label: str, line: str) -> Button:
    """A press that types this command. It holds words of the commands, and references, alone."""
    return Button(label=label, deed="command", subject=line)


def children(scene: Scene, typed: str, opens: Callable[[Child], bool]) -> list[Child]:
    """The children in care whose reference was nearly typed, of those whom the asker opens; likeliest first.

    A sign left out, put in or swapped is a slip; a wrong sign is one where a single child differs by no more, since
    an authority's references follow each other.
    """
    written = plain_reference(typed)
    known = [one for one in children_in_care.references(scene.session) if one != written]
    begun = [one for one in known if len(written) > 2 and one.startswith(written)]
    likely = [*(begun if len(begun) <= MOST else ()), *(one for one in known if _is_slip(written, one))]
    opened = _opened(scene, likely, opens)
    if opened:
        return opened
    wrong = _opened(scene, (one for one in known if _differ(written, one) == 1), opens)
    return wrong if len(wrong) == 1 else []


def _opened(scene: Scene, references: Iterable[str], opens: Callable[[Child], bool]) -> list[Child]:
    opened = []
    for reference in dict.fromkeys(references):
        child = children_in_care.by_reference(scene.session, reference)
        if child is not None and opens(child):
            opened.append(child)
        if len(opened) == MOST:
            break
    return opened


def _is_slip(typed: str, known: str) -> bool:
    """Whether one sign is missing, too many or changed with its neighbour, or only looks like another."""
    if len(typed) == len(known):
        return _is_swapped(typed, known) or typed.translate(_LOOKALIKES) == known.translate(_LOOKALIKES)
    short, long = sorted((typed, known), key=len)
    return len(long) - len(short) == 1 and any(long[:at] + long[at + 1 :] == short for at in range(len(long)))


def _is_swapped(typed: str, known: str) -> bool:
    at = next((place for place, sign in enumerate(typed) if sign != known[place]), len(typed))
    return typed[:at] + typed[at + 1 : at + 2] + typed[at : at + 1] + typed[at + 2 :] == known


def _differ(typed: str, known: str) -> int:
    if len(typed) != len(known):
        return len(known)
    return sum(one != other for one, other in zip(typed, known, strict=True))


def people(written: str, among: Iterable[Person]) -> list[Person]:
    """Those of these people whose name was nearly written, whole or one part of it; likeliest first."""
    typed = plain_name(written.removeprefix("@"))
    if len(typed) < 3:
        return []
    alike = [(_likeness(typed, plain_name(one.name)), one) for one in among]
    found = sorted((pair for pair in alike if pair[0] >= NEAR_NAME), key=lambda pair: (-pair[0], pair[1].name))
    return [one for _, one in found[:MOST]]


def _likeness(typed: str, name: str) -> float:
    parts = (name, *name.split(), name.replace(" ", "")) if " " not in typed else (name,)
    # Of a short name a wrong letter makes another name: Will, Hill.
    if any(_is_slip(typed, part) or (len(typed) > SHORT_NAME and _differ(typed, part) == 1) for part in parts):
        return 1.0
    return max(difflib.SequenceMatcher(None, typed, part).ratio() for part in parts)
