"""`run`: connects to the platforms whose credentials are given, or serves the built-in page where none are."""

from bot.command_line import command
from bot.platforms import platforms
from bot.settings import Settings, read_settings
from bot.workspace.own_data import with_own_data
from handlers.refusals import Refused
from storage.encrypted import KeysMissing

NOTHING_TO_CONNECT = (
    "There are no credentials of a platform, and the built-in page is off (by WORKSPACE, or as HOST is not this "
    "machine): set {set_up}, or try `{demo}`, which needs none."
)
HALF = (
    "{given} is set, but {missing} is missing: put it into .env as docs/install-{platform}.md says, or take {given} "
    "out to try the bot in a browser with made-up people."
)


def ready() -> Settings:
    """The settings to start with.

    Refused with half of a platform's credentials, or where nothing is to be served; KeysMissing without a key for what
    real people write.
    """
    settings = read_settings()
    if any(one.is_given(settings) for one in platforms()):
        if not settings.encryption_keys.get_secret_value().strip():
            raise KeysMissing
        return settings
    if half := _half(settings):
        raise Refused(half)
    if settings.workspace_on:
        return with_own_data(settings)
    set_up = ", or ".join(one.set_up for one in platforms() if one.set_up)
    raise Refused(NOTHING_TO_CONNECT.format(set_up=set_up, demo=command("demo")))


def _half(settings: Settings) -> str:
    """The sentence that names what is missing of a platform of which something is given."""
    for one in platforms():
        if (half := one.half(settings)) is not None:
            given, missing = half
            return HALF.format(given=given, missing=missing, platform=one.called.name)
    return ""
