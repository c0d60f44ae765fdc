"""`slack invite`: a link by which one workspace may be connected, once."""

import secrets
from collections.abc import Sequence

import typer

from bot.commands.opening import opened
from bot.settings import DOMAIN, TEAM, Settings
from bot.slack.declaration import SLACK
from bot.slack.install_pages import INVITATION
from handlers.office import Scene
from handlers.refusals import Refused
from scheduling.deadline_wording import say_day
from scheduling.working_days import local
from storage import history, invitations
from storage.invitations import VALID_FOR, Invitation


def invite(domains: Sequence[str], team: str, authority: str) -> None:
    """Print a new link, and what it is good for."""
    bound, only = " ".join(dict.fromkeys(map(domain_of, domains))), team_of(team)
    with opened(authority) as data:
        address = install_address(data.settings)
        secret = secrets.token_urlsafe(32)
        with data.scene() as scene:
            made = _made(scene, secret, bound, only)
    typer.echo(f"{address}?{INVITATION}={secret}")
    for line in about(made):
        typer.echo(line, err=True)  # so that the link alone can be piped on


def about(made: Invitation) -> list[str]:
    """What the link is good for, in plain sentences."""
    whose = f"the workspace {made.team}" if made.team else "the workspace it is opened for"
    recognised = f"by e-mail addresses at {made.domains.replace(' ', ', ')}" if made.domains else "by no e-mail address"
    until = say_day(local(made.expires_at).date())
    return [
        f"It connects {whose} to the authority {made.authority}, once, until {until}. "
        "Send it to the person who may install apps there, and to nobody else.",
        f"People are recognised there {recognised}"
        + ("." if made.domains else ": give --domain, or their ids in the staff file."),
    ]


def install_address(settings: Settings) -> str:
    """Where the link leads; Refused, naming all that is missing, where nobody could open it."""
    needed = {
        "PUBLIC_URL": settings.public_url,
        "SLACK_CLIENT_ID": settings.slack_client_id,
        "SLACK_CLIENT_SECRET": settings.slack_client_secret.get_secret_value(),
    }
    missing = [name for name, value in needed.items() if not value]
    if missing:
        names = " and ".join(filter(None, (", ".join(missing[:-1]), missing[-1])))
        raise Refused(f"A link needs the bot's install page: set {names} (docs/install-slack.md).")
    return f"{settings.public_url.rstrip('/')}/slack/install"


def domain_of(given: str) -> str:
    """A domain in small letters, with or without the @; Refused for what is none."""
    domain = given.strip().lower().removeprefix("@")
    if not DOMAIN.fullmatch(domain) or len(domain) > 200:
        raise Refused(f"{given} is no domain: give one like council.gov.uk.")
    return domain


def team_of(given: str) -> str:
    """The id of a workspace or organisation; Refused for what is none."""
    if given and not TEAM.fullmatch(given):
        raise Refused(f"{given} is no id of a workspace: it begins with T, that of a whole organisation with E.")
    return given


def _made(scene: Scene, secret: str, domains: str, team: str) -> Invitation:
    made = Invitation(
        authority=scene.authority,
        digest=invitations.digest_of(secret),
        platform=SLACK.name,
        team=team,
        domains=domains,
        made_at=scene.now,
        expires_at=scene.now + VALID_FOR,
    )
    scene.session.add(made)
    history.record(
        scene.session,
        chain="authority",
        at=scene.now,
        actor_id=None,
        what="workspace invited",
        details={"platform": SLACK.name, "team": team, "domains": domains, "where": "command line"},
    )
    return made
