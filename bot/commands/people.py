"""`people`: what is known of a member of staff, their new address, and making the first administrator."""

import typer

from bot.called import Called
from bot.commands.opening import opened
from bot.platforms import platforms
from handlers.office import Scene
from handlers.people.administrators import make_admin
from handlers.people.renaming import changes_of_address, rename_by_command
from handlers.refusals import Refused
from scheduling.working_days import local
from storage import addresses, people
from storage.addresses import Accounts
from storage.people import Person


def show(email: str, authority: str) -> None:
    """Print what is known of a person."""
    with opened(authority) as data, data.scene(writes=False) as scene:
        person = people.by_email(scene.session, email)
        if person is None:
            raise Refused(f"Nobody has the address {email}: check it, or import the staff.")
        lines = described(scene, person)
    for line in lines:
        typer.echo(line)


def described(scene: Scene, person: Person) -> list[str]:
    """A person in plain lines."""
    ident = person.id
    if ident is None:
        return []
    manager = people.get(scene.session, person.manager_id) if person.manager_id is not None else None
    roles = sorted(people.roles_on(scene.session, ident, scene.today))
    theirs = addresses.of_people(scene.session, [ident]).get(ident, {})
    absence = people.absence_on(scene.session, ident, scene.today)
    away = f"since {absence.from_on}, until {absence.to_on or 'further notice'}" if absence else "no"
    return [
        f"name: {person.name}",
        f"e-mail: {person.email}",
        *(f"before: {email}, until {local(end.at).date()}" for email, end in changes_of_address(scene.session, person)),
        f"roles: {', '.join(scene.rules.role_label(role) for role in roles) or 'none'}",
        f"team: {person.team or '-'}",
        f"manager: {f'{manager.name} ({manager.email})' if manager else '-'}",
        f"full time equivalent: {person.fte:g}",
        *(f"{called.label}: {_accounts(theirs, called.name)}" for called in _with_accounts()),
        f"away today: {away}",
        f"left: {person.last_day or 'no'}",
    ]


def _with_accounts() -> list[Called]:
    return [one.called for one in platforms() if one.called.has_accounts]


def _accounts(theirs: Accounts, platform: str) -> str:
    found = [
        f"{account} ({f'in {workspace}' if workspace else 'no workspace is connected yet'})"
        for (there, workspace), account in theirs.items()
        if there == platform
    ]
    return ", ".join(found) or "found by e-mail when first met"


def rename(old: str, new: str, authority: str) -> None:
    """Give a person another address; everything that is theirs stays theirs."""
    with opened(authority) as data, data.scene() as scene:
        done = rename_by_command(scene, old, new)
    typer.echo(done)


def admin(email: str, authority: str, *, new: bool) -> None:
    """Make a person an administrator; somebody unknown only where they are said to be new."""
    with opened(authority) as data, data.scene() as scene:
        done = make_admin(scene, email, new=new)
    typer.echo(done)
