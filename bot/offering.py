"""What every platform does alike with an answer it cannot show where it came from."""

from handlers.cards import Button, Errors, Form, Notice

COMMAND_LENGTH = 150


def offer(form: Form, again: Button) -> Notice:
    """A form that cannot be opened from here: a press opens it."""
    return Notice(text=f"“{form.title}” is ready.", buttons=(again,))


def typed_again(command: str, words: str) -> Button:
    """The same command once more, as a press."""
    line = f"{command} {words}".strip()
    return Button(
        label="Open", deed="command", subject=line if len(line) <= COMMAND_LENGTH else command, weight="primary"
    )


def typed_command(line: str) -> dict[str, str]:
    """A command kept in a button's subject ("concern C-12 reply"), as if it had been typed."""
    name, _, rest = line.partition(" ")
    return {"command": name, "words": rest, "subject": ""}


def in_words(errors: Errors) -> Notice:
    """Errors where there is no form to show them beside."""
    return Notice(text="\n".join(dict.fromkeys(errors.by_field.values())))
