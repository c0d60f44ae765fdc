"""The platforms there are: the one list of them."""

from bot.declaration import Declaration
from bot.slack.declaration import SlackDeclaration
from bot.teams.declaration import TeamsDeclaration
from bot.workspace.declaration import PageDeclaration

PLATFORMS: tuple[Declaration, ...] = (
    SlackDeclaration(),
    TeamsDeclaration(),
    PageDeclaration(),
)


def platforms() -> tuple[Declaration, ...]:
    """All of them, in the order in which they are begun, examined and named."""
    return PLATFORMS
