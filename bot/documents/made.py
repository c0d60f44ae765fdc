"""A file ready to be given to somebody."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class File:
    """A file by its name, its type as web servers name it, and its bytes."""

    name: str
    media_type: str
    content: bytes
