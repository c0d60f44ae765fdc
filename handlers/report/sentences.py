"""How figures read in a sentence: numbers with thousands, one or many, shares with the number they are of."""

from handlers.figures.shares import share
from handlers.figures.tables import Cell
from scheduling.procedures.terms import first


def number(value: float) -> str:
    """ "1,234"; decimals are kept where there are any: "62.5"."""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


def counted(value: int, one: str, many: str = "") -> str:
    """ "1 concern", "1,234 concerns", "no concerns"."""
    word = one if value == 1 else many or f"{one}s"
    return f"{number(value) if value else 'no'} {word}"


def was(value: int) -> str:
    """ "was" of one, "were" of none or many."""
    return "was" if value == 1 else "were"


def per_cent(value: float) -> str:
    """ "96.5%"."""
    return f"{value:.1f}%"


def of(part: int, base: int, one: str = "", many: str = "") -> str:
    """ "2,325 of 2,409 reviews, 96.5%"; without the share where the base is 0."""
    noun = f" {one if base == 1 else many or f'{one}s'}" if one else ""
    shared = share(part, base)
    return f"{number(part)} of {number(base)}{noun}" + (f", {per_cent(shared)}" if shared is not None else "")


def times(value: int) -> str:
    """ "once", "twice", "7 times"."""
    return {1: "once", 2: "twice"}.get(value, f"{number(value)} times")


def whole(cell: Cell) -> int | None:
    """The count in a cell; None for one that is empty or held back."""
    return cell if isinstance(cell, int) else None


def amount(cell: Cell) -> float | None:
    """The number in a cell; None for one that is empty or held back."""
    return float(cell) if isinstance(cell, int | float) else None


def listed(items: list[str]) -> str:
    """ "a, b and c"."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}" if items else ""


def quoted(text: str) -> str:
    """In quotation marks."""
    return f"\N{LEFT DOUBLE QUOTATION MARK}{text}\N{RIGHT DOUBLE QUOTATION MARK}"


def sentence(text: str) -> str:
    """With a capital to begin with."""
    return first(text)


def lower_first(text: str) -> str:
    """For the middle of a sentence; a name with more capitals, such as IRO or Team Manager, stays as it is."""
    return text if any(letter.isupper() for letter in text[1:]) else text[:1].lower() + text[1:]
