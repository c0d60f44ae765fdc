"""Shares as reports print them: per cent with one decimal, halves rounded up."""

from decimal import ROUND_HALF_UP, Decimal

ONE_DECIMAL = Decimal("0.1")


def share(part: int, base: int) -> float | None:
    """How many of a hundred; None of nothing."""
    if not base:
        return None
    return float((Decimal(100 * part) / base).quantize(ONE_DECIMAL, ROUND_HALF_UP))
