"""What people on a stage see: its buttons, what a form holds, and how it is told."""

from collections.abc import Iterator, Mapping

from handlers.cards import Answer, Button, Card, Errors, Form, Notice
from handlers.requests import Value


def buttons_of(shown: Answer) -> Iterator[Button]:
    """All its buttons, in order."""
    if isinstance(shown, Form):
        yield from (button for field in shown.fields for button in field.buttons)
    elif isinstance(shown, Card | Notice):
        lines = shown.lines if isinstance(shown, Card) else ()
        yield from (button for line in lines for button in line.buttons)
        yield from shown.buttons


def drawn(form: Form) -> Mapping[str, Value]:
    """What a form holds before anything is typed."""
    return {field.key: field.initial for field in form.fields if field.initial}


def said(given: Answer) -> str:
    """The sentence of an answer."""
    if isinstance(given, Errors):
        return " ".join(given.by_field.values())
    return given.text if isinstance(given, Notice) else getattr(given, "title", "")


def is_about(button: Button, about: str) -> bool:
    """Whether it acts on that; a subject may say more after the reference ("AB-1042@...")."""
    rest = button.subject.removeprefix(about)
    return not about or (rest != button.subject and not rest[:1].isalnum())


def filled_in(form: Form, key: str, value: Value) -> str:
    """A field and what was put into it, in words."""
    field = next((one for one in form.fields if one.key == key), None)
    label = field.label if field is not None else key
    chosen = next((one.label for one in field.choices if one.value == value), value) if field is not None else value
    shown = ", ".join(chosen) if isinstance(chosen, tuple) else chosen
    return f"{label} {shown}" if label.endswith("?") else f"{label}: {shown}"
