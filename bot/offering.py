"""What every platform does alike with an answer it cannot show where it came from."""

import re
from calendar import month_abbr, month_name

from handlers.cards import Button, Errors, Form, Notice
from handlers.commands import CONCERN_DEEDS, IRO_DEEDS, REVIEW_DEEDS

COMMAND_LENGTH = 150
WORDS = {"service", *CONCERN_DEEDS, *IRO_DEEDS, *" ".join(REVIEW_DEEDS).split()}
MONTHS = {name.lower() for name in (*month_name, *month_abbr) if name}
PERIODS = re.compile(rf"the|this|last|by|from|to|until|till|(quarter|year|month|team|iro)s?|{'|'.join(MONTHS)}")
"""What `/iro figures` is asked for with, beside numbers."""
SPACED = re.compile(r"\bc(?:\s+[-\u2010-\u2015]?\s*|[-\u2010-\u2015]\s+)(?=\d)", re.IGNORECASE)
"""What begins a concern's reference where it is written with spaces: "C 12"."""
REFERENCE = re.compile(r"[a-z]{0,6}[-\u2010-\u2015/.]?\d[\w/.-]{0,20}", re.IGNORECASE)


def offer(form: Form, again: Button) -> Notice:
    """A form that cannot be opened from here: a press opens it."""
    return Notice(text=f"“{form.title}” is ready.", buttons=(again,))


def typed_again(command: str, words: str) -> Button:
    """The same command once more, as a press. A button carries keys only: words that are none are left out."""
    line = f"{command} {keys_of(words)}".strip()
    return Button(
        label="Open", deed="command", subject=line if len(line) <= COMMAND_LENGTH else command, weight="primary"
    )


def keys_of(words: str) -> str:
    """The words after a command if all are references, numbers or its own words, else its own words before them."""
    said = SPACED.sub("C-", words.strip()).split()
    figures = bool(said) and said[0].lower() == "figures"
    if all(_is_key(word.lower()) or (figures and PERIODS.fullmatch(word.lower())) for word in said):
        return " ".join(said)
    strange = next(number for number, word in enumerate(said) if word.lower() not in WORDS)
    return " ".join(said[:strange])


def _is_key(word: str) -> bool:
    return word in WORDS or REFERENCE.fullmatch(word) is not None


def typed_command(line: str) -> dict[str, str]:
    """A command kept in a button's subject ("concern C-12 reply"), as if it had been typed."""
    name, _, rest = line.partition(" ")
    return {"command": name, "words": rest, "subject": ""}


def in_words(errors: Errors) -> Notice:
    """Errors where there is no form to show them beside."""
    return Notice(text="\n".join(dict.fromkeys(errors.by_field.values())))
