"""The middle and the ninth tenth of many small numbers, kept as how often each came up."""

from collections import Counter


def at_share(counts: Counter[int], share: float) -> int:
    """The smallest number at or below which lies at least that share of all."""
    needed = share * counts.total()
    seen = 0
    for number in sorted(counts):
        seen += counts[number]
        if seen >= needed - 1e-9:
            return number
    raise ValueError("There is no middle of nothing.")


def median(counts: Counter[int]) -> float:
    """The middle number, or half way between the two middle ones."""
    total = counts.total()
    places = ((total - 1) // 2, total // 2)
    low, high = (_at_place(counts, place) for place in places)
    return (low + high) / 2


def _at_place(counts: Counter[int], place: int) -> int:
    for number in sorted(counts):
        place -= counts[number]
        if place < 0:
            return number
    raise ValueError("There is no middle of nothing.")
