"""Keeping what is written: backups, keys, and proof that nothing was altered."""

from pathlib import Path
from typing import Annotated

import typer

from bot.commands.typed.options import Authority, group

keys = group("The keys that encrypt what people write.")
audits = group("Proof that nothing was altered.")


@keys.command("make")
def keys_make() -> None:
    """Make a new key, as the line for .env; nothing is changed."""
    from bot.commands.keys import make

    make()


def backup(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder for the backup: not one beside the keys.")],
) -> None:
    """Keep the whole database in one proved file, beside a running bot."""
    from bot.commands.keeping import back_up

    back_up(folder)


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A backup.")],
    check: Annotated[bool, typer.Option("--check", help="Only prove the backup; nothing is changed.")] = False,
) -> None:
    """Put a backup into DATABASE_URL, which must hold nothing yet; or only prove it."""
    from bot.commands import keeping

    if check:
        keeping.check(file)
    else:
        keeping.bring_back(file)


@audits.command("verify")
def audit_verify(authority: Authority = "") -> None:
    """Verify that the history stands as it was written."""
    from bot.commands.auditing import verify

    verify(authority)
