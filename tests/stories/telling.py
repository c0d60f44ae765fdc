"""What stories are told with: who heard what since, which buttons stand before whom, and a concern logged in a line."""

from collections.abc import Mapping
from datetime import date

from tests.cast import CHILD, IRO, STAFF
from tests.slack_standin import PostedMessage, Seen, plain_text_of
from tests.slack_standin.controls import controls
from tests.world import World

Heard = dict[str, list[str]]
Filled = str | date | int | list[str] | None

WORRY = "The plan was never written up."


class News:
    """Everything anybody got since one last looked, by its first line; whoever is not named got nothing."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._read: dict[str, int] = {}
        self.since()

    def since(self) -> Heard:
        """All of it, the mornings too."""
        heard: Heard = {}
        for login, *_ in STAFF:
            everything = self.world.inbox(login)
            fresh = everything[self._read.get(login, 0) :]
            self._read[login] = len(everything)
            if fresh:
                heard[login] = [first_line(message) for message in fresh]
        return heard

    def events(self) -> Heard:
        """What came singly: all but "Your day"."""
        kept = {who: [one for one in titles if not one.startswith("Your day")] for who, titles in self.since().items()}
        return {who: titles for who, titles in kept.items() if titles}

    def mornings(self) -> Heard:
        """The mornings alone."""
        kept = {who: [one for one in titles if one.startswith("Your day")] for who, titles in self.since().items()}
        return {who: titles for who, titles in kept.items() if titles}


def first_line(message: PostedMessage) -> str:
    """A message's title as it was posted, whatever became of it since."""
    return str(message.versions[0]["text"])


def labels(message: PostedMessage) -> list[str]:
    """The words of a message's buttons, in order."""
    return [one.words for one in controls(message.blocks)]


def words_of(world: World, who: str) -> str:
    """The last message a person got, as they read it."""
    return plain_text_of(world.last(who))


def log(world: World, values: Mapping[str, Filled] | None = None, *, who: str = IRO, child: str = CHILD) -> Seen:
    """Log a concern about a child, filled in by its labels."""
    form = world.command(who, f"/concern {child}")
    reason = world.people[who].choices(form, "Main reason")[0]
    typed: dict[str, Filled] = {"What are we worried about?": WORRY, "Main reason": reason, **(values or {})}
    return world.submit(who, form, typed)


def fill(world: World, who: str, label: str, values: Mapping[str, Filled]) -> Seen:
    """Press a button of the last message and send the form it opens."""
    return world.submit(who, world.press(who, label), values)


def type_and_fill(world: World, who: str, line: str, values: Mapping[str, Filled] | None = None) -> Seen:
    """Type a command and send the form it opens."""
    return world.submit(who, world.command(who, line), values or {})


def press_in(world: World, who: str, shown: Seen, label: str, values: Mapping[str, Filled] | None = None) -> Seen:
    """Press a button inside a form; whatever it owes is sent."""
    seen = world.people[who].press_in_view(shown, label, dict(values or {}))
    world.beat()
    return seen


def reply(world: World, who: str, answer: str = "Agreed and done", words: str = "It is done.", **more: Filled) -> Seen:
    """Answer with the button of the last message."""
    return fill(world, who, "Reply", {"Answer": answer, "What will happen": words, **more})
