"""What stories are told with: who heard what since, which buttons stand before whom, and a concern logged in a line."""

from collections.abc import Mapping

from tests.cast import CHILD, IRO, STAFF
from tests.screens import Filled, Message, Seen, first_line, labels, plain_text_of
from tests.world import AnyWorld

Heard = dict[str, list[str]]

WORRY = "The plan was never written up."


class News:
    """Everything anybody got since one last looked, by its first line; whoever is not named got nothing."""

    def __init__(self, world: AnyWorld) -> None:
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


def words_of(world: AnyWorld, who: str) -> str:
    """The last message a person got, as they read it."""
    return plain_text_of(world.last(who))


def last_event(world: AnyWorld, who: str) -> Message:
    """The last message a person got that is not "Your day"."""
    return next(one for one in reversed(world.inbox(who)) if not first_line(one).startswith("Your day"))


def log(world: AnyWorld, values: Mapping[str, Filled] | None = None, *, who: str = IRO, child: str = CHILD) -> Seen:
    """Log a concern about a child, filled in by its labels; what is asked once before is left unanswered."""
    form = world.command(who, f"/concern {child}")
    reason = world.people[who].choices(form, "Main reason")[0]
    typed: dict[str, Filled] = {"What are we worried about?": WORRY, "Main reason": reason, **(values or {})}
    seen = world.submit(who, form, typed)
    return world.submit(who, seen, {}) if "press log again" in seen.text.casefold() else seen


def fill(world: AnyWorld, who: str, label: str, values: Mapping[str, Filled]) -> Seen:
    """Press a button of the last message that has it, and send the form it opens."""
    message = next((one for one in reversed(world.inbox(who)) if label in labels(one)), None)
    return world.submit(who, world.press(who, label, message), values)


def closing(changed: str = "Much.", outcome: str = "Resolved") -> dict[str, str]:
    """What "Close" asks for: none of it is ready-chosen."""
    return {"Outcome": outcome, "What changed for the child": changed, "The child has been told": "Yes"}


def type_and_fill(world: AnyWorld, who: str, line: str, values: Mapping[str, Filled] | None = None) -> Seen:
    """Type a command and send the form it opens."""
    return world.submit(who, world.command(who, line), values or {})


def press_in(world: AnyWorld, who: str, shown: Seen, label: str, values: Mapping[str, Filled] | None = None) -> Seen:
    """Press a button inside a form; whatever it owes is sent."""
    seen = world.people[who].press_in_view(shown, label, dict(values or {}))
    world.beat()
    return seen


def reply(
    world: AnyWorld, who: str, answer: str = "Agreed and done", words: str = "It is done.", **more: Filled
) -> Seen:
    """Answer with the button of the last message."""
    return fill(world, who, "Reply", {"Answer": answer, "What will happen": words, **more})
