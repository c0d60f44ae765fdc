"""What is typed to the bot: a greeting is help and thanks are thanks in any case and punctuation, never a guess."""

from collections.abc import Callable

import pytest

from bot.reception import lines

GREETED = [
    "hi",
    "Hi!",
    "HELLO",
    "hello.",
    "Hello there!",
    "good morning,",
    "hey 👋",
    "help?",
    "/hello",
    "/help",
    "?",
    "",
]
THANKED = ["thanks", "Thanks.", "THANK YOU", "thank you!!", "Ok, thanks", "thanks 🙏", "cheers :)", "/thanks"]


@pytest.mark.parametrize("read", [lines.line, lines.chat])
def test_greetings_and_thanks_are_read_alike_on_every_platform(read: Callable[[str], lines.Meant]) -> None:
    for said in GREETED:
        assert read(said) == {"deed": "command", "command": "iro", "words": "help"}, said
    for said in THANKED:
        assert read(said)["deed"] == "chat.thanks", said
    for said in ("day", "Day", "/day", "my day", "Your day?"):
        assert read(said) == {"deed": "command", "command": "iro", "words": "day"}, said
    for said in ("a bad day", "hi, he ran away", "thanks for nothing, Ann", "👍", "no", "hell"):
        assert read(said)["deed"] == "chat.written" or read(said)["command"] == said, said


def test_a_picture_with_a_greeting_is_told_what_is_taken() -> None:
    assert lines.chat("hi", brings_file=True)["deed"] == "chat.written"
