"""When an act comes to nothing: the one sentence a person gets, the same on every platform.

Each of these says `refused`: nothing was done, so a form it answers comes back with what was typed in it.
"""

from bot.called import Called
from bot.incidents import apology
from bot.threads import OVERLOADED, Overloaded
from handlers.cards import Answer, Errors, Notice
from handlers.dispatch import LEFT

TOO_OLD = Notice(
    text="This form is too old to be sent, and nothing was done. Close it and open it again.",
    refused=True,
)
LOOK_AGAIN = Notice(
    text="This form is too old to be sent as it is, and nothing was done. "
    "Look through what you typed, and send it again.",
    refused=True,
)
HAS_LEFT = Notice(text=LEFT, refused=True)


def sorry(error: BaseException, *, platform: str, deed: str) -> Notice:
    """For an error on our side, which is logged by its number, or for more work than can be taken on."""
    return OVERLOADED if isinstance(error, Overloaded) else apology(error, platform=platform, deed=deed)


def stranger(called: Called, account: str) -> Notice:
    """For someone who is not in this service; the id is what the administrator needs."""
    return Notice(
        text=called.nobody
        or "I do not know you in this service yet. "
        f"Ask your administrator to add you, and quote your {called.account_id}: {account}",
        refused=True,
    )


def not_connected(called: Called, workspace: str) -> Notice:
    """For a workspace or organisation that nobody has connected to an authority."""
    return Notice(
        text=f"This {called.place} is not connected to the service yet. "
        f"Ask your administrator to connect it, and quote its {called.place_id}: {workspace}",
        refused=True,
    )


def came_to_nothing(answer: Answer) -> bool:
    """Whether nothing was done, so that what was typed must not be lost."""
    return isinstance(answer, Errors) or (isinstance(answer, Notice) and answer.refused)
