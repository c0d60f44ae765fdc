"""A backup: one SQLite file with every table, whichever database it comes from, proved before it counts."""

from collections.abc import Callable

Show = Callable[[int, int], None]
"""Is told how much is done of how much."""


class BackupRefused(Exception):
    """There is no backup to make or to restore; the message is one sentence for the operator."""
