"""The authority's rules."""

from typing import Annotated

import typer

from bot.commands.typed.options import group

rules = group("The authority's rules: which there are, whether they are right, what they say.")

Named = Annotated[str, typer.Argument(metavar="[NAME|FILE]", help="A shipped name or a file; else those in use.")]


@rules.command("list")
def procedures_list() -> None:
    """The shipped procedures, and which are in use."""
    from bot.commands.procedures import list_procedures

    list_procedures()


@rules.command("check")
def procedures_check(name: Named = "") -> None:
    """Everything wrong with a procedures file, line by line."""
    from bot.commands.procedures import check

    check(name)


@rules.command("explain")
def procedures_explain(name: Named = "") -> None:
    """The rules in plain words."""
    from bot.commands.procedures import say

    say(name)
