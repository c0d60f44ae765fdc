"""The edge where the words of an authority are put in, for the terms that stand in our sentences.

Whatever leaves the handlers passes through `in_words` once; nothing else needs to know how an authority calls things.
"""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import TypeVar

from scheduling.procedures import Procedures
from scheduling.procedures.terms import said

Shown = TypeVar("Shown")


def in_words(shown: Shown, rules: Procedures) -> Shown:
    """The answer, message, table, paper or file as this authority says it: every text in it, however deep it lies."""
    return _retold(shown, rules)  # type: ignore[return-value]  # the shape stays as it is


def _retold(part: object, rules: Procedures) -> object:
    match part:
        case Enum() | Procedures():
            return part
        case str():
            return said(part, rules)
        case tuple() | list():
            return _each(part, rules)
        case Mapping():
            return {key: _retold(value, rules) for key, value in part.items()}
    if is_dataclass(part) and not isinstance(part, type):
        told = {one.name: _retold(getattr(part, one.name), rules) for one in fields(part) if one.init}
        changed = {name: value for name, value in told.items() if value is not getattr(part, name)}
        return replace(part, **changed) if changed else part
    return part


def _each(parts: tuple[object, ...] | list[object], rules: Procedures) -> object:
    """The same sequence where nothing in it changes, so that what is shown again and again is not copied."""
    told = [_retold(one, rules) for one in parts]
    if all(after is before for after, before in zip(told, parts, strict=True)):
        return parts
    return told if isinstance(parts, list) else tuple(told)
