"""Gets what the end-to-end tests need from npm into a folder of their own, or says in one sentence what is missing."""

import shutil
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parents[2] / ".e2e"
PLAYGROUND = ("@microsoft/m365agentsplayground", "0.2.28")
MANIFESTS = ("@microsoft/app-manifest", "1.1.2")
CHROMIUM = "chromium"
IMPATIENT = ("--fetch-retries=1", "--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=2000")


def missing() -> str:
    """What keeps the tests from running, in one sentence; nothing when all is there."""
    for program, debian in (("node", "nodejs"), ("npm", "npm"), (CHROMIUM, "chromium")):
        if shutil.which(program) is None:
            return f"{program} is missing: the end-to-end tests need it (on Debian: apt install {debian})."
    wanted = [f"{name}@{version}" for name, version in (PLAYGROUND, MANIFESTS) if not _there(name, version)]
    if not wanted:
        return ""
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / "package.json").write_text('{"private": true}\n', encoding="utf-8")
    command = ["npm", "install", "--no-audit", "--no-fund", "--save-exact", "--loglevel=error", *IMPATIENT, *wanted]
    ended = subprocess.run(command, cwd=FOLDER, capture_output=True, check=False)
    if ended.returncode == 0:
        return ""
    return f"npm could not fetch {' and '.join(wanted)}, which the end-to-end tests need: is there a network?"


def package(name: str) -> Path:
    """Where an installed package lies."""
    return FOLDER / "node_modules" / name


def _there(name: str, version: str) -> bool:
    told = package(name) / "package.json"
    return told.exists() and f'"version": "{version}"' in told.read_text(encoding="utf-8")


if __name__ == "__main__":
    sys.exit(missing() or 0)
