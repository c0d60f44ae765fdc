"""What somebody types to the bot: a command, a greeting, thanks, or free text, the same on every platform.

Free text goes no further than here. What is handed on says that something was written, and where, but no word of it.
"""

from collections.abc import Mapping
from typing import TypedDict

from bot.letters import visible
from bot.offering import is_key
from handlers.command_words import COMMANDS
from handlers.commands import PLAIN

GREETINGS = {"", "help", "hello", "hi", "hey", "good morning", "good afternoon"}
THANKS = {
    "thanks", "thank you", "many thanks", "thanks a lot", "thank you very much", "thanks very much", "ok thanks",
    "thx", "ta", "cheers",
}  # fmt: skip
FEW_WORDS = 5
FULL_STOPS = " .!?,"


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
    words = " ".join(visible(typed).split())
    first, _, rest = words.partition(" ")
    name = first.removeprefix("/").lower()
    if first != "/" and (name in COMMANDS or first.startswith("/")) and name != "help":
        return {"deed": "command", "command": name, "words": rest.strip()}
    where: dict[str, str] = {"channel": channel}
    if _is_few_keys(rest) and not _is_polite(words):  # perhaps a command with a slip in it
        return {"deed": "command", "command": name, "words": rest, "subject": under, "context": {**where, PLAIN: "yes"}}
    return chat(words, under=under, channel=channel)


def chat(typed: str, *, under: str = "", channel: str = "", brings_file: bool = False) -> Meant:
    """What a message asks for where commands are typed elsewhere, or that brings a file."""
    said = _plain(typed)
    if said.removeprefix("/") in GREETINGS and not brings_file:
        return {"deed": "command", "command": "iro", "words": "help"}
    deed = "chat.thanks" if said in THANKS and not brings_file else "chat.written"
    return {"deed": deed, "subject": under, "context": {"channel": channel, **({"file": "yes"} if brings_file else {})}}


def _plain(words: str) -> str:
    return " ".join(visible(words).casefold().split()).strip(FULL_STOPS)


def _is_polite(words: str) -> bool:
    return _plain(words).removeprefix("/") in GREETINGS | THANKS


def _is_few_keys(rest: str) -> bool:
    words = rest.split()
    return len(words) < FEW_WORDS and all(is_key(word) for word in words)
