"""The words that an authority may have its own for. Sentences name them as terms; `said` puts the authority's in.

A term is one private character, so that it can stand in any sentence, also in one written where no authority is known,
and nothing that somebody wrote can be taken for it: `FOREIGN` is taken out of what people type. Each noun is declared
here once, and has a form with article, plural and capital.
"""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache

from scheduling.procedures.types import Procedures

FOREIGN = "\ue000-\uf8ff"
"""The private characters, as they stand in a regular expression's brackets."""
_PRIVATE = re.compile(f"[{FOREIGN}]")
_SPELLED_WITH_AN = "AEFHILMNORSX"
"""The letters whose own names begin with a vowel: an SQA alert, a QA alert, a UXB."""

Forms = tuple[str, str, str, str, str, str]
_MADE: dict[str, Callable[[Mapping[str, str]], str]] = {}
_RAISED: dict[str, str] = {}


def _noun(key: str, one: str, many: str = "") -> Forms:
    """The six forms of the noun that [labels] has under this key, with ours for where it says nothing.

    They are: as it stands, with "a" or "an", the plural; and each as the first word of a sentence or of a label.
    """
    start = 0xE000 + len(_MADE)
    terms = tuple(chr(start + place) for place in range(6))

    def named(labels: Mapping[str, str]) -> str:
        return labels.get(key, one)

    def with_article(labels: Mapping[str, str]) -> str:
        return f"{labels.get(f'{key}_article') or article(named(labels))} {named(labels)}"

    def plural(labels: Mapping[str, str]) -> str:
        ours = many if named(labels) == one else ""
        return labels.get(f"{key}_plural") or ours or f"{named(labels)}s"

    made = (named, with_article, plural)
    _MADE.update(zip(terms, (*made, *(_first(one) for one in made)), strict=True))
    _RAISED.update(zip(terms[:3], terms[3:], strict=True))
    return terms  # type: ignore[return-value]  # a range of six makes six


def _first(form: Callable[[Mapping[str, str]], str]) -> Callable[[Mapping[str, str]], str]:
    return lambda labels: _capital(form(labels))


CONCERN, A_CONCERN, CONCERNS, CONCERN_FIRST, A_CONCERN_FIRST, CONCERNS_FIRST = _noun("concern", "concern")
IRO, AN_IRO, IROS, IRO_FIRST, AN_IRO_FIRST, IROS_FIRST = _noun("iro", "IRO")
(
    IRO_MANAGER,
    AN_IRO_MANAGER,
    IRO_MANAGERS,
    IRO_MANAGER_FIRST,
    AN_IRO_MANAGER_FIRST,
    IRO_MANAGERS_FIRST,
) = _noun("iro_manager", "IRO manager")
CHILD, A_CHILD, CHILDREN, CHILD_FIRST, A_CHILD_FIRST, CHILDREN_FIRST = _noun("child", "child", "children")
REVIEW, A_REVIEW, REVIEWS, REVIEW_FIRST, A_REVIEW_FIRST, REVIEWS_FIRST = _noun("review", "review")


def said(text: str, rules: Procedures | None = None) -> str:
    """The sentence in the authority's words; in ours where no authority is known."""
    if text.isascii() or not _PRIVATE.search(text):
        return text
    return text.translate(_words(tuple(sorted(rules.labels.items())) if rules is not None else ()))


def first(text: str) -> str:
    """With a capital to begin with."""
    return f"{_RAISED.get(text[:1]) or text[:1].upper()}{text[1:]}"


def article(label: str) -> str:
    """ "a" or "an": by the letter, or by its name where the first word is spelled out, as in "an SQA alert"."""
    word = re.match(r"\w*", label)
    spelled = word is not None and len(word.group()) > 1 and word.group().isupper()
    return "an" if label[:1] in (_SPELLED_WITH_AN if spelled else "aeiouAEIOU") and label else "a"


@lru_cache(maxsize=64)
def _words(labels: tuple[tuple[str, str], ...]) -> Mapping[int, str]:
    named = dict(labels)
    return {ord(term): form(named) for term, form in _MADE.items()}


def _capital(label: str) -> str:
    return f"{label[:1].upper()}{label[1:]}"
