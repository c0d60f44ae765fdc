"""The Microsoft 365 Agents Playground as a process: a Teams client on this machine that we did not write."""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

import httpx2

from tests.e2e.preparing import PLAYGROUND, package
from tests.slack_standin.jsontypes import Json

START_SECONDS = 60


@dataclass(frozen=True, kw_only=True)
class Playground:
    """One running Playground: its address, and who and where its people are."""

    address: str
    config: Json

    @property
    def service_url(self) -> str:
        """The address of its connector."""
        return f"{self.address}/_connector"


@contextmanager
def playground(port: int, bot_url: str, folder: Path) -> Iterator[Playground]:
    """The Playground in front of a bot; it writes into the folder."""
    told = {"TEAMSAPPTESTER_BROWSER": "none"}
    command = ["node", str(package(PLAYGROUND[0]) / "cli.js"), "start", "--disable-telemetry"]
    command += ["-e", f"{bot_url}/teams/messages", "-c", "msteams", "-p", str(port)]
    with (folder / "playground.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, env=os.environ | told, stdout=log, stderr=log)
    try:
        address = f"http://127.0.0.1:{port}"
        yield Playground(address=address, config=_config(address, process))
    finally:
        process.terminate()
        process.wait(START_SECONDS)


def _config(address: str, process: subprocess.Popen[bytes]) -> Json:
    end = monotonic() + START_SECONDS
    while monotonic() < end and process.poll() is None:
        with suppress(httpx2.TransportError):
            answer = httpx2.get(f"{address}/_internal/v1/config", trust_env=False)
            if answer.status_code == httpx2.codes.OK:
                config: Json = json.loads(answer.text)["config"]
                return config
        sleep(0.2)
    raise TimeoutError("The Playground did not start.")
