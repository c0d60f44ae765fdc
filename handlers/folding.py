"""Words as anybody types them, so that they are found: without accents, apostrophes, dashes, capitals, odd spaces.

The one place for it: names of people and teams, and references of children, are compared by nothing else.
"""

import re
import unicodedata

from handlers.typed import DASHES

# Straight, curly, turned, and what keyboards and spreadsheets make of them; a name reads on without any.
_APOSTROPHES = re.compile("['`\u00b4\u2018-\u201b\u2032\u2035\u02b9-\u02bd\u02c8\uff07]")
_PLAIN_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "æ": "ae", "œ": "oe", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "\u0131": "i"}
)
_BETWEEN_WORDS = re.compile(r"[-._]")
_UNSEEN = ("Mn", "Cf")
"""Accents put on as signs of their own, and what nobody sees."""


def plain_name(name: str) -> str:
    """A name as anybody types it: "Zoë O'Brien-Smith" is "zoe obrien smith"."""
    letters = _without_marks(_APOSTROPHES.sub("", name).casefold().translate(_PLAIN_LETTERS))
    return " ".join(_BETWEEN_WORDS.sub(" ", letters.translate(DASHES)).split())


def joined(name: str) -> str:
    """The same without its spaces: "MacDonald" and "Mac Donald", "Smith Jones" and "SmithJones" are one."""
    return plain_name(name).replace(" ", "")


def plain_reference(reference: str) -> str:
    """A child's reference with the dash and the capitals that a keyboard has: "ab\u20111042" is "AB-1042"."""
    return " ".join(_without_marks(reference).translate(DASHES).upper().split())


def _without_marks(text: str) -> str:
    """Letters without accents, however they were put on, and without what nobody sees."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", text) if unicodedata.category(sign) not in _UNSEEN)
