"""The shape of what travels to and from Slack."""

from typing import Any

Json = dict[str, Any]
Problems = list[str]


def objects(value: object) -> list[Json]:
    """The JSON objects of a list, or nothing when it is not a list."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
