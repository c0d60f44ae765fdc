"""What people read in their authority's own words: where concerns or IROs are called otherwise, sentences say so.

Only what the product itself says: nothing that somebody wrote is ever changed, nor a typed command, nor a name.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import TypeVar

from handlers.cards import Answer, Button, Card, Errors, Field, Form, Line, Notice
from scheduling.procedures import Procedures

Own = Callable[[str], str]
Shown = TypeVar("Shown", bound=Answer)

_BEFORE, _AFTER = r"(?<![/`\w-])(?:([Aa]n?) )?", r"\b(?![_/-])"
_BEGINS = re.compile(r"(?:^|[.:!?\n\u201c])\s*$")
"""What stands before the first word of a sentence: elsewhere a word with a capital is somebody's name."""


def own_words(rules: Procedures) -> Own | None:
    """How to say a sentence in the authority's words; None where it uses ours."""
    labels = rules.labels
    one, many = labels.get("concern", "concern"), labels.get("concern_plural", "concerns")
    return _saying(one, many, labels.get("iro", "IRO"))


@lru_cache(maxsize=64)
def _saying(one: str, many: str, iro: str) -> Own | None:
    if (one, many, iro) == ("concern", "concerns", "IRO"):
        return None

    said = {"concern": one, "concerns": many, "IRO": iro, "IROs": f"{iro}s"}
    theirs = [
        rf"(?<!\w){re.escape(label)}(?!\w)" for label in sorted({*said.values()} - {*said}, key=len, reverse=True)
    ]
    ours = re.compile("|".join([*theirs, rf"{_BEFORE}([Cc]oncerns?|IROs?){_AFTER}"]))

    def own(text: str) -> str:
        def retold(found: re.Match[str]) -> str:
            article, word = found.groups()
            if word is None:
                return found.group()  # theirs already
            capital = word[0] == "C" and article is None
            if capital and _BEGINS.search(text, 0, found.start()) is None:
                return found.group()
            return _with_article(article, _like(word, said[word if word in said else word.casefold()]))

        return ours.sub(retold, text)

    return own


def _like(found: str, label: str) -> str:
    """The label, with a capital where the word found had one that the label has not."""
    return label[:1].upper() + label[1:] if found[:1].isupper() else label


def _with_article(article: str | None, label: str) -> str:
    """The label after "a" or "an", whichever it needs; without one where none stood."""
    if article is None:
        return label
    return f"{_like(article, 'an' if label[:1].casefold() in 'aeiou' else 'a')} {label}"


def in_own_words(shown: Shown, rules: Procedures) -> Shown:
    """A message or an answer as this authority says it."""
    own = own_words(rules)
    return shown if own is None else _retold(shown, own)


def _retold(shown: Shown, own: Own) -> Shown:
    match shown:
        case Card():
            lines = tuple(Line(text=own(line.text), buttons=_buttons(line.buttons, own)) for line in shown.lines)
            return replace(shown, title=own(shown.title), lines=lines, buttons=_buttons(shown.buttons, own))
        case Notice():
            return replace(shown, text=own(shown.text), buttons=_buttons(shown.buttons, own))
        case Form():
            fields = tuple(_field(one, own) for one in shown.fields)
            title, submit, cancel = own(shown.title), own(shown.submit), own(shown.cancel)
            return replace(shown, fields=fields, title=title, submit=submit, cancel=cancel)
        case Errors():
            return replace(shown, by_field={key: own(sentence) for key, sentence in shown.by_field.items()})
    return shown


def _field(one: Field, own: Own) -> Field:
    """A field's own words: what is in it, and statements, may be somebody's."""
    return replace(one, label=own(one.label), hint=own(one.hint), buttons=_buttons(one.buttons, own))


def _buttons(buttons: tuple[Button, ...], own: Own) -> tuple[Button, ...]:
    return tuple(replace(one, label=own(one.label)) for one in buttons)
