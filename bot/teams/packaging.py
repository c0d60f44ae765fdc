"""Makes the file that an administrator uploads to Teams: the manifest with the bot's id, and the two icons.

`python -m bot.teams.packaging [FILE]`, or `make teams-package`.
"""

import json
import sys
import zipfile
from pathlib import Path
from urllib.parse import urlsplit

from bot.settings import Settings, WrongSetting, read_settings

HERE = Path(__file__).parent
ICONS = ("color.png", "outline.png")
FILE = Path("dist/iro-bot-teams.zip")
MOMENT = (1980, 1, 1, 0, 0, 0)  # the same content makes the same file


def manifest(app_id: str, website: str) -> str:
    """The manifest for one bot; `website` is where its users find help and the privacy notice."""
    text = (HERE / "manifest.json").read_text(encoding="utf-8")
    return text.replace("YOUR-APP-ID", app_id).replace("YOUR-WEBSITE", json.dumps(website)[1:-1])


def write(settings: Settings, file: Path) -> None:
    """Write the package. WrongSetting without the bot's id, or without an address to name."""
    if not settings.teams_app_id:
        raise WrongSetting("TEAMS_APP_ID is missing: the package names the bot it belongs to.")
    parts = urlsplit(settings.public_url)
    if parts.scheme != "https" or not parts.hostname:
        raise WrongSetting("PUBLIC_URL is missing: the package names an address, https://..., where people find help.")
    file.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(_named("manifest.json"), manifest(settings.teams_app_id, settings.public_url))
        for icon in ICONS:
            package.writestr(_named(icon), (HERE / icon).read_bytes())


def main(arguments: list[str]) -> int:
    """0 done, 1 refused with one sentence, 2 wrong usage."""
    if len(arguments) > 1 or any(one.startswith("-") for one in arguments):
        sys.stderr.write("usage: python -m bot.teams.packaging [FILE]\n")
        return 2
    file = Path(arguments[0]) if arguments else FILE
    try:
        write(read_settings(), file)
    except (WrongSetting, OSError) as wrong:
        sys.stderr.write(f"{wrong}\n")
        return 1
    sys.stdout.write(f"{file}: upload it in the Teams admin centre, as docs/install-teams.md says.\n")
    return 0


def _named(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, MOMENT)
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
