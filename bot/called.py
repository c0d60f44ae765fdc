"""How a platform is called, and what it calls its own places and ids."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Takes:
    """How much one workspace takes: `most` in `seconds`.

    `kept` of them are left to urgent ones. As many as `at_once` go without a wait, the others at an even pace.
    """

    most: int
    seconds: float
    kept: int
    at_once: int


@dataclass(frozen=True, kw_only=True)
class Called:
    """`name` stands in the database, `label` on screens.

    `has_accounts`: people have an account of their own there; else they are known by their e-mail address.
    `has_tokens`: each workspace is spoken to with a token of its own, and is not connected without one.
    `takes_for_closed`: it takes messages to accounts that are closed, so whether one is open has to be asked.
    `takes`: how fast its workspaces may be written to, where it sets a limit; `looks`: how fast they may be asked
    whether an account is open.
    `nobody`: what is said to a person who is on no staff list, where there is no id that an administrator could use.
    """

    name: str
    label: str
    has_accounts: bool = True
    has_tokens: bool = False
    takes_for_closed: bool = False
    place: str = "workspace"
    place_id: str = "id"
    account_id: str = "id"
    nobody: str = ""
    takes: Takes | None = None
    looks: Takes | None = None
