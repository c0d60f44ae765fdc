"""A number that was sent as text: the id of a row, a stage, the start of a page. No other place reads one."""

LARGEST = 2**31 - 1
"""What a column of ids holds on every database."""
_DIGITS = len(str(LARGEST))


def number_of(text: str) -> int | None:
    """The number written in ordinary digits; None for anything else, and for what no row and no stage can have."""
    if not (text.isascii() and text.isdigit() and len(text) <= _DIGITS):
        return None
    number = int(text)
    return number if number <= LARGEST else None
