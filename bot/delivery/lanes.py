"""A lane is one connected workspace and the authority it speaks for: the line in which its messages wait."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlmodel import Session

from storage import connections


@dataclass(frozen=True, kw_only=True)
class Lane:
    """One workspace of one platform."""

    authority: str
    platform: str
    workspace: str


def lanes_in_use(session: Session, platforms: Collection[str]) -> list[Lane]:
    """The connected workspaces of the platforms that run here, oldest first."""
    return [
        Lane(authority=found.authority, platform=found.platform, workspace=found.workspace)
        for found in connections.in_use(session)
        if found.platform in platforms
    ]
