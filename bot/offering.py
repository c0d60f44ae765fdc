"""What every platform does alike with an answer it cannot show where it came from."""

import re
from calendar import month_abbr, month_name

from handlers.cards import WRONG, Button, Errors, Form, Notice
from handlers.command_words import WORDS

COMMAND_LENGTH = 150
MONTHS = {name.lower() for name in (*month_name, *month_abbr) if name}
PERIODS = re.compile(rf"the|this|last|by|from|to|until|till|(quarter|year|month|team|iro)s?|{'|'.join(MONTHS)}")
"""What `/iro figures` and `/iro away` are asked for with, beside numbers."""
DATED = ("figures", "away")
SPACED = re.compile(r"\bc(?:\s+[-\u2010-\u2015]?\s*|[-\u2010-\u2015]\s+)(?=\d)", re.IGNORECASE)
"""What begins a concern's reference where it is written with spaces: "C 12"."""
REFERENCE = re.compile(r"[a-z]{0,6}[-\u2010-\u2015/.]?\d[\w/.-]{0,20}", re.IGNORECASE)


def offer(form: Form, again: Button) -> Notice:
    """A form that cannot be opened from here: a press opens it. What was not understood is said at once."""
    wrong = [one.text for one in form.fields if one.key == WRONG and one.text]
    return Notice(text="\n".join((*wrong, f"“{form.title}” is ready.")), buttons=(again,))


def typed_again(command: str, words: str) -> Button:
    """The same command once more, as a press. A button carries keys only: words that are none are left out."""
    line = f"{command} {keys_of(words)}".strip()
    return Button(
        label="Open", deed="command", subject=line if len(line) <= COMMAND_LENGTH else command, weight="primary"
    )


def keys_of(words: str) -> str:
    """The words after a command if all are references, numbers or its own words, else its own words before them.

    The days of an absence stay, whatever is said after them: they are nobody's but one's own.
    """
    said = SPACED.sub("C-", words.strip()).split()
    first = said[0].lower() if said else ""
    keys = [is_key(word) or (first in DATED and bool(PERIODS.fullmatch(word.lower()))) for word in said]
    if all(keys):
        return " ".join(said)
    kept = keys if first == "away" else [word.lower() in WORDS for word in said]
    return " ".join(said[: kept.index(False)])


def is_key(word: str) -> bool:
    """Whether a word after a command is one of its own, a number or a reference, and so nothing about anybody."""
    return word.lower() in WORDS or REFERENCE.fullmatch(word) is not None


def typed_command(line: str) -> dict[str, str]:
    """A command kept in a button's subject ("concern C-12 reply"), as if it had been typed."""
    name, _, rest = line.partition(" ")
    return {"command": name, "words": rest, "subject": ""}


def in_words(errors: Errors) -> Notice:
    """Errors where there is no form to show them beside."""
    return Notice(text="\n".join(dict.fromkeys(errors.by_field.values())))
