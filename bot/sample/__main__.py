"""`python -m bot.sample FILE.db`: the sample authority in a new database file, for tests and pictures."""

import gc
import sys
from importlib.resources import files
from pathlib import Path

from bot.cli import SELDOM
from bot.clock import real_clock
from bot.commands.progress import progress_bar
from bot.sample.file import make_file
from bot.sample.rules import NAME
from bot.sample.seed import SAMPLE
from bot.settings import WrongSetting, read_settings
from storage.encrypted import Keyring, KeysMissing, KeysWrong, use_keyring

USAGE = "usage: python -m bot.sample FILE.db (with ENCRYPTION_KEYS set, as for the bot itself)"


def main(arguments: list[str]) -> None:
    """Make the file that is named, and say how a command is pointed at it."""
    if len(arguments) != 1:
        sys.exit(USAGE)
    path = Path(arguments[0])
    if path.exists():
        sys.exit(f"{path} is there already: name a file that is not.")
    try:
        use_keyring(Keyring(read_settings().encryption_keys.get_secret_value()))
    except (KeysMissing, KeysWrong, WrongSetting) as wrong:
        sys.exit(str(wrong))
    gc.set_threshold(*SELDOM)
    with progress_bar("Making the sample") as show:
        make_file(path, now=real_clock(), progress=lambda _words, share: show(round(share * 100), 100))
    procedures = files("bot.sample").joinpath(NAME)
    sys.stdout.write(f"DATABASE_URL=sqlite:///{path} AUTHORITY={SAMPLE} PROCEDURES={procedures}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
