"""Answers as text and back, so that a repeated request gets the very answer the first one got."""

from pydantic import TypeAdapter

from handlers.cards import Answer, Card, Form, Notice

_KINDS: dict[str, TypeAdapter[Answer]] = {kind.__name__: TypeAdapter(kind) for kind in (Notice, Card, Form)}


def to_text(answer: Answer) -> str:
    """The answer as JSON behind the name of its kind."""
    kind = type(answer).__name__
    return f"{kind}\n{_KINDS[kind].dump_json(answer).decode()}"


def from_text(text: str) -> Answer:
    """The answer that `to_text` wrote."""
    kind, _, body = text.partition("\n")
    return _KINDS[kind].validate_json(body)
