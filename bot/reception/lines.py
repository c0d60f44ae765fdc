"""What somebody types to the bot: a command, a greeting, thanks, "day", or free text, the same on every platform.

Free text goes no further than here. What is handed on says that something was written, and where, but no word of it.
"""

from collections.abc import Mapping
from typing import TypedDict

from bot.offering import is_key
from handlers.command_words import COMMANDS, FULL_STOPS, is_day, is_greeting, is_thanks
from handlers.commands import PLAIN
from handlers.typed import command

FEW_WORDS = 5


class Meant(TypedDict, total=False):
    """Of an act: its deed, a command with what follows it, and what the handlers should know besides."""

    deed: str
    command: str
    words: str
    subject: str
    context: Mapping[str, str]


def line(typed: str, *, under: str = "", channel: str = "") -> Meant:
    """What a line asks for where commands are typed, with or without their slash.

    `under`: the message under which it was written, in that channel.
    """
    words = command(typed)
    first, _, rest = words.partition(" ")
    name = first.removeprefix("/").lower()
    if _is_said_alone(words):
        return chat(words, under=under, channel=channel)
    if first != "/" and (name in COMMANDS or first.startswith("/")) and name != "help":
        return {"deed": "command", "command": name, "words": rest.strip()}
    where: dict[str, str] = {"channel": channel}
    if _is_few_keys(rest):  # perhaps a command with a slip in it
        return {"deed": "command", "command": name, "words": rest, "subject": under, "context": {**where, PLAIN: "yes"}}
    return chat(words, under=under, channel=channel)


def chat(typed: str, *, under: str = "", channel: str = "", brings_file: bool = False) -> Meant:
    """What a message asks for where commands are typed elsewhere, or that brings a file."""
    said = command(typed)
    if not brings_file and (is_greeting(said) or not said.strip(FULL_STOPS)):
        return {"deed": "command", "command": "iro", "words": "help"}
    if not brings_file and is_day(said):
        return {"deed": "command", "command": "iro", "words": "day"}
    deed = "chat.thanks" if is_thanks(said) and not brings_file else "chat.written"
    return {"deed": deed, "subject": under, "context": {"channel": channel, **({"file": "yes"} if brings_file else {})}}


def _is_said_alone(words: str) -> bool:
    """Whether it means something without a command before it."""
    return is_greeting(words) or is_thanks(words) or is_day(words) or not words.strip(FULL_STOPS)


def _is_few_keys(rest: str) -> bool:
    words = rest.split()
    return len(words) < FEW_WORDS and all(is_key(word) for word in words)
