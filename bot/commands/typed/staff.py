"""Members of staff, and the workspaces they are in."""

from typing import Annotated

import typer

from bot.commands.typed.options import Authority, group

people = group("Members of staff.")
slack = group("Workspaces of Slack.")


@people.command("show")
def people_show(email: Annotated[str, typer.Argument(metavar="EMAIL")], authority: Authority = "") -> None:
    """What is known of a member of staff."""
    from bot.commands.people import show

    show(email, authority)


@people.command("admin")
def people_admin(
    email: Annotated[str, typer.Argument(metavar="EMAIL")],
    new: Annotated[bool, typer.Option("--new", help="Add a person whom nobody knows yet.")] = False,
    authority: Authority = "",
) -> None:
    """Make someone an administrator (the first one is made here)."""
    from bot.commands.people import admin

    admin(email, authority, new=new)


@people.command("rename")
def people_rename(
    old: Annotated[str, typer.Argument(metavar="OLD", help="The address they are known under.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="Their address from now on.")],
    authority: Authority = "",
) -> None:
    """Give somebody another e-mail address; all that is theirs stays theirs."""
    from bot.commands.people import rename

    rename(old, new, authority)


@slack.command("invite")
def slack_invite(
    domain: Annotated[
        list[str] | None,
        typer.Option("--domain", metavar="DOMAIN", help="Addresses at it are recognised there; may be given again."),
    ] = None,
    team: Annotated[str, typer.Option("--team", metavar="T...", help="The only workspace it may be used for.")] = "",
    authority: Authority = "",
) -> None:
    """A link by which one workspace may be connected, once, within seven days."""
    from bot.commands.inviting import invite

    invite(domain or (), team, authority)
