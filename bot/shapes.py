"""Shapes of data from outside: what a value must look like before anything reads it."""

from collections.abc import Callable, Mapping

Shape = Callable[[object], bool]


def text(value: object) -> bool:
    """Any text."""
    return isinstance(value, str)


def words(value: object) -> bool:
    """Text that is not empty."""
    return isinstance(value, str) and value != ""


def either(*shapes: Shape) -> Shape:
    """One of these."""
    return lambda value: any(shape(value) for shape in shapes)


def both(*shapes: Shape) -> Shape:
    """All of these."""
    return lambda value: all(shape(value) for shape in shapes)


def each(shape: Shape, *, least: int = 0, most: int | None = None) -> Shape:
    """A list of such, at least and at most so many."""

    def fits(value: object) -> bool:
        return (
            isinstance(value, list)
            and least <= len(value) <= (len(value) if most is None else most)
            and all(shape(one) for one in value)
        )

    return fits


def each_under_its_name(shape: Shape) -> Shape:
    """An object whose values are such, whatever their names."""
    return lambda value: isinstance(value, dict) and all(shape(one) for one in value.values())


def thing(required: Mapping[str, Shape] | None = None, /, **may_be: Shape) -> Shape:
    """An object that has these parts and may have those, where null counts as left out; others are not looked at."""
    needed = required or {}

    def fits(value: object) -> bool:
        return (
            isinstance(value, dict)
            and all(name in value and shape(value[name]) for name, shape in needed.items())
            and all(value.get(name) is None or shape(value[name]) for name, shape in may_be.items())
        )

    return fits


def filled(**may_be: Shape) -> Shape:
    """An object that may have those parts, which null is none of."""

    def fits(value: object) -> bool:
        return isinstance(value, dict) and all(shape(value[name]) for name, shape in may_be.items() if name in value)

    return fits
